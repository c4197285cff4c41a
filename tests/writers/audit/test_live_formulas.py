"""The formulas of 审计底稿 and 附件3, calculated by LibreOffice without the stored results, give every one of them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from pipeline.model.alternatives import choice_text
from pipeline.model.results import Results
from pipeline.model.rulebook import Alternative, Rulebook
from pipeline.model.rulebook_file import with_rulings
from pipeline.run import Options, compute
from pipeline.writers.audit.plan import Plan, plan_of
from pipeline.writers.audit.workbook import write_audit
from pipeline.writers.book import workbook as writers_book
from pipeline.writers.official.pool import write_progress
from tests.support import ROOT
from tests.support.live_province import Tables, province, worked_out
from tests.support.recalculation import (
    Address,
    alike,
    differences,
    formula_cells,
    recalculated,
    strip_results,
    values_of,
)
from tests.support.results_builder import build_results

SAMPLE = ROOT / "sample_inputs"
# Functions of Excel 2007 and 2010 that WPS and LibreOffice have too.
FUNCTIONS = {
    "AND",
    "AVERAGE",
    "COUNT",
    "COUNTIF",
    "COUNTIFS",
    "IF",
    "LEFT",
    "LEN",
    "INDEX",
    "ISNUMBER",
    "MAX",
    "MEDIAN",
    "MIN",
    "N",
    "OR",
    "RANK",
    "ROUND",
    "ROUNDUP",
    "SUM",
    "SUMIFS",
    "SUMPRODUCT",
    "VLOOKUP",
}

_FIGURES = {"places": Decimal(40), "least_score": Decimal("52.5"), "each_city": Decimal(3), "each_county": Decimal(2)}


def alternatives(rulebook: Rulebook) -> dict[str, Rulebook]:
    """Rulebooks under other rulings, several at a time, so that every alternative of every ruling is in one of them."""
    most = max(len(ruling.alternatives) for ruling in rulebook.rulings)
    others = {
        ruling.id: [_choice(choice) for choice in ruling.alternatives if choice.id != ruling.adopted]
        for ruling in rulebook.rulings
    }
    return {
        f"other rulings {number}": with_rulings(
            rulebook, {ruling: choices[min(number, len(choices) - 1)] for ruling, choices in others.items()}
        )
        for number in range(most - 1)
    }


def _choice(alternative: Alternative) -> str:
    """The alternative, with a figure that fits where it asks for one."""
    return choice_text(alternative.id, _FIGURES[alternative.id] if alternative.asks else None)


class Question(NamedTuple):
    """What if some cells of 审计底稿 held other figures: the cells, and the program's own results with them."""

    changes: dict[Address, float]
    expected: Results


def questions(tables: Tables, results: Results) -> dict[str, Question]:
    rulebook, plan = results.rulebook, plan_of(results)
    best = results.totals["key"].iloc[0]
    wanted = {(best, "cloud_storage"): (0.0, 0.0), (best, "research"): (3.0, 12.0), _mendable(results): (2.0, 4.0)}
    cells = {
        _answer_cell(plan, pair, part): figure
        for pair, figures in wanted.items()
        for part, figure in zip(("n", "m"), figures, strict=True)
    }
    mended = {pair: {"n": n, "m": m, "valid": True} for pair, (n, m) in wanted.items()}
    answers = [row | mended.get((row["key"], row["indicator"]), {}) for row in tables.answers]
    mark_cell, marks = _another_mark(tables, results)
    sum_rows = {item.id: item.m_sum_of for item in rulebook.indicators if item.m_sum_of}
    answers = [row | _summed(row, answers, sum_rows) for row in answers]
    other = with_rulings(rulebook, {"item_score": "self_60", "bands": "quarters"})
    shares = dict(zip(plan.rules.shares, (0.25, 0.5, 0.75), strict=False))
    shares |= {plan.rules.parameters["self_share"]: 0.6, plan.rules.parameters["peer_share"]: 0.4}
    return {
        "other figures": Question(
            {**cells, mark_cell: 4.0}, worked_out(tables._replace(answers=answers, marks=marks), rulebook)
        ),
        "other parameters": Question(
            {_address(cell): figure for cell, figure in shares.items()}, worked_out(tables, other)
        ),
    }


def _summed(row: dict, answers: list[dict], sum_rows: Mapping[str, tuple[str, ...]]) -> dict:
    """M of an item that is a sum of other items' N, after one of those has changed."""
    if row["indicator"] not in sum_rows:
        return {}
    parts = [own for own in answers if own["key"] == row["key"] and own["indicator"] in sum_rows[row["indicator"]]]
    whole = all(own["valid"] for own in parts)
    m = sum(own["n"] for own in parts) if whole else None
    return {"m": m, "valid": whole and not (row["n"] > 0 and m == 0)}


