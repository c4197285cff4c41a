"""Limits that depend on a file alone, and the errors raised beyond them."""

from __future__ import annotations

import zipfile


def overlapping(entries: list[zipfile.ZipInfo]) -> set[int]:
    """The entries whose stored bytes run into the next one's (a way to make little inflate to much)."""
    found: set[int] = set()
    reach, owner = 0, 0
    for index in sorted(range(len(entries)), key=lambda index: entries[index].header_offset):
        entry = entries[index]
        if entry.header_offset < reach:
            found |= {owner, index}
        end = entry.header_offset + 30 + entry.compress_size
        if end > reach:
            reach, owner = end, index
    return found


MAXIMUM_CELLS = 500_000
MAXIMUM_PIECES = 1_500_000  # rows, and what else stands below worksheet


class UnreadableWorkbook(Exception):
    """The bytes are no workbook that can be read; the text says why, in Chinese."""


class WorkbookTooLarge(UnreadableWorkbook):
    """The workbook is beyond the limits on parts, bytes, ratio or cells."""
