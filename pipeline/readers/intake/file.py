"""One file: its format, the forms on its sheets, and what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from pipeline.issues.catalogue import (
    ARCHIVE_TYPE_UNSUPPORTED,
    EMPTY_FILE,
    EXAMPLE_SHEET_SKIPPED,
    FILE_TOO_LARGE,
    FILE_UNREADABLE,
    FORM_IN_WORD,
    FORM_NOT_IN_WORKBOOK,
    FORM_NOT_RECOGNISED,
    HIDDEN_CONTENT_READ,
    HIDDEN_SHEET_SKIPPED,
    NOT_A_WORKBOOK,
    OPENS_AT_SENDER_ONLY,
    PACK_OF_ANOTHER_EXPERT,
    PASSWORD_PROTECTED,
    STATEMENT_HEADER_MISSING,
    TOO_MANY_FINDINGS,
    TOO_MANY_ROWS,
    UNKNOWN_FILE_TYPE,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where
from pipeline.issues.words import MOST_NAMED, listed
from pipeline.model.decisions import SUGGESTIONS_NAME
from pipeline.model.forms import DECISIONS, FILE_KINDS, NOMINATION, POOL
from pipeline.model.limits import MOST_FINDINGS, MOST_ROWS
from pipeline.model.names import expert_name
from pipeline.model.records import FileBytes, FileReading, Nomination, SheetReading
from pipeline.model.stamps import (
    CITY_LIST_PROPERTY,
    CITY_LIST_STAMP,
    DEMO_PROPERTY,
    EXPERT_PROPERTY,
    OUTPUT_PROPERTY,
    OUTPUT_STAMP,
    stamped_originals,
)
from pipeline.model.texts import label_of
from pipeline.readers.formats.encryption import PasswordProtected
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.forms.assessment.pages import with_pages_joined
from pipeline.readers.forms.assessment.systems import SystemList, compare_with_form, read_systems
from pipeline.readers.forms.decisions import read_decisions, recognise_decisions
from pipeline.readers.forms.known import read_sheet
from pipeline.readers.forms.pool.form import issues_of_other_sheets
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.forms.statements import (
    is_list_without_header,
    issues_outside_column,
    read_statements,
    recognise_list,
    texts_beside_numbers,
)
from pipeline.readers.intake.form_traces import bears_form_traces
from pipeline.readers.intake.other_sheets import issues_of_unread
from pipeline.readers.intake.sniff import SIGNATURE_BYTES, Sniffed, sniff, words_of_beginning
from pipeline.readers.intake.word import look_at_word
from pipeline.readers.intake.written import Written, read_written
from pipeline.readers.sheet.grid import Workbook, column_letters
from pipeline.readers.sheet.headers import header_key
from pipeline.readers.values.lexicon import Lexicon

_AS_WRITTEN = "T00:00:00"  # our results are dated by the day alone; other programs save the time of the day
_STAMP_WORD = "云上企业"  # quick to look for; the whole stamp decides


def read_file(path: str, content: bytes, lexicon: Lexicon) -> FileReading:
    """What the file at `path` (inside the input, with /) holds; does not raise, whatever its bytes are."""
    return _within_limits(_read(path, content, lexicon))


def _within_limits(reading: FileReading) -> FileReading:
    """The reading; one issue instead when it nominates or raises more than one file may."""
    rows = sum(len(sheet.nominations) + sheet.more for sheet in reading.sheets)
    findings = len(reading.issues) + sum(map(_findings_of, reading.sheets))
    for code, count, limit in ((TOO_MANY_ROWS, rows, MOST_ROWS), (TOO_MANY_FINDINGS, findings, MOST_FINDINGS)):
        if count > limit:
            issue = Issue(code, Where(reading.path), facts={"count": str(count), "limit": str(limit)})
            return FileReading(reading.path, reading.sha256, "unreadable", issues=[issue])
    return reading


def _findings_of(sheet: SheetReading) -> int:
    """The issues of a sheet and of the companies in it."""
    of_companies = [record.issues for record in sheet.assessments] + [record.issues for record in sheet.nominations]
    return len(sheet.issues) + sum(map(len, of_companies))


def _read(path: str, content: bytes, lexicon: Lexicon) -> FileReading:
    reading = FileReading(path, hashlib.sha256(content).hexdigest(), "unreadable")
    words = words_of_beginning(content[:SIGNATURE_BYTES])
    reading.bytes = FileBytes(len(content), words, reading.sha256)
    sniffed = sniff(path.rpartition("/")[2].lower(), content)
    where = Where(path)
    if sniffed.format in WORKBOOK_READERS:
        _read_workbook(reading, content, sniffed, lexicon)
    elif sniffed.format == "zip":
        reading.kind, reading.zip = "archive", True
    elif sniffed.format == "archive":
        reading.kind = "archive"
        reading.issues.append(Issue(ARCHIVE_TYPE_UNSUPPORTED, where, facts={"kind": sniffed.words or "压缩包"}))
    elif sniffed.format == "word":
        reading.issues.append(Issue(FORM_IN_WORD, where, facts={"kind": sniffed.words}))
    elif sniffed.format == "foreign":
        issue = Issue(NOT_A_WORKBOOK, where, facts={"kind": sniffed.words}) if content else Issue(EMPTY_FILE, where)
        reading.issues.append(issue)
    elif sniffed.format == "locked":
        reading.issues.append(Issue(OPENS_AT_SENDER_ONLY, where, facts={"reason": sniffed.words}))
    elif (written := read_written(content)) and (held := _held_by(written, path, lexicon)):
        reading.issues.append(Issue(FORM_NOT_IN_WORKBOOK, where, facts={"kind": written.words, "held": held}))
    elif sniffed.format == "rtf":
        reading.issues.append(Issue(FORM_IN_WORD, where, facts={"kind": sniffed.words}))
    elif sniffed.format == "evidence":
        reading.kind = "evidence"
    else:
        reading.kind = "unrecognised"
        reading.issues.append(Issue(UNKNOWN_FILE_TYPE, where))
    return reading


def _held_by(written: Written, path: str, lexicon: Lexicon) -> str:
    """What a text, page or mail holds that should have come as a workbook, in Chinese; "" for nothing."""
    if written.workbooks:
        return f"附有工作簿{'、'.join(f'“{name}”' for name in written.workbooks[:5])}"
    for grid in written.grids:
        if found := read_sheet(Sheet(grid, path, "", None, lexicon)):
            return f"写着{FILE_KINDS[found.kind]}的内容"
    return ""


def _read_workbook(reading: FileReading, content: bytes, sniffed: Sniffed, lexicon: Lexicon) -> None:
    """Reads a workbook of any format into `reading`; one issue for a file that is too large, broken or behind a
    password."""
    where = Where(reading.path)
    try:
        workbook = WORKBOOK_READERS[sniffed.format](content)
    except PasswordProtected:
        reading.issues.append(Issue(PASSWORD_PROTECTED, where))
        return
    except WorkbookTooLarge as error:
        reading.issues.append(Issue(FILE_TOO_LARGE, where, facts={"reason": str(error)}))
        return
    except UnreadableWorkbook as error:
        reading.issues.append(Issue(FILE_UNREADABLE, where, facts={"reason": str(error)}))
        return
    reading.demo = DEMO_PROPERTY in workbook.properties
    reading.made_from, reading.saved = stamped_originals(workbook.properties), workbook.saved
    claim = lexicon.regions.of_folders(reading.path.split("/")[:-1])
    every = [Sheet(grid, reading.path, workbook.saved, claim, lexicon) for grid in workbook.grids]
    sheets = _without_lists(reading, every)
    only_lists = len(sheets) < len(every) and not any(sheet.grid.cells for sheet in sheets)
    stamps = [_stamps_on(sheet) for sheet in sheets]
    if _is_city_list(workbook, stamps) and not lexicon.rulebook.scope.city:
        _read_city_list(reading, sheets, stamps)
    elif only_lists or _is_own_output(workbook, stamps):
        _take_signed_decisions(reading, sheets)
    else:
        _read_sheets(reading, sheets)
        _look_for_another_expert(reading, workbook.properties.get(EXPERT_PROPERTY, ""))
    if workbook.word:
        look_at_word(reading, workbook.word, lexicon.rulebook)


def _without_lists(reading: FileReading, sheets: Iterable[Sheet]) -> list[Sheet]:
    """The sheets but for lists of issues that this program wrote; what somebody wrote in those is added to `reading`.

    Such a list holds no form, whatever workbook it was copied into.
    """
    others = []
    for sheet in sheets:
        if header := recognise_list(sheet):
            reading.statements += read_statements(sheet, header)
            reading.issues += issues_outside_column(sheet, header)
        elif is_list_without_header(sheet):
            facts = {"texts": texts_beside_numbers(sheet)}
            reading.issues.append(Issue(STATEMENT_HEADER_MISSING, sheet.whole, facts=facts))
        else:
            others.append(sheet)
    return others


def _stamps_on(sheet: Sheet) -> set[str]:
    """The visible stamps of results on a sheet."""
    texts = [label_of(value) for value in sheet.grid.cells.values() if isinstance(value, str) and _STAMP_WORD in value]
    return {stamp for stamp in (OUTPUT_STAMP, CITY_LIST_STAMP) if any(label_of(stamp) in text for text in texts)}


def _is_own_output(workbook: Workbook, stamps: Iterable[set[str]]) -> bool:
    """True for a workbook that this program wrote as a result: by its property, or by a stamp on one of its sheets."""
    return OUTPUT_PROPERTY in workbook.properties or CITY_LIST_PROPERTY in workbook.properties or any(stamps)


def _is_city_list(workbook: Workbook, stamps: Iterable[set[str]]) -> bool:
    """True for the 附件2 of a city's run, by its property or by the stamp on one of its sheets."""
    if OUTPUT_PROPERTY in workbook.properties:
        return False
    return CITY_LIST_PROPERTY in workbook.properties or any(CITY_LIST_STAMP in found for found in stamps)


