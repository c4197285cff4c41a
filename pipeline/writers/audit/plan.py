"""The addresses of all figures of 审计底稿, for the formulas and links between its sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import STATUS_ORDER
from pipeline.writers.book import workbook as books
from pipeline.writers.book.live import cell_at
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.audit import (
    ANSWERS,
    BANDS,
    FIRST_SCORE_ROW,
    INDICATORS,
    PARAMETERS,
    limit_columns,
    score_columns,
)

SCORES_SHEET, ANSWERS_SHEET, RANKINGS_SHEET, MARKS_SHEET, RULES_SHEET = "得分", "原始值", "横向排名", "专家", "规则"
_COMPETING = STATUS_ORDER[:3]  # the first in the order of rows, so that one range holds them all

# 规则: the row of the first table's heading, as Excel counts. A table has a heading, a header and its rows.
_FIRST_TABLE = 5


@dataclass(frozen=True)
class RuleCells:
    """The cells of 规则 that formulas refer to, as absolute references.

    points, ranked, limits: by indicator, its points, the number of ranked companies, the last rank of every band but the
    last. shares: by band, the share of the ranked companies at which it ends. parameters: by name. band_labels,
    band_table: ranges; the table has the columns BANDS, its last row is the value 0. top:
    table -> the row of its heading, as Excel counts."""

    points: Mapping[str, str]
    ranked: Mapping[str, str]
    limits: Mapping[str, Sequence[str]]
    shares: Sequence[str]
    parameters: Mapping[str, str]
    band_labels: str
    band_table: str
    top: Mapping[str, int]


def rule_cells(rulebook: Rulebook) -> RuleCells:
    """The cells of 规则, whose tables stand below each other with an empty row between them."""
    indicator, band, parameter = (letters_of(columns) for columns in (INDICATORS, BANDS, PARAMETERS))
    limit = letters_of(limit_columns(rulebook))
    bands = len(rulebook.bands)
    sizes = {
        "indicators": len(rulebook.indicators),
        "bands": bands + 1,
        "parameters": len(parameter_names(rulebook)),
        "limits": len(rulebook.ratio_indicators),
    }
    top, next_top = {}, _FIRST_TABLE
    for table, size in sizes.items():
        top[table] = next_top
        next_top += size + 3
    first = {table: row + 2 for table, row in top.items()}
    band_row = first["bands"]
    items = enumerate(rulebook.indicators, start=first["indicators"])
    parameters = list(enumerate(parameter_names(rulebook), start=first["parameters"]))
    ratio = [(row, item.id) for row, item in enumerate(rulebook.ratio_indicators, start=first["limits"])]
    return RuleCells(
        points={item.id: cell_at(RULES_SHEET, indicator["points"], row) for row, item in items},
        ranked={item: cell_at(RULES_SHEET, limit["ranked"], row) for row, item in ratio},
        limits={
            item: [cell_at(RULES_SHEET, limit[f"limit_{level}"], row) for level in range(bands - 1)]
            for row, item in ratio
        },
        shares=[cell_at(RULES_SHEET, band["share"], band_row + level) for level in range(bands)],
        parameters={name: cell_at(RULES_SHEET, parameter["value"], row) for row, name in parameters},
        band_labels=f"{RULES_SHEET}!${band['label']}${band_row}:${band['label']}${band_row + bands - 1}",
        band_table=f"{RULES_SHEET}!${band['label']}${band_row}:${band['coefficient']}${band_row + bands}",
        top={**top, "rulings": next_top},
    )


def letters_of(columns: Sequence[Column]) -> dict[str, str]:
    """Field -> the letters of its column."""
    return {column.id: xl_col_to_name(number) for number, column in enumerate(columns)}


def parameter_names(rulebook: Rulebook) -> list[str]:
    """The names of the figures in table 其他参数 of 规则."""
    return ["self_share", "peer_share", *(["trim_from"] if rulebook.experts.method == "trimmed" else [])]


@dataclass(frozen=True)
class Plan:
    """The rows and columns of one run's 审计底稿.

    columns: of 得分, the helpers for formulas at the end. score_row: company key -> row of 得分, as Excel counts.
    competing: the first and last row of 得分 with a company that competes; last < first when none does. answer_number:
    (key, indicator) -> row of the listings 原始值 and 横向排名, counted from 0 below the header. company_answers: key -> the
    first of these rows. names: key -> county and company."""

    rulebook: Rulebook
    columns: tuple[Column, ...]
    score_row: Mapping[str, int]
    competing: tuple[int, int]
    answer_number: Mapping[tuple[str, str], int]
    company_answers: Mapping[str, int]
    names: Mapping[str, tuple[str, str]]
    rules: RuleCells

    @cached_property
    def letters(self) -> list[str]:
        return [xl_col_to_name(number) for number in range(len(self.columns))]

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Field of 得分 -> the index of its column."""
        return {column.id: number for number, column in enumerate(self.columns)}

    @cached_property
    def answer_letters(self) -> dict[str, str]:
        """Field of 原始值 -> the letters of its column."""
        return letters_of(ANSWERS)

    def county_and_company(self, key: str) -> tuple[str, str]:
        """The county and the name of a company; the key itself for one without totals."""
        return self.names.get(key, ("", key))

    @property
    def nobody_competes(self) -> bool:
        return self.competing[1] < self.competing[0]

    def letter(self, field: str) -> str:
        return self.letters[self.number_of[field]]

    def among(self, field: str) -> str:
        """The cells of one column of 得分 in the rows of the companies that compete: T$4:T$903."""
        letter, (first, last) = self.letter(field), self.competing
        return f"{letter}${first}:{letter}${last}"

    def link_to_score(self, key: str) -> str:
        """The link target for a company: its row of 得分; "" when it has none."""
        return f"'{SCORES_SHEET}'!{self.letter('company')}{self.score_row[key]}" if key in self.score_row else ""

    def link_to_answers(self, sheet: str, key: str) -> str:
        """The link target for a company's first row in 原始值 or 横向排名; "" without a form."""
        return self.link_to_listing(sheet, self.company_answers.get(key))

    def link_to_listing(self, sheet: str, number: int | None) -> str:
        """The link target for row `number` of a listing, counted from 0 below the header; "" for None."""
        if number is None:
            return ""
        name, row = listing_row(sheet, number)
        return f"'{name}'!B{row}"


