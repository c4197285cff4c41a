"""What arrived of a company instead of a usable 附件1: a PDF or picture that may be it, a file that could not be read, a
form that does not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.model.records import SentPaper
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.settling.arrived import Arrived, ArrivedFile
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.owners import Owners
from pipeline.readers.settling.places import COUNTY

_KINDS = ("evidence", "unreadable", "unrecognised", "archive")


def papers_instead(arrived: Arrived, owners: Owners, rulebook: Rulebook) -> dict[str, tuple[SentPaper, ...]]:
    """Key of a nominated company without a form that counts → what arrived of it otherwise, in the order of paths.

    A paper is a company's by its own or a folder's name, as in 收件台账. One that is called like an 附件1 and names no
    company may be that of any such company of the county in whose place it lies."""
    formless = {company.key: company for company in owners.companies if company.nomination and company.form is None}
    papers: dict[str, list[SentPaper]] = {}
    for key, company in formless.items():
        why = "torn" if company.torn and not company.disputed and not company.region.county else "refused"
        for form in company.other_forms:
            papers.setdefault(key, []).append(SentPaper(form.key.path, why))
    words = tuple(map(label_of, rulebook.vocabulary.assessment_words))
    for file in arrived.files if formless else ():
        for key, paper in _papers(file, owners, formless, words):
            papers.setdefault(key, []).append(paper)
    return {key: tuple(sorted(set(own))) for key, own in papers.items()}


def _papers(
    file: ArrivedFile, owners: Owners, formless: Mapping[str, Company], words: tuple[str, ...]
) -> Iterator[tuple[str, SentPaper]]:
    """The companies without a form that a file may be about, by key."""
    kind = file.reading.kind
    if file.sheets or file.reading.zip or kind not in _KINDS:
        return
    is_evidence = kind == "evidence"
    like_form = any(word in label_of(file.path.rpartition("/")[2]) for word in words)
    owner = owners.company_of_paper(file.path)
    if owner is None:
        place = owners.places.of(file.path)
        if like_form and place.kind == COUNTY:
            for key in _of_county(formless.values(), place.region):
                yield key, SentPaper(file.path, "anybody's")
    elif owner.key in formless:
        yield owner.key, SentPaper(file.path, ("form" if like_form else "paper") if is_evidence else "unread")


def _of_county(companies: Iterable[Company], region: tuple[str, str]) -> Iterator[str]:
    return (company.key for company in companies if company.region == region)
