"""已标注/: a county's own workbooks with the problem cells marked and a sheet 问题清单 in front.

A copy is the county's file with single XML parts edited: everything that is not marked stays byte for byte, including
stored results of formulas, drawings and print settings. A library that writes the workbook again would drop the stored
results, and a formula without one is an error when the file is read again.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from pipeline.issues.catalogue import ERROR, TOO_MANY_FILES, TOO_MANY_TO_MARK
from pipeline.issues.issue import is_marked
from pipeline.model.forms import ASSESSMENT, NOMINATION
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import (
    DEMO_PROPERTY,
    DEMO_PROPERTY_VALUE,
    FORM_PROPERTY,
    FORM_PROPERTY_VALUE,
    LIST_SHEET,
    original_stamps,
)
from pipeline.writers.book.addresses import cell_address
from pipeline.writers.county.folder import safe_name
from pipeline.writers.layout.county_issues import CountyIssue, OwnMaterial, county_issues
from pipeline.writers.layout.names_of_others import NamesOfOthers
from pipeline.writers.marked.allowed import MAIN, PARTS
from pipeline.writers.marked.cells import address_of, deselected, marked_sheet, merged_into
from pipeline.writers.marked.features import lost_features
from pipeline.writers.marked.list import list_sheet
from pipeline.writers.marked.notes import HEADING, add_notes
from pipeline.writers.marked.package import HEAD, Package
from pipeline.writers.marked.rebuild import rebuilt
from pipeline.writers.marked.strip import put_in_front, strip_marks
from pipeline.writers.marked.styles import Styles
from pipeline.writers.marked.texts import shown_in
from pipeline.writers.marked.words import Contacts, check_words
from pipeline.writers.marked.xml import NotMarkable

FOLDER = "已标注"

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUE_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CREATED, _MODIFIED = (re.compile(rf"<dcterms:{name}[^>]*>([^<]*)<".encode()) for name in ("created", "modified"))
_CORE_NAMES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_PROPERTY_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
# Raised by the code below for a workbook whose parts are not as the format asks.
_BROKEN = (LookupError, ValueError, TypeError, AttributeError, RecursionError)


class Errand(NamedTuple):
    """One workbook of a county to be marked. name: of the copy, without number and ending; line: what its file is called
    in the county's list; forms: 附件1, 附件2 or both, as it holds them."""

    path: str
    city: str
    county: str
    issues: list[CountyIssue]
    contacts: Contacts
    name: str
    line: str
    forms: str


@dataclass
class Marker:
    """What every workbook is marked with: the files of the input, all companies as (company, city, county)."""

    originals: Callable[[str], bytes | None]
    companies: list[tuple[str, str, str]]
    rulebook: Rulebook
    others: dict[tuple[str, str], NamesOfOthers] = field(default_factory=dict)

    @classmethod
    def of(cls, results: Results) -> Marker:
        columns = (results.totals[name] for name in ("company", "city", "county"))
        return cls(results.originals, list(zip(*columns, strict=True)), results.rulebook)

    def mark(self, errand: Errand) -> bytes | str:
        """The copy, or why there is none, in Chinese."""
        content = self.originals(errand.path)
        if content is None:
            return "读取以后文件有了变动"
        try:
            others = self._others(errand.city, errand.county)
            return marked_copy(content, errand, others)
        except NotMarkable as error:
            return str(error)
        except _BROKEN:
            return "内部结构不完整"

    def _others(self, city: str, county: str) -> NamesOfOthers:
        if (city, county) not in self.others:
            own = [company for company, *region in self.companies if region == [city, county]]
            foreign = [company for company, *region in self.companies if region != [city, county]]
            self.others = {(city, county): NamesOfOthers(foreign, (), own, self.rulebook)}
        return self.others[city, county]


def errands_of(results: Results, city: str, county: str) -> tuple[list[Errand], list[str]]:
    """The workbooks of a county to be marked: those that have an open T, V or X 错误 in a cell and contain only the county's
    own forms. With them a line for each that is not even tried."""
    over = [issue for issue in results.issues if issue.code in (TOO_MANY_FILES, TOO_MANY_TO_MARK)]
    if any(issue.code == TOO_MANY_FILES and (issue.city, issue.county) == (city, county) for issue in over):
        return [], ["本区县的文件太多，没有附标注好的副本，请按本表逐条改正原表。"]
    full = {issue.where.file for issue in over if issue.code == TOO_MANY_TO_MARK}
    errands, without = [], []
    for path, issues in _issues_by_file(results, city, county):
        line = issues[0].file
        if results.whole_files.get(path) != (city, county):
            without.append(line_without(line, "不全是本区县的内容"))
        elif path in full:
            without.append(line_without(line, "要标注的格子太多"))
        else:
            name = safe_name(_name_of(results, path))
            forms = _forms_of(results, path)
            errands.append(Errand(path, city, county, issues, _contacts(results, path), name, line, forms))
    return errands, without


