"""Issues as one county may read them: what quotes a file, a company or a county that is not its own is said in other
words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.issues.catalogue import ERROR
from pipeline.issues.county import (
    COUNTY_QUESTIONS,
    CURES_STAND,
    ELSEWHERE_FIX,
    NOT_OURS,
    county_can_mend,
    example_of,
    facts_naming_files,
    mender_of,
    said_elsewhere,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where
from pipeline.issues.words import finding_of, fix_of, found_of, shown_where
from pipeline.model.names import name_key
from pipeline.model.results import Results
from pipeline.model.returns import undecided_companies
from pipeline.model.rulebook import County, Rulebook, Zone
from pipeline.writers.layout.names_of_others import NamesOfOthers

_QUOTED = re.compile("“([^”]*)”")
_FILE_AND_SHEET = re.compile("“([^”]*)”工作表“([^”]*)”")


class CountyIssue(NamedTuple):
    """One line of a county's 问题清单, in words. order: its number in that list; indicator: the id, "" without one;
    file, sheet, cell: a place in the county's own material; the file says so and the others are "" when it is none;
    answer: the 情况说明 it has given so far; county: of a city's list, the county that it is about."""

    order: int
    id: str
    code: str
    level: str
    company: str
    indicator: str
    part: str
    item: str
    file: str
    sheet: str
    cell: str
    found: str
    finding: str
    fix: str
    example: str
    mender: str
    answer: str = ""
    county: str = ""


class OwnMaterial:
    """The part of the input that is one county's own, and the names of companies, counties and folders that are not. Without
    a county (""), that of a city with all its counties.

    sheets: the sheets that the county may read about; handed_in: those that it handed in itself; undecided: companies
    of no county yet that its own files hold -> whether it may be told their names.
    """

    def __init__(self, results: Results, city: str, county: str) -> None:
        self.city, self.county = city, county
        files = results.files
        owners = zip(files["city"], files["county"], strict=True)
        rows = list(zip(files["path"], files["sheet"], owners, strict=True))
        readable = {(city, ""), ("", "")}
        self.sheets = {(path, sheet) for path, sheet, owner in rows if owner in readable or self.is_of(*owner)}
        self.files = {path for path, _ in self.sheets}
        self.handed_in = {(path, sheet) for path, sheet, owner in rows if self.is_of(*owner)}
        self.undecided = undecided_companies(results).get((city, county), {})
        known: tuple[County | Zone, ...] = (*results.rulebook.counties, *results.rulebook.zones)
        regions = [region for region in known if _is_of(region, city, county)]
        foreign = [region for region in known if not _is_of(region, city, county)]
        own_aliases = {alias for region in regions for alias in region.aliases}
        self.foreign_folders = {alias for region in foreign for alias in region.aliases} - own_aliases
        totals = results.totals
        ours = ((totals["city"] == city) & ((totals["county"] == county) | (county == ""))).to_numpy()
        names = {city, county, *(region.name for region in regions), *totals["company"][ours]}
        self.foreign_regions = {name_key(region.name) for region in foreign} - set(map(name_key, names))
        self.others = NamesOfOthers(totals["company"][~ours], self.foreign_regions, names, results.rulebook)
        self._folders: dict[tuple[str, ...], bool] = {}  # whether one of them bears another region's name

    def is_of(self, city: str, county: str) -> bool:
        """True for the county itself; for a city, for it and each of its counties."""
        return city == self.city and self.county in ("", county)

    def holds(self, where: Where) -> bool:
        """True for a cell in the county's own material, or in a list of its city that may be named to it. What it handed
        in is its own even where a file bears the name of another county's company, except in another county's folder."""
        whole = (where.file, "")  # a file of which no sheet was read as a form
        known = where.file in self.files if not where.sheet else not self.sheets.isdisjoint((where[:2], whole))
        folders = tuple(where.file.split("/")[:-1])
        if not known or not self.foreign_folders.isdisjoint(folders):
            return False
        own = not self.handed_in.isdisjoint((where[:2], whole)) and not self._name_another_region(folders)
        return own or not self.names_strangers(where[:2])

    def _name_another_region(self, folders: tuple[str, ...]) -> bool:
        if folders not in self._folders:
            keys = list(map(name_key, folders))
            self._folders[folders] = any(region in key for key in keys for region in self.foreign_regions)
        return self._folders[folders]

    def masked(self, text: str) -> str:
        """The text, with … for every name in it that is not the county's own."""
        return self.others.masked(text)

    def names_strangers(self, texts: Iterable[str]) -> bool:
        """True when a text names a company or a county that is not the county's own."""
        return any(map(self.others.named_in, texts))


