"""A form whose kind declares columns ends in a table of its own: every row with its cell, phones only where they belong."""

from __future__ import annotations

import pytest

from pipeline.issues.where import Where
from pipeline.model.forms import FORM_KINDS, FormColumn, FormKind
from pipeline.model.records import SheetReading, TableRow
from pipeline.readers.settling.form_tables import tables_of_forms

CONTACTS = FormKind("contacts", "联系人", "联系人表", columns=(FormColumn("name"), FormColumn("phone", phones=True)))


def reading(*rows: tuple[str, str], kind: str = "contacts", file: str = "联系人.xlsx") -> SheetReading:
    cells = [
        TableRow({"name": name, "phone": phone}, Where(file, "表", f"A{number}"))
        for number, (name, phone) in enumerate(rows, start=2)
    ]
    return SheetReading("表", kind, rows=cells)


def test_the_rows_of_every_sheet_stand_one_below_the_other_with_their_cells():
    sheets = [reading(("张三", "1")), reading(kind="marks"), reading(("李四", "2"), ("王五", "3"), file="乙.xlsx")]
    table = tables_of_forms(sheets, [CONTACTS])["contacts"]
    assert table.to_numpy().tolist() == [
        ["张三", "1", "联系人.xlsx", "表", "A2"],
        ["李四", "2", "乙.xlsx", "表", "A2"],
        ["王五", "3", "乙.xlsx", "表", "A3"],
    ]
    assert list(table.columns) == ["name", "phone", "file", "sheet", "cell"]


def test_without_rows_there_is_an_empty_table():
    assert list(tables_of_forms([], [CONTACTS])["contacts"].columns) == ["name", "phone", "file", "sheet", "cell"]


def test_phones_are_masked_outside_their_own_column():
    table = tables_of_forms([reading(("张三13900000001", "13900000001"), file="13900000001.xlsx")], [CONTACTS])[
        "contacts"
    ]
    assert table.loc[0, ["name", "phone", "file"]].tolist() == ["张三139****0001", "13900000001", "139****0001.xlsx"]


def test_a_row_without_a_declared_column_is_a_fault_of_the_reader():
    sheet = SheetReading("表", "contacts", rows=[TableRow({"name": "张三"}, Where("a.xlsx", "表", "A2"))])
    with pytest.raises(KeyError):
        tables_of_forms([sheet], [CONTACTS])


def test_a_kind_without_columns_has_no_table():
    assert tables_of_forms([reading(("张三", "1"))], [kind for kind in FORM_KINDS if not kind.columns]) == {}
