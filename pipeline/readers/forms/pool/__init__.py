"""培育库: yearly counts, targets and lists of names."""
