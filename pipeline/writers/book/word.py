"""Word documents: paragraphs, properties and the package around them. The same content gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pipeline.model.display import printable

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = "application/vnd.openxmlformats-officedocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MADE_BY = "“云上企业”汇总程序"


class WordLook(NamedTuple):
    """How a text looks. size: half points."""

    font: str = "仿宋"
    size: int = 18
    align: str = "center"
    bold: bool = False
    fill: str = ""


class WordText(NamedTuple):
    """What a document holds besides its body: its title, the day it is dated (ISO), the font of what names none, and its own
    properties. footer: paragraphs."""

    title: str
    day: str
    font: str
    stamps: Mapping[str, str]
    footer: str


def write_word(path: Path, body: str, text: WordText) -> None:
    """Writes a document. body: the XML within w:body, with a w:sectPr that refers to the footer as rId2."""
    spaces = f'xmlns:w="{W}" xmlns:r="{OFFICE}/relationships"'
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _package_relations(),
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _document_relations(),
        "word/styles.xml": _styles(text.font),
        "word/footer1.xml": f'<w:ftr xmlns:w="{W}">{text.footer}</w:ftr>',
        "docProps/core.xml": _core(text),
        "docProps/custom.xml": _custom(text.stamps),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            package.writestr(member, (_HEAD + content).encode())


def paragraph(text: str, look: WordLook, before: int = 0, after: int = 0) -> str:
    """A paragraph in one look; its lines are kept. before, after: space around it in twentieths of a point."""
    drawn = drawn_as(look)
    spacing = f'<w:spacing w:before="{before}" w:after="{after}"/>' if before or after else ""
    properties = f'<w:pPr>{spacing}<w:jc w:val="{look.align}"/><w:rPr>{drawn}</w:rPr></w:pPr>'
    return f"<w:p>{properties}{word_run(text, look)}</w:p>"


def set_paragraph(runs: Sequence[tuple[str, WordLook]], pitch: int, indent: int = 0) -> str:
    """A paragraph of several looks, aligned as the first, its lines exactly `pitch` points apart. indent: of its first line,
    in hundredths of a character."""
    first = f'<w:ind w:firstLineChars="{indent}" w:firstLine="{indent * runs[0][1].size // 20}"/>' if indent else ""
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{20 * pitch}" w:lineRule="exact"/>'
    properties = f'<w:pPr><w:snapToGrid w:val="0"/>{spacing}{first}<w:jc w:val="{runs[0][1].align}"/></w:pPr>'
    return f"<w:p>{properties}{''.join(word_run(text, look) for text, look in runs)}</w:p>"


def word_run(text: str, look: WordLook) -> str:
    """A run; "" without text. A line break is one in the document too; what is not printable is left out."""
    pieces = (line for line in printable(text).split("\n") if line)
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in pieces)
    return f"<w:r><w:rPr>{drawn_as(look)}</w:rPr>{lines}</w:r>" if lines else ""


def drawn_as(look: WordLook) -> str:
    """The properties of a run."""
    fonts = f'<w:rFonts w:ascii="{look.font}" w:eastAsia="{look.font}" w:hAnsi="{look.font}" w:hint="eastAsia"/>'
    return f'{fonts}{"<w:b/>" if look.bold else ""}<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/>'


def _styles(font: str) -> str:
    fonts = (
        f'<w:rFonts w:ascii="{font}" w:eastAsia="{font}" w:hAnsi="{font}" w:cs="Times New Roman"/>'
        '<w:lang w:eastAsia="zh-CN"/>'
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}</w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>{normal}</w:styles>"
    )


def _core(text: WordText) -> str:
    day = f"{text.day}T00:00:00Z"
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(text.title)}</dc:title><dc:creator>{_MADE_BY}</dc:creator>"
        f"<cp:lastModifiedBy>{_MADE_BY}</cp:lastModifiedBy>{times}</cp:coreProperties>"
    )


def _custom(stamps: Mapping[str, str]) -> str:
    kind = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
    entries = "".join(
        f'<property fmtid="{kind}" pid="{number}" name={quoteattr(name)}><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(sorted(stamps.items()), start=2)
    )
    spaces = f'xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"'
    return f"<Properties {spaces}>{entries}</Properties>"


def _content_types() -> str:
    kinds = {
        "/word/document.xml": f"{_PARTS}.wordprocessingml.document.main+xml",
        "/word/styles.xml": f"{_PARTS}.wordprocessingml.styles+xml",
        "/word/footer1.xml": f"{_PARTS}.wordprocessingml.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": f"{_PARTS}.custom-properties+xml",
    }
    parts = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    text = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{relations}{text}{parts}</Types>'


def _package_relations() -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    kinds = [
        (f"{OFFICE}/relationships/officeDocument", "word/document.xml"),
        (core, "docProps/core.xml"),
        (f"{OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
    ]
    return _relations(kinds)


def _document_relations() -> str:
    kinds = [("styles", "styles.xml"), ("footer", "footer1.xml")]
    return _relations((f"{OFFICE}/relationships/{kind}", target) for kind, target in kinds)


def _relations(kinds: Iterable[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(kinds, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'
