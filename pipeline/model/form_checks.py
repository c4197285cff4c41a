"""Checks that are made twice: in Python on what a form holds once it is read, and by the 自检 of a blank form while it is
being filled in.

Each is declared here once, as a rule and as the spreadsheet condition that says the same, so that both change together.
Readers and stages call the rule, `writers/forms` writes the condition, and `tests/model/test_form_checks.py` computes
every condition with LibreOffice and compares the results. What a form says beyond these (which text is a number, which
county is meant, which row repeats another) is compared on whole forms by `tests/writers/forms/test_self_check.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.issues.catalogue import (
    CLOUD_EXCEEDS_IT_SPEND,
    CREDIT_CODE_INVALID,
    HALF_ANSWERED,
    ITEMS_LEFT_BLANK,
    MARK_INVALID,
    N_EXCEEDS_M,
    N_LEFT_BLANK,
    NEGATIVE_NUMBER,
    NO_TICKS_N_USED,
    NO_TICKS_NO_N,
    NOT_AN_INTEGER,
    NUMBER_TOO_LARGE,
    PHONE_AS_NUMBER,
    PHONE_INVALID,
    PROFIT_EXCEEDS_REVENUE,
    SYNERGY_EXCEEDS_SUM,
    SYNERGY_SUM_IN_ERROR,
    SYNERGY_SUM_ZERO,
    SYSTEM_LIST_DIFFERS,
    TICKS_DIFFER_FROM_N,
    TOTAL_IS_ZERO,
    UNKNOWN_TICK_MARK,
    Code,
)
from pipeline.model.names import CREDIT_CODE_CHARACTERS, credit_code_valid
from pipeline.model.rulebook import Indicator, Rulebook

# What the 自检 calls the state of a typed value; in place of these, a value that cannot be used has its issue code.
BLANK, NONE, NUMBER, REMARK = "空", "无", "数", "提醒"
STATE_OF = {BLANK: "blank", NONE: "none", NUMBER: "ok", REMARK: "ok"}  # the same as Reading.state

_VALUE_NAME = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class FormCheck:
    """One statement about typed values. `rule` takes them by keyword; `formula` is the same statement for the cells that
    hold them, each as {name}. code: the issue that it decides."""

    code: Code
    rule: Callable[..., bool]
    formula: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The values that the statement is about."""
        return tuple(dict.fromkeys(_VALUE_NAME.findall(self.formula)))

    def condition(self, **cells: object) -> str:
        """The formula over these cells (or constants); names that it does not ask for are ignored."""
        return _VALUE_NAME.sub(lambda match: str(cells[match[1]]), self.formula)


def first_true(checks: Iterable[FormCheck], **values: object) -> FormCheck | None:
    """The first of the checks whose rule holds, as a form says the first that applies; None when none does."""
    return next((check for check in checks if check.rule(**{name: values[name] for name in check.names})), None)


# ---------------------------------------------------------------------------------------- 附件1: a typed number

LARGEST, LARGEST_IN_FORMULAS = 10**15, "1E15"  # figures from here on are slips: Excel itself keeps 15 digits
MOBILES = range(13 * 10**9, 20 * 10**9)
IS_MOBILE_IN_FORMULAS = "{number}>=1.3E10,{number}<2E10"

IS_NEGATIVE = FormCheck(NEGATIVE_NUMBER, lambda number: number < 0, "{number}<0")
IS_TOO_LARGE = FormCheck(
    NUMBER_TOO_LARGE, lambda number: abs(number) >= LARGEST, f"ABS({{number}})>={LARGEST_IN_FORMULAS}"
)
IS_NOT_WHOLE = FormCheck(  # rounded in the formula: 0.1 × 30 is no whole number to a spreadsheet
    NOT_AN_INTEGER, lambda number: number % 1 != 0, "ROUND({number},9)<>ROUND({number},0)"
)
IS_MOBILE = FormCheck(
    PHONE_AS_NUMBER,
    lambda number: number % 1 == 0 and int(number) in MOBILES,
    f"AND({{number}}=INT({{number}}),{IS_MOBILE_IN_FORMULAS})",
)

# ---------------------------------------------------------------------------------------- 附件1: N and M of an item
# n, m: the numbers as read, 0 for a blank or 无, not a number for one in error. n_state, m_state: a Reading's state.

