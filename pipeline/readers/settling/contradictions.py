"""What a company's files say of its county when they do not agree: both sides with their files, and which of them is the
suspect.

The sides are weighed. What is written in a file counts once for the file, and a folder once, however many files lie in
it: a folder is one mistake. The one against the many is the suspect; where nothing tells them apart, the other companies
of the same 附件2 do, and where those do not either, both ways are said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.records import Assessment, Nomination, RegionClaim
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.region_claims import agreed_county
from pipeline.readers.sheet.regions import Region

SOURCE_WORDS = {
    "column": "附件2区县栏",
    "section": "附件2的小标题",
    "title": "附件2的标题",
    "label": "表内区县",
    "sheet": "工作表名",
    "folder": "文件夹",
}


class Evidence(NamedTuple):
    """One claim and the record that makes it. anchor: the cell of the company's name there; inner: a folder's claim
    beside that of the folders around it."""

    claim: RegionClaim
    anchor: Where
    inner: bool = False

    @property
    def is_folder(self) -> bool:
        return self.claim.source == "folder"

    @property
    def where(self) -> Where:
        """The cell of the claim, that of the company's name where it stands in none."""
        return self.claim.where if self.claim.where.file else self.anchor

    @property
    def words(self) -> str:
        """“杭州市/上城区/附件2.xlsx”的文件夹; “附件2.xlsx”单元格 B4 的附件2区县栏."""
        if self.is_folder:
            return f"“{self.anchor.file}”放的文件夹{f'里层的“{self.claim.text}”' if self.inner else ''}"
        cell = self.claim.where.cell
        source = (
            "表内设区市" if self.claim.source == "label" and not self.claim.county else SOURCE_WORDS[self.claim.source]
        )
        return f"“{self.where.file}”{f'单元格 {cell} 的' if cell and not cell.startswith('表') else cell}{source}"


class Side(NamedTuple):
    """A region and everything that says so."""

    region: Region
    evidence: tuple[Evidence, ...]

    @property
    def name(self) -> str:
        return "".join(self.region)

    @property
    def weight(self) -> int:
        """How many files write it, and 1 more where folders say it."""
        return len({entry.anchor.file for entry in self.evidence if not entry.is_folder}) + any(
            entry.is_folder for entry in self.evidence
        )


class Contradiction(NamedTuple):
    """where: the cell of the suspect, None where nobody is; sources, advice: the facts of T15."""

    where: Where | None
    sources: str
    advice: str


