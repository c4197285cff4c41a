"""A sheet of a form that its sender may not bring."""

from __future__ import annotations

from pipeline.issues.catalogue import PROVINCIAL_FILE_IN_COUNTY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.forms import FormKind
from pipeline.model.records import RegionClaim, SheetReading


def not_allowed(where: Where, kind: FormKind, claim: RegionClaim | None) -> SheetReading:
    """The line of a provincial form among a county's files: F07, and nothing of the sheet is read.

    where: the sheet. claim: whose files they are.
    """
    county = (claim.county or claim.text) if claim else ""
    issue = Issue(PROVINCIAL_FILE_IN_COUNTY, where, facts={"kind": kind.name, "county": county})
    claims = (claim,) if claim and claim.county else ()
    return SheetReading(where.sheet, kind.id, claims=claims, issues=[issue], remark="放在区县文件夹里，没有采用")
