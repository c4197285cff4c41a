"""Pure functions from tables to tables and issues: scoring, merging, checks and studies."""
