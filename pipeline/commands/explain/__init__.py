"""`explain`: how one company's score came about."""
