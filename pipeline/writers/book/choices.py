"""The lists behind the drop-downs of a workbook, on a sheet of their own: any length, any text, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.writers.book.addresses import absolute_address, absolute_area
from pipeline.writers.book.fitting import text_width
from pipeline.writers.book.workbook import Book

_TOP = 2  # the row of the lists' headers; the entries follow below
_NARROWEST, _WIDEST = 10, 60  # narrow characters of a column


class _Group(NamedTuple):
    """Where the entries of one group stand: the first of them at this row, the others below it."""

    row: int
    column: int
    entries: Sequence[str]


class Choices:
    """The sheet of lists and the data validations that offer them. A list has a defined name, so that it may be longer than
    the 255 characters that a validation itself can hold, and a text in it is no part of any formula."""

    def __init__(self, book: Book, name: str) -> None:
        self._book, self._name, self._columns = book, name, 0
        self._sheet = book.sheet(name, landscape=True)
        self._sources: dict[str, str] = {}
        self._groups: dict[tuple[str, str], _Group] = {}
        book.put(self._sheet, 0, 0, "本表供下拉选择用，不用填写，也不会被读取。", "stamp")

    def add(self, name: str, entries: Sequence[str]) -> None:
        """Adds a list; its name, made of letters, is defined in the workbook. An empty list offers nothing."""
        if not entries:
            return
        column = self._column(name, entries)
        area = f"{self._name}!{absolute_area(_TOP + 1, column, _TOP + len(entries), column)}"
        self._book.workbook.define_name(name, f"={area}")
        self._sources[name] = f"={name}"

    def add_groups(self, name: str, groups: Mapping[str, Sequence[str]]) -> None:
        """Adds a list of which a cell offers one group: each entry beside the group's name. What `one_of` and `dependent`
        offer."""
        pairs = [(group, entry) for group, entries in groups.items() for entry in entries]
        if not pairs:
            return
        sheet = self._name
        keys = self._column(f"{name}：所属", [group for group, _ in pairs])
        column = self._column(name, [entry for _, entry in pairs])
        row = _TOP + 1
        for group, entries in groups.items():
            self._groups[name, group] = _Group(row, column, entries)
            row += len(entries)
        area = f"{sheet}!{absolute_area(_TOP + 1, keys, _TOP + len(pairs), keys)}"
        corner = f"{sheet}!{absolute_address(_TOP + 1, column)}"
        self._sources[name] = f"=OFFSET({corner},MATCH({{key}},{area},0)-1,0,MAX(1,SUMPRODUCT(--({area}={{key}}))),1)"

    def whole(self, name: str) -> dict[str, Any]:
        """The validation that offers a whole list, {} when there is nothing to offer."""
        return _validation(self._sources.get(name, ""))

    def one_of(self, name: str, group: str, entries: Sequence[str] = ()) -> dict[str, Any]:
        """The validation that offers one group of a list, or those of its entries that stand from the first to the last of
        `entries`; {} for an unknown group."""
        known = self._groups.get((name, group))
        if known is None:
            return {}
        kept = [number for number, entry in enumerate(known.entries) if not entries or entry in entries]
        rows = (known.row + kept[0], known.row + kept[-1])
        return drop_down(f"={self._name}!{absolute_area(rows[0], known.column, rows[1], known.column)}")

    def dependent(self, name: str, key: str) -> dict[str, Any]:
        """The validation that offers the group whose name stands in the cell `key`."""
        return _validation(self._sources.get(name, "").replace("{key}", key))

    def _column(self, header: str, entries: Sequence[str]) -> int:
        """Writes one more column and returns its number."""
        column = self._columns
        self._columns += 1
        self._book.put(self._sheet, _TOP, column, header, "header")
        for row, entry in enumerate(entries, start=_TOP + 1):
            self._book.put(self._sheet, row, column, entry, "line")
        width = max(text_width(text) for text in (header, *entries)) + 2
        self._sheet.set_column(column, column, min(_WIDEST, max(_NARROWEST, width)))
        return column


def _validation(source: str) -> dict[str, Any]:
    return drop_down(source) if source else {}


def drop_down(source: str | Sequence[str]) -> dict[str, Any]:
    """The data validation of a cell with a drop-down: a formula that gives its entries, or a few short ones. What is typed
    all the same is asked about, not refused."""
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": "不在列表里",
        "error_message": "请从下拉框选；确实要写别的，请核对写法。",
    }
