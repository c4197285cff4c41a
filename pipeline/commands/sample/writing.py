"""Writes the made-up province, county by county, in several processes when it is large.

    <市>/<区县>/附件1/…   one workbook a company, one of them a Word document; some counties gather theirs, a sheet a company
    <市>/<区县>/附件2.xlsx
    专家评分/<专家>.xlsx
    培育库.xlsx           the figures of the notice

Every file carries the form stamp and is marked as 演示数据.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.commands.sample.companies import EXPERTS, MadeUpCompany, marks_of, name_of
from pipeline.commands.sample.pool import write_pool
from pipeline.commands.sample.province import Province, Quota, SampleRefused, made_up_province
from pipeline.commands.sample.slips import ASSESSMENT, MARKS, NOMINATION, PlantedSlip, Slip
from pipeline.machine.processes import in_parallel
from pipeline.model.display import on_one_line
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.addresses import cell_address
from pipeline.writers.forms.filled import (
    AssessmentEntry,
    Typed,
    write_assessments,
    write_marks_form,
    write_nomination_form,
)
from pipeline.writers.forms.layout import ATTACHMENTS, FormLayout, assessment_layout
from pipeline.writers.forms.list_layout import MARKS_SHEET, marks_layout, nomination_layout
from pipeline.writers.forms.word_form import write_word_assessment
from pipeline.writers.publishing.contents import contents_of
from pipeline.writers.publishing.inputs import refuse_inside_inputs
from pipeline.writers.publishing.proof import is_sample
from pipeline.writers.publishing.targets import check_folder, is_output

SAMPLE_INBOX = "sample_inputs"  # the project's folder for it
POOL_FILE, MARKS_FOLDER, FORMS_FOLDER = "培育库.xlsx", "专家评分", "附件1"
_BATCH = 20  # companies written at once, and the most in one gathered workbook
_ALONE_BELOW = 150  # companies for which starting processes costs more than it saves
_SHEET_NAME_LENGTH = 31  # Excel's limit


def write_sample(
    folder: Path,
    rulebook: Rulebook,
    companies: int = 60,
    seed: int = 2024,
    counties: int | None = None,
    jobs: int | None = None,
    defects: bool = True,
) -> list[PlantedSlip]:
    """Writes the province into `folder` and returns the slips in it, sorted by path, sheet and cell.

    counties: how many counties hand in anything; 22 by default, more when there are many companies. Replaces an
    earlier sample in `folder`; raises SampleRefused or PublishRefused, and writes nothing, when it holds any other file or
    is no place for a sample. The bytes
    depend on the seed and the numbers asked for, never on `jobs`.
    """
    province = made_up_province(rulebook, companies, seed, counties, defects)
    folder = _cleared(folder, rulebook)
    for quota in province.quotas:
        (folder / quota.folder / FORMS_FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / MARKS_FOLDER).mkdir(exist_ok=True)
    write_pool(folder / POOL_FILE, rulebook, seed)
    jobs = jobs or (1 if companies < _ALONE_BELOW else os.cpu_count() or 1)
    planted = _written(_Task(folder, province), list(_pieces(province)), jobs)
    return sorted(
        itertools.chain.from_iterable(planted), key=lambda slip: (slip.path, slip.sheet, slip.cell, slip.company)
    )


def _cleared(folder: Path, rulebook: Rulebook) -> Path:
    """The folder, links resolved, without an earlier sample. Raises SampleRefused when it holds any other file, or a sample
    that somebody has changed, and PublishRefused when no sample belongs there. Raises OSError."""
    checked = check_folder(folder, inbox=SAMPLE_INBOX)
    if is_output(checked):
        raise SampleRefused(f"“{folder}”中是汇总的结果，没有写入，请换一个空文件夹。")
    refuse_inside_inputs(checked, rulebook)
    if not checked.is_dir():
        return checked
    seen = contents_of(checked)
    for name in seen.files:
        _refuse_unless_sample(checked, name)
    for name in seen.files:  # each is looked at once more: somebody may be at work there
        _refuse_unless_sample(checked, name)
        (checked / name).unlink()
    for name in reversed(seen.folders):
        with suppress(OSError):  # holds something that is left alone
            (checked / name).rmdir()
    return checked


def _refuse_unless_sample(folder: Path, name: str) -> None:
    if not is_sample(folder / name):
        raise SampleRefused(
            f"“{folder}”里有不是样例、或写出以后改过的文件（如“{on_one_line(name)}”），没有写入，请换一个空文件夹。"
        )


@dataclass(frozen=True)
class _Task:
    """Where and what to write. A piece of the work is (kind, number of the county or expert, first company)."""

    folder: Path
    province: Province

    def do(self, piece: tuple[str, int, int]) -> list[PlantedSlip]:
        """Writes one piece and returns the slips in it."""
        kind, number, start = piece
        if kind == MARKS:
            return _write_marks(self, number)
        quota = self.province.quotas[number]
        return _write_nomination(self, quota) if kind == NOMINATION else _write_batch(self, quota, start)


def _pieces(province: Province) -> Iterator[tuple[str, int, int]]:
    """Every piece, those that take longest first: the experts' workbooks hold every company."""
    yield from ((MARKS, number, 0) for number in range(len(EXPERTS)))
    for number, quota in enumerate(province.quotas):
        yield NOMINATION, number, 0
        yield from ((ASSESSMENT, number, start) for start in range(0, quota.size, _BATCH))


