"""附件2: a county's or city's list of companies."""
