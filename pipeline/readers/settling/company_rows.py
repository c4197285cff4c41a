"""A company's rows in ENTERPRISES, ANSWERS and RECOGNISED."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.issues.phones import mask_figure, mask_joined
from pipeline.issues.words import shown_where
from pipeline.model.display import number_text
from pipeline.model.records import NO_WHERE, Reading
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.repeated import FIGURE_COLUMNS
from pipeline.readers.values.orders import order_number

Row = dict[str, object]


def enterprise_row(company: Company, papers: int) -> Row:
    """The company's row of ENTERPRISES. papers: how many came with it."""
    nomination, form = company.nomination, company.form
    row: Row = {
        "key": company.key,
        "company": company.name,
        "city": company.region.city,
        "county": company.region.county,
        "nominated": nomination is not None,
        "assessed": form is not None,
        "answered": form is not None and not form.blank,
        "refused": nomination.refused if nomination else False,
        "excluded": company.excluded,
        "credit_code": company.credit_code,
        "form_where": form.anchor if form else NO_WHERE,
        "where": company.where,
        "evidence": papers,
    }
    if nomination:
        row |= {
            "order": order_number(nomination.order),
            "business": mask_joined((company.name, nomination.business))[1],
            "contact": nomination.contact,
            "phone": nomination.phone,
            "phone_where": nomination.phone_where,
            "recommendation": nomination.recommendation,
            "nominated_code": nomination.credit_code,
        }
        for identifier in FIGURE_COLUMNS:
            reading = nomination.figures.get(identifier, Reading())
            row[identifier] = reading.value
            row[f"{identifier}_where"] = reading.where
            row[f"{identifier}_raw"] = mask_figure(reading.raw)
    return row


def answer_rows(company: Company, blocked: set[tuple[str, str]]) -> Iterator[Row]:
    """The company's rows of ANSWERS, none for a blank form. blocked: (company's name, indicator) of the items with an
    error on them, which are not valid."""
    for answer in company.form.answers if company.form and not company.form.blank else ():
        valid = (company.name, answer.indicator) not in blocked and "error" not in (answer.n.state, answer.m.state)
        yield {
            "key": company.key,
            "indicator": answer.indicator,
            "valid": valid,
            **_answer_part("n", answer.n),
            **_answer_part("m", answer.m),
        }


def recognised_rows(company: Company) -> Iterator[Row]:
    """The company's rows of RECOGNISED: values whose reading is more than formatting, or a decision's."""
    for answer in company.form.answers if company.form and not company.form.blank else ():
        for reading in (answer.n, answer.m):
            if reading.rule:
                yield _recognised_row(company.name, answer.indicator, reading)
    for column, reading in (company.nomination.figures if company.nomination else {}).items():
        if reading.rule:
            where = reading.where if any(reading.where) else company.where  # of a list without the column
            yield _recognised_row(company.name, column, reading._replace(where=where))


def _read(reading: Reading) -> float | None:
    """The value as the program read it, whatever a decision adopts."""
    return reading.read if reading.decided else reading.value


def _answer_part(part: str, reading: Reading) -> Row:
    return {
        part: reading.value,
        f"{part}_raw": mask_figure(reading.raw),
        f"{part}_read": _read(reading),
        f"{part}_state": reading.state,
        f"{part}_where": reading.where,
    }


def _recognised_row(company: str, indicator: str, reading: Reading) -> Row:
    read, adopted = ("" if value is None else number_text(value) for value in (_read(reading), reading.value))
    return {
        **shown_where(reading.where)._asdict(),
        "company": company,
        "indicator": indicator,
        "raw": mask_figure(reading.raw),
        "read": read,
        "adopted": adopted,
        "rule": reading.rule,
    }
