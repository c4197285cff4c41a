"""The published rulebook holds what the notice says. A rulebook that contradicts itself is refused with one sentence
that names the key."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.model.alternatives import figure_written
from pipeline.model.quotas import quotas_of_cities
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import (
    RULEBOOKS,
    RulebookError,
    build_rulebook,
    latest_rulebook,
    load_rulebook,
    with_rulings,
)
from tests.support.rulebooks import ZHEJIANG_2024
from tests.support.strange_files import STRANGE, no_waiting
from tests.support.strange_files import put as put_there

Entries = dict[str, Any]
# English that may stand in a message: keys, ids, TOML's own words, the file's name.
ENGLISH_THAT_IS_A_KEY = re.compile(r"“[^”]*”|只可写：.*|true 或 false|TOML|UTF-8")


# ---------------------------------------------------------------- what the notice says


def test_six_dimensions_with_the_points_of_the_notice(rulebook: Rulebook):
    assert [(entry.label, entry.points) for entry in rulebook.dimensions] == [
        ("基础设施", 20),
        ("云上业务", 25),
        ("云上管理", 15),
        ("云上数字化协同", 10),
        ("上云投入", 5),
        ("标杆示范", 25),
    ]
    assert [(entry.label, entry.points) for entry in rulebook.groups] == [("创新应用", 13), ("典型示范", 12)]


def test_21_indicators_in_the_order_of_the_notice(rulebook: Rulebook):
    assert [(entry.id, entry.label, entry.points) for entry in rulebook.ratio_indicators] == [
        ("cloud_storage", "云存储", 5),
        ("cloud_server", "云服务器", 5),
        ("cloud_security", "云安全", 5),
        ("cloud_database", "云数据库", 5),
        ("research", "研发", 5),
        ("production", "生产", 5),
        ("supply_chain", "供应链", 5),
        ("marketing", "营销", 5),
        ("other_business", "其他", 5),
        ("office", "行政办公", 5),
        ("device_access", "设备接入", 5),
        ("device_management", "设备管理", 5),
        ("system_synergy", "系统协同", 5),
        ("data_synergy", "数据协同", 5),
        ("cloud_spend", "上云投入", 5),
    ]
    assert [(entry.id, entry.label, entry.points) for entry in rulebook.expert_indicators] == [
        ("domestic_innovation", "信创应用示范", 4),
        ("cloud_native", "云原生应用情况", 4),
        ("cloud_governance", "云上管理能力建设", 5),
        ("platform_use", "典型云平台应用情况", 4),
        ("new_manufacturing", "发展新制造典型应用情况", 4),
        ("performance_case", "绩效提升典型案例", 4),
    ]
    assert rulebook.indicators == (*rulebook.ratio_indicators, *rulebook.expert_indicators)


@pytest.mark.parametrize(
    ("indicator", "n_caption", "m_caption"),
    [
        ("cloud_storage", "N：企业使用云存储数据总量（单位：TB）", "M：企业存储数据总量（单位：TB）"),
        ("cloud_server", "N:云服务器使用数量（单位计算能力：4核16G）", "M：企业服务器使用总数（单位计算能力：4核16G）"),
        (
            "cloud_security",
            "N：云安全产品和服务费用（单位：万元）",
            "M：安全类产品和服务的总费用（包括安全相关硬件、软件和服务类支出）（单位：万元）",
        ),
        ("cloud_database", "N：云数据库采购费用支出（单位：万元）", "M：企业数据库费用总支出（单位：万元）"),
        ("research", "N：云上研发系统数量（单位：个）", "M：研发系统总数（单位：个）"),
        ("production", "N：云上生产系统数量（单位：个）", "M：生产系统总数（单位：个）"),
        ("supply_chain", "N：云上供应链系统数量（单位：个）", "M：供应链系统总数（单位：个）"),
        ("marketing", "N：云上营销系统数量（单位：个）", "M：营销系统总数（单位：个）"),
        ("other_business", "N：云上其他系统数量（单位：个）", "M：其他系统总数（单位：个）"),
        ("office", "N：云上行政办公系统数量（单位：个）", "M：行政办公系统总数（单位：个）"),
        ("device_access", "N：云上各类设备数量（单位：台）", "M：企业设备总量（单位：台）"),
        ("device_management", "N：云上设备管理系统数量（单位：个）", "M：设备管理系统总数（单位：个）"),
        ("system_synergy", "N：满足条件协同系统数（单位：个）", ""),
        ("data_synergy", "N：满足条件协同数据类别数量", ""),
        ("cloud_spend", "N：近三年上云总投入（单位：万元）", "M：近三年信息化总投入（单位：万元）"),
    ],
)
def test_captions_are_the_words_of_the_form(rulebook: Rulebook, indicator: str, n_caption: str, m_caption: str):
    entry = rulebook.indicator_of[indicator]
    assert ("".join(entry.n_caption.split()), "".join(entry.m_caption.split())) == (n_caption, m_caption)


def test_what_m_is_and_what_is_ranked(rulebook: Rulebook):
    typed = {entry.id for entry in rulebook.ratio_indicators if entry.m == "typed"}
    assert typed == {entry.id for entry in rulebook.ratio_indicators} - {"system_synergy", "data_synergy"}
    synergy = rulebook.indicator_of["system_synergy"]
    assert (synergy.m, synergy.m_sum_of) == (
        "sum",
        ("research", "production", "supply_chain", "marketing", "other_business"),
    )
    categories = rulebook.indicator_of["data_synergy"]
    assert (categories.m, categories.m_fixed) == ("fixed", 6)
    assert categories.categories == ("研发数据", "设计数据", "生产数据", "供应链数据", "销售数据", "服务数据")
    on_n_alone = {entry.id for entry in rulebook.ratio_indicators if entry.ranked == ("n",)}
    assert on_n_alone == {"system_synergy", "data_synergy", "cloud_spend"}
    assert {entry.ranked for entry in rulebook.ratio_indicators if entry.id not in on_n_alone} == {("n", "m")}


def test_units(rulebook: Rulebook):
    units = {entry.id: entry.unit for entry in rulebook.ratio_indicators}
    assert {key for key, unit in units.items() if unit == "万元"} == {"cloud_security", "cloud_database", "cloud_spend"}
    assert (units["cloud_storage"], units["cloud_server"], units["device_access"]) == ("TB", "4核16G", "台")
    assert units["data_synergy"] == "类"


def test_bands_and_shares(rulebook: Rulebook):
    assert [(band.label, band.share, band.coefficient) for band in rulebook.bands] == [
        ("一等", Decimal("0.1"), 1),
        ("二等", Decimal("0.3"), Decimal("0.8")),
        ("三等", Decimal("0.6"), Decimal("0.6")),
        ("四等", 1, Decimal("0.4")),
    ]
    assert (rulebook.scoring.self_share, rulebook.scoring.peer_share) == (Decimal("0.5"), Decimal("0.5"))
    assert (rulebook.scoring.tie, rulebook.scoring.rank_decimals) == ("min", 9)
    assert (rulebook.experts.method, rulebook.experts.trim_from) == ("trimmed", 5)


def test_every_open_point_is_an_assumed_ruling(rulebook: Rulebook):
    without_effect = {"selection_quotas", "selection_tie"}  # as long as nobody is selected
    assert {ruling.id for ruling in rulebook.rulings if ruling not in rulebook.assumed_rulings} == without_effect
    assert not any(ruling.confirmed for ruling in rulebook.rulings)
    selecting = with_rulings(rulebook, {"selection": "places=60"})
    assert without_effect <= {ruling.id for ruling in selecting.assumed_rulings}
    touched = {key.split(".")[0] for ruling in rulebook.rulings for way in ruling.alternatives for key in way.set}
    assert touched == {"scoring", "bands", "experts", "selection", "public_list", "visits"}


def test_nomination_columns_in_the_words_of_the_form(rulebook: Rulebook):
    assert ["".join(column.header.split()) for column in rulebook.nomination_columns] == [
        "序号",
        "区县",
        "企业名称",
        "主营业务",
        "上年度销售收入（万元）",
        "上年度利润总额（万元）",
        "近三年信息化建设和运维投入（万元）",
        "近三年上云投入（万元）",
        "企业信息化负责人",
        "联系电话",
        "经信部门推荐意见",
    ]
    assert [column.id for column in rulebook.nomination_columns if column.negative] == ["profit"]


def test_pool_targets_of_the_notice(rulebook: Rulebook):
    assert rulebook.pool.years == (2021, 2022, 2023)
    targets = {level.id: tuple(level.targets[city] for city in rulebook.city_names) for level in rulebook.pool.levels}
    assert targets == {
        "市级": (90, 138, 106, 96, 56, 68, 78, 18, 6, 74, 20),
        "区县级": (272, 414, 316, 286, 170, 206, 234, 54, 18, 220, 60),
    }
    assert (sum(targets["市级"]), sum(targets["区县级"])) == (750, 2250)


def test_11_cities_and_90_counties(rulebook: Rulebook):
    assert rulebook.city_names == (
        "杭州市",
        "宁波市",
        "温州市",
        "嘉兴市",
        "湖州市",
        "绍兴市",
        "金华市",
        "衢州市",
        "舟山市",
        "台州市",
        "丽水市",
    )
    assert [sum(county.city == city for county in rulebook.counties) for city in rulebook.city_names] == [
        13,
        10,
        12,
        7,
        5,
        6,
        9,
        6,
        4,
        9,
        9,
    ]
    assert len(rulebook.expected_counties) == 90


def test_a_city_out_of_scope_is_not_expected(rulebook_entries: Entries):
    rulebook_entries["cities"][1]["in_scope"] = False
    expected = build_rulebook(rulebook_entries).expected_counties
    assert len(expected) == 80
    assert "宁波市" not in {county.city for county in expected}


def test_nobody_changes_a_loaded_rulebook(rulebook: Rulebook):
    with pytest.raises(ValidationError):
        rulebook.year = 2025
    with pytest.raises(ValidationError):
        rulebook.scoring.tie = "dense"


# ---------------------------------------------------------------- what the loader refuses


def put(path: str, value: Any) -> Callable[[Entries], None]:
    """Writes `value` at a dotted path; a number is a place in a list."""

    def spoil(entries: Entries) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        holder: Any = entries
        for part in way:
            holder = holder[part]
        holder[last] = value

    return spoil


def drop(path: str) -> Callable[[Entries], None]:
    def spoil(entries: Entries) -> None:
        holder: Any = entries
        *way, last = path.split(".")
        for part in way:
            holder = holder[int(part) if part.isdigit() else part]
        del holder[int(last) if last.isdigit() else last]

    return spoil


def repeat(table: str, **changes: Any) -> Callable[[Entries], None]:
    """Adds the first entry of `table` a second time, with `changes`."""

    def spoil(entries: Entries) -> None:
        entries[table].append({**entries[table][0], **changes})

    return spoil


def selected(**figures: Any) -> Callable[[Entries], None]:
    """Writes [selection] with these figures, without the rulings about it."""

    def spoil(entries: Entries) -> None:
        entries["rulings"] = [entry for entry in entries["rulings"] if not entry["id"].startswith("selection")]
        entries["selection"] = {**entries["selection"], **figures}

    return spoil


REFUSED = [
    # unknown and missing keys
    ("unknown key", put("colour", "red"), ["“colour”", "titles"]),
    ("unknown key of an indicator", put("indicators.2.wieght", 5), ["“indicators.cloud_security.wieght”", "points"]),
    ("unknown key of a table", put("scoring.share", 1), ["“scoring.share”", "self_share"]),
    ("unknown key of an alternative", put("rulings.0.alternatives.0.note", ""), ["alternatives.half.note”"]),
    ("missing table", drop("titles"), ["“titles”"]),
    ("missing key", drop("titles.audit"), ["“titles.audit”"]),
    ("missing id", drop("indicators.2.id"), ["“indicators.云安全.id”"]),
    ("no bands", put("bands", []), ["“bands”"]),
    ("a ruling without a choice", drop("rulings.0.alternatives.0"), ["“rulings.item_score", "self_60"]),
    ("the sum is the program's", put("sha256", "0"), ["“sha256”"]),
    # wrong types and values
    ("words for points", put("indicators.0.points", "五"), ["“indicators.cloud_storage.points”", "“五”", "数"]),
    ("truth for points", put("indicators.0.points", True), ["“indicators.cloud_storage.points”", "“true”"]),
    ("no number", put("bands.0.share", Decimal("NaN")), ["“bands.一等.share”", "“NaN”"]),
    ("no points", put("indicators.0.points", 0), ["“indicators.cloud_storage.points”", "大于 0"]),
    ("share above one", put("bands.3.share", Decimal("1.2")), ["“bands.四等.share”", "不大于 1"]),
    ("negative share", put("scoring.zero_coefficient", Decimal(-1)), ["“scoring.zero_coefficient”", "不小于 0"]),
    ("year in words", put("year", "明年"), ["“year”", "“明年”", "整数"]),
    ("half a year", put("year", Decimal("2024.5")), ["“year”", "整数"]),
    ("no date", put("date", "明年"), ["“date”", "日期"]),
    ("number for a text", put("titles.report", 7), ["“titles.report”", "文字"]),
    ("neither true nor false", put("cities.0.in_scope", "maybe"), ["“cities.杭州市.in_scope”", "true 或 false"]),
    ("text for a list", put("vocabulary.ticks", "√"), ["“vocabulary.ticks”", "列表"]),
    ("number for a table", put("scoring", 3), ["“scoring”", "名称 = 值"]),
    ("number in a list of tables", put("indicators.20", 3), ["“indicators.第21项”"]),
    ("unknown kind", put("indicators.0.kind", "jury"), ["“indicators.cloud_storage.kind”", "“ratio”、“expert”"]),
    ("three choices", put("scoring.tie", "max"), ["“scoring.tie”", "“min”、“dense”、“average”"]),
    ("ranked on nothing known", put("indicators.0.ranked", ["z"]), ["cloud_storage.ranked.第1项”", "“n”、“m”"]),
    ("code of four digits", put("counties.0.code", "3301"), ["“counties.上城区.code”", "六位"]),
    ("target in words", put("pool.levels.0.targets.杭州市", "九十"), ["“pool.levels.市级.targets.杭州市”", "整数"]),
    ("factor by nought", put("units.0.other.GB", "1/0"), ["“units.TB.other.GB”", "“1/0”"]),
    # 催报
    ("deadline in words", put("chasing", {"deadline": "月底"}), ["“chasing.deadline”", "“月底”", "日期"]),
    ("unknown key of 催报", put("chasing", {"phone": "1"}), ["“chasing.phone”", "deadline、contact、city_contacts"]),
    ("deadline before the notice", put("chasing", {"deadline": date(2023, 12, 31)}), ["“chasing.deadline”", "早于"]),
    ("contact of no city", put("chasing", {"city_contacts": {"杭州": "甲"}}), ["“chasing.city_contacts”", "“杭州”"]),
    ("contact of nobody", put("chasing", {"city_contacts": {"杭州市": " "}}), ["“chasing.city_contacts.杭州市”"]),
    ("contact on two lines", put("chasing", {"contact": "甲\n乙"}), ["“chasing.contact”", "一行"]),
    ("contact as a number", put("chasing", {"contact": 88}), ["“chasing.contact”", "文字"]),
    # twice the same
    ("indicator twice", repeat("indicators"), ["“indicators.id”", "“cloud_storage”"]),
    ("label twice", repeat("indicators", id="second"), ["“indicators.label”", "“云存储”"]),
    ("dimension twice", repeat("dimensions"), ["“dimensions.id”"]),
    ("group twice", repeat("groups"), ["“groups.id”"]),
    ("ruling twice", repeat("rulings"), ["“rulings.id”", "“item_score”"]),
    ("unit twice", repeat("units"), ["“units.id”", "“TB”"]),
    ("column twice", repeat("nomination_columns"), ["“nomination_columns.id”", "“order”"]),
    ("band twice", repeat("bands"), ["“bands.label”", "“一等”"]),
    ("city twice", repeat("cities"), ["“cities.name”", "“杭州市”"]),
    ("county code twice", repeat("counties", name="新区"), ["“counties.code”", "“330102”"]),
    ("county twice", repeat("counties", code="330199"), ["“counties.name”", "“杭州市上城区”"]),
    ("pool level twice", put("pool.levels.1.id", "市级"), ["“pool.levels.id”", "“市级”"]),
    ("pool year twice", put("pool.years", [2021, 2021]), ["“pool.years”", "“2021”"]),
    # sums and gaps
    ("101 points", put("indicators.0.points", 6), ["“indicators”", "101"]),
    ("moved between dimensions", put("indicators.0.dimension", "cloud_business"), ["“基础设施.points”", "15"]),
    ("a group short", put("indicators.15.group", "typical_demonstration"), ["“创新应用.points”"]),
    ("shares of 0.9", put("scoring.peer_share", Decimal("0.4")), ["“scoring.self_share”", "“scoring.peer_share”"]),
    ("last band open", put("bands.3.share", Decimal("0.9")), ["“bands.四等.share”", "应为 1"]),
    ("bands crossed", put("bands.1.share", Decimal("0.1")), ["“bands.二等.share”", "一等"]),
    ("lower band pays more", put("bands.2.coefficient", Decimal("0.9")), ["“bands.三等.coefficient”"]),
    # names that lead nowhere
    ("unknown dimension", put("indicators.0.dimension", "sky"), ["“indicators.cloud_storage.dimension”", "“sky”"]),
    ("unknown group", put("indicators.15.group", "sky"), ["“indicators.domestic_innovation.group”", "“sky”"]),
    ("unknown unit", put("indicators.0.unit", "斤"), ["“indicators.cloud_storage.unit”", "“斤”"]),
    ("unknown unit of a column", put("nomination_columns.4.unit", "斤"), ["“nomination_columns.revenue.unit”"]),
    ("unknown summand", put("indicators.12.m_sum_of", ["sky"]), ["“indicators.system_synergy.m_sum_of”", "“sky”"]),
    ("sum of nothing", put("indicators.12.m_sum_of", []), ["“indicators.system_synergy.m_sum_of”"]),
    ("fixed at nothing", put("indicators.13.m_fixed", 0), ["“indicators.data_synergy.m_fixed”"]),
    ("ranked on nothing", put("indicators.0.ranked", []), ["“indicators.cloud_storage.ranked”"]),
    ("county of no city", put("counties.0.city", "上海市"), ["“上城区.city”", "“上海市”"]),
    ("zone of no county", put("zones.0.parents", ["浦东区"]), ["parents”", "“浦东区”"]),
    ("old name of no county", put("old_names.0.now", ["浦东区"]), ["now”", "“浦东区”"]),
    ("target of no city", put("pool.levels.0.targets.上海市", 1), ["“pool.levels.市级.targets”", "“上海市”"]),
    # papers and visits
    ("paper of no item", put("papers.0.items", ["sky"]), ["“papers.security_bills.items”", "“sky”"]),
    ("paper of an expert's item", put("papers.0.items", ["cloud_native"]), ["“papers.security_bills.items”"]),
    ("paper without a word", put("papers.0.topics", []), ["“papers.security_bills.topics”"]),
    ("a blank word", put("papers.2.topics", ["清单", " \u200b"]), ["“papers.system_list.topics”", "空白"]),
    ("paper twice", repeat("papers"), ["“papers.id”", "“security_bills”"]),
    ("nobody to visit", put("visits.share", 0), ["“visits.share”", "大于 0"]),
    ("more than all to visit", put("visits.share", 10), ["“visits.share”", "不大于 1"]),
    ("nobody by chance", put("visits.base", 0), ["“visits.base”"]),
    ("unknown reason", put("visits.reasons.0.id", "sky"), ["“visits.reasons.sky.id”", "approximate"]),
    ("reason twice", put("visits.reasons.1.id", "decided"), ["“visits.reasons.id”", "“decided”"]),
    # rulings that do not fit what stands above them
    ("adopts nothing known", put("rulings.0.adopted", "sky"), ["“rulings.item_score.adopted”", "half"]),
    ("adopts another", put("rulings.0.adopted", "self_60"), ["“scoring.self_share”", "“rulings.item_score”", "0.6"]),
    ("value changed alone", put("scoring.m_order", "ascending"), ["“scoring.m_order”", "“rulings.m_order”"]),
    ("sets nothing known", put("rulings.5.alternatives.1.set", {"scoring.x": 1}), ["“scoring.x”"]),
    ("target below nought", put("pool.levels.0.targets.杭州市", -1), ["“pool.levels.市级.targets.杭州市”", "不小于 0"]),
    ("count of no city", put("pool.levels.0.counts", {"2023": {"上海市": 1}}), ["市级.counts.2023”", "“上海市”"]),
    ("count of another year", put("pool.levels.0.counts", {"2019": {}}), ["“pool.levels.市级.counts”", "“2019”"]),
    ("count below nought", put("pool.levels.1.counts", {"2023": {"杭州市": -1}}), ["counts.2023.杭州市”", "不小于 0"]),
    # who is selected
    ("places below nought", put("selection.places", -1), ["“selection.places”", "不小于 0"]),
    ("half a company", put("selection.places", Decimal("1.5")), ["“selection.places”", "整数"]),
    ("score below nought", put("selection.least_score", Decimal(-1)), ["“selection.least_score”", "不小于 0"]),
    ("score out of reach", selected(least_score=101), ["“selection.least_score”", "100"]),
    ("quota below nought", put("selection.city_quotas.杭州市", -2), ["“selection.city_quotas.杭州市”", "不小于 0"]),
    ("quota in words", put("selection.county_quotas.各县", "两家"), ["“selection.county_quotas.各县”", "整数"]),
    ("places and a score", selected(places=60, least_score=70), ["“selection”", "60", "70", "只可写一项"]),
    ("quota of no city", selected(city_quotas={"上海市": 2}), ["“selection.city_quotas”", "“上海市”", "杭州市"]),
    ("quota by an alias", selected(city_quotas={"杭州": 2}), ["“selection.city_quotas”", "“杭州”"]),
    (
        "quota of no county",
        selected(county_quotas={"西湖区": 2}),
        ["“selection.county_quotas”", "“西湖区”", "市名加区县名"],
    ),
    ("county of another city", selected(county_quotas={"宁波市西湖区": 1}), ["“宁波市西湖区”"]),
    ("quotas above the places", selected(places=5, city_quotas={"杭州市": 4, "宁波市": 2}), ["之和为 6", "5"]),
    ("every city above the places", selected(places=10, city_quotas={"各市": 1}), ["之和为 11", "10"]),
    ("counties above the places", selected(places=3, county_quotas={"杭州市西湖区": 4}), ["之和为 4", "3"]),
    (
        "counties above their city",
        selected(city_quotas={"杭州市": 1}, county_quotas={"杭州市西湖区": 1, "杭州市滨江区": 1}),
        ["杭州市", "之和为 2", "1"],
    ),
    ("a tie that nobody knows", put("selection.tie", "draw"), ["“selection.tie”", "“ask”、“in”、“out”"]),
    ("unknown key of the selection", put("selection.seats", 3), ["“selection.seats”", "places"]),
    ("unknown order of the list", put("public_list.order", "name"), ["“public_list.order”", "“region”、“rank”"]),
    ("places against the ruling", put("selection.places", 60), ["“selection.places”", "“rulings.selection”"]),
    ("sets what cannot be", put("rulings.5.alternatives.1.set", {"scoring.tie": "max"}), ["“scoring.tie”", "“max”"]),
]


@pytest.mark.parametrize(("spoil", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused_with_the_key(rulebook_entries: Entries, spoil: Callable[[Entries], None], words: list[str]):
    spoil(rulebook_entries)
    with pytest.raises(RulebookError) as refusal:
        build_rulebook(rulebook_entries)
    sentence = str(refusal.value)
    assert [word for word in words if word not in sentence] == []
    assert sentence.startswith("规则文件") and sentence.endswith("。")
    assert not re.search(r"[A-Za-z]", ENGLISH_THAT_IS_A_KEY.sub("", sentence))


def refusal_of(path: Path) -> str:
    with pytest.raises(RulebookError) as refusal:
        load_rulebook(path)
    return str(refusal.value)


@pytest.fixture
def spoilt_files(tmp_path: Path) -> dict[str, Path]:
    paths = {name: tmp_path / name for name in ("missing.toml", "twice.toml", "cut.toml", "gbk.toml", "folder")}
    paths["twice.toml"].write_text('id = "a"\nid = "b"\n', encoding="utf-8")
    paths["cut.toml"].write_text('id = "a"\n[titles', encoding="utf-8")
    paths["gbk.toml"].write_bytes('province = "浙江省"\n'.encode("gb18030"))
    paths["folder"].mkdir()
    return paths


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("missing.toml", "没有这个文件"),
        ("folder", "文件夹"),
        ("twice.toml", "第 2 行"),
        ("cut.toml", "末尾"),
        ("gbk.toml", "UTF-8"),
    ],
)
def test_a_file_that_is_no_rulebook(spoilt_files: dict[str, Path], name: str, word: str):
    sentence = refusal_of(spoilt_files[name])
    assert name in sentence and word in sentence
    assert not re.search(r"[A-Za-z]", ENGLISH_THAT_IS_A_KEY.sub("", sentence))


HUGE = 2**20
SPOILING = {
    "more than a megabyte": "#" * (HUGE + 1),
    "a key of half a million parts": "a." * (HUGE // 2 - 2) + "a=1",
    "a table of half a million parts": "[" + "a." * (HUGE // 2 - 3) + "a]",
    "quoted parts": '"\\"".' * (HUGE // 5 - 2) + "a=1",
    "parts between blanks": "'x' . " * (HUGE // 6 - 2) + "a=1",
    "lists in lists": "a=" + "[" * (HUGE - 2),
    "tables in tables": "a=" + "{a=" * (HUGE // 3 - 1),
    "a number of a million digits": "a=" + "9" * (HUGE - 2),
    "a number of a thousand digits": "a=" + "9" * 1_000,
    "a million decimals": "a=0." + "9" * (HUGE - 4),
    "a huge exponent": "a=1e999999",
    "an exponent of a million digits": "a=1e" + "9" * (HUGE - 4),
    "a tiny number": "a=1e-999999",
    "a text of a million letters": f'a="{"x" * (HUGE - 4)}"',
    "a key of a million letters": "x" * (HUGE - 2) + "=1",
    "half a million numbers": "a=[" + "1," * (HUGE // 2 - 2) + "]",
    "tables without end": "[[a]]\n" * (HUGE // 6),
    "nothing": "",
}


@pytest.mark.parametrize("what", SPOILING)
def test_a_file_that_was_made_to_hurt_is_refused_soon(tmp_path: Path, what: str):
    path = tmp_path / "a.toml"
    path.write_text(SPOILING[what], encoding="utf-8")
    with no_waiting():
        assert "规则文件" in refusal_of(path)


@pytest.mark.parametrize("content", [b"\xff", "\ud800".encode("utf-8", "surrogatepass"), "id = 'a'".encode("utf-16")])
def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path, content: bytes):
    (tmp_path / "a.toml").write_bytes(content)
    assert "UTF-8" in refusal_of(tmp_path / "a.toml")


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str):
    (tmp_path / "a" / "b").mkdir(parents=True)
    path = tmp_path / "a" / "b" / "a.toml"
    put_there(kind, path)
    with no_waiting():
        assert "规则文件" in refusal_of(path)


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/tty", "/dev/stdin", "/etc/passwd/x", "a\0b", "", "."])
def test_no_device_is_a_rulebook(path: str):
    with no_waiting():
        assert "规则文件" in refusal_of(Path(path))


def test_a_rulebook_behind_a_link_is_one(tmp_path: Path, rulebook: Rulebook):
    (tmp_path / "a.toml").symlink_to(ZHEJIANG_2024)
    assert load_rulebook(tmp_path / "a.toml") == rulebook


def test_the_bytes_of_the_file_are_remembered(tmp_path: Path, rulebook: Rulebook):
    copy = tmp_path / "规则 副本.toml"
    copy.write_bytes(ZHEJIANG_2024.read_bytes() + "# 注\n".encode())
    assert re.fullmatch(r"[0-9a-f]{64}", rulebook.sha256)
    assert load_rulebook(copy).sha256 != rulebook.sha256
    assert load_rulebook(copy).indicators == rulebook.indicators


# ---------------------------------------------------------------- the default


def test_the_default_is_the_latest_year(tmp_path: Path):
    for name in ("zhejiang_2024", "zhejiang_2025", "anhui_2025", "trial"):
        (tmp_path / f"{name}.toml").touch()
    assert latest_rulebook(tmp_path).name == "anhui_2025.toml"
    (tmp_path / "zhejiang_2026.toml").touch()
    assert latest_rulebook(tmp_path).name == "zhejiang_2026.toml"


@pytest.mark.parametrize("path", sorted(RULEBOOKS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_rulebook_is_called_by_its_year(path: Path):
    rulebook = load_rulebook(path)
    assert rulebook.id == path.stem and path.stem.endswith(f"_{rulebook.year}")


# ---------------------------------------------------------------- rulings that ask for a figure


def ruled(rulebook: Rulebook, ruling: str, choice: str) -> Rulebook:
    return with_rulings(rulebook, {ruling: choice})


def test_a_ruling_takes_the_figure_that_it_asks_for(rulebook: Rulebook):
    other = ruled(rulebook, "selection", "least_score=62.5")
    ruling = next(entry for entry in other.rulings if entry.id == "selection")
    assert (other.selection.least_score, other.selection.places) == (Decimal("62.5"), 0)
    assert (ruling.sentence, ruling.confirmed) == ("总分 62.5 分以上。", True)
    assert other.adopted_alternative(ruling).sentence == "总分 62.5 分以上"
    again = ruled(other, "selection", "places=60")
    assert (again.selection.least_score, again.selection.places) == (0, 60)


def test_a_choice_is_told_with_its_figure(rulebook: Rulebook):
    ruling = next(entry for entry in rulebook.rulings if entry.id == "selection")
    assert [ruling.sentence_of(choice) for choice in ("places=60", "none", "unknown")] == [
        "全省按名次取前 60 家",
        "不设名额和分数线",
        "",
    ]


def test_every_city_gets_the_figure_of_the_ruling(rulebook: Rulebook):
    quotas = quotas_of_cities(ruled(rulebook, "selection_quotas", "each_city=2"))
    assert quotas == dict.fromkeys(rulebook.city_names, 2)


@pytest.mark.parametrize("choice", ["places", "places=", "places=-3", "places=1.5", "places=x", "least_score=101"])
def test_a_figure_that_cannot_be_is_refused(rulebook: Rulebook, choice: str):
    with pytest.raises(RulebookError):
        ruled(rulebook, "selection", choice)


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("全省按名次取前 60 家", 60),
        ("全省按名次取前60家", 60),
        ("全省按名次取前６０家", 60),
        ("全省按名次取前 N 家", None),
        ("全省按名次取前六十家", None),
        ("全省按名次取前 -5 家", None),
        ("60", None),
    ],
)
def test_the_figure_is_written_into_the_sentence(typed: str, figure: int | None):
    assert figure_written("全省按名次取前 N 家", "N", typed) == figure


def test_a_rulebook_without_selection_selects_nobody(rulebook_entries: Entries):
    rulings = [
        entry for entry in rulebook_entries["rulings"] if entry["id"].split("_")[0] not in ("selection", "public")
    ]
    kept = {key: value for key, value in rulebook_entries.items() if key not in ("selection", "public_list")}
    assert not build_rulebook({**kept, "rulings": rulings}).selection.selects
