"""The place of a file, and the one rule of who may say what.

Senders do not trust each other, and nothing in a file proves who made it. What the province's staff did does: the names
of the real folders that lead to a file prove its place, a county's or a city's; a file elsewhere, and everything in an
archive that lies elsewhere, is neutral. What a file says of itself (an archive's name and inner folders, titles, labels,
columns, properties, dates) is a claim. A claim is taken where nothing contradicts it, and never against a place: see
docs/security.md for what that means for each kind of claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum

from pipeline.model.records import Assessment, Nomination, RegionClaim, SheetReading
from pipeline.readers.settling.arrived import Arrived, ArrivedSheet
from pipeline.readers.settling.region_claims import agreed_county
from pipeline.readers.sheet.regions import Region, RegionIndex, names_county

COUNTY, CITY, NEUTRAL = "county", "city", "neutral"


class Standing(IntEnum):
    """What a place is to a county, the least first: another county's or city's, neutral, its city's, its own."""

    FOREIGN = 0
    NEUTRAL = 1
    CITY = 2
    OWN = 3


@dataclass(frozen=True)
class Place:
    """Where a file lies. kind: county, city or neutral; archive: the path of the outermost archive that the file lies
    in, "" outside of archives; bars: the folders' claim to a county, be it an unclear one, None without; depth: how many
    of the outermost folders prove it, those inside them are the sender's."""

    kind: str
    city: str = ""
    county: str = ""
    archive: str = ""
    bars: RegionClaim | None = field(default=None, compare=False)
    depth: int = field(default=0, compare=False)

    @property
    def region(self) -> Region:
        """The county, the city alone, or NOWHERE: under which everything is filed that the file gives rise to."""
        return Region(self.city, self.county)

    @property
    def sender(self) -> tuple[str, ...]:
        """Equal for files that one sender is known to have sent: of one county, of one city, of one archive."""
        return (self.kind, self.city, self.county, "" if self.city else self.archive)

    def standing(self, county: Region) -> Standing:
        """What this place is to a county."""
        if self.kind == NEUTRAL:
            return Standing.NEUTRAL
        if self.kind == CITY:
            return Standing.CITY if county.city == self.city else Standing.FOREIGN
        return Standing.OWN if self.region == county else Standing.FOREIGN


def _lies_inside(inner: RegionClaim, outer: RegionClaim) -> bool:
    """True where folders claim nothing further than those around them, or one of what those can mean."""
    if not names_county(outer):
        return inner.city == outer.city
    return set(inner.candidates) <= set(outer.candidates)


