"""Sheet 专家 of 审计底稿: every mark, and under each company's experts what they come to, as formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from pipeline.model.results import Results
from pipeline.writers.audit.plan import MARKS_SHEET, Plan, listing_place
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.live import Link, Live, sheet_name
from pipeline.writers.book.workbook import Book, Styled
from pipeline.writers.layout.audit import mark_columns

_MARK_WORDS = {"recused": "回避", "error": "有误"}
_FIRST_MARK = 3  # columns before the marks: county, company, expert


@dataclass
class MarkRows:
    """The rows of 专家. merged: (company key, item) -> cell with the merged mark; target: key -> its first row."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    merged: dict[tuple[str, str], str] = field(default_factory=dict)
    target: dict[str, str] = field(default_factory=dict)


def write_marks(book: Book, results: Results, marks: MarkRows) -> None:
    columns = mark_columns(results.rulebook)
    write_listing(
        book, MARKS_SHEET, columns, marks.rows, results.standing, frozen_columns=3, empty="没有收到专家评分。"
    )


def mark_rows(results: Results, plan: Plan, places: Mapping[str, tuple[str, str]]) -> MarkRows:
    """Per company and expert the marks of the expert items and where they stand; under each company's experts a row
    with what all marks of an item come to."""
    items = [item.id for item in results.rulebook.expert_indicators]
    expert = results.scores[results.scores["expert_score"].notna()]
    merged = dict(zip(zip(expert["key"], expert["indicator"], strict=True), expert["expert_score"], strict=True))
    made = MarkRows()
    for key, block in _blocks(results.marks).items():
        county, name = places.get(key, ("", key))
        first = len(made.rows)
        made.target[key] = plan.link_to_listing(MARKS_SHEET, first)
        shown = [[_shown(given.get(item, ())) for item in items] for given in block.values()]
        for number, ((expert_name, file, sheet), given) in enumerate(block.items()):
            cells = "、".join(cell for entries in given.values() for _, _, cell in entries)
            own = name if number else Link(name, plan.link_to_score(key))
            made.rows.append((county, own, expert_name, *shown[number], file, sheet, cells))
        sheet, row = _place(len(made.rows))
        scores = []
        for column, item in enumerate(items):
            letter = xl_col_to_name(_FIRST_MARK + column)
            numbers = [offset for offset, cells in enumerate(shown) if type(cells[column]) is float]
            formula = _merging(_arguments(block, item, letter, first, numbers), plan)
            cell = Live(formula, merged.get((key, item))) if formula and key in plan.score_row else Styled(None)
            scores.append(cell._replace(role="merged_points"))
            if isinstance(cell, Live):
                made.merged[key, item] = f"{sheet}!${letter}${row}"
        made.rows.append((county, name, Styled("合成得分", "merged"), *scores, "", "", ""))
    return made


def _place(number: int) -> tuple[str, int]:
    """Sheet (as formulas write it) and row of the listing's row `number`."""
    sheet, row = listing_place(MARKS_SHEET, number)
    return sheet_name(sheet), row


Entry = tuple[str, float, str]  # state, mark, cell
Block = dict[tuple[str, str, str], dict[str, list[Entry]]]


def _blocks(marks: pd.DataFrame) -> dict[str, Block]:
    """Company key -> (expert, file, sheet) -> item -> its entries: one row of 专家 each, experts by name."""
    ordered = marks.sort_values("expert", kind="stable")
    blocks: dict[str, Block] = {key: {} for key in marks["key"]}
    columns = (ordered[name].tolist() for name in ("key", "expert", "where", "indicator", "state", "mark"))
    for key, expert, where, indicator, state, mark in zip(*columns, strict=True):
        given = blocks[key].setdefault((expert, where.file, where.sheet), {})
        given.setdefault(indicator, []).append((state, mark, where.cell))
    return blocks


def _shown(entries: Sequence[Entry]) -> Any:
    """A mark as a number, a recusal or an error as a word; entries of one row that differ all, in one text."""
    if len(entries) == 1 and entries[0][0] == "given":
        return entries[0][1]
    words = dict.fromkeys(
        mark if state == "given" else _MARK_WORDS[state] for state, mark, _ in entries if state != "blank"
    )
    if len(words) > 1:
        return "、".join(f"{word:g}" if isinstance(word, float) else word for word in words)
    word = next(iter(words), "")
    return Styled(word, "error_center") if word == "有误" else word


def _arguments(block: Block, item: str, letter: str, first: int, numbers: list[int]) -> str:
    """The marks of one item that count, as arguments of SUM or MEDIAN: the whole column of the company's experts, or
    single cells where an expert marked twice (equal marks count once, different ones not at all); "" without any.
    numbers: the rows of the block whose cell holds a mark as a number."""
    counted, typed = numbers, []
    if len({expert for expert, _, _ in block}) < len(block) or len(numbers) < sum(
        state == "given" for given in block.values() for state, _, _ in given.get(item, ())
    ):
        counted, typed = _counted_once(block, item, numbers)
    if counted == numbers and not typed:
        rows = [_place(first + offset)[1] for offset in (0, len(block) - 1)]
        return f"{letter}{rows[0]}:{letter}{rows[1]}"
    return ",".join([*(f"{letter}{_place(first + offset)[1]}" for offset in counted), *typed])


def _counted_once(block: Block, item: str, numbers: list[int]) -> tuple[list[int], list[str]]:
    """The rows whose mark counts, one per expert without contradiction, and marks whose cell says more than that."""
    by_expert: dict[str, list[tuple[int, str, float]]] = {}
    for offset, ((expert, _, _), given) in enumerate(block.items()):
        by_expert.setdefault(expert, []).extend((offset, state, mark) for state, mark, _ in given.get(item, ()))
    counted, typed = [], []
    for entries in by_expert.values():
        meant = {mark if state == "given" else None for _, state, mark in entries if state in ("given", "recused")}
        if len(meant) != 1 or None in meant:
            continue
        own = [offset for offset, state, _ in entries if state == "given" and offset in numbers]
        counted += own[:1]
        typed += [] if own else [f"{mark!r}" for mark in meant]
    return counted, typed


def _merging(marks: str, plan: Plan) -> str:
    """What the marks of an item come to, blank without any."""
    if not marks:
        return ""
    method = plan.rulebook.experts.method
    merged = f"MEDIAN({marks})" if method == "median" else f"AVERAGE({marks})"
    if method == "trimmed":
        trimmed = f"(SUM({marks})-MAX({marks})-MIN({marks}))/(COUNT({marks})-2)"
        merged = f"IF(COUNT({marks})>={plan.rules.parameters['trim_from']},{trimmed},{merged})"
    return f'IF(COUNT({marks})=0,"",{merged})'