def county_issues(results: Results, material: OwnMaterial) -> list[CountyIssue]:
    """The county's open issues in the order of its list: those it can mend, none that names an expert."""
    own = [issue for issue in results.issues if material.is_of(issue.city, issue.county)]
    return _in_words(own, results, material)


def county_questions(results: Results, material: OwnMaterial) -> list[CountyIssue]:
    """What keeps companies that the county nominated from being any county's; for 催报 alone, for no folder holds them."""
    return _in_words([issue for issue in results.issues if _asks_whose(issue, material)], results, material)


def _in_words(issues: Iterable[Issue], results: Results, material: OwnMaterial) -> list[CountyIssue]:
    labels = results.rulebook.labels
    own = [issue for issue in issues if county_can_mend(issue)]
    return [_said(order, issue, material, labels, results.rulebook) for order, issue in enumerate(own, start=1)]


def _asks_whose(issue: Issue, material: OwnMaterial) -> bool:
    return issue.code in COUNTY_QUESTIONS and not issue.county and material.undecided.get(issue.company, False)


def _said(
    order: int, issue: Issue, material: OwnMaterial, labels: Mapping[str, str], rulebook: Rulebook
) -> CountyIssue:
    """The issue in words; where its text would quote material of others, with another text."""
    here = material.holds(issue.where)
    safe = here and bool(issue.county or not material.county) and _files_are_own(issue, material)
    safe = safe and not material.names_strangers(issue.facts.values())
    where = issue.where if here else Where(NOT_OURS)
    file, sheet, _ = shown_where(where._replace(file=material.masked(where.file), sheet=material.masked(where.sheet)))
    return CountyIssue(
        order=order,
        id=issue.id,
        code=issue.code,
        level=issue.level,
        company=issue.company,
        indicator=issue.indicator,
        part=issue.part,
        item=_item(issue, labels, rulebook),
        file=file,
        sheet=sheet,
        cell=where.cell,
        found=found_of(issue) if safe else "",
        finding=finding_of(issue, labels) if safe else said_elsewhere(issue),
        fix=fix_of(issue, labels) if safe or issue.code in CURES_STAND else ELSEWHERE_FIX,
        example=example_of(issue, _unit(issue, rulebook)),
        mender=mender_of(issue),
        answer=mask_phones(issue.statement),
        county=issue.county,
    )


def _files_are_own(issue: Issue, material: OwnMaterial) -> bool:
    """True when every file that the text names belongs to the county's material."""
    for name in facts_naming_files(issue):
        text = issue.facts.get(name, "")
        files = _FILE_AND_SHEET.findall(text) or [(file, "") for file in _QUOTED.findall(text)] or [(text, "")]
        if not all(material.holds(Where(*file_and_sheet)) for file_and_sheet in files):
            return False
    return True


def _is_of(region: County | Zone, city: str, county: str) -> bool:
    """True for the county itself and for a zone that belongs to it; without a county for all of the city."""
    names = (region.name, *(region.parents if isinstance(region, Zone) else ()))
    return region.city == city and (county == "" or county in names)


def _item(issue: Issue, labels: Mapping[str, str], rulebook: Rulebook) -> str:
    """What the issue is about: the indicator with N or M, or 附件2's column."""
    if issue.indicator:
        part = f" {issue.part}" if issue.part in ("N", "M") else ""
        return f"{labels.get(issue.indicator, issue.indicator)}{part}"
    known = {column.label for column in rulebook.nomination_columns}
    return f"附件2“{issue.part}”" if issue.part in known else ""


def _unit(issue: Issue, rulebook: Rulebook) -> str:
    """The unit in which the issue's number is asked for, "" when it is no number."""
    if issue.indicator:
        return rulebook.indicator_of[issue.indicator].unit if issue.indicator in rulebook.indicator_of else ""
    return next((column.unit for column in rulebook.nomination_columns if column.label == issue.part), "")


def count_levels(issues: Sequence[CountyIssue]) -> tuple[int, int]:
    """How many 错误 and how many 提醒."""
    errors = sum(issue.level == ERROR for issue in issues)
    return errors, len(issues) - errors
