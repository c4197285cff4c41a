"""Workbook formats: bytes to sheets of addressed cells."""
