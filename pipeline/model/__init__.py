"""What every part may know: the rulebook, tables, records, names and texts."""
