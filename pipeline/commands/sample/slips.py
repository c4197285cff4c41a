"""The slips of a made-up province: mistakes of real returns, each in a known cell and with a known issue code."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.commands.sample.companies import MadeUpCompany, tidy
from pipeline.issues.catalogue import (
    APPROXIMATE_NUMBER,
    ASSESSMENT_MISSING,
    COMPANY_NAME_INFERRED,
    FORMS_DIFFER,
    HALF_ANSWERED,
    ITEMS_LEFT_BLANK,
    MARK_INVALID,
    N_EXCEEDS_M,
    NOMINATION_MISSING,
    NUMBER_UNCLEAR,
    PHONE_INVALID,
    RECOMMENDATION_UNCLEAR,
    SAME_ASSESSMENT_REPEATED,
    TICKS_DIFFER_FROM_N,
    UNIT_CONVERTED,
    UNIT_SLIP,
)
from pipeline.writers.forms.filled import FormAnswer, Typed

ASSESSMENT, NOMINATION, MARKS = "assessment", "nomination", "marks"


@dataclass(frozen=True)
class PlantedSlip:
    """A slip in the sample as written. path, sheet, cell: where it is, cell "" for the file as a whole; code: see Slip."""

    path: str
    sheet: str
    cell: str
    company: str
    what: str
    typed: str
    code: str


class Slip(NamedTuple):
    """One kind of slip. code: the issue it raises, "" where the cell is to be read without an issue; form: the form it is in;
    field: the slot of 附件1, the column of 附件2 or the item marked; change: the company with the slip."""

    id: str
    code: str
    what: str
    form: str
    field: tuple[str, str]
    change: Callable[[MadeUpCompany], MadeUpCompany]


def _answered(company: MadeUpCompany, indicator: str, n: Typed, m: Typed) -> MadeUpCompany:
    answer = company.answers[indicator]._replace(n=n, m=m)
    return replace(company, answers={**company.answers, indicator: answer})


def _spent(company: MadeUpCompany, factor: float) -> MadeUpCompany:
    """The two spends in 附件2 are `factor` times those in 附件1."""
    changed = {name: tidy(company.figures[name] * factor, 2) for name in ("it_spend", "cloud_spend")}
    return replace(company, figures={**company.figures, **changed})


def _thousands(company: MadeUpCompany) -> MadeUpCompany:
    """A large 上云投入, the same in both forms, with thousands separators in 附件1."""
    figures = {**company.figures, "it_spend": 2450.5, "cloud_spend": 1280}
    return _answered(replace(company, figures=figures), "cloud_spend", "1,280", "2,450.5")


def _ticked_more(company: MadeUpCompany) -> MadeUpCompany:
    """Four categories ticked, N = 5."""
    ticks = dict.fromkeys(("研发数据", "设计数据", "生产数据", "销售数据"), "√")
    return replace(company, answers={**company.answers, "data_synergy": FormAnswer(5, None, ticks)})


SLIPS = (
    Slip(
        "pending",
        NUMBER_UNCLEAR,
        "该填数的地方写了“待定”",
        ASSESSMENT,
        ("cloud_database", "m"),
        lambda company: _answered(company, "cloud_database", 6, "待定"),
    ),
    Slip(
        "no_form",
        ASSESSMENT_MISSING,
        "附件2推荐了，却没有交附件1",
        NOMINATION,
        ("company", ""),
        lambda company: replace(company, assessed=False),
    ),
    Slip(
        "no_nomination",
        NOMINATION_MISSING,
        "交了附件1，附件2却没有推荐",
        ASSESSMENT,
        ("", ""),
        lambda company: replace(company, nominated=False),
    ),
    Slip(
        "more_than_all",
        N_EXCEEDS_M,
        "云上系统比系统总数还多",
        ASSESSMENT,
        ("production", "n"),
        lambda company: _answered(company, "production", 5, 3),
    ),
    Slip(
        "blank_total",
        HALF_ANSWERED,
        "只填了 N，M 空着",
        ASSESSMENT,
        ("office", "m"),
        lambda company: _answered(company, "office", 3, "　"),
    ),
    Slip(
        "about",
        APPROXIMATE_NUMBER,
        "填了约数",
        ASSESSMENT,
        ("device_access", "m"),
        lambda company: _answered(company, "device_access", 180, "约500"),
    ),
    Slip(
        "full_width",
        "",
        "用全角数字填写",
        ASSESSMENT,
        ("cloud_server", "m"),
        lambda company: _answered(company, "cloud_server", "２４", "３６．５"),
    ),
    Slip("thousands", "", "数字带千分位逗号", ASSESSMENT, ("cloud_spend", "m"), _thousands),
    Slip(
        "refused",
        "",
        "经信部门不推荐",
        NOMINATION,
        ("recommendation", ""),
        lambda company: replace(company, recommendation="不推荐"),
    ),
    Slip(
        "spend_differs",
        FORMS_DIFFER,
        "附件2的投入与附件1不一致",
        NOMINATION,
        ("it_spend", ""),
        lambda company: _spent(company, 1.15),
    ),
    Slip(
        "spend_in_yuan",
        UNIT_SLIP,
        "附件2的投入按元填写",
        NOMINATION,
        ("it_spend", ""),
        lambda company: _spent(company, 10_000),
    ),
    Slip(
        "mark_too_high", MARK_INVALID, "专家给的分超过满分", MARKS, ("domestic_innovation", ""), lambda company: company
    ),
    Slip(
        "other_unit",
        UNIT_CONVERTED,
        "存储量按 GB 填写",
        ASSESSMENT,
        ("cloud_storage", "m"),
        lambda company: _answered(company, "cloud_storage", 2.5, "5120GB"),
    ),
    Slip(
        "short_phone",
        PHONE_INVALID,
        "手机号少一位",
        NOMINATION,
        ("phone", ""),
        lambda company: replace(company, phone=company.phone[:-1]),
    ),
    Slip(
        "unclear_opinion",
        RECOMMENDATION_UNCLEAR,
        "推荐意见看不出是否推荐",
        NOMINATION,
        ("recommendation", ""),
        lambda company: replace(company, recommendation="情况属实"),
    ),
    Slip(
        "no_label",
        COMPANY_NAME_INFERRED,
        "附件1没有写企业名称",
        ASSESSMENT,
        ("identity", "company"),
        lambda company: replace(company, labelled=False),
    ),
    Slip(
        "both_blank",
        ITEMS_LEFT_BLANK,
        "一项的 N 和 M 都没有填",
        ASSESSMENT,
        ("device_management", "n"),
        lambda company: _answered(company, "device_management", None, None),
    ),
    Slip(
        "ticks_differ", TICKS_DIFFER_FROM_N, "勾选的类别数与 N 不一致", ASSESSMENT, ("data_synergy", "n"), _ticked_more
    ),
    Slip(
        "sent_twice",
        SAME_ASSESSMENT_REPEATED,
        "同一份附件1交了两次",
        ASSESSMENT,
        ("", ""),
        lambda company: replace(company, copies=2),
    ),
)
SLIP_BY_ID = {slip.id: slip for slip in SLIPS}
_COMPANIES_PER_SLIP = 400


def slips_by_company(candidates: Sequence[int], seed: int) -> dict[int, str]:
    """Company number -> slip id, for at most every second company: each kind once, in a large province once in
    _COMPANIES_PER_SLIP companies; a small province gets only the first kinds."""
    repeats = max(1, len(candidates) // _COMPANIES_PER_SLIP)
    wanted = [slip.id for slip in SLIPS for _ in range(repeats)][: len(candidates) // 2]
    chosen = random.Random(f"{seed}:slips").sample(candidates, len(wanted))
    return dict(zip(chosen, wanted, strict=True))
