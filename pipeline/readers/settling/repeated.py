"""Two records of one company: whether both read the same, and the words for their differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.issues.catalogue import ASSESSMENTS_CONFLICT, SAME_ASSESSMENT_REPEATED, SAME_NOMINATIONS_REPEATED
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_figure, mask_phones
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.display import number_text
from pipeline.model.records import Assessment, Nomination, Reading
from pipeline.model.rulebook import Rulebook

FIGURE_COLUMNS = ("revenue", "profit", "it_spend", "cloud_spend")


def repeated_rows(other: str, pairs: Sequence[tuple[Nomination, Nomination]]) -> Issue:
    """X07 for the rows of one list that nominate again what the file `other` nominates; `other` can be the list itself.
    pairs: the company's first row and its repetition."""
    first, row = pairs[0]
    same_contact = all((one.contact, one.phone) == (two.contact, two.phone) for one, two in pairs)
    facts = {
        "other": cell_text(first.where) if other == row.where.file else f"“{other}”",
        "count": str(len(pairs)),
        "agreement": "数据一致" if same_contact else "企业数据相同，但联系人或联系电话不同",
    }
    return Issue(SAME_NOMINATIONS_REPEATED, row.where, part=other, facts=facts)


def different_figures(first: Nomination, second: Nomination, rulebook: Rulebook) -> list[str]:
    """The differences between two nominations of one company, in words. A column that only one list has makes none."""
    labels = rulebook.column_labels
    differences = []
    for identifier in FIGURE_COLUMNS:
        one, two = first.figures.get(identifier), second.figures.get(identifier)
        if one is not None and two is not None and _meaning(one) != _meaning(two):
            differences.append(f"{labels[identifier]}分别为{'和'.join(_in_words(one, two))}")
    if first.refused != second.refused:
        differences.append("推荐意见不同")
    return differences


def repeated_form(company: str, used: Assessment, other: Assessment, rulebook: Rulebook) -> Issue:
    """X09 for a form that reads the same as the one used, X10 for one that differs."""
    part = _sheet_text(other.anchor)
    different = list(_different_answers(used, other, rulebook))
    if not different:
        return Issue(SAME_ASSESSMENT_REPEATED, used.anchor, company, part=part, facts={"other": part})
    facts = {
        "used": f"采用 {_sheet_text(used.anchor)}，未采用 {part}",
        "differences": listed(different),
    }
    return Issue(ASSESSMENTS_CONFLICT, used.anchor, company, part=part, facts=facts)


def differing_items(used: Assessment, other: Assessment, rulebook: Rulebook) -> list[str]:
    """Each N and each typed M that the two forms answer differently, without the answers."""
    different = []
    for used_answer, other_answer in zip(used.answers, other.answers, strict=True):
        item = rulebook.indicator_of[used_answer.indicator]
        if _meaning(used_answer.n) != _meaning(other_answer.n):
            different.append(f"{item.label} N")
        if item.m == "typed" and _meaning(used_answer.m) != _meaning(other_answer.m):
            different.append(f"{item.label} M")
    return different


def _different_answers(used: Assessment, other: Assessment, rulebook: Rulebook) -> Iterable[str]:
    """Each N and each typed M that the two forms answer differently, in words."""
    for used_answer, other_answer in zip(used.answers, other.answers, strict=True):
        item = rulebook.indicator_of[used_answer.indicator]
        pairs = [("N", used_answer.n, other_answer.n)]
        if item.m == "typed":
            pairs.append(("M", used_answer.m, other_answer.m))
        for part, one, two in pairs:
            if _meaning(one) != _meaning(two):
                used_words, other_words = _in_words(one, two)
                cell = f"单元格 {one.where.cell}：" if one.where.cell else ""
                yield f"{item.label} {part}（{cell}采用{used_words}，另一份{other_words}）"


def _meaning(reading: Reading) -> tuple[float | None, str]:
    """What is compared of a reading: its value, and for an error also the typed text."""
    return reading.value, reading.raw if reading.state == "error" else ""


def _in_words(one: Reading, two: Reading) -> tuple[str, str]:
    """Two readings in a message as typed; where the typed texts are equal, each with what it was read as."""
    words = _quoted(one), _quoted(two)
    return words if words[0] != words[1] else (f"{words[0]}{_outcome(one)}", f"{words[1]}{_outcome(two)}")


def _quoted(reading: Reading) -> str:
    """A reading in a message: as typed, 空白 when nothing was."""
    typed = mask_figure(reading.raw)
    return f"「{typed or ('空白' if reading.value is None else number_text(reading.value))}」"


def _outcome(reading: Reading) -> str:
    if reading.value is not None:
        return f"读作 {number_text(reading.value)}"
    number_format = reading.facts.get("format")
    return f"格式为“{mask_phones(number_format)}”，没有读成数" if number_format else "没有读成数"


def _sheet_text(where: Where) -> str:
    return f"“{where.file}”工作表“{where.sheet}”"


def cell_text(where: Where) -> str:
    """A cell in a message, with its file and sheet."""
    if where.cell.startswith("表 "):
        return f"“{where.file}”{where.cell}"
    return f"{_sheet_text(where)}单元格 {where.cell}"
