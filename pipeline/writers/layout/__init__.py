"""The columns of every output sheet, as data."""
