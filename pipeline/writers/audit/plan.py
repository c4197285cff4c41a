"""Where every figure of 审计底稿 stands, so that formulas and links of one sheet find those of another."""

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
from pipeline.writers.layout.audit import ANSWERS, FIRST_SCORE_ROW, score_columns

SCORES_SHEET, ANSWERS_SHEET, RANKINGS_SHEET, MARKS_SHEET, RULES_SHEET = "得分", "原始值", "横向排名", "专家", "规则"
_COMPETING = STATUS_ORDER[:3]  # in the order of the rows, so that they stand together

# 规则: the heading of its first table stands in the fifth row; a table has its heading, its header and its rows.
_FIRST_TABLE = 5
TABLES = ("indicators", "bands", "parameters", "limits")


@dataclass(frozen=True)
class RuleCells:
    """The cells of 规则 that formulas go by: points and number of ranked companies by indicator, parameters by name."""

    points: Mapping[str, str]
    ranked: Mapping[str, str]
    limits: Mapping[str, Sequence[str]]  # the last place of every band but the last
    shares: Sequence[str]  # of the ranked companies, band by band
    parameters: Mapping[str, str]
    band_labels: str
    band_table: str  # label, share, coefficient; the last row is that of the value 0
    top: Mapping[str, int]  # table -> row of its heading, as Excel counts


def rule_cells(rulebook: Rulebook) -> RuleCells:
    """Where the tables of 规则 stand: below each other, an empty row between them."""
    ratio = [item.id for item in rulebook.ratio_indicators]
    bands, parameters = len(rulebook.bands), parameter_names(rulebook)
    sizes = dict(zip(TABLES, (len(rulebook.indicators), bands + 1, len(parameters), len(ratio)), strict=True))
    top, row = {}, _FIRST_TABLE
    for table, size in sizes.items():
        top[table] = row
        row += size + 3
    first = {table: row + 2 for table, row in top.items()}
    band_row = first["bands"]
    items = enumerate(rulebook.indicators, start=first["indicators"])
    return RuleCells(
        points={item.id: cell_at(RULES_SHEET, "F", row) for row, item in items},
        ranked={item: cell_at(RULES_SHEET, "B", first["limits"] + number) for number, item in enumerate(ratio)},
        limits={
            item: [
                cell_at(RULES_SHEET, xl_col_to_name(2 + band), first["limits"] + number) for band in range(bands - 1)
            ]
            for number, item in enumerate(ratio)
        },
        shares=[cell_at(RULES_SHEET, "B", band_row + band) for band in range(bands)],
        parameters={
            name: cell_at(RULES_SHEET, "B", first["parameters"] + number) for number, name in enumerate(parameters)
        },
        band_labels=f"{RULES_SHEET}!$A${band_row}:$A${band_row + bands - 1}",
        band_table=f"{RULES_SHEET}!$A${band_row}:$C${band_row + bands}",
        top={**top, "rulings": row},
    )


def parameter_names(rulebook: Rulebook) -> list[str]:
    """The figures of 规则 that stand in no other table."""
    return ["self_share", "peer_share", *(["trim_from"] if rulebook.experts.method == "trimmed" else [])]


@dataclass(frozen=True)
class Plan:
    """The rows and columns of one run's 审计底稿; rows as Excel counts them."""

    rulebook: Rulebook
    columns: tuple[Column, ...]  # of 得分, its helpers at the end
    score_row: Mapping[str, int]  # company key -> row of 得分
    competing: tuple[int, int]  # first and last row of 得分 with a company that competes; last < first without any
    answer_number: Mapping[
        tuple[str, str], int
    ]  # (key, indicator) -> row of 原始值 and 横向排名, from 0 without headers
    company_answers: Mapping[str, int]  # key -> its first row there
    rules: RuleCells

    @cached_property
    def letters(self) -> list[str]:
        return [xl_col_to_name(number) for number in range(len(self.columns))]

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Field of 得分 -> its column, from 0."""
        return {column.id: number for number, column in enumerate(self.columns)}

    @cached_property
    def answer_letters(self) -> dict[str, str]:
        """Field of 原始值 -> its column."""
        return {column.id: xl_col_to_name(number) for number, column in enumerate(ANSWERS)}

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
        """Where a click on a company leads: its row of 得分; "" when it has none."""
        return f"'{SCORES_SHEET}'!{self.letter('company')}{self.score_row[key]}" if key in self.score_row else ""

    def link_to_answers(self, sheet: str, key: str) -> str:
        """The first row of a company's block in 原始值 or 横向排名; "" without a form."""
        return self.link_to_listing(sheet, self.company_answers.get(key))

    def link_to_listing(self, sheet: str, number: int | None) -> str:
        if number is None:
            return ""
        name, row = listing_place(sheet, number)
        return f"'{name}'!B{row}"


def listing_place(sheet: str, number: int) -> tuple[str, int]:
    """Sheet and row of a listing's row `number` (from 0); a listing too long for a sheet goes on in the next."""
    part, row = divmod(number, books.MAX_ROWS)
    return (sheet if part == 0 else f"{sheet}（{part + 1}）"), row + 2


def plan_of(results: Results) -> Plan:
    rulebook, totals = results.rulebook, results.totals
    competing = int(totals["status"].isin(_COMPETING).sum())
    pairs = list(zip(results.answers["key"], results.answers["indicator"], strict=True))
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
        rules=rule_cells(rulebook),
    )
