"""审计底稿: every figure of the ranking, with the formulas that lead to it."""
