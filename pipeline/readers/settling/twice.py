"""What stands in two places for one company: whether both say the same, and in which words a difference is told."""

from __future__ import annotations

from pipeline.issues.catalogue import ASSESSMENTS_CONFLICT, SAME_ASSESSMENT_REPEATED, SAME_NOMINATIONS_REPEATED
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.display import number_text
from pipeline.model.names import company_key
from pipeline.model.records import Assessment, Nomination, Reading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.credit_codes import Companies

FIGURE_COLUMNS = ("revenue", "profit", "it_spend", "cloud_spend")
SHOWN = 5  # names and cells named in one message


def repeated_rows(other: str, rows: list[Nomination], companies: Companies) -> Issue:
    """X07 for the rows of a list that nominate what the file `other`, or a row further up, nominates too."""
    firsts = [companies[company_key(row.company)].nominations[0] for row in rows]
    personal = all(
        (first.contact, first.phone) == (row.contact, row.phone) for first, row in zip(firsts, rows, strict=True)
    )
    place = cell_text(firsts[0].where) if other == rows[0].where.file else f"“{other}”"
    agreement = "数据一致" if personal else "企业数据相同，但联系人或联系电话不同"
    facts = {"other": place, "count": str(len(rows)), "agreement": agreement}
    return Issue(SAME_NOMINATIONS_REPEATED, rows[0].where, part=other, facts=facts)


def different_figures(first: Nomination, second: Nomination, rulebook: Rulebook) -> list[str]:
    """What two nominations of one company say differently; a column that one list lacks says nothing."""
    labels = {column.id: column.label for column in rulebook.nomination_columns}
    differences = []
    for identifier in FIGURE_COLUMNS:
        pair = [row.figures.get(identifier) for row in (first, second)]
        if None not in pair and _says(pair[0]) != _says(pair[1]):
            differences.append(f"{labels[identifier]}分别为{'和'.join(_told_apart(*pair))}")
    if first.refused != second.refused:
        differences.append("推荐意见不同")
    return differences


def repeated_form(company: str, used: Assessment, other: Assessment, rulebook: Rulebook) -> Issue:
    """X09 for a form that reads the same as the one used, X10 for one that differs."""
    different = [
        f"{item.label} {part}（{_cell_said(mine_cell.where)}采用{mine_said}，另一份{theirs_said}）"
        for mine, theirs in zip(used.answers, other.answers, strict=True)
        for item in (rulebook.indicator_of[mine.indicator],)
        for part, mine_cell, theirs_cell in (("N", mine.n, theirs.n), ("M", mine.m, theirs.m))
        if _says(mine_cell) != _says(theirs_cell) and (part == "N" or item.m == "typed")
        for mine_said, theirs_said in (_told_apart(mine_cell, theirs_cell),)
    ]
    if not different:
        return Issue(
            SAME_ASSESSMENT_REPEATED,
            used.anchor,
            company,
            part=_sheet_text(other.anchor),
            facts={"other": _sheet_text(other.anchor)},
        )
    more = f"等 {len(different)} 处" if len(different) > SHOWN else ""
    facts = {
        "used": _sheet_text(used.anchor),
        "other": _sheet_text(other.anchor),
        "differences": "、".join(different[:SHOWN]) + more,
    }
    return Issue(ASSESSMENTS_CONFLICT, used.anchor, company, part=_sheet_text(other.anchor), facts=facts)


def _says(reading: Reading | None) -> tuple[float | None, str]:
    """What a reading amounts to: two that are in error say the same when the same was typed."""
    if reading is None:
        return None, ""
    return reading.value, reading.raw if reading.state == "error" else ""


def _shown(reading: Reading | None) -> str:
    """A reading in a message: as typed, 空白 when nothing was."""
    if reading is None:
        return "空白"
    return reading.raw or ("空白" if reading.value is None else number_text(reading.value))


def _told_apart(first: Reading | None, second: Reading | None) -> tuple[str, str]:
    """Two readings in a message; with the same words in both cells also what each was read as."""
    words = [f"「{_shown(reading)}」" for reading in (first, second)]
    if words[0] == words[1]:
        words = [f"{text}{_outcome(reading)}" for text, reading in zip(words, (first, second), strict=True)]
    return words[0], words[1]


def _outcome(reading: Reading | None) -> str:
    if reading is not None and reading.value is not None:
        return f"读作 {number_text(reading.value)}"
    number_format = reading.facts.get("format") if reading else ""
    return f"格式为“{number_format}”，没有读成数" if number_format else "没有读成数"


def _sheet_text(where: Where) -> str:
    return f"“{where.file}”工作表“{where.sheet}”"


def _cell_said(where: Where) -> str:
    return f"单元格 {where.cell}：" if where.cell else ""


def cell_text(where: Where) -> str:
    return f"{_sheet_text(where)}单元格 {where.cell}"
