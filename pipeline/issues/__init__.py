"""Issues: the catalogue of codes, their Chinese words and the place they point to."""
