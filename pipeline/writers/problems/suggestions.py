"""The rows of 人工决定_建议.xlsx: one, ready but for the decision and the signature, for everything that a decision could close,
and the signed rows of this run, so that the workbook saved as 人工决定.xlsx is complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.issues.catalogue import (
    ASSESSMENTS_CONFLICT,
    COUNTY_CONTRADICTORY,
    COUNTY_UNCLEAR,
    ERROR,
    MARKED_COMPANY_UNKNOWN,
    NO_COMPANY_NAME,
    NO_COUNTY,
    NOMINATION_MISSING,
    NOMINATIONS_CONFLICT,
    SYNERGY_SUM_IN_ERROR,
    UNIT_SLIP,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_figure, mask_phones
from pipeline.issues.words import finding_of, found_of
from pipeline.model.company_files import ASSESSMENT, NOMINATION, short_names
from pipeline.model.decisions import NAMES_EXPERTS
from pipeline.model.expert_names import NO_NAMES, ExpertNames, expert_names_of
from pipeline.model.results import Results
from pipeline.model.returns import county_returns
from pipeline.model.rulebook import Rulebook, Ruling
from pipeline.model.tables import STATUS_ORDER

Row = tuple[str, dict[str, str], str]  # the sheet, the known cells by column, and the issue in words

_ON_A_VALUE = ("T", "V")  # letters of issues that a 采用值 for N or M may close
_ON_A_COMPANY_NAME = (NO_COMPANY_NAME, MARKED_COMPANY_UNKNOWN, NOMINATION_MISSING)
_ON_A_COUNTY = (NO_COUNTY, COUNTY_CONTRADICTORY)
_ON_FILES = (NOMINATIONS_CONFLICT, ASSESSMENTS_CONFLICT)
_FOLLOWING = (SYNERGY_SUM_IN_ERROR,)  # closed together with their cause
_FILES = "采用文件"
_WAITING = STATUS_ORDER[1:3]  # 暂排, 未评分


class Suggested(NamedTuple):
    """A row of the form. about: what it is for, in words; files: the short names between which it chooses."""

    sheet: str
    known: dict[str, str]
    about: str
    files: Sequence[str] = ()


def suggested_rows(results: Results) -> list[Suggested]:
    """The rows of every sheet: the signed ones, then those that are ready to be decided."""
    experts = expert_names_of(results)
    rows = [row for row in ready_rows(results.issues, results.rulebook.labels, experts) if row[0] != _FILES]
    return [
        *_signed_rows(results, experts),
        *(Suggested(*row) for row in rows),
        *_for_files(results),
        *_for_withdrawals(results),
        *_for_nil_returns(results),
        *_for_rulings(results.rulebook),
    ]


def ready_rows(issues: list[Issue], labels: Mapping[str, str], experts: ExpertNames = NO_NAMES) -> Iterator[Row]:
    """The row for each issue that a decision could close, without the deciding cell and without names of experts."""
    for issue in issues:
        if issue.state == "已接受" or issue.code in _FOLLOWING:
            continue
        texts = finding_of(issue, labels), found_of(issue)
        finding, raw = map(experts.hidden, texts) if experts.may_stand_in(issue) else texts
        about, company = f"{issue.id}：{finding}", {"company": issue.company}
        if issue.code in _ON_A_COMPANY_NAME:
            yield "企业对应", {"written": raw or issue.company}, about
        elif issue.code == COUNTY_UNCLEAR:
            yield "地区对应", {"written": raw}, about
        elif issue.code in _ON_A_COUNTY:
            yield "归属", company, about
        elif issue.code in _ON_FILES:
            yield _FILES, company, about
        elif values := list(_values_in_question(issue, labels, raw)):
            yield from (("采用值", {**company, **known}, about) for known in values)
        elif issue.level == ERROR and not issue.statement:
            yield "接受说明", {"id": issue.id, "raw": raw}, about + _after_acceptance(issue)
        if issue.level == ERROR and (issue.statement or issue.code == UNIT_SLIP):
            known = {"id": issue.id, "raw": raw, "note": issue.statement}
            yield "接受说明", known, about + _after_acceptance(issue)


def _values_in_question(issue: Issue, labels: Mapping[str, str], raw: str) -> Iterator[dict[str, str]]:
    """What is known of the 采用值 that could close the issue: of the N or M that it is about, or of the figure of 附件2; of a
    unit slip either side's, of which one is wrong. None for any other issue."""
    if issue.code == UNIT_SLIP:
        facts = issue.facts
        yield {"indicator": labels.get(issue.indicator, issue.indicator), "part": issue.part, "raw": facts["form_raw"]}
        yield {"indicator": facts["column"], "raw": facts["list_raw"]}
    elif issue.level == ERROR and issue.code[0] in _ON_A_VALUE and issue.indicator and issue.part in ("N", "M"):
        yield {"indicator": labels.get(issue.indicator, issue.indicator), "part": issue.part, "raw": raw}
    elif issue.level == ERROR and issue.code[0] == "V" and issue.company and _is_figure_of_list(issue):
        yield {"indicator": issue.part, "raw": raw}


