"""What each county and city has handed in and what is open there: the one count that 问题清单, the returned folders, 报告.html,
简报.docx and the terminal show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import ERROR, NOMINATIONS_CONFLICT
from pipeline.issues.county import COUNTY_QUESTIONS, county_can_mend
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook

Region = tuple[str, str]  # city, county

MISSING, MISSING_LIST, NIL, RECEIVED = "未交", "未交附件2", "零报送", "已收"
_UNREAD_KINDS = ("ignored", "own_output")


class CountyReturn(NamedTuple):
    """One county. expected: the rulebook expects a return from it; arrived: anything at all came; has_folder: it gets a
    folder back; has_list: an 附件2, a nomination in its city's list, or a nil return came. nominated, assessed: companies;
    errors, remarks: open issues that the county can mend, the rows of the list in its folder; asked: companies that its own
    list names and that are of no county until it answers."""

    city: str
    county: str
    expected: bool
    arrived: bool
    has_folder: bool
    has_list: bool
    nil: bool
    nominated: int
    assessed: int
    errors: int
    remarks: int
    asked: int

    @property
    def state(self) -> str:
        """未交, 未交附件2, 有错误 n, 待定企业 n, 有提醒 n, 零报送 or 已收: the first that is so."""
        if not self.has_list:
            return MISSING_LIST if self.arrived else MISSING
        counts = (("有错误", self.errors), ("待定企业", self.asked), ("有提醒", self.remarks))
        open_ones = next((f"{word} {count}" for word, count in counts if count), "")
        return open_ones or (NIL if self.nil else RECEIVED)


class CityReturn(NamedTuple):
    """One city. counties: in the notice's order; errors: open 错误 on what was handed in for the city as a whole, its own
    list, which no county's folder holds; astray: those on files in its counties' folders that are of no county yet."""

    city: str
    counties: tuple[CountyReturn, ...]
    errors: int
    astray: int = 0

    @property
    def every_error(self) -> int:
        """All open 错误 that are its own or its counties' to mend."""
        return sum(county.errors for county in self.counties) + self.errors + self.astray


class ErrorCounts(NamedTuple):
    """Where every open 错误 is counted, each once. cities: on what was handed in for a city as a whole; astray: city ->
    those on files in its counties' folders that are of no county yet; experts: on marks; others: whatever is none of
    these, as the province's own files."""

    counties: Counter[Region]
    cities: Counter[str]
    astray: Counter[str]
    experts: int
    others: int


class ReturnCounts(NamedTuple):
    """How many expected counties are in which state: expected = missing + received, missing includes missing_list_only,
    received = clean + with_remarks + with_errors. nil: of the clean ones; beyond: counties that are not expected and sent
    something, in none of the others."""

    expected: int
    missing: int
    missing_list_only: int
    received: int
    clean: int
    with_remarks: int
    with_errors: int
    nil: int
    beyond: int


def county_returns(results: Results) -> list[CountyReturn]:
    """One record per expected county, then one per other county that sent something, both in the notice's order."""
    companies, files = results.enterprises, results.files
    nominated = Counter(_regions(companies[companies["nominated"]]))
    assessed = Counter(_regions(companies[companies["assessed"]]))
    lists = regions_with_a_list(companies, results.lists, results.nil_returns)
    errors = error_counts(results).counties
    mendable = [issue for issue in results.issues if county_can_mend(issue)]
    remarks = Counter((issue.city, issue.county) for issue in mendable if issue.level != ERROR)
    with_issues = {*errors, *remarks}  # also of a file that is not taken for the county's own
    arrived = {*lists, *assessed, *with_issues, *_regions(files[~files["kind"].isin(_UNREAD_KINDS)])}
    folders, asked = regions_with_a_folder(results), asked_companies(results)
    expected = [(county.city, county.name) for county in results.rulebook.expected_counties]
    rank = results.rulebook.region_order.rank
    holds = results.rulebook.scope.holds
    others = {region for region in arrived if region[1] and holds(region[0])} - set(expected)
    return [
        CountyReturn(
            *region,
            expected=region not in others,
            arrived=region in arrived,
            has_folder=region in folders,
            has_list=region in lists,
            nil=region in results.nil_returns,
            nominated=nominated[region],
            assessed=assessed[region],
            errors=errors[region],
            remarks=remarks[region],
            asked=len(asked[region]),
        )
        for region in (*expected, *sorted(others, key=lambda region: rank(*region)))
    ]


def city_returns(results: Results, counties: Iterable[CountyReturn]) -> list[CityReturn]:
    """The counties by city, for each city that has one, in the notice's order. counties: those of `county_returns`."""
    by_city: defaultdict[str, list[CountyReturn]] = defaultdict(list)
    for county in counties:
        by_city[county.city].append(county)
    errors = error_counts(results)
    rank = results.rulebook.region_order.rank
    ordered = sorted((city for city in by_city if city), key=rank)
    return [
        CityReturn(
            city,
            tuple(sorted(by_city[city], key=lambda one: rank(city, one.county))),
            errors.cities[city],
            errors.astray[city],
        )
        for city in ordered
    ]


