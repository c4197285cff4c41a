"""Limits on the size of a workbook, and the errors of a file that cannot be read."""

from __future__ import annotations

import zipfile

MAXIMUM_CELLS = 500_000  # cells with something in them, of a whole workbook
MAXIMUM_PIECES = 1_500_000  # elements of one part that are read one at a time, such as rows


class UnreadableWorkbook(Exception):
    """The file is no workbook that can be read. The text is the reason, in Chinese."""


class WorkbookTooLarge(UnreadableWorkbook):
    """The workbook exceeds a limit: parts, bytes, compression ratio, cells or length of a text."""


def overlapping(entries: list[zipfile.ZipInfo]) -> set[int]:
    """Indexes of the zip entries whose stored bytes overlap those of another entry (a zip bomb shares them)."""
    overlaps: set[int] = set()
    reach, owner = 0, 0
    for index in sorted(range(len(entries)), key=lambda index: entries[index].header_offset):
        entry = entries[index]
        if entry.header_offset < reach:
            overlaps |= {owner, index}
        end = entry.header_offset + 30 + entry.compress_size
        if end > reach:
            reach, owner = end, index
    return overlaps
