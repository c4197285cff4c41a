"""催报 in words: one text for each city and one for the experts, ready to be sent as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pipeline.model.display import long_date
from pipeline.model.records import Stray
from pipeline.model.returns import MISSING_LIST, CityReturn, CountyReturn, Region, counted
from pipeline.model.rulebook import Chasing


def city_text(city: CityReturn, chasing: Chasing, day: str) -> str:
    """The text for one city: which of its counties have handed in nothing, which have errors, and by when it is asked for.
    It names no county of another city. chasing: the rulebook's; a sentence that it gives nothing for is left out. day:
    the run's, ISO."""
    counts = counted(city.counties)
    missing = [county for county in city.counties if county.expected and not county.has_list]
    wrong = [county for county in city.counties if county.has_list and county.errors]
    asked = [county for county in city.counties if county.asked]
    person = chasing.city_contacts.get(city.city, "")
    opening = f"{city.city}{f'（{person}）' if person else ''}：截至{long_date(day)}"
    if counts.expected:
        opening += f"，应报 {counts.expected} 个区县，已交 {counts.received} 个，未交 {counts.missing} 个"
    lines = [f"{opening}。"]
    if missing:
        lines.append(f"未交：{'、'.join(map(_missing, missing))}。")
    if wrong:
        lines.append(f"有错误：{'、'.join(f'{county.county} {county.errors} 处' for county in wrong)}。")
    if city.errors:
        lines.append(f"市里统一报送的材料有错误 {city.errors} 处，见《{city.city}汇总》“未解决的问题”表。")
    if city.astray:
        lines.append(f"放在区县文件夹里、看不出应归哪个区县的材料有错误 {city.astray} 处，详见各区县的催报。")
    if asked:
        lines.append(
            f"有企业看不出应归哪个区县：{'、'.join(f'{county.county} {county.asked} 家' for county in asked)}。"
        )
    if len(lines) == 1:
        return f"{lines[0]}都已交齐，没有错误，谢谢。" if counts.expected else f"{lines[0]}没有错误，谢谢。"
    lines.append(_request(bool(missing), bool(wrong or city.errors or city.astray or asked), chasing, day))
    return "\n".join(lines)


def _missing(county: CountyReturn) -> str:
    return f"{county.county}（只缺附件2）" if county.state == MISSING_LIST else county.county


def _request(missing: bool, wrong: bool, chasing: Chasing, day: str) -> str:
    """What the city is asked to do."""
    asked = []
    if missing:
        asked.append("未交的尽快报送附件2和附件1，没有推荐企业的报一份写“无”的附件2")
    if wrong:
        asked.append("有错误的照返还文件夹中《推荐排序结果》“问题清单”逐条改正后重新报送")
    return f"请转告有关区县：{'；'.join(asked)}。{_ending(chasing, day)}"


def stray_text(strays: Iterable[Stray], region: Region) -> str:
    """Where files lie that were laid in the wrong county's folder, as the county that has them or the one that they name
    reads it; "" for any other. The names of the files are left out: they may name another's company."""
    away: defaultdict[Region, list[Stray]] = defaultdict(list)
    here: defaultdict[Region, list[Stray]] = defaultdict(list)
    for stray in strays:
        if stray.says == region:
            away[stray.lies_in].append(stray)
        elif stray.lies_in == region:
            here[stray.says].append(stray)
    lines = [
        f"注意：写着本区县的{_kinds(files)}放在{''.join(other)}的文件夹里，还没有采用；是本区县的，请改放到本区县的文件夹。"
        for other, files in away.items()
    ]
    lines += [
        f"注意：本区县的文件夹里有{_kinds(files)}写的是{''.join(other)}，还没有采用；放错的请移到{''.join(other)}的文件夹，"
        "确属本区县的请改正表里的区县。"
        for other, files in here.items()
    ]
    return "\n".join(lines)


def _kinds(strays: list[Stray]) -> str:
    lists = sum(stray.is_list for stray in strays)
    counts = (("附件2", lists), ("附件1", len(strays) - lists))
    return f" {'、'.join(f'{count} 份{kind}' for kind, count in counts if count)}"


def experts_text(unfinished: bool, chasing: Chasing, day: str) -> str:
    """The text for the experts. unfinished: packs came back in which companies are not marked; else nothing came back. It
    names no expert, so that all may get the same."""
    if not unfinished:
        return f"各位专家：还没有收到评分表，请评完后把自己那份评分表交回。{_ending(chasing, day)}"
    return (
        "各位专家：收回的评分表里还有企业没有评分。请打开自己那份评分表，看“进度”一栏，把没有评的评完，保存后交回；"
        f"与企业有利害关系的，请在“回避”栏填“回避”并写明理由。{_ending(chasing, day)}"
    )


def _ending(chasing: Chasing, day: str) -> str:
    """By when, whom to ask, thanks."""
    words = []
    if chasing.deadline:
        due = chasing.deadline.isoformat()
        late = "已过，请尽快办理" if day > due else "请在此前办理"
        words.append(f"截止日期为{long_date(due)}，{late}。")
    if chasing.contact:
        words.append(f"有疑问请联系：{chasing.contact}。")
    return "".join([*words, "谢谢。"])


def city_state(counties: Iterable[CountyReturn]) -> str:
    """A city's state in a few words: 未交 3、有错误 2."""
    counts = counted(counties)
    words = (("未交", counts.missing), ("有错误", counts.with_errors), ("有提醒", counts.with_remarks))
    return "、".join(f"{word} {count}" for word, count in words if count) or "已交齐"
