"""The files that say something of one company, and the short names by which a decision chooses one of them.

A short name is the file's name, with as many folders as tell it from the company's other files, the form that the file
holds and a few letters that come from its bytes: 甲（新）.xlsx（附件1，KHBFMDAE）. The letters are what decides, so that a file
may be moved or renamed; a file whose bytes were changed is another one, about which somebody has to decide again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.display import printable
from pipeline.model.names import seen_of

ASSESSMENT, NOMINATION = "附件1", "附件2"

# Letters instead of hexadecimal digits: eight digits in a row would be taken for a phone number.
_LETTERS = str.maketrans("0123456789abcdef", "ABCDEFGHJKLMNPQR")
_FINGERPRINT = 8  # letters
_SHORT = re.compile(
    rf"(?P<name>.*)[（(](?P<form>{ASSESSMENT}|{NOMINATION})[，,](?P<letters>[A-HJ-NP-R]{{{_FINGERPRINT}}})[）)]",
    re.DOTALL,
)


class CompanyFile(NamedTuple):
    """A file with a form (附件1) or a row (附件2) of a company. path: inside the input."""

    path: str
    form: str
    sha256: str

    @property
    def letters(self) -> str:
        """The letters that come from its bytes."""
        return self.sha256[:_FINGERPRINT].translate(_LETTERS)


class FileName(NamedTuple):
    """How a decision names a file: by a path or the end of one, and in a short name by the form and the letters too."""

    name: str
    form: str = ""
    letters: str = ""

    @classmethod
    def of(cls, text: str) -> FileName:
        """What was chosen or typed."""
        if short := _SHORT.fullmatch(text.strip()):
            return cls(short["name"], short["form"], short["letters"])
        return cls(text.strip())


class Choice(NamedTuple):
    """What a name means among a company's files: the path of the one that it fits, else why it fits none, in Chinese."""

    path: str = ""
    problem: str = ""


def short_names(files: Sequence[CompanyFile]) -> list[str]:
    """One short name for each of a company's files, in their order; two of them are equal for copies of one file only."""
    return [f"{_name_among(file, files)}（{file.form}，{file.letters}）" for file in files]


def chosen_of(name: FileName, files: Iterable[CompanyFile]) -> Choice:
    """The one of a company's files that a name means. Never one of several: a name that fits more than one is refused."""
    files = [file for file in files if name.form in ("", file.form)]
    named = [file for file in files if _ends_with(file.path, name.name)]
    if name.letters:
        same = [file for file in files if file.letters == name.letters]
        fitting = [file for file in same if file in named] or same
        if not fitting and named:
            return Choice(problem="选定以后，这个文件的内容换过了")
    else:
        fitting = [file for file in named if _comparable(file.path) == _wanted(name.name)] or named
    paths = list(dict.fromkeys(file.path for file in fitting))
    if len(paths) == 1:
        return Choice(paths[0])
    if paths:
        shown = listed((mask_phones(path) for path in paths), unit="个")
        return Choice(problem=f"对得上 {len(paths)} 个文件（{shown}），看不出是哪一个")
    return Choice(problem="在这家企业的材料里找不到这个文件")


def may_mean(name: FileName, path: str, sha256: str) -> bool:
    """True for a file that a name could mean, whosever it is."""
    if name.letters and name.letters != CompanyFile(path, name.form, sha256).letters:
        return False
    return bool(name.letters) or _ends_with(path, name.name)


def _name_among(file: CompanyFile, files: Iterable[CompanyFile]) -> str:
    """The shortest end of the path, from a folder's or the file's name on, that no other path of the company has."""
    others = {other.path for other in files} - {file.path}
    pieces = file.path.split("/")
    ends = ("/".join(pieces[start:]) for start in range(len(pieces) - 1, -1, -1))
    name = next((end for end in ends if not any(_ends_with(other, end) for other in others)), file.path)
    return " ".join(mask_phones(printable(name)).split())


def _ends_with(path: str, name: str) -> bool:
    """True when the path is `name`, or ends with it behind a folder; as it is spelled or as it is shown."""
    wanted, lies_at = _wanted(name), _comparable(path)
    return bool(wanted) and (lies_at == wanted or lies_at.endswith(f"/{wanted}"))


def _wanted(name: str) -> str:
    return _comparable(name.replace("\\", "/").strip("/"))


def _comparable(path: str) -> str:
    return "/".join(seen_of(piece) for piece in mask_phones(printable(path)).split("/"))
