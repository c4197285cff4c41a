"""专家评分: a wide sheet (企业名称 and the 标杆示范 items) or a long one (专家, 企业名称, 评分项, 得分)."""

from __future__ import annotations

import re
import unicodedata

from pipeline.issues import Issue
from pipeline.readers.assessment import Readers
from pipeline.readers.grid import Grid, label_of, text_of
from pipeline.readers.headers import header_columns, header_key, names_of
from pipeline.readers.labels import where_in
from pipeline.readers.nomination import clean_name
from pipeline.records import Mark, SheetReading
from pipeline.rulebook import Rulebook

_LONG = {"item": ("评分项", "评分指标", "指标", "评价指标"), "mark": ("得分", "评分", "分数", "打分")}
_TITLE_WORDS = re.compile(r"专家|评分表|评分|打分表|打分|评审|Sheet\d*|工作表\d*|\d+|[年月日号_\-—()（）\s.、]+", re.I)


def marks_header(grid: Grid, rulebook: Rulebook) -> tuple[int, dict[str, int]] | None:
    """(row, column id -> column) of a marks sheet's header; ids: company, expert, item, mark or an indicator's id."""
    words = rulebook.vocabulary
    names = names_of(
        [
            ("company", words.company_labels),
            ("expert", words.expert_labels),
            *_LONG.items(),
            *((item.id, (item.label,)) for item in rulebook.expert_indicators),
        ]
    )
    items = {item.id for item in rulebook.expert_indicators}
    for row in grid.rows:
        columns = header_columns(grid, row, names)
        if "company" in columns and (len(items & columns.keys()) >= 2 or {"expert", "item", "mark"} <= columns.keys()):
            return row, columns
    return None


def read_marks(grid: Grid, header: tuple[int, dict[str, int]], file: str, readers: Readers) -> SheetReading:
    """Every mark of the sheet; 平均分, 合计 and 总分 rows and columns are none."""
    header_row, columns = header
    sheet = SheetReading(grid.name, "marks")
    summaries = {label_of(word) for word in readers.rulebook.vocabulary.summary_marks}
    items = {header_key(item.label): item.id for item in readers.rulebook.expert_indicators}
    wide = [identifier for identifier in columns if identifier in readers.rulebook.indicator_of]
    expert_of_sheet = _expert_of(grid, header_row, file, readers)
    unnamed = False
    for row in grid.rows:
        name = grid.text_at((row, columns["company"])).strip()
        first = label_of(text_of(grid.rows[row][0][1]))
        if row <= header_row or not name or label_of(name) in summaries or first in summaries:
            continue
        expert = grid.text_at((row, columns["expert"])).strip() if "expert" in columns else ""
        expert = expert or expert_of_sheet or file
        unnamed = unnamed or expert == file
        if wide:
            cells = [(identifier, columns[identifier]) for identifier in wide]
        else:
            item = items.get(header_key(grid.text_at((row, columns["item"]))), "")
            cells = [(item, columns["mark"])] if item else []
        for indicator, column in cells:
            sheet.marks.append(_mark(grid, row, column, columns["company"], indicator, expert, file, readers, sheet))
    if unnamed:
        sheet.issues.append(Issue("T17", where_in(file, grid, (header_row, columns["company"])), found=file))
    return sheet


def _mark(
    grid: Grid, row: int, column: int, name_column: int, indicator: str, expert: str, file: str, readers: Readers, sheet: SheetReading
) -> Mark:
    company = clean_name(grid.text_at((row, name_column)))
    value = grid.cells.get((row, column))
    points = readers.rulebook.indicator_of[indicator].points
    reading = readers.values.mark(value, float(points))
    where = where_in(file, grid, (row, column))
    if reading.state == "error":
        facts = {"points": str(points)}
        sheet.issues.append(Issue("E01", where, company, indicator, expert, text_of(value or ""), facts))
    return Mark(company, indicator, expert, reading.mark, reading.state, where, where_in(file, grid, (row, name_column)))


def _expert_of(grid: Grid, header_row: int, file: str, readers: Readers) -> str:
    """The expert: a labelled cell above the list, else the sheet's, else the file's name without title words."""
    found = readers.labels.find(grid, ("expert",))
    if "expert" in found and found["expert"][0] and found["expert"][1][0] < header_row:
        return found["expert"][0]
    for text in (grid.name, file.rpartition("/")[2].rpartition(".")[0]):
        left = _TITLE_WORDS.sub("", unicodedata.normalize("NFKC", text).replace(_title(readers.rulebook), ""))
        if left:
            return left
    return ""


def _title(rulebook: Rulebook) -> str:
    return unicodedata.normalize("NFKC", rulebook.titles.marks)
