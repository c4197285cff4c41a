"""Cross-checks: one form against another. Each function is one rule, named by the truth it asserts.

They return issues and never change a figure: which of two contradicting values is right, only people know.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import (
    ASSESSMENT_MISSING,
    CLOUD_EXCEEDS_IT_SPEND,
    FORMS_DIFFER,
    MARKED_COMPANY_UNKNOWN,
    NOMINATION_MISSING,
    NOT_IN_CITY_POOL,
    PHONE_INVALID,
    PROFIT_EXCEEDS_REVENUE,
    RANK_DIFFERS_FROM_ORDER,
    UNIT_SLIP,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.records import Mark, PoolName
from pipeline.model.rulebook import Rulebook
from pipeline.stages.checks.names import near_names
from pipeline.stages.checks.size import figure_text, figures_fit_the_companys_size

UNIT_SLIPS = (10, 100, 1000, 1024, 10000)  # 元 for 万元, 千元 for 万元, a zero too many …
SLIP_TOLERANCE = 0.01
NOISE = 1e-9  # of a quotient of two figures
CITY_LEVEL = "市级"
SHOWN = 5  # moves and names in one message

_PHONE_BREAK = re.compile(r"[,，、;；/／|｜\n]+|或者?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0\d{2,3}[-\s]?)\d{7,8}(?:[-转]\d{1,6})?|\d{7,8}|400[-\s]?\d{3}[-\s]?\d{4}")


def check_forms(enterprises: pd.DataFrame, answers: pd.DataFrame, rulebook: Rulebook) -> list[Issue]:
    """Every check that needs no ranking, in a fixed order."""
    companies = list(enterprises.itertuples(index=False))
    return list(
        chain(
            forms_and_nominations_meet(companies, rulebook),
            spend_is_the_same_in_both_forms(companies, answers, rulebook),
            cloud_spend_is_part_of_it_spend(companies),
            profit_is_part_of_revenue(companies),
            phones_look_like_phones(companies, rulebook),
            figures_fit_the_companys_size(enterprises, answers, rulebook),
        )
    )


def _issue(
    code: Code, company: tuple, where: Where, part: str = "", found: str = "", indicator: str = "", **facts: str
) -> Issue:
    return Issue(
        code,
        where if where.file else company.where,
        company.company,
        indicator,
        part,
        found,
        facts,
        company.city,
        company.county,
    )


def forms_and_nominations_meet(companies: list, rulebook: Rulebook) -> Iterator[Issue]:
    """A nominated company without 附件1 cannot be scored (a refused one needs none); 附件1 without a nomination takes
    no part in the ranking. Names of the two kinds that are close are named as candidates, never merged."""
    formless = [one for one in companies if one.nominated and not one.assessed and not one.excluded]
    unnominated = [one for one in companies if one.assessed and not one.nominated and not one.excluded]
    near = near_names(formless, unnominated, rulebook)
    for company in formless:
        if not company.refused:
            candidates = _candidates("收到的附件1中", near.get(company.key, []))
            yield _issue(ASSESSMENT_MISSING, company, company.where, candidates=candidates)
    for company in unnominated:
        candidates = _candidates("没有附件1的推荐企业中", near.get(company.key, []))
        yield _issue(NOMINATION_MISSING, company, company.form_where, candidates=candidates)


def _candidates(among: str, names: list[str]) -> str:
    return f"{among}名称相近的有：{'、'.join(sorted(names)[:SHOWN])}，请核对是否同一家。" if names else ""


def marked_companies_are_known(
    strangers: Iterable[Mark], enterprises: pd.DataFrame, rulebook: Rulebook
) -> Iterator[Issue]:
    """Every company an expert marked is nominated or assessed; one E05 per file, with the names that are close."""
    companies = list(enterprises.itertuples(index=False))
    by_file: dict[str, list[Mark]] = {}
    for mark in strangers:
        by_file.setdefault(mark.where.file, []).append(mark)
    for marks in by_file.values():
        near = near_names(
            companies, [_Stranger(_name_key(mark.company), mark.company) for mark in marks[:SHOWN]], rulebook
        )
        alike = {mark.company: sorted(near.get(_name_key(mark.company), [])) for mark in marks[:SHOWN]}
        candidates = "；".join(
            f"与“{name}”相近的有：{'、'.join(names[:SHOWN])}" for name, names in alike.items() if names
        )
        first, *others = marks
        names = "、".join(mark.company for mark in others[: SHOWN - 1])
        more = f"（另有 {len(others)} 家同样：{names}{'等' if len(others) >= SHOWN else ''}）" if others else ""
        facts = {"more": more, "candidates": f"名称{candidates}。" if candidates else ""}
        yield Issue(MARKED_COMPANY_UNKNOWN, first.name_where, found=first.company, facts=facts)


class _Stranger(NamedTuple):
    """A marked company that nobody knows, as near_names asks for it."""

    key: str
    company: str
    city: str = ""
    county: str = ""


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
                "form_value": figure_text(form_value),
                "list_value": figure_text(list_value),
                "column": labels[column],
                "ratio": f"{ratio}",
            }
            code = UNIT_SLIP if ratio else FORMS_DIFFER
            yield _issue(code, company, answer[f"{part}_where"], part.upper(), "", "cloud_spend", **facts)


def _slip(first: float, second: float) -> int:
    """The unit slip that leads from one value to the other, 0 when there is none."""
    if first <= 0 or second <= 0:
        return 0
    ratio = first / second
    away = {slip: min(abs(ratio / slip - 1), abs(ratio * slip - 1)) for slip in UNIT_SLIPS}
    nearest = min(UNIT_SLIPS, key=lambda slip: away[slip])
    return nearest if away[nearest] <= SLIP_TOLERANCE + NOISE else 0


def cloud_spend_is_part_of_it_spend(companies: list) -> Iterator[Issue]:
    """附件2: 近三年上云投入 is not more than 近三年信息化建设和运维投入."""
    for company in companies:
        if company.cloud_spend > company.it_spend:
            facts = {"cloud": figure_text(company.cloud_spend), "it": figure_text(company.it_spend)}
            yield _issue(CLOUD_EXCEEDS_IT_SPEND, company, company.cloud_spend_where, **facts)


def profit_is_part_of_revenue(companies: list) -> Iterator[Issue]:
    """附件2: 上年度利润总额 is not more than 上年度销售收入."""
    for company in companies:
        if company.profit > company.revenue:
            facts = {"profit": figure_text(company.profit), "revenue": figure_text(company.revenue)}
            yield _issue(PROFIT_EXCEEDS_REVENUE, company, company.profit_where, **facts)


def phones_look_like_phones(companies: list, rulebook: Rulebook) -> Iterator[Issue]:
    """附件2: every 联系电话 is a mobile or a landline number."""
    for company in companies:
        if company.phone.strip() in rulebook.vocabulary.not_given:
            continue
        numbers = [number for piece in _PHONE_BREAK.split(company.phone) for number in _numbers_in(piece)]
        wrong = [piece for piece in numbers if not _is_phone(piece)]
        if wrong and not re.fullmatch(r"[\d.]+[eE]\+?\d+", company.phone):
            yield _issue(PHONE_INVALID, company, company.phone_where, "联系电话", _hidden(wrong[0].strip()))


def _numbers_in(piece: str) -> list[str]:
    """The numbers of a piece of a cell: one whose digits stand apart, or several with a space between them."""
    return [piece] if _is_phone(piece) else piece.split()


def _is_phone(text: str) -> bool:
    compact = re.sub(r"[—–‐‑－]", "-", re.sub(r"[\s()（）]", "", text))
    compact = re.sub(r"^(?:\+|00)?86-?(?=1)", "", compact)
    return bool(_MOBILE.fullmatch(compact.replace("-", "")) or _LANDLINE.fullmatch(compact))


def _hidden(number: str) -> str:
    """A wrong number as it may be shown: no name beside it, its middle hidden like a right one's."""
    digits = re.sub(r"[^\W\d_]+", "…", number)
    return digits if len(digits) < 7 else f"{digits[:3]}****{digits[-2:]}"


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
            moves = "；".join(
                f"{company} 推荐第 {before}、算得第 {after}" for _, company, before, after in moved[:SHOWN]
            )
            where = group["where"].iloc[0]
            issues.append(
                Issue(RANK_DIFFERS_FROM_ORDER, where, facts={"moves": moves}, city=str(city), county=str(county))
            )
    return issues


def counties_not_heard_from(
    enterprises: pd.DataFrame, nil_returns: Iterable[tuple[str, str]], rulebook: Rulebook
) -> list[str]:
    """The expected counties without a nomination and without a nil return, in the list's order."""
    nominated = enterprises[enterprises["nominated"]]
    heard = {*zip(nominated["city"], nominated["county"], strict=True), *nil_returns}
    return [county.name for county in rulebook.expected_counties if (county.city, county.name) not in heard]


def nominated_are_in_the_city_pool(enterprises: pd.DataFrame, pool_names: Iterable[PoolName]) -> Iterator[Issue]:
    """Every nominated company is in a 市级 list of names, where its city has sent one (a company without a city: where
    any city has): 区县级库 → 市级库 → 省级, no tier skipped."""
    listed = [name for name in pool_names if name.level == CITY_LEVEL]
    cities, names = {name.city for name in listed}, {_name_key(name.company) for name in listed}
    for company in enterprises.itertuples(index=False):
        asked = company.nominated and not company.refused and not company.excluded
        if asked and (company.city in cities if company.city else cities) and company.key not in names:
            yield _issue(NOT_IN_CITY_POOL, company, company.where, found=company.company)


def _name_key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
