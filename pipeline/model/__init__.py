"""What every room may know: the rulebook, tables, records, results, names and texts."""
