"""Workbooks by role: formats, cells and listings."""