def _read_city_list(reading: FileReading, sheets: Sequence[Sheet], stamps: Sequence[set[str]]) -> None:
    """Reads the 附件2 of a city's run into `reading`; its other sheets are results. The stamp opens no door: without it every
    sheet would be read."""
    results = [sheet for sheet, found in zip(sheets, stamps, strict=True) if OUTPUT_STAMP in found]
    _read_sheets(reading, [sheet for sheet in sheets if sheet not in results])
    named = listed(f"“{mask_phones(sheet.grid.name)}”" for sheet in results)
    passed = f"工作表{named}是市里的汇总结果，不作为数据读取" if results else ""
    reading.remark = "；".join(filter(None, (reading.remark, passed)))


def _take_signed_decisions(reading: FileReading, sheets: Iterable[Sheet]) -> None:
    """Of an output, only the decisions are read that somebody signed in a copy of 人工决定_建议 under another name."""
    reading.kind, reading.remark = "own_output", "本程序的输出，不作为数据读取；要改数请改原表"
    if reading.path.endswith(SUGGESTIONS_NAME):
        return
    reading.returned = _returned_rows(sheets)
    reading.resaved = bool(reading.saved) and _AS_WRITTEN not in reading.saved
    decided = [
        read_decisions(sheet, header, suggested=True) for sheet in sheets if (header := recognise_decisions(sheet))
    ]
    if signed := [entry for entry in decided if entry.decisions or entry.issues]:
        reading.kind, reading.sheets = DECISIONS.id, signed
        reading.remark = "由人工决定建议填成，没有签署的行不算数"


