"""专家评分: columns of numbers that are read as no item's marks and that nobody knows to hold something else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.readers.forms.marks.columns import MARK_WORDS, MarksTable
from pipeline.readers.sheet.bands import HeaderCells
from pipeline.readers.sheet.grid import Address, Grid, column_letters
from pipeline.readers.sheet.headers import header_key
from pipeline.readers.values.lexicon import Readers

BEST_AND_WORST = ("最高分", "最低分", "平均得分", "总得分", "综合得分")
_OTHER_SCORES = ("客观分", "自评分", "横向评分", "专家分", "等级", "等次", "档次", "批次")
# How headers of columns end whose numbers are no marks.
_NO_MARKS = re.compile(
    r"(?:总分|总评分|平均|均分|合计|小计|总计|名次|排名|排序|顺序|序号|编号|号码|代码|电话|手机|日期|时间|年份|年度|备注|说明"
    r"|满分|分值|权重|人数|家数|个数|数量|金额|收入|利润|投入|占比|比例|率)$"
)


class UnreadColumns:
    """Finds them in the tables of one marks sheet."""

    def __init__(self, grid: Grid, readers: Readers) -> None:
        rulebook = readers.rulebook
        words = rulebook.vocabulary
        headers = [word for column in rulebook.nomination_columns for word in (column.header, *column.aliases)]
        known = (*words.summary_marks, *words.mark_note_headers, *words.further_labels, *words.expert_labels)
        self.grid, self.readers, self.cells = grid, readers, HeaderCells(grid)
        self.known = {header_key(word) for word in (*known, *headers, *BEST_AND_WORST, *_OTHER_SCORES)}
        self.mark_words = {header_key(word) for word in MARK_WORDS}
        self.items = len(rulebook.expert_indicators)
        self.highest = max(item.points for item in rulebook.expert_indicators)

    def of(self, table: MarksTable, rows: Iterable[int]) -> list[tuple[str, Address, str]]:
        """(letters, header's cell, header) of every such column of a wide table, from the left. rows: those that were
        read. Left of the first item only numbers that may be marks are meant; a long table says the item in each row."""
        if not table.marks:
            return []
        first = min(entry.column for entry in table.marks)
        begin = min(first, table.keys["company"])
        read = {*table.keys.values(), *(entry.column for entry in table.marks), *table.unread}
        numbers: dict[int, list[float]] = {}
        for row in rows:
            for column, value in self.grid.rows[row]:
                if begin < column <= table.room.last and column not in read:
                    reading = self.readers.values.mark(value, float("inf"))
                    if reading.mark is not None:
                        numbers.setdefault(column, []).append(reading.mark)
        complete = len({entry.indicator for entry in table.marks}) == self.items
        found = []
        for column, typed in sorted(numbers.items()):
            texts = self._texts(table, column)
            known = column in (table.recused, table.reason) or any(self._is_known(text, complete) for _, text in texts)
            if not known and (column > first or max(typed) <= self.highest):
                found.append((column_letters(column), *(texts[0] if texts else ((table.header_row, column), ""))))
        return found

    def _texts(self, table: MarksTable, column: int) -> list[tuple[Address, str]]:
        """What the column's header says, its cell first: in the header's row, in the row of names below it, and with
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
        """True for a header of something else; 得分 alone is the total where all the items have their columns."""
        key = header_key(text)
        kinds = self.readers.labels.kinds
        return key in self.known or key in kinds or bool(_NO_MARKS.search(key)) or (complete and key in self.mark_words)
