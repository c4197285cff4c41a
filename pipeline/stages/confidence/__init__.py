"""How sure the ranks are: their ranges, levers, and the effect of rulings and experts."""
