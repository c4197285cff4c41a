"""The kinds of decision: one row per sheet of 人工决定.xlsx, with what a row means and how it is applied."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from pipeline.issues.catalogue import ASSESSMENTS_CONFLICT, NOMINATIONS_CONFLICT, Code
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.model.alternatives import choice_text, figure_written
from pipeline.model.company_files import ASSESSMENT, NOMINATION, CompanyFile, FileName, chosen_of
from pipeline.model.display import number_text
from pipeline.model.names import clean_name, name_key
from pipeline.model.records import Reading, RegionClaim
from pipeline.model.rulebook import Alternative, NominationColumn, Rulebook, Ruling
from pipeline.model.rulebook_file import RulebookError, with_rulings
from pipeline.model.texts import label_of, narrowed
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.region_claims import first_county
from pipeline.readers.sheet.regions import Region, RegionIndex
from pipeline.readers.values.answers import ValueReaders

About = TypeVar("About", bound=Hashable)  # what a row is about, in the form it is looked up by
Meaning = TypeVar("Meaning")  # what the row decides
Subject = TypeVar("Subject")  # what a decision changes

Cells = Mapping[str, str]  # column id → text, as in Decision.values


@dataclass(frozen=True)
class Terms:
    """What the cells of a decision are understood by."""

    rulebook: Rulebook
    regions: RegionIndex
    values: ValueReaders


@dataclass(frozen=True)
class Unclear:
    """A row that cannot be understood (D05): the typed text and what should be there."""

    typed: str
    wanted: str


@dataclass(frozen=True)
class DecisionKind(Generic[About, Meaning, Subject]):
    """One sheet. meaning: a row's cells → what it is about and what it decides; applied: the subject as decided;
    quoted: the text of the subject that 原值 must repeat for the row to count, None for a sheet without 原值."""

    sheet: str
    meaning: Callable[[Cells, Terms], tuple[About, Meaning] | Unclear]
    applied: Callable[[Subject, Meaning], Subject]
    quoted: Callable[[Subject], str] | None = None


class ValueKey(NamedTuple):
    """One figure of a company: an answer of 附件1, whose part is N or M, or a figure of 附件2, by its column and without a
    part."""

    company: str
    indicator: str
    part: str


class FileOf(NamedTuple):
    """A company and the form of which it has several files: 附件1, 附件2, or "" where a decision does not say it."""

    company: str
    form: str


class ChosenFile(NamedTuple):
    """A company with the records of one file in front of the others, and the question that this settles, if any.
    fingerprints: path → SHA-256 of the file."""

    company: Company
    fingerprints: Mapping[str, str]
    settled: Code | None = None

    @property
    def files(self) -> list[CompanyFile]:
        """Every file with a form or a row of the company, once for each of the two, in the order in which they count."""
        company = self.company
        forms = (form.key.path for form in (*company.forms, *company.other_forms))
        rows = (row.where.file for row in (*company.nominations, *company.other_rows))
        of_kind = ((ASSESSMENT, dict.fromkeys(forms)), (NOMINATION, dict.fromkeys(rows)))
        return [CompanyFile(path, form, self.fingerprints.get(path, "")) for form, paths in of_kind for path in paths]


class RulingChoice(NamedTuple):
    """A ruling of the rulebook and the alternative that is to hold, with the figure that it asks for."""

    ruling: Ruling
    alternative: Alternative
    figure: Decimal | None = None


# ---------------------------------------------------------------- what a row means


def _company_name(cells: Cells, terms: Terms) -> tuple[str, str]:
    return name_key(cells["written"]), clean_name(cells["company"])


def _expert_name(cells: Cells, terms: Terms) -> tuple[str, str]:
    return label_of(mask_phones(cells["written"])), cells["expert"]


def _file(cells: Cells, terms: Terms) -> tuple[FileOf, FileName]:
    name = FileName.of(cells["file"])
    return FileOf(name_key(cells["company"]), name.form), name


def _exclusion(cells: Cells, terms: Terms) -> tuple[str, bool]:
    return name_key(cells["company"]), True


def _acceptance(cells: Cells, terms: Terms) -> tuple[str, str]:
    return cells["id"], cells["note"]


def _county(cells: Cells, terms: Terms) -> Region | Unclear:
    regions = terms.regions.resolve(cells["county"])
    if len(regions) == 1 and regions[0].county:
        return regions[0]
    return Unclear(cells["county"], "区县全称，如“杭州市萧山区”")


def _written_region(cells: Cells, terms: Terms) -> tuple[str, Region] | Unclear:
    county = _county(cells, terms)
    return county if isinstance(county, Unclear) else (label_of(cells["written"]), county)


def _company_region(cells: Cells, terms: Terms) -> tuple[str, Region] | Unclear:
    county = _county(cells, terms)
    return county if isinstance(county, Unclear) else (name_key(cells["company"]), county)


def _nil_return(cells: Cells, terms: Terms) -> tuple[Region, Region] | Unclear:
    county = _county(cells, terms)
    return county if isinstance(county, Unclear) else (county, county)


def _value(cells: Cells, terms: Terms) -> tuple[ValueKey, float] | Unclear:
    """An answer of 附件1 where N or M is named, else a figure of 附件2."""
    part = narrowed(cells.get("part", "")).upper()
    part = "" if part in terms.rulebook.vocabulary.not_given else part
    label, company = label_of(cells["indicator"]), name_key(cells["company"])
    if not part and (column := _figure_column(label, terms.rulebook)):
        reading = terms.values.figure(cells["value"], column.unit, column.negative)
        if reading.state != "ok" or reading.value is None:
            return Unclear(cells["value"], f"一个数（单位：{column.unit}）")
        return ValueKey(company, column.id, ""), reading.value
    items = terms.rulebook.ratio_indicators
    item = next((entry for entry in items if label in (entry.id, label_of(entry.label))), None)
    if item is None or part not in ("N", "M") or (part == "M" and item.m != "typed"):
        return Unclear(f"{cells['indicator']} {part}".strip(), _wanted_value(terms.rulebook))
    reading = terms.values.number(item.unit).read(cells["value"])
    if reading.state not in ("ok", "none"):
        return Unclear(cells["value"], f"一个数（单位：{item.unit}）")
    return ValueKey(company, item.id, part), reading.value or 0.0


def _figure_column(label: str, rulebook: Rulebook) -> NominationColumn | None:
    """The column of 附件2 that holds figures and is called so, by its name in lists or on the form; None without one."""
    for column in rulebook.figure_columns:
        if label in (column.id, label_of(column.label), label_of(column.header)):
            return column
    return None


def _wanted_value(rulebook: Rulebook) -> str:
    columns = _in_quotes(column.label for column in rulebook.figure_columns)
    return f"附件1中要填写的指标和 N 或 M，或附件2的{columns}（N/M 一栏留空）"


def _ruling(cells: Cells, terms: Terms) -> tuple[str, RulingChoice] | Unclear:
    topic, adopted = label_of(cells["ruling"]), label_of(cells["adopted"])
    rulings = terms.rulebook.rulings
    ruling = next((entry for entry in rulings if topic in (entry.id, label_of(entry.topic))), None)
    if ruling is None:
        return Unclear(cells["ruling"], _in_quotes(entry.topic for entry in rulings))
    choices = {label_of(text): entry for entry in ruling.alternatives for text in (entry.id, entry.sentence)}
    if adopted in choices and not choices[adopted].asks:
        return ruling.id, RulingChoice(ruling, choices[adopted])
    for entry in ruling.alternatives:
        figure = figure_written(entry.sentence, entry.asks, cells["adopted"]) if entry.asks else None
        if figure is not None:
            return _with_written_figure(ruling, entry, figure, cells["adopted"], terms)
    asking = next((entry.asks for entry in ruling.alternatives if entry.asks), "")
    hint = f"（{asking} 换成数，如“{ruling.alternatives[1].with_figure(Decimal(60)).sentence}”）" if asking else ""
    return Unclear(cells["adopted"], _in_quotes(entry.sentence for entry in ruling.alternatives) + hint)


def _with_written_figure(
    ruling: Ruling, alternative: Alternative, figure: Decimal, typed: str, terms: Terms
) -> tuple[str, RulingChoice] | Unclear:
    """The choice of an alternative with a figure, unless the rulebook cannot have that figure."""
    try:
        with_rulings(terms.rulebook, {ruling.id: choice_text(alternative.id, figure)})
    except RulebookError as error:
        return Unclear(typed, _wanted_figure(ruling, alternative, figure, error.plain, terms))
    return ruling.id, RulingChoice(ruling, alternative.with_figure(figure), figure)


def _wanted_figure(ruling: Ruling, alternative: Alternative, figure: Decimal, why: str, terms: Terms) -> str:
    """What figure a ruling may be given, in place of one that does not do. why: in plain words, "" without any."""
    if figure > 0 and why:
        return f"能用的数（{why}）"
    try:
        with_rulings(terms.rulebook, {ruling.id: choice_text(alternative.id, Decimal("1.5"))})
    except RulebookError:
        return f"“{alternative.sentence}”，{alternative.asks} 要是 1 以上的整数"
    return f"“{alternative.sentence}”，{alternative.asks} 要是大于 0 的数"


def _in_quotes(texts: Iterable[str]) -> str:
    return "、".join(f"“{text}”" for text in texts)


# ---------------------------------------------------------------- how it is applied


def _renamed(written: str, name: str) -> str:
    return name


def _resolved(claim: RegionClaim, region: Region) -> RegionClaim:
    return replace(claim, city=region.city, county=region.county, candidates=("".join(region),))


def _in_county(company: Company, region: Region) -> Company:
    """The company with its county; the nominations that claim this county come first, so that one of them counts."""
    rows = sorted(company.nominations, key=lambda row: first_county(row.claims) != region)
    return replace(company, region=region, nominations=tuple(rows))


def _adopted(reading: Reading, value: float) -> Reading:
    rule = f"人工决定采用 {number_text(value)}"
    return reading._replace(value=value, state="ok", code=None, facts={}, rule=rule, decided=True, read=reading.value)


def _with_file(choice: ChosenFile, name: FileName) -> ChosenFile:
    """Makes the form in the named file the one that counts, else the nomination in it. Unchanged when the company has
    neither there, and when the name fits several files."""
    company, path = choice.company, chosen_of(name, choice.files).path
    if not path:
        return choice
    for form in company.forms if name.form != NOMINATION else ():
        if form.key.path == path:
            others = tuple(other for other in company.forms if other is not form)
            return choice._replace(company=replace(company, forms=(*others, form)), settled=ASSESSMENTS_CONFLICT)
    for row in company.nominations if name.form != ASSESSMENT else ():
        if row.where.file == path:
            rows = (row, *(other for other in company.nominations if other is not row))
            company = replace(company, nominations=rows, disputed=False)
            return choice._replace(company=company, settled=NOMINATIONS_CONFLICT)
    return choice


def _excluded(company: Company, excluded: bool) -> Company:
    return replace(company, excluded=excluded)


def _with_nil_return(counties: frozenset[Region], county: Region) -> frozenset[Region]:
    return counties | {county}


def _accepted(issue: Issue, note: str) -> Issue:
    return issue._replace(state="已接受")


def _with_choice(choices: Mapping[str, str], choice: RulingChoice) -> Mapping[str, str]:
    """The choices, ruling id → id of its alternative and the figure it asks for, with one more."""
    return {**choices, choice.ruling.id: choice_text(choice.alternative.id, choice.figure)}


def _typed(reading: Reading) -> str:
    return reading.raw


def _typed_of_issue(issue: Issue) -> str:
    return issue.found


# ---------------------------------------------------------------- the table

COMPANY_NAMES = DecisionKind("企业对应", _company_name, _renamed)
REGION_NAMES = DecisionKind("地区对应", _written_region, _resolved)
COMPANY_REGIONS = DecisionKind("归属", _company_region, _in_county)
VALUES = DecisionKind("采用值", _value, _adopted, _typed)
FILES = DecisionKind("采用文件", _file, _with_file)
EXPERT_NAMES = DecisionKind("专家对应", _expert_name, _renamed)
EXCLUSIONS = DecisionKind("剔除", _exclusion, _excluded)
NIL_RETURNS = DecisionKind("零报送", _nil_return, _with_nil_return)
ACCEPTANCES = DecisionKind("接受说明", _acceptance, _accepted, _typed_of_issue)
RULINGS = DecisionKind("规则确认", _ruling, _with_choice)
