"""A rulebook narrowed to a city expects that city's counties and speaks of it; any other name is refused with the names."""

from __future__ import annotations

import pytest

from pipeline.model.rulebook import Cut, Rulebook
from pipeline.model.rulebook_file import RulebookError, build_rulebook, in_scope_of, narrowed_to, with_rulings
from pipeline.model.scope import Scope


@pytest.mark.parametrize("name", ["杭州市", "杭州", " 杭州 ", "浙江省杭州市", "杭\u200b州市"])
def test_a_city_is_known_by_its_names(rulebook: Rulebook, name: str):
    narrowed = narrowed_to(rulebook, name)
    assert narrowed.scope == Scope(city="杭州市") and narrowed.scope_name == "杭州市"
    assert {county.city for county in narrowed.expected_counties} == {"杭州市"} and len(
        narrowed.expected_counties
    ) == 13
    assert narrowed.pool_regions == narrowed.cities_in_scope == ("杭州市",)
    assert len(narrowed.counties) == 90  # so that another city's county is still known


@pytest.mark.parametrize("name", ["", "杭", "杭洲市", "浙江省", "全省", "市", "Hangzhou", "杭州市/宁波市"])
def test_a_name_that_is_none_is_answered_with_the_names(rulebook: Rulebook, name: str):
    with pytest.raises(RulebookError) as refused:
        narrowed_to(rulebook, name)
    assert all(city in str(refused.value) for city in rulebook.city_names) and "不是浙江省的设区市" in str(
        refused.value
    )


@pytest.mark.parametrize(("name", "city"), [("西湖区", "杭州市"), ("义乌", "金华市"), ("建德市", "杭州市")])
def test_the_name_of_a_county_says_whose_it_is(rulebook: Rulebook, name: str, city: str):
    with pytest.raises(RulebookError, match=f"是区县（属{city}），不是设区市"):
        narrowed_to(rulebook, name)


def test_a_province_without_cities_has_no_run_of_a_city(rulebook: Rulebook):
    bare = rulebook.model_copy(update={"cities": (), "counties": (), "zones": (), "old_names": ()})
    with pytest.raises(RulebookError, match="没有列出设区市"):
        narrowed_to(bare, "杭州市")


def test_titles_name_the_city_and_those_of_one_company_or_county_do_not(rulebook: Rulebook):
    narrowed = narrowed_to(rulebook, "杭州市")
    assert narrowed.titles.nomination == f"杭州市{rulebook.titles.nomination}"
    assert [level.title[:6] for level in narrowed.pool.levels] == ["杭州市市级制", "杭州市区县级"]
    for kind in ("assessment", "marks", "returned"):
        assert getattr(narrowed.titles, kind) == getattr(rulebook.titles, kind)


def test_rulings_keep_the_scope_and_the_sum_of_the_file(rulebook: Rulebook):
    narrowed = with_rulings(narrowed_to(rulebook, "杭州市"), {"ties": "dense"})
    assert narrowed.scope.city == "杭州市" and narrowed.scoring.tie == "dense" and narrowed.sha256 == rulebook.sha256


def test_only_cuts_within_the_city_are_the_citys(rulebook: Rulebook):
    cuts = tuple(Cut(label=within, within=within, place=10) for within in ("province", "city", "county"))
    narrowed = narrowed_to(rulebook.model_copy(update={"cuts": cuts}), "杭州市")
    assert [cut.within for cut in narrowed.cuts] == ["city", "county"]


def test_a_city_that_reports_nothing_to_the_province_has_counties_of_its_own(rulebook: Rulebook):
    cities = tuple(city.model_copy(update={"in_scope": city.name != "宁波市"}) for city in rulebook.cities)
    other = rulebook.model_copy(update={"cities": cities})
    assert len(narrowed_to(other, "宁波市").expected_counties) == 10


def test_the_scope_of_a_manifest_is_found_again(rulebook: Rulebook):
    assert in_scope_of(rulebook, "浙江省") is rulebook and in_scope_of(rulebook, "") is rulebook
    assert in_scope_of(rulebook, "温州市").scope.city == "温州市"
    with pytest.raises(RulebookError):
        in_scope_of(rulebook, "江苏省")


def test_no_rulebook_writes_a_scope_itself(rulebook: Rulebook):
    entries = {key: value for key, value in rulebook.model_dump().items() if key != "sha256"}
    with pytest.raises(RulebookError, match="“scope”"):
        build_rulebook(entries)


def test_what_belongs_to_no_city_is_left_out_of_none():
    city, province = Scope(city="杭州市"), Scope()
    assert [city.leaves_out(name) for name in ("", "杭州市", "宁波市")] == [False, False, True]
    assert (
        not province.leaves_out("宁波市")
        and province.worded("全省名次") == "全省名次"
        and city.worded("全省名次") == "全市名次"
    )
