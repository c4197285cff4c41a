"""`make bench`: speed and memory on a made-up province, as ratios measured within one run."""
