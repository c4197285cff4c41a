"""`explain`: how one company's score is derived."""
