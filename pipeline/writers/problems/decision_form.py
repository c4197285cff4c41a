"""人工决定_建议.xlsx: the form on which decisions are made. Saved as 人工决定.xlsx its signed rows count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.issues.catalogue import (
    DECIDED_FILE_UNCLEAR,
    DECISION_INCOMPLETE,
    DECISION_NOT_TAKEN,
    DECISION_OUTDATED,
    DECISION_UNCLEAR,
    DECISIONS_CONFLICT,
)
from pipeline.model.company_files import short_names
from pipeline.model.decisions import NAMES_EXPERTS, SHEETS, SIGNED, WORKBOOK_NAME, DecisionColumn, DecisionSheet
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.addresses import cell_address
from pipeline.writers.book.choices import Choices, drop_down
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import output_book, stamp_line
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Cell, Column, Styled
from pipeline.writers.problems.suggestions import Suggested, suggested_rows

CHOICES_SHEET = "下拉选项"
COUNTIES, COMPANIES, ITEMS, TOPICS = "区县选项", "企业选项", "指标选项", "规则选项"
ALTERNATIVES, COMPANY_FILES = "采用选项", "文件选项"
_REFUSED = (
    DECISION_INCOMPLETE,
    DECISION_NOT_TAKEN,
    DECISION_OUTDATED,
    DECISION_UNCLEAR,
    DECISIONS_CONFLICT,
    DECIDED_FILE_UNCLEAR,
)
_ABOUT = Column("about", "针对的问题（供参考）", 56)
_GUIDE_WIDTH = 76
_SPARE_ROWS = 30  # yellow rows below the ready ones; the sheet takes more
_LAST_ROW = 1_048_575  # Excel's; the lists are offered down to it
_TYPED: Mapping[str, str | float] = {"num_format": "@"}  # as text, so that dates and codes stay as typed


def write_suggestions(path: Path, results: Results) -> None:
    """Writes 怎样使用, one sheet per kind of decision in the columns of 人工决定.xlsx, and the lists of the drop-downs."""
    rows: dict[str, list[Suggested]] = {sheet.name: [] for sheet in SHEETS}
    for row in suggested_rows(results):
        rows[row.sheet].append(row)
    title = results.rulebook.titles.problems.replace("问题清单", "人工决定建议")
    with output_book(path, results.date, title, results.standing) as book:
        _write_guide(book, results, title)
        sheets = {kind.name: book.sheet(kind.name, landscape=True, header_rows=(0, 0)) for kind in SHEETS}
        choices = _choices(book, results)
        for kind in SHEETS:
            _write_sheet(book, sheets[kind.name], kind, rows[kind.name], choices)


def _choices(book: Book, results: Results) -> Choices:
    """Every list that a cell of the form can be filled from, regions and companies in the notice's order."""
    rulebook = results.rulebook
    choices = Choices(book, CHOICES_SHEET)
    choices.add(COUNTIES, [entry.city + entry.name for entry in rulebook.counties])
    companies = sorted(
        zip(results.totals["city"], results.totals["county"], results.totals["company"], strict=True),
        key=lambda row: (rulebook.region_order.rank(row[0], row[1]), row[2]),
    )
    choices.add(COMPANIES, list(dict.fromkeys(company for _, _, company in companies)))
    choices.add(ITEMS, _item_labels(rulebook))
    choices.add(TOPICS, [ruling.topic for ruling in rulebook.rulings])
    choices.add_groups(
        ALTERNATIVES, {ruling.topic: [entry.sentence for entry in ruling.alternatives] for ruling in rulebook.rulings}
    )
    choices.add_groups(COMPANY_FILES, _files_by_company(results))
    return choices


def _item_labels(rulebook: Rulebook) -> list[str]:
    """What a 采用值 can be about: the items of 附件1 with N and M, and the columns of 附件2 that hold a figure."""
    figures = [column.label for column in rulebook.nomination_columns if column.unit]
    return [*(item.label for item in rulebook.ratio_indicators), *figures]


def _files_by_company(results: Results) -> dict[str, list[str]]:
    """Company → the short names of its files, those with 附件1 first."""
    return {company: list(dict.fromkeys(short_names(files))) for company, files in sorted(results.rivals.items())}


