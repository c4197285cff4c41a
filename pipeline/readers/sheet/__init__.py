"""One sheet of any form: its grid of cells, labels, headers and the regions it names."""
