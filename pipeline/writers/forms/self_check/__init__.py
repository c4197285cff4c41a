"""自检: the formulas that check a form while it is filled in."""
