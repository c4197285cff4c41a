"""One 附件1 that was cut over several sheets is one question, and nothing of it counts in part."""

from __future__ import annotations

from itertools import pairwise

from pipeline.model.records import FileReading
from tests.support.arrivals import codes, gathered, nominated, nomination, published_rulebook, read
from tests.support.workbooks import Cell, form_rows, full_answers, workbook

COMPANY = "杭州甲有限公司"
PATH = "杭州市/上城区/杭州甲有限公司.xlsx"


def pages(*cuts: str, repeated: int = 0) -> list[list[list[Cell]]]:
    """The rows of a form, cut where these items begin; `repeated`: rows of each page that stand on the next one too."""
    rows, tops = form_rows(published_rulebook(), full_answers(published_rulebook()))
    starts = [0, *(tops[cut] - 1 for cut in cuts), len(rows)]
    return [rows[max(begin - repeated, 0) : end] for begin, end in pairwise(starts)]


def file_of(*sheets: list[list[Cell]], **options: object) -> FileReading:
    named = {f"第{number}页": rows for number, rows in enumerate(sheets, start=1)}
    return read(workbook(named, **options), PATH)


def issues_of(found: FileReading) -> list[str]:
    of_sheets = [issue for form in found.sheets for issue in form.issues]
    of_forms = [issue for form in found.sheets for entry in form.assessments for issue in entry.issues]
    return codes([*found.issues, *of_sheets, *of_forms])


def test_two_pages():
    found = file_of(*pages("office"))
    assert issues_of(found) == ["T63"] and len(found.sheets) == 1
    (entry,) = found.sheets[0].assessments
    assert entry.blank and entry.issues[0].facts["sheets"] == "“第1页”、“第2页”"


def test_three_pages_of_which_the_last_is_too_short_to_be_recognised():
    found = file_of(*pages("research", "cloud_spend"))
    assert issues_of(found) == ["T63"] and found.unread == ()


def test_pages_of_which_none_is_a_form_by_itself():
    rows, tops = form_rows(published_rulebook(), full_answers(published_rulebook()))
    order = sorted(tops.items(), key=lambda entry: entry[1])
    starts = [top - 1 for _, top in order]
    sheets = [rows[begin:end] for begin, end in pairwise([*starts[::2], len(rows)])]
    found = file_of(*sheets)
    assert issues_of(found) == ["T63"] and found.kind == "assessment"


def test_the_company_is_asked_once_and_is_not_scored():
    first, second = pages("office")
    content = workbook({"第1页": first, "第2页": second})
    tables = gathered({PATH: content, "杭州市/上城区/附件2.xlsx": nomination(nominated(1, COMPANY))})
    assert [issue.code for issue in tables.issues if issue.level == "错误"] == ["T63"]
    assert tables.answers.empty or not tables.answers["valid"].any()


def test_a_page_that_repeats_items_is_a_second_form():
    assert "T63" not in issues_of(file_of(*pages("office", repeated=4)))


def test_a_whole_form_beside_a_part_is_no_form_of_pages():
    whole, part = pages()[0], pages("office")[1]
    assert "T63" not in issues_of(file_of(whole, part))


def test_parts_that_name_two_companies_are_two_forms():
    first, second = pages("office")
    found = file_of([["企业名称：杭州甲有限公司"], *first], [["企业名称：杭州乙有限公司"], *second])
    assert "T63" not in issues_of(found) and len(found.sheets) == 2


def test_a_hidden_page_is_none():
    assert "T63" not in issues_of(file_of(*pages("office"), hidden_sheets=["第2页"]))
