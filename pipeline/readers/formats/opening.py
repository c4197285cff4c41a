"""Opening a workbook of any supported format."""

from __future__ import annotations

from pipeline.readers.formats.blind import read_blind
from pipeline.readers.formats.encryption import decrypted
from pipeline.readers.formats.xls import read_biff
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Workbook


def _opened_with_default_password(content: bytes) -> Workbook:
    opened = decrypted(content)
    return read_workbook(opened) if opened.startswith(b"PK") else read_biff(opened)


WORKBOOK_READERS = {
    "ooxml": read_workbook,
    "biff": read_biff,
    "blind": read_blind,
    "encrypted": _opened_with_default_password,
}