def line_without(file: str, reason: str) -> str:
    """The line of a county's list about a workbook without a copy."""
    return f"“{file}”没有附标注好的副本（{reason}），请按本表逐条改正原表。"


def lines_about(copies: int, without: list[str]) -> list[str]:
    """The lines of a county's list about its copies."""
    count = f"“{FOLDER}”文件夹里有标注好的副本 {copies} 份，可直接在上面改正后报送。"
    return [*([count] if copies else []), *without]


def copy_names(errands: list[Errand]) -> list[str]:
    """The file names of a county's copies, in the order of their errands."""
    numbers: defaultdict[str, int] = defaultdict(int)
    names = []
    for errand in errands:
        numbers[errand.name.casefold()] += 1
        names.append(f"{errand.name}_{numbers[errand.name.casefold()]}.xlsx")
    return names


def marked_copy(content: bytes, errand: Errand, others: NamesOfOthers) -> bytes:
    """The workbook with the cells of the issues marked and marks of an earlier copy removed. An issue keeps its number in
    the county's list. Raises NotMarkable."""
    package = markable(content, errand.contacts, others)
    before = package.copy()
    _mark_sheets(package, errand.issues)
    _put_list(package, errand)
    if lost := lost_features(before, package):
        raise NotMarkable(f"标注会改动原表的{'、'.join(lost)}")
    return package.packed()


def markable(content: bytes, contacts: Contacts, others: NamesOfOthers) -> Package:
    """The workbook with nothing but what may go back, stamped as a form and with its originals' SHA-256, without marks of an
    earlier copy. Raises
    NotMarkable."""
    package, parts, demo, made_from = rebuilt(content)
    shown = shown_in(package)
    strip_marks(package, shown)
    check_words(package, (part for name, part in parts.items() if name in package.parts), shown, contacts, others)
    stamps = {FORM_PROPERTY: FORM_PROPERTY_VALUE} | ({DEMO_PROPERTY: DEMO_PROPERTY_VALUE} if demo else {})
    _stamp(package, stamps | original_stamps((hashlib.sha256(content).hexdigest(), *made_from)))
    _date(package)
    return package


def _issues_by_file(results: Results, city: str, county: str) -> Iterator[tuple[str, list[CountyIssue]]]:
    """(path, its issues that are marked in a cell), for each file with an 错误 among them."""
    files: defaultdict[str, list[CountyIssue]] = defaultdict(list)
    paths = {issue.id: issue.where.file for issue in results.issues}
    for issue in county_issues(results, OwnMaterial(results, city, county)):
        if is_marked(issue.code, issue.level) and issue.cell:
            files[paths[issue.id]].append(issue)
    return ((path, issues) for path, issues in sorted(files.items()) if any(issue.level == ERROR for issue in issues))


def _name_of(results: Results, path: str) -> str:
    """The copy's name: 附件2, the company of a single 附件1, else 附件1合并 or 附件1."""
    sheets = results.files[results.files["path"] == path]
    if (sheets["kind"] == "nomination").any():
        return "附件2"
    forms = sheets[sheets["kind"] == "assessment"]
    if len(forms) > 1:
        return "附件1合并"
    names = [str(name) for name in forms["company"] if name and "、" not in name]
    return names[0] if names else "附件1"


def _forms_of(results: Results, path: str) -> str:
    """The names of the forms that a workbook holds: 附件1, 附件2 or 附件1、附件2."""
    kinds = set(results.files["kind"][results.files["path"] == path])
    return "、".join(kind.name for kind in (ASSESSMENT, NOMINATION) if kind.id in kinds)


def _contacts(results: Results, path: str) -> Contacts:
    """The columns of phones and of figures of 附件2, on the sheets of the file that are read as 附件2."""
    columns = results.rulebook.nomination_columns
    phones = frozenset(name for column in columns if column.id == "phone" for name in (column.label, *column.aliases))
    figures = frozenset(
        name for column in columns if column.unit or column.id == "order" for name in (column.label, *column.aliases)
    )
    lists = (results.files["path"] == path) & (results.files["kind"] == "nomination")
    return Contacts(phones, frozenset(results.files["sheet"][lists]), figures)


