"""The tables of forms whose rows are a result as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from pipeline.issues.phones import mask_phones
from pipeline.model.forms import FORM_KINDS, FormKind
from pipeline.model.records import SheetReading, TableRow
from pipeline.model.tables import TEXT, frame


def tables_of_forms(sheets: Sequence[SheetReading], kinds: Iterable[FormKind] = FORM_KINDS) -> dict[str, pd.DataFrame]:
    """Kind → the rows of all its sheets, for each of `kinds` that declares columns: those columns, then file, sheet and
    cell, all of them text. Phones are masked except in columns that are made for them."""
    tables = {}
    for kind in kinds:
        if kind.columns:
            rows = (row for sheet in sheets if sheet.kind == kind.id for row in sheet.rows)
            names = (*(column.id for column in kind.columns), "file", "sheet", "cell")
            tables[kind.id] = frame((dict(_cells(kind, row)) for row in rows), dict.fromkeys(names, TEXT))
    return tables


def _cells(kind: FormKind, row: TableRow) -> Iterator[tuple[str, str]]:
    for column in kind.columns:
        text = row.texts[column.id]
        yield column.id, text if column.phones else mask_phones(text)
    for name, text in row.where._asdict().items():
        yield name, mask_phones(text)
