"""What stands on the sheets: every sheet's columns, and the rows and words that several sheets share."""
