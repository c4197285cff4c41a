"""The forms, one folder or module each: recognising a sheet and reading it into records."""
