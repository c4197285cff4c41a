"""`sample`: a made-up province, the same for the same seed: every county's forms, the experts' marks and the pool."""
