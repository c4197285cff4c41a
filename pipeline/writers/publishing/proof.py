"""What a file says of itself: whether it is one of ours, and still as this program wrote it.

Only such files are ever replaced or removed where no manifest vouches for them. A program that saves a workbook changes
its time of saving, which in ours is that of its making."""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pipeline.machine.regular_files import NotRegular, is_regular, opened
from pipeline.model.stamps import (
    CITY_LIST_PROPERTY,
    DEMO_PROPERTY,
    EXPERT_PROPERTY,
    FORM_PROPERTY,
    LIST_SHEET,
    OUTPUT_PROPERTY,
    PAGE_GENERATOR,
)
from pipeline.writers.publishing.csv_files import DATA_FOLDER

LARGEST_WORKBOOK = 512 * 2**20  # bytes; far more than any that this program writes
_LARGEST_LIST = 2**20  # bytes that list the parts of a workbook; of each part about a hundred
_LARGEST_PART = 2**20  # bytes of one of _PARTS, inflated
_LARGEST_TEXTS = 2**23  # bytes of a workbook's texts, inflated
_BOOK, _TEXT = "xl/workbook.xml", "word/document.xml"
_DATES = "docProps/core.xml"
_PARTS = (_DATES, "docProps/custom.xml", _BOOK)
_HEAD = 4096  # bytes at the start of a page that hold its title and generator

_PACKED, _PACKED_END = b"PK", b"PK\x05\x06"  # with nothing packed the end is the beginning
_END_BYTES, _LONGEST_COMMENT = 22, 2**16
_PAGE_BEGINNING = b'<!DOCTYPE html>\n<html lang="zh-CN">'
_SHORT_PAGE = 512  # bytes; a page that broke off before it named its maker
_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}")
_TABLES, _ARCHIVE, _MADE = (".csv", ".json"), ".zip", (".xlsx", ".docx", ".html")

_SAVED = re.compile(r"<dcterms:(created|modified)[^>]*>([^<]*)<")
_TITLE = re.compile(r"<dc:title>([^<]*)<")
_SHEETS = re.compile(r'<sheet\b[^>]*? name="([^"]*)"')
_NAMES = re.compile(r'\bname="([^"]*)"')

# What zipfile raises for an archive that is damaged or was made to hurt.
_BROKEN = (KeyError, ValueError, RuntimeError, EOFError, OverflowError, zipfile.BadZipFile, zlib.error, struct.error)


class Document(NamedTuple):
    """The properties of a workbook or Word document: its title, its own properties and its sheets by name, whether nobody
    has saved it since it was made, and whether it says nothing of when it was made or saved."""

    title: str
    properties: frozenset[str]
    sheets: frozenset[str]
    untouched: bool
    undated: bool = False


def document_of(path: Path) -> Document | None:
    """The properties of the workbook at `path`; None for a link, for anything but a whole workbook and for one without
    properties. Raises OSError when the system refuses to show it."""
    try:
        with opened(path, LARGEST_WORKBOOK) as file:
            if not 0 < _list_bytes(file) <= _LARGEST_LIST:
                return None
            core, custom, book = _parts(file)
    except (NotRegular, FileNotFoundError, NotADirectoryError, *_BROKEN):
        return None
    saved = dict(_SAVED.findall(core))
    title = _TITLE.search(core)
    untouched = bool(saved) and saved.get("created") == saved.get("modified")
    return Document(
        title[1] if title else "",
        frozenset(_NAMES.findall(custom)),
        frozenset(_SHEETS.findall(book)),
        untouched,
        not saved,
    )


def shared_texts(path: Path) -> str:
    """The texts of the workbook at `path` that its sheets share, as they stand in XML; "" where they cannot be had."""
    try:
        with opened(path, LARGEST_WORKBOOK) as file:
            if 0 < _list_bytes(file) <= _LARGEST_LIST:
                with zipfile.ZipFile(file) as archive, archive.open("xl/sharedStrings.xml") as texts:
                    return texts.read(_LARGEST_TEXTS).decode("utf-8", "replace")
    except (NotRegular, OSError, *_BROKEN):
        pass
    return ""


