"""Sheet 专家 of 审计底稿: every mark, and below the experts of each company the merged marks as formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from pipeline.issues.words import shown_where
from pipeline.model.results import Results
from pipeline.writers.audit.plan import MARKS_SHEET, Plan, listing_row
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.live import Link, Live, sheet_name
from pipeline.writers.book.workbook import Book, Cell, Styled
from pipeline.writers.layout.audit import mark_columns

_STATES = {"recused": "回避", "error": "有误"}
_FIRST_MARK = 3  # the index of the first mark's column, behind county, company and expert

Entry = tuple[str, float, str]  # state, mark, cell
Block = dict[tuple[str, str, str], dict[str, list[Entry]]]  # (expert, file, sheet) -> item -> entries


@dataclass
class MarkRows:
    """The rows of 专家. merged: (company key, item) -> cell of the merged mark; target: key -> its first row, for links."""

    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    merged: dict[tuple[str, str], str] = field(default_factory=dict)
    target: dict[str, str] = field(default_factory=dict)


def write_marks(book: Book, results: Results, marks: MarkRows) -> None:
    """Sheet 专家 with the rows of `mark_rows`."""
    columns = mark_columns(results.rulebook)
    write_listing(
        book, MARKS_SHEET, columns, marks.rows, results.standing, frozen_columns=3, empty="没有收到专家评分。"
    )


def mark_rows(results: Results, plan: Plan) -> MarkRows:
    """Per company a row for each expert, with the marks and their cells, and a row with the merged mark of each item."""
    expert = results.scores[results.scores["expert_score"].notna()]
    merged = dict(zip(zip(expert["key"], expert["indicator"], strict=True), expert["expert_score"], strict=True))
    made = MarkRows()
    for key, block in _blocks(results.marks).items():
        _add_company(made, key, block, merged, plan)
    return made


def _add_company(made: MarkRows, key: str, block: Block, merged: Mapping[tuple[str, str], float], plan: Plan) -> None:
    """Adds one company's rows. A merged mark is a formula where the marks it comes from stand in this sheet."""
    items = [item.id for item in plan.rulebook.expert_indicators]
    county, company = plan.county_and_company(key)
    first = len(made.rows)
    made.target[key] = plan.link_to_listing(MARKS_SHEET, first)
    marks = [[_mark_cell(given.get(item, ())) for item in items] for given in block.values()]
    for number, ((expert, file, sheet), given) in enumerate(block.items()):
        addresses = "、".join(cell for entries in given.values() for _, _, cell in entries)
        name = company if number else Link(company, plan.link_to_score(key))
        made.rows.append((county, name, expert, *marks[number], file, sheet, addresses))
    sheet, row = _sheet_and_row(len(made.rows))
    merged_cells: list[Cell] = []
    for index, item in enumerate(items):
        letters = xl_col_to_name(_FIRST_MARK + index)
        numbers = [offset for offset, cells in enumerate(marks) if type(cells[index]) is float]
        formula = _merging(_arguments(block, item, letters, first, numbers), plan)
        if formula and key in plan.score_row:
            merged_cells.append(Live(formula, merged.get((key, item)), role="merged_points"))
            made.merged[key, item] = f"{sheet}!${letters}${row}"
        else:
            merged_cells.append(Styled(None, "merged_points"))
    made.rows.append((county, company, Styled("合成得分", "merged"), *merged_cells, "", "", ""))


def _sheet_and_row(number: int) -> tuple[str, int]:
    """The sheet, as formulas write it, and the row of row `number` of the listing."""
    sheet, row = listing_row(MARKS_SHEET, number)
    return sheet_name(sheet), row


def _blocks(marks: pd.DataFrame) -> dict[str, Block]:
    """Company key -> the company's experts by name, each a row of 专家."""
    ordered = marks.sort_values("expert", kind="stable")
    blocks: dict[str, Block] = {key: {} for key in marks["key"]}
    columns = (ordered[name].tolist() for name in ("key", "expert", "where", "indicator", "state", "mark"))
    for key, expert, where, indicator, state, mark in zip(*columns, strict=True):
        given = blocks[key].setdefault((expert, *shown_where(where)[:2]), {})
        given.setdefault(indicator, []).append((state, mark, where.cell))
    return blocks


def _mark_cell(entries: Sequence[Entry]) -> Cell:
    """A mark as a number, a recusal or an error as a word; several entries that differ as one text."""
    if len(entries) == 1 and entries[0][0] == "given":
        return entries[0][1]
    words = dict.fromkeys(
        mark if state == "given" else _STATES[state] for state, mark, _ in entries if state != "blank"
    )
    if len(words) > 1:
        return "、".join(f"{word:g}" if isinstance(word, float) else word for word in words)
    word = next(iter(words), "")
    return Styled(word, "error_center") if word == _STATES["error"] else word


def _arguments(block: Block, item: str, letters: str, first: int, numbers: list[int]) -> str:
    """The marks of one item as arguments of SUM or MEDIAN; "" without any.

    That is the range of the company's rows, or single cells where an expert marked twice: equal marks are taken once,
    different ones not at all. numbers: the rows of the block whose cell holds a mark as a number."""
    given = sum(state == "given" for entries in block.values() for state, _, _ in entries.get(item, ()))
    rows, typed = numbers, list[str]()
    if len({expert for expert, _, _ in block}) < len(block) or len(numbers) < given:
        rows, typed = _taken_once(block, item, numbers)
    if rows == numbers and not typed:
        first_row, last_row = (_sheet_and_row(first + offset)[1] for offset in (0, len(block) - 1))
        return f"{letters}{first_row}:{letters}{last_row}"
    return ",".join([*(f"{letters}{_sheet_and_row(first + offset)[1]}" for offset in rows), *typed])


def _taken_once(block: Block, item: str, numbers: list[int]) -> tuple[list[int], list[str]]:
    """The rows of the marks that are taken, one per expert whose entries agree; and the marks, as numbers of a formula,
    whose cell holds more than the number."""
    by_expert: dict[str, list[tuple[int, str, float]]] = {}
    for offset, ((expert, _, _), given) in enumerate(block.items()):
        by_expert.setdefault(expert, []).extend((offset, state, mark) for state, mark, _ in given.get(item, ()))
    rows: list[int] = []
    typed: list[str] = []
    for entries in by_expert.values():
        meant = {mark if state == "given" else None for _, state, mark in entries if state in ("given", "recused")}
        if len(meant) != 1 or None in meant:
            continue
        in_cells = [offset for offset, state, _ in entries if state == "given" and offset in numbers]
        rows += in_cells[:1]
        typed += [] if in_cells else [f"{mark!r}" for mark in meant]
    return rows, typed


def _merging(marks: str, plan: Plan) -> str:
    """The formula that merges the marks of an item, blank without any; "" for no marks."""
    if not marks:
        return ""
    method = plan.rulebook.experts.method
    merged = f"MEDIAN({marks})" if method == "median" else f"AVERAGE({marks})"
    if method == "trimmed":
        trimmed = f"(SUM({marks})-MAX({marks})-MIN({marks}))/(COUNT({marks})-2)"
        merged = f"IF(COUNT({marks})>={plan.rules.parameters['trim_from']},{trimmed},{merged})"
    return f'IF(COUNT({marks})=0,"",{merged})'
