"""Which county a company is of: what column, headings, labels and folders claim, where they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.issues.catalogue import ALONE_BY_FOLDER, COUNTY_CONTRADICTORY, COUNTY_UNCLEAR, NO_COUNTY
from pipeline.issues.issue import Issue
from pipeline.model.records import RegionClaim
from pipeline.readers.settling.arrived import ArrivedForm
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.contradictions import Neighbours, contradiction
from pipeline.readers.settling.places import COUNTY, NEUTRAL, Places, Standing
from pipeline.readers.sheet.regions import Region

_ENOUGH_NEIGHBOURS = 2


def settled_region(company: Company, places: Places, neighbours: Neighbours) -> tuple[Company, list[Issue]]:
    """The company with its region, as all claims of the nominations and forms agree on it that may speak of it: beside a
    county's or city's own rows, its forms.

    Claims that contradict each other (T15), that cannot be resolved (T14) or that are missing (T13) leave the county
    open, so that no county gets another's companies back."""
    if company.disputed:
        return company, []
    claims = [claim for row in company.nominations for claim in row.claims]
    speaking = [form for form in company.forms if _speaks(company, form, places)]
    claims += [claim for form in speaking for claim in form.content.claims]
    if company.closed:
        claims = [claim for claim in claims if not claim.county]
    counties = sorted({Region(claim.city, claim.county) for claim in claims if claim.county})
    cities = sorted({claim.city for claim in claims if claim.city})
    company = replace(company, region=Region(cities[0] if len(cities) == 1 else "", ""))
    if len(counties) > 1 or len(cities) > 1:
        return company, [_contradiction(company, speaking, neighbours)]
    agreed = "".join(counties[0]) if counties else ""
    unresolved = next((claim for claim in claims if _is_open(claim, agreed)), None)
    if unresolved is not None:
        return company, [_question(company, unresolved)]
    if not counties:
        return company, [Issue(NO_COUNTY, company.where, company.name, city=company.region.city)]
    return replace(company, region=counties[0]), []


def alone_by_folder(company: Company, neighbours: Neighbours) -> list[Issue]:
    """T66 for a company that nothing but the folder of its form gives to a county, while every other company of its list,
    two at least, is of one other county: the form may lie in the wrong folder."""
    form, place = company.form, company.place
    if form is None or not company.nominations or place is None or place.kind == COUNTY or not company.region.county:
        return []
    claims = [*form.claims, *(claim for row in company.nominations for claim in row.claims)]
    others = neighbours.of(company)
    if any(claim.county and claim.source != "folder" for claim in claims):
        return []
    if len(others) < _ENOUGH_NEIGHBOURS or len(set(others)) > 1 or others[0] == company.region:
        return []
    facts = {
        "county": "".join(company.region),
        "others": "".join(others[0]),
        "list": company.nominations[0].where.file,
        "count": str(len(others)),
    }
    return [Issue(ALONE_BY_FOLDER, form.anchor, company.name, facts=facts)]


def _speaks(company: Company, form: ArrivedForm, places: Places) -> bool:
    """True for a form whose claims say where its company is: any, unless a place nominates it; then only those that lie
    in its county's place."""
    if company.nominated_in is None or company.place is None or company.place.kind == NEUTRAL:
        return True
    return places.of(form.key.path).standing(company.nominated_in) is Standing.OWN


def _contradiction(company: Company, speaking: Sequence[ArrivedForm], neighbours: Neighbours) -> Issue:
    """T15 at the suspect's cell, else at the company's name. The forms of a company that its only row claims for another
    county have their say too, although they do not count."""
    forms = [*speaking, *(company.other_forms if company.torn else ())]
    found = contradiction(company.nominations, [form.content for form in forms], neighbours.of(company))
    waits = company.torn and company.form is None and company.other_forms
    effect = f"改正前这家企业不放入任何区县的返还文件夹{'，收到的附件1也不采用' if waits else ''}"
    facts = {"sources": found.sources, "advice": found.advice, "effect": effect}
    return Issue(
        COUNTY_CONTRADICTORY, found.where or company.where, company.name, facts=facts, city=company.region.city
    )


def _is_open(claim: RegionClaim, agreed: str) -> bool:
    """True for a claim that names neither a city alone nor, among its candidates, `agreed`: the one county that claims
    resolve to, "" without one."""
    if claim.candidates == (claim.city,):
        return False
    return agreed not in claim.candidates


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
