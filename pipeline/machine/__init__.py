"""Processes: running work in several of them, limiting them, and how they fail."""
