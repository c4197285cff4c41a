"""Copies of a county's own workbooks with the problem cells marked."""
