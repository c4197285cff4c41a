"""A company that two counties claim keeps neither from its own files, and no county reads another county's name."""

from __future__ import annotations

from pipeline.model.results import Results
from pipeline.model.stamps import OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE
from pipeline.writers.layout.county_issues import CountyIssue, OwnMaterial, county_issues, county_questions
from pipeline.writers.output import county_folders
from pipeline.writers.problems.reminders import Reminder, reminders
from tests.support.arrivals import computed, form, nominated, nomination
from tests.support.workbooks import workbook

HERE, THERE = "杭州市/余杭区", "杭州市/萧山区"
COMPANY, OTHER = "杭州余一电子有限公司", "杭州萧一机械有限公司"
WRONG = {"research": ("待定", 4)}
STRAY = {
    f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY, "余杭区")),
    f"{HERE}/附件1.xlsx": form(COMPANY, "余杭区"),
    f"{THERE}/附件2.xlsx": nomination(nominated(1, COMPANY, "萧山区")),
    f"{THERE}/附件1.xlsx": form(COMPANY, "萧山区"),
}


def reminder(results: Results, county: str) -> Reminder:
    return next(row for row in reminders(results) if row.county == county)


def listed(results: Results, county: str) -> list[CountyIssue]:
    return county_issues(results, OwnMaterial(results, "杭州市", county))


def test_a_form_in_another_countys_place_changes_nothing():
    results = computed(
        {path: STRAY[path] for path in list(STRAY)[:2]} | {f"{THERE}/附件1.xlsx": form(COMPANY, "余杭区")}
    )
    files = results.files.set_index("path")["county"].to_dict()
    assert files == {f"{HERE}/附件1.xlsx": "余杭区", f"{HERE}/附件2.xlsx": "余杭区", f"{THERE}/附件1.xlsx": ""}
    assert results.totals["county"].tolist() == ["余杭区"] and listed(results, "余杭区") == []
    (issue,) = listed(results, "萧山区")
    assert issue.code == "T15" and COMPANY not in "".join(map(str, issue))


def test_a_company_of_two_places_is_in_neithers_folder():
    results = computed(STRAY)
    assert results.totals["county"].tolist() == [""] and not results.enterprises["assessed"].any()
    assert "X08" in [issue.code for issue in results.issues] and not any(
        issue.county for issue in results.issues if issue.code == "X08"
    )


def test_the_county_hears_what_is_disputed():
    results = computed(STRAY)
    assert listed(results, "余杭区") == []  # no folder holds it
    asked = county_questions(results, OwnMaterial(results, "杭州市", "余杭区"))
    assert ("X08", f"{HERE}/附件2.xlsx") in [(issue.code, issue.file) for issue in asked]
    assert "萧山" not in "".join(map(str, asked))
    assert COMPANY in reminder(results, "余杭区").text and "萧山" not in reminder(results, "余杭区").text


def test_a_misplaced_list_is_not_given_to_the_folders_county():
    results = computed({f"{THERE}/附件2.xlsx": nomination(nominated(1, COMPANY, "余杭区"))})
    assert results.files["county"].tolist() == [""] and county_folders(results) == []


def test_a_foreign_name_in_a_files_name_alone_is_masked():
    results = computed(
        {
            "杭州市/附件2.xlsx": nomination(nominated(1, COMPANY, "余杭区"), nominated(1, OTHER, "萧山区")),
            f"{THERE}/{COMPANY}/{COMPANY}的表.xlsx": form(OTHER, "萧山区", answers=WRONG),
            f"{HERE}/甲.xlsx": form(COMPANY, "余杭区"),
        }
    )
    (issue,) = [issue for issue in listed(results, "萧山区") if issue.code == "V01"]
    assert (issue.file, issue.sheet, issue.found) == (f"{THERE}/…/…的表.xlsx", "附件1", "待定") and issue.cell
    assert COMPANY not in "".join(map(str, issue))
    assert [row.county for row in reminders(results) if row.errors] == ["萧山区"]


def test_a_result_of_ours_is_no_list_of_the_county():
    ours = workbook({"附件2": "甲|乙"}, properties={OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE})
    files = {f"{THERE}/附件2.xlsx": ours, f"{THERE}/甲.xlsx": form(OTHER, "萧山区")}
    said = "没有收到附件2"
    assert said in reminder(computed(files), "萧山区").text
    stray = {f"{HERE}/附件2.xlsx": STRAY[f"{HERE}/附件2.xlsx"], f"{THERE}/附件1.xlsx": form(COMPANY, "余杭区")}
    assert said in reminder(computed({f"{THERE}/附件2.xlsx": ours} | stray), "萧山区").text
    listed_too = files | {f"{THERE}/附件2（2）.xlsx": nomination(nominated(1, OTHER, "萧山区"))}
    assert said not in reminder(computed(listed_too), "萧山区").text


def test_a_forms_city_and_county_that_contradict_each_other_are_asked_about():
    results = computed({"资料/甲.xlsx": form(OTHER, "慈溪市", city="杭州市")})
    assert [issue.code for issue in results.issues if issue.company == OTHER and issue.code[0] == "T"] == ["T15"]
    assert results.totals["county"].tolist() == [""] and results.files["county"].tolist() == [""]
    told = computed({"资料/甲.xlsx": form(OTHER, "慈溪市", city="宁波市")})
    assert told.totals["county"].tolist() == ["慈溪市"]
