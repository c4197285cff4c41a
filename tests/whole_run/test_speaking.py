"""Who may say what: every row of the table in docs/security.md, made from workbooks."""

from __future__ import annotations

import os

import pytest

from tests.support import ROOT
from tests.support.arrivals import computed
from tests.support.speaking_cases import ROWS, Row, table

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- table -->\n", "<!-- /table -->"
RAISED = {row.code for row in ROWS} - {""}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.claim}, {row.place}, {row.against}")
def test_what_counts_and_what_is_said(row: Row):
    results = computed(row.files())
    codes = {issue.code for issue in results.issues}
    assert row.seen(results) == row.counts
    assert row.code in codes if row.code else not codes & (RAISED - {"X05", "X06", "X19"})


@pytest.mark.parametrize("row", [row for row in ROWS if "another" in row.place and row.code in ("X20", "T15", "X21")])
def test_what_is_refused_is_filed_under_its_sender(row: Row):
    results = computed(row.files())
    filed = {(issue.city, issue.county) for issue in results.issues if issue.code == row.code}
    assert ("杭州市", "萧山区") not in filed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.claim}, {row.place}, {row.against}")
def test_the_order_of_files_changes_nothing(row: Row):
    files = row.files()
    first, second = computed(files), computed(dict(reversed(files.items())))
    assert first.issues == second.issues and first.totals.equals(second.totals)


def test_the_page_is_current():
    text = PAGE.read_text(encoding="utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        text = f"{text[:start]}{table()}{text[end:]}"
        PAGE.write_text(text, encoding="utf-8")
        end = text.index(END)
    assert text[start:end] == table()
