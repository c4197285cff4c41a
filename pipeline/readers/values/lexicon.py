"""What every reader needs of one rulebook: its words, units, regions and labels."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model.rulebook import Rulebook
from pipeline.readers.forms.assessment.blocks import FormWords
from pipeline.readers.sheet.labels import LabelReader
from pipeline.readers.sheet.regions import RegionIndex
from pipeline.readers.values.answers import ValueReaders


@dataclass(frozen=True)
class Readers:
    """What every form's reader needs of one rulebook; built once per process."""

    rulebook: Rulebook
    words: FormWords
    values: ValueReaders
    regions: RegionIndex
    labels: LabelReader

    @classmethod
    def of(cls, rulebook: Rulebook) -> Readers:
        return cls(rulebook, FormWords(rulebook), ValueReaders(rulebook), RegionIndex(rulebook), LabelReader(rulebook))
