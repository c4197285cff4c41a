"""How fast and how large: ratios measured within one run, on a made-up province (`make bench`)."""
