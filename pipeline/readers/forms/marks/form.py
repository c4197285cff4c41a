"""专家评分: a wide sheet (企业名称 and the 标杆示范 items) or a long one (专家, 企业名称, 评分项, 得分)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate

from pipeline.issues.catalogue import (
    EXPERT_COLUMNS_UNCLEAR,
    MARK_INVALID,
    NO_EXPERT_NAME,
    RECUSAL_NOT_CHOSEN,
    RECUSED_BUT_MARKED,
    ROW_WITHOUT_COMPANY,
    UNKNOWN_MARK_COLUMN,
    UNKNOWN_MARK_ITEM,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.display import number_text
from pipeline.model.names import clean_name, expert_name
from pipeline.model.records import Mark, SheetReading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.forms.marks.columns import MarkColumn, MarksTable, first_header, items_of, marks_tables
from pipeline.readers.forms.marks.experts import labelled_expert, titled_expert
from pipeline.readers.forms.marks.unread import BEST_AND_WORST, UnreadColumns
from pipeline.readers.sheet.bands import EVERYWHERE
from pipeline.readers.sheet.grid import Grid, text_of, where_in
from pipeline.readers.sheet.headers import MergedValues, header_key, quoted_header
from pipeline.readers.sheet.passed_over import is_heading, is_note, is_signature, looks_like_company
from pipeline.readers.sheet.sections import section_claim
from pipeline.readers.values.answers import why_no_number
from pipeline.readers.values.lexicon import Readers

_SIGNED = re.compile("签[字名章][^a-z]{0,4}$")
_NOT_RECUSED = ("不回避", "无需回避", "不需回避", "不需要回避", "不用回避", "未回避")

_NOTES = ("备注", "说明", "备注说明", "情况说明", "其他说明")
_TIE = "(?:回避|利益|利害|亲属|亲戚|配偶|合作|任职|兼职|顾问|持股|股东|师生)"
_TIES = re.compile(_TIE)
_NO_TIES = re.compile(rf"(?:无|没有|不|未|非)[^，。；,;]{{0,6}}{_TIE}(?:关系)?")


def marks_header(grid: Grid, rulebook: Rulebook) -> int:
    """The row of a marks sheet's first header, 0 for a sheet that is none."""
    return first_header(grid, rulebook)


def read_marks(grid: Grid, header_row: int, file: str, readers: Readers) -> SheetReading:
    """Every mark of the sheet, read by the nearest header above it; 平均分, 合计 and 总分 rows and columns are none."""
    return _Marks(grid, header_row, file, readers).read()


