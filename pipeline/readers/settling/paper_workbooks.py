"""Workbooks that are papers of 填表说明 2: a list of systems or of invoices is evidence, though it is none of the forms."""

from __future__ import annotations

from dataclasses import replace

from pipeline.issues.catalogue import FORM_NOT_RECOGNISED
from pipeline.model.paper_kinds import paper_kinds
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.settling.arrived import Arrived, ArrivedFile
from pipeline.readers.settling.owners import Owners
from pipeline.readers.settling.places import NEUTRAL


def with_paper_workbooks(arrived: Arrived, owners: Owners, rulebook: Rulebook) -> Arrived:
    """The files, each unrecognised workbook without F03 and as evidence where all of this is so: its own or a folder's name
    holds that of a company that its own place nominates; its own or a folder's name is taken for one of the rulebook's
    papers; it bears nothing of a form, neither on its sheets nor in its name. Any other one stays a question: it may be
    the form that somebody waits for."""
    return Arrived(tuple(_as_paper(file, owners, rulebook) for file in arrived.files))


def _as_paper(file: ArrivedFile, owners: Owners, rulebook: Rulebook) -> ArrivedFile:
    reading = file.reading
    if not reading.traceless or not _is_paper(file.path, owners, rulebook):
        return file
    issues = [issue for issue in reading.issues if issue.code != FORM_NOT_RECOGNISED]
    return replace(file, reading=replace(reading, kind="evidence", issues=issues, unread=()))


def _is_paper(path: str, owners: Owners, rulebook: Rulebook) -> bool:
    place, company = owners.places.of(path), owners.company_of_paper(path)
    if place.kind == NEUTRAL or company is None or company.nomination is None:
        return False
    name = label_of(path.rpartition("/")[2])
    words = (*rulebook.vocabulary.assessment_words, "附件2", "附件二", "推荐排序表")
    if any(label_of(word) in name for word in words):
        return False
    return bool(paper_kinds(path, company.key, False, rulebook))
