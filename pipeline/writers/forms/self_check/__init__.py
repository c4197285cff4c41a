"""自检: the formulas of a blank form that check it while it is filled in."""
