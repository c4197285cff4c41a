"""`experts`: assigns companies to experts and writes a pack for each expert."""
