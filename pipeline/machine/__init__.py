"""Processes: running tasks in several of them, limiting the time and memory of a task, and how they fail."""
