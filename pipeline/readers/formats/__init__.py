"""Workbook formats: the bytes of a file to sheets of addressed cells."""
