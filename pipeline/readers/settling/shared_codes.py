"""One 统一社会信用代码 in the forms of several companies: nothing is linked by it, and each is asked."""

from __future__ import annotations

from pipeline.issues.catalogue import CODE_IN_TWO_FORMS
from pipeline.issues.issue import Issue
from pipeline.issues.words import listed
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.credit_codes import valid_code


def codes_in_two_forms(companies: Companies) -> list[Issue]:
    """X31 for each of several companies whose forms that count hold the same valid code."""
    bearers: dict[str, list[Company]] = {}
    for company in companies:
        code = valid_code(company.form.credit_code) if company.form else ""
        if code:
            bearers.setdefault(code, []).append(company)
    issues = []
    for code, same in bearers.items():
        for company in same if len(same) > 1 else []:
            others = listed(sorted(other.name for other in same if other is not company), "家")
            where = company.form.credit_code_where if company.form else company.where
            issues.append(Issue(CODE_IN_TWO_FORMS, where, company.name, found=code, facts={"others": others}))
    return issues
