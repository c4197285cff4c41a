"""Files in a county's own place that say throughout that they are another county's: somebody laid them in the wrong folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.model.forms import NOMINATION
from pipeline.model.records import Stray
from pipeline.readers.settling.arrived import Arrived, ArrivedFile
from pipeline.readers.settling.owners import Owners
from pipeline.readers.settling.places import COUNTY
from pipeline.readers.sheet.regions import Region


def stray_files(arrived: Arrived, owners: Owners) -> Iterator[Stray]:
    """Each file in a county's place whose rows and forms all name one other county and which no county is given."""
    for file in arrived.files:
        place, said = owners.places.of(file.path), _said(file)
        if place.kind != COUNTY or len(said) != 1 or place.region in said:
            continue
        if not any(owners.region_of_sheet(sheet).county for sheet in file.sheets):
            is_list = any(sheet.content.kind == NOMINATION.id for sheet in file.sheets)
            yield Stray(file.path, is_list, place.region, said.pop())


def county_senders(arrived: Arrived, owners: Owners) -> Mapping[str, Region]:
    """Path -> the county in whose own place the file lies."""
    places = ((file.path, owners.places.of(file.path)) for file in arrived.files)
    return {path: place.region for path, place in places if place.kind == COUNTY}


def _said(file: ArrivedFile) -> set[Region]:
    """The counties that what is written in a file names."""
    claims = [claim for sheet in file.sheets for row in sheet.content.nominations for claim in row.claims]
    claims += [claim for sheet in file.sheets for form in sheet.content.assessments for claim in form.claims]
    return {Region(claim.city, claim.county) for claim in claims if claim.county and claim.source != "folder"}
