"""`experts`: which expert marks which company, and the packs handed out."""
