"""What workbooks come wrapped in: archives, passwords, Word texts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from msoffcrypto.format.ooxml import OOXMLFile


def archive(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def locked(content: bytes, password: str) -> bytes:
    """A workbook that is encrypted with a password."""
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return target.getvalue()


def word_text(text: str) -> bytes:
    """A Word document of one paragraph."""
    body = f"<w:body><w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:body>"
    document = f'<w:document xmlns:w="{_WORD}">{body}</w:document>'
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()})


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
