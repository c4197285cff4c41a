"""Cross-checks: one form against another. Each function is one rule, named by the truth it asserts.

They return issues and never change a figure: which of two contradicting values is right, only people know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

import pandas as pd

from pipeline.issues import Issue, where_from
from pipeline.rulebook import Rulebook

UNIT_SLIPS = (10, 100, 1000, 1024, 10000)  # 元 for 万元, 千元 for 万元, a zero too many …
SLIP_TOLERANCE = 0.01
MOVES_SHOWN = 5

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0\d{2,3}[-\s]?)\d{7,8}(?:[-转]\d{1,6})?|\d{7,8}|400[-\s]?\d{3}[-\s]?\d{4}")


def check_forms(enterprises: pd.DataFrame, answers: pd.DataFrame, rulebook: Rulebook) -> list[Issue]:
    """Every check that needs no ranking, in a fixed order."""
    companies = list(enterprises.itertuples(index=False))
    return list(
        chain(
            nominated_companies_have_a_form(companies),
            assessed_companies_are_nominated(companies),
            spend_is_the_same_in_both_forms(companies, answers, rulebook),
            cloud_spend_is_part_of_it_spend(companies),
            profit_is_part_of_revenue(companies),
            phones_look_like_phones(companies),
            orders_have_no_gaps(companies),
        )
    )


def _issue(code: str, company: tuple, where: str, part: str = "", found: str = "", indicator: str = "", **facts: str) -> Issue:
    place = where_from(where or company.where)
    return Issue(code, place, company.company, indicator, part, found, facts, company.city, company.county)


def nominated_companies_have_a_form(companies: list) -> Iterator[Issue]:
    """A nominated company without 附件1 cannot be scored (a refused one needs none)."""
    for company in companies:
        if company.nominated and not company.assessed and not company.refused and not company.excluded:
            yield _issue("X05", company, company.where)


def assessed_companies_are_nominated(companies: list) -> Iterator[Issue]:
    """附件1 without a nomination takes no part in the ranking."""
    for company in companies:
        if company.assessed and not company.nominated and not company.excluded:
            yield _issue("X06", company, company.form_where)


def spend_is_the_same_in_both_forms(companies: list, answers: pd.DataFrame, rulebook: Rulebook) -> Iterator[Issue]:
    """上云投入 N and M of 附件1 equal 附件2's 近三年上云投入 and 近三年信息化建设和运维投入; a ratio within 1 % of a power of
    ten or 1024 is a unit slip."""
    labels = {column.id: column.label for column in rulebook.nomination_columns}
    spend = answers[answers["indicator"] == "cloud_spend"].set_index("key")
    typed = spend.to_dict("index")
    for company in companies:
        answer = typed.get(company.key)
        if answer is None or not company.nominated:
            continue
        for part, column in (("n", "cloud_spend"), ("m", "it_spend")):
            form_value, list_value = answer[part], getattr(company, column)
            if answer[f"{part}_state"] not in ("ok", "none") or list_value != list_value or form_value == list_value:
                continue
            ratio = _slip(form_value, list_value)
            facts = {
                "form_value": _text(form_value), "list_value": _text(list_value), "column": labels[column],
                "ratio": f"{ratio}",
            }  # fmt: skip
            code = "X02" if ratio else "X01"
            yield _issue(code, company, answer[f"{part}_where"], part.upper(), "", "cloud_spend", **facts)


def _slip(first: float, second: float) -> int:
    """The unit slip that leads from one value to the other, 0 when there is none."""
    if first <= 0 or second <= 0:
        return 0
    ratio = max(first, second) / min(first, second)
    near = [slip for slip in UNIT_SLIPS if abs(ratio / slip - 1) <= SLIP_TOLERANCE]
    return min(near, key=lambda slip: abs(ratio / slip - 1), default=0)


def cloud_spend_is_part_of_it_spend(companies: list) -> Iterator[Issue]:
    """附件2: 近三年上云投入 is not more than 近三年信息化建设和运维投入."""
    for company in companies:
        if company.cloud_spend > company.it_spend:
            facts = {"cloud": _text(company.cloud_spend), "it": _text(company.it_spend)}
            yield _issue("X03", company, company.cloud_spend_where, **facts)


def profit_is_part_of_revenue(companies: list) -> Iterator[Issue]:
    """附件2: 上年度利润总额 is not more than 上年度销售收入."""
    for company in companies:
        if company.profit > company.revenue:
            facts = {"profit": _text(company.profit), "revenue": _text(company.revenue)}
            yield _issue("X04", company, company.profit_where, **facts)


def phones_look_like_phones(companies: list) -> Iterator[Issue]:
    """附件2: every 联系电话 is a mobile or a landline number."""
    for company in companies:
        numbers = [piece for piece in re.split(r"[,，、;；/\n]+", company.phone) if piece.strip()]
        wrong = [piece for piece in numbers if not _is_phone(piece)]
        if wrong and not re.fullmatch(r"[\d.]+[eE]\+?\d+", company.phone):
            yield _issue("X11", company, company.phone_where, "联系电话", _hidden(wrong[0].strip()))


def _is_phone(text: str) -> bool:
    compact = re.sub(r"[\s()（）]|^\+?86", "", text)
    return bool(_MOBILE.fullmatch(compact.replace("-", "")) or _LANDLINE.fullmatch(compact))


def _hidden(number: str) -> str:
    """A wrong number as it may be shown: its middle hidden, like a right one's."""
    return number if len(number) < 7 else f"{number[:3]}****{number[-2:]}"


