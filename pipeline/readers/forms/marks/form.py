"""专家评分: a wide sheet (企业名称 and the 标杆示范 items) or a long one (专家, 企业名称, 评分项, 得分)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import accumulate

from pipeline.issues.catalogue import (
    CELL_NOT_TAKEN,
    EXPERT_COLUMNS_UNCLEAR,
    MARK_INVALID,
    NAME_NOT_TAKEN,
    NAME_PARTLY_STRUCK,
    NO_EXPERT_NAME,
    RECUSAL_NOT_CHOSEN,
    RECUSED_BUT_MARKED,
    ROW_WITHOUT_COMPANY,
    UNKNOWN_MARK_COLUMN,
    UNKNOWN_MARK_ITEM,
    UNSEEN_MARKS,
    Code,
)
from pipeline.model.display import number_text
from pipeline.model.forms import MARKS
from pipeline.model.names import clean_name, expert_name
from pipeline.model.records import Mark, SheetReading
from pipeline.model.texts import label_of
from pipeline.readers.forms.marks.columns import MarkColumn, MarksTable, marks_tables
from pipeline.readers.forms.marks.experts import labelled_expert, titled_expert
from pipeline.readers.forms.marks.items import item_names
from pipeline.readers.forms.marks.unread import BEST_AND_WORST, UnreadColumns
from pipeline.readers.forms.repeated_headers import issues_of_repeated_headers
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.bands import EVERYWHERE
from pipeline.readers.sheet.grid import Address, text_of
from pipeline.readers.sheet.headers import header_key, quoted_header
from pipeline.readers.sheet.no_text import is_zero, no_text
from pipeline.readers.sheet.passed_over import is_heading, is_note, is_signature, looks_like_company
from pipeline.readers.sheet.sections import section_claim
from pipeline.readers.values.answers import why_no_number
from pipeline.readers.values.doubts import DOUBTS

_SIGNED = re.compile("签[字名章][^a-z]{0,4}$")
_NOT_RECUSED = ("不回避", "无需回避", "不需回避", "不需要回避", "不用回避", "未回避")
_NOTES = ("备注", "说明", "备注说明", "情况说明", "其他说明")
_TIE = "(?:回避|利益|利害|亲属|亲戚|配偶|合作|任职|兼职|顾问|持股|股东|师生)"
_TIES = re.compile(_TIE)
_NO_TIES = re.compile(rf"(?:无|没有|不|未|非)[^，。；,;]{{0,6}}{_TIE}(?:关系)?")


def recognise_marks(sheet: Sheet) -> list[MarksTable] | None:
    """The tables of a sheet of marks, None for any other sheet."""
    return marks_tables(sheet) or None


def read_marks(sheet: Sheet, tables: list[MarksTable]) -> SheetReading:
    """Every mark of the sheet's tables; rows and columns of 平均分, 合计 and 总分 are left out."""
    return _Marks(sheet, tables).read()