def _written(task: _Task, pieces: list[tuple[str, int, int]], jobs: int) -> Iterable[list[PlantedSlip]]:
    if jobs == 1:
        return map(task.do, pieces)
    return [planted for _, planted in in_parallel(pieces, _start, (), task.do, jobs)]


def _start() -> None:
    """Starts a working process, which has nothing to prepare."""


def _planted(slip: Slip, company: MadeUpCompany, path: str, sheet: str, cell: str, typed: Typed) -> PlantedSlip:
    return PlantedSlip(path, sheet, cell, company.name, slip.what, "" if typed is None else str(typed), slip.code)


def _write_batch(task: _Task, quota: Quota, start: int) -> list[PlantedSlip]:
    """Writes 附件1 of up to _BATCH companies of one county, one file each or all in one workbook."""
    layout = assessment_layout(task.province.rulebook)
    positions = range(start, min(start + _BATCH, quota.size))
    books: dict[str, list[AssessmentEntry]] = {}
    planted = []
    for company in task.province.companies(quota, positions):
        if not company.assessed:
            continue
        if task.province.is_in_word(company.seat.number):
            document = task.folder / quota.folder / FORMS_FOLDER / f"{company.name}.docx"
            write_word_assessment(document, task.province.rulebook, _entry(company, ""), demo=True)
            continue
        for copy in range(company.copies):
            path, sheet = _sheet_of(company, copy, quota, start // _BATCH + 1)
            books.setdefault(path, []).append(_entry(company, sheet))
        slip = task.province.slip_of(company.seat.number)
        if slip and slip.form == ASSESSMENT:
            planted.append(_planted(slip, company, path, sheet, *_slot(layout, company, slip.field)))
    for path, entries in books.items():
        write_assessments(task.folder / path, entries, task.province.rulebook, demo=True)
    return planted


def _sheet_of(company: MadeUpCompany, copy: int, quota: Quota, batch: int) -> tuple[str, str]:
    """Path and sheet of a company's 附件1; a second copy has a file or sheet of its own."""
    suffix = f"（{copy + 1}）" if copy else ""
    if quota.gathered:
        sheet = company.name[: _SHEET_NAME_LENGTH - len(suffix)] + suffix
        return f"{quota.folder}/{FORMS_FOLDER}/{quota.county}附件1合并_{batch}.xlsx", sheet
    return f"{quota.folder}/{FORMS_FOLDER}/{company.name}{suffix}.xlsx", ATTACHMENTS["assessment"]


def _entry(company: MadeUpCompany, sheet: str) -> AssessmentEntry:
    name = company.name if company.labelled else ""
    return AssessmentEntry(name, company.seat.city, company.seat.county, company.credit_code, sheet, company.answers)


def _slot(layout: FormLayout, company: MadeUpCompany, field: tuple[str, str]) -> tuple[str, Typed]:
    """The cell of a slip in 附件1 and its value; ("", None) for a slip that is about the whole form."""
    if field not in layout.slots:
        return "", None
    answer = company.answers.get(field[0])
    return layout.slots[field].cell, getattr(answer, field[1]) if answer else None


def _write_nomination(task: _Task, quota: Quota) -> list[PlantedSlip]:
    """Writes 附件2 of one county, which ranks its companies by maturity."""
    companies = task.province.companies(quota, range(quota.size))
    nominated = sorted((company for company in companies if company.nominated), key=lambda company: -company.maturity)
    layout, path = nomination_layout(task.province.rulebook), f"{quota.folder}/{ATTACHMENTS['nomination']}.xlsx"
    fields = [field for field, _ in layout.columns]
    rows, planted = [], []
    for order, company in enumerate(nominated, start=1):
        row = {
            "order": order,
            "county": quota.county,
            "company": company.name,
            "business": company.business,
            "contact": company.contact,
            "phone": company.phone,
            "recommendation": company.recommendation,
            **company.figures,
        }
        rows.append(row)
        slip = task.province.slip_of(company.seat.number)
        if slip and slip.form == NOMINATION:
            cell = cell_address(layout.header_row + order, fields.index(slip.field[0]))
            planted.append(_planted(slip, company, path, ATTACHMENTS["nomination"], cell, row[slip.field[0]]))
    write_nomination_form(task.folder / path, rows, task.province.rulebook, demo=True)
    return planted


def _write_marks(task: _Task, number: int) -> list[PlantedSlip]:
    """Writes one expert's marks for every nominated company, in the order of the counties."""
    province, expert = task.province, tuple(EXPERTS)[number]
    layout, path = marks_layout(province.rulebook), f"{MARKS_FOLDER}/{expert}.xlsx"
    fields = [field for field, _ in layout.columns]
    names, marks, planted = [], [], []
    for quota in province.quotas:
        for seat in map(quota.seat, range(quota.size)):
            slip = province.slip_of(seat.number)
            if slip and slip.id == "no_nomination":
                continue
            mine = marks_of(seat.number, province.seed, province.rulebook, complete=bool(slip))[expert]
            names.append(name_of(seat, province.seed)[0])
            marks.append(mine)
            if slip and slip.form == MARKS and number == 0:
                item = slip.field[0]
                mine[item] = int(province.rulebook.indicator_of[item].points) + 1
                cell = cell_address(layout.header_row + len(names), fields.index(item))
                planted.append(PlantedSlip(path, MARKS_SHEET, cell, names[-1], slip.what, str(mine[item]), slip.code))
    write_marks_form(task.folder / path, expert, names, marks, province.rulebook, demo=True)
    return planted