def _is_figure_of_list(issue: Issue) -> bool:
    """True for an issue on a figure of 附件2, whose text names the column instead of an indicator's N or M."""
    return not issue.indicator and issue.facts.get("part") == f"“{issue.part}”"


def _after_acceptance(issue: Issue) -> str:
    """A warning for an item that stays unscored although its explanation is accepted."""
    unscored = issue.indicator and issue.code[0] in _ON_A_VALUE
    return "（接受说明只了结这个问题，这一项照样不计分；要计分，请改正原表或用“采用值”）" if unscored else ""


def _signed_rows(results: Results, experts: ExpertNames) -> Iterator[Suggested]:
    """The decisions of this run that count or met nothing, phones masked. Those that name experts are left out: experts'
    names stand in the audit alone."""
    for decision, state in results.signed:
        if decision.kind == NAMES_EXPERTS:
            continue
        on_figure = decision.kind == "采用值"
        known = {
            name: experts.hidden(mask_figure(text) if on_figure and name in ("raw", "value") else mask_phones(text))
            for name, text in decision.values.items()
        }
        yield Suggested(decision.kind, known, f"已签署的决定，本次{state}；要撤销，请删去这一行")


def _for_files(results: Results) -> Iterator[Suggested]:
    """One row for each company and form of which several different files arrived, with the issues that say so."""
    about: dict[tuple[str, str], list[str]] = {}
    owners = {file.path: name for name, files in results.rivals.items() for file in files}
    for issue in results.issues:
        if issue.code in _ON_FILES and issue.state != "已接受":
            company = issue.company or owners.get(issue.where.file, "")
            form = ASSESSMENT if issue.code == ASSESSMENTS_CONFLICT else NOMINATION
            finding = finding_of(issue, results.rulebook.labels)
            about.setdefault((company, form), []).append(f"{issue.id}：{finding}")
    for (company, form), findings in about.items():
        if company:
            files = results.rivals.get(company, ())
            names = [name for file, name in zip(files, short_names(files), strict=True) if file.form == form]
            yield Suggested(_FILES, {"company": company}, "\n".join(findings), names)


def _for_withdrawals(results: Results) -> Iterator[Suggested]:
    """One row for each nominated company that something still keeps out of the ranking or about which an error is open."""
    errors = Counter(issue.company for issue in results.issues if issue.open_error)
    companies = zip(results.totals["company"], results.totals["status"], strict=True)
    for company, status in companies:
        open_errors = errors[company]
        if status in _WAITING or (status == STATUS_ORDER[0] and open_errors):
            why = f"，还有 {open_errors} 处错误" if open_errors else ""
            yield Suggested("剔除", {"company": company}, f"现在是“{status}”{why}；不再推荐的，才签这一行")


def _for_nil_returns(results: Results) -> Iterator[Suggested]:
    """One row for each expected county that has not been heard from, in the notice's order."""
    for due in county_returns(results):
        if due.expected and not due.has_list:
            known = {"county": due.city + due.county}
            yield Suggested("零报送", known, "还没有收到推荐排序表；确实没有推荐企业的，才签这一行")


def _for_rulings(rulebook: Rulebook) -> Iterator[Suggested]:
    for ruling in rulebook.assumed_rulings:
        adopted = rulebook.adopted_alternative(ruling).sentence
        yield Suggested(
            "规则确认", {"ruling": ruling.topic}, f"现暂用“{adopted}”{_figure_hint(ruling)}；{ruling.reason}"
        )


def _figure_hint(ruling: Ruling) -> str:
    """How to write an alternative that asks for a figure."""
    words = dict.fromkeys(entry.asks for entry in ruling.alternatives if entry.asks)
    return f"（选项中的 {'、'.join(words)} 换成数）" if words else ""
