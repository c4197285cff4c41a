"""forms: writes the blank forms into a folder and never replaces a form that somebody filled in."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import FORM_PROPERTY
from pipeline.writers.forms.blank_assessment import write_blank_assessment
from pipeline.writers.forms.blank_marks import write_blank_marks
from pipeline.writers.forms.blank_nomination import write_blank_nomination
from pipeline.writers.forms.blank_office import write_blank_decisions, write_blank_pool
from pipeline.writers.publishing.failures import explained, locked

_BUILDING = ".空白表.新"  # the folder in which the forms are made
_SAVED = re.compile(r"<dcterms:(created|modified)[^>]*>([^<]*)<")


class FormsRefused(Refused):
    """The folder holds a file that a blank form would replace, or is no folder."""


def write_forms(folder: Path, rulebook: Rulebook) -> list[str]:
    """Writes every blank form into `folder` and returns their names. Replaces only blank forms that nobody has saved
    since; raises FormsRefused, and writes nothing, when a file of such a name is anything else. Raises PublishBusy or
    PublishFailed when the forms cannot be written; no form is left half written."""
    if folder.exists() and not folder.is_dir():
        raise FormsRefused(f"“{folder}”是一个文件，不是文件夹，请换一个位置。")
    taken = next((name for name in BLANK_FORMS if _is_taken(folder / name)), "")
    if taken:
        raise FormsRefused(f"“{folder}”里已有“{taken}”，不是没有填过的空白表，没有写入。请把它移走，或换一个文件夹。")
    folder = folder.resolve()
    with explained(folder), locked(folder):
        unfinished = folder / _BUILDING
        shutil.rmtree(unfinished, ignore_errors=True)  # left by a run that was killed
        unfinished.mkdir(parents=True)
        try:
            for name, write in BLANK_FORMS.items():
                write(unfinished / name, rulebook)
            for name in BLANK_FORMS:
                (unfinished / name).replace(folder / name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return list(BLANK_FORMS)


def _is_taken(path: Path) -> bool:
    """True unless `path` is free or a blank form as it was written: a program that saves one changes its time of saving."""
    if not path.exists() and not path.is_symlink():
        return False
    if path.is_symlink() or not path.is_file():
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            stamp = archive.read("docProps/custom.xml").decode("utf-8", "replace")
            saved = dict(_SAVED.findall(archive.read("docProps/core.xml").decode("utf-8", "replace")))
    except (OSError, KeyError, zipfile.BadZipFile):
        return True
    return f'name="{FORM_PROPERTY}"' not in stamp or saved.get("created") != saved.get("modified") or not saved


BLANK_FORMS: dict[str, Callable[[Path, Rulebook], None]] = {
    "附件1_云上企业评估表.xlsx": write_blank_assessment,
    "附件2_云上企业推荐排序表.xlsx": write_blank_nomination,
    "专家评分表.xlsx": write_blank_marks,
    "培育库.xlsx": write_blank_pool,
    WORKBOOK_NAME: write_blank_decisions,
}
