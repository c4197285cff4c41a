"""forms: writes the blank forms into a folder and never replaces a form that somebody filled in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Rulebook
from pipeline.writers.forms.blank_assessment import write_blank_assessment
from pipeline.writers.forms.blank_marks import write_blank_marks
from pipeline.writers.forms.blank_nomination import write_blank_nomination
from pipeline.writers.forms.blank_office import write_blank_decisions, write_blank_pool
from pipeline.writers.forms.word_form import write_blank_word_assessment
from pipeline.writers.publishing.failures import explained, locked
from pipeline.writers.publishing.inputs import refuse_inputs, refuse_inside_inputs
from pipeline.writers.publishing.proof import is_blank_form
from pipeline.writers.publishing.single_file import made_beside, put_in_place
from pipeline.writers.publishing.targets import check_folder


class FormsRefused(Refused):
    """The folder holds a file that a blank form would replace."""


def write_forms(folder: Path, rulebook: Rulebook) -> list[str]:
    """Writes every blank form into `folder` and returns their names. Replaces only blank forms that nobody has saved
    since; raises FormsRefused, and writes nothing, when a file of such a name is anything else, and PublishRefused when
    no forms belong there. Raises PublishBusy or PublishFailed when the forms cannot be written; no form is left half
    written."""
    checked = check_folder(folder)
    with explained(checked):
        taken = next((name for name in BLANK_FORMS if _is_taken(checked / name)), "")
        if taken:
            raise _refused(folder, taken)
        refuse_inputs(checked, is_blank_form)
        refuse_inside_inputs(checked, rulebook)
        with locked(checked):
            checked.mkdir(parents=True, exist_ok=True)
            for name, write in BLANK_FORMS.items():
                with made_beside(checked / name) as made:
                    write(made, rulebook)
                    if not put_in_place(made, checked / name, is_blank_form):
                        raise _refused(folder, name)
    return list(BLANK_FORMS)


def _refused(folder: Path, name: str) -> FormsRefused:
    return FormsRefused(f"“{folder}”里已有“{name}”，不是没有填过的空白表，没有写入。请把它移走，或换一个文件夹。")


def _is_taken(path: Path) -> bool:
    return os.path.lexists(path) and not is_blank_form(path)


BLANK_FORMS: dict[str, Callable[[Path, Rulebook], None]] = {
    "附件1_云上企业评估表.xlsx": write_blank_assessment,
    "附件2_云上企业推荐排序表.xlsx": write_blank_nomination,
    "专家评分表.xlsx": write_blank_marks,
    "培育库.xlsx": write_blank_pool,
    WORKBOOK_NAME: write_blank_decisions,
    "附件1_云上企业评估表.docx": write_blank_word_assessment,
}
