"""OLE files (.xls, .et, .doc, encrypted workbooks): what one contains, and decryption with Excel's default password."""

from __future__ import annotations

import io
import re

import msoffcrypto
import olefile

# Excel encrypts a workbook with this published password when it is protected without a password to open it.
DEFAULT_PASSWORD = "VelvetSweatshop"
MAXIMUM_SPINS = 1_000_000  # rounds of hashing the password; Excel uses 100,000
_SPINS = re.compile(rb"spinCount\s*=\s*[\"']0*([0-9]+)")


class PasswordProtected(Exception):
    """The file needs a password that only its author knows."""


def kind_of_ole(content: bytes) -> str:
    """The kind of an OLE file: encrypted (an OOXML file with a password), locked (with rights that a server grants),
    biff (.xls, .et), word, mail (.msg) or other."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            streams = {"/".join(name).lower() for name in ole.listdir()}
    except Exception:  # olefile raises exceptions of many classes on a broken file
        return "other"
    if any("drmencrypted" in name or "drmcontent" in name for name in streams):
        return "locked"
    if "encryptedpackage" in streams:
        return "encrypted"
    if streams & {"workbook", "book"}:
        return "biff"
    if "__properties_version1.0" in streams:
        return "mail"
    return "word" if "worddocument" in streams else "other"


def decrypted(content: bytes) -> bytes:
    """The decrypted bytes of a workbook encrypted with the default password; raises PasswordProtected when another
    password, an unknown method or damage prevents that."""
    opened = io.BytesIO()
    try:
        if _takes_long(content):
            raise PasswordProtected
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(password=DEFAULT_PASSWORD)
        file.decrypt(opened)
    except Exception as error:  # msoffcrypto has no common class for these errors
        raise PasswordProtected from error
    return opened.getvalue()


def _takes_long(content: bytes) -> bool:
    """True when the file asks for so many rounds of hashing that trying one password would take minutes."""
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        description = ole.openstream("EncryptionInfo").read() if ole.exists("EncryptionInfo") else b""
    return any(len(spins) > 9 or int(spins) > MAXIMUM_SPINS for spins in _SPINS.findall(description))
