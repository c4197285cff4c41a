"""What every reader needs of one rulebook: its units, regions and labels."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.rulebook import Rulebook
from pipeline.readers.sheet.labels import LabelReader
from pipeline.readers.sheet.regions import RegionIndex
from pipeline.readers.values.answers import ValueReaders


@dataclass(frozen=True, eq=False)
class Lexicon:
    """One rulebook, made ready for reading; built once per process.

    Two lexicons are never equal, so that a form can keep what it derives from one in an `lru_cache`.
    """

    rulebook: Rulebook
    values: ValueReaders
    regions: RegionIndex
    labels: LabelReader

    @classmethod
    def of(cls, rulebook: Rulebook) -> Lexicon:
        """The lexicon of a rulebook."""
        return cls(rulebook, ValueReaders(rulebook), RegionIndex(rulebook), LabelReader(rulebook))