def _list_bytes(file: BinaryIO) -> int:
    """The bytes that the list of a zip's entries says it has; 0 for a file that is no whole zip."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT))
    tail = file.read()
    end = tail[tail.rfind(_PACKED_END) :] if _PACKED_END in tail else b""
    return int(struct.unpack_from("<L", end, 12)[0]) if len(end) >= _END_BYTES else 0


def _parts(file: BinaryIO) -> list[str]:
    """The texts of _PARTS, "" for that of the sheets in a Word document and for dates that a workbook lacks; raises one of
    _BROKEN."""
    with zipfile.ZipFile(file) as archive:
        texts = []
        names = set(archive.namelist())
        for part in _PARTS:
            if part not in names and (part == _DATES or (part == _BOOK and _TEXT in names)):
                texts.append("")
                continue
            if archive.getinfo(part).file_size > _LARGEST_PART:
                raise ValueError(part)
            texts.append(archive.read(part).decode("utf-8"))
    return texts


def is_blank_form(path: Path) -> bool:
    """True for a blank form in which nobody has saved anything. An expert's pack, a form of the made-up province and a copy
    that was marked for a county are forms too, but not blank."""
    document = document_of(path)
    if document is None or not document.untouched or LIST_SHEET in document.sheets:
        return False
    return FORM_PROPERTY in document.properties and not document.properties & {DEMO_PROPERTY, EXPERT_PROPERTY}


def is_sample(path: Path) -> bool:
    """True for a form of the made-up province in which nobody has saved anything."""
    document = document_of(path)
    return document is not None and document.untouched and {DEMO_PROPERTY, FORM_PROPERTY} <= document.properties


def is_result(path: Path, title: str) -> bool:
    """True for a page, or a workbook that nobody has saved since, of this program with this title."""
    document = document_of(path)
    if document:
        return document.title.startswith(title) and OUTPUT_PROPERTY in document.properties and document.untouched
    head = _head_of(path) or b""
    return f'name="generator" content="{PAGE_GENERATOR}"'.encode() in head and f"<title>{title}".encode() in head


def parts_of(path: Path) -> dict[str, int]:
    """The parts of the workbook at `path` and the bytes each says it has once inflated; none for what is no whole workbook.
    Raises OSError."""
    try:
        with opened(path, LARGEST_WORKBOOK) as file:
            if 0 < _list_bytes(file) <= _LARGEST_LIST:
                with zipfile.ZipFile(file) as archive:
                    return {part.filename: part.file_size for part in archive.infolist()}
    except (NotRegular, FileNotFoundError, NotADirectoryError, *_BROKEN):
        pass
    return {}


def is_half_written(path: Path) -> bool:
    """True for what a run that broke off can have left of a page or workbook: nothing, its beginning, or all of it."""
    document = document_of(path)
    if document:
        ours = bool(document.properties & {OUTPUT_PROPERTY, CITY_LIST_PROPERTY, FORM_PROPERTY})
        return ours and (document.untouched or document.undated)  # a marked copy of an undated workbook has no dates
    return (_begins(path, _PACKED) and not {_BOOK, _TEXT} & parts_of(path).keys()) or _is_page(path)


def _is_page(path: Path) -> bool:
    head = _head_of(path) or b""
    by_us = "汇总程序".encode() in head or len(head) < _SHORT_PAGE
    return bool(head) and by_us and head[: len(_PAGE_BEGINNING)] == _PAGE_BEGINNING[: len(head)]


def is_half_built(folder: Path, name: str) -> bool:
    """True for what a run that broke off can have left of the file `name` in the folder of results it was building."""
    path = folder / name
    if path.suffix in _TABLES:
        return path.parent == folder / DATA_FOLDER and is_regular(path)
    if path.suffix == _ARCHIVE:  # a folder that is handed back, beside the folder or in it
        return (path.with_suffix("").is_dir() or path.stem == path.parent.name) and _begins(path, _PACKED)
    if _TEMPORARY.fullmatch(path.name):  # the parts of a workbook, before they are packed
        return _begins(path, b"<")
    return path.suffix in _MADE and is_half_written(path)


def _begins(path: Path, beginning: bytes) -> bool:
    """True for a regular file that is empty, or begins like this as far as it goes."""
    head = _head_of(path)
    return head is not None and head[: len(beginning)] == beginning[: len(head)]


def _head_of(path: Path) -> bytes | None:
    """The beginning of a regular file; None for anything else."""
    try:
        with opened(path, LARGEST_WORKBOOK) as file:
            return file.read(_HEAD)
    except (NotRegular, FileNotFoundError, NotADirectoryError):
        return None
