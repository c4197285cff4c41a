"""The reader of every workbook format."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.readers.formats.blind import read_blind
from pipeline.readers.formats.encryption import decrypted
from pipeline.readers.formats.xls import read_biff
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Workbook


def _read_encrypted(content: bytes) -> Workbook:
    """A workbook encrypted with Excel's default password; raises PasswordProtected for any other password."""
    opened = decrypted(content)
    return read_workbook(opened) if opened.startswith(b"PK") else read_biff(opened)


# Format -> its reader, from the bytes of a file. Each raises UnreadableWorkbook or PasswordProtected.
WORKBOOK_READERS: dict[str, Callable[[bytes], Workbook]] = {
    "ooxml": read_workbook,
    "biff": read_biff,
    "blind": read_blind,
    "encrypted": _read_encrypted,
}
