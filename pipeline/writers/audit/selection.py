"""Sheets 名额 and 拟认定 of 审计底稿: every quota, and for each ranked company by which line it is selected, as formulas.

A company counts as 1 until a line takes it and as 0 behind it. Of companies with equal totals across a line each keeps the
share that is left of them, so that the lines behind it see as many companies as are left however the tie is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.model.results import Results
from pipeline.model.selected import BY_CITY, BY_COUNTY, BY_SCORE, NOT_SELECTED, SELECTED, UNDECIDED
from pipeline.writers.audit.plan import SCORES_SHEET, Plan, letters_of
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.live import Link, Live
from pipeline.writers.book.workbook import Book, Cell, Column
from pipeline.writers.layout.common import scoped
from pipeline.writers.layout.selection import (
    QUOTAS,
    QUOTAS_SHEET,
    SELECTED_COMPANIES,
    SELECTED_SHEET,
    step_columns,
)

_FIRST = 2  # row of the first company and of the first line, as Excel counts
_SMALL = "0.000001"
_REGION_OF = {BY_COUNTY: ("city", "county"), BY_CITY: ("city",)}  # kind -> the fields that a line of it goes by


@dataclass(frozen=True)
class _Cells:
    """The columns of sheet 拟认定, and the ranges that its formulas and those of 名额 refer to."""

    kinds: Sequence[str]
    columns: tuple[Column, ...]
    letters: Mapping[str, str]
    last: int
    last_line: int
    tie: str

    def among(self, field: str, sheet: str = "") -> str:
        """The cells of one column of 拟认定 in the rows of all companies."""
        letter = self.letters[field]
        return f"{sheet}${letter}${_FIRST}:${letter}${self.last}"

    def before(self, kind: str) -> str:
        """The field that holds what is left of a company before the lines of one kind."""
        number = self.kinds.index(kind)
        return f"{self.kinds[number - 1]}:left" if number else "candidate"


def write_selection(book: Book, results: Results, plan: Plan) -> None:
    """Writes both sheets; nothing when the rulebook selects nobody."""
    if not results.selected.asked_for:
        return
    cells = _cells_of(results, plan)
    write_listing(
        book,
        SELECTED_SHEET,
        cells.columns,
        _company_rows(results, plan, cells),
        results.standing,
        frozen_columns=4,
    )
    write_listing(book, QUOTAS_SHEET, QUOTAS, _line_rows(results, cells), results.standing)


def _cells_of(results: Results, plan: Plan) -> _Cells:
    kinds = list(dict.fromkeys(results.selected.lines["kind"]))
    columns = (
        *scoped(SELECTED_COMPANIES, results.rulebook.scope),
        *(column for kind in kinds for column in step_columns(kind)),
    )
    competing = max(0, plan.competing[1] - plan.competing[0] + 1)
    last, last_line = _FIRST + max(1, competing) - 1, _FIRST + len(results.selected.lines) - 1
    return _Cells(kinds, columns, letters_of(columns), last, last_line, results.rulebook.selection.tie)


# ---------------------------------------------------------------- 拟认定


def _company_rows(results: Results, plan: Plan, cells: _Cells) -> Iterator[list[Cell]]:
    """A row for every company that competes in 得分, in its order, so that one that gets its rank there moves in here."""
    selected = {row["key"]: row for row in results.selected.companies.to_dict("records")}
    steps = {(row["key"], row["kind"]): row for row in results.selected.steps.to_dict("records")}
    rows = results.totals.head(max(0, plan.competing[1] - plan.competing[0] + 1))
    for number, row in enumerate(rows.to_dict("records"), start=_FIRST):
        key, ranked = row["key"], selected.get(row["key"])
        stored = {"rank": row["rank"], "total": row["total"], "state": "", "by": "", "candidate": None}
        if ranked is None:
            stored |= {"rank": None, "total": None}
        else:
            stored |= {"state": ranked["state"], "by": ranked["by"], "candidate": 1}
            stored |= {
                f"{kind}:{name}": steps[key, kind][name] for kind in cells.kinds for name in ("room", "better", "left")
            }
        fixed = {"city": row["city"], "county": row["county"], "company": Link(row["company"], plan.link_to_score(key))}
        formulas = _formulas(cells, plan, plan.score_row[key], number)
        yield [
            fixed[column.id] if column.id in fixed else Live(formulas[column.id], stored.get(column.id))
            for column in cells.columns
        ]


def _formulas(cells: _Cells, plan: Plan, score_row: int, row: int) -> dict[str, str]:
    """Field -> formula for the company in `row`, which stands in `score_row` of 得分."""
    at = {field: f"{letter}{row}" for field, letter in cells.letters.items()}
    total = at["total"]
    score = {name: f"{SCORES_SHEET}!${plan.letter(name)}${score_row}" for name in ("rank", "compared")}
    formulas = {
        "rank": f'IF({score["rank"]}="","",{score["rank"]})',
        "total": f'IF({score["compared"]}="","",{score["compared"]})',
        "candidate": f'IF({total}="","",1)',
    }
    for kind in cells.kinds:
        formulas |= {f"{kind}:{name}": formula for name, formula in _step_formulas(cells, kind, at).items()}
    left = at[f"{cells.kinds[-1]}:left"]
    formulas["state"] = (
        f'IF({total}="","",IF({left}<{_SMALL},"{SELECTED}",IF({left}>1-{_SMALL},"{NOT_SELECTED}","{UNDECIDED}")))'
    )
    taken = "&".join(
        f'IF({at[cells.before(kind)]}-{at[f"{kind}:left"]}>{_SMALL},"{kind}、","")' for kind in cells.kinds
    )
    formulas["by"] = f'IF({total}="","",IF({left}>1-{_SMALL},"",LEFT({taken},LEN({taken})-1)))'
    return formulas


def _step_formulas(cells: _Cells, kind: str, at: Mapping[str, str]) -> dict[str, str]:
    """Field -> formula of the three columns behind one kind of line."""
    total, before = at["total"], at[cells.before(kind)]
    if kind == BY_SCORE:
        least = f"ROUND({_quota(cells, kind, at)},9)"
        return {
            "room": f'IF({total}="","",0)',
            "better": f'IF({total}="","",0)',
            "left": f'IF({total}="","",IF({total}>={least},0,{before}))',
        }
    room, better = at[f"{kind}:room"], at[f"{kind}:better"]
    amounts, region = cells.among(cells.before(kind)), _REGION_OF.get(kind, ())
    known = [f"{cells.among(field)},{at[field]}" for field in region]
    left_of, count = _call("SUMIFS", amounts, *known, f'{amounts},">=0"'), _call("COUNTIFS", *known, f'{amounts},">=0"')
    blank = "".join(f',{at[field]}=""' for field in region)
    equal = _call("SUMIFS", amounts, *known, f"{cells.among('total')},{total}")
    ahead = _call("SUMIFS", amounts, *known, f'{cells.among("total")},">"&{total}')
    tied = {"ask": f"{before}*(1-({room}-{better})/{equal})", "in": "0", "out": before}[cells.tie]
    return {
        "room": f'IF({total}="","",IF(OR(FALSE{blank}),0,MAX(0,ROUND({_quota(cells, kind, at)}-{count}+{left_of},6))))',
        "better": f'IF({total}="","",IF({room}=0,0,ROUND({ahead},6)))',
        "left": (
            f'IF({total}="","",IF({room}=0,{before},IF({better}+{equal}<={room}+{_SMALL},0,'
            f"IF({better}>={room}-{_SMALL},{before},{tied}))))"
        ),
    }


def _call(function: str, *arguments: str) -> str:
    return f"{function}({','.join(arguments)})"


def _quota(cells: _Cells, kind: str, at: Mapping[str, str]) -> str:
    """The figure of the company's line in sheet 名额; 0 without one."""
    letters = letters_of(QUOTAS)

    def column(field: str) -> str:
        return f"{QUOTAS_SHEET}!${letters[field]}${_FIRST}:${letters[field]}${cells.last_line}"

    conditions = [f'{column("kind")},"{kind}"', *(f"{column(field)},{at[field]}" for field in _REGION_OF.get(kind, ()))]
    return _call("SUMIFS", column("quota"), *conditions)


