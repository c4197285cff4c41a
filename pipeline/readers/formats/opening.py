"""The reader of every workbook format."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.readers.formats.docx import read_docx
from pipeline.readers.formats.encryption import decrypted
from pipeline.readers.formats.ods import read_ods
from pipeline.readers.formats.package import package_kind
from pipeline.readers.formats.xls import read_biff
from pipeline.readers.formats.xlsb import read_xlsb
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Workbook


def _read_encrypted(content: bytes) -> Workbook:
    """A workbook encrypted with Excel's default password; raises PasswordProtected for any other password."""
    opened = decrypted(content)
    if not opened.startswith(b"PK"):
        return read_biff(opened)
    return WORKBOOK_READERS[package_kind(opened) or "ooxml"](opened)


# Format -> its reader, from the bytes of a file. Each raises UnreadableWorkbook or PasswordProtected.
WORKBOOK_READERS: dict[str, Callable[[bytes], Workbook]] = {
    "ooxml": read_workbook,
    "biff": read_biff,
    "xlsb": read_xlsb,
    "ods": read_ods,
    "docx": read_docx,
    "encrypted": _read_encrypted,
}