class _Marks:
    """One marks sheet being read."""

    def __init__(self, sheet: Sheet, tables: list[MarksTable]) -> None:
        self.sheet, self.grid, self.merged, self.tables = sheet, sheet.grid, sheet.merged, tables
        self.rulebook, self.values = sheet.lexicon.rulebook, sheet.lexicon.values
        self.summaries = {label_of(word) for word in self.rulebook.vocabulary.summary_marks}
        self.reading = SheetReading(sheet.grid.name, MARKS.id)
        self.rows = list(sheet.grid.rows)

    def read(self) -> SheetReading:
        unread = UnreadColumns(self.sheet)
        read_columns: dict[int, set[int]] = {}  # header row → the columns that any of its tables reads
        for table in self.tables:
            read_columns.setdefault(table.header_row, set()).update(table.columns)
        for table, expert in zip(self.tables, self._experts(), strict=True):
            rows_read = [
                row for row in self._between(table.first_row, table.last_row) if self._reads_row(table, row, expert)
            ]
            for column in unread.of(table, rows_read):
                items = self._item_labels()
                facts = {"letters": column.letters, "said": quoted_header(column.header), "items": items}
                self._add(UNKNOWN_MARK_COLUMN, column.address, part=column.header, typed=column.header, facts=facts)
            self.reading.issues += issues_of_repeated_headers(
                self.sheet,
                table.header_row,
                rows_read,
                table.columns,
                read_columns[table.header_row],
                {*table.keys.values()},
            )
            if table.unread:
                letters = "、".join(map(self.sheet.grid.column_text, table.unread))
                self._add(EXPERT_COLUMNS_UNCLEAR, (table.header_row, table.unread[0]), typed=letters)
        if any(mark.expert == self.sheet.path for mark in self.reading.marks):
            address = (self.tables[0].header_row, self.tables[0].keys["company"])
            self._add(NO_EXPERT_NAME, address, typed=self.sheet.path)
        return self.reading

    def _between(self, first: int, last: int) -> list[int]:
        """The rows with something in them from `first` to `last`."""
        return self.rows[bisect_left(self.rows, first) : bisect_right(self.rows, last)]

    # -------------------------------------------------------------- experts

    def _experts(self) -> list[str]:
        """The expert of each table.

        The labels over or under the tables name them; a table without one is by the expert of the table before it. With
        one label anywhere, every table is by that expert. With none, the sheet's or the file's name names him, and
        where they do not, the file's path stands for him.
        """
        over = [self._labelled(table, table.above + 1, table.header_row - 1) for table in self.tables]
        under = [self._labelled(table, table.first_row, table.last_row) for table in self.tables]
        names = over if over[0] else under
        known = next((name for name in names if name), "")
        if not known:
            headers = {table.header_row for table in self.tables}
            rows = (row for row in self.rows if row not in headers)
            known = labelled_expert(self.sheet, rows, EVERYWHERE)
        if not known:
            titled = titled_expert(self.sheet)
            known = titled.name or self.sheet.path
            self.reading.titled_expert, self.reading.numbered_expert = known, titled.numbered
        return list(accumulate(names, lambda before, name: name or before, initial=known))[1:]

    def _labelled(self, table: MarksTable, first: int, last: int) -> str:
        return labelled_expert(self.sheet, self._between(first, last), table.room)

    # -------------------------------------------------------------- rows

    def _reads_row(self, table: MarksTable, row: int, expert: str) -> bool:
        """True for a row of a company, whose marks are added; those of `expert` where row and column name nobody."""
        name_cell = self.merged.start_of((row, table.keys["company"]))
        named = self.grid.cells.get(name_cell)
        name = "" if no_text(named) else clean_name(self.grid.text_at(name_cell))
        if self._is_no_entry(table, row, name):
            return False
        columns = table.marks or self._long_cell(table, row)
        typed = [entry.column for entry in columns if (row, entry.column) in self.grid.cells]
        if named is not None and not name and all(is_zero(self.grid.cells[row, column]) for column in typed):
            return False  # formulas prepared for a company that is not there
        looks_marked = any(self._looks_like_mark(row, column) for column in typed)
        if name and not looks_marked and self._is_line(name):
            return False
        if doubt := self.grid.doubt_at(name_cell):
            if typed:
                facts = {"column": "企业名称", **DOUBTS[doubt].facts}
                self._add(NAME_NOT_TAKEN, name_cell, typed=name, facts=facts)
            return False
        if not name or self.sheet.lexicon.labels.pairs_of(name):
            if looks_marked:
                text = self.grid.text_at((row, typed[0]))
                self._add(ROW_WITHOUT_COMPANY, (row, table.keys["company"]), typed=text)
            return False
        by_row = expert_name(self.merged.text(row, table.keys.get("expert"))) or expert
        marks = [self._mark(table, row, name, entry, entry.expert or by_row) for entry in columns]
        if typed and (marked := self.grid.struck_parts.get(name_cell)):
            self._add(NAME_PARTLY_STRUCK, name_cell, name, typed=name, facts={"marked": marked})
        self._note_unseen(row, name, columns)
        marks = self._with_recusal(table, row, marks)
        self.reading.marks.extend(marks)
        if any(mark.state != "recused" for mark in marks):
            self._look_for_ties(table, row, name)
        return True

    def _is_no_entry(self, table: MarksTable, row: int, name: str) -> bool:
        """True for a row of sums, and for a header that stands a second time."""
        first = next((value for column, value in self.grid.rows[row] if table.room.first <= column), "")
        if self._is_summary(name) or self._is_summary(text_of(first)):
            return True
        return header_key(name) in self.sheet.lexicon.labels.kinds

    def _is_summary(self, text: str) -> bool:
        """True for 平均分, 合计, 最高分 and the like."""
        return header_key(text).rstrip(":") in self.summaries or header_key(text) in BEST_AND_WORST

    def _is_line(self, name: str) -> bool:
        """True for a line of signature, a note or a heading in the column of names."""
        words = self.rulebook.vocabulary
        if looks_like_company(name, words.company_endings):
            return False
        if is_signature("", name, (), False) or _SIGNED.search(name) or is_heading(name):
            return True
        if section_claim(name, self.sheet.lexicon.regions, ""):
            return True
        return is_note(name, words.company_endings, words.office_endings)

    def _looks_like_mark(self, row: int, column: int) -> bool:
        """True for a number that is not negative."""
        return self.values.mark(self.grid.cells.get((row, column)), float("inf")).state == "given"

    def _long_cell(self, table: MarksTable, row: int) -> tuple[MarkColumn, ...]:
        """The item and the cell of a long table's row; E06 for an item that is none of the 标杆示范."""
        if not {"item", "mark"} <= table.keys.keys():
            return ()
        text = self.merged.text(row, table.keys["item"])
        if item := item_names(self.sheet.lexicon).item_of(header_key(text)):
            return (MarkColumn(table.keys["mark"], item),)
        if (row, table.keys["mark"]) in self.grid.cells and not self._is_summary(text):
            facts = {"items": self._item_labels()}
            self._add(UNKNOWN_MARK_ITEM, (row, table.keys["item"]), typed=text, facts=facts)
        return ()

    def _item_labels(self) -> str:
        return "、".join(entry.label for entry in self.rulebook.expert_indicators)

    # -------------------------------------------------------------- marks

    def _mark(self, table: MarksTable, row: int, company: str, entry: MarkColumn, expert: str) -> Mark:
        """One mark; E01 for a value that is none."""
        address, company_column = (row, entry.column), table.keys["company"]
        value = self.grid.answer_at(address)
        points = self.rulebook.indicator_of[entry.indicator].points
        mark, state = self.values.mark(value, float(points))
        if state == "error":
            typed = "" if value is None else text_of(value)
            facts = {"points": str(points), "reason": why_no_number(value) or f"不是 0 到 {points} 之间的数"}
            self.reading.issues.append(
                self.sheet.issue(
                    MARK_INVALID,
                    address,
                    company=company,
                    indicator=entry.indicator,
                    part=expert,
                    found=typed,
                    facts=facts,
                )
            )
        name_where = self.sheet.where((self.merged.start_of((row, company_column))[0], company_column))
        return Mark(company, entry.indicator, expert, mark, state, self.sheet.where(address), name_where)

    def _note_unseen(self, row: int, company: str, columns: tuple[MarkColumn, ...]) -> None:
        """E21 for the marks of a row that are zeros nobody sees: references to cells that were left blank."""
        unseen = [(row, entry.column) for entry in columns if (row, entry.column) in self.grid.unseen]
        if unseen:
            facts = {"count": str(len(unseen))}
            self._add(UNSEEN_MARKS, unseen[0], company, typed="0", facts=facts)

    # -------------------------------------------------------------- recusals

    def _with_recusal(self, table: MarksTable, row: int, marks: list[Mark]) -> list[Mark]:
        """The row's marks, all of them recused where a column 回避 says so; marks beside it are an error (E08)."""
        reason = self.merged.text(row, table.reason)
        if doubt := self.grid.doubt_at((row, table.recused)):
            facts = {"column": self.grid.text_at((table.header_row, table.recused)), **DOUBTS[doubt].facts}
            self._add(CELL_NOT_TAKEN, (row, table.recused), marks[0].company if marks else "", facts=facts)
        typed = self.merged.text(row, table.recused)
        if not self._says_recused(typed):
            return [mark._replace(reason=reason) if mark.state == "recused" else mark for mark in marks]
        given = "、".join(number_text(mark.mark) for mark in marks if mark.mark is not None)
        if given:
            address, facts = (row, table.recused), {"marks": given}
            self._add(RECUSED_BUT_MARKED, address, marks[0].company, typed=typed, facts=facts)
        return [mark._replace(mark=None, state="recused", reason=reason or typed) for mark in marks]

    def _says_recused(self, typed: str) -> bool:
        """True for anything in a column 回避 but a blank or a no: whoever writes a reason there recuses himself."""
        words = self.rulebook.vocabulary
        if self.values.mark(typed, 0).state == "blank" or label_of(typed) in {*words.none_words, *_NOT_RECUSED}:
            return False
        return self.values.tick(typed) is not False

    def _look_for_ties(self, table: MarksTable, row: int, company: str) -> None:
        """E11 for a reason or a note about ties to the company, in a row that is not recused."""
        for column, value in self.grid.rows[row]:
            header = self.grid.text_at((table.header_row, column))
            if not table.room.first <= column <= table.room.last or not isinstance(value, str):
                continue
            is_remark = column == table.reason or header_key(header) in _NOTES
            if is_remark and _TIES.search(_NO_TIES.sub("", label_of(value))):
                facts = {"column": header or "回避理由"}
                self._add(RECUSAL_NOT_CHOSEN, (row, column), company, typed=value, facts=facts)

    def _add(
        self,
        code: Code,
        address: Address,
        company: str = "",
        part: str = "",
        typed: str = "",
        facts: Mapping[str, str] | None = None,
    ) -> None:
        issue = self.sheet.issue(code, address, company=company, part=part, found=typed, facts=facts)
        self.reading.issues.append(issue)
