"""系统清单 beside an 附件1: the systems a company lists, counted by kind and held against its N and M (填表说明 2（2）)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.issues.issue import Issue
from pipeline.model.display import number_text
from pipeline.model.form_checks import COUNT_DIFFERS, category_spellings, counted_indicators
from pipeline.model.records import Assessment, FileReading, Reading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import is_blank, label_of
from pipeline.readers.sheet.grid import Grid
from pipeline.readers.sheet.headers import HeaderReader, names_of
from pipeline.readers.values.lexicon import Readers

_COLUMNS = names_of(
    [
        ("name", ("系统名称", "系统")),
        ("category", ("类别", "系统类别", "分类")),
        ("on_cloud", ("是否上云", "上云", "是否云上")),
    ]
)


@dataclass
class SystemList:
    """The systems of one workbook. listed: by indicator id, how many; on_cloud: how many of them on the cloud; unclear:
    systems whose category or 是否上云 nobody can tell, which are in neither."""

    listed: Counter[str] = field(default_factory=Counter)
    on_cloud: Counter[str] = field(default_factory=Counter)
    unclear: int = 0

    @property
    def remark(self) -> str:
        """What 收件台账 says of the list; "" when nobody filled it in."""
        if not (self.listed or self.unclear):
            return ""
        unclear = f"，其中 {self.unclear} 个没有写明类别或是否上云，或写的看不懂，没有核对" if self.unclear else ""
        return f"系统清单列了 {self.listed.total() + self.unclear} 个系统{unclear}"


def read_systems(grid: Grid, readers: Readers) -> SystemList | None:
    """What a sheet with 系统名称, 类别 and 是否上云 lists; None when it is no such sheet."""
    header = HeaderReader(grid, _COLUMNS)
    for row in grid.rows:
        columns = header.columns(row)
        if len(columns) == len(set(_COLUMNS.values())):
            return _counted(grid, row, columns, readers)
    return None


def _counted(grid: Grid, header_row: int, columns: dict[str, int], readers: Readers) -> SystemList:
    kinds = {
        label_of(spelling): item.id
        for item in counted_indicators(readers.rulebook)
        for spelling in category_spellings(item.label)
    }
    systems = SystemList()
    for row in grid.rows:
        name, category, on_cloud = (grid.text_at((row, columns[part])) for part in ("name", "category", "on_cloud"))
        if row <= header_row or is_blank(name):
            continue
        kind = kinds.get(label_of(category), "")
        ticked = readers.values.tick(on_cloud)
        if not kind or ticked is None or is_blank(on_cloud):
            systems.unclear += 1
            continue
        systems.listed[kind] += 1
        systems.on_cloud[kind] += ticked
    return systems


def hold_against(reading: FileReading, systems: list[SystemList], rulebook: Rulebook) -> None:
    """Compares a file's lists with its one form and says in its remark what they hold. With several companies' forms
    in the file nobody can tell whose systems they are."""
    filled = [entry for entry in systems if entry.remark]
    if not filled:
        return
    forms = [(sheet, form) for sheet in reading.sheets for form in sheet.assessments]
    remarks = [entry.remark for entry in filled]
    if len(forms) == 1:
        sheet, form = forms[0]
        found = compared(form, filled, rulebook)
        sheet.assessments[:] = [replace(form, issues=(*form.issues, *found))]
    else:
        remarks.append(f"文件里有 {len(forms)} 家企业的附件1，系统清单没有核对")
    reading.remark = "；".join(filter(None, (reading.remark, *remarks)))


def compared(form: Assessment, systems: Iterable[SystemList], rulebook: Rulebook) -> tuple[Issue, ...]:
    """One X18, at the first of them, for every N and M that counts other than the filled lists do; a list with unclear
    systems says nothing."""
    filled = list(systems)
    if form.blank or any(entry.unclear for entry in filled):
        return ()
    answers = {answer.indicator: answer for answer in form.answers}
    different: list[tuple[Reading, str]] = []
    for item in counted_indicators(rulebook):
        answer = answers[item.id]
        listed = sum(entry.listed[item.id] for entry in filled)
        on_cloud = sum(entry.on_cloud[item.id] for entry in filled)
        for part, reading, count in (("N", answer.n, on_cloud), ("M", answer.m, listed)):
            if reading.value is not None and COUNT_DIFFERS.rule(count=count, typed=reading.value):
                typed = reading.raw or number_text(reading.value)
                different.append(
                    (reading, f"{item.label} {part}（{reading.where.cell}）填「{typed}」、清单 {count} 个")
                )
    if not different:
        return ()
    items = "；".join(text for _, text in different)
    return (Issue(COUNT_DIFFERS.code, different[0][0].where, facts={"items": items}),)
