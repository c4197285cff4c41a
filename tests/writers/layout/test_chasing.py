"""催报 is plain, polite and complete: what a city's or the experts' text says, and what it leaves out."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.model.returns import CityReturn, CountyReturn
from pipeline.model.rulebook import Chasing
from pipeline.writers.layout.chasing import city_state, city_text, experts_text

DAY = "2024-06-01"
NOTHING = Chasing()
KNOWN = Chasing(deadline=date(2024, 6, 30), contact="某处 某某 0571-00000000", city_contacts={"杭州市": "市局 某人"})


def county(name: str, **changes: object) -> CountyReturn:
    """A county whose list came and in which nothing is open."""
    kept = CountyReturn("杭州市", name, True, True, True, True, False, 3, 3, 0, 0, 0)
    return kept._replace(**changes)


def city(*counties: CountyReturn, errors: int = 0, astray: int = 0) -> CityReturn:
    return CityReturn("杭州市", counties, errors, astray)


MIXED = city(
    county("上城区"),
    county("拱墅区", has_list=False, arrived=False),
    county("西湖区", has_list=False),
    county("滨江区", errors=2, remarks=1),
    county("萧山区", asked=1),
    county("余杭区", remarks=4),
)


def test_a_city_reads_who_owes_what():
    text = city_text(MIXED, NOTHING, DAY)
    assert text.splitlines()[:4] == [
        "杭州市：截至2024年6月1日，应报 6 个区县，已交 4 个，未交 2 个。",
        "未交：拱墅区、西湖区（只缺附件2）。",
        "有错误：滨江区 2 处。",
        "有企业看不出应归哪个区县：萧山区 1 家。",
    ]
    assert text.endswith("谢谢。") and "余杭区" not in text and "上城区" not in text


def test_without_deadline_and_contact_their_sentences_are_left_out():
    text = city_text(MIXED, NOTHING, DAY)
    assert "截止" not in text and "联系" not in text and "（）" not in text


def test_the_rulebooks_deadline_and_contacts_are_said():
    text = city_text(MIXED, KNOWN, DAY)
    assert text.startswith("杭州市（市局 某人）：") and "有疑问请联系：某处 某某 0571-00000000。" in text
    assert "截止日期为2024年6月30日，请在此前办理。" in text


@pytest.mark.parametrize(("day", "late"), [("2024-06-30", False), ("2024-07-01", True)])
def test_a_deadline_that_is_over_is_called_so(day: str, late: bool):
    for text in (city_text(MIXED, KNOWN, day), experts_text(True, KNOWN, day)):
        assert ("已过" in text) == late and ("请在此前办理" in text) != late


def test_a_city_that_owes_nothing_is_thanked():
    text = city_text(city(county("上城区"), county("余杭区", remarks=4)), KNOWN, DAY)
    assert text.splitlines() == [text] and text.endswith("都已交齐，没有错误，谢谢。")


@pytest.mark.parametrize(
    ("owing", "words"),
    [
        (city(county("上城区", has_list=False, arrived=False)), "未交：上城区。"),
        (city(county("上城区", errors=1)), "有错误：上城区 1 处。"),
        (city(county("上城区"), errors=3), "市里统一报送的材料有错误 3 处"),
        (city(county("上城区"), astray=2), "看不出应归哪个区县的材料有错误 2 处"),
        (city(county("上城区", asked=2)), "上城区 2 家"),
        (city(county("某某新区", expected=False, errors=1)), "有错误：某某新区 1 处。"),
    ],
)
def test_whatever_is_open_is_chased(owing: CityReturn, words: str):
    text = city_text(owing, NOTHING, DAY)
    assert words in text and "请转告有关区县：" in text


def test_a_zone_that_need_not_report_is_never_missing():
    text = city_text(city(county("上城区"), county("某某新区", expected=False, has_list=False)), NOTHING, DAY)
    assert "应报 1 个区县，已交 1 个" in text and "某某新区" not in text


def test_a_citys_state_is_short():
    assert city_state(MIXED.counties) == "未交 2、有错误 2、有提醒 1"
    assert city_state((county("上城区"),)) == "已交齐"


def test_experts_are_asked_without_a_name():
    assert experts_text(True, NOTHING, DAY) != experts_text(False, NOTHING, DAY)
    for unfinished in (True, False):
        text = experts_text(unfinished, KNOWN, DAY)
        assert text.startswith("各位专家：") and "2024年6月30日" in text and text.endswith("谢谢。")
