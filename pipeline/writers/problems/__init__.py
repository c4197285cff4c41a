"""问题清单, 人工决定_建议, 佐证与核查, and the comparison with an earlier result."""
