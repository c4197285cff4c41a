"""A made-up province, the same for the same seed: every county's forms, five experts' marks and the pool."""

from pipeline.sample.province import SampleRefused
from pipeline.sample.settle import write_decisions
from pipeline.sample.slips import PlantedSlip
from pipeline.sample.writing import write_sample

__all__ = ["PlantedSlip", "SampleRefused", "write_decisions", "write_sample"]
