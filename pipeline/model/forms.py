"""The kinds of forms and files, as facts: ids, Chinese names, and what a form of the kind means for a run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FormColumn:
    """One column of a form's own table. phones: phone numbers are shown in it; in any other column they are masked."""

    id: str
    phones: bool = False


@dataclass(frozen=True)
class FormKind:
    """One kind of form.

    id: as in `SheetReading.kind`. label: its Chinese name in lists and counts. name: its Chinese name in a sentence.
    readable: a single sheet of the kind gives a run something to report. provincial: only the province may send it;
    a county's is not read. columns: for a form whose rows are a result as they stand: they become the table
    数据/<id>.csv. Empty for a form whose records are put together with those of other files.
    """

    id: str
    label: str
    name: str
    readable: bool = True
    provincial: bool = False
    columns: tuple[FormColumn, ...] = ()


ASSESSMENT = FormKind("assessment", "附件1", "附件1")
NOMINATION = FormKind("nomination", "附件2", "附件2")
MARKS = FormKind("marks", "专家评分", "专家评分表", provincial=True)
POOL = FormKind("pool", "培育库", "培育库表", provincial=True)
DECISIONS = FormKind("decisions", "人工决定", "人工决定", readable=False)

# In the order in which every list and count names them.
FORM_KINDS = (ASSESSMENT, NOMINATION, MARKS, POOL, DECISIONS)

READABLE_KINDS = frozenset(kind.id for kind in FORM_KINDS if kind.readable)
PROVINCIAL_KINDS = {kind.id: kind for kind in FORM_KINDS if kind.provincial}

# Every kind of file in 收件台账 and its Chinese name: the forms, then the files without one.
FILE_KINDS = {kind.id: kind.label for kind in FORM_KINDS} | {
    "own_output": "本程序的输出",
    "evidence": "佐证材料",
    "archive": "压缩包",
    "unrecognised": "没有认出",
    "unreadable": "读不出",
    "ignored": "不需读取",
}
