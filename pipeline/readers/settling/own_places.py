"""A county's own place: a folder or an archive that it sent. Marks and pool workbooks in one are not applied: nobody
may mark himself, and the province's marks lie in no county's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.issues.catalogue import PROVINCIAL_FILE_IN_ARCHIVE, PROVINCIAL_FILE_IN_COUNTY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.records import FileReading, RegionClaim, SheetReading
from pipeline.readers.forms.refused import KIND_NAMES, not_allowed
from pipeline.readers.settling.owners import Owners
from pipeline.readers.sheet.regions import RegionIndex

Sheets = Iterable[tuple[FileReading, SheetReading]]

# Folder or archive with nominations, nil returns or forms in it, at any depth → their counties, open ones left out.
Contents = Mapping[str, set[tuple[str, str]]]


def outside_own_places(sheets: Sheets, archives: set[str], owners: Owners) -> list[tuple[FileReading, SheetReading]]:
    """The sheets, those of marks and pools replaced that lie in a folder or archive whose name says one county and
    whose nominations and forms are that county's. In an archive that says none, but holds one county's only, they stay
    and are asked about (F18, one per archive). archives: the paths of those that were opened."""
    sheets = list(sheets)
    contents = _contents(sheets, owners)
    asked: set[str] = set()
    kept = []
    for reading, sheet in sheets:
        if sheet.kind in KIND_NAMES and not any(issue.code == PROVINCIAL_FILE_IN_COUNTY for issue in sheet.issues):
            if place := _own_place(reading.path, contents, owners.regions):
                sheet = not_allowed(sheet.sheet, reading.path, sheet.kind, place)
            elif (archive := _archive_of_one(reading.path, contents, archives)) and archive not in asked:
                asked.add(archive)
                facts = {"kind": KIND_NAMES[sheet.kind], "archive": archive, "county": "".join(*contents[archive])}
                sheet.issues.append(
                    Issue(PROVINCIAL_FILE_IN_ARCHIVE, Where(reading.path, sheet.sheet), part=archive, facts=facts)
                )
        kept.append((reading, sheet))
    return kept


def _contents(sheets: Sheets, owners: Owners) -> Contents:
    contents: dict[str, set[tuple[str, str]]] = {}
    for reading, sheet in sheets:
        counties = owners.counties_in(sheet)
        for folder in _folders(reading.path) if counties else ():
            contents.setdefault(folder, set()).update(place for place in counties if place[1])
    return contents


def _folders(path: str) -> list[str]:
    """The folders and archives around a file, innermost first; the input itself is none."""
    pieces = path.split("/")[:-1]
    return ["/".join(pieces[:length]) for length in range(len(pieces), 0, -1)]


def _own_place(path: str, contents: Contents, regions: RegionIndex) -> RegionClaim | None:
    for folder in _folders(path):
        name = folder.rpartition("/")[2]
        region = regions.named_in(name) if folder in contents else None
        if region and contents[folder] <= {tuple(region)}:
            return RegionClaim(name, "folder", *region)
    return None


def _archive_of_one(path: str, contents: Contents, archives: set[str]) -> str:
    """The archive around a file that holds one county's nominations and forms only, "" without."""
    held = (folder for folder in _folders(path) if folder in archives)
    return next((folder for folder in held if len(contents.get(folder, ())) == 1), "")
