"""A sheet of marks or pool figures that its sender may not bring."""

from __future__ import annotations

from pipeline.issues.catalogue import PROVINCIAL_FILE_IN_COUNTY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.records import RegionClaim, SheetReading

KIND_NAMES = {"marks": "专家评分表", "pool": "培育库表"}  # what only the province may bring


def not_allowed(sheet: str, path: str, kind: str, place: RegionClaim | None) -> SheetReading:
    """A sheet of marks or a pool in a county's place: listed with its error (F07), nothing of it read."""
    county = (place.county or place.text) if place else ""
    issue = Issue(PROVINCIAL_FILE_IN_COUNTY, Where(path, sheet), facts={"kind": KIND_NAMES[kind], "county": county})
    places = (place,) if place and place.county else ()
    return SheetReading(sheet, kind, places=places, issues=[issue], remark="放在区县文件夹里，没有采用")
