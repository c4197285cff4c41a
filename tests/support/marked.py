"""The marked copies of one county, made in the process of the test and without limits: what the supervised processes of
`pipeline.writers.marking` are held against."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model.results import Results
from pipeline.writers.marked.copies import Marker, copy_names, errands_of, line_without


class MarkedCopies(NamedTuple):
    """The copies for one county by file name, and for each workbook that gets none a line in Chinese with the reason."""

    copies: dict[str, bytes]
    without: list[str]


def marked_copies(results: Results, city: str, county: str) -> MarkedCopies:
    """Every copy of one county."""
    errands, without = errands_of(results, city, county)
    marker = Marker.of(results)
    made = [(errand, marker.mark(errand)) for errand in errands]
    done = [(errand, copy) for errand, copy in made if isinstance(copy, bytes)]
    names = copy_names([errand for errand, _ in done])
    without += [line_without(errand.line, reason) for errand, reason in made if isinstance(reason, str)]
    return MarkedCopies(dict(zip(names, (copy for _, copy in done), strict=True)), sorted(without))
