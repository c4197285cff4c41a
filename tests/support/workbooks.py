"""Workbooks built from a few lines of text, part by part, so that a test controls every byte that matters.

A sheet is a text (one line a row, cells separated by |) or a list of rows of Python values. In a text, a cell is
read as a person's typing: `12` a number, `'12` the text 12, `=A1*2` a formula without a result, `=A1*2 -> 24` one
with, `#DIV/0!` an error, `TRUE` a boolean, `\\n` a line break, nothing an empty cell; anything else is text. In a
list, a str is text as it stands, an int or float a number, a bool a boolean, `Raw` the cell's own XML, None empty.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pipeline.model.rulebook import Rulebook
from pipeline.writers.forms.filled import AssessmentEntry, FormAnswer, Typed, write_assessments
from tests.support.rulebooks import tested_rulebook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TERMS = "http://purl.org/dc/terms/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Raw(NamedTuple):
    """A cell's attributes and content as XML: Raw('t="str"', '<v>a</v>')."""

    attributes: str = ""
    content: str = ""


Cell = str | int | float | bool | Raw | None
Sheet = str | Sequence[Sequence[Cell]]


def workbook(
    sheets: Mapping[str, Sheet],
    merges: Iterable[str] | Mapping[str, Iterable[str]] = (),
    formats: Mapping[str, str] | None = None,
    *,
    struck: Iterable[str] = (),
    hidden_sheets: Iterable[str] = (),
    hidden_rows: Mapping[str, Iterable[int]] | None = None,
    hidden_columns: Mapping[str, Iterable[int]] | None = None,
    saved: str = "",
    properties: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """The bytes of an xlsx file.

    merges: areas ("A1:B2") of the first sheet, or sheet -> areas. formats: cell of the first sheet ("B3") or
    "sheet!B3" -> number format. struck: cells, named likewise, whose font strikes them out. saved: the time the
    properties say. parts: further parts, or other content for one.
    """
    names = list(sheets)
    areas = merges if isinstance(merges, Mapping) else {names[0]: merges}
    codes = {(key if "!" in key else f"{names[0]}!{key}"): code for key, code in (formats or {}).items()}
    struck_out = {key if "!" in key else f"{names[0]}!{key}" for key in struck}
    looks = {key: (codes.get(key, "General"), key in struck_out) for key in {*codes, *struck_out}}
    styles = {look: number for number, look in enumerate(sorted(set(looks.values())), start=1)}
    built: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(len(names)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook_part(names, set(hidden_sheets)),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)}
            | {"rIdStyles": ("styles", "styles.xml"), "rIdStrings": ("sharedStrings", "sharedStrings.xml")}
        ),
        "xl/styles.xml": _styles_part(list(styles)),
    }
    strings: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        style_of = {cell.partition("!")[2]: styles[look] for cell, look in looks.items() if cell.startswith(f"{name}!")}
        hidden = set((hidden_rows or {}).get(name, ()))
        built[f"xl/worksheets/sheet{number}.xml"] = sheet_part(
            sheets[name], areas.get(name, ()), style_of, hidden, strings, (hidden_columns or {}).get(name, ())
        )
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    built["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'
    if saved:
        modified = f'<dcterms:modified xmlns:dcterms="{TERMS}">{escape(saved)}</dcterms:modified>'
        built["docProps/core.xml"] = f'{HEAD}<cp:coreProperties xmlns:cp="{CORE}">{modified}</cp:coreProperties>'
    if properties:
        entries = "".join(
            f'<property pid="{pid}" name={quoteattr(name)}><lpwstr>{escape(text)}</lpwstr></property>'
            for pid, (name, text) in enumerate(properties.items(), start=2)
        )
        built["docProps/custom.xml"] = f'{HEAD}<Properties xmlns="{CUSTOM}">{entries}</Properties>'
    return package({**built, **(parts or {})})


def package(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the parts, always with the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, compression)
    return stream.getvalue()


def repacked(content: bytes, changes: Mapping[str, str | bytes | None]) -> bytes:
    """The same workbook with some parts replaced, added or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    parts.update({name: text for name, text in changes.items() if text is not None})
    return package({name: text for name, text in parts.items() if changes.get(name, "") is not None})


def to_be_computed(content: bytes, calculation: str = 'fullCalcOnLoad="1"') -> bytes:
    """The same workbook, which says that its formulas are to be computed on opening."""
    book = part_of(content, "xl/workbook.xml")
    return repacked(content, {"xl/workbook.xml": book.replace("</workbook>", f"<calcPr {calculation}/></workbook>")})


def without_zeros(content: bytes, sheet: int = 1) -> bytes:
    """The same workbook, one sheet of which shows no zeros."""
    name = f"xl/worksheets/sheet{sheet}.xml"
    view = '<sheetViews><sheetView showZeros="0" workbookViewId="0"/></sheetViews><sheetData>'
    return repacked(content, {name: part_of(content, name).replace("<sheetData>", view)})


def part_of(content: bytes, name: str) -> str:
    """One part of a workbook as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")


def sheet_part(
    sheet: Sheet,
    merges: Iterable[str],
    style_of: Mapping[str, int],
    hidden: set[int],
    strings: dict[str, int],
    hidden_columns: Iterable[int] = (),
) -> str:
    """A worksheet part; the texts it needs are added to `strings`."""
    rows = []
    for row, cells in enumerate(rows_of(sheet), start=1):
        line = []
        for column, cell in enumerate(cells, start=1):
            reference = f"{letters(column)}{row}"
            if cell is not None:
                line.append(_cell_xml(reference, cell, style_of.get(reference, 0), strings))
        if line or row in hidden:
            mark = ' hidden="1"' if row in hidden else ""
            rows.append(f'<row r="{row}"{mark}>{"".join(line)}</row>')
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    columns = "".join(f'<col min="{column}" max="{column}" width="9" hidden="1"/>' for column in hidden_columns)
    columns = f"<cols>{columns}</cols>" if columns else ""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{columns}<sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


def rows_of(sheet: Sheet) -> list[list[Cell]]:
    """The rows of a sheet's text; a list of rows as it stands."""
    if not isinstance(sheet, str):
        return [list(row) for row in sheet]
    lines = sheet.strip("\n").split("\n")
    return [[_typed(cell) for cell in line.split("|")] for line in lines]


def letters(column: int) -> str:
    """1 -> A, 28 -> AB."""
    text = ""
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text


def _typed(cell: str) -> Cell:
    cell = cell.replace("\\n", "\n")
    plain = cell.strip(" ")
    if not plain:
        return None
    if _NUMBER.fullmatch(plain):
        return float(plain) if "." in plain else int(plain)
    if plain in ("TRUE", "FALSE"):
        return plain == "TRUE"
    if plain.startswith("#") and plain.endswith(("!", "?", "A")):
        return Raw('t="e"', f"<v>{plain}</v>")
    if plain.startswith("="):
        formula, _, result = plain[1:].partition(" -> ")
        return Raw("", f"<f>{escape(formula)}</f>" + (f"<v>{result}</v>" if result else ""))
    return cell[1:] if cell.startswith("'") else plain


def _cell_xml(reference: str, cell: Cell, style: int, strings: dict[str, int]) -> str:
    styled = f' s="{style}"' if style else ""
    if isinstance(cell, Raw):
        return f'<c r="{reference}"{styled}{" " if cell.attributes else ""}{cell.attributes}>{cell.content}</c>'
    if isinstance(cell, bool):
        return f'<c r="{reference}"{styled} t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{reference}"{styled} t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
    return f'<c r="{reference}"{styled}><v>{cell!r}</v></c>'


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{entries}</Relationships>'


def _content_types(sheets: int) -> str:
    kinds = {f"/xl/worksheets/sheet{number}.xml": "worksheet" for number in range(1, sheets + 1)}
    kinds |= {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles", "/xl/sharedStrings.xml": "sharedStrings"}
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{HEAD}<Types xmlns="{TYPES}">{relations}{overrides}</Types>'


def _workbook_part(names: list[str], hidden: set[str]) -> str:
    states = [' state="hidden"' if name in hidden else "" for name in names]
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        for number, (name, state) in enumerate(zip(names, states, strict=True), start=1)
    )
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{entries}</sheets></workbook>'


PLAIN_FONTS = "<fonts><font/><font><strike/></font></fonts>"  # of the styles part: the usual one and one struck out


def _styles_part(looks: list[tuple[str, bool]]) -> str:
    """The styles part with these looks (number format, struck out) behind the plain one."""
    formats = "".join(
        f'<numFmt numFmtId="{163 + number}" formatCode={quoteattr(code)}/>'
        for number, (code, _) in enumerate(looks, start=1)
    )
    styles = "".join(
        f'<xf numFmtId="{163 + number}" fontId="{int(struck)}"/>' for number, (_, struck) in enumerate(looks, start=1)
    )
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(looks)}">{formats}</numFmts>'
        f"{PLAIN_FONTS}"
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
    )


