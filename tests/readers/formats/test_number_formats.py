"""How a number format displays a number: sections, conditions, words and scales as in ECMA-376."""

from __future__ import annotations

import pytest

from pipeline.readers.formats.number_formats import BUILT_IN_FORMATS, digits_shown, rendering_of, shows_otherwise

PLAIN = [
    "",
    "General",
    "G/通用格式",
    "0",
    "0.00",
    "#,##0",
    "#,##0.00_ ",
    "0.00E+00",
    "##0.0E+0",
    "@",
    "# ?/?",
    "[红色]0",
    "[Red]",
    "¥#,##0",
    '"¥"#,##0.00',
    "[$¥-804]#,##0.00",
    "[$CNY] #,##0",
    "[DBNum1][$-804]G/通用格式",
    "0_);[Red](0)",
    "0;[Red]0",
    "0_ ;[Red]-0 ",
    '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    "[蓝色][>100]0;0",
]


@pytest.mark.parametrize("code", PLAIN)
def test_what_changes_nothing(code: str) -> None:
    assert not shows_otherwise(code)
    assert {rendering_of(code, number).kind for number in (0.0, 5.0, -5.0, 12345.678)} == {"plain"}


@pytest.mark.parametrize(
    "code",
    [
        "yyyy/m/d",
        'yyyy"年"m"月"d"日"',
        "[$-804]aaaa;@ yyyy",
        "h:mm:ss",
        "[h]:mm",
        "m月d日",
        "e/m/d",
        "ggge",
        "mm-dd AM/PM",
    ],
)
def test_dates(code: str) -> None:
    assert rendering_of(code, 45000).kind == "date" and shows_otherwise(code)


@pytest.mark.parametrize("code", ["0%", "0.00%", "[Red]0.0%", "#,##0%"])
def test_percentages(code: str) -> None:
    assert rendering_of(code, 0.5).kind == "percent" and shows_otherwise(code)


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ('0"GB"', 500, "500GB"),
        ("0GB", 500, "500GB"),
        ("0\\G\\B", 500, "500GB"),
        ("0!个", 3, "3个"),
        ('#,##0"个"', 1234567, "1,234,567个"),
        ('General"个"', 5.5, "5.5个"),
        ('G/通用格式"台"', 5, "5台"),
        ('0.0#"TB"', 1.25, "1.25TB"),
        ('.00"元"', 0.5, ".50元"),
        ('000"号"', 5, "005号"),
        ('"约"0', 5, "约5"),
        ('0"%"', 12, "12%"),
        ("[$元]0", 5, "元5"),
        ('0"个";-0"个"', -5, "-5个"),
        ('0;-0;"无"', 0, "无"),
        ('"有"', 5, "有"),
        ('0"个"', 2.5, "3个"),
        ("(0)", 5, "(5)"),
        ('0"a;b"', 5, "5a;b"),
        ('0"台"', -5, "-5台"),
    ],
)
def test_words_around_the_number(code: str, number: float, text: str) -> None:
    assert rendering_of(code, number) == ("literal", text) and shows_otherwise(code)


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ('0.0,"万"', 12345, "12.3万"),
        ("#,##0,", 1234567, "1,235"),
        ('#,##0,,"M"', 12345678, "12M"),
        ("0,.0", 12345, "12.3"),
        ('0!.0,"万元"', 123456, "12.3万元"),
        ('0"."0000', 12345, "1.2345"),
        ("0;0", -5, "5"),
        ("#,##0.00;#,##0.00", -1234.5, "1,234.50"),
        ("General;General;0", -5, "5"),
    ],
)
def test_another_scale(code: str, number: float, text: str) -> None:
    assert rendering_of(code, number) == ("scaled", text) and shows_otherwise(code)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        (";;;", 5),
        (";;", 5),
        (";;;", 0),
        ("0;-0;;@", 0),
        ("0;-0;", 0),
        ("0.00;-0.00;;", 0),
        ('0;-0;""', 0),
        ("0;-0; ", 0),
        ("0;", -5),
        ("0;;@", -5),
        ("#", 0),
        ("#,###", 0),
        ("#,###", 0.4),
        ("#;-#", 0),
    ],
)
def test_what_shows_nothing(code: str, number: float) -> None:
    assert rendering_of(code, number) == ("hidden", "") and shows_otherwise(code)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("0;-0;;@", 5),
        ("0;-0;;@", -5),
        ("0;;@", 0),
        ("0;@", -5),
        ("0;@", 0),
        ("#", 1),
        ("#,###", -12),
        ("#,###.00", 0),
        ("0;0", 5),
        ("[<0]0;0", 5),
        ('0;-0;"-"', 0),
        ('0;-0;"@";', 5),
    ],
)
def test_what_shows_the_number_although_the_format_hides_another(code: str, number: float) -> None:
    assert rendering_of(code, number).kind == "plain"


