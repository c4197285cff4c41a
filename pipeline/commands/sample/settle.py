"""The signed 人工决定.xlsx with which the results of a made-up province become 正式."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isnan
from pathlib import Path

from pipeline.issues.catalogue import ASSESSMENT_MISSING
from pipeline.issues.issue import Issue
from pipeline.model.decisions import SHEETS, SIGNED, WORKBOOK_NAME
from pipeline.model.results import Results
from pipeline.writers.book.workbook import Column
from pipeline.writers.forms.filled import open_form
from pipeline.writers.problems.suggestions import ready_rows

_SIGNATURE = {"decider": "演示人员", "date": "2024-06-28"}
_REASONS = {
    "采用值": "已与企业电话核实（演示）",
    "接受说明": "企业已说明情况，经会议研究接受（演示）",
    "剔除": "企业没有交附件1，经区县同意退出（演示）",
    "零报送": "该区县来函说明没有推荐企业（演示）",
    "规则确认": "厅务会议确认（演示）",
}

Row = Mapping[str, str]


def write_decisions(folder: Path, results: Results) -> int:
    """Writes 人工决定.xlsx into the sample in `folder`: a decision for every open 错误 of `results`, a nil return for
    every county not heard from, every ruling confirmed. Returns how many rows it has."""
    rows: dict[str, list[Row]] = {}
    for name, cells in _decided(results):
        rows.setdefault(name, []).append({**cells, "reason": _REASONS[name], **_SIGNATURE})
    title = WORKBOOK_NAME.removesuffix(".xlsx")
    with open_form(folder / WORKBOOK_NAME, results.rulebook, title, demo=True) as book:
        for kind in SHEETS:
            if kind.name not in rows:
                continue
            columns = [Column(column.id, column.header, column.width) for column in (*kind.columns, *SIGNED)]
            sheet = book.sheet(kind.name, landscape=True, header_rows=(0, 0))
            book.header(sheet, 0, columns)
            book.rows(sheet, 1, columns, ([row.get(column.id, "") for column in columns] for row in rows[kind.name]))
    return sum(map(len, rows.values()))


def _decided(results: Results) -> Iterator[tuple[str, Row]]:
    """Kind and cells of every decision, without reason and signature."""
    open_errors = [issue for issue in results.issues if issue.open_error]
    yield from _for_errors(open_errors, results)
    for county in results.standing.missing_counties:
        yield "零报送", {"county": county}
    for ruling in results.rulebook.assumed_rulings:
        adopted = results.rulebook.adopted_alternative(ruling).sentence
        yield "规则确认", {"ruling": ruling.topic, "adopted": adopted, "basis": "演示会议纪要〔2024〕1号"}


def _for_errors(issues: Iterable[Issue], results: Results) -> Iterator[tuple[str, Row]]:
    labels = results.rulebook.labels
    for issue in issues:
        if issue.code == ASSESSMENT_MISSING:
            yield "剔除", {"company": issue.company}
            continue
        for kind, cells, _ in ready_rows([issue], labels):
            if kind == "采用值":
                yield kind, {**cells, "value": _adopted_value(issue, results)}
            else:
                yield "接受说明", {"id": issue.id, "raw": cells.get("raw", ""), "note": "情况属实，不影响得分"}


def _adopted_value(issue: Issue, results: Results) -> str:
    """The value that the company is said to have meant: N and M equal, so that N is at most M; 1 where both are missing."""
    answers = results.answers.set_index(["key", "indicator"])
    keys = dict(zip(results.totals["company"], results.totals["key"], strict=True))
    answer = answers.loc[keys[issue.company], issue.indicator]
    other = answer["m" if issue.part == "N" else "n"]
    return f"{1 if isnan(other) else other:.12g}"
