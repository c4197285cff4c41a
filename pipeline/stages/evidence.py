"""Which of the papers that 填表说明 2 asks for were seen, by the names of files and folders alone: nothing is read, and
nothing is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.display import is_missing, number_text
from pipeline.model.paper_kinds import LIST_IN_FORM, paper_kinds
from pipeline.model.rows import records_of
from pipeline.model.rulebook import Indicator, Paper, Rulebook
from pipeline.model.tables import (
    PAPER_DEMANDS,
    PAPER_IF_ANY,
    PAPER_NEEDED,
    PAPER_NOT_NEEDED,
    PAPER_UNCLEAR,
    SEEN_PAPERS,
    STATUS_ORDER,
    frame,
)

NOMINATED = STATUS_ORDER[:3]  # 已排名, 暂排, 未评分: those of whom papers are asked


class _PaperRow(NamedTuple):
    """A row of SEEN_PAPERS as far as a demand needs it."""

    path: str
    kind: str
    key: str
    size: int
    words: str
    papers: str
    twin: str


class _AnswerRow(NamedTuple):
    """A row of ANSWERS as far as a demand needs it."""

    key: str
    indicator: str
    n: float
    m: float
    n_state: str
    m_state: str


class _Company(NamedTuple):
    """A row of TOTALS as far as a demand needs it."""

    key: str
    company: str
    city: str
    county: str
    status: str


def seen_papers(papers: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """SEEN_PAPERS: each of `papers` (PAPERS) with the kinds of paper that its names speak of, and another file with the same
    bytes."""
    columns = (papers[name].tolist() for name in ("path", "kind", "key", "systems"))
    kinds = [
        " ".join(paper_kinds(path, key, kind == "assessment" or pd.notna(systems), rulebook))
        for path, kind, key, systems in zip(*columns, strict=True)
    ]
    table = papers.assign(papers=pd.Series(kinds, index=papers.index, dtype="object"), twin=_twins(papers))
    return table[list(SEEN_PAPERS)]


def _twins(papers: pd.DataFrame) -> pd.Series[str]:
    """For each file the path of another one with the same bytes, "" without; empty files are none."""
    by_mark: dict[str, list[str]] = {}
    rows = list(zip(papers["path"], papers["mark"], papers["size"], papers["kind"], strict=True))
    for path, mark, size, kind in rows:
        if mark and pd.notna(size) and size > 0 and kind != "assessment":
            by_mark.setdefault(mark, []).append(path)
    twins = [next((other for other in by_mark.get(mark, ()) if other != path), "") for path, mark, _, _ in rows]
    return pd.Series(twins, index=papers.index, dtype="object")


def paper_demands(seen: pd.DataFrame, answers: pd.DataFrame, totals: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """PAPER_DEMANDS: what each nominated company has to bring, by its own answers, and what was seen of it. seen:
    SEEN_PAPERS."""
    by_company: dict[str, list[_PaperRow]] = {}
    for row in records_of(seen, _PaperRow):
        by_company.setdefault(row.key, []).append(row)
    answered: dict[str, dict[str, _AnswerRow]] = {}
    for answer in records_of(answers, _AnswerRow):
        answered.setdefault(answer.key, {})[answer.indicator] = answer
    rank = rulebook.region_order.rank
    companies = sorted(records_of(totals, _Company), key=lambda company: rank(company.city, company.county))
    rows = (
        _demand(company, paper, answered.get(company.key, {}), by_company.get(company.key, ()), rulebook)
        for company in companies
        if company.status in NOMINATED
        for paper in rulebook.papers
    )
    return frame(rows, PAPER_DEMANDS)


def _demand(
    company: _Company,
    paper: Paper,
    answers: Mapping[str, _AnswerRow],
    papers: Sequence[_PaperRow],
    rulebook: Rulebook,
) -> dict[str, object]:
    need, why = _need(paper, answers, rulebook)
    mine = [row for row in papers if paper.id in row.papers.split()]
    sizes = [int(row.size) for row in mine if pd.notna(row.size) and row.kind != "assessment"]
    names = (mask_phones(row.path.rpartition("/")[2]) for row in mine)
    return {
        "key": company.key,
        "company": company.company,
        "city": company.city,
        "county": company.county,
        "paper": paper.id,
        "need": need,
        "why": why,
        "seen": len(mine),
        "size": sum(sizes),
        "kinds": "、".join(f"{words} {count}" for words, count in Counter(map(kind_in_words, mine)).items()),
        "files": listed((f"“{name}”" for name in names), "件"),
        "empty": sum(size == 0 for size in sizes),
        "double": sum(bool(row.twin) for row in mine),
        "missing": need == PAPER_NEEDED and not mine,
    }


def kind_in_words(row: _PaperRow) -> str:
    """What a file is, by its bytes."""
    return f"附件1里的{LIST_IN_FORM}" if row.kind == "assessment" else row.words or "看不出种类的文件"


def _need(paper: Paper, answers: Mapping[str, _AnswerRow], rulebook: Rulebook) -> tuple[str, str]:
    """Whether a company has to bring a paper, and the answers that decide it."""
    if not paper.items:
        return PAPER_IF_ANY, "有相应情况或案例的才需提供"
    if not answers:
        return PAPER_UNCLEAR, "还没有可用的附件1"
    items = [rulebook.indicator_of[name] for name in paper.items if name in answers]
    if above := [figures for item in items if (figures := _figures(item, answers[item.id]))]:
        return PAPER_NEEDED, "、".join(above)
    if unclear := [item.label for item in items if "error" in answers[item.id][-2:]]:
        return PAPER_UNCLEAR, f"{'、'.join(unclear)}填写有错误，改正后才知道"
    return PAPER_NOT_NEEDED, f"{'、'.join(item.label for item in items)}的 N、M 都没有或是 0"


def _figures(item: Indicator, answer: _AnswerRow) -> str:
    """An item with its N / M where one that was typed is above 0: 研发 3/5; "" where none is."""
    asked = (answer.n, answer.m) if item.m == "typed" else (answer.n,)
    if not any(value > 0 for value in asked):
        return ""
    return f"{item.label} {'/'.join('—' if is_missing(value) else number_text(value) for value in asked)}"
