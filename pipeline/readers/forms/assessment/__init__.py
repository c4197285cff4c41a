"""附件1: one company's answers."""