@pytest.mark.parametrize(
    ("code", "number", "kind"),
    [
        ("yyyy/m/d;@", -800, "date"),
        ("0%;@", -0.08, "percent"),
        ("0.00%;[Red]-0.00%;@", -0.5, "percent"),
        ("yyyy/m/d;yyyy/m/d;@", 0, "date"),
        ('"US$"0;@', -5, "foreign"),
        ('yyyy/m/d;"@"0;@', -5, "scaled"),
    ],
)
def test_the_section_for_texts_displays_no_number(code: str, number: float, kind: str) -> None:
    assert rendering_of(code, number).kind == kind


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("0000-00000000", 57188888888, "0571-88888888"),
        ("000000000000", 57188888888, "057188888888"),
        ('"("0000")"00000000', 57188888888, "(0571)88888888"),
        ("0", 13800138000, "13800138000"),
        ("General", 13800138000, "13800138000"),
        ("0.00E+00", 13800138000, ""),
        ("yyyy/m/d", 45000, ""),
    ],
)
def test_the_digits_of_a_phone_or_code(code: str, number: float, text: str) -> None:
    assert digits_shown(code, number) == text


def test_zeros_in_front_are_kept_for_phones_only() -> None:
    assert shows_otherwise("000000000000") and rendering_of("000000000000", 57188888888).kind == "plain"
    assert not shows_otherwise("0000") and not shows_otherwise("0.0000000")


@pytest.mark.parametrize(
    ("number", "kind"), [(50000, "scaled"), (10000, "scaled"), (9999, "plain"), (0, "plain"), (-5, "plain")]
)
def test_conditions_choose_the_section(number: float, kind: str) -> None:
    assert rendering_of('[>=10000]0!.0,"万";0', number).kind == kind


def test_the_sign_chooses_the_section() -> None:
    code = '0;-0"负";"零"'
    assert [rendering_of(code, number) for number in (5, -5, 0)] == [
        ("plain", ""),
        ("literal", "-5负"),
        ("literal", "零"),
    ]


@pytest.mark.parametrize("code", ['"', "[", "\\", "_", "E+", "0" * 5000, "," * 5000, '0"GB" ' * 500])
def test_damaged_codes_do_no_harm(code: str) -> None:
    for number in (0.0, 5.0, -1e300, 1e-300):
        assert rendering_of(code, number).kind in ("plain", "literal", "scaled", "hidden")


def test_only_built_in_dates_and_percentages_are_noted() -> None:
    assert all(shows_otherwise(code) for code in BUILT_IN_FORMATS.values())
    assert {"14", "22", "31", "57", "9", "10"} <= set(BUILT_IN_FORMATS)
    assert (BUILT_IN_FORMATS["20"], BUILT_IN_FORMATS["32"], BUILT_IN_FORMATS["14"]) == ("h:mm", "h时mm分", "yyyy/m/d")
    assert not {"0", "1", "4", "11", "37", "44", "49"} & set(BUILT_IN_FORMATS)
