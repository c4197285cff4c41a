"""Checks within 附件2 and between a company's 附件1 and its row of 附件2."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from pipeline.issues.catalogue import (
    ASSESSMENT_MISSING,
    FORMS_DIFFER,
    NOMINATION_MISSING,
    UNIT_SLIP,
)
from pipeline.issues.issue import Issue
from pipeline.issues.words import listed
from pipeline.model.form_checks import CLOUD_OVER_IT_SPEND, PHONE_WRONG, PROFIT_OVER_REVENUE, is_phone
from pipeline.model.records import SentPaper
from pipeline.stages.checks.material import Check, Material, company_issue
from pipeline.stages.checks.names import near_names
from pipeline.stages.checks.size import NOISE, figure_text

UNIT_SLIPS = (10, 100, 1000, 1024, 10000)  # 元 for 万元, 千元 for 万元, a zero too many …
SLIP_TOLERANCE = 0.01

# Why a paper is no 附件1 -> the sentence that names it.
_PAPERS = {
    "refused": "{}是它的附件1，但没有采用，原因见问题清单中该文件的问题。",
    "unread": "{}看名称是它的，但没有读出来，原因见问题清单中该文件的问题。",
    "form": "{}看名称像是它的附件1，但只当作佐证材料，里面的数不读取，请改填下发的 Excel 表报送。",
    "anybody's": "本区县的文件夹里有{}，看不出是哪家企业的；如果是它的附件1，请写上企业名称，改填下发的 Excel 表报送。",
    "paper": "收到了它的佐证材料{}，附件1如果在里面（扫描件、照片），请改填下发的 Excel 表报送。",
}

_PHONE_BREAK = re.compile(r"[,，、;；/／|｜\n]+|或者?")
_EXPONENT = re.compile(r"[\d.]+[eE]\+?\d+")  # a number that a spreadsheet rounded: reported where it was read


def forms_and_nominations_meet(material: Material) -> Iterator[Issue]:
    """A nominated company without 附件1 cannot be scored (a refused one needs none); 附件1 without a nomination takes
    no part in the ranking. A company whose form came and waits for T15 alone is not asked for it again. Names of the two
    kinds that are close are named as candidates, never merged. What arrived of a company instead of its 附件1 is named."""
    taking_part = [company for company in material.companies if not company.excluded]
    formless = [company for company in taking_part if company.nominated and not company.assessed]
    unnominated = [company for company in taking_part if company.assessed and not company.nominated]
    near = near_names(formless, unnominated, material.rulebook)
    for company in formless:
        waits = any(paper.why == "torn" for paper in material.papers.get(company.key, ()))
        if not company.refused and not waits:
            candidates = _candidates("收到的附件1中", near.get(company.key, []))
            papers = _papers(material.papers.get(company.key, ()))
            yield company_issue(ASSESSMENT_MISSING, company, company.where, candidates=candidates, papers=papers)
    for company in unnominated:
        candidates = _candidates("没有附件1的推荐企业中", near.get(company.key, []))
        yield company_issue(NOMINATION_MISSING, company, company.form_where, candidates=candidates)


def _papers(papers: Sequence[SentPaper]) -> str:
    """What arrived instead of an 附件1, in a sentence for each reason."""
    sentences = []
    for why, sentence in _PAPERS.items():
        if paths := [paper.path for paper in papers if paper.why == why]:
            sentences.append(sentence.format(listed((f"“{path}”" for path in paths), "份")))
    return "".join(sentences)


def _candidates(among: str, names: list[str]) -> str:
    return f"{among}名称相近的有：{listed(sorted(names), '家')}，请核对是否同一家。" if names else ""


def spend_is_the_same_in_both_forms(material: Material) -> Iterator[Issue]:
    """上云投入 N and M of 附件1 equal 附件2's 近三年上云投入 and 近三年信息化建设和运维投入; a ratio within 1 % of a power of
    ten or 1024 is a unit slip."""
    labels = material.rulebook.column_labels
    spend = material.answers[material.answers["indicator"] == "cloud_spend"].set_index("key").to_dict("index")
    for company in material.companies:
        answer = spend.get(company.key)
        if answer is None or not company.nominated:
            continue
        for part, column, list_value, list_raw in (
            ("n", "cloud_spend", company.cloud_spend, company.cloud_spend_raw),
            ("m", "it_spend", company.it_spend, company.it_spend_raw),
        ):
            form_value = answer[part]
            if answer[f"{part}_state"] not in ("ok", "none") or math.isnan(list_value) or form_value == list_value:
                continue
            ratio = _slip(form_value, list_value)
            facts = {
                "form_value": figure_text(form_value),
                "list_value": figure_text(list_value),
                "column": labels[column],
                "ratio": f"{ratio}",
                "form_raw": answer[f"{part}_raw"],
                "list_raw": list_raw,
            }
            code = UNIT_SLIP if ratio else FORMS_DIFFER
            yield company_issue(code, company, answer[f"{part}_where"], part.upper(), "", "cloud_spend", **facts)


def _slip(first: float, second: float) -> int:
    """The unit slip that leads from one value to the other, 0 when there is none."""
    if first <= 0 or second <= 0:
        return 0
    ratio = first / second
    distance = {slip: min(abs(ratio / slip - 1), abs(ratio * slip - 1)) for slip in UNIT_SLIPS}
    nearest = min(UNIT_SLIPS, key=lambda slip: distance[slip])
    return nearest if distance[nearest] <= SLIP_TOLERANCE + NOISE else 0


def cloud_spend_is_part_of_it_spend(material: Material) -> Iterator[Issue]:
    """附件2: 近三年上云投入 is not more than 近三年信息化建设和运维投入."""
    for company in material.companies:
        if CLOUD_OVER_IT_SPEND.rule(cloud_spend=company.cloud_spend, it_spend=company.it_spend):
            facts = {"cloud": figure_text(company.cloud_spend), "it": figure_text(company.it_spend)}
            yield company_issue(CLOUD_OVER_IT_SPEND.code, company, company.cloud_spend_where, **facts)


def profit_is_part_of_revenue(material: Material) -> Iterator[Issue]:
    """附件2: 上年度利润总额 is not more than 上年度销售收入."""
    for company in material.companies:
        if PROFIT_OVER_REVENUE.rule(profit=company.profit, revenue=company.revenue):
            facts = {"profit": figure_text(company.profit), "revenue": figure_text(company.revenue)}
            yield company_issue(PROFIT_OVER_REVENUE.code, company, company.profit_where, **facts)


def phones_look_like_phones(material: Material) -> Iterator[Issue]:
    """附件2: every 联系电话 is a mobile or a landline number."""
    for company in material.companies:
        if company.phone.strip() in material.rulebook.vocabulary.not_given or _EXPONENT.fullmatch(company.phone):
            continue
        numbers = [number for piece in _PHONE_BREAK.split(company.phone) for number in _numbers_in(piece)]
        wrong = next((number for number in numbers if PHONE_WRONG.rule(phone=number)), None)
        if wrong is not None:
            yield company_issue(PHONE_WRONG.code, company, company.phone_where, "联系电话", _masked(wrong.strip()))


def _numbers_in(piece: str) -> list[str]:
    """The phone numbers in a piece of a cell: one whose digits stand in groups, or several with spaces between."""
    return [piece] if is_phone(piece) else piece.split()


def _masked(number: str) -> str:
    """A wrong number as a message may show it: without letters (names), its middle masked as in a right one."""
    digits = re.sub(r"[^\W\d_]+", "…", number)
    return digits if len(digits) < 7 else f"{digits[:3]}****{digits[-2:]}"


CHECKS = (
    Check((ASSESSMENT_MISSING, NOMINATION_MISSING), forms_and_nominations_meet),
    Check((FORMS_DIFFER, UNIT_SLIP), spend_is_the_same_in_both_forms),
    Check((CLOUD_OVER_IT_SPEND.code,), cloud_spend_is_part_of_it_spend),
    Check((PROFIT_OVER_REVENUE.code,), profit_is_part_of_revenue),
    Check((PHONE_WRONG.code,), phones_look_like_phones),
)