def _returned_rows(sheets: Iterable[Sheet]) -> tuple[Nomination, ...]:
    """The rows of 附件2 in a result of ours, to be compared with those that count."""
    forms = (read_sheet(sheet) for sheet in sheets if label_of(sheet.grid.name) == NOMINATION.label)
    return tuple(row for form in forms if form for row in form.nominations)


def _read_sheets(reading: FileReading, sheets: Sequence[Sheet]) -> None:
    """Reads the forms on the sheets into `reading`, and what lies beside them: lists of systems, unknown sheets."""
    looked_at: list[tuple[Sheet, SheetReading | None]] = []
    systems: list[SystemList] = []
    for sheet in sheets:
        if not sheet.grid.cells:
            continue
        if _is_example(sheet):
            facts = {"what": sheet.grid.name}
            reading.issues.append(Issue(EXAMPLE_SHEET_SKIPPED, sheet.whole, facts=facts))
        elif form := read_sheet(sheet):
            looked_at.append((sheet, form))
        elif listed := read_systems(sheet):
            systems.append(listed)
        else:
            looked_at.append((sheet, None))
    looked_at = with_pages_joined(looked_at)
    recognised = [(sheet, form) for sheet, form in looked_at if form]
    unread = [sheet for sheet, form in looked_at if not form]
    _take_over(reading, recognised)
    others = issues_of_unread(recognised, unread)
    reading.issues += others
    if any(form.kind == POOL.id for form in reading.sheets):
        told = {issue.where.sheet for issue in others}
        reading.issues += issues_of_other_sheets(sheet for sheet in unread if sheet.grid.name not in told)
    reading.unread = tuple(sheet.grid.name for sheet in unread)
    if reading.sheets:
        reading.kind = reading.sheets[0].kind
        reading.remark = f"未认出的工作表：{'、'.join(reading.unread)}" if unread else ""
    elif not unread and any(entry.remark for entry in systems):
        reading.kind = "evidence"  # 填表说明 2 asks for a list of systems; it may come as a workbook of its own
    else:
        reading.kind = "unrecognised"
        where = Where(reading.path, reading.unread[0] if unread else "")
        reading.issues.append(Issue(FORM_NOT_RECOGNISED, where))
        reading.traceless = bool(unread) and not any(map(bears_form_traces, unread))
    if systems:
        compare_with_form(reading, systems, sheets[0].lexicon.rulebook)


