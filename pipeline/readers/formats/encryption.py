"""OLE files (.xls, .et, .doc, encrypted workbooks): what they hold, opened with Excel's own default password if need be."""

from __future__ import annotations

import io
import re

import msoffcrypto
import olefile

# A workbook that Excel "protects" without asking for a password is encrypted with this one; every program knows it.
DEFAULT_PASSWORD = "VelvetSweatshop"
MAXIMUM_SPINS = 1_000_000  # how often the password is hashed; Excel does it a hundred thousand times
_SPINS = re.compile(rb"spinCount\s*=\s*[\"']0*([0-9]+)")


class PasswordProtected(Exception):
    """The file needs a password that only its author knows."""


def kind_of_ole(content: bytes) -> str:
    """What an OLE file is: encrypted (an OOXML file behind a password), biff, word or other."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            streams = {"/".join(name) for name in ole.listdir()}
    except Exception:  # a broken file makes olefile raise many things, all meaning that it holds nothing we know
        return "other"
    if "EncryptedPackage" in streams:
        return "encrypted"
    if streams & {"Workbook", "Book"}:
        return "biff"
    return "word" if "WordDocument" in streams else "other"


def decrypted(content: bytes) -> bytes:
    """The bytes of a workbook that is encrypted with the default password; raises PasswordProtected for any other."""
    opened = io.BytesIO()
    try:
        if _takes_long(content):
            raise PasswordProtected
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(password=DEFAULT_PASSWORD)
        file.decrypt(opened)
    except Exception as error:  # wrong password, unknown method, broken file: in each case it stays closed
        raise PasswordProtected from error
    return opened.getvalue()


def _takes_long(content: bytes) -> bool:
    """True when trying a single password is made to take minutes."""
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        described = ole.openstream("EncryptionInfo").read() if ole.exists("EncryptionInfo") else b""
    return any(len(spins) > 9 or int(spins) > MAXIMUM_SPINS for spins in _SPINS.findall(described))
