"""Which county a company is of: what column, headings, labels and folders claim, where they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.issues.catalogue import COUNTY_CONTRADICTORY, COUNTY_UNCLEAR, NO_COUNTY
from pipeline.issues.issue import Issue
from pipeline.model.records import RegionClaim
from pipeline.readers.settling.arrived import ArrivedForm
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.places import NEUTRAL, Places, Standing
from pipeline.readers.sheet.regions import Region

SOURCE_WORDS = {
    "column": "附件2区县栏",
    "section": "附件2的小标题",
    "title": "附件2的标题",
    "label": "表内区县",
    "sheet": "工作表名",
    "folder": "文件夹",
}


def settled_region(company: Company, places: Places) -> tuple[Company, list[Issue]]:
    """The company with its region, as all claims of the nominations and forms agree on it that may speak of it: beside a
    county's or city's own rows, its forms.

    Claims that contradict each other (T15), that cannot be resolved (T14) or that are missing (T13) leave the county
    open, so that no county gets another's companies back."""
    if company.disputed:
        return company, []
    claims = [claim for row in company.nominations for claim in row.claims]
    claims += [claim for form in company.forms if _speaks(company, form, places) for claim in form.content.claims]
    if company.closed:
        claims = [claim for claim in claims if not claim.county]
    counties = sorted({Region(claim.city, claim.county) for claim in claims if claim.county})
    cities = sorted({claim.city for claim in claims if claim.city})
    company = replace(company, region=Region(cities[0] if len(cities) == 1 else "", ""))
    if len(counties) > 1 or len(cities) > 1:
        return company, [_contradiction(company, claims)]
    agreed = "".join(counties[0]) if counties else ""
    unresolved = next((claim for claim in claims if _is_open(claim, agreed)), None)
    if unresolved is not None:
        return company, [_question(company, unresolved)]
    if not counties:
        return company, [Issue(NO_COUNTY, company.where, company.name, city=company.region.city)]
    return replace(company, region=counties[0]), []


def _speaks(company: Company, form: ArrivedForm, places: Places) -> bool:
    """True for a form whose claims say where its company is: any, unless a place nominates it; then only those that lie
    in its county's place."""
    if company.nominated_in is None or company.place is None or company.place.kind == NEUTRAL:
        return True
    return places.of(form.key.path).standing(company.nominated_in) is Standing.OWN


def _contradiction(company: Company, claims: Sequence[RegionClaim]) -> Issue:
    sources = dict.fromkeys(f"{_source_words(claim)}为“{claim.text}”" for claim in claims if claim.city)
    facts = {"sources": "，".join(sources)}
    return Issue(COUNTY_CONTRADICTORY, company.where, company.name, facts=facts, city=company.region.city)


def _source_words(claim: RegionClaim) -> str:
    return "表内设区市" if claim.source == "label" and not claim.county else SOURCE_WORDS[claim.source]


def _is_open(claim: RegionClaim, agreed: str) -> bool:
    """True for a claim that does not resolve to one county, nor to a city alone. A claim with several candidates is
    settled when `agreed`, the county of the other claims ("" without one), is among them."""
    if claim.county or (claim.city and claim.candidates == (claim.city,)):
        return False
    return agreed not in claim.candidates if agreed else True


def _question(company: Company, claim: RegionClaim) -> Issue:
    if len(claim.candidates) > 1:
        reason, suggestion = f"可能是{'或'.join(claim.candidates)}", "其中一个"
    elif claim.candidates:
        reason, suggestion = "全省不止一处用这个写法，要连同设区市一起写", f"“{claim.candidates[0]}”"
    else:
        reason, suggestion = "不在本省区县、功能区和曾用名的名单中", "名单中某个区县"
    written, cure = "区县写的是", "请写区县全称（如“杭州市萧山区”）"
    if claim.source == "folder":
        written, cure = "所在的文件夹是", "请把文件放进“市/区县”文件夹（如“杭州市/萧山区”），并在表里写区县全称"
    facts = {"reason": reason, "suggestion": suggestion, "written": written, "cure": cure}
    where = claim.where if claim.where.file else company.where
    return Issue(COUNTY_UNCLEAR, where, company.name, "", "区县", claim.text, facts, company.region.city)
