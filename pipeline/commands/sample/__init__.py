"""A made-up province, the same for the same seed: every county's forms, five experts' marks and the pool."""

from pipeline.commands.sample.province import SampleRefused
from pipeline.commands.sample.settle import write_decisions
from pipeline.commands.sample.slips import PlantedSlip
from pipeline.commands.sample.writing import write_sample

__all__ = ["PlantedSlip", "SampleRefused", "write_decisions", "write_sample"]