def _write_guide(book: Book, results: Results, title: str) -> None:
    sheet = book.sheet("怎样使用")
    book.put(sheet, 0, 0, title, "heading")
    lines = list(_guide_lines(results))
    for row, line in enumerate(lines, start=2):
        book.put(sheet, row, 0, line, "plain")
        sheet.set_row(row, LINE_HEIGHT * lines_in(line, _GUIDE_WIDTH) + 4)
    for row, kind in enumerate(SHEETS, start=len(lines) + 3):
        book.put(sheet, row, 0, f"{kind.name}：{kind.purpose}。", "plain")
    book.put(sheet, len(lines) + len(SHEETS) + 4, 0, stamp_line(results.standing), "stamp")
    book.widths(sheet, [_GUIDE_WIDTH])


def _guide_lines(results: Results) -> Iterator[str]:
    yield (
        f"本表就是用来做决定的表。做法：在黄色的格子里选或填，签上理由、决定人、日期（如 2024-06-01），另存为“{WORKBOOK_NAME}”，"
        "放在输入文件夹的最上层（原来已有的，用它替换），重新运行。"
    )
    yield "签了的行才算数：理由、决定人、日期缺一样，这一行就不采用，并作为问题列出；黄色格子什么都没填的行略过，不用删。"
    yield f"本文件改名之前（文件名还带着“建议”）不会被读取；只认输入文件夹最上层的“{WORKBOOK_NAME}”这一个文件。"
    yield "备好的行已填好原值和编号，不要改；行不够，在空行上接着填，没有行数限制。每个决定都会列在各份结果里；原值以后改了，决定自动失效并提示。"
    if results.signed:
        yield f"原来已签署的 {len(results.signed)} 行都带过来了，排在各表最前面，另存后照样有效。"
    named = sum(decision.kind == NAMES_EXPERTS for decision, _ in results.signed)
    if named:
        yield f"其中“{NAMES_EXPERTS}”的 {named} 行写着专家姓名，没有列在这里，请从原来的“{WORKBOOK_NAME}”里复制过来。"
    refused = sum(issue.code in _REFUSED for issue in results.issues)
    if refused:
        yield f"原来的“{WORKBOOK_NAME}”里有 {refused} 行没有采用（原因见问题清单），没有带过来，仍有疑问的请在备好的行里重新决定。"


def _write_sheet(
    book: Book, sheet: LiveSheet, kind: DecisionSheet, rows: Sequence[Suggested], choices: Choices
) -> None:
    """One kind of decision: the known cells white, those that a person fills in yellow, with what can be chosen."""
    columns = (*kind.columns, *SIGNED)
    listed = [*(Column(column.id, column.header, column.width) for column in columns), _ABOUT]
    book.header(sheet, 0, listed)
    plain = book.look("plain", **_TYPED)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, plain)
    sheet.freeze_panes(1, 0)
    blank = Suggested(kind.name, {}, "")
    every = [*rows, *[blank] * _SPARE_ROWS]
    book.rows(sheet, 1, listed, ([*(_cell(column, row) for column in columns), row.about] for row in every))
    for number, column in enumerate(columns):
        for first, last, validation in _validations(column, kind, rows, choices):
            if validation:
                sheet.data_validation(first, number, last, number, validation)


def _cell(column: DecisionColumn, row: Suggested) -> Cell:
    """A cell of the form: what is known, else a yellow one."""
    if row.known.get(column.id) or (row.known and column.optional):
        return row.known.get(column.id, "")
    return Styled("", "input_left" if column.width > 20 else "input", _TYPED)


def _validations(
    column: DecisionColumn, kind: DecisionSheet, rows: Sequence[Suggested], choices: Choices
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """(first row, last row, validation) of one column of a sheet."""
    first_blank = len(rows) + 1
    if column.id in ("adopted", "file"):
        name, key = (ALTERNATIVES, "ruling") if column.id == "adopted" else (COMPANY_FILES, "company")
        for number, row in enumerate(rows, start=1):
            yield number, number, choices.one_of(name, row.known.get(key, ""), row.files)
        key_column = [entry.id for entry in kind.columns].index(key)
        yield first_blank, _LAST_ROW, choices.dependent(name, f"${cell_address(first_blank, key_column)}")
        return
    if column.id == "county":
        yield 1, _LAST_ROW, choices.whole(COUNTIES)
    elif column.id == "company":
        yield 1, _LAST_ROW, choices.whole(COMPANIES)
    elif column.id == "indicator":
        yield 1, _LAST_ROW, choices.whole(ITEMS)
    elif column.id == "ruling":
        yield 1, _LAST_ROW, choices.whole(TOPICS)
    elif column.id == "part":
        yield 1, _LAST_ROW, drop_down(["N", "M"])