def orders_have_no_gaps(companies: list) -> Iterator[Issue]:
    """附件2: the 序号 of one sheet runs 1, 2, 3 …"""
    sheets: dict[tuple[str, str], list] = {}
    for company in companies:
        if company.nominated and company.order == company.order:
            place = where_from(company.where)
            sheets.setdefault((place.file, place.sheet), []).append(company)
    for _, listed in sorted(sheets.items()):
        numbers = sorted(int(company.order) for company in listed)
        if numbers != list(range(1, len(numbers) + 1)):
            first = min(listed, key=lambda company: company.order)
            place = where_from(first.where)
            found = "、".join(map(str, numbers[:20]))
            yield Issue("T16", place, found=found, city=first.city, county=first.county)


def county_orders_stand(totals: pd.DataFrame, enterprises: pd.DataFrame) -> list[Issue]:
    """The computed order keeps each county's own; where it does not, one line per county with its largest moves."""
    listed = totals[totals["status"] == "已排名"].merge(enterprises[["key", "order", "where"]], on="key")
    listed = listed[listed["order"].notna()]
    issues = []
    for (city, county), group in listed.groupby(["city", "county"], sort=True):
        if not county or len(group) < 2:
            continue
        own = group["order"].rank(method="min").astype(int)
        computed = group["rank_in_county"].astype(float).rank(method="min").astype(int)
        moved = [
            (abs(before - after), company, before, after)
            for company, before, after in zip(group["company"], own, computed, strict=True)
            if before != after
        ]
        if moved:
            moved.sort(key=lambda move: (-move[0], move[1]))
            moves = "；".join(f"{company} 推荐第 {before}、算得第 {after}" for _, company, before, after in moved[:MOVES_SHOWN])
            where = where_from(group["where"].iloc[0])
            issues.append(Issue("X12", where, facts={"moves": moves}, city=str(city), county=str(county)))
    return issues


def counties_not_heard_from(enterprises: pd.DataFrame, nil_returns: Iterable[tuple[str, str]], rulebook: Rulebook) -> list[str]:
    """The expected counties without a nomination and without a nil return, in the list's order."""
    nominated = enterprises[enterprises["nominated"]]
    heard = {*zip(nominated["city"], nominated["county"], strict=True), *nil_returns}
    return [county.name for county in rulebook.expected_counties if (county.city, county.name) not in heard]


def _text(value: float) -> str:
    return f"{value:.10g}" if abs(value) < 1e9 else f"{value:.2f}".rstrip("0").rstrip(".")
