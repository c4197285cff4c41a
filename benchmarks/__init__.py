"""What is measured by hand. `make bench`: speed and memory on a made-up province, as ratios within one run; `make
mutants`: whether the tests would notice changed code."""
