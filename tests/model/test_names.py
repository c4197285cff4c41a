"""Names are compared without anything nobody sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.names import clean_name, expert_name, is_company_name, name_key

UNSEEN = "\u200b\u200d\ufeff\u00ad\u2060\u180e\u180f\ufe0f\u3164\u202e\U000e0100\U000e0041\x81 \u3000\t"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_sees_is_in_no_key(unseen: str):
    assert name_key(unseen.join("杭州甲（集团）公司（盖章）")) == "杭州甲(集团)公司"
    assert expert_name(unseen.join("张三")) == "张三"


@given(st.text(max_size=30))
def test_a_key_holds_nothing_that_nobody_sees(name: str):
    assert name_key(name + "\u200b") == name_key(name) == name_key("\ufeff" + name)


@pytest.mark.parametrize("unseen", ["\u200b", "\ufe0f"])
def test_an_accent_finds_its_letter(unseen: str):
    assert name_key(f"e{unseen}\u0301公司") == name_key("é公司")


def test_a_name_is_shown_as_typed_but_for_its_seal():
    assert clean_name(" 杭州甲（集团）\n公司（盖章） ") == "杭州甲（集团） 公司"
    assert clean_name("杭州甲公司13912345678") == "杭州甲公司139****5678"
    for seal in ("（盖章）", "(盖章)", "（公章）", "(公章)", " （盖章）", "（公章） （盖章）"):
        assert clean_name(f"杭州甲公司{seal}") == "杭州甲公司"
    assert clean_name("（盖章）杭州甲公司") == "（盖章）杭州甲公司"


def test_a_name_of_any_length_has_a_key():
    assert name_key(" 甲" * 500 + "（盖章）") == "甲" * 500


@pytest.mark.parametrize(
    ("text", "is_name"), [("华为", True), ("吉 利", True), ("华", False), ("华（盖章）", False), ("#N", False)]
)
def test_two_characters_can_be_a_companys_name_and_one_cannot(text: str, is_name: bool):
    assert is_company_name(text, ("有限公司",), ("附件1",)) == is_name


@pytest.mark.parametrize(
    "cell",
    [
        '=DISPIMG("ID_9F3A",1)',
        '=_xlfn.DISPIMG("ID_9F3A",1)',
        '=dispimg("ID_9F3A",1)',
        "#REF!",
        "TRUE",
        "false",
        "Ｔｒｕｅ",
    ],
)
def test_a_picture_an_error_and_a_truth_value_are_no_names(cell: str):
    assert not is_company_name(cell, ("有限公司",), ("附件1",))
