"""Issues: the catalogue of codes, their Chinese words and the cells they are about."""
