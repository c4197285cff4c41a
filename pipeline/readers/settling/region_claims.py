"""What several region claims come to together."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.records import RegionClaim
from pipeline.readers.sheet.regions import Region

NOWHERE = Region("", "")


def first_county(claims: Iterable[RegionClaim]) -> Region | None:
    """The county of the first claim that resolves to one; None when none does."""
    return next((Region(claim.city, claim.county) for claim in claims if claim.county), None)


def agreed_county(claims: Iterable[RegionClaim]) -> Region | None:
    """The county that every claim with a county names; None when no claim has one or two claims contradict each other,
    be it only in the city."""
    claims = list(claims)
    counties = {Region(claim.city, claim.county) for claim in claims if claim.county}
    cities = {claim.city for claim in claims if claim.city}
    return counties.pop() if len(counties) == len(cities) == 1 else None