def error_counts(results: Results) -> ErrorCounts:
    """Where each open 错误 is counted."""
    counts = ErrorCounts(Counter(), Counter(), Counter(), 0, 0)
    experts = others = 0
    for issue in results.issues:
        if not issue.open_error:
            continue
        sender = results.senders.get(issue.where.file, ("", ""))
        if issue.code.startswith("E"):
            experts += 1
        elif not county_can_mend(issue):
            others += 1
        elif issue.county:
            counts.counties[issue.city, issue.county] += 1
        elif sender[0] and issue.city in ("", sender[0]):
            counts.astray[sender[0]] += 1
        elif issue.city:
            counts.cities[issue.city] += 1
        else:
            others += 1
    return counts._replace(experts=experts, others=others)


def counted(counties: Iterable[CountyReturn]) -> ReturnCounts:
    """The number of counties in each state."""
    every = list(counties)
    expected = [county for county in every if county.expected]
    received = [county for county in expected if county.has_list]
    with_errors = sum(bool(county.errors or county.asked) for county in received)
    with_remarks = sum(county.state.startswith("有提醒") for county in received)
    missing = [county for county in expected if not county.has_list]
    return ReturnCounts(
        expected=len(expected),
        missing=len(missing),
        missing_list_only=sum(county.arrived for county in missing),
        received=len(received),
        clean=len(received) - with_errors - with_remarks,
        with_remarks=with_remarks,
        with_errors=with_errors,
        nil=sum(county.state == NIL for county in received),
        beyond=len(every) - len(expected),
    )


def regions_with_a_folder(results: Results) -> set[Region]:
    """The counties of the scope that get a folder back: to which a file or a company resolves, or that report nobody."""
    known = (*_regions(results.totals), *_regions(results.files), *results.nil_returns)
    return {region for region in known if all(region) and results.rulebook.scope.holds(region[0])}


def regions_with_a_list(
    enterprises: pd.DataFrame, lists: Iterable[Region], nil_returns: Iterable[Region]
) -> set[Region]:
    """The counties whose 附件2 came: with a company that is nominated, with a list in the county's own place (even where no
    row of it counts), or as a nil return. lists: the counties with one in their own place."""
    nominated = _regions(enterprises[enterprises["nominated"]])
    return {region for region in (*nominated, *lists, *nil_returns) if region[1]}


def counties_not_heard_from(
    enterprises: pd.DataFrame, lists: Iterable[Region], nil_returns: Iterable[Region], rulebook: Rulebook
) -> list[str]:
    """The expected counties without an 附件2 and without a nil return, in the rulebook's order."""
    heard = regions_with_a_list(enterprises, lists, nil_returns)
    return [county.name for county in rulebook.expected_counties if (county.city, county.name) not in heard]


def undecided_companies(results: Results) -> dict[Region, dict[str, bool]]:
    """County -> the companies of no county yet that files of its own hold, and whether a nomination in them names the
    company: only then may the county be told the name, which is another's where but a form bears it."""
    owners: defaultdict[tuple[str, str], set[Region]] = defaultdict(set)
    paths = zip(results.files["path"], results.files["sheet"], strict=True)
    for sheet, region in zip(paths, _regions(results.files), strict=True):
        owners[sheet].add(region)
    named: defaultdict[Region, set[str]] = defaultdict(set)
    met: defaultdict[Region, set[str]] = defaultdict(set)
    columns = ("company", "nominated", "where", "form_where")
    open_ones = results.enterprises[results.enterprises["county"] == ""]
    for company, nominated, where, form_where in zip(*(open_ones[column] for column in columns), strict=True):
        listing = owners.get(where[:2], set()) if nominated else set()
        for region in listing:
            named[region].add(company)
        for region in owners.get(form_where[:2], set()) - listing:
            met[region].add(company)
    for issue in results.issues:
        if issue.company and not issue.county:
            group = named if issue.code == NOMINATIONS_CONFLICT else met
            for region in owners.get(issue.where[:2], set()):
                group[region].add(issue.company)
    return {
        region: {company: company in named[region] for company in sorted(named[region] | met[region])}
        for region in {*named, *met}
    }


def asked_companies(results: Results) -> defaultdict[Region, set[str]]:
    """County -> the companies that it is asked about: its own list names them and an open issue keeps them from being any
    county's."""
    asked: defaultdict[Region, set[str]] = defaultdict(set)
    questions = {
        issue.company
        for issue in results.issues
        if issue.code in COUNTY_QUESTIONS and not issue.county and county_can_mend(issue)
    }
    for region, companies in undecided_companies(results).items():
        asked[region] = {company for company, told in companies.items() if told and company in questions}
    return asked


def _regions(table: pd.DataFrame) -> list[Region]:
    return list(zip(table["city"], table["county"], strict=True))
