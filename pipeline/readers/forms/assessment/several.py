"""Several companies' forms of 附件1 on one sheet, one under the other or side by side: each read by itself."""

from __future__ import annotations

from itertools import pairwise

from pipeline.issues.catalogue import SEVERAL_COMPANIES_MIXED
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.names import name_key
from pipeline.model.records import RegionClaim, SheetReading
from pipeline.readers.forms.assessment.blocks import FormWords, Layout, find_layout
from pipeline.readers.forms.assessment.form import is_assessment, read_assessment
from pipeline.readers.sheet.grid import Address, Grid, where_in
from pipeline.readers.values.lexicon import Readers

HEAD = 4  # lines above a company's label that may belong to its form

Form = tuple[Grid, Layout]


def read_forms(
    grid: Grid,
    layout: Layout,
    file: str,
    saved: str,
    names: tuple[tuple[str, str], ...],
    folder: RegionClaim | None,
    readers: Readers,
) -> SheetReading:
    """The sheet's one form, or those of its several companies; T21, and none of them, when nobody can tell whose
    figures are whose. `names` are further sources of the name of a company that has the sheet to itself."""
    sheet = SheetReading(grid.name, "assessment")
    labels = readers.labels.companies(grid) if _repeats(layout) else []
    companies = {name_key(name): name for name, _ in labels if name}
    if len(companies) < 2:
        sheet.assessments.append(read_assessment(grid, layout, file, saved, names, folder, readers))
        return sheet
    named = mask_phones(listed(companies.values(), unit=""))
    sheet.remark = f"一张表里有 {len(companies)} 家企业：{named}"
    forms = _forms(grid, layout, [address for _, address in labels], readers.words)
    for part, own in forms:
        sheet.assessments.append(read_assessment(part, own, file, saved, (), folder, readers))
    if not forms:
        facts = {"count": str(len(companies)), "companies": named}
        sheet.issues.append(Issue(SEVERAL_COMPANIES_MIXED, where_in(file, grid, labels[1][1]), facts=facts))
    return sheet


def _repeats(layout: Layout) -> bool:
    """True when some indicator has several blocks."""
    return len({block.indicator for block in layout.blocks}) < len(layout.blocks)


def _forms(grid: Grid, layout: Layout, labels: list[Address], words: FormWords) -> list[Form]:
    """One form for each label of a company, [] when no straight cuts keep every form whole."""
    whole = _attached(layout)
    for cuts in (_rows_between(grid, labels, words), _columns_between(grid, labels)):
        parts = [_part(grid, first, last) for first, last in pairwise([(0, 0), *cuts, (1 << 30, 1 << 30)])]
        forms = [(part, find_layout(part, words)) for part in parts]
        if (
            len(forms) == len(labels)
            and all(is_assessment(own) and not _repeats(own) for _, own in forms)
            and sum(_attached(own) for _, own in forms) >= whole
        ):
            return forms
    return []


def _attached(layout: Layout) -> int:
    """How many captions belong to some block."""
    return sum(len(block.captions) for block in layout.blocks)


def _rows_between(grid: Grid, labels: list[Address], words: FormWords) -> list[Address]:
    """Where every form but the first begins when they stand one under the other: at its company's label, with the lines
    directly above it that hold no words of the form (its title, its county)."""
    starts = []
    for row in sorted({row for row, _ in labels})[1:]:
        top = row
        while top > row - HEAD and top - 1 in grid.rows and not _has_form_words(grid, top - 1, words):
            top -= 1
        starts.append((top, 0))
    return starts


def _has_form_words(grid: Grid, row: int, words: FormWords) -> bool:
    return any(isinstance(value, str) and words.mark_of(value)[0] for _, value in grid.rows[row])


def _columns_between(grid: Grid, labels: list[Address]) -> list[Address]:
    """Where every form but the first begins when they stand side by side: as far left of its company's label as the
    first form does."""
    columns = sorted({column for _, column in labels})
    margin = columns[0] - min(column for _, column in grid.cells)
    return [(0, column - margin) for column in columns[1:]]


def _part(grid: Grid, first: Address, last: Address) -> Grid:
    """The cells from `first` up to but not including the row or column of `last`, in their places."""

    def inside(address: Address) -> bool:
        rows = first[0] <= address[0] < (last[0] or 1 << 30)
        return rows and first[1] <= address[1] < (last[1] or 1 << 30)

    cells = {address: value for address, value in grid.cells.items() if inside(address)}
    merges = {start: end for start, end in grid.merges.items() if inside(start)}
    return Grid(grid.name, grid.hidden, cells, merges, grid.hidden_rows, grid.blind)
