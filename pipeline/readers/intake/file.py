"""One file: what its bytes are, which forms its sheets hold, and what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from pipeline.issues.catalogue import (
    ARCHIVE_TYPE_UNSUPPORTED,
    EMPTY_FILE,
    EXAMPLE_SHEET_SKIPPED,
    FILE_TOO_LARGE,
    FILE_UNREADABLE,
    FORM_IN_WORD,
    FORM_NOT_RECOGNISED,
    HIDDEN_CONTENT_READ,
    HIDDEN_SHEET_SKIPPED,
    NOT_A_WORKBOOK,
    PACK_OF_ANOTHER_EXPERT,
    PASSWORD_PROTECTED,
    POOL_SHEET_NOT_RECOGNISED,
    STATEMENT_HEADER_MISSING,
    UNKNOWN_FILE_TYPE,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import MOST_NAMED, listed
from pipeline.model.decisions import SUGGESTIONS_NAME
from pipeline.model.names import expert_name
from pipeline.model.records import FileReading, RegionClaim, SheetReading
from pipeline.model.stamps import (
    DEMO_PROPERTY,
    EXPERT_PROPERTY,
    OUTPUT_PROPERTY,
    OUTPUT_PROPERTY_VALUE,
    OUTPUT_STAMP,
)
from pipeline.model.texts import label_of
from pipeline.readers.formats.encryption import PasswordProtected
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.forms.assessment.blocks import find_layout
from pipeline.readers.forms.assessment.form import is_assessment
from pipeline.readers.forms.assessment.several import read_forms
from pipeline.readers.forms.assessment.systems import SystemList, hold_against, read_systems
from pipeline.readers.forms.decisions import decisions_header, read_decisions
from pipeline.readers.forms.marks.form import marks_header, read_marks
from pipeline.readers.forms.nomination.form import read_nomination
from pipeline.readers.forms.nomination.header import nomination_header
from pipeline.readers.forms.pool.form import holds_numbers, read_pool
from pipeline.readers.forms.pool.tables import pool_tables
from pipeline.readers.forms.refused import not_allowed
from pipeline.readers.forms.statements import astray, list_header, lost_answers, lost_list, read_statements
from pipeline.readers.intake.sniff import Sniffed, sniff
from pipeline.readers.sheet.grid import Grid, Workbook
from pipeline.readers.sheet.headers import header_key
from pipeline.readers.sheet.regions import names_county
from pipeline.readers.values.lexicon import Readers


def read_file(path: str, content: bytes, readers: Readers) -> FileReading:
    """What the file at `path` (inside the input, with /) says; never raises for what a file may hold."""
    reading = FileReading(path, hashlib.sha256(content).hexdigest(), "unreadable")
    titles = (readers.rulebook.titles.assessment, readers.rulebook.titles.nomination)
    sniffed = sniff(path.rpartition("/")[2].lower(), content, titles)
    where = Where(path)
    if sniffed.format in WORKBOOK_READERS:
        return _read_workbook(reading, content, sniffed, readers)
    if sniffed.format == "zip":
        reading.kind, reading.zip = "archive", True
    elif sniffed.format == "archive":
        reading.kind = "archive"
        reading.issues.append(Issue(ARCHIVE_TYPE_UNSUPPORTED, where, facts={"kind": sniffed.words or "压缩包"}))
    elif sniffed.format == "word":
        reading.issues.append(Issue(FORM_IN_WORD, where))
    elif sniffed.format == "foreign":
        issue = Issue(NOT_A_WORKBOOK, where, facts={"kind": sniffed.words}) if content else Issue(EMPTY_FILE, where)
        reading.issues.append(issue)
    elif sniffed.format == "evidence":
        reading.kind = "evidence"
    else:
        reading.kind = "unrecognised"
        reading.issues.append(Issue(UNKNOWN_FILE_TYPE, where))
    return reading


def _read_workbook(reading: FileReading, content: bytes, sniffed: Sniffed, readers: Readers) -> FileReading:
    """Reads a workbook of any format; a large or broken one, or one behind a password, is one issue."""
    where = Where(reading.path)
    try:
        workbook = WORKBOOK_READERS[sniffed.format](content)
    except PasswordProtected:
        reading.issues.append(Issue(PASSWORD_PROTECTED, where))
        return reading
    except WorkbookTooLarge as error:
        reading.issues.append(Issue(FILE_TOO_LARGE, where, facts={"reason": str(error)}))
        return reading
    except UnreadableWorkbook as error:
        reading.issues.append(Issue(FILE_UNREADABLE, where, facts={"reason": str(error)}))
        return reading
    reading.demo = DEMO_PROPERTY in workbook.properties
    had_lists = _take_lists(reading, workbook)
    if _is_own_output(workbook) or (had_lists and not any(grid.cells for grid in workbook.grids)):
        _take_signed_decisions(reading, workbook)
        return reading
    return _read_sheets(reading, workbook, readers)


def _take_lists(reading: FileReading, workbook: Workbook) -> bool:
    """Takes the sheets out that list issues of ours, with what was written there about them; they are no data, whatever
    workbook they were copied into. True when there was one."""
    kept = []
    for grid in workbook.grids:
        if header := list_header(grid):
            reading.statements += read_statements(grid, header, reading.path)
            reading.issues += astray(grid, header, reading.path)
        elif lost_list(grid):
            texts = {"texts": lost_answers(grid)}
            reading.issues.append(Issue(STATEMENT_HEADER_MISSING, Where(reading.path, grid.name), facts=texts))
        else:
            kept.append(grid)
    taken = len(kept) < len(workbook.grids)
    workbook.grids = kept
    return taken


def _take_signed_decisions(reading: FileReading, workbook: Workbook) -> None:
    """Of an output nothing is read but what somebody signed in a copy of 人工决定_建议 that he saved under another name."""
    reading.kind, reading.remark = "own_output", "本程序的输出，不作为数据读取；要改数请改原表"
    if reading.path.endswith(SUGGESTIONS_NAME):
        return
    found = [
        read_decisions(grid, header, reading.path, suggested=True)
        for grid in workbook.grids
        if (header := decisions_header(grid))
    ]
    if signed := [sheet for sheet in found if sheet.decisions or sheet.issues]:
        reading.kind, reading.sheets = "decisions", signed
        reading.remark = "由人工决定建议填成，没有签署的行不算数"


_STAMP_WORD = "汇总程序生成"  # quick to look for; the whole stamp decides


def _is_own_output(workbook: Workbook) -> bool:
    if workbook.properties.get(OUTPUT_PROPERTY) == OUTPUT_PROPERTY_VALUE:
        return True
    stamp = label_of(OUTPUT_STAMP)
    return any(
        isinstance(value, str) and _STAMP_WORD in value and stamp in label_of(value)
        for grid in workbook.grids
        for value in grid.cells.values()
    )


def _read_sheets(reading: FileReading, workbook: Workbook, readers: Readers) -> FileReading:
    folder = readers.regions.of_folders(reading.path.split("/")[:-1])
    examples = tuple(label_of(name) for name in readers.rulebook.vocabulary.example_sheets)
    unread: list[str] = []
    read: list[tuple[Grid, SheetReading]] = []
    lists: list[SystemList] = []
    for grid in workbook.grids:
        if not grid.cells:
            continue
        if header_key(grid.name).endswith(examples):
            reading.issues.append(
                Issue(EXAMPLE_SHEET_SKIPPED, Where(reading.path, grid.name), facts={"what": grid.name})
            )
            continue
        sheet = _read_sheet(grid, reading.path, workbook, folder, readers)
        if sheet is not None:
            read.append((grid, sheet))
        elif systems := read_systems(grid, readers):
            lists.append(systems)
        else:
            unread.append(grid.name)
    _take_over(reading, read)
    if any(sheet.kind == "pool" for sheet in reading.sheets):
        unknown = (grid for grid in workbook.grids if grid.name in unread and holds_numbers(grid))
        reading.issues += [
            Issue(
                POOL_SHEET_NOT_RECOGNISED,
                Where(reading.path, grid.name),
                facts={"what": grid.name, **readers.rulebook.pool_words.facts},
            )
            for grid in unknown
        ]
    if unread and reading.sheets:
        reading.remark = f"未认出的工作表：{'、'.join(unread)}"
    _look_for_another_expert(reading, workbook.properties.get(EXPERT_PROPERTY, ""))
    reading.unread = tuple(unread)
    hold_against(reading, lists, readers.rulebook)
    if reading.sheets:
        reading.kind = reading.sheets[0].kind
    else:
        reading.kind = "unrecognised"
        reading.issues.append(Issue(FORM_NOT_RECOGNISED, Where(reading.path, unread[0] if unread else "")))
    return reading


def _take_over(reading: FileReading, read: list[tuple[Grid, SheetReading]]) -> None:
    """The sheets that count: a hidden one only when no visible one holds that form. What is hidden is said."""
    visible = {sheet.kind for grid, sheet in read if not grid.hidden}
    for grid, sheet in read:
        if grid.hidden and sheet.kind in visible:
            reading.issues.append(
                Issue(HIDDEN_SHEET_SKIPPED, Where(reading.path, grid.name), facts={"what": grid.name})
            )
            continue
        reading.sheets.append(sheet)
        what = [f"隐藏的工作表“{grid.name}”"] if grid.hidden else []
        if grid.hidden_rows:
            what.append(f"隐藏的第 {_rows_named(grid.hidden_rows)}")
        if what:
            sheet.issues.append(
                Issue(HIDDEN_CONTENT_READ, Where(reading.path, grid.name), facts={"what": "，".join(what)})
            )


def _rows_named(rows: Sequence[int]) -> str:
    """Row numbers as a message lists them: 3、4 行; 3、4、5、6、7 行等 12 行."""
    more = f"等 {len(rows)} 行" if len(rows) > MOST_NAMED else ""
    return f"{listed(map(str, rows[:MOST_NAMED]))} 行{more}"


def _look_for_another_expert(reading: FileReading, stamped: str) -> None:
    """E12 for a pack whose marks are given under another name than that of the expert it was made for."""
    for sheet in reading.sheets if stamped else ():
        known = {expert_name(stamped), reading.path}  # the path: nobody is named, which is said already
        others = list(dict.fromkeys(mark.expert for mark in sheet.marks if mark.expert not in known))
        if others:
            facts = {"stamped": stamped}
            sheet.issues.append(
                Issue(PACK_OF_ANOTHER_EXPERT, Where(reading.path, sheet.sheet), found="、".join(others), facts=facts)
            )


def _read_sheet(
    grid: Grid, path: str, workbook: Workbook, folder: RegionClaim | None, readers: Readers
) -> SheetReading | None:
    """The sheet's form, None when it is none of those that are read."""
    layout = find_layout(grid, readers.words)
    if is_assessment(layout):
        names = (
            (grid.name, "sheet"),
            (_stem(path), "file"),
            *((part, "folder") for part in reversed(path.split("/")[:-1])),
        )
        return read_forms(grid, layout, path, workbook.saved, names, folder, readers)
    if header := decisions_header(grid):
        return read_decisions(grid, header, path)
    barred = names_county(folder)
    if header := marks_header(grid, readers.rulebook):
        return not_allowed(grid.name, path, "marks", folder) if barred else read_marks(grid, header, path, readers)
    if tables := pool_tables(grid):
        return not_allowed(grid.name, path, "pool", folder) if barred else read_pool(grid, tables, path, readers)
    if header := nomination_header(grid, readers.rulebook):
        return read_nomination(grid, header, path, folder, readers)
    return None


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name
