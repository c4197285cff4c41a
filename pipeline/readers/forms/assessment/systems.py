"""系统清单 beside an 附件1: the systems a company lists, counted by kind and compared with its N and M (填表说明 2（2）)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_figure
from pipeline.model.display import number_text
from pipeline.model.form_checks import COUNT_DIFFERS, category_spellings, counted_indicators
from pipeline.model.records import Assessment, FileReading, Reading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import is_blank, label_of
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.headers import HeaderReader, names_of

_COLUMNS = names_of(
    [
        ("name", ("系统名称", "系统")),
        ("category", ("类别", "系统类别", "分类")),
        ("on_cloud", ("是否上云", "上云", "是否云上")),
    ]
)


@dataclass
class SystemList:
    """The systems of one list.

    listed: indicator id → how many systems. on_cloud: indicator id → how many of them on the cloud. unclear: how many
    systems have a 类别 or 是否上云 that cannot be understood; they are in neither count.
    """

    listed: Counter[str] = field(default_factory=Counter)
    on_cloud: Counter[str] = field(default_factory=Counter)
    unclear: int = 0

    @property
    def count(self) -> int:
        """How many systems the list holds."""
        return self.listed.total() + self.unclear

    @property
    def remark(self) -> str:
        """The remark on the list in 收件台账, "" for a list without entries."""
        if not self.count:
            return ""
        unclear = f"，其中 {self.unclear} 个没有写明类别或是否上云，或写的看不懂，没有核对" if self.unclear else ""
        return f"系统清单列了 {self.count} 个系统{unclear}"


def read_systems(sheet: Sheet) -> SystemList | None:
    """The systems on a sheet with 系统名称, 类别 and 是否上云; None for any other sheet."""
    header = HeaderReader(sheet.grid, _COLUMNS)
    for row in sheet.grid.rows:
        columns = header.columns(row)
        if len(columns) == len(set(_COLUMNS.values())):
            return _counted(sheet, row, columns)
    return None


def _counted(sheet: Sheet, header_row: int, columns: dict[str, int]) -> SystemList:
    """The systems in the rows below the header; one that is struck out is none."""
    grid, lexicon = sheet.grid, sheet.lexicon
    kinds = {
        label_of(spelling): item.id
        for item in counted_indicators(lexicon.rulebook)
        for spelling in category_spellings(item.label)
    }
    systems = SystemList()
    for row in grid.rows:
        name, category, on_cloud = (
            grid.sure_text_at((row, columns[part])) for part in ("name", "category", "on_cloud")
        )
        if row <= header_row or is_blank(name):
            continue
        kind = kinds.get(label_of(category), "")
        ticked = lexicon.values.tick(on_cloud)
        if not kind or ticked is None or is_blank(on_cloud):
            systems.unclear += 1
            continue
        systems.listed[kind] += 1
        systems.on_cloud[kind] += ticked
    return systems


def compare_with_form(reading: FileReading, systems: Iterable[SystemList], rulebook: Rulebook) -> None:
    """Compares a file's lists with its one form, adds the issues to the form and the lists' remarks to the file.

    With several companies' forms in the file it is not clear whose systems they are; nothing is compared then.
    """
    filled = [entry for entry in systems if entry.remark]
    if not filled:
        return
    reading.systems = sum(entry.count for entry in filled)
    forms = [(sheet, form) for sheet in reading.sheets for form in sheet.assessments]
    remarks = [entry.remark for entry in filled]
    if len(forms) == 1:
        sheet, form = forms[0]
        sheet.assessments[:] = [replace(form, issues=(*form.issues, *differences(form, filled, rulebook)))]
    elif forms:
        remarks.append(f"文件里有 {len(forms)} 家企业的附件1，系统清单没有核对")
    reading.remark = "；".join(filter(None, (reading.remark, *remarks)))


def differences(form: Assessment, systems: Sequence[SystemList], rulebook: Rulebook) -> tuple[Issue, ...]:
    """One X18, at the first of them, for every N and M that differ from the filled lists' counts; none for lists with
    unclear systems."""
    if form.blank or any(entry.unclear for entry in systems):
        return ()
    answers = {answer.indicator: answer for answer in form.answers}
    different: list[tuple[Reading, str]] = []
    for item in counted_indicators(rulebook):
        answer = answers[item.id]
        listed = sum(entry.listed[item.id] for entry in systems)
        on_cloud = sum(entry.on_cloud[item.id] for entry in systems)
        for part, reading, count in (("N", answer.n, on_cloud), ("M", answer.m, listed)):
            if reading.value is not None and COUNT_DIFFERS.rule(count=count, typed=reading.value):
                typed = mask_figure(reading.raw) or number_text(reading.value)
                text = f"{item.label} {part}（{reading.where.cell}）填「{typed}」、清单 {count} 个"
                different.append((reading, text))
    if not different:
        return ()
    items = "；".join(text for _, text in different)
    return (Issue(COUNT_DIFFERS.code, different[0][0].where, facts={"items": items}),)
