"""What any sheet can tell: its grid of cells, labels, headers and named regions."""
