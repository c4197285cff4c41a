"""One file: what its bytes are, which forms its sheets hold, and what they say."""

from __future__ import annotations

import hashlib
import io
import zipfile

from pipeline.issues import Issue, Where
from pipeline.readers.assessment import Readers, is_assessment, read_assessment
from pipeline.readers.blocks import find_layout
from pipeline.readers.grid import Grid, Workbook, label_of
from pipeline.readers.headers import header_key
from pipeline.readers.identity import names_county
from pipeline.readers.marks import marks_header, read_marks
from pipeline.readers.nomination import nomination_header, read_nomination
from pipeline.readers.ooxml import read_workbook
from pipeline.readers.pool import pool_tables, read_pool
from pipeline.readers.xml_parts import UnreadableWorkbook, WorkbookTooLarge
from pipeline.records import FileReading, Place, SheetReading
from pipeline.stamps import DEMO_PROPERTY, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP

WORKBOOK_NAMES = (".xls", ".xlsx", ".xlsm", ".xltx", ".xlsb", ".et", ".ods")
EVIDENCE_NAMES = (
    ".pdf", ".ofd", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic",
    ".doc", ".docx", ".wps", ".ppt", ".pptx", ".txt", ".rtf", ".md", ".csv", ".htm", ".html", ".mp4", ".eml",
)  # fmt: skip
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "旧版（Excel 97-2003）或加密的工作簿"),
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"{\\rtf", "RTF 文档"),
    (b"Rar!", "rar 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
)
_ARCHIVE_NAMES = (".zip", ".rar", ".7z")
_KIND_NAMES = {"marks": "专家评分表", "pool": "培育库表"}


def read_file(path: str, content: bytes, readers: Readers) -> FileReading:
    """What the file at `path` (inside the input, with /) says; never raises for what a file may hold."""
    reading = FileReading(path, hashlib.sha256(content).hexdigest(), "unreadable")
    name = path.rpartition("/")[2].lower()
    if content[:4] == b"PK\x03\x04" and (name.endswith(WORKBOOK_NAMES) or _holds_workbook(content)):
        return _read_xlsx(reading, content, readers)
    if name.endswith(_ARCHIVE_NAMES) or content[:4] in (b"Rar!", b"7z\xbc\xaf"):
        reading.kind = "archive"
        reading.issues.append(Issue("F11", Where(path), facts={"kind": f"{name.rpartition('.')[2]} 压缩包"}))
    elif name.endswith(WORKBOOK_NAMES):
        reading.issues.append(Issue("F02", Where(path), facts={"kind": _kind_of(content)}))
    elif name.endswith(EVIDENCE_NAMES):
        reading.kind = "evidence"
    else:
        reading.kind = "unrecognised"
        reading.issues.append(Issue("F04", Where(path)))
    return reading


def _holds_workbook(content: bytes) -> bool:
    """True for a zip that is an xlsx under whatever name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.replace("\\", "/").lower() == "xl/workbook.xml" for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _kind_of(content: bytes) -> str:
    """What bytes are that are no workbook this version reads, in Chinese."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "空文件"
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        return "网页（HTML）"
    if start.startswith(b"<?xml") and b"spreadsheet" in start:
        return "XML 表格 2003"
    if start.startswith(b"<"):
        return "XML 文件"
    return "文本或其他格式的文件"


def _read_xlsx(reading: FileReading, content: bytes, readers: Readers) -> FileReading:
    try:
        workbook = read_workbook(content)
    except WorkbookTooLarge as error:
        reading.issues.append(Issue("F05", Where(reading.path), facts={"reason": str(error)}))
        return reading
    except UnreadableWorkbook as error:
        reading.issues.append(Issue("F01", Where(reading.path), facts={"reason": str(error)}))
        return reading
    reading.demo = DEMO_PROPERTY in workbook.properties
    if _is_own_output(workbook):
        reading.kind, reading.remark = "own_output", "本程序的输出，不作为数据读取"
        return reading
    return _read_sheets(reading, workbook, readers)


def _is_own_output(workbook: Workbook) -> bool:
    if workbook.properties.get(OUTPUT_PROPERTY) == OUTPUT_PROPERTY_VALUE:
        return True
    stamp = label_of(OUTPUT_STAMP)
    return any(
        isinstance(value, str) and stamp in label_of(value) for grid in workbook.grids for value in grid.cells.values()
    )


def _read_sheets(reading: FileReading, workbook: Workbook, readers: Readers) -> FileReading:
    folder = readers.regions.of_folders(reading.path.split("/")[:-1])
    examples = tuple(label_of(name) for name in readers.rulebook.vocabulary.example_sheets)
    unread: list[str] = []
    read: list[tuple[Grid, SheetReading]] = []
    for grid in workbook.grids:
        if not grid.cells:
            continue
        if header_key(grid.name).endswith(examples):
            reading.issues.append(Issue("F10", Where(reading.path, grid.name), facts={"what": grid.name}))
            continue
        sheet = _read_sheet(grid, reading.path, workbook, folder, readers)
        if sheet is None:
            unread.append(grid.name)
        else:
            read.append((grid, sheet))
    visible = {sheet.kind for grid, sheet in read if not grid.hidden}
    for grid, sheet in read:
        if grid.hidden and sheet.kind in visible:
            reading.issues.append(Issue("F12", Where(reading.path, grid.name), facts={"what": grid.name}))
            continue
        reading.sheets.append(sheet)
        what = [f"隐藏的工作表“{grid.name}”"] if grid.hidden else []
        if grid.hidden_rows:
            what.append(f"隐藏的第 {'、'.join(map(str, grid.hidden_rows[:5]))} 行" + ("等" if len(grid.hidden_rows) > 5 else ""))
        if what:
            sheet.issues.append(Issue("F09", Where(reading.path, grid.name), facts={"what": "，".join(what)}))
    if unread and reading.sheets:
        reading.remark = f"未认出的工作表：{'、'.join(unread)}"
    if reading.sheets:
        reading.kind = reading.sheets[0].kind
    else:
        reading.kind = "unrecognised"
        reading.issues.append(Issue("F03", Where(reading.path, unread[0] if unread else "")))
    return reading


def _read_sheet(grid: Grid, path: str, workbook: Workbook, folder: Place | None, readers: Readers) -> SheetReading | None:
    """The sheet's form, None when it is none of the four."""
    layout = find_layout(grid, readers.words)
    if is_assessment(layout):
        names = ((grid.name, "sheet"), (_stem(path), "file"), *((part, "folder") for part in reversed(path.split("/")[:-1])))
        sheet = SheetReading(grid.name, "assessment")
        sheet.assessments.append(read_assessment(grid, layout, path, workbook.saved, names, folder, readers))
        return sheet
    barred = names_county(folder)
    if header := marks_header(grid, readers.rulebook):
        return _not_allowed(grid, path, "marks", folder) if barred else read_marks(grid, header, path, readers)
    if tables := pool_tables(grid):
        return _not_allowed(grid, path, "pool", folder) if barred else read_pool(grid, tables, path, readers)
    if header := nomination_header(grid, readers.rulebook):
        return read_nomination(grid, header, path, folder, readers)
    return None


def _not_allowed(grid: Grid, path: str, kind: str, folder: Place | None) -> SheetReading:
    """Marks and pool workbooks count only outside a county's folder."""
    sheet = SheetReading(grid.name, kind, remark="放在区县文件夹里，没有采用")
    county = (folder.county or folder.text) if folder else ""
    sheet.issues.append(Issue("F07", Where(path, grid.name), facts={"kind": _KIND_NAMES[kind], "county": county}))
    return sheet


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


