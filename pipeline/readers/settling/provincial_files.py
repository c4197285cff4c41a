"""Marks and pool workbooks, which only the province's staff puts in. They count from a real folder or the top level that
resolves to no county and where no county's form lies beside or above them, never from an archive. A city's place is a
sender's too: no marks count from it, and of a pool its own figures alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.issues.catalogue import POOL_OF_ANOTHER_CITY, PROVINCIAL_FILE_IN_COUNTY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.forms import ASSESSMENT, MARKS, NOMINATION, POOL, PROVINCIAL_KINDS
from pipeline.model.records import SheetReading
from pipeline.readers.settling.arrived import Arrived, ArrivedSheet
from pipeline.readers.settling.places import CITY, Place, Places

_FORMS = (ASSESSMENT.id, NOMINATION.id)


def provincial_files_that_count(arrived: Arrived, places: Places) -> Arrived:
    """What arrived, with every sheet of marks or of a pool refused (F07) that lies where a county can put it; of a pool
    in a city's place, the rows of other cities (F25)."""
    beside = _Beside(arrived, places)
    return arrived.with_contents(_as_it_counts(sheet, places.of(sheet.path), beside) for sheet in arrived.sheets)


class _Beside:
    """Which folders hold forms of counties."""

    def __init__(self, arrived: Arrived, places: Places) -> None:
        self._inside: dict[str, str] = {}
        self._below: dict[str, str] = {}
        self._places = places
        self.cities = places.regions.cities.values()
        self._mixed = {sheet.path for sheet in arrived.sheets if sheet.content.kind in PROVINCIAL_KINDS}
        self._mixed &= {sheet.path for sheet in arrived.sheets if sheet.content.kind in _FORMS}
        for sheet in arrived.sheets:
            if sheet.content.kind in _FORMS and sheet.path not in self._mixed:
                archive = places.of(sheet.path).archive
                path = archive or sheet.path
                folder = path.rpartition("/")[0]
                if folder or not archive:  # archives of counties may lie at the top beside the province's files
                    self._inside.setdefault(folder, path)
                for around in _folders(folder):
                    self._below.setdefault(around, path)

    def of(self, path: str) -> str:
        """A form that lies beside a file, in a folder above it, or anywhere in a folder above it that bears a county's
        name; "" without one. A form on a sheet of a workbook of marks or of a pool lies beside that workbook alone, so that
        one sender of marks does not stop the others'."""
        if path in self._mixed:
            return path
        folder = path.rpartition("/")[0]
        if not folder:
            return self._inside.get("", "")
        for around in _folders(folder):
            name = around.rpartition("/")[2]
            form = self._inside.get(around, "")
            if not form and self._places.regions.named_in(name):
                form = self._below.get(around, "")
            if form:
                return form
        return ""


def _folders(folder: str) -> Iterable[str]:
    """A folder and those around it, innermost first, without the input itself."""
    names = folder.split("/") if folder else []
    return ("/".join(names[:length]) for length in range(len(names), 0, -1))


def _as_it_counts(sheet: ArrivedSheet, place: Place, beside: _Beside) -> SheetReading:
    content = sheet.content
    if content.kind not in PROVINCIAL_KINDS:
        return content
    if place.archive:
        return _refused(sheet, place, f"在压缩包“{place.archive}”里")
    sender = place.county or (place.bars.text if place.bars else place.city)
    if place.bars or (content.kind == MARKS.id and place.kind == CITY):
        return _refused(sheet, place, f"放在{sender}的文件夹里")
    if form := beside.of(sheet.path):
        return _refused(sheet, place, *_beside(sheet, form))
    if content.kind == POOL.id and place.kind == CITY:
        return _of_city(sheet, place, set(beside.cities))
    return content


def _beside(sheet: ArrivedSheet, form: str) -> tuple[str, str]:
    """How a sheet lies beside a form, and what is to be done about that form first."""
    if form == sheet.path:
        return "和附件1或附件2在同一个工作簿里", "请先把同一工作簿里的附件1、附件2另存出去："
    return "和它放在一起", f"请先移走“{form}”（报送材料请放进各区县的文件夹）："


def _refused(sheet: ArrivedSheet, place: Place, beside: str, first: str = "") -> SheetReading:
    """The line of a sheet that is not applied: one F07, and nothing of it is read."""
    content = sheet.content
    facts = {"kind": PROVINCIAL_KINDS[content.kind].name, "beside": beside, "first": first}
    issue = Issue(
        PROVINCIAL_FILE_IN_COUNTY, Where(sheet.path, content.sheet), facts=facts, city=place.city, county=place.county
    )
    remark = "没有单独存放，没有采用"
    return SheetReading(content.sheet, content.kind, issues=[issue], remark=remark)


def _of_city(sheet: ArrivedSheet, place: Place, cities: set[str]) -> SheetReading:
    """A pool of a city's place with the rows of that city alone; F25 for the others."""
    content = sheet.content
    counts = [count for count in content.pool_counts if count.region == place.city]
    names = [name for name in content.pool_names if name.city == place.city]
    regions = [*(count.region for count in content.pool_counts), *(name.city for name in content.pool_names)]
    others = [region for region in regions if region in cities - {place.city}]
    if not others:
        return replace(content, pool_counts=counts, pool_names=names)
    facts = {"city": place.city, "count": str(len(others)), "regions": listed(dict.fromkeys(others), "个")}
    where = Where(sheet.path, content.sheet)
    issue = Issue(POOL_OF_ANOTHER_CITY, where, facts=facts, city=place.city)
    return replace(content, pool_counts=counts, pool_names=names, issues=[*content.issues, issue])
