"""The official tables: 附件2, 附件3 and 公示名单."""