def _answer_cell(plan: Plan, pair: tuple[str, str], part: str) -> Address:
    return "原始值", f"{plan.answer_letters[part]}{plan.answer_number[pair] + 2}"


def _address(cell: str) -> Address:
    sheet, _, reference = cell.replace("$", "").partition("!")
    return sheet, reference


def _mendable(results: Results) -> tuple[str, str]:
    """A company with a place in brackets, and an item of it in error that no other item depends on."""
    provisional = results.totals.loc[results.totals["status"] == "暂排", "key"]
    sums = [item for item in results.rulebook.indicators if item.m_sum_of]
    summed = {name for item in sums for name in (item.id, *item.m_sum_of)}
    wrong = results.answers[~results.answers["valid"] & results.answers["key"].isin(provisional)]
    wrong = wrong[~wrong["indicator"].isin(summed)]
    return wrong["key"].iloc[0], wrong["indicator"].iloc[0]


def _another_mark(tables: Tables, results: Results) -> tuple[Address, list[dict]]:
    """The first cell of 专家 with a mark of an expert who marked but once, and the marks if it said 4."""
    marks = results.marks[results.marks["key"] == results.totals["key"].iloc[0]]
    first = marks[marks["expert"] == marks["expert"].min()]
    once = first[~first.duplicated("indicator", keep=False) & (first["state"] == "given")].iloc[0]
    items = [item.id for item in results.rulebook.expert_indicators]
    changed = [
        mark | {"mark": 4.0} if all(mark[name] == once[name] for name in ("key", "expert", "indicator")) else mark
        for mark in tables.marks
    ]
    return ("专家", f"{'DEFGHI'[items.index(once['indicator'])]}2"), changed


class Recalculated(NamedTuple):
    """A workbook as written, and every value of it as LibreOffice works it out."""

    path: Path
    values: dict[Address, float | str]


@pytest.fixture(scope="module")
def tables(rulebook: Rulebook) -> Tables:
    return province(rulebook)


@pytest.fixture(scope="module")
def books(
    tables: Tables, rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory, libreoffice: str
) -> dict[str, Recalculated]:
    """Every workbook of these tests by its name; LibreOffice is started once for all of them."""
    folder = tmp_path_factory.mktemp("live")
    results = worked_out(tables, rulebook)
    written: dict[str, Results] = {"adopted": results, "no marks": worked_out(tables._replace(marks=[]), rulebook)}
    written |= {name: worked_out(tables, choice) for name, choice in alternatives(rulebook).items()}
    nobody = [company | {"nominated": False} for company in tables.enterprises]
    written["nobody competes"] = worked_out(tables._replace(enterprises=nobody), rulebook)
    written["sample"] = compute([SAMPLE], rulebook, Options(1))
    changes: dict[str, Mapping[Address, float]] = {}
    for name, question in questions(tables, results).items():
        written[name], changes[name] = results, question.changes
    for name, shown in written.items():
        write_audit(folder / f"{name}.xlsx", shown)
    write_progress(folder / "progress.xlsx", build_results())
    bare = folder / "bare"
    bare.mkdir()
    names = [*written, "progress"]
    for name in names:
        strip_results(folder / f"{name}.xlsx", bare / f"{name}.xlsx", changes.get(name))
    values = recalculated([bare / f"{name}.xlsx" for name in names], folder, libreoffice)
    return {name: Recalculated(folder / f"{name}.xlsx", found) for name, found in zip(names, values, strict=True)}


def test_every_formula_comes_to_its_stored_result(books: dict[str, Recalculated], rulebook: Rulebook) -> None:
    checked = {"adopted", "no marks", "nobody competes", "sample", "progress", *alternatives(rulebook)}
    for name in sorted(checked):
        cells = formula_cells(books[name].path)
        assert len(cells) >= (50 if name == "progress" else 5000), name
        assert differences(cells, books[name].values)[:5] == [], name


def test_every_alternative_is_tried(rulebook: Rulebook) -> None:
    tried = {(ruling.id, ruling.adopted) for other in alternatives(rulebook).values() for ruling in other.rulings}
    adopted = {(ruling.id, ruling.adopted) for ruling in rulebook.rulings}
    assert tried | adopted == {(ruling.id, choice.id) for ruling in rulebook.rulings for choice in ruling.alternatives}


def test_the_province_holds_every_case(tables: Tables, rulebook: Rulebook) -> None:
    results = worked_out(tables, rulebook)
    assert set(results.totals["status"]) == {"已排名", "暂排", "未评分", "未推荐", "不予推荐", "已剔除"}
    given = results.marks[results.marks["state"] == "given"].groupby(["key", "indicator"]).size()
    assert given.min() == 1 and given.max() >= 5
    n = results.scores.dropna(subset=["rank_n"])
    assert n.duplicated(["indicator", "n"]).any() and (n["band_n"] == "零值").any()


