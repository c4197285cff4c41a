"""Pages: 报告.html and explanations."""