def listing_row(sheet: str, number: int) -> tuple[str, int]:
    """The sheet and the row, as Excel counts, of row `number` (from 0) of a listing, which may continue on further sheets."""
    part, row = divmod(number, books.MAX_ROWS)
    return (sheet if part == 0 else f"{sheet}（{part + 1}）"), row + 2


def plan_of(results: Results) -> Plan:
    """The plan of 审计底稿 for these results."""
    rulebook, totals = results.rulebook, results.totals
    competing = int(totals["status"].isin(_COMPETING).sum())
    pairs = list(zip(results.answers["key"], results.answers["indicator"], strict=True))
    counties_and_companies = zip(totals["county"].tolist(), totals["company"].tolist(), strict=True)
    company_answers: dict[str, int] = {}
    for number, (key, _) in enumerate(pairs):
        company_answers.setdefault(key, number)
    return Plan(
        rulebook=rulebook,
        columns=score_columns(rulebook, trial=not results.standing.final),
        score_row={key: FIRST_SCORE_ROW + number for number, key in enumerate(totals["key"])},
        competing=(FIRST_SCORE_ROW, FIRST_SCORE_ROW + competing - 1),
        answer_number={pair: number for number, pair in enumerate(pairs)},
        company_answers=company_answers,
        names=dict(zip(totals["key"].tolist(), counties_and_companies, strict=True)),
        rules=rule_cells(rulebook),
    )