def test_a_change_gives_what_the_program_gives(
    books: dict[str, Recalculated], tables: Tables, rulebook: Rulebook, tmp_path: Path
) -> None:
    results = worked_out(tables, rulebook)
    for name, question in questions(tables, results).items():
        write_audit(tmp_path / "expected.xlsx", question.expected)
        expected = _by_company(values_of(tmp_path / "expected.xlsx"))
        found = _by_company(books[name].values)
        assert expected != _by_company(values_of(books[name].path)), name  # the change changes something
        assert found.keys() == expected.keys(), name
        for company, figures in expected.items():
            unlike = {
                column: (figures.get(column, ""), found[company].get(column, ""))
                for column in figures.keys() | found[company].keys()
                if not alike(figures.get(column, ""), found[company].get(column, ""))
            }
            assert not unlike, (name, company)


def _by_company(values: dict[Address, float | str]) -> dict[str, dict[str, float | str]]:
    """Company -> column -> cell of 得分."""
    rows: dict[str, dict[str, float | str]] = {}
    for (sheet, reference), value in values.items():
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
        if sheet == "得分" and int(row) > 3:
            rows.setdefault(row, {})[letters] = value
    return {str(cells["F"]): cells for cells in rows.values()}


def test_only_functions_of_excel_2010_and_no_array_formulas(books: dict[str, Recalculated]) -> None:
    for name, book in books.items():
        for (sheet, reference), cell in formula_cells(book.path).items():
            used = set(re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub('"[^"]*"', "", cell.formula)))
            assert used <= FUNCTIONS, (name, sheet, reference, cell.formula)
            assert "_xl" not in cell.formula and "[" not in cell.formula and "#REF" not in cell.formula
    with zipfile.ZipFile(books["adopted"].path) as archive:
        parts = b"".join(archive.read(part) for part in archive.namelist() if "worksheets/" in part)
    assert b"<f t=" not in parts and b"<f>=" not in parts


def test_links_lead_to_the_company(books: dict[str, Recalculated]) -> None:
    workbook = openpyxl.load_workbook(books["sample"].path)
    scores = workbook["得分"]
    company = [cell.value for cell in scores[3]].index("企业名称") + 1
    total, expert = ([cell.value for cell in scores[3]].index(name) + 1 for name in ("总分", "专家分\n（25）"))
    followed = set()
    for row in range(4, scores.max_row + 1):
        name = scores.cell(row, company).value
        for column in (company, total, expert):
            if link := scores.cell(row, column).hyperlink:
                assert _target(workbook, link.location) == name
                followed.add(link.location.split("!")[0].strip("'"))
    assert followed == {"原始值", "横向排名", "专家"}
    for sheet in ("原始值", "横向排名", "专家"):
        links = [cell.hyperlink for cell in workbook[sheet]["B"] if cell.hyperlink]
        assert len(links) == len({cell.value for cell in workbook[sheet]["B"][1:] if cell.value})
        assert all(_target(workbook, link.location) == workbook[sheet][link.ref].value for link in links)
    records = workbook["识别记录"]
    assert (
        all(_target(workbook, cell.hyperlink.location) == cell.value for cell in records["A"][1:] if cell.hyperlink)
        and records["A2"].hyperlink
    )


def _target(workbook: openpyxl.Workbook, location: str) -> object:
    """The company in whose row a link ends."""
    sheet, _, cell = location.replace("'", "").partition("!")
    row = re.search(r"\d+", cell).group()
    return workbook[sheet][f"{'F' if sheet == '得分' else 'B'}{row}"].value


def test_a_sheet_holds_no_more_links_than_excel_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers_book, "MAX_LINKS", 3)
    write_audit(tmp_path / "a.xlsx", build_results())
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for name in ("得分", "原始值"):
        assert sum(cell.hyperlink is not None for row in workbook[name].iter_rows() for cell in row) == 3
    assert workbook["得分"]["F9"].value


def test_a_long_listing_is_followed_into_its_second_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = build_results()
    monkeypatch.setattr(writers_book, "MAX_ROWS", 40)
    write_audit(tmp_path / "a.xlsx", results)
    cells = formula_cells(tmp_path / "a.xlsx")
    plan = plan_of(results)
    pair = list(plan.answer_number)[45]
    formula = cells["得分", f"{plan.letter(f'{pair[1]}:m')}{plan.score_row[pair[0]]}"].formula
    assert f"'原始值（2）'!${plan.answer_letters['m']}$7" in formula