class Places:
    """The places of all files of a run."""

    def __init__(self, arrived: Arrived, regions: RegionIndex) -> None:
        self.regions = regions
        self._archives = {file.path for file in arrived.files if file.reading.kind == "archive"}
        self._known: dict[tuple[str, str], Place] = {}

    def of(self, path: str) -> Place:
        """The place of the file with this path inside the input."""
        real, archive = self._split(path)
        folder = "/".join(real)
        if (folder, archive) not in self._known:
            self._known[folder, archive] = self._proved(real, archive)
        return self._known[folder, archive]

    def _split(self, path: str) -> tuple[list[str], str]:
        """The real folders that lead to a file or to its outermost archive, and that archive's path."""
        folders = path.split("/")[:-1]
        for length, name in enumerate(folders, start=1):
            around = "/".join(folders[:length])
            if around in self._archives or name.lower().endswith(".zip"):
                return folders[: length - 1], around
        return folders, ""

    def _proved(self, folders: list[str], archive: str) -> Place:
        """The place that the outermost folders prove. Who has a folder chooses what is in it: a folder inside one that
        names another region proves nothing."""
        claim: RegionClaim | None = None
        depth = len(folders)
        for length in range(1, len(folders) + 1):
            further = self.regions.of_folders(folders[:length])
            if claim is not None and further is not None and not _lies_inside(further, claim):
                depth = length - 1
                break
            claim = further
        bars = claim if names_county(claim) else None
        if claim is not None and claim.county:
            return Place(COUNTY, claim.city, claim.county, archive, bars, depth)
        if claim is not None and claim.city and bars is None:
            return Place(CITY, claim.city, "", archive, bars, depth)
        return Place(NEUTRAL, "", "", archive, bars, depth)

    def said_inside(self, path: str) -> RegionClaim | None:
        """The region that the folders inside those of the place claim: real ones that name another region than it, the
        name of an archive and the folders in it; None without one."""
        place = self.of(path)
        real, archive = self._split(path)
        if not archive and place.depth == len(real):
            return None
        inner = path.split("/")[min(place.depth, len(real)) : -1]
        return self.regions.of_folders(inner, place.city)

    # ------------------------------------------------------------------ records with their place

    def placed(self, sheet: ArrivedSheet) -> SheetReading:
        """The sheet's content with the claims of folders as its place has them: a place is one claim, and what folders or
        an archive in it say is another."""
        place, inside = self.of(sheet.path), self.said_inside(sheet.path)
        if place.kind == NEUTRAL or (place.kind == CITY and (inside is None or inside.city == place.city)):
            return sheet.content
        folder = RegionClaim(place.county or place.city, "folder", place.city, place.county, ("".join(place.region),))
        proved = (folder,) if inside is None or (inside.city, inside.county) == place.region else (folder, inside)
        content = sheet.content

        def with_place(claims: Iterable[RegionClaim]) -> tuple[RegionClaim, ...]:
            return (*(claim for claim in claims if claim.source != "folder"), *proved)

        return replace(
            content,
            claims=with_place(content.claims),
            nominations=[replace(row, claims=with_place(row.claims)) for row in content.nominations],
            assessments=[replace(form, claims=with_place(form.claims)) for form in content.assessments],
        )

    # ------------------------------------------------------------------ what a record says

    def row(self, row: Nomination) -> Said:
        """What a row of 附件2 says of its county."""
        return self._said(row.where.file, row.claims)

    def form(self, form: Assessment) -> Said:
        """What a form says of its county."""
        return self._said(form.anchor.file, form.claims)

    def _said(self, path: str, claims: Iterable[RegionClaim]) -> Said:
        place, claims = self.of(path), list(claims)
        counties = {Region(claim.city, claim.county) for claim in claims if claim.county}
        cities = {claim.city for claim in claims if claim.city}
        if place.kind == COUNTY:
            return Said(place, place.region, bool(counties - {place.region} or cities - {place.city}))
        return Said(place, agreed_county(claims), place.kind == CITY and bool(cities - {place.city}))


@dataclass(frozen=True)
class Said:
    """Whose a record says it is. county: its place's, else the one that all its claims agree on; against: some claim of
    it is against its own place."""

    place: Place
    county: Region | None
    against: bool

    @property
    def standing(self) -> Standing:
        """What the record is to the county it says."""
        if self.county:
            return self.place.standing(self.county)
        return Standing.CITY if self.place.kind == CITY else Standing.NEUTRAL


class Heard:
    """Which places have sent a nomination list or a nil return, and so speak for their counties."""

    def __init__(self, arrived: Arrived, places: Places) -> None:
        self._own: set[Region] = set()
        self._by_city: set[Region] = set()
        for sheet in arrived.sheets:
            if sheet.content.kind != "nomination":
                continue
            place = places.of(sheet.path)
            if place.kind == COUNTY:
                self._own.add(place.region)
            elif place.kind == CITY:
                said = [places.row(row).county for row in sheet.content.nominations]
                said += [Region(claim.city, claim.county) for claim in sheet.content.nil_claims]
                self._by_city |= {county for county in said if county and county.city == place.city}

    def least(self, county: Region) -> Standing:
        """The least standing that speaks for a county: its own place where that is not silent, else its city's where
        that names the county, else any."""
        if county in self._own:
            return Standing.OWN
        return Standing.CITY if county in self._by_city else Standing.NEUTRAL

    def allows(self, place: Place, county: Region) -> bool:
        """The one rule: whether what lies in a place may speak for a county."""
        return place.standing(county) >= self.least(county)
