"""数据/: the columns that other programs rely on; numbers and texts that no program misreads."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.issues.catalogue import NUMBER_UNCLEAR, PHONE_INVALID
from pipeline.issues.issue import Issue, numbered
from pipeline.issues.where import Where
from pipeline.issues.words import message_of
from pipeline.model.results import Results
from pipeline.model.tables import FILES, NUMBER, RECOGNISED, SCORES, TEXT, WHOLE, frame
from pipeline.writers.publishing.csv_files import ROWS_AT_ONCE, csv_text, write_data
from tests.support.results_builder import build_results

PROMISED = {
    "totals.csv": "company, city, county, self_total, peer_total, objective_total, expert_total, total, rank,"
    " rank_in_city, rank_in_county, status, missing",
    "scores.csv": "company, indicator, n, m, self_score, rank_n, rank_m, ranked, peer_score, expert_score, score,"
    " n_where, m_where, band_n, band_m, peer_n, peer_m",
    "issues.csv": "id, code, level, file, sheet, cell, company, indicator, found, message, city, county, state",
    "files.csv": "path, sheet, kind, company, city, county, sha256, remark",
    "progress.csv": "level, region, item, value",
    "recognised.csv": "file, sheet, cell, company, indicator, raw, read, adopted, rule",
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def written(folder: Path, **changed) -> dict[str, list[dict[str, str]]]:
    write_data(folder, replace(build_results(), **changed))
    return {name: rows_of(folder / name) for name in PROMISED}


@pytest.fixture(scope="module")
def results() -> Results:
    return build_results()


@pytest.mark.parametrize("name", PROMISED)
def test_columns_are_the_promised_ones(tmp_path: Path, results: Results, name: str):
    write_data(tmp_path / "数据", results)
    content = (tmp_path / "数据" / name).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    header, _, rest = content.decode("utf-8-sig").partition("\r\n")
    assert header.split(",") == PROMISED[name].split(", ")
    assert rest and "\n" not in rest.replace("\r\n", "")


def test_rows_keep_the_order_of_the_tables(tmp_path: Path, results: Results):
    tables = written(tmp_path)
    assert [row["company"] for row in tables["totals.csv"]] == list(results.totals["company"])
    assert [row["indicator"] for row in tables["scores.csv"][:21]] == [item.id for item in results.rulebook.indicators]
    assert [row["id"] for row in tables["issues.csv"]] == [issue.id for issue in results.issues]
    assert [row["path"] for row in tables["files.csv"]] == list(results.files["path"])


def test_the_same_results_give_the_same_bytes(tmp_path: Path):
    for name in ("first", "second"):
        write_data(tmp_path / name, build_results())
    for name in PROMISED:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_blank_figures_are_empty_and_ranks_whole(tmp_path: Path):
    rows = {row["status"]: row for row in reversed(written(tmp_path)["totals.csv"])}
    assert (rows["已排名"]["rank"], rows["已排名"]["missing"]) == ("1", "0")
    assert rows["暂排"]["rank"] == "" and rows["暂排"]["total"] != ""
    assert rows["未评分"]["total"] == ""


RISKY = ["=1+1", "+86", "-800", "-800万", "@x", "\t=1", "\r=1", "--1", "-1e5", "-", "=", "\x00=1", "\x1f@x"]


@pytest.mark.parametrize("text", RISKY)
def test_text_that_could_start_a_formula_is_marked_as_text(text: str):
    assert csv_text(text).startswith("'")
    assert csv_text(text)[1:] in text


@pytest.mark.parametrize("text", ["", "12", "1.5", "杭州=甲", "'=1", "a-b", "，"])
def test_other_text_stands_as_it_is(text: str):
    assert csv_text(text) == text


def test_a_negative_number_that_was_read_stays_a_number(tmp_path: Path):
    row = dict.fromkeys(RECOGNISED, "x") | {"raw": "(800)", "read": "-800", "adopted": "-800.5"}
    tables = written(tmp_path, recognised=frame([row, row | {"raw": "-800", "read": "-约800"}], RECOGNISED))
    shown = [[entry[name] for name in ("raw", "read", "adopted")] for entry in tables["recognised.csv"]]
    assert shown == [["(800)", "-800", "-800.5"], ["'-800", "'-约800", "-800.5"]]


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    'a"b,c',
    "第一行\r\n第二行",
    "\ud800孤立\x00\x0b",
    "甲" * 40_000,
    "'=1",
    "\t缩进",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_in_its_one_field(tmp_path: Path, text: str):
    row = dict.fromkeys(RECOGNISED, "x") | {"raw": text}
    issue = Issue(NUMBER_UNCLEAR, Where("f.xlsx", "s", "D4"), "甲公司", "research", "N", text, {"unit": ""})
    tables = written(
        tmp_path,
        recognised=frame([row], RECOGNISED),
        files=frame([{"path": text, "kind": "assessment"}], FILES),
        issues=numbered([issue]),
    )
    assert tables["recognised.csv"] == [{**row, "raw": csv_text(text)}]
    assert tables["files.csv"][0]["path"] == tables["issues.csv"][0]["found"] == csv_text(text)
    assert tables["issues.csv"][0]["state"] == issue.state


def test_an_issue_carries_its_whole_message_and_no_phone(tmp_path: Path, results: Results):
    issue = Issue(PHONE_INVALID, Where("a.xlsx", "附件2", "J5"), "甲公司", "", "联系电话", "13900001234")
    (row,) = written(tmp_path, issues=[issue])["issues.csv"]
    assert (row["code"], row["cell"], row["level"]) == ("X11", "J5", issue.level)
    assert row["message"] == message_of(issue, {item.id: item.label for item in results.rulebook.indicators})
    for path in tmp_path.iterdir():
        assert b"13900001234" not in path.read_bytes()


def test_contacts_are_nowhere(tmp_path: Path, results: Results):
    phone, contact = results.enterprises[["phone", "contact"]].iloc[0]
    assert phone and contact
    write_data(tmp_path, results)
    for path in tmp_path.iterdir():
        assert phone not in path.read_text("utf-8-sig") and contact not in path.read_text("utf-8-sig")


def test_long_tables_are_written_whole(tmp_path: Path):
    columns = {name: kind for name, kind in SCORES.items() if kind in (NUMBER, WHOLE)}
    count = ROWS_AT_ONCE + 3
    rows = [{"company": f"企业{number}", **dict.fromkeys(columns, number)} for number in range(count)]
    write_data(tmp_path, replace(build_results(), scores=frame(rows, SCORES)))
    found = rows_of(tmp_path / "scores.csv")
    assert [row["company"] for row in found] == [row["company"] for row in rows]
    assert [row["n"] for row in found] == [row["ranked"] for row in found] == [str(number) for number in range(count)]


def test_the_table_of_a_form_is_a_file_of_its_own(tmp_path: Path):
    row = {"name": "=张三", "phone": "13900000001", "file": "联系人.xlsx", "sheet": "表", "cell": "A2"}
    written(tmp_path, further={"contacts": frame([row], dict.fromkeys(row, TEXT))})
    assert rows_of(tmp_path / "contacts.csv") == [row | {"name": "'=张三"}]
