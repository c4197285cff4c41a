"""The forms of 附件1 on a sheet: one, or those of several companies one under the other or side by side."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pipeline.issues.catalogue import SEVERAL_COMPANIES_MIXED
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.forms import ASSESSMENT
from pipeline.model.names import name_key
from pipeline.model.records import SheetReading
from pipeline.readers.forms.assessment.blocks import FormWords, Layout, find_layout, form_words
from pipeline.readers.forms.assessment.form import Names, is_assessment, read_assessment
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address, Grid

_HEAD = 4  # lines above a company's label that may belong to its form
_END = 1 << 30  # behind every row and column

Part = tuple[Sheet, Layout]  # one company's part of a sheet, as a sheet of its own


def recognise_assessment(sheet: Sheet) -> Layout | None:
    """The layout of a sheet with 附件1, None for any other sheet."""
    layout = find_layout(sheet.grid, form_words(sheet.lexicon))
    return layout if is_assessment(layout) else None


def read_assessments(sheet: Sheet, layout: Layout) -> SheetReading:
    """The sheet's one form, or those of its several companies.

    T21, and no form at all, when it is not clear which figures belong to which company.
    """
    reading = SheetReading(sheet.grid.name, ASSESSMENT.id)
    labels = sheet.lexicon.labels.companies(sheet.grid) if _repeats(layout) else []
    companies = {name_key(name): name for name, _ in labels if name}
    if len(companies) < 2:
        reading.assessments.append(read_assessment(sheet, layout, names_around(sheet)))
        return reading
    named = mask_phones(listed(companies.values(), unit=""))
    reading.remark = f"一张表里有 {len(companies)} 家企业：{named}"
    parts = _parts(sheet, layout, [address for _, address in labels])
    reading.assessments += [read_assessment(part, part_layout) for part, part_layout in parts]
    if not parts:
        facts = {"count": str(len(companies)), "companies": named}
        reading.issues.append(sheet.issue(SEVERAL_COMPANIES_MIXED, labels[1][1], facts=facts))
    return reading


def names_around(sheet: Sheet) -> Names:
    """What may name a company that has the sheet to itself: the sheet, the file, the folders from the inside out. A table
    of a Word document has a number, which names nobody."""
    *folders, name = sheet.path.split("/")
    stem = name.rpartition(".")[0] or name
    named = () if sheet.grid.table else ((sheet.grid.name, "sheet"),)
    return (*named, (stem, "file"), *((folder, "folder") for folder in reversed(folders)))


def _repeats(layout: Layout) -> bool:
    """True when some indicator has several blocks."""
    return len({block.indicator for block in layout.blocks}) < len(layout.blocks)


def _parts(sheet: Sheet, layout: Layout, labels: list[Address]) -> list[Part]:
    """One part for each label of a company; [] when no straight cuts keep every form whole."""
    grid, words = sheet.grid, form_words(sheet.lexicon)
    whole = _caption_count(layout)
    for cuts in (_rows_between(grid, labels, words), _columns_between(grid, labels)):
        grids = [_cut(grid, first, end) for first, end in pairwise([(0, 0), *cuts, (_END, _END)])]
        layouts = [find_layout(part, words) for part in grids]
        if (
            len(layouts) == len(labels)
            and all(is_assessment(part) and not _repeats(part) for part in layouts)
            and sum(map(_caption_count, layouts)) >= whole
        ):
            return [(replace(sheet, grid=part), part_layout) for part, part_layout in zip(grids, layouts, strict=True)]
    return []


def _caption_count(layout: Layout) -> int:
    """How many captions belong to some block."""
    return sum(len(block.captions) for block in layout.blocks)


def _rows_between(grid: Grid, labels: list[Address], words: FormWords) -> list[Address]:
    """Where every form but the first begins when they stand one under the other: at its company's label, with the lines
    directly above it that hold no words of the form (its title, its county)."""
    starts = []
    for row in sorted({row for row, _ in labels})[1:]:
        top = row
        while top > row - _HEAD and top - 1 in grid.rows and not _has_form_words(grid, top - 1, words):
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


def _cut(grid: Grid, first: Address, end: Address) -> Grid:
    """The cells from the row and column of `first` up to those of `end`, which are left out, at their own addresses;
    an `end` of 0 is none."""

    def inside(address: Address) -> bool:
        rows = first[0] <= address[0] < (end[0] or _END)
        return rows and first[1] <= address[1] < (end[1] or _END)

    cells = {address: value for address, value in grid.cells.items() if inside(address)}
    merges = {start: merge_end for start, merge_end in grid.merges.items() if inside(start)}
    return replace(grid, cells=cells, merges=merges)