class _Marks:
    """One marks sheet being read."""

    def __init__(self, grid: Grid, header_row: int, file: str, readers: Readers) -> None:
        self.grid, self.file, self.readers = grid, file, readers
        self.tables = marks_tables(grid, header_row, readers)
        self.merged = MergedValues(grid)
        self.summaries = {label_of(word) for word in readers.rulebook.vocabulary.summary_marks}
        self.items = items_of(readers.rulebook)
        self.sheet = SheetReading(grid.name, "marks")
        self.rows = list(grid.rows)

    def read(self) -> SheetReading:
        unread = UnreadColumns(self.grid, self.readers)
        for table, expert in zip(self.tables, self._experts(), strict=True):
            self.expert, self.rows_read = expert, list[int]()
            for row in self._between(table.first_row, table.last_row):
                self._row(table, row)
            for letters, address, header in unread.of(table, self.rows_read):
                facts = {"letters": letters, "said": quoted_header(header), "items": self._item_labels()}
                self.sheet.issues.append(
                    Issue(UNKNOWN_MARK_COLUMN, self._where(*address), part=header, found=header, facts=facts)
                )
            if table.unread:
                where = self._where(table.header_row, table.unread[0])
                self.sheet.issues.append(Issue(EXPERT_COLUMNS_UNCLEAR, where, found=table.unread_letters))
        if any(mark.expert == self.file for mark in self.sheet.marks):
            where = self._where(self.tables[0].header_row, self.tables[0].keys["company"])
            self.sheet.issues.append(Issue(NO_EXPERT_NAME, where, found=self.file))
        return self.sheet

    def _between(self, first: int, last: int) -> list[int]:
        return self.rows[bisect_left(self.rows, first) : bisect_right(self.rows, last)]

    def _experts(self) -> list[str]:
        """Whose each table is by the labels over or under the tables, one without a label that of the table before it;
        with one label anywhere they are all that expert's, with none the sheet's or the file's name says it."""
        over = [self._labelled(table, table.above + 1, table.header_row - 1) for table in self.tables]
        under = [self._labelled(table, table.first_row, table.last_row) for table in self.tables]
        said = over if over[0] else under
        known = next((name for name in said if name), "")
        if not known:
            headers = {table.header_row for table in self.tables}
            known = labelled_expert(
                self.grid, (row for row in self.rows if row not in headers), EVERYWHERE, self.readers
            )
        if not known:
            titled = titled_expert(self.grid.name, self.file, self.readers)
            known = titled.name or self.file
            self.sheet.titled_expert, self.sheet.numbered_expert = known, titled.numbered
        return list(accumulate(said, lambda before, name: name or before, initial=known))[1:]

    def _labelled(self, table: MarksTable, first: int, last: int) -> str:
        return labelled_expert(self.grid, self._between(first, last), table.room, self.readers)

    def _row(self, table: MarksTable, row: int) -> None:
        company_column = table.keys["company"]
        name = clean_name(self.merged.text(row, company_column))
        first = next((value for column, value in self.grid.rows[row] if table.room.first <= column), "")
        if self._is_summary(name) or self._is_summary(text_of(first)) or header_key(name) in self.readers.labels.kinds:
            return
        columns = table.marks or self._long_cell(table, row)
        typed = [entry.column for entry in columns if (row, entry.column) in self.grid.cells]
        if name and self._is_line(name) and not any(self._looks_like_mark(row, column) for column in typed):
            return
        if name and not self.readers.labels.pairs_of(name):
            own = expert_name(self.merged.text(row, table.keys.get("expert"))) or self.expert
            marks = [self._mark(table, row, name, entry, entry.expert or own) for entry in columns]
            settled = self._with_recusal(table, row, marks)
            self.sheet.marks.extend(settled)
            if any(mark.state != "recused" for mark in settled):
                self._look_for_ties(table, row, name)
            self.rows_read.append(row)
        elif any(self._looks_like_mark(row, column) for column in typed):
            found = self.grid.text_at((row, typed[0]))
            self.sheet.issues.append(Issue(ROW_WITHOUT_COMPANY, self._where(row, company_column), found=found))

    def _with_recusal(self, table: MarksTable, row: int, marks: list[Mark]) -> list[Mark]:
        """The row's marks, all of them recused where a column 回避 says so; marks beside it are an error (E08)."""
        reason = self.merged.text(row, table.reason)
        typed = self.merged.text(row, table.recused)
        if not self._says_recused(typed):
            return [mark._replace(reason=reason) if mark.state == "recused" else mark for mark in marks]
        given = "、".join(number_text(mark.mark) for mark in marks if mark.state == "given")
        if given:
            where = self._where(row, table.recused)
            self.sheet.issues.append(
                Issue(RECUSED_BUT_MARKED, where, marks[0].company, found=typed, facts={"marks": given})
            )
        return [mark._replace(mark=None, state="recused", reason=reason or typed) for mark in marks]

    def _look_for_ties(self, table: MarksTable, row: int, company: str) -> None:
        """E11 for a reason or a note that speaks of ties to the company, in a row that is not recused."""
        for column, value in self.grid.rows[row]:
            header = self.grid.text_at((table.header_row, column))
            if not table.room.first <= column <= table.room.last or not isinstance(value, str):
                continue
            noted = column == table.reason or header_key(header) in _NOTES
            if noted and _TIES.search(_NO_TIES.sub("", label_of(value))):
                facts = {"column": header or "回避理由"}
                self.sheet.issues.append(
                    Issue(RECUSAL_NOT_CHOSEN, self._where(row, column), company, found=value, facts=facts)
                )

    def _says_recused(self, typed: str) -> bool:
        """True for anything in a column 回避 but a blank or a no: whoever writes a reason there recuses himself."""
        words = self.readers.rulebook.vocabulary
        if self.readers.values.mark(typed, 0).state == "blank" or label_of(typed) in {*words.none_words, *_NOT_RECUSED}:
            return False
        return self.readers.values.tick(typed) is not False

    def _is_summary(self, text: str) -> bool:
        return header_key(text).rstrip(":") in self.summaries or header_key(text) in BEST_AND_WORST

    def _is_line(self, name: str) -> bool:
        """True for a line of signature, a note or a heading in the column of names."""
        words = self.readers.rulebook.vocabulary
        if looks_like_company(name, words.company_endings):
            return False
        if is_signature("", name, (), False) or _SIGNED.search(name) or is_heading(name):
            return True
        place = section_claim(name, self.readers.regions, "")
        return place is not None or is_note(name, words.company_endings, words.office_endings)

    def _looks_like_mark(self, row: int, column: int) -> bool:
        return self.readers.values.mark(self.grid.cells.get((row, column)), float("inf")).state == "given"

    def _long_cell(self, table: MarksTable, row: int) -> tuple[MarkColumn, ...]:
        """The item and the cell of a long sheet's row; E06 for an item that is none of the six."""
        if not {"item", "mark"} <= table.keys.keys():
            return ()
        text = self.merged.text(row, table.keys["item"])
        item = self.items.get(header_key(text), "")
        if item:
            return (MarkColumn(table.keys["mark"], item),)
        if (row, table.keys["mark"]) in self.grid.cells and not self._is_summary(text):
            where = self._where(row, table.keys["item"])
            self.sheet.issues.append(Issue(UNKNOWN_MARK_ITEM, where, found=text, facts={"items": self._item_labels()}))
        return ()

    def _item_labels(self) -> str:
        return "、".join(entry.label for entry in self.readers.rulebook.expert_indicators)

    def _mark(self, table: MarksTable, row: int, company: str, entry: MarkColumn, expert: str) -> Mark:
        value = self.grid.cells.get((row, entry.column))
        points = self.readers.rulebook.indicator_of[entry.indicator].points
        reading = self.readers.values.mark(value, float(points))
        where = self._where(row, entry.column)
        if reading.state == "error":
            found = "" if value is None else text_of(value)
            facts = {"points": str(points), "reason": why_no_number(value) or f"不是 0 到 {points} 之间的数"}
            self.sheet.issues.append(Issue(MARK_INVALID, where, company, entry.indicator, expert, found, facts))
        company_column = table.keys["company"]
        name_where = self._where(self.merged.start_of((row, company_column))[0], company_column)
        return Mark(company, entry.indicator, expert, reading.mark, reading.state, where, name_where)

    def _where(self, row: int, column: int) -> Where:
        return where_in(self.file, self.grid, (row, column))