# ---------------------------------------------------------------------------------------- 附件1


Answers = Mapping[str, FormAnswer | tuple[Typed, ...] | Typed]


def assessment_form(answers: Answers, rulebook: Rulebook | None = None, **changes: str) -> bytes:
    """附件1 in the notice's layout, as sent out and filled in. answers: indicator id -> (N, M), N, or a FormAnswer
    with ticks. changes: company, city, county, credit_code or sheet of the entry."""
    filled = {item: _answer_of(answer) for item, answer in answers.items()}
    entry = AssessmentEntry("杭州甲乙机械有限公司", "杭州市", "萧山区", "", "附件1", filled)._replace(**changes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_assessments(path, [entry], rulebook or tested_rulebook())
        return path.read_bytes()


def full_answers(rulebook: Rulebook, **others: FormAnswer | tuple[Typed, ...] | Typed) -> dict[str, object]:
    """A valid answer for every ratio item (N = 2, M = 4; four ticks), some of them replaced by `others`."""
    answers: dict[str, object] = {
        item.id: (2, 4) if item.m == "typed" else 2 for item in rulebook.ratio_indicators if not item.categories
    }
    ticked = {item.id: item.categories[:4] for item in rulebook.ratio_indicators if item.categories}
    answers |= {item: FormAnswer(4, None, dict.fromkeys(categories, "√")) for item, categories in ticked.items()}
    return answers | others


def form_rows(rulebook: Rulebook, answers: Answers) -> tuple[list[list[Cell]], dict[str, int]]:
    """附件1 as bare rows, without merges, for a test to bend, and the row (from 1) in which each item begins.

    Columns: A dimension, B item, C description, D N, E M (or tick, category, tick, category: E to H), I explanation;
    every answer stands in the row under its captions. The header is row 1."""
    rows: list[list[Cell]] = [
        ["评价维度（权重）", "应用类型和指标（权重）", "具体说明", "评分细项", *[None] * 4, "评分解释"]
    ]
    tops: dict[str, int] = {}
    dimensions = {entry.id: entry.label for entry in rulebook.dimensions}
    for item in rulebook.indicators:
        tops[item.id] = len(rows) + 1
        answer = _answer_of(answers.get(item.id))
        captions = [item.n_caption or None, item.m_caption or item.tick_caption or None, None, None, None]
        name = f"{item.label}（{item.points}）"
        rows.append([dimensions[item.dimension], name, item.description, *captions, item.explanation])
        if item.categories:
            half = len(item.categories) // 2
            for number in range(half):
                pair = (item.categories[number], item.categories[number + half])
                ticks = [cell for category in pair for cell in (answer.ticks.get(category), category)]
                rows.append([None, None, None, None if number else answer.n, *ticks, None])
        elif item.kind == "ratio":
            rows.append([None, None, None, answer.n, answer.m, *[None] * 4])
    rows.append(["填表说明：", *[None] * 8])
    return rows, tops


def _answer_of(answer: FormAnswer | tuple[Typed, ...] | Typed) -> FormAnswer:
    if isinstance(answer, FormAnswer):
        return answer
    return FormAnswer(*answer) if isinstance(answer, tuple) else FormAnswer(answer)
