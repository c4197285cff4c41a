"""Sheet 专家汇总 of 审计底稿: experts, outliers, recusals and companies, and one sentence when no marks arrived."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline.issues.where import Where
from pipeline.model.results import Results
from pipeline.model.tables import MARKS, frame
from pipeline.stages.panel import compare_experts
from pipeline.writers.audit.experts import write_expert_report
from pipeline.writers.audit.plan import plan_of
from pipeline.writers.book.stamped import output_book
from tests.support.results_builder import build_results


def written(path: Path, results: Results) -> list[tuple]:
    with output_book(path, results.date, "审计底稿", results.standing, large=True) as book:
        write_expert_report(book, results, plan_of(results))
    return list(openpyxl.load_workbook(path)["专家汇总"].iter_rows(values_only=True))


def test_the_sheet_tells_experts_outliers_recusals_and_companies(tmp_path: Path):
    results = build_results()
    first, item = results.totals["key"].iloc[0], "cloud_native"
    more = [
        {
            "key": first,
            "indicator": item,
            "expert": expert,
            "mark": mark,
            "state": "given",
            "where": Where(f"{expert}.xlsx", "Sheet1", "E9"),
        }
        for expert, mark in (("王专家", 3.5), ("赵专家", 0.5))
    ]
    marks = frame([*results.marks.to_dict("records"), *more], MARKS)
    rows = written(
        tmp_path / "a.xlsx",
        replace(results, panel=compare_experts(marks, results.totals, results.rulebook)),
    )
    starts = [
        next(n for n, row in enumerate(rows) if str(row[0]).startswith(word))
        for word in ("一、", "二、", "三、", "四、")
    ]
    assert rows[starts[1] + 1][:3] == ("专家", "企业名称", "评分项") and "复核签字" in rows[starts[1] + 1]
    assert [row[:9] for row in rows[starts[1] + 2 : starts[2] - 1]] == [
        ("赵专家", first, "云原生应用情况", 0.5, 3.5, 3, -3, "畸低", "E9"),
    ]
    assert {row[0] for row in rows[starts[2] + 2 : starts[3] - 1]} == {"张专家"}
    company = next(row for row in rows[starts[3] + 2 :] if row[1] == first)
    assert company[2:5] == ("云原生应用情况", 3, 8) and company[7] == pytest.approx(25 * 0.93)


def test_without_marks_the_sheet_says_so(tmp_path: Path):
    rows = written(tmp_path / "a.xlsx", build_results(has_marks=False))
    assert len(rows) == 4 and rows[1][0]
