"""Writing workbooks: looks by role, cells, listings, page set-up; nothing about what a table means."""
