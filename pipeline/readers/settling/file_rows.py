"""The rows of FILES (收件台账)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.issues.words import finding_of
from pipeline.readers.settling.arrived import ArrivedFile, ArrivedSheet
from pipeline.readers.settling.owners import Owners


def file_rows(file: ArrivedFile, owners: Owners, labels: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """One row per sheet that was read, one for a file without any. labels: indicator → its label."""
    reading = file.reading
    region = owners.region_of_file(file.path)
    base = {
        "path": file.path,
        "kind": reading.kind,
        "company": "",
        "city": region.city,
        "county": region.county,
        "sha256": reading.sha256,
    }
    if not file.sheets:
        remarks = [finding_of(issue, labels) for issue in reading.issues]
        yield base | _owner_of_paper(file, owners) | {"remark": "；".join([*remarks, reading.remark]).strip("；")}
    for sheet in file.sheets:
        demo = "演示数据" if reading.demo else ""
        yield base | _sheet_columns(sheet, owners) | {"remark": _joined(demo, _remark(sheet), reading.remark)}


def _owner_of_paper(file: ArrivedFile, owners: Owners) -> dict[str, str]:
    """Company and region of a paper that names its company, nothing for any other file."""
    company = owners.company_of_paper(file.path) if file.reading.kind == "evidence" else None
    if company is None:
        return {}
    return {"company": company.name, "city": company.region.city, "county": company.region.county}


def _sheet_columns(sheet: ArrivedSheet, owners: Owners) -> dict[str, str]:
    region = owners.region_of_sheet(sheet)
    companies = [company for form in sheet.forms if (company := owners.companies.of_form(form.key))]
    return {
        "sheet": sheet.content.sheet,
        "kind": sheet.content.kind,
        "company": "、".join(dict.fromkeys(company.name for company in companies)),
        "city": region.city,
        "county": region.county,
    }


def _remark(sheet: ArrivedSheet) -> str:
    empty = sheet.content.kind == "nomination" and not sheet.content.nominations and not sheet.content.superseded
    return _joined(sheet.content.remark, "零报送（没有推荐企业）" if empty else "")


def _joined(*remarks: str) -> str:
    return "；".join(filter(None, remarks))
