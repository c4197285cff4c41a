"""A county's folder: a folder or an archive that a county sent. Marks and pool workbooks in one are not applied: nobody
marks himself, and the province's own marks lie in no county's folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.issues.catalogue import PROVINCIAL_FILE_IN_ARCHIVE, PROVINCIAL_FILE_IN_COUNTY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.forms import PROVINCIAL_KINDS
from pipeline.model.records import RegionClaim, SheetReading
from pipeline.readers.forms.refused import not_allowed
from pipeline.readers.settling.arrived import Arrived, ArrivedSheet
from pipeline.readers.settling.owners import Owners
from pipeline.readers.sheet.regions import Region, RegionIndex

# Folder or archive with nominations, nil returns or forms in it, at any depth → their counties, open ones left out.
Contents = Mapping[str, set[Region]]


def outside_county_folders(arrived: Arrived, owners: Owners) -> Arrived:
    """What arrived, with marks and pools refused that lie in a folder or archive whose name is one county's and whose
    nominations and forms are that county's. In an archive that names none, but holds one county's only, they stay and
    are a question (F18, one per archive)."""
    contents = _contents(arrived, owners)
    archives = {file.path for file in arrived.files if file.reading.kind == "archive"}
    asked: set[str] = set()
    sheets = []
    for sheet in arrived.sheets:
        content = sheet.content
        if content.kind in PROVINCIAL_KINDS and not _is_refused(content):
            if claim := _county_folder(sheet.path, contents, owners.regions):
                content = not_allowed(Where(sheet.path, content.sheet), PROVINCIAL_KINDS[content.kind], claim)
            elif (archive := _archive_of_one(sheet.path, contents, archives)) and archive not in asked:
                asked.add(archive)
                content = _questioned(sheet, archive, contents[archive])
        sheets.append(content)
    return arrived.with_contents(sheets)


def _is_refused(content: SheetReading) -> bool:
    return any(issue.code == PROVINCIAL_FILE_IN_COUNTY for issue in content.issues)


def _questioned(sheet: ArrivedSheet, archive: str, counties: set[Region]) -> SheetReading:
    """The sheet's content with the question about the archive it lies in, which holds files of one county."""
    facts = {"kind": PROVINCIAL_KINDS[sheet.content.kind].name, "archive": archive, "county": "".join(*counties)}
    where = Where(sheet.path, sheet.content.sheet)
    question = Issue(PROVINCIAL_FILE_IN_ARCHIVE, where, part=archive, facts=facts)
    return replace(sheet.content, issues=[*sheet.content.issues, question])


def _contents(arrived: Arrived, owners: Owners) -> Contents:
    contents: dict[str, set[Region]] = {}
    for sheet in arrived.sheets:
        regions = owners.regions_in(sheet)
        for folder in _folders(sheet.path) if regions else ():
            contents.setdefault(folder, set()).update(region for region in regions if region.county)
    return contents


def _folders(path: str) -> list[str]:
    """The folders and archives around a file, innermost first; the input itself is not one of them."""
    names = path.split("/")[:-1]
    return ["/".join(names[:length]) for length in range(len(names), 0, -1)]


def _county_folder(path: str, contents: Contents, regions: RegionIndex) -> RegionClaim | None:
    """The innermost county's folder around a file as a claim; None without one."""
    for folder in _folders(path):
        name = folder.rpartition("/")[2]
        region = regions.named_in(name) if folder in contents else None
        if region and contents[folder] <= {region}:
            return RegionClaim(name, "folder", *region)
    return None


def _archive_of_one(path: str, contents: Contents, archives: set[str]) -> str:
    """The innermost archive around a file that holds one county's nominations and forms only; "" without one."""
    around = (folder for folder in _folders(path) if folder in archives)
    return next((folder for folder in around if len(contents.get(folder, ())) == 1), "")