# ---------------------------------------------------------------- 名额


def _line_rows(results: Results, cells: _Cells) -> Iterator[list[Cell]]:
    for row, line in enumerate(results.selected.lines.to_dict("records"), start=_FIRST):
        formulas = _line_formulas(cells, str(line["kind"]), row)
        quota = line["score"] if line["kind"] == BY_SCORE else line["quota"]
        fixed: dict[str, Any] = {"kind": line["kind"], "city": line["city"], "county": line["county"], "quota": quota}
        yield [
            fixed[column.id] if column.id in fixed else Live(formulas[column.id], line[column.id]) for column in QUOTAS
        ]


def _line_formulas(cells: _Cells, kind: str, row: int) -> dict[str, str]:
    """Field -> formula: candidates, how many the line takes, and of how many it takes only some."""
    letters, sheet = letters_of(QUOTAS), f"{SELECTED_SHEET}!"
    region = [f"{cells.among(field, sheet)},${letters[field]}{row}" for field in _REGION_OF.get(kind, ())]
    before, left = (cells.among(field, sheet) for field in (cells.before(kind), f"{kind}:left"))
    alike = "".join(f"*({cells.among(field, sheet)}=${letters[field]}{row})" for field in _REGION_OF.get(kind, ()))
    sums = [_call("SUMIFS", amounts, *region, f'{amounts},">=0"') for amounts in (before, left)]
    return {
        "candidates": _call("COUNTIFS", *region, f'{before},">=0"'),
        "taken": f"ROUND({sums[0]}-{sums[1]},0)",
        "tied": f"SUMPRODUCT(ISNUMBER({left})*({left}>{_SMALL})*({left}<{before}){alike})",
    }
