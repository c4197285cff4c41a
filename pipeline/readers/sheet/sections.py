"""The region that a heading names: the title of a list, a row between its entries (一、萧山区（2家）), the name of a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.issues.where import Where
from pipeline.model.records import NO_WHERE, RegionClaim
from pipeline.model.texts import label_of
from pipeline.readers.sheet.headers import header_key
from pipeline.readers.sheet.passed_over import nominates_nobody, without_number
from pipeline.readers.sheet.regions import RegionIndex

_LONGEST_REGION = 16  # characters: 浙江省宁波市前湾新区管委会
_LONGEST_HEADING = 60
_BEFORE = re.compile(
    r"^(?:附件\d*[:、]?|20\d{2}年度?|(?:所属|所在)?(?:区县|县区|县市区|县\(市、区\)|区\(县、市\)|地区|设区市|属地):)+"
)
_OFFICE_LABEL = re.compile(r"^(?:填报|报送|推荐|申报|上报)(?:单位|部门)(?:\(盖章\)|\(公章\))?:")
_TITLE = ("排序表", "推荐表", "名单", "汇总表", "申报表")
# The texts that may follow the name of a county in a heading above its rows.
_TAIL = re.compile(
    r"(?:本级|20\d{2}年度?|拟?推荐|申报|上报|制造业|[“\"]?云上企业[”\"]?|企业|名单|情况|汇总|排序表?|:|,|;|、|-"
    r"|(?:共|计|合计|共计|小计)?\d+[家户个](?:企业)?|\((?:共|计|合计)?\d+[家户个](?:企业)?\)|\([^()]{1,8}[区市县]\)|\((?:零报送|无)\))*"
)
_BRACKET = re.compile(r"\(([^()]+)\)")
_NOBODY_IN = re.compile(r".*(?:[^\d]0[家户个](?:企业)?\)?|\((?:零报送|无)\))")


def section_claim(text: str, regions: RegionIndex, city: str, where: Where = NO_WHERE) -> RegionClaim | None:
    """The region that a heading above some rows names, if it contains nothing else but a number and a count; None for
    any other text."""
    return _region(text, regions, city, where, lambda rest: bool(_TAIL.fullmatch(rest)))


def empty_section(text: str, regions: RegionIndex, city: str, where: Where = NO_WHERE) -> RegionClaim | None:
    """The county for which a heading states that it nominates no company (余杭区：无, 余杭区（0家）); None for any other text."""
    if _NOBODY_IN.fullmatch(label_of(text)):
        return section_claim(text, regions, city, where)
    return _region(text, regions, city, where, lambda rest: nominates_nobody(rest.lstrip(":,")))


def title_claim(text: str, regions: RegionIndex, city: str, where: Where = NO_WHERE) -> RegionClaim | None:
    """The region that the title of a list begins with or has in brackets; None without one."""
    label = label_of(text)
    claim = section_claim(text, regions, city, where)
    if not claim and (is_title(text) or "云上企业" in label):
        pieces = (_region(piece, regions, city, where, lambda rest: not rest) for piece in _BRACKET.findall(label))
        claim = _region(label, regions, city, where, lambda rest: True) or next(filter(None, pieces), None)
    return _as_title(claim)


def office_claim(text: str, regions: RegionIndex, city: str, where: Where = NO_WHERE) -> RegionClaim | None:
    """The region of the office that a text 填报单位：… names; None for any other text."""
    label = label_of(text)
    if not _OFFICE_LABEL.match(label):
        return None
    return _as_title(_region(_OFFICE_LABEL.sub("", label), regions, city, where, lambda rest: True))


def is_title(text: str) -> bool:
    """True for the title of a list, whether or not it names a region."""
    return header_key(text).endswith(_TITLE)


def _as_title(claim: RegionClaim | None) -> RegionClaim | None:
    """The claim with source title; None when its city is unknown."""
    return replace(claim, source="title") if claim and claim.city else None


def _region(
    text: str, regions: RegionIndex, city: str, where: Where, fits: Callable[[str], bool]
) -> RegionClaim | None:
    """The region with the longest name that the text begins with and whose rest `fits` accepts; None without one."""
    label = without_number(label_of(text)).strip("[]【】")
    inside = _BRACKET.fullmatch(label)
    label = _BEFORE.sub("", inside[1] if inside else label)
    if label[:2] not in regions.beginnings or len(label) > _LONGEST_HEADING:
        return None
    for end in range(min(len(label), _LONGEST_REGION), 1, -1):
        if regions.resolve(label[:end], city) and fits(label[end:]):
            return regions.claim(label[:end], "section", where, city)
    return None
