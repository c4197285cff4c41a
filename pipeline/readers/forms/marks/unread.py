"""专家评分: columns of numbers that are read as no item's marks and are not known to hold something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.readers.forms.marks.columns import MARK_WORDS, MarksTable
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address
from pipeline.readers.sheet.headers import header_key

BEST_AND_WORST = ("最高分", "最低分", "平均得分", "总得分", "综合得分")
_OTHER_SCORES = ("客观分", "自评分", "横向评分", "专家分", "等级", "等次", "档次", "批次")
# How headers of columns end whose numbers are no marks.
_NO_MARKS = re.compile(
    r"(?:总分|总评分|平均|均分|合计|小计|总计|名次|排名|排序|顺序|序号|编号|号码|代码|电话|手机|日期|时间|年份|年度|备注|说明"
    r"|满分|分值|权重|人数|家数|个数|数量|金额|收入|利润|投入|占比|比例|率)$"
)


class UnreadColumn(NamedTuple):
    """A column of numbers that is not read. address: of its header; header: the header's text, "" without one."""

    letters: str
    address: Address
    header: str


class UnreadColumns:
    """Finds the unread columns in the tables of one marks sheet."""

    def __init__(self, sheet: Sheet) -> None:
        rulebook = sheet.lexicon.rulebook
        words = rulebook.vocabulary
        headers = [word for column in rulebook.nomination_columns for word in (column.header, *column.aliases)]
        known = (*words.summary_marks, *words.mark_note_headers, *words.further_labels, *words.expert_labels)
        self.sheet, self.grid, self.cells = sheet, sheet.grid, sheet.header_cells
        self.known = {header_key(word) for word in (*known, *headers, *BEST_AND_WORST, *_OTHER_SCORES)}
        self.mark_words = {header_key(word) for word in MARK_WORDS}
        self.item_count = len(rulebook.expert_indicators)
        self.highest = max(item.points for item in rulebook.expert_indicators)

    def of(self, table: MarksTable, rows: Iterable[int]) -> list[UnreadColumn]:
        """The unread columns of a wide table, from the left; none of a long one, which names the item in each row.

        rows: those that were read. Left of the first item only columns of numbers that can be marks are unread.
        """
        if not table.marks:
            return []
        first = min(entry.column for entry in table.marks)
        complete = len({entry.indicator for entry in table.marks}) == self.item_count
        unread = []
        for column, numbers in sorted(self._numbers(table, rows, min(first, table.keys["company"])).items()):
            texts = self._texts(table, column)
            known = column in (table.recused, table.reason) or any(self._is_known(text, complete) for _, text in texts)
            if not known and (column > first or max(numbers) <= self.highest):
                address, header = texts[0] if texts else ((table.header_row, column), "")
                unread.append(UnreadColumn(self.sheet.grid.column_text(column), address, header))
        return unread

    def _numbers(self, table: MarksTable, rows: Iterable[int], begin: int) -> dict[int, list[float]]:
        """Column → its numbers, of the table's columns right of `begin` that are not read."""
        read = {*table.keys.values(), *(entry.column for entry in table.marks), *table.unread}
        numbers: dict[int, list[float]] = {}
        for row in rows:
            for column, value in self.grid.rows[row]:
                if begin < column <= table.room.last and column not in read:
                    mark = self.sheet.lexicon.values.mark(value, float("inf")).mark
                    if mark is not None:
                        numbers.setdefault(column, []).append(mark)
        return numbers

    def _texts(self, table: MarksTable, column: int) -> list[tuple[Address, str]]:
        """The texts of a column's header and their cells: in the header's row, in the row of names below it, and with
        both blank in the row above."""
        texts: list[tuple[Address, str]] = []
        for row in (*range(table.header_row, table.first_row), table.header_row - 1):
            if row < table.header_row and (texts or row <= table.above):
                break
            over = (cell for cell in self.cells.of(row) if cell.column <= column <= cell.end)
            texts += [(self._start(row, cell.column), cell.text) for cell in over if cell.key]
        return texts

    def _start(self, row: int, column: int) -> Address:
        """The cell of a header that may be merged down to the row."""
        upwards = ((above, column) for above in range(row, 0, -1))
        return next((address for address in upwards if address in self.grid.cells), (row, column))

    def _is_known(self, text: str, complete: bool) -> bool:
        """True for a header of something else; 得分 alone is the total where all items have their columns
        (`complete`)."""
        key = header_key(text)
        if key in self.known or key in self.sheet.lexicon.labels.kinds or _NO_MARKS.search(key):
            return True
        return complete and key in self.mark_words
