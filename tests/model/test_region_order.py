"""Regions stand in the notice's order, whatever is known of them."""

from __future__ import annotations

import random

from pipeline.model.rulebook import Rulebook


def in_order(rulebook: Rulebook, regions: list[tuple[str, str]]) -> list[tuple[str, str]]:
    random.Random(7).shuffle(regions)
    return sorted(regions, key=lambda region: rulebook.region_order.rank(*region))


def test_every_county_stands_as_the_rulebook_lists_it(rulebook: Rulebook):
    listed = [(county.city, county.name) for county in rulebook.counties]
    assert in_order(rulebook, list(listed)) == listed != sorted(listed)


def test_cities_stand_as_the_rulebook_lists_them(rulebook: Rulebook):
    cities = [(city, "") for city in rulebook.city_names]
    assert in_order(rulebook, list(cities)) == cities != sorted(cities)


def test_a_city_as_a_whole_comes_before_its_counties_and_a_zone_after_them(rulebook: Rulebook):
    zone = next(zone for zone in rulebook.zones if zone.city == "舟山市")
    wanted = [("杭州市", "临安区"), ("舟山市", ""), ("舟山市", "定海区"), ("舟山市", zone.name), ("丽水市", "莲都区")]
    assert in_order(rulebook, list(wanted)) == wanted


def test_what_belongs_nowhere_comes_first_and_what_no_list_has_last(rulebook: Rulebook):
    wanted = [
        ("", ""),
        ("杭州市", "上城区"),
        ("杭州市", "某区"),
        ("丽水市", ""),
        ("丽水市", "莲都区"),
        ("一市", "甲区"),
        ("乙市", ""),
    ]
    assert in_order(rulebook, list(wanted)) == wanted


def test_paths_stand_by_the_regions_of_their_folders(rulebook: Rulebook):
    wanted = [
        "人工决定.xlsx",
        "收到的/培育库.xlsx",
        "杭州市/上城区/乙.xlsx",
        "收到的/杭州/余杭/甲.xlsx",
        "宁波市/a.zip/鄞州区/甲.xlsx",
        "丽水市/甲.xlsx",
        "丽水市/莲都区/甲.xlsx",
    ]
    shuffled = sorted(wanted)
    assert shuffled != wanted
    assert sorted(shuffled, key=rulebook.region_order.rank_of_path) == wanted
