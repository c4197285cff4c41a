"""问题清单, 人工决定_建议, and the comparison with an earlier result."""
