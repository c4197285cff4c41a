"""The rows of PAPERS: the files that may be what 填表说明 2 asks a company for. None of them is read."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.issues.catalogue import FORM_IN_WORD
from pipeline.readers.settling.arrived import ArrivedFile
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.owners import Owners
from pipeline.readers.sheet.regions import Region

_PAPERS = ("evidence", "unrecognised")


def paper_rows(file: ArrivedFile, owners: Owners) -> Iterator[dict[str, object]]:
    """One row for a paper, and one for each company whose 附件1 has a filled list of systems in its workbook."""
    reading = file.reading
    if reading.systems and file.sheets:
        companies = [owners.companies.of_form(form.key) for sheet in file.sheets for form in sheet.forms]
        once = {company.key: company for company in companies if company}  # a company with issues has no hash
        for company in once.values():
            yield _row(file, company, company.region) | {"kind": "assessment"}
    elif _is_paper(file):
        owner = owners.company_of_paper(file.path)
        yield _row(file, owner, owner.region if owner else owners.region_of_file(file.path))


def _is_paper(file: ArrivedFile) -> bool:
    """True for a file that nobody reads: a paper, an archive that cannot be opened, an old Word text, an unknown workbook."""
    reading = file.reading
    if file.sheets:
        return False
    is_old_text = any(issue.code == FORM_IN_WORD for issue in reading.issues)
    return reading.kind in _PAPERS or is_old_text or (reading.kind == "archive" and not reading.zip)


def _row(file: ArrivedFile, company: Company | None, region: Region) -> dict[str, object]:
    reading = file.reading
    known = reading.bytes
    return {
        "path": file.path,
        "kind": reading.kind,
        "key": company.key if company else "",
        "company": company.name if company else "",
        "city": region.city,
        "county": region.county,
        "size": known.size if known else None,
        "words": known.words if known else "",
        "mark": known.mark if known else "",
        "systems": reading.systems or None,
    }
