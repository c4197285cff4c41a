"""How typed figures, marks, ticks and phones are read: every accepted and refused spelling, and close variants."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.issues.catalogue import CATALOGUE, ERROR, REMARK
from pipeline.model.records import Reading
from pipeline.readers.sheet.grid import OddValue, Value
from pipeline.readers.values.answers import (
    NamedUnit,
    ValueReaders,
    printed_ratio,
    read_phone,
    whole_number,
    why_no_number,
)
from tests.support.rulebooks import tested_rulebook

READERS = ValueReaders(tested_rulebook())
UNITS = tuple(unit.id for unit in tested_rulebook().units)


def read(typed: Value | None, unit: str = "万元") -> Reading:
    return READERS.number(unit).read(typed)


def formatted(number: float, code: str) -> OddValue:
    return OddValue("formatted", f"{number:.15g}", number, code)


# ---------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        ("1,234.5", 1234.5),
        ("１２３４．５", 1234.5),
        (" 12　", 12),
        ("'12", 12),
        ("1，234", 1234),
        ("¥1,200", 1200),
        ("￥1,200", 1200),
        ("\u00a012\u200b", 12),
        ("\ufeff12", 12),
        ("12\n", 12),
        ("0", 0),
        ("0.50", 0.5),
        ("1,234,567", 1234567),
        ("999999999999999", 999999999999999),
        (12.0, 12),
        (0.0, 0),
        (1234.5, 1234.5),
        (1e14, 1e14),
    ],
)
def test_a_number_is_read_without_a_remark(typed: Value, number: float) -> None:
    reading = read(typed)
    assert (reading.state, reading.value, reading.code, reading.rule) == ("ok", number, None, "")


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("12TB", "TB", 12),
        ("12tb", "TB", 12),
        ("１２ＴＢ", "TB", 12),
        ("350万元", "万元", 350),
        ("350万", "万元", 350),
        ("350 万元", "万元", 350),
        ("3个", "个", 3),
        ("3套", "个", 3),
        ("3项", "个", 3),
        ("10 台", "台", 10),
        ("10套", "台", 10),
        ("10台（套）", "台", 10),
        ("12单位", "4核16G", 12),
        ("4类", "类", 4),
    ],
)
def test_the_columns_own_unit_is_no_remark(typed: str, unit: str, number: float) -> None:
    reading = read(typed, unit)
    assert (reading.state, reading.value, reading.code) == ("ok", number, None)
    assert reading.raw == typed


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("500GB", "TB", Fraction(500, 1024)),
        ("2PB", "TB", 2048),
        ("1.2亿", "万元", 12000),
        ("5000元", "万元", 0.5),
        ("1.2亿元", "万元", 12000),
        ("1.2万", "台", 12000),
        ("1.2万台", "台", 12000),
        ("约500GB", "TB", Fraction(500, 1024)),
        ("2048gb", "TB", 2),
        ("3千元", "万元", 0.3),
        ("¥5,000元", "万元", 0.5),
    ],
)
def test_another_unit_of_the_same_kind_is_converted_with_a_remark(typed: str, unit: str, number: float) -> None:
    reading = read(typed, unit)
    assert (reading.state, reading.value, reading.code) == ("ok", float(number), "V05")
    assert reading.rule and reading.raw == typed


@pytest.mark.parametrize(
    "typed",
    [
        "约500",
        "近500",
        "超过500",
        "≥500",
        "500以上",
        "500余",
        "500多",
        "500左右",
        "500+",
        "500＋",
        "约 500",
        "500余万元",
        "500万元以上",
    ],
)
def test_a_mark_of_approximation_is_a_remark(typed: str) -> None:
    reading = read(typed)
    assert (reading.state, reading.value, reading.code) == ("ok", 500, "V06")


@pytest.mark.parametrize(
    ("typed", "unit", "code", "rules", "note"),
    [
        ("约1.5PB", "TB", "V05", ("单位换算", "约数按所写的数"), "约"),
        ("1.2亿元左右", "万元", "V05", ("单位换算", "约数按所写的数"), "约"),
        ("约3个（MES、ERP）", "个", "V06", ("约数按所写的数", "取括号前的数"), "2"),
        ("约500", "万元", "V06", ("约数按所写的数",), ""),
    ],
)
def test_every_conversion_is_in_the_rule_and_the_note(
    typed: str, unit: str, code: str, rules: tuple[str, ...], note: str
) -> None:
    reading = read(typed, unit)
    assert (reading.code, reading.rule) == (code, "；".join(rules))
    assert note in reading.facts["note"] and bool(note) == bool(reading.facts["note"])


@pytest.mark.parametrize(
    ("caption", "unit", "named"),
    [
        ("N：总量\n（单位：TB）", "TB", ("", "")),
        ("N：总量（单位：GB）", "TB", ("GB", "")),
        ("N：总量(单位: gb)", "TB", ("GB", "")),
        ("N：总量（GB）", "TB", ("GB", "")),
        ("N：总量 单位：PB", "TB", ("PB", "")),
        ("N：总量（单位：TB）（单位：GB）", "TB", ("GB", "")),
        ("M：总数\n（单位计算能力：4核16G）", "4核16G", ("", "")),
        ("N:数量\n（单位计算能力：4核 16G）", "4核16G", ("", "")),
        ("M：总数（单位计算能力：8核16G）", "4核16G", ("", "8核16G")),
        ("N：费用（单位：元）", "万元", ("元", "")),
        ("N：费用（单位：人民币万元，保留两位小数）", "万元", ("", "")),
        ("N：费用（单位：美元）", "万元", ("", "美元")),
        ("M：总费用（包括安全相关硬件、软件和服务类支出）（单位：万元）", "万元", ("", "")),
        ("M：总费用（含税）", "万元", ("", "")),
        ("N：数量（单位：个/套）", "个", ("", "")),
        ("N：数量（单位：台（套））", "台", ("", "")),
        ("N：数量（单位：本）", "个", ("", "本")),
        ("N：数量（单位：）", "个", ("", "")),
        ("N：数量", "类", ("", "")),
        ("N：总量（G）", "TB", ("", "")),  # one letter in brackets is a footnote
        ("N：总量（单位：G）", "TB", ("G", "")),
        ("N：费用（元）", "万元", ("元", "")),
        ("N：费用（元）（千元）（含税）", "万元", ("千元", "")),
        ("N：费用（单位：美元；含税）", "万元", ("", "美元;含税")),
        ("N：费用（单位：元，含税）", "万元", ("元", "")),
        ("N：费用（单位：元（含税））", "万元", ("元", "")),
        ("N：数量（单位：个或套）", "个", ("", "")),
        ("N：数量（单位：个/本）", "个", ("", "个/本")),
    ],
)
def test_the_unit_a_caption_names(caption: str, unit: str, named: tuple[str, str]) -> None:
    assert READERS.unit_named(caption, unit) == named


@pytest.mark.parametrize(
    ("text", "caption", "named"),
    [
        ("", ("GB", ""), ("GB", "")),
        ("GB", ("", ""), ("GB", "")),
        ("单位：gb", ("", ""), ("GB", "")),
        ("（ＧＢ）", ("", ""), ("GB", "")),
        ("TB", ("", ""), ("", "")),
        ("T", ("", ""), ("", "")),
        ("GB", ("GB", ""), ("GB", "")),
        ("PB", ("GB", ""), ("", "GB、PB")),  # two that contradict each other
        ("TB", ("GB", ""), ("", "GB、TB")),
        ("GB", ("", "本"), ("", "本")),
        ("本", ("", ""), ("", "本")),
        ("√", ("GB", ""), ("GB", "")),
        ("512", ("GB", ""), ("GB", "")),
        ("千立方米每秒", ("", ""), ("", "千立方米每秒")),
        ("见后附的说明", ("", ""), ("", "见后附的说明")),
        ("见后面附的说明", ("", ""), ("", "")),  # too long for a unit
    ],
)
def test_the_unit_that_the_cell_beside_an_answer_names(
    text: str, caption: tuple[str, str], named: tuple[str, str]
) -> None:
    assert READERS.unit_beside(text, "TB", NamedUnit(*caption)) == named


def test_the_rulebooks_name_of_a_unit_is_its_own_unit_in_any_width() -> None:
    assert READERS.unit_beside("４核16g", "4核16G", NamedUnit()) == NamedUnit()


def test_every_caption_of_the_form_names_its_own_unit() -> None:
    for item in tested_rulebook().ratio_indicators:
        for caption in (item.n_caption, item.m_caption):
            assert READERS.unit_named(caption, item.unit) == ("", "")


@pytest.mark.parametrize(
    ("typed", "value", "code"),
    [
        (512.0, 0.5, "V05"),
        ("512", 0.5, "V05"),
        ("512GB", 0.5, "V05"),
        ("2TB", 2, ""),
        ("约512", 0.5, "V05"),
        (0.0, 0, ""),
        ("0", 0, ""),
        ("无", 0, ""),
        (formatted(512, '0"GB"'), 0.5, "V22"),
        (formatted(512000, '0,"K"'), 500, "V23"),
        (-5.0, None, "V08"),
        ("待定", None, "V01"),
    ],
)
def test_a_number_under_a_caption_of_another_unit(typed: Value, value: float | None, code: str) -> None:
    reading = READERS.number("TB", bare="GB").read(typed)
    assert (reading.value, reading.code or "") == (value, code)
    assert not value or value == 2 or "换算" in reading.rule


def test_a_converted_figure_must_be_whole_where_its_unit_is() -> None:
    assert READERS.number("台", bare="万台").read(0.5).value == 5000
    assert READERS.number("台", bare="万台").read(0.00005).code == "V09"


@pytest.mark.parametrize("typed", ["<500", "＜500", "≤500", "不足500", "500以内"])
def test_an_upper_bound_is_no_number(typed: str) -> None:
    reading = read(typed)
    assert (reading.state, reading.value, reading.code) == ("error", None, "V19")


@pytest.mark.parametrize(
    ("typed", "differs"),
    [
        ("3个（MES、ERP、WMS）", False),
        ("3（MES、ERP、WMS）", False),
        ("3个(MES,ERP，WMS)", False),
        ("3个（MES、ERP）", True),
        ("3个（MES（生产）、ERP、WMS）", False),
        ("3个（U8 13.0、NC 65、WMS）", False),
    ],
)
def test_a_list_behind_the_number_is_a_remark(typed: str, differs: bool) -> None:
    reading = read(typed, "个")
    assert (reading.state, reading.value, reading.code) == ("ok", 3, "V07")
    assert bool(reading.facts["note"]) is differs


@pytest.mark.parametrize(
    "typed", ["无", "没有", "暂无", "不涉及", "—", "-", "－", "/", "\\", "N/A", "n/a", " 无　", "／", "无\n"]
)
def test_none_words_are_zero_with_a_rule(typed: str) -> None:
    reading = read(typed)
    assert (reading.state, reading.value, reading.code) == ("none", 0.0, None)
    assert reading.rule and reading.raw == typed


@pytest.mark.parametrize("typed", [None, "", " ", "　", "\u00a0", "\u200b", "\ufeff", "\n\t", "\u2060", "\u2800"])
def test_blank_is_nothing_else(typed: str | None) -> None:
    assert read(typed) == Reading("", None, "blank")


@pytest.mark.parametrize(
    ("typed", "unit", "code"),
    [
        ("10-20", "个", "V11"),
        ("10～20", "个", "V11"),
        ("10至20", "个", "V11"),
        ("12.5%", "万元", "V12"),
        ("１２％", "万元", "V12"),
        ("3/4", "个", "V12"),
        ("12,5", "万元", "V18"),
        ("1,23,4", "万元", "V18"),
        ("1234,567", "万元", "V18"),
        ("0,123", "万元", "V18"),
        ("1_000", "万元", "V01"),
        ("800O", "万元", "V20"),
        ("500平方米", "TB", "V20"),
        ("待定", "个", "V01"),
        ("MES、ERP", "个", "V01"),
        ("2023/5/1", "个", "V13"),
        ("2023年5月", "个", "V13"),
        ("12:30", "个", "V13"),
        ("TRUE", "个", "V14"),
        ("FALSE", "个", "V14"),
        ('=DISPIMG("ID_A",1)', "个", "V14"),
        ("#DIV/0!", "个", "V15"),
        ("#N/A", "个", "V15"),
        ("inf", "万元", "V01"),
        ("nan", "万元", "V01"),
        ("Infinity", "万元", "V01"),
        ("1000000000000000", "万元", "V10"),
        ("100000000000亿", "万元", "V10"),
        ("-5", "万元", "V08"),
        ("(800)", "万元", "V08"),
        ("（800）", "万元", "V08"),
        ("−5", "万元", "V08"),
        ("－5", "万元", "V08"),
        ("2.5", "个", "V09"),
        ("2.5台", "台", "V09"),
        ("2.5", "类", "V09"),
        ("12 34", "万元", "V17"),
        ("12\n34", "万元", "V17"),
        ("12　34", "万元", "V17"),
        ("12\u200b \u200b34", "万元", "V17"),
        ("1, 234", "万元", "V17"),
        ("10²", "万元", "V01"),
        ("①", "个", "V01"),
        ("٣", "个", "V01"),
        ("3个4", "个", "V01"),
        ("1e5", "万元", "V01"),
        (".", "万元", "V01"),
        ("5.", "万元", "V01"),
        ("¥5", "个", "V01"),
        ("500（800）", "个", "V01"),
        ("500（含税）", "万元", "V01"),
        ("3MES）", "个", "V01"),
        ("3个ERP)", "个", "V01"),
        ("-", "万元", ""),
        ("9" * 30_000, "万元", "V01"),
        (1e15, "万元", "V10"),
        (-5.0, "万元", "V08"),
        (2.5, "个", "V09"),
        (2.5, "台", "V09"),
        (OddValue("error", "#DIV/0!"), "个", "V15"),
        (OddValue("no_result", "=A1*2"), "个", "V16"),
        (OddValue("boolean", "TRUE"), "个", "V14"),
        (OddValue("date", "2024-05-01"), "个", "V13"),
        (OddValue("struck", "3"), "个", "V51"),
        (OddValue("unproven", "3"), "个", "V52"),
        (OddValue("unseen_zero", "0"), "个", "V53"),
    ],
)
def test_what_is_refused_and_why(typed: Value, unit: str, code: str) -> None:
    reading = read(typed, unit)
    if not code:
        assert reading.state == "none"
        return
    assert (reading.state, reading.value, reading.code) == ("error", None, code)
    assert CATALOGUE[code].level == ERROR
    assert reading.raw == (typed if isinstance(typed, str) else getattr(typed, "text", reading.raw))
    assert reading.raw


def test_a_formulas_result_keeps_fifteen_digits_as_a_sheet_does() -> None:
    assert read(0.1 * 30, "个")[:4] == ("3", 3.0, "ok", None)
    assert read(3.00000000001, "个").code == "V09"


@pytest.mark.parametrize("stored", [0.1 + 0.2, formatted(0.1 + 0.2, "0.0;-0.0"), formatted(0.1 + 0.2, '0.0,"万"')])
def test_fifteen_digits_are_kept_whatever_the_unit_and_the_format(stored: Value) -> None:
    for reading in (read(stored, "TB"), READERS.figure(stored, "万元", True)):
        assert (reading.raw, reading.value) == ("0.3", 0.3)


def test_marks_and_counts_keep_fifteen_digits_too() -> None:
    assert READERS.mark(0.1 + 0.2, 4) == (0.3, "given") and READERS.mark(4.000000000000001 - 4.4e-16, 4).mark == 4
    assert whole_number(0.1 * 30) == 3 and printed_ratio(1.1 + 2.2) == 3.3


@pytest.mark.parametrize(
    "typed", ["13911112222", "１３９１１１１２２２２", " 13911112222", 13911112222.0, formatted(13911112222.0, "0;-0")]
)
@pytest.mark.parametrize("unit", UNITS)
def test_a_mobile_number_is_a_question(typed: Value, unit: str) -> None:
    assert read(typed, unit)[1:4] == (None, "error", "V40")


@pytest.mark.parametrize(
    "typed", ["12911112222", "139111122223", "13911112222元", "13,911,112,222", 12999999999.0, 20000000000.0]
)
def test_other_figures_are_no_mobile_number(typed: Value) -> None:
    assert read(typed).code != "V40"


@pytest.mark.parametrize(("digits", "is_read"), [(59, True), (60, True), (61, False), (400, False)])
def test_a_number_has_sixty_characters_at_most(digits: int, is_read: bool) -> None:
    typed = "0." + "1" * (digits - 2)
    assert (read(typed).value is not None) == is_read
    assert (READERS.mark(typed, 4).state == "given") == is_read


@pytest.mark.parametrize("typed", ["-0", "0", -0.0, 0.0, "0.0"])
def test_a_mark_of_zero_has_no_sign(typed: Value) -> None:
    mark = READERS.mark(typed, 4).mark
    assert mark is None or str(mark) == "0.0"


@pytest.mark.parametrize(("typed", "differs"), [("2（MES、E）", False), ("2（M、E）", False), ("3（MES、E）", True)])
def test_every_entry_of_a_list_behind_a_number_counts_however_short(typed: str, differs: bool) -> None:
    assert ("括号中列了 2 项" in read(typed, "个").facts["note"]) == differs


def test_zero_has_no_sign() -> None:
    for typed in (-0.0, "0", "-0"):
        assert str(READERS.number("万元", negative=True).read(typed).value) == "0.0"


# ---------------------------------------------------------------------------------------- 云服务器


@pytest.mark.parametrize(
    "typed", ["CPU 64核 内存256G", "cpu64核，内存256GB", "CPU：64核、内存：256G", "CPU总核64核 总内存256G"]
)
def test_cores_and_memory_are_units_of_four_cores(typed: str) -> None:
    reading = read(typed, "4核16G")
    assert (reading.state, reading.value, reading.code) == ("ok", 16, "V34")


def test_cores_and_memory_are_no_money() -> None:
    assert read("CPU 64核 内存256G", "万元").state == "error"


# ---------------------------------------------------------------------------------------- number formats


@pytest.mark.parametrize(
    ("code", "number"), [("yyyy/m/d", 45000), ('yyyy"年"m"月"', 45000), ("h:mm", 0.5), ("0%", 0.5), ("0.0%", 0.125)]
)
def test_a_format_that_shows_a_date_or_a_percentage_is_an_error(code: str, number: float) -> None:
    reading = read(formatted(number, code))
    assert (reading.state, reading.code, reading.facts["format"]) == ("error", "V21", code)


@pytest.mark.parametrize(
    ("number", "code", "unit", "state", "value", "issue", "shown"),
    [
        (500, '0"GB"', "TB", "ok", 500 / 1024, "V22", "500GB"),
        (500, "0GB", "TB", "ok", 500 / 1024, "V22", "500GB"),
        (3, '0"个"', "个", "ok", 3, "V22", "3个"),
        (500, '"约"0', "万元", "ok", 500, "V22", "约500"),
        (500, '"≥"0', "万元", "ok", 500, "V22", "≥500"),
        (0, '0;-0;"无"', "万元", "none", 0, "V22", "无"),
        (1200, '#,##0"万元"', "万元", "ok", 1200, "V22", "1,200万元"),
    ],
)
def test_quoted_words_are_read_as_the_displayed_text(
    number: float, code: str, unit: str, state: str, value: float, issue: str, shown: str
) -> None:
    reading = read(formatted(number, code), unit)
    assert (reading.state, reading.value, reading.code) == (state, value, issue)
    assert (reading.raw, reading.facts["shown"]) == (f"{number}", shown)
    assert CATALOGUE[issue].level == REMARK


@pytest.mark.parametrize(("code", "issue"), [('0"平方米"', "V20"), ('0"%"', "V12"), ('"-"0', "V08"), ('0"-20"', "V11")])
def test_words_that_are_no_figure_are_the_error_of_that_text(code: str, issue: str) -> None:
    reading = read(formatted(12, code), "TB")
    assert (reading.state, reading.code) == ("error", issue)
    assert "12" in reading.raw and reading.raw != "12"


@pytest.mark.parametrize(
    ("code", "shown"), [('0.0,"万"', "12345.7万"), ("#,##0,", "12,346"), ('0!.0,"万元"', "1234.6万元"), (";;;", "")]
)
def test_scaling_keeps_the_stored_number_with_a_remark(code: str, shown: str) -> None:
    reading = read(formatted(12345678.0, code))
    assert (reading.state, reading.value, reading.code) == ("ok", 12345678, "V23")
    assert (reading.raw, reading.facts["shown"]) == ("12345678", shown)


def test_a_condition_chooses_the_section() -> None:
    code = '[>=1024]0.0,"PB";0"GB"'
    assert read(formatted(2048, code), "TB").code == "V23"
    assert read(formatted(512, code), "TB")[1:4] == (0.5, "ok", "V22")


@pytest.mark.parametrize("number", [-5.0, 2.5, 1e15, 1e300])
def test_a_stored_number_that_cannot_be_is_refused_whatever_its_format(number: float) -> None:
    for code in ('0"个"', '0.0,"万"', ";;;", "0;-0;"):
        assert read(formatted(number, code), "个").state == "error"


# ---------------------------------------------------------------------------------------- 附件2, marks, pool


@pytest.mark.parametrize("code", ['0;"亏"0', '0;"无"', "0;0"])
def test_a_count_of_zero_is_shown_by_the_section_of_its_format(code: str) -> None:
    assert whole_number(formatted(0.0, code)) == 0


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("-800", -800),
        ("(800)", -800),
        ("－800", -800),
        ("（800）", -800),
        ("−800", -800),
        ("-800万元", -800),
        (-800.0, -800),
        ("1.2亿", 12000),
    ],
)
def test_profit_may_be_negative(typed: Value, number: float) -> None:
    assert READERS.figure(typed, "万元", True)[1:3] == (number, "ok")


@pytest.mark.parametrize("typed", ["-", "/", "", None, "－", "—", "　"])
def test_a_figure_of_the_list_may_be_not_given(typed: str | None) -> None:
    reading = READERS.figure(typed, "万元", True)
    assert (reading.state, reading.value) == ("blank", None)


def test_revenue_is_not_negative() -> None:
    assert READERS.figure("-800", "万元", False).code == "V08"


@pytest.mark.parametrize(
    ("typed", "mark", "state"),
    [
        (3.5, 3.5, "given"),
        ("3.5", 3.5, "given"),
        ("４", 4, "given"),
        (0.0, 0, "given"),
        (4.0, 4, "given"),
        (4.5, None, "error"),
        (-1.0, None, "error"),
        ("", None, "blank"),
        (None, None, "blank"),
        ("-", None, "blank"),
        ("/", None, "blank"),
        ("—", None, "blank"),
        ("回避", None, "recused"),
        ("优", None, "error"),
        ("3 4", None, "error"),
        ("1 2", None, "error"),
        ("3.5分", 3.5, "given"),
        ("3 分", 3, "given"),
        ("５分", None, "error"),
        ("分", None, "error"),
        ("3分钟", None, "error"),
        (OddValue("struck", "3"), None, "error"),
        (OddValue("unproven", "3"), None, "error"),
        (OddValue("unseen_zero", "0"), None, "error"),
        (OddValue("no_text", ""), None, "error"),
        (OddValue("unseen_result", "0"), None, "blank"),
        (formatted(0.5, "0%"), None, "error"),
        (formatted(3.5, '0.0"分"'), 3.5, "given"),
        (formatted(3.5, ";;;"), None, "error"),
        (OddValue("error", "#REF!"), None, "error"),
        ("9" * 30_000, None, "error"),
        ("inf", None, "error"),
    ],
)
def test_marks(typed: Value | None, mark: float | None, state: str) -> None:
    assert READERS.mark(typed, 4) == (mark, state)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (12.0, 12),
        ("12", 12),
        ("1,234", 1234),
        ("12家", 12),
        (formatted(12, '0"家"'), 12),
        (0.0, 0),
        (2.5, None),
        (-1.0, None),
        ("约10", None),
        (None, None),
        ("", None),
        (formatted(0.5, "0%"), None),
        ("1 2", None),
        (OddValue("error", "#REF!"), None),
    ],
)
def test_counts_of_the_pool_are_whole_numbers(typed: Value | None, number: float | None) -> None:
    assert whole_number(typed) == number


def test_a_printed_share_is_a_ratio() -> None:
    assert printed_ratio("142.7%") == printed_ratio(formatted(1.427, "0.0%")) == printed_ratio(1.427) == 1.427
    assert printed_ratio("约1.4") is None


@pytest.mark.parametrize(
    ("typed", "phone", "code"),
    [
        (13800138000.0, "13800138000", ""),
        ("13800138000.0", "13800138000", ""),
        ("１３８００１３８０００", "13800138000", ""),
        (" 0571-87050000 ", "0571-87050000", ""),
        ("1.38E+10", "1.38E+10", "V37"),
        (None, "", ""),
    ],
)
def test_phones_are_text(typed: Value | None, phone: str, code: str) -> None:
    assert read_phone(typed) == (phone, code)


@pytest.mark.parametrize(
    "cell",
    [
        OddValue("error", "#REF!"),
        OddValue("no_result", "=A1*2"),
        OddValue("boolean", "TRUE"),
        OddValue("date", "2024-05-01"),
        formatted(45000, "yyyy/m/d"),
        formatted(0.5, "0%"),
        formatted(3, '0"$"'),
    ],
)
def test_every_cell_that_is_no_plain_number_has_its_own_reason(cell: OddValue) -> None:
    others = [OddValue(kind, "") for kind in ("error", "no_result", "boolean", "date") if kind != cell.kind]
    assert why_no_number(cell) and why_no_number(cell) not in map(why_no_number, others)
    assert cell.kind != "formatted" or cell.format in why_no_number(cell)


@pytest.mark.parametrize("cell", ["12", 12.0, "", None])
def test_a_plain_cell_needs_no_reason(cell: Value | None) -> None:
    assert why_no_number(cell) == ""


# ---------------------------------------------------------------------------------------- ticks


@pytest.mark.parametrize(
    "mark",
    [
        "√",
        "✓",
        "✔",
        "☑",
        "■",
        "●",
        "✅",
        "是",
        "有",
        "对",
        "Y",
        "V",
        "v",
        "1",
        "TRUE",
        "R",
        "P",
        "þ",
        "ü",
        "√√",
        " √ ",
        "√ √",
        "Ｙ",
        "☑\ufe0f",
    ],
)
def test_ticks(mark: str) -> None:
    assert READERS.tick(mark) is True


@pytest.mark.parametrize("mark", ["□", "○", "×", "✗", "否", "无", "N", "0", "FALSE", "", "　", "××"])
def test_no_ticks(mark: str) -> None:
    assert READERS.tick(mark) is False


@pytest.mark.parametrize("mark", ["？", "2", "部分", "√×", "是否"])
def test_unknown_marks(mark: str) -> None:
    assert READERS.tick(mark) is None


# ---------------------------------------------------------------------------------------- for every text


@pytest.mark.slow
@given(st.text(max_size=60), st.sampled_from(UNITS), st.booleans())
def test_no_text_raises_and_every_state_has_its_fields(text: str, unit: str, negative: bool) -> None:
    reading = READERS.number(unit, negative).read(text)
    assert (reading.value is None) == (reading.state in ("blank", "error"))
    assert (reading.state == "error") == (bool(reading.code) and CATALOGUE[reading.code].level == ERROR)
    assert reading.raw == ("" if reading.state == "blank" else text)


@pytest.mark.parametrize("piece", ["9", "1,", ",", "9 ", "(", "约", "1-", "1%", "分之", "0.0/", "#", "\u200b1"])
def test_long_texts_take_no_time(piece: str) -> None:
    text = "1" + piece * (30_000 // len(piece)) + "x1"
    started = time.perf_counter()
    assert read(text, "个").state == "error"
    assert time.perf_counter() - started < 1


@given(st.text(alphabet="0123456789.,，-−()（）¥约余+%/万亿元个GTB 　\u200b年", max_size=12), st.sampled_from(UNITS))
def test_an_accepted_number_is_made_of_the_digits_typed(text: str, unit: str) -> None:
    reading = READERS.number(unit).read(text)
    if reading.state == "ok" and not reading.code:
        digits = "".join(character for character in text if character in "0123456789.")
        assert Fraction(digits) == Fraction(str(reading.value))


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(alphabet='0#?.,;"[]>=%年万GBm!\\_*+-()¥', max_size=20))
def test_no_number_format_raises(number: float, code: str) -> None:
    reading = read(OddValue("formatted", str(number), number, code), "个")
    assert reading.state in ("ok", "error", "none", "blank")
