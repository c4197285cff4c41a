"""专家评分: a wide sheet (企业名称 and the 标杆示范 items) or a long one (专家, 企业名称, 评分项, 得分)."""

from __future__ import annotations

import re
import unicodedata

from pipeline.issues import Issue, Where
from pipeline.readers.assessment import Readers
from pipeline.readers.grid import Grid, label_of, text_of
from pipeline.readers.headers import HeaderReader, MergedValues, header_key, names_of
from pipeline.readers.labels import where_in
from pipeline.readers.nomination import clean_name
from pipeline.records import Mark, SheetReading
from pipeline.rulebook import Rulebook

_LONG = {"item": ("评分项", "评分指标", "指标", "评价指标"), "mark": ("得分", "评分", "分数", "打分")}
_TITLE_WORDS = re.compile(
    r"专家姓名|专家|评分表|评分|打分表|打分|评审|标杆示范|汇总|Sheet\d*|工作表\d*|\d+|[年月日号_\-—()（）\[\]\s.、:]+",
    re.I,
)


def marks_header(grid: Grid, rulebook: Rulebook) -> tuple[int, dict[str, int]] | None:
    """(row, column id -> column) of a marks sheet's header; ids: company, expert, item, mark or an indicator's id."""
    words = rulebook.vocabulary
    items = {item.id for item in rulebook.expert_indicators}
    names = names_of(
        [
            ("company", words.company_labels),
            ("expert", words.expert_labels),
            *_LONG.items(),
            *((item.id, (item.label,)) for item in rulebook.expert_indicators),
        ]
    )
    reader = HeaderReader(grid, names)
    for row in grid.rows:
        columns = reader.columns(row)
        if "company" in columns and (len(items & columns.keys()) >= 2 or {"expert", "item", "mark"} <= columns.keys()):
            return row, columns
    return None


def read_marks(grid: Grid, header: tuple[int, dict[str, int]], file: str, readers: Readers) -> SheetReading:
    """Every mark of the sheet; 平均分, 合计 and 总分 rows and columns are none."""
    return _Marks(grid, header, file, readers).read()


class _Marks:
    """One marks sheet being read."""

    def __init__(self, grid: Grid, header: tuple[int, dict[str, int]], file: str, readers: Readers) -> None:
        self.grid, self.file, self.readers = grid, file, readers
        self.header_row, self.columns = header
        self.merged = MergedValues(grid)
        self.summaries = {label_of(word) for word in readers.rulebook.vocabulary.summary_marks}
        self.items = {header_key(item.label): item.id for item in readers.rulebook.expert_indicators}
        self.wide = [identifier for identifier in self.columns if identifier in self.items.values()]
        self.sheet = SheetReading(grid.name, "marks")
        self.expert = _expert_of(grid, self.header_row, file, readers)

    def read(self) -> SheetReading:
        for row in self.grid.rows:
            if row > self.header_row:
                self._row(row)
        if any(mark.expert == self.file for mark in self.sheet.marks):
            where = self._where(self.header_row, self.columns["company"])
            self.sheet.issues.append(Issue("T17", where, found=self.file))
        return self.sheet

    def _row(self, row: int) -> None:
        name = clean_name(self.merged.text(row, self.columns["company"]))
        first = label_of(text_of(self.grid.rows[row][0][1]))
        if self._is_summary(name) or self._is_summary(first) or header_key(name) in self.readers.labels.kinds:
            return
        expert = self.merged.text(row, self.columns.get("expert")) or self.expert or self.file
        if self.wide:
            cells = [(identifier, self.columns[identifier]) for identifier in self.wide]
        else:
            cells = self._long_cell(row)
        typed = [column for _, column in cells if (row, column) in self.grid.cells]
        if name and not self.readers.labels.pairs_of(name):
            self.sheet.marks.extend(self._mark(row, column, name, identifier, expert) for identifier, column in cells)
        elif any(self._looks_like_mark(row, column) for column in typed):
            found = self.grid.text_at((row, typed[0]))
            self.sheet.issues.append(Issue("T07", self._where(row, self.columns["company"]), found=found))

    def _is_summary(self, text: str) -> bool:
        return header_key(text).rstrip(":") in self.summaries

    def _looks_like_mark(self, row: int, column: int) -> bool:
        return self.readers.values.mark(self.grid.cells.get((row, column)), float("inf")).state == "given"

    def _long_cell(self, row: int) -> list[tuple[str, int]]:
        """The item and the cell of a long sheet's row; E06 for an item that is none of the six."""
        text = self.merged.text(row, self.columns["item"])
        item = self.items.get(header_key(text), "")
        if item:
            return [(item, self.columns["mark"])]
        if (row, self.columns["mark"]) in self.grid.cells and not self._is_summary(text):
            labels = "、".join(entry.label for entry in self.readers.rulebook.expert_indicators)
            where = self._where(row, self.columns["item"])
            self.sheet.issues.append(Issue("E06", where, found=text, facts={"items": labels}))
        return []

    def _mark(self, row: int, column: int, company: str, indicator: str, expert: str) -> Mark:
        value = self.grid.cells.get((row, column))
        points = self.readers.rulebook.indicator_of[indicator].points
        reading = self.readers.values.mark(value, float(points))
        where = self._where(row, column)
        if reading.state == "error":
            found = "" if value is None else text_of(value)
            self.sheet.issues.append(Issue("E01", where, company, indicator, expert, found, {"points": str(points)}))
        name_where = self._where(self.merged.start_of((row, self.columns["company"]))[0], self.columns["company"])
        return Mark(company, indicator, expert, reading.mark, reading.state, where, name_where)

    def _where(self, row: int, column: int) -> Where:
        return where_in(self.file, self.grid, (row, column))


def _expert_of(grid: Grid, header_row: int, file: str, readers: Readers) -> str:
    """The expert: a labelled cell above or below the header, else the sheet's, else the file's name without title
    words; "" with nothing left."""
    around = Grid(grid.name, cells={place: value for place, value in grid.cells.items() if place[0] != header_row})
    around.merges = grid.merges
    found = readers.labels.find(around, ("expert",))
    if "expert" in found and found["expert"][0]:
        return found["expert"][0]
    title = unicodedata.normalize("NFKC", readers.rulebook.titles.marks)
    for text in (grid.name, file.rpartition("/")[2].rpartition(".")[0]):
        left = _TITLE_WORDS.sub("", unicodedata.normalize("NFKC", text).replace(title, ""))
        if left:
            return left
    return ""
