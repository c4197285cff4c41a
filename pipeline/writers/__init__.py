"""From tables to files: one folder for each kind of workbook or page that goes out."""
