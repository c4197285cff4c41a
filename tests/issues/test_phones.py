"""A phone number is hidden however it is written; dates, codes and figures stay."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.issues.numerals import ANY_NUMERAL, digits_of
from pipeline.issues.phones import mask_figure, mask_joined, mask_mobiles, mask_phones, phones_in
from pipeline.issues.where import Where
from pipeline.issues.words import shown_where
from tests.support.phone_spellings import SPELLINGS

PHONE = "13912345678"


# ---------------------------------------------------------------- what is a phone number


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13900001234", "139****1234"),
        ("１３９００００１２３４", "１３９****１２３４"),
        ("١٣٩٠٠٠٠١٢٣٤", "١٣٩****١٢٣٤"),
        ("139 0000 1234", "139****1234"),
        ("139　0000　1234", "139****1234"),
        ("139－0000－1234", "139****1234"),
        ("139\u200b0000\u200b1234", "139****1234"),
        ("1390000 1234", "139****1234"),
        ("139000 01234", "139****1234"),
        ("1 3 9 0 0 0 0 1 2 3 4", "139****1 2 3 4"),
        ("１３９ ００００\n１２３４", "１３９****１２３４"),
        ("13900001234.0", "139****1234.0"),
        ("电话.13900001234", "电话.139****1234"),
        ("+8613900001234", "+86139****1234"),
        ("0086-139 0000 1234", "0086-139****1234"),
        ("013900001234", "0139****1234"),
        ("张三13900001234", "张三139****1234"),
        ("张三13900001234，李梅19900005678", "张三139****，李梅****5678"),
        ("13900001234、19900005678", "139****5678"),
        ("1390000123419900005678", "139****5678"),
        ("0571-88881234", "0571-****234"),
        ("057188881234", "0571****234"),
        ("（0571）8888 1234", "（0571）****234"),
        ("０５７１－８８８８１２３４转８００１", "０５７１－****００１"),
        ("010-88881234", "010-****234"),
        ("88881234", "****234"),
        ("8765 432", "****432"),
        ("400-820-8820", "****820"),
        ("一三九一二三四五六七八", "一三九****五六七八"),
        ("壹叁玖 壹贰叁肆 伍陆柒捌", "壹叁玖****伍陆柒捌"),
        ("1️⃣3️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "139****5️⃣6️⃣7️⃣8️⃣"),
        ("139----1234----5678", "139****5678"),
        ("12900001234", "****234"),
        ("13900001234567", "****567"),
        ("0.13900001234", "0.139****1234"),
        ("l39l2345678", "l****678"),
        ("2条线、3个厂、50人、100台", "****条线、****个厂、****100台"),
        ("139-2023-12-05", "139****12-05"),
        ("0571-20231205", "0571-****205"),
        ("913301013912345678", "****678"),
    ],
)
def test_phones_are_masked(typed: str, shown: str):
    assert mask_phones(typed) == shown
    assert mask_phones(shown) == shown


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("beside", ["", "甲{}公司", "附件1_{}（2）", "2023年5月 {} 王五", "联系{}，谢谢"])
def test_every_spelling_is_masked(spelling: str, beside: str):
    typed = (beside or "{}").format(SPELLINGS[spelling](PHONE))
    assert PHONE[1:10] not in digits_only(mask_phones(typed))
    assert mask_phones(mask_phones(typed)) == mask_phones(typed)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有电话",
        "123456",
        "员工120人，研发30人，产值5亿元",
        "2023-05-01 13:20:11",
        "2023年5月1日至2024年12月31日",
        "20240305",
        "附件1_20230520(2).xlsx",
        "微信图片_20240520134512.png",
        "IMG_20240520_134512.jpg",
        "2021、2022、2023年",
        "2021-2023年",
        "２０２３年５月２０日",
        "二〇二四年十二月二十五日",
        "08:30-17:30",
        "GB/T 19001-2016、ISO14001:2015",
        "91330100MA27ABCD12",
        "913301001390000123",
        "V01-234567-2、V13-222222",
        "0.00000000",
        "第一、二、三条",
    ],
)
def test_days_codes_and_short_numbers_stay(text: str):
    assert mask_phones(text) == text


def test_a_phone_beside_what_stays_is_masked():
    assert mask_phones("2023-05-20 13912345678") == "2023-05-20 139****5678"
    assert mask_phones("91330100MA27ABCD12 13912345678") == "91330100MA27ABCD12 139****5678"
    assert mask_phones("ISO9001 13912345678") == "ISO9001 139****5678"


def digits_only(text: str) -> str:
    """The digits of a text, told without the module under test."""
    values = (unicodedata.numeric(character, -1) for character in text.replace("两", "二"))
    return "".join(str(int(value)) for value in values if value in range(100) and value != 10)


def longest_run(text: str) -> int:
    """The most digits with at most three characters between one and the next, dates left out, told naively."""
    text = re.sub(r"(?:19|20)\d\d", "～～～～～", text)
    places = [place for place, character in enumerate(text) if unicodedata.numeric(character, -1) in range(10)]
    longest = length = min(1, len(places))
    for before, after in pairwise(places):
        length = length + 1 if after - before <= 4 else 1
        longest = max(longest, length)
    return longest


ALPHABET = "123456789" * 2 + "１２３一二五九壹①⑬²٣ .-～,，/()（）中a转年📞\u200b\ufe0f\u20e3\n*"


@given(st.text(ALPHABET, max_size=40))
def test_nothing_of_seven_digits_is_left(text: str):
    masked = mask_phones(text)
    assert longest_run(masked) < 7
    assert mask_phones(masked) == masked


@given(st.lists(st.text(ALPHABET, max_size=8), max_size=5))
def test_nothing_of_seven_digits_is_left_over_neighbouring_texts(texts: list[str]):
    masked = mask_joined(texts)
    assert len(masked) == len(texts) and longest_run("\n".join(masked)) < 7
    assert mask_joined(masked) == masked


def test_every_numeral_is_known_by_its_class():
    """The class of the regular expression holds every digit but some that are counted with or are parts of other signs."""
    left_out = re.compile(
        "TELUGU|BENGALI|TAMIL|MALAYALAM|ETHIOPIC NUMBER|RUNIC|FRACTION|SQUARE|RADICAL|ROMAN NUMERAL (SIX L|FIFTY E)"
    )
    every = (chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000)
    missing = (character for character in every if digits_of(character) and not ANY_NUMERAL.match(character))
    names = [unicodedata.name(character) for character in missing if unicodedata.numeric(character, 0) % 10]
    assert [name for name in names if not left_out.search(name)] == ["CJK UNIFIED IDEOGRAPH-5EFE"]


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    "typed",
    [
        "20000000",
        "1,234,567.89",
        "1，234，567",
        "1234567",
        "约 20000000元",
        "¥1,200,000",
        "（8000000）",
        "0.13912345678",
        "2E+10",
    ],
)
def test_one_number_stays_where_a_figure_is_asked_for(typed: str):
    assert mask_figure(typed) == typed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13912345678", "139****5678"),
        ("13,912,345,678", "139****5,678"),
        ("13912345678.0", "139****5678.0"),
        ("057187654321", "0571****321"),
        ("0571-87654321", "0571-****321"),
        ("139,1234,5678", "139****5678"),
        ("电话87654321", "电话****321"),
        ("87654321转801", "****801"),
        ("一三九一二三四五六七八", "一三九****五六七八"),
    ],
)
def test_a_phone_is_masked_where_a_figure_is_asked_for(typed: str, shown: str):
    assert mask_figure(typed) == shown


def test_a_sentence_of_the_program_keeps_its_figures_and_never_shows_a_mobile_number():
    sentence = "5 × 800 ÷ 1000 ＝ 4.00，1234567 万元与 12345678 万元"
    assert mask_mobiles(sentence) == sentence
    assert mask_mobiles(f"{sentence}（+8613912345678）") == f"{sentence}（+86139****5678）"


# ---------------------------------------------------------------- neighbouring texts


@pytest.mark.parametrize(
    ("texts", "shown", "positions"),
    [
        (["139", "1234", "5678"], ["****", "****", "5678"], [0, 1]),
        (["139", "", "12345", "678"], ["****", "", "****5", "678"], [0, 2]),
        (["联系139", "12345678"], ["联系139", "****678"], [1]),
        (["某公司13912", "345678 泵"], ["某公司****", "****5678 泵"], [0, 1]),
        (["0571", "8765", "4321"], ["0571", "****", "****321"], [1, 2]),
        (["2023年", "5月", "12"], ["2023年", "5月", "12"], []),
        (["甲公司", "推荐", "12"], ["甲公司", "推荐", "12"], []),
        ([], [], []),
    ],
)
def test_phones_go_on_from_one_text_to_the_next(texts: list[str], shown: list[str], positions: list[int]):
    assert mask_joined(texts) == shown
    assert phones_in(texts) == positions


def test_a_cell_is_shown_without_the_phones_in_its_names():
    where = Where("a/13912345678.xlsx", "0571-87654321", "B2")
    assert shown_where(where) == Where("a/139****5678.xlsx", "0571-****321", "B2")
    assert shown_where(Where("139", "12345678", "B2")) == Where("139", "****678", "B2")
