"""排名 shows the columns of its layout: a new one is a row there and nothing else."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.writers.book.workbook import Column
from pipeline.writers.official import ranking
from tests.support.results_builder import build_results


@pytest.mark.parametrize("position", [0, 3, -1])
def test_a_new_column_is_one_row_of_the_layout(position: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = build_results()
    columns = list(ranking.ranking_columns(results.rulebook, trial=not results.standing.final))
    columns.insert(position % len(columns), Column("it_spend", "信息化投入", 12, "number"))
    monkeypatch.setattr(ranking, "ranking_columns", lambda *_, **__: tuple(columns))
    ranking.write_nomination(tmp_path / "a.xlsx", results)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["排名"]
    headers = [cell.value for cell in sheet[1]]
    assert headers == [column.label for column in columns]
    name, new = headers.index("企业名称"), headers.index("信息化投入")
    typed = dict(zip(results.enterprises["company"], results.enterprises["it_spend"], strict=True))
    shown = {row[name]: row[new] for row in sheet.iter_rows(min_row=2, values_only=True) if row[name]}
    assert {company: value for company, value in typed.items() if company in shown and value == value} == {
        company: value for company, value in shown.items() if value is not None
    }
    assert sheet.freeze_panes == f"{openpyxl.utils.get_column_letter(name + 2)}2"
