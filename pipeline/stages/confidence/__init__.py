"""How sure the places are: ranges, levers, and the effect of rulings and experts."""