BOTH_BLANK = FormCheck(
    ITEMS_LEFT_BLANK,
    lambda n_state, m_state: n_state == m_state == "blank",
    f'AND({{n_state}}="{BLANK}",{{m_state}}="{BLANK}")',
)
M_BLANK = FormCheck(HALF_ANSWERED, lambda m_state: m_state == "blank", f'{{m_state}}="{BLANK}"')
N_BLANK = FormCheck(HALF_ANSWERED, lambda n_state: n_state == "blank", f'{{n_state}}="{BLANK}"')
M_IS_ZERO = FormCheck(TOTAL_IS_ZERO, lambda n, m: n > 0 and m == 0, "AND({n}>0,{m}=0)")
N_OVER_M = FormCheck(N_EXCEEDS_M, lambda n, m: n > m, "{n}>{m}")
PAIR_CHECKS = (BOTH_BLANK, M_BLANK, N_BLANK, M_IS_ZERO, N_OVER_M)

# An item whose M is the sum of other items' N (系统协同). wrong: how many of those are in error; total: their sum.
SOURCE_WRONG = FormCheck(SYNERGY_SUM_IN_ERROR, lambda wrong: wrong > 0, "{wrong}>0")
ONLY_N_BLANK = FormCheck(N_LEFT_BLANK, lambda n_state: n_state == "blank", f'{{n_state}}="{BLANK}"')
SUM_IS_ZERO = FormCheck(SYNERGY_SUM_ZERO, lambda n, total: n > 0 and total == 0, "AND({n}>0,{total}=0)")
N_OVER_SUM = FormCheck(SYNERGY_EXCEEDS_SUM, lambda n, total: n > total, "{n}>{total}")
SUM_CHECKS = (SOURCE_WRONG, ONLY_N_BLANK, SUM_IS_ZERO, N_OVER_SUM)

# 系统清单: how many systems are listed, against the N or M that was typed.
COUNT_DIFFERS = FormCheck(SYSTEM_LIST_DIFFERS, lambda count, typed: count != typed, "{count}<>{typed}")
_CATEGORY_ENDINGS = ("", "系统", "类", "类系统")


def counted_indicators(rulebook: Rulebook) -> tuple[Indicator, ...]:
    """The items whose N and M count systems (填表说明 2（2）), so that 系统清单 lists them."""
    return tuple(item for item in rulebook.ratio_indicators if item.unit == "个" and item.m == "typed")


def category_spellings(label: str) -> tuple[str, ...]:
    """How the category of an indicator may be written in 系统清单: 研发, 研发系统, 研发类, 研发类系统."""
    return tuple(f"{label}{ending}" for ending in _CATEGORY_ENDINGS)


# ---------------------------------------------------------------------------------------- 附件1: ticks (数据协同)
# mark: what stands beside a category; ticks, no_ticks: the rulebook's marks (in formulas the cells that list them).

_FIRST = "LEFT({mark},1)"
IS_TICK = FormCheck(
    UNKNOWN_TICK_MARK,
    lambda mark, ticks: mark in ticks or all(character in ticks for character in mark),
    "OR(SUMPRODUCT(--EXACT({ticks},{mark}))>0,"
    f'AND(SUBSTITUTE({{mark}},{_FIRST},"")="",SUMPRODUCT(--EXACT({{ticks}},{_FIRST}))>0))',
)
IS_NO_TICK = FormCheck(
    UNKNOWN_TICK_MARK,
    lambda mark, no_ticks: mark in no_ticks or all(character in no_ticks for character in mark),
    "SUMPRODUCT(--EXACT({no_ticks},{mark}))>0",
)

# ticked, unknown: how many categories are ticked, how many hold a mark that nobody knows. most: how many there are.

MARK_UNKNOWN = FormCheck(UNKNOWN_TICK_MARK, lambda unknown: unknown > 0, "{unknown}>0")
N_NOT_AS_TICKED = FormCheck(
    TICKS_DIFFER_FROM_N, lambda n, ticked: ticked > 0 and n != ticked, "AND({ticked}>0,{n}<>{ticked})"
)
N_OVER_CATEGORIES = FormCheck(
    N_EXCEEDS_M, lambda n, ticked, most: ticked == 0 and n > most, "AND({ticked}=0,{n}>{most})"
)
N_WITHOUT_TICKS = FormCheck(NO_TICKS_N_USED, lambda n, ticked: ticked == 0 and n > 0, "AND({ticked}=0,{n}>0)")
NO_TICKS_AND_NO_N = FormCheck(
    NO_TICKS_NO_N,
    lambda n_state, ticked: ticked == 0 and n_state == "blank",
    f'AND({{ticked}}=0,{{n_state}}="{BLANK}")',
)

