"""Company names, regions and credit codes are matched exactly, never by likeness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.names import credit_code_valid, name_key
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.names_in_texts import NameFinder, name_left_over
from pipeline.readers.sheet.regions import RegionIndex, names_county


@pytest.fixture(scope="module")
def regions(rulebook: Rulebook) -> RegionIndex:
    return RegionIndex(rulebook)


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize(
    "typed",
    [
        "杭州甲（集团）公司",
        " 杭州甲(集团)公司\u3000",
        "杭 州甲（集团）\n公司",
        "杭州甲（集团）公司（盖章）",
        "杭州甲(集团)公司 (公章)",
        "杭州甲\u200b（集团）公司",
    ],
)
def test_one_key(typed: str):
    assert name_key(typed) == "杭州甲(集团)公司"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("杭州甲公司", "杭州甲有限公司"),
        ("ABC公司", "abc公司"),
        ("甲（杭州）公司", "甲杭州公司"),
        ("一〇一公司", "一0一公司"),
    ],
)
def test_close_is_not_equal(first: str, second: str):
    assert name_key(first) != name_key(second)


@given(st.text("杭州甲乙丙（）()AB12厂集团公司", max_size=12), st.sampled_from(" \u3000\n\u200b\u00a0"))
def test_a_key_knows_no_space(text: str, space: str):
    assert name_key(space.join(text)) == name_key(text) == name_key(name_key(text))


# ---------------------------------------------------------------- credit codes: GB 32100-2015


@pytest.mark.parametrize("code", ["91330100MA27XJ1234", "91350100M000100Y43", "12330000470051726F"])
def test_the_check_digit(code: str):
    right = next(code[:17] + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if credit_code_valid(code[:17] + last))
    others = [code[:17] + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if code[:17] + last != right]
    assert not any(map(credit_code_valid, others))


def test_a_published_code_and_a_sum_that_leaves_nothing():
    assert credit_code_valid("91350100M000100Y43")  # the example of GB 32100-2015
    zero = [f"91330100MA2{number:06d}0" for number in range(40) if credit_code_valid(f"91330100MA2{number:06d}0")]
    assert zero


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y433", "91350100I000100Y43", "91350100m000100y43"]
)
def test_what_is_no_code(code: str):
    assert not credit_code_valid(code)


# ---------------------------------------------------------------- names in texts


@pytest.fixture(scope="module")
def finder(rulebook: Rulebook, regions: RegionIndex) -> NameFinder:
    return NameFinder(rulebook, regions)


@pytest.mark.parametrize(("key", "may_be"), [("吉利公司", True), ("吉利ab", True), ("吉公司", False), ("吉利a", False)])
def test_a_name_of_four_characters_may_be_looked_for(key: str, may_be: bool, finder: NameFinder):
    assert finder.may_be_looked_for(key) == finder.stands_in(key, f"附件1-{key}") == may_be


def test_a_key_that_is_another_with_words_of_forms_around_it_is_not_looked_for(finder: NameFinder):
    keys = ["杭州甲机械公司", "附件1-杭州甲机械公司", "宁波乙公司"]
    assert finder.fitting("关于附件1-杭州甲机械公司的材料", keys) == ["杭州甲机械公司"]
    assert finder.fitting("关于附件1-杭州甲机械公司的材料", keys[1:]) == ["附件1-杭州甲机械公司"]


@pytest.mark.parametrize(
    "text",
    [
        "附件1（杭州甲机械有限公司）",
        "杭州甲机械有限公司（附件1）",
        "（杭州甲机械有限公司）",
        "[2024]杭州甲机械有限公司）",
    ],
)
def test_a_bracket_that_opens_before_a_name_does_not_close_in_it(text: str, rulebook: Rulebook, regions: RegionIndex):
    assert name_left_over(text, rulebook, regions) == "杭州甲机械有限公司"


def test_the_longest_name_of_one_sender_wins(finder: NameFinder):
    keys = ["甲机械公司", "杭州甲机械公司", "乙机械公司"]
    assert finder.longest("附件1-杭州甲机械公司（盖章）2024", keys) == "杭州甲机械公司"
    assert finder.longest("附件1", keys) == "" and finder.longest("杭州 甲机械公司", keys) == "杭州甲机械公司"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "甲",
        "甲公司",
        "附件1",
        "有限公司",
        "杭州有限公司",
        "萧山区企业",
        "盖章公章",
        "20240501",
        "123456",
        "最终版2024",
    ],
)
def test_what_is_not_looked_for(key: str, finder: NameFinder):
    assert not finder.may_be_looked_for(key)


@pytest.mark.parametrize(
    ("text", "stands"),
    [("乙机械公司", True), ("附件1乙机械公司2024", True), ("杭州乙机械公司", False), ("乙机械公司（盖章）", True)],
)
def test_a_short_key_stands_between_borders(text: str, stands: bool, finder: NameFinder):
    assert finder.stands_in("乙机械公司", text) == stands


@pytest.mark.parametrize(
    ("text", "keys", "fitting"),
    [
        ("檀丙化工有限公司-最终版", ["檀丙化工有限公司", "檀丙化工有限公司-最终版"], ["檀丙化工有限公司"]),
        ("檀丙化工有限公司v2", ["檀丙化工有限公司", "檀丙化工有限公司v2"], ["檀丙化工有限公司"]),
        ("檀丙化工有限公司改", ["檀丙化工有限公司", "檀丙化工有限公司改"], ["檀丙化工有限公司"]),
        ("附件1萧山檀丙化工有限公司", ["萧山檀丙化工有限公司", "檀丙化工有限公司"], ["萧山檀丙化工有限公司"]),
        ("萧山檀丙化工有限公司附件1", ["萧山檀丙化工有限公司", "附件1萧山檀丙化工有限公司"], ["萧山檀丙化工有限公司"]),
        (
            "檀丙化工有限公司富阳分公司",
            ["檀丙化工有限公司", "檀丙化工有限公司富阳分公司"],
            ["檀丙化工有限公司富阳分公司"],
        ),
        (
            "檀丙化工有限公司与檀丁电子有限公司",
            ["檀丙化工有限公司", "檀丁电子有限公司"],
            ["檀丙化工有限公司", "檀丁电子有限公司"],
        ),
        ("第一批材料报送", ["第一批材料报送"], []),
    ],
)
def test_which_of_all_keys_a_text_may_mean(text: str, keys: list[str], fitting: list[str], finder: NameFinder):
    assert finder.fitting(text, keys) == fitting


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("杭州甲机械公司", True),
        ("乙厂", True),
        ("3M中国有限公司", True),
        ("无锡甲公司", True),
        ("有", False),
        ("12345", False),
        ("0", False),
        ("有限公司", False),
        ("股份有限公司", False),
        ("附件1", False),
        ("公章", False),
        ("无企业", False),
        ("#REF!", False),
        ("一二三", False),
        ("（盖章）", False),
        ("\u200b", False),
    ],
)
def test_what_is_no_name(text: str, is_name: bool, finder: NameFinder):
    assert finder.is_name(text) == is_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("上城区-杭州云帆公司-附件1", "杭州云帆公司"),
        ("附件1_杭州云帆有限公司_最终版", "杭州云帆有限公司"),
        ("杭州云帆有限公司（盖章）(1)", "杭州云帆有限公司"),
        ("1、云帆厂 2024.5.1", "云帆厂"),
        ("20240501 云帆集团 副本", "云帆集团"),
        ("【附件1】云帆研究院", "云帆研究院"),
        ("3M中国有限公司", "3M中国有限公司"),
        ("评估表2号机械厂", "评估表2号机械厂"),
        ("杭州云帆（浙江）公司", "杭州云帆（浙江）公司"),
        ("杭州云帆（萧山）有限公司-附件1", "杭州云帆（萧山）有限公司"),
        ("云帆公司（萧山）", "云帆公司"),
        ("云帆公司附件1", ""),
        ("附件1", ""),
        ("Sheet1", ""),
        ("杭州市", ""),
        ("新建 Microsoft Excel 工作表", ""),
        ("公司", ""),
    ],
)
def test_whole_pieces_are_taken_off(text: str, name: str, rulebook: Rulebook, regions: RegionIndex):
    assert name_left_over(text, rulebook, regions) == name


# ---------------------------------------------------------------- regions


@pytest.mark.parametrize(
    ("text", "city", "regions_meant"),
    [
        ("上城区", "", ["杭州市上城区"]),
        ("上城", "", ["杭州市上城区"]),
        ("杭州市上城区", "", ["杭州市上城区"]),
        ("浙江省杭州市上城区", "", ["杭州市上城区"]),
        ("浙江杭州上城", "", ["杭州市上城区"]),
        ("杭州市/上城区", "", ["杭州市上城区"]),
        (" 上 城\u3000区 ", "", ["杭州市上城区"]),
        ("萧山市", "", ["杭州市萧山区"]),
        ("玉环县", "", ["台州市玉环市"]),
        ("江干区", "", ["杭州市上城区", "杭州市钱塘区"]),
        ("下城区", "", ["杭州市拱墅区"]),
        ("宁波高新区", "", ["宁波市鄞州区"]),
        ("前湾新区", "", ["宁波市慈溪市"]),
        ("嘉兴经开区", "", ["嘉兴市南湖区", "嘉兴市秀洲区"]),
        ("高新区", "宁波市", ["宁波市鄞州区"]),
        ("宁波市高新区", "", ["宁波市鄞州区"]),
        ("高新区", "丽水市", []),
        ("杭州市", "", ["杭州市"]),
        ("杭州", "", ["杭州市"]),
        ("上城区经信局", "", []),
        ("上成区", "", []),
        ("鄞州区", "杭州市", ["宁波市鄞州区"]),
        ("杭州市鄞州区", "", []),  # what contradicts itself names neither
        ("杭州市高新区", "", []),
        ("浙江省", "", []),
    ],
)
def test_what_a_text_can_mean(text: str, city: str, regions_meant: list[str], regions: RegionIndex):
    assert ["".join(region) for region in regions.resolve(text, city)] == regions_meant


@pytest.mark.parametrize("text", ["高新区", "新城", "开发区", "港区"])
def test_an_ambiguous_alias_alone_is_a_question(text: str, regions: RegionIndex):
    claim = regions.claim(text, "column")
    assert claim is not None and (claim.city, claim.county) == ("", "")
    assert names_county(claim)


@pytest.mark.parametrize("text", ["上成区", "杭州市", "浙江省"])
def test_a_city_or_an_unknown_name_is_no_county(text: str, regions: RegionIndex):
    assert not names_county(regions.claim(text, "column")) and not names_county(None)


def test_a_name_within_a_longer_one_does_not_count(rulebook: Rulebook):
    """中区 and 市中区 of one city: 杭州市中区 is 杭州市 and 中区, not 杭州 and 市中区."""
    aliases = {"上城区": ("中区",), "西湖区": ("市中区",)}
    counties = [
        county.model_copy(update={"aliases": aliases.get(county.name, county.aliases)}) for county in rulebook.counties
    ]
    regions = RegionIndex(rulebook.model_copy(update={"counties": tuple(counties)}))
    assert regions.resolve("杭州市中区") == [("杭州市", "上城区")]
    assert regions.resolve("杭州市市中区") == [("杭州市", "西湖区")]
    assert regions.named_in("市中区来文") == ("杭州市", "西湖区")  # nor does 中区 count within it


def test_a_text_of_any_length_is_looked_up(regions: RegionIndex):
    assert regions.resolve(" " * 3_000 + "上城区") == [("杭州市", "上城区")]


def test_every_name_of_a_region_begins_as_one_is_known_to_begin(rulebook: Rulebook, regions: RegionIndex):
    texts = [*regions.cities, *regions.counties, rulebook.province, "浙江省杭州市上城区"]
    assert all(text[:2] in regions.beginnings for text in texts)
    assert not {"企业", "序号", "杭", "上城区"} & regions.beginnings


def test_every_expected_county_is_known_by_name_alias_and_with_its_city(rulebook: Rulebook, regions: RegionIndex):
    for county in rulebook.counties:
        for text in (county.name, f"{county.city}{county.name}", *county.aliases):
            assert regions.resolve(text) == [(county.city, county.name)], text


@pytest.mark.parametrize(
    ("folders", "city", "county", "barred"),
    [
        ("", "", "", False),
        ("资料", "", "", False),
        ("杭州市", "杭州市", "", False),
        ("杭州市/上城区", "杭州市", "上城区", True),
        ("2024/杭州/上城/附件1", "杭州市", "上城区", True),
        ("宁波市/高新区", "宁波市", "鄞州区", True),
        ("高新区", "", "", True),
        ("嘉兴市/嘉兴经开区", "嘉兴市", "", True),
        ("杭州市/上城区/余杭区", "杭州市", "", True),
        ("杭州市/鄞州区", "", "", True),
        ("上城区/杭州市", "杭州市", "上城区", True),
        ("高新区/上城区", "杭州市", "上城区", True),  # what could be anywhere contradicts nothing
    ],
)
def test_what_folders_say(folders: str, city: str, county: str, barred: bool, regions: RegionIndex):
    claim = regions.of_folders(folders.split("/"))
    assert ((claim.city, claim.county) if claim else ("", "")) == (city, county)
    assert names_county(claim) == barred


@pytest.mark.parametrize(
    ("folders", "candidates"),
    [
        ("杭州市/上城区/余杭区", ["杭州市上城区", "杭州市余杭区"]),
        ("杭州市/鄞州区", ["杭州市", "宁波市", "宁波市鄞州区"]),
        ("杭州市/宁波市", ["杭州市", "宁波市"]),
    ],
)
def test_folders_that_contradict_each_other_name_what_they_say(
    folders: str, candidates: list[str], regions: RegionIndex
):
    claim = regions.of_folders(folders.split("/"))
    assert claim is not None and list(claim.candidates) == candidates and claim.text == folders


def test_a_folder_that_could_be_in_two_cities_leaves_that_of_the_folder_around_it(rulebook: Rulebook):
    of_two_cities = rulebook.old_names[0].model_copy(update={"name": "边区", "now": ("上城区", "越城区")})
    regions = RegionIndex(rulebook.model_copy(update={"old_names": (*rulebook.old_names, of_two_cities)}))
    claim = regions.of_folders(["宁波市", "边区", "高新区"])
    assert claim is not None and (claim.city, claim.county) == ("宁波市", "鄞州区")
