"""What 简报 says, in the order a leader asks: who has reported, what is open, the best companies, the pools, what decides.

Its figures are those of 问题清单, 报告.html and 附件3. It names no expert, no contact and no person who decided. Every list is cut so that the
page stays one page, and says where the whole list is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.issues.catalogue import ERROR, REMARK
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.display import is_missing, long_date, on_one_line, percentage, shown, shown_column
from pipeline.model.expert_answers import unfinished_experts
from pipeline.model.results import Results, Standing
from pipeline.model.returns import CountyReturn, city_returns, counted, county_returns
from pipeline.model.rulebook import PoolWords
from pipeline.model.selected import SELECTED, UNDECIDED
from pipeline.model.stamps import DEMO_LABEL
from pipeline.model.tables import STATUS_ORDER

_MOST_MISSING, _MOST_WRONG = 8, 5  # counties that are named
_LONGEST_NAME = 34  # characters of a company's name: two lines of the table
_LONGEST_REASON = 90  # characters of one reason of a 试算
_NAMES = re.compile(r"（[^（）]*）$")  # what a reason names in brackets stands in the first paragraph
_MOST_TOPICS = 12  # assumed rulings that are named


class Paragraph(NamedTuple):
    """One part: its heading, which stands at the beginning of its first line, and its sentences."""

    heading: str
    text: str


class TopCompany(NamedTuple):
    """One row of the table of best companies, as shown."""

    rank: str
    company: str
    region: str
    total: str


class Brief(NamedTuple):
    """The page: its paragraphs before the table of the best companies (`top`), the one above the table, and those below it."""

    title: str
    subtitle: str
    before: tuple[Paragraph, ...]
    ranking: Paragraph
    top: tuple[TopCompany, ...]
    after: tuple[Paragraph, ...]


def brief_of(results: Results, most: int) -> Brief:
    """The page, with at most `most` companies in its table."""
    counties = county_returns(results)
    rows = top_companies(results, most)
    return Brief(
        title=results.rulebook.titles.brief or results.rulebook.titles.report,
        subtitle=_subtitle(results),
        before=(
            Paragraph("一、报送情况。", "".join(_reported(results, counties))),
            Paragraph("二、待办事项。", "".join(_open(results, counties))),
        ),
        ranking=Paragraph(
            f"三、排在前列的企业{_qualified(results.standing)}。", "".join(_ranking_words(results, len(rows)))
        ),
        top=rows,
        after=(
            Paragraph("四、培育库进展。", "".join(_pools(results)) or "没有收到培育库数据。"),
            Paragraph("五、结果性质。", "".join(_decides(results))),
        ),
    )


def _subtitle(results: Results) -> str:
    standing = results.standing
    words = [results.rulebook.scope_name, f"截至{long_date(results.date)}", standing.label]
    return "　".join([*words, DEMO_LABEL] if standing.demo else words)


def _qualified(standing: Standing) -> str:
    words = ["" if standing.final else standing.label, "" if standing.has_marks else "仅客观分"]
    said = "，".join(word for word in words if word)
    return f"（{said}）" if said else ""


# ---------------------------------------------------------------------------------------- who has reported


def _reported(results: Results, counties: list[CountyReturn]) -> Iterator[str]:
    counts = counted(counties)
    yield f"应报区县 {counts.expected} 个，已交 {counts.received} 个"
    if counts.received:
        yield f"（无问题 {counts.clean} 个，只有提醒 {counts.with_remarks} 个，有错误 {counts.with_errors} 个）"
    yield f"，未交 {counts.missing} 个。" if counts.missing else "，全部交齐。"
    if counts.missing:
        yield _missing([county for county in counties if county.expected and not county.has_list], results)
    if counts.beyond:
        yield f"应报名单以外另有 {counts.beyond} 个区县来件。"
    statuses = Counter(results.totals["status"])
    by_status = "、".join(f"{status} {statuses[status]} 家" for status in STATUS_ORDER if statuses[status])
    yield f"共有企业 {len(results.totals)} 家{f'：{by_status}' if by_status else ''}。"


def _missing(missing: list[CountyReturn], results: Results) -> str:
    names = [county.county for county in missing]
    if len(names) <= _MOST_MISSING:
        return f"未交的是{'、'.join(f'{county.city}{county.county}' for county in missing)}。"
    cities = [
        f"{city.city} {counted(city.counties).missing} 个"
        for city in city_returns(results, missing)
        if counted(city.counties).missing
    ]
    named = listed(names, unit="个", most=_MOST_MISSING)
    return f"未交的有{named}（{'、'.join(cities)}），全部名单见《问题清单》“催报”。"


# ---------------------------------------------------------------------------------------- what is open


def _open(results: Results, counties: list[CountyReturn]) -> Iterator[str]:
    levels = Counter(issue.level for issue in results.issues if issue.state != "已接受")
    if levels[ERROR] or levels[REMARK]:
        yield f"待处理错误 {levels[ERROR]} 处、提醒 {levels[REMARK]} 处，逐条见《问题清单》“明细”。"
    else:
        yield "没有待处理的错误和提醒。"
    if wrong := [county for county in counties if county.errors]:
        named = listed((f"{county.county} {county.errors} 处" for county in wrong), "个", most=_MOST_WRONG)
        yield f"有错误待改正的区县：{named}。"
    if asked := sum(county.asked for county in counties):
        yield f"有企业看不出应归哪个区县，待区县说明 {asked} 家次。"
    yield _experts(results)


def _experts(results: Results) -> str:
    marks = results.marks
    given = marks.loc[marks["state"] == "given", "expert"].nunique()
    unfinished = len(unfinished_experts(marks, results.enterprises))
    waiting = f"{unfinished} 位没有评完" if unfinished else ""
    if not given:
        return f"还没有可用的专家评分{f'（{waiting}）' if waiting else ''}。"
    return f"已收到 {given} 位专家的评分{f'，{waiting}' if waiting else ''}。"


# ---------------------------------------------------------------------------------------- best companies


def top_companies(results: Results, most: int) -> tuple[TopCompany, ...]:
    """The first companies of the ranking, in its order."""
    ranked = results.totals[results.totals["status"] == STATUS_ORDER[0]]
    totals = shown_column(ranked["total"].tolist(), ranked["rank"].tolist())
    rows = zip(ranked["rank"], ranked["company"], ranked["city"], ranked["county"], totals, strict=True)
    return tuple(
        TopCompany(str(int(rank)), _cut(company, _LONGEST_NAME), _cut(city + county, _LONGEST_NAME), total)
        for (rank, company, city, county, total), _ in zip(rows, range(most), strict=False)
    )


def _ranking_words(results: Results, listing: int) -> Iterator[str]:
    ranked = results.totals[results.totals["status"] == STATUS_ORDER[0]]
    if not listing:
        yield "还没有可以排名的企业。"
        return
    yield _selected(results)
    if listing == len(ranked):
        yield f"参加排名 {len(ranked)} 家，全部如下。"
        return
    yield f"参加排名 {len(ranked)} 家，前 {listing} 家如下"
    last = ranked["rank"].iloc[listing - 1]
    tied = int((ranked["rank"] == last).sum())
    cut = int((ranked["rank"].iloc[listing:] == last).sum())
    yield f"（第 {last} 名并列 {tied} 家，其中 {cut} 家没有列出）" if cut else ""
    yield "，全部见《附件2_推荐排序表》。"


def _selected(results: Results) -> str:
    """How many companies are 拟认定; "" where nobody is to be selected."""
    selected = results.selected
    if not selected.asked_for:
        return ""
    open_ones = len(selected.in_state(UNDECIDED))
    waiting = f"，另有 {open_ones} 家在名额线上并列待定" if open_ones else ""
    return f"拟认定 {len(selected.in_state(SELECTED))} 家{waiting}，名单见《公示名单》。"


# ---------------------------------------------------------------------------------------- pools


def _pools(results: Results) -> Iterator[str]:
    """One sentence per level of 附件3 that has figures: the sum of the scope and, in a province, how its cities stand."""
    regions = results.regions[~results.regions["value"].map(is_missing)]
    whole = results.rulebook.pool_regions[-1]
    for level in results.rulebook.pool.levels:
        rows = regions[regions["level"] == level.id]
        if (rows["item"] == "cumulative").any():
            known = dict(zip(zip(rows["region"], rows["item"], strict=True), rows["value"].tolist(), strict=True))
            items = {item: known.get((whole, item)) for item in ("cumulative", "target", "progress")}
            cities = [
                city for city in results.rulebook.cities_in_scope if city != whole and (city, "progress") in known
            ]
            progress = {city: known[city, "progress"] for city in cities}
            yield f"{level.id}：{_sums(items, results.rulebook.pool_words)}{_behind(progress)}。"


def _sums(items: Mapping[str, float | None], words: PoolWords) -> str:
    counts = (f"{words.label(item)} {shown(items[item], 0) or '（没有算出）'} 家" for item in ("cumulative", "target"))
    return f"{'，'.join(counts)}，{words.label('progress')} {percentage(items['progress']) or '（没有算出）'}"


def _behind(progress: Mapping[str, float]) -> str:
    """How many cities reach their target, and which is the furthest from it. progress: by city, a ratio."""
    if not progress:
        return ""
    lowest = min(progress, key=lambda city: progress[city])
    reached = sum(ratio >= 1 for ratio in progress.values())
    return f"；{reached} 个市达到目标，最低的{lowest}为 {percentage(progress[lowest])}"


# ---------------------------------------------------------------------------------------- what decides


def _decides(results: Results) -> Iterator[str]:
    standing, rulebook = results.standing, results.rulebook
    yield f"本次结果为{standing.label}"
    reasons = "；".join(_cut(_NAMES.sub("", reason), _LONGEST_REASON) for reason in standing.reasons)
    yield f"，原因：{reasons}。" if reasons else "。"
    if assumed := rulebook.assumed_rulings:
        topics = listed((ruling.topic for ruling in assumed), "条", most=_MOST_TOPICS)
        yield f"暂定待确认的规则：{topics}；采用的办法和可选的办法见《审计底稿》“规则”。"
    else:
        yield "通知没有写明的规则都已确认。"
    if adopted := sum(decision["state"] == "已采用" for decision in results.decisions):
        yield f"已采用人工决定 {adopted} 条。"


def _cut(text: str, most: int) -> str:
    """A text on one line, phones masked, with … where it is longer than `most`."""
    text = on_one_line(mask_phones(text))
    return text if len(text) <= most else f"{text[: most - 1]}…"
