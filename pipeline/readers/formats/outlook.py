"""Mail as Outlook saves it (.msg, MS-OXMSG): an OLE file with a stream for each property."""

from __future__ import annotations

import io
from typing import NamedTuple

import olefile

_PROPERTY = "__substg1.0_"
_BODY, _LONG_NAME, _SHORT_NAME = "1000001f", "3707001f", "3704001f"  # properties of type text


class OutlookMail(NamedTuple):
    """The text of a mail and the names of its attachments; both empty for an OLE file that is no mail."""

    text: str = ""
    attachments: tuple[str, ...] = ()


def read_outlook_mail(content: bytes) -> OutlookMail:
    """The mail in the bytes of an OLE file."""
    text, names = "", []
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            for path in ole.listdir():
                kind = path[-1].lower().removeprefix(_PROPERTY)
                if len(path) == 1 and kind == _BODY:
                    text = ole.openstream(path).read().decode("utf-16-le", "replace")
                elif len(path) == 2 and kind in (_LONG_NAME, _SHORT_NAME):
                    names.append(ole.openstream(path).read().decode("utf-16-le", "replace"))
    except Exception:  # olefile raises exceptions of many classes on a broken file
        return OutlookMail()
    return OutlookMail(text, tuple(names))
