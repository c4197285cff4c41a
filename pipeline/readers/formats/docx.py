"""Reads Word documents (.docx, .docm, .dotx; strict ones too): every table of the text as a sheet.

The parts that are needed go through the door of every package (limits, CRC, no DOCTYPE) first. python-docx then gets a
package of those parts alone, so that it never inflates a picture or meets a relation to the outside.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.package import MAXIMUM_TREE_BYTES, Package, refusing
from pipeline.readers.formats.xml_parts import check_xml
from pipeline.readers.sheet.grid import Workbook

if TYPE_CHECKING:
    from docx.document import Document

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _WORD.encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _OFFICE.encode()),
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_STYLES = f'{_DECLARATION}<w:styles xmlns:w="{_WORD}"/>'.encode()
_TYPES = (
    f'{_DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/{DOCUMENT}" ContentType="{_PARTS}.document.main+xml"/>'
    f'<Override PartName="/{STYLES}" ContentType="{_PARTS}.styles+xml"/></Types>'
)


def read_docx(content: bytes) -> Workbook:
    """The tables in the bytes of a Word document; raises UnreadableWorkbook.

    Grids are named 表 1, 表 2 … in the order of the text; `Workbook.word` tells what else the document holds.
    """
    from docx.opc.exceptions import OpcError

    from pipeline.readers.formats.docx_tables import DocumentTables

    with refusing():
        package = Package(content)
        try:
            document = _opened(package)
            tables = DocumentTables(document.element.body, document.styles.element)
            embedded = any(name.startswith("word/embeddings/") for name in package.entries)
            return Workbook(tables.grids(), package.saved(), package.properties(), tables.facts(embedded))
        except (SyntaxError, OpcError, RecursionError) as error:
            raise UnreadableWorkbook("内部的 XML 已损坏") from error


def _opened(package: Package) -> Document:
    """The document of the parts that hold its text and its styles, and of nothing else."""
    import docx

    text = _part(package, DOCUMENT)
    if text is None:
        raise UnreadableWorkbook("里面没有 Word 文档的正文")
    parts = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _relation("officeDocument", DOCUMENT),
        DOCUMENT: text,
        "word/_rels/document.xml.rels": _relation("styles", "styles.xml"),
        STYLES: _part(package, STYLES) or _NO_STYLES,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as stripped:
        for name, part in parts.items():
            stripped.writestr(zipfile.ZipInfo(name), part)
    try:
        return docx.Document(buffer)
    except SyntaxError as error:  # lxml: the parts are well formed, but its parser has limits of its own
        raise WorkbookTooLarge("有的一段文字太长，或一层套一层太多") from error


def _part(package: Package, name: str) -> bytes | None:
    """A part whose XML is well formed, in the names of transitional OOXML; None without such a part."""
    part = package.read(name)
    if part is None:
        return None
    if len(part) > MAXIMUM_TREE_BYTES:
        raise WorkbookTooLarge(f"部件解压后有 {len(part) // 2**20} MB")
    check_xml(part)
    for strict, transitional in _STRICT:
        part = part.replace(strict, transitional)
    return part


def _relation(kind: str, target: str) -> bytes:
    return (
        f'{_DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    ).encode()