# ---------------------------------------------------------------------------------------- marks and notes


def _mark_sheets(package: Package, issues: list[CountyIssue]) -> None:
    part = _styles_part(package)
    styles = Styles(package.parts[part])
    seen: set[str] = set()
    for sheet in package.sheets():
        cells: dict[str, list[CountyIssue]] = {}
        merges = merged_into(package.tree(sheet.part))
        for issue in issues:
            if issue.sheet == sheet.name:
                seen.add(issue.sheet)
                cells.setdefault(_shown_cell(issue.cell, merges), []).append(issue)
        if not cells:
            continue
        stylings = {cell: partial(styles.marked, level=_worst_level(listed)) for cell, listed in cells.items()}
        relation = add_notes(package, sheet.part, {cell: _note(listed) for cell, listed in cells.items()})
        package.parts[sheet.part] = marked_sheet(package.parts[sheet.part], stylings, relation)
    if {issue.sheet for issue in issues} - seen:
        raise NotMarkable("有的工作表名称不常见")
    package.parts[part] = styles.written()


def _worst_level(issues: list[CountyIssue]) -> str:
    return min((issue.level for issue in issues), key=lambda level: level != ERROR)


def _styles_part(package: Package) -> str:
    """The name of the styles part, which is added to a workbook without one."""
    part = package.target(package.main, "styles")
    if not part:
        part = package.free_name("xl/styles{}.xml")
        package.add(part, HEAD + f'<styleSheet xmlns="{MAIN}"></styleSheet>'.encode(), PARTS["styles"].content_type)
        package.relate(package.main, "styles", part)
    return part


def _shown_cell(cell: str, merges: list[tuple[tuple[int, int], tuple[int, int]]]) -> str:
    """The cell, or the first cell of the merge that contains it."""
    row, column = address_of(cell)
    for (top, left), (bottom, right) in merges:
        if top <= row <= bottom and left <= column <= right:
            return cell_address(top - 1, left - 1)
    return cell


def _note(issues: list[CountyIssue]) -> str:
    """The text of a cell's note: number, level, finding and fix of each issue."""
    numbers = "、".join(f"{issue.order} 条（{issue.level}）" for issue in issues)
    return "\n".join(
        [f"{HEADING} {numbers}", *(f"{issue.finding}怎么改：{issue.fix}（编号 {issue.id}）" for issue in issues)]
    )


# ---------------------------------------------------------------------------------------- list and stamp


def _put_list(package: Package, errand: Errand) -> None:
    part = package.target(package.main, "styles")
    styles = Styles(package.parts[part])
    content = list_sheet(errand.issues, styles, f"{errand.city}{errand.county}", errand.forms)
    package.parts[part] = styles.written()
    for sheet in package.sheets():
        package.parts[sheet.part] = deselected(package.parts[sheet.part])
    taken = {sheet.get("name").casefold() for sheet in package.tree(package.main).all("sheet")}
    names = (LIST_SHEET, *(f"{LIST_SHEET}（{number}）" for number in range(2, len(taken) + 3)))
    put_in_front(package, next(name for name in names if name.casefold() not in taken), content)


def _date(package: Package) -> None:
    """Says that the copy was made when the original was last saved, and not saved since: as of every workbook of ours, so
    that one that somebody saves afterwards is told from one that a run left behind."""
    part = PARTS["core"].name
    if part not in package.parts:
        return
    found = _MODIFIED.search(package.parts[part]) or _CREATED.search(package.parts[part])
    saved = found[1].decode() if found else ""
    names = ("created", "modified") if saved else ()
    dates = "".join(f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{saved}</dcterms:{name}>' for name in names)
    package.parts[part] = HEAD + f"<cp:coreProperties {_CORE_NAMES}>{dates}</cp:coreProperties>".encode()


def _stamp(package: Package, stamps: Mapping[str, str]) -> None:
    """Adds the document properties by which a copy is read as the form it is."""
    part = "docProps/custom.xml"
    entries = "".join(
        f'<property fmtid="{_PROPERTY_FORMAT}" pid="{number}" name="{name}">'
        f'<vt:lpwstr xmlns:vt="{_VALUE_TYPES}">{value}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(stamps.items(), start=2)
    )
    package.add(part, HEAD + f'<Properties xmlns="{_CUSTOM}">{entries}</Properties>'.encode(), _CUSTOM_TYPE)
    package.relate("", "custom-properties", part)