class Neighbours:
    """The other companies of a list, by the county that they are of: what their own cells in columns and forms say, else
    what all their claims agree on. A title or a folder is one word for the whole list, not one for each company."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self._companies = list(companies)

    @cached_property
    def _by_list(self) -> dict[tuple[str, str], dict[str, Region]]:
        lists: dict[tuple[str, str], dict[str, Region]] = {}
        for company in self._companies:
            claims = [claim for row in company.nominations for claim in row.claims]
            claims += [claim for form in company.forms for claim in form.content.claims]
            typed = [claim for claim in claims if claim.source in ("column", "label")]
            if county := agreed_county(typed) or agreed_county(claims):
                for row in company.nominations:
                    lists.setdefault((row.where.file, row.where.sheet), {})[company.key] = county
        return lists

    def of(self, company: Company) -> list[Region]:
        """The counties of the other companies that its lists nominate."""
        rows = [*company.nominations, *company.other_rows]
        sheets = dict.fromkeys((row.where.file, row.where.sheet) for row in rows)
        return [
            county for sheet in sheets for key, county in self._by_list.get(sheet, {}).items() if key != company.key
        ]


def contradiction(
    rows: Iterable[Nomination],
    forms: Iterable[Assessment],
    neighbours: Sequence[Region],
    nominated_in: Region | None = None,
) -> Contradiction:
    """Both sides of what these rows and forms say of a company's county. neighbours: the counties of the other companies
    of its lists; nominated_in: the county whose side is taken where nothing else decides."""
    evidence = [entry for row in rows for entry in _evidence(row.claims, row.where)]
    evidence += [entry for form in forms for entry in _evidence(form.claims, form.names[0][2])]
    sides = _sides(list(dict.fromkeys(evidence)))
    best = _heaviest(sides, neighbours) or next((side for side in sides if side.region == nominated_in), None)
    sources = "；".join(f"按{listed([entry.words for entry in _told(side)])}，指向{side.name}" for side in sides)
    if best is None:
        return Contradiction(None, sources, _either_way(sides))
    suspects = [entry for side in sides if side is not best for entry in side.evidence]
    others = "、".join(side.name for side in sides if side is not best)
    target = best if best.region.county else best._replace(region=_only(neighbours, best.region) or best.region)
    advice = f"看来是{_correction(suspects, target)}；确实属于{others}的，请改正其余各处"
    return Contradiction(suspects[0].where if suspects else None, sources, advice)


def _evidence(claims: Iterable[RegionClaim], anchor: Where) -> list[Evidence]:
    folders = [claim for claim in claims if claim.source == "folder"]
    return [Evidence(claim, anchor, claim in folders[1:]) for claim in claims if claim.city]


def _sides(evidence: Sequence[Evidence]) -> list[Side]:
    """The regions that are named, each with what names it. What names a city alone is with the county of that city if
    there is one such side, and on no side if there are several."""
    counties = dict.fromkeys(Region(entry.claim.city, entry.claim.county) for entry in evidence if entry.claim.county)
    cities = dict.fromkeys(entry.claim.city for entry in evidence)
    regions = [*counties, *(Region(city, "") for city in cities if city not in {region.city for region in counties})]

    def is_of(entry: Evidence, region: Region) -> bool:
        if entry.claim.county:
            return Region(entry.claim.city, entry.claim.county) == region
        return entry.claim.city == region.city and sum(region.city == other.city for other in regions) == 1

    return [Side(region, tuple(entry for entry in evidence if is_of(entry, region))) for region in regions]


def _heaviest(sides: Sequence[Side], neighbours: Sequence[Region]) -> Side | None:
    """The side that outweighs every other, by its own evidence or else by the neighbours; None without one."""
    alone = {side.region: side.weight for side in sides}
    with_neighbours = {
        side.region: side.weight + sum(_lies_in(county, side.region) for county in neighbours) for side in sides
    }
    for weights in (alone, with_neighbours):
        most = max(weights.values(), default=0)
        best = [side for side in sides if weights[side.region] == most]
        if len(best) == 1:
            return best[0]
    return None


def _lies_in(county: Region, region: Region) -> bool:
    return county.city == region.city and region.county in ("", county.county)


def _only(neighbours: Sequence[Region], region: Region) -> Region | None:
    """The one county of the city that all neighbours lie in."""
    counties = set(neighbours)
    return next(iter(counties)) if len(counties) == 1 and all(_lies_in(one, region) for one in counties) else None


def _told(side: Side) -> list[Evidence]:
    """What is told of a side: each file's folder and each cell once, a county rather than its city."""
    told: dict[tuple[str, bool, str], Evidence] = {}
    for entry in sorted(side.evidence, key=lambda one: not one.claim.county):
        told.setdefault(
            (entry.anchor.file, entry.is_folder, "" if entry.claim.source == "label" else str(entry.where)), entry
        )
    return list(told.values())


def _correction(suspects: Sequence[Evidence], target: Side) -> str:
    """What to do about the suspects, so that they are of the target: files to move, cells to correct."""
    files = list(dict.fromkeys(entry.anchor.file for entry in suspects if entry.is_folder))
    cells = list(dict.fromkeys(entry.words for entry in suspects if not entry.is_folder))
    parts = []
    if files:
        parts.append(f"{listed((f'“{file}”' for file in files), '份')}放错了文件夹，请移到{_folder_of(target)}")
    if cells:
        parts.append(f"{listed(cells)}写错了，请改成“{target.name}”")
    return "；".join(parts)


def _folder_of(side: Side) -> str:
    """The folder of a region as the input has it, else as it is suggested to be called."""
    city, county = side.region
    for entry in side.evidence:
        folder = entry.anchor.file.rpartition("/")[0]
        if entry.is_folder and entry.claim.county and folder and ".zip" not in folder.lower():
            return f"“{_outermost(folder, county)}”"
    return f"“{city}/{county}”文件夹" if county else f"“{city}”里它所属区县的文件夹"


def _outermost(folder: str, county: str) -> str:
    """The folder down to the first part that is called like the county, so without 附件1 and the like inside it; all of it
    where none is."""
    parts = folder.split("/")
    stem = county[:-1] if len(county) > 2 else county
    for name in (county, stem):
        for length, part in enumerate(parts, start=1):
            if name in part:
                return "/".join(parts[:length])
    return folder


def _either_way(sides: Sequence[Side]) -> str:
    ways = []
    for side in sides:
        others = [entry for other in sides if other is not side for entry in other.evidence]
        files = list(dict.fromkeys(entry.anchor.file for entry in others if entry.is_folder))
        cells = list(dict.fromkeys(entry.words for entry in others if not entry.is_folder))
        what = [f"把{listed((f'“{file}”' for file in files), '份')}移到{_folder_of(side)}"] if files else []
        what += [f"把{listed(cells)}改成“{side.name}”"] if cells else []
        ways.append(f"是{side.name}的，请{'，并'.join(what)}")
    return f"请核对这家企业属于哪里：{'；'.join(ways)}"
