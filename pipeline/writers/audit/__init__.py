"""审计底稿: every figure with the formulas that lead to it."""
