"""简报.docx: one A4 page for the leader."""