def _is_example(sheet: Sheet) -> bool:
    """True for a sheet whose name says that it holds a filled-in example."""
    names = sheet.lexicon.rulebook.vocabulary.example_sheets
    return header_key(sheet.grid.name).endswith(tuple(label_of(name) for name in names))


def _take_over(reading: FileReading, recognised: Iterable[tuple[Sheet, SheetReading]]) -> None:
    """Adds the forms to `reading`; one on a hidden sheet only when no visible sheet holds that form. Whatever is hidden
    is reported."""
    recognised = list(recognised)
    visible = {form.kind for sheet, form in recognised if not sheet.grid.hidden}
    for sheet, form in recognised:
        grid = sheet.grid
        if grid.hidden and form.kind in visible:
            reading.issues.append(Issue(HIDDEN_SHEET_SKIPPED, sheet.whole, facts={"what": grid.name}))
            continue
        reading.sheets.append(form)
        hidden = [f"隐藏的工作表“{mask_phones(grid.name)}”"] if grid.hidden else []
        if grid.hidden_rows:
            hidden.append(f"隐藏的第 {_rows_named(grid.hidden_rows)}")
        if grid.hidden_columns:
            hidden.append(f"隐藏的 {_columns_named(grid.hidden_columns)}")
        if hidden:
            form.issues.append(Issue(HIDDEN_CONTENT_READ, sheet.whole, facts={"what": "，".join(hidden)}))


def _rows_named(rows: Sequence[int]) -> str:
    """Row numbers as a message lists them: 3、4 行; 3、4、5、6、7 行等 12 行."""
    more = f"等 {len(rows)} 行" if len(rows) > MOST_NAMED else ""
    return f"{listed(map(str, rows[:MOST_NAMED]))} 行{more}"


def _columns_named(columns: Sequence[int]) -> str:
    """Columns as a message lists them: D、E 列; D、E、F、G、H 列等 9 列."""
    more = f"等 {len(columns)} 列" if len(columns) > MOST_NAMED else ""
    return f"{listed(map(column_letters, columns[:MOST_NAMED]))} 列{more}"


def _look_for_another_expert(reading: FileReading, stamped: str) -> None:
    """E12 for a pack whose marks are given under another name than that of the expert it was made for (`stamped`, ""
    for a workbook that is no pack)."""
    for form in reading.sheets if stamped else ():
        known = {expert_name(stamped), reading.path}  # the path stands for an expert whom nothing names: another issue
        others = list(dict.fromkeys(mark.expert for mark in form.marks if mark.expert not in known))
        if others:
            where, facts = Where(reading.path, form.sheet), {"stamped": stamped}
            form.issues.append(Issue(PACK_OF_ANOTHER_EXPERT, where, found="、".join(others), facts=facts))
