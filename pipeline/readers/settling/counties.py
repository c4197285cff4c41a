"""Which county a company is of: the column, labelled cells and folders, where they agree."""

from __future__ import annotations

from pipeline.issues.catalogue import COUNTY_CONTRADICTORY, COUNTY_UNCLEAR, NO_COUNTY
from pipeline.issues.issue import Issue
from pipeline.model.records import RegionClaim
from pipeline.readers.settling.companies import Company

PLACE_WORDS = {
    "column": "附件2区县栏",
    "section": "附件2的小标题",
    "title": "附件2的标题",
    "label": "表内区县",
    "sheet": "工作表名",
    "folder": "文件夹",
}


def settle_county(company: Company) -> list[Issue]:
    """Sets city and county of a company; sources that disagree (T15), cannot be told (T14) or are not there (T13)
    leave the county open, so that nobody gets another's companies back."""
    records = (*company.nominations, *company.forms)
    places = [place for record in records for place in record.places]
    counties = sorted({(place.city, place.county) for place in places if place.county})
    cities = sorted({place.city for place in places if place.city})
    company.city = cities[0] if len(cities) == 1 else ""
    if len(counties) > 1 or len(cities) > 1:
        return [] if company.disputed else [_disagreement(company, places)]
    agreed = "".join(counties[0]) if counties else ""
    open_question = next((place for place in places if _is_open(place, agreed)), None)
    if open_question is not None:
        return [_question(company, open_question)]
    if not counties:
        return [Issue(NO_COUNTY, company.where, company.name, city=company.city)]
    company.city, company.county = counties[0]
    return []


def _disagreement(company: Company, places: list[RegionClaim]) -> Issue:
    said = dict.fromkeys(f"{_source_word(place)}为“{place.text}”" for place in places if place.city)
    facts = {"sources": "，".join(said)}
    return Issue(COUNTY_CONTRADICTORY, company.where, company.name, facts=facts, city=company.city)


def _source_word(place: RegionClaim) -> str:
    return "表内设区市" if place.source == "label" and not place.county else PLACE_WORDS[place.source]


def _is_open(place: RegionClaim, agreed: str) -> bool:
    """True for a text that says some county and not which; one of several that the other sources settle is settled."""
    if place.county or (place.city and place.candidates == (place.city,)):
        return False
    return agreed not in place.candidates if agreed else True


def _question(company: Company, place: RegionClaim) -> Issue:
    if len(place.candidates) > 1:
        reason, suggestion = f"可能是{'或'.join(place.candidates)}", "其中一个"
    elif place.candidates:
        reason, suggestion = "全省不止一处用这个写法，要连同设区市一起写", f"“{place.candidates[0]}”"
    else:
        reason, suggestion = "不在本省区县、功能区和曾用名的名单中", "名单中某个区县"
    written, cure = "区县写的是", "请写区县全称（如“杭州市萧山区”）"
    if place.source == "folder":
        written, cure = "所在的文件夹是", "请把文件放进“市/区县”文件夹（如“杭州市/萧山区”），并在表里写区县全称"
    facts = {"reason": reason, "suggestion": suggestion, "written": written, "cure": cure}
    where = place.where if place.where.file else company.where
    return Issue(COUNTY_UNCLEAR, where, company.name, "", "区县", place.text, facts, company.city)
