"""Texts, pages and mail: what they are and the tables written in them, so that a form that was sent as one of these is
not taken for an evidence file."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import NamedTuple

from pipeline.readers.formats.outlook import read_outlook_mail
from pipeline.readers.intake.sniff import WORKBOOK_NAMES, decoded
from pipeline.readers.sheet.grid import Grid

MAXIMUM_TEXT_BYTES = 8 * 2**20  # of a text; forms are much smaller
MAXIMUM_MAIL_BYTES = 64 * 2**20
MAXIMUM_CELLS = 100_000
WINDOW, STEP = 16, 4  # lines that may be one row of a table whose cells stand one below the other

_MAIL_HEAD = re.compile(
    r"\s*(?:(?:mime-version|content-type|received|return-path|delivered-to|from|to|date|subject|message-id|x-[\w-]+):"
    r"[^\n]*\n(?:[ \t][^\n]*\n)*){2}",
    re.I,
)
_MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<meta|<body|<table|<!--)", re.I)
_CELL_BREAK = re.compile(r"[\t,;|，；｜]| {2,}|\u3000+")
_ROWS, _CELLS = ("tr", "row", "table-row"), ("td", "th", "cell", "table-cell")
_LINES = ("br", "p", "div", "li", "h1", "h2", "h3")

Lines = list[list[str]]  # rows of cells


class Written(NamedTuple):
    """What a text is, in Chinese, the tables in it, and the names of the workbooks attached to a mail."""

    words: str
    grids: tuple[Grid, ...] = ()
    workbooks: tuple[str, ...] = ()


def read_written(content: bytes) -> Written | None:
    """The tables of a text, page or mail; None for other bytes and for texts too large to be a form."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        mail = read_outlook_mail(content)
        return Written("邮件", tuple(_grids(_lines_of_text(mail.text))), _named_workbooks(mail.attachments))
    if content.startswith(b"%PDF") or (b"\0" in content[:64] and not content.startswith((b"\xff\xfe", b"\xfe\xff"))):
        return None
    if content.startswith(b"{\\rtf"):
        return Written("RTF 文档", tuple(_grids(_lines_of_text(_text_of_rtf(content[:MAXIMUM_TEXT_BYTES])))))
    if _MAIL_HEAD.match(content[:4096].decode("latin-1").removeprefix("ï»¿").replace("\r\n", "\n")):
        return _mail(content) if len(content) <= MAXIMUM_MAIL_BYTES else None
    text = decoded(content) if len(content) <= MAXIMUM_TEXT_BYTES else None
    return None if text is None else _page_or_text(text)


def _page_or_text(text: str) -> Written:
    if _MARKUP.match(text):
        words = "XML 表格" if "spreadsheet" in text[:4096] else "网页（HTML）"
        return Written(words, tuple(_grids(_lines_of_page(text))))
    return Written("文本（如 CSV）", tuple(_grids(_lines_of_text(text))))


def _mail(content: bytes) -> Written:
    """A mail or a page saved as one file."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    lines: Lines = []
    names = []
    for part in message.walk():
        if not isinstance(part, EmailMessage) or part.is_multipart():
            continue
        names.append(part.get_filename() or "")
        if part.get_content_maintype() == "text":
            text = _text_of_part(part)
            lines += _lines_of_page(text) if part.get_content_subtype() == "html" else _lines_of_text(text)
    page = str(message.get("Content-Type", "")).startswith("multipart/related") and not message.get("To")
    return Written("单个文件网页（MHT）" if page else "邮件", tuple(_grids(lines)), _named_workbooks(names))


def _named_workbooks(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name.lower().endswith(WORKBOOK_NAMES)))


def _text_of_part(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    return (decoded(content) or content.decode("gb18030", "replace")) if isinstance(content, bytes) else ""


def _lines_of_text(text: str) -> Lines:
    return [[piece.strip().strip('"') for piece in _CELL_BREAK.split(line)] for line in text.splitlines()]


def _text_of_rtf(content: bytes) -> str:
    """The text of an RTF document, cells ended by tabs: bytes are escaped as \\'c7, characters as \\u20225."""
    text = re.sub("[\r\n]", "", decoded(content) or content.decode("latin-1"))
    text = re.sub(r"\\u(-?[0-9]{1,6}) ?(?:\?|(?:\\'..){1,2})?", lambda match: chr(int(match[1]) % 0x10000), text)
    text = re.sub(r"(?:\\'[0-9a-fA-F]{2})+", lambda match: _unescaped(match[0]), text)
    text = re.sub(r"\\cell(?![a-z]) ?", "\t", re.sub(r"\\(?:row|par|line)(?![a-z]) ?", "\n", text))
    return re.sub(r"\\[a-z]+-?[0-9]* ?|[{}]", "", text)


def _unescaped(escapes: str) -> str:
    return bytes.fromhex(escapes.replace("\\'", "")).decode("gb18030", "replace")


def _lines_of_page(text: str) -> Lines:
    page = _Page()
    page.feed(text)
    page.close()
    return page.lines


class _Page(HTMLParser):
    """Gathers the rows and cells of the tables of a page, and its other lines as rows of one cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: Lines = [[""]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = tag.rpartition(":")[2]
        if name in _ROWS:
            self.lines.append([])
        elif name in _CELLS:
            self.lines[-1].append("")
        elif name in _LINES and len(self.lines[-1]) <= 1:
            self.lines.append([""])

    def handle_data(self, data: str) -> None:
        if not self.lines[-1]:
            self.lines[-1].append("")
        self.lines[-1][-1] += data


def _grids(lines: Lines) -> Iterator[Grid]:
    """The rows as one sheet; and, when cells stand one below the other, rows of neighbouring ones as another."""
    yield _grid(lines)
    single = [line[0] for line in lines if len(line) == 1 and line[0].strip()]
    yield _grid([single[start : start + WINDOW] for start in range(0, len(single), STEP)])


def _grid(lines: Iterable[list[str]]) -> Grid:
    grid = Grid("")
    for row, line in enumerate(lines, start=1):
        for column, piece in enumerate(line, start=1):
            if piece.strip():
                grid.cells[row, column] = piece
        if len(grid.cells) > MAXIMUM_CELLS:
            break
    return grid