# ---------------------------------------------------------------------------------------- 附件1: 统一社会信用代码

_WEIGHTS = ";".join(str(pow(3, index, 31)) for index in range(17))  # GB 32100-2015
_CODE_SUM = f'SUMPRODUCT((FIND(MID({{code}},ROW($1:$17),1),"{CREDIT_CODE_CHARACTERS}")-1)*{{{_WEIGHTS}}})'
_CODE_REGION = 'SUMPRODUCT(FIND(MID({code},ROW($3:$8),1),"0123456789"))>0'
_CODE_CHECK = f'MID("{CREDIT_CODE_CHARACTERS}",MOD(31-MOD({_CODE_SUM},31),31)+1,1)=RIGHT({{code}},1)'
CREDIT_CODE_VALID = FormCheck(
    CREDIT_CODE_INVALID,
    credit_code_valid,
    f"IF(LEN({{code}})<>18,FALSE,IFERROR(AND({_CODE_REGION},{_CODE_CHECK}),FALSE))",
)

# ---------------------------------------------------------------------------------------- 附件2: a row

PROFIT_OVER_REVENUE = FormCheck(PROFIT_EXCEEDS_REVENUE, lambda profit, revenue: profit > revenue, "{profit}>{revenue}")
CLOUD_OVER_IT_SPEND = FormCheck(
    CLOUD_EXCEEDS_IT_SPEND, lambda cloud_spend, it_spend: cloud_spend > it_spend, "{cloud_spend}>{it_spend}"
)

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0\d{2,3}[-\s]?)\d{7,8}(?:[-转]\d{1,6})?|\d{7,8}|400[-\s]?\d{3}[-\s]?\d{4}")
_BETWEEN_PHONES = "、/，,；;"


def is_phone(text: str) -> bool:
    """True for one mobile number, landline number (with its area code or alone, with or without an extension) or 400
    number, however it is spaced."""
    compact = re.sub(r"[—–‐‑－]", "-", re.sub(r"[\s()（）]", "", text))
    compact = re.sub(r"^(?:\+|00)?86-?(?=1)", "", compact)
    return bool(_MOBILE.fullmatch(compact.replace("-", "")) or _LANDLINE.fullmatch(compact))


def _phone_is_wrong(phone: str) -> bool:
    """False too for a blank cell and for several numbers in one: those are split before they are looked at."""
    return bool(phone.strip()) and not any(sign in phone for sign in _BETWEEN_PHONES) and not is_phone(phone)


def _phone_is_wrong_in_formulas() -> str:
    spaced = 'SUBSTITUTE({phone}&""," ","")'
    for sign in "()（）":
        spaced = f'SUBSTITUTE({spaced},"{sign}","")'
    plain = f'IF(LEFT({spaced},3)="+86",MID({spaced},4,30),{spaced})'
    compact = f'SUBSTITUTE({plain},"-","")'
    number = f"IFERROR(VALUE({compact}),0)"
    mobile = f"AND(LEN({compact})=11,{IS_MOBILE_IN_FORMULAS.replace('{number}', number)})"
    extended = f'LEN({spaced})-LEN(SUBSTITUTE({spaced},"-",""))>1'
    with_area = f'AND(LEFT({compact},1)="0",LEN({compact})>=10,LEN({compact})<=IF({extended},18,12))'
    without = f"AND(LEN({compact})>=7,LEN({compact})<=8)"
    free = f'AND(LEFT({compact},3)="400",LEN({compact})=10)'
    signs = ",".join(f'"{sign}"' for sign in _BETWEEN_PHONES)
    several = f"SUMPRODUCT(--ISNUMBER(FIND({{{signs}}},{{phone}})))>0"
    right = f"OR({mobile},{several},AND({number}>0,OR({with_area},{without},{free})))"
    return f'AND(TRIM({{phone}}&"")<>"",NOT({right}))'


PHONE_WRONG = FormCheck(PHONE_INVALID, _phone_is_wrong, _phone_is_wrong_in_formulas())

# ---------------------------------------------------------------------------------------- 专家评分表: a mark

MARK_ALLOWED = FormCheck(MARK_INVALID, lambda mark, points: 0 <= mark <= points, "AND({mark}>=0,{mark}<={points})")
