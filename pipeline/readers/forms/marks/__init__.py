"""专家评分: marks of one or several experts."""
