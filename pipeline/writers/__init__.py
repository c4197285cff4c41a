"""From tables to files: one module for each workbook or page that goes out."""
