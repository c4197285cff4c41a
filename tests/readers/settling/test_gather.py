"""From many files: which company, which county, which of two forms counts, and the lines of 收件台账 and 识别记录."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP
from pipeline.readers.settling.arrived import Arrived
from pipeline.readers.settling.gather import Gathered, gather
from pipeline.readers.settling.places import Places
from pipeline.writers.forms.filled import AssessmentEntry, FormAnswer, write_assessments
from tests.support.arrivals import (
    HEADERS,
    cells,
    codes,
    computed,
    form,
    gathered,
    lexicon,
    nominated,
    nomination,
    one,
    published_rulebook,
    read,
    sheet,
)
from tests.support.rulebooks import tested_rulebook
from tests.support.workbooks import form_rows, full_answers, part_of, repacked, workbook

HERE = "杭州市/上城区"
LIST = f"{HERE}/附件2.xlsx"
COMPANY = "杭州甲乙机械有限公司"


def unnamed(sheet_name: str = "附件1", **changes: object) -> bytes:
    """附件1 whose 企业名称 cell is blank."""
    return form("", sheet=sheet_name, **changes)


def company_of(tables: Gathered, name: str = COMPANY) -> dict:
    rows = tables.enterprises[tables.enterprises["company"] == name].to_dict("records")
    assert len(rows) == 1, tables.enterprises["company"].tolist()
    return rows[0]


def region_of(tables: Gathered, name: str = COMPANY) -> tuple[str, str]:
    company = company_of(tables, name)
    return company["city"], company["county"]


# ---------------------------------------------------------------- whose form


def test_a_labelled_name_needs_no_remark():
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), f"{HERE}/a.xlsx": form(COMPANY)})
    assert codes(tables.issues) == [] and company_of(tables)["answered"]
    assert tables.answers["valid"].all() and len(tables.answers) == 15


@pytest.mark.parametrize(
    "typed", ["杭州甲乙机械有限公司 ", "杭州 甲乙机械有限公司（盖章）", "杭州甲乙机械有限公司\u200b"]
)
def test_equal_keys_are_one_company_spelled_as_nominated(typed: str):
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), f"{HERE}/a.xlsx": form(typed)})
    assert tables.enterprises["company"].tolist() == [COMPANY] and company_of(tables)["assessed"]


@pytest.mark.parametrize(
    ("path", "sheet_name", "name"),
    [
        (f"{HERE}/附件1.xlsx", COMPANY, COMPANY),
        (f"{HERE}/附件1-{COMPANY}最终.xlsx", "附件1", COMPANY),
        (f"{HERE}/{COMPANY}/附件1.xlsx", "附件1", COMPANY),
        (f"{HERE}/{COMPANY}.xlsx", "杭州丙丁公司", "杭州丙丁公司"),
        (f"{HERE}/附件1_上城区_杭州丙丁公司_最终版.xlsx", "Sheet1", "杭州丙丁公司"),
    ],
)
def test_the_name_from_sheet_file_and_folder_is_a_remark(path: str, sheet_name: str, name: str):
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), path: unnamed(sheet_name)})
    issue = one(tables.issues, "T06")
    assert company_of(tables, name)["assessed"]
    assert (issue.company, issue.where.file, issue.where.sheet) == (name, path, sheet_name) and issue.where.cell


@pytest.mark.parametrize("typed", ["", "/", "无"])
def test_a_form_that_names_nobody_is_a_question_with_candidates(typed: str):
    rows = [nominated(1, COMPANY), nominated(2, "杭州有表公司"), nominated(3, "余杭公司", "余杭区")]
    files = {
        "杭州市/附件2.xlsx": nomination(*rows),
        f"{HERE}/附件1.xlsx": form(typed),
        f"{HERE}/b.xlsx": form("杭州有表公司"),
    }
    tables = gathered(files)
    issue = one(tables.issues, "T05")
    assert COMPANY in issue.facts["candidates"]
    assert "有表" not in issue.facts["candidates"] and "余杭" not in issue.facts["candidates"]
    assert (issue.city, issue.county, issue.company) == ("杭州市", "上城区", "") and issue.where.cell
    assert not company_of(tables)["assessed"] and set(tables.answers["key"]) == {"杭州有表公司"}


def test_several_forms_on_the_sheets_of_one_workbook(tmp_path: Path, rulebook: Rulebook):
    entries = [
        AssessmentEntry(name, "杭州市", "上城区", "", sheet_name, {"research": FormAnswer(n, 4)})
        for name, sheet_name, n in (("甲公司", "甲", 1), ("", "杭州乙公司", 2))
    ]
    write_assessments(tmp_path / "合并.xlsx", entries, rulebook)
    tables = gathered({f"{HERE}/合并.xlsx": (tmp_path / "合并.xlsx").read_bytes()})
    assert tables.files[["sheet", "company"]].to_numpy().tolist() == [["甲", "甲公司"], ["杭州乙公司", "杭州乙公司"]]
    research = tables.answers[tables.answers["indicator"] == "research"]
    assert dict(zip(research["key"], research["n"], strict=True)) == {"甲公司": 1, "杭州乙公司": 2}


def test_forms_on_two_sheets_of_one_name_keep_their_own_companies():
    answers = full_answers(tested_rulebook())
    sheets = {
        name: [[f"企业名称：{company}"], *form_rows(tested_rulebook(), answers | {"research": (n, 4)})[0]]
        for name, company, n in (("一", "甲公司", 1), ("二", "乙公司", 2))
    }
    content = workbook(sheets)
    names = part_of(content, "xl/workbook.xml").replace('name="二"', 'name="一"')
    tables = gathered({f"{HERE}/a.xlsx": repacked(content, {"xl/workbook.xml": names})})
    assert tables.files[["sheet", "company"]].to_numpy().tolist() == [["一", "甲公司"], ["一", "乙公司"]]
    research = tables.answers[tables.answers["indicator"] == "research"]
    assert dict(zip(research["key"], research["n"], strict=True)) == {"甲公司": 1, "乙公司": 2}


def test_a_wrong_credit_code_is_a_remark():
    tables = gathered({f"{HERE}/a.xlsx": form(COMPANY, credit_code="91350100M000100Y44")})
    assert one(tables.issues, "V38").company == COMPANY
    assert "V38" not in codes(gathered({f"{HERE}/a.xlsx": form(COMPANY, credit_code="91350100M000100Y43")}).issues)


# ---------------------------------------------------------------- twice


def resaved(content: bytes, saved: str) -> bytes:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">'
        f'<dcterms:modified xmlns:dcterms="http://purl.org/dc/terms/">{saved}</dcterms:modified></cp:coreProperties>'
    )
    return repacked(content, {"docProps/core.xml": core if saved else None})


def test_the_same_form_twice_counts_once():
    tables = gathered({f"{HERE}/a.xlsx": form(COMPANY), f"{HERE}/b.xlsx": form(COMPANY)})
    assert one(tables.issues, "X09").where.file == f"{HERE}/b.xlsx" and len(tables.answers) == 15


def test_equal_reading_is_the_same_whatever_was_typed():
    tables = gathered(
        {f"{HERE}/a.xlsx": form(COMPANY), f"{HERE}/b.xlsx": form(COMPANY, answers={"research": ("２个", "4")})}
    )
    assert "X09" in codes(tables.issues) and "X10" not in codes(tables.issues)


@pytest.mark.parametrize(
    ("saved_a", "saved_b", "counts"),
    [
        ("2024-05-02T00:00:00Z", "2024-05-01T00:00:00Z", "a"),
        ("2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z", "b"),
        ("2024-05-01T00:00:00Z", "", "a"),
        ("", "", "b"),
    ],
)
def test_of_two_different_forms_the_last_saved_counts(saved_a: str, saved_b: str, counts: str):
    first = resaved(form(COMPANY, answers={"research": (1, 4), "office": ("待定", 4)}), saved_a)
    second = resaved(form(COMPANY, answers={"research": (3, 4)}), saved_b)
    tables = gathered({f"{HERE}/a.xlsx": first, f"{HERE}/b.xlsx": second})
    issue = one(tables.issues, "X10")
    assert issue.where.file == f"{HERE}/{counts}.xlsx" and issue.where.cell and issue.company == COMPANY
    assert "研发 N" in issue.facts["differences"] and "行政办公 N" in issue.facts["differences"]
    research = tables.answers[tables.answers["indicator"] == "research"].iloc[0]
    assert research["n"] == {"a": 1, "b": 3}[counts]
    assert ("V01" in codes(tables.issues)) == (counts == "a")


def test_nominated_by_the_county_and_by_the_city_alike():
    rows = [nominated(1, COMPANY), nominated(2, "乙公司")]
    tables = gathered({LIST: nomination(*rows), "杭州市/附件2.xlsx": nomination(*rows)})
    issue = one(tables.issues, "X07")
    assert issue.facts["count"] == "2" and len(tables.enterprises) == 2 and region_of(tables) == ("杭州市", "上城区")
    assert "X08" not in codes(tables.issues) and "T16" not in codes(tables.issues)


@pytest.mark.parametrize(
    ("typed", "alike"), [({}, True), ({"phone": "'13900000009"}, False), ({"contact": "李四"}, False)]
)
def test_a_nomination_twice_in_one_list(typed: dict[str, str], alike: bool):
    issue = one(gathered({LIST: nomination(nominated(1, COMPANY), nominated(2, COMPANY, **typed))}).issues, "X07")
    assert issue.where.cell == "C3" and "C2" in issue.facts["other"]
    assert (issue.facts["agreement"] == "数据一致") == alike


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ((f"{HERE}/a.xlsx", COMPANY), ("杭州市/a.xlsx", COMPANY)),
        (("杭州市/a.xlsx", COMPANY), ("资料/a.xlsx", COMPANY)),
        (("杭州市/a.xlsx", COMPANY), (f"资料/{COMPANY}.xlsx", "")),
        ((f"杭州市/{COMPANY}.xlsx", ""), ("资料/a.xlsx", COMPANY)),
        (("资料/z.xlsx", COMPANY), (f"资料/{COMPANY}.xlsx", "")),
    ],
)
def test_of_two_forms_the_nearer_to_the_companys_county_counts(stronger: tuple[str, str], weaker: tuple[str, str]):
    """The county's own before its city's before nobody's; of nobody's one that names the company before one whose file
    does."""
    files = {LIST: nomination(nominated(1, COMPANY))}
    for (path, name), n in ((stronger, 1), (weaker, 3)):
        files[path] = form(name, sheet="附件1", answers={"research": (n, 4)})
    tables = gathered(files)
    counted = tables.answers[tables.answers["indicator"] == "research"]["n"].tolist()
    assert counted == [1]


@pytest.mark.parametrize(("folder", "name", "is_its"), [(HERE, "", True), ("资料", "", False), ("资料", COMPANY, True)])
def test_a_countys_own_form_goes_back_to_it_whoever_names_its_company(folder: str, name: str, is_its: bool):
    """Nobody's file goes back only where the form itself names the company."""
    path = f"{folder}/{COMPANY}.xlsx"
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), path: form(name, sheet="附件1")})
    assert company_of(tables)["assessed"] and (path in tables.whole_files) == is_its


SPACED = COMPANY.replace("机械", " 机械 ")


@pytest.mark.parametrize(
    "files",
    [
        {"a/附件1.xlsx": form(COMPANY), "b/附件1.xlsx": form(SPACED)},
        {LIST: nomination(nominated(1, COMPANY)), "杭州市/附件2.xlsx": nomination(nominated(1, SPACED))},
        {LIST: nomination(nominated(1, COMPANY), nominated(2, SPACED, revenue="7"))},
        {
            "a/附件2.xlsx": nomination(nominated(1, COMPANY)),
            "b/附件2.xlsx": nomination(nominated(1, SPACED, revenue="7")),
        },
    ],
)
def test_a_company_has_one_spelling_the_first_and_every_issue_names_it_so(files: dict[str, bytes]):
    tables = gathered(files)
    assert tables.enterprises["company"].tolist() == [COMPANY]
    assert {issue.company for issue in tables.issues} <= {COMPANY, ""}


@pytest.mark.parametrize(
    ("path", "counts"),
    [("高新区/表.xlsx", True), ("材料/表.xlsx", True), ("材料/余杭区.xlsx", False)],
)
def test_a_nil_return_of_nobody_counts_where_nothing_contradicts_it(path: str, counts: bool):
    counties = gathered({path: nomination("|上城区|无推荐企业")}).sources["counties"]
    assert counties == ({"杭州市上城区": [path]} if counts else {})


def test_nobodys_file_that_names_two_companies_is_a_question():
    files = {LIST: nomination(nominated(1, COMPANY), nominated(2, "杭州丁丙化工有限公司"))}
    tables = gathered(files | {f"资料/{COMPANY}、杭州丁丙化工有限公司.xlsx": unnamed()})
    assert "T05" in codes(tables.issues) and "T06" not in codes(tables.issues)


@pytest.mark.parametrize("folder", [HERE, "杭州市"])
def test_a_file_named_after_a_company_that_its_city_nominates_without_a_county(folder: str):
    files = {"杭州市/附件2.xlsx": nomination(nominated(1, COMPANY, "")), f"{folder}/{COMPANY}材料.xlsx": unnamed()}
    tables = gathered(files)
    assert tables.enterprises["company"].tolist() == [COMPANY] and company_of(tables)["assessed"]


def test_of_a_company_twice_in_one_list_the_first_row_counts():
    rows = [nominated(1, COMPANY, revenue="7000"), nominated(2, COMPANY, revenue="8000", verdict="不推荐")]
    company = company_of(gathered({LIST: nomination(*rows)}))
    assert (company["revenue"], company["refused"], company["where"].cell) == (7000, False, "C2")


def test_a_company_that_nobody_nominates_is_not_refused():
    company = company_of(gathered({f"{HERE}/a.xlsx": form(COMPANY)}))
    assert (company["nominated"], company["refused"]) == (False, False)


def test_what_several_rows_of_a_company_share_is_said_once():
    """Which cells it is said of: the first row's; what only the second row has is said too."""
    rows = [nominated(1, COMPANY, revenue="待定"), nominated(2, COMPANY, revenue="待定", profit="不详")]
    wrong = [issue for issue in gathered({LIST: nomination(*rows)}).issues if issue.found in ("待定", "不详")]
    assert sorted((issue.found, issue.where.cell) for issue in wrong) == [("不详", "F3"), ("待定", "E2")]


@pytest.mark.parametrize("text", [COMPANY, "杭州丁公司", "附件1"])
def test_a_county_keeps_its_company_whose_form_it_sent_whoever_else_nominates_it(text: str):
    """A form of another company speaks for nobody, whatever its file is called."""
    there = "杭州市/余杭区"
    files = {
        LIST: nomination(nominated(1, COMPANY), nominated(2, "杭州丁公司")),
        f"{there}/附件2.xlsx": nomination(nominated(1, COMPANY, "余杭区"), nominated(2, "杭州戊公司", "余杭区")),
        f"{HERE}/{text}.xlsx": form(COMPANY),
        f"{there}/附件1.xlsx": form("杭州戊公司", "余杭区"),
    }
    assert region_of(gathered(files)) == ("杭州市", "上城区")


@pytest.mark.parametrize(
    "name", ["杭州余杭甲乙机械有限公司", "宁波甲乙机械有限公司", "浙江宁波市甲乙机械有限公司", COMPANY]
)
@pytest.mark.parametrize("verdicts", [("推荐", "推荐"), ("不推荐", "推荐"), ("推荐", "不推荐"), ("不推荐", "不推荐")])
def test_the_name_alone_gives_nobody_a_company_that_two_places_list(name: str, verdicts: tuple[str, str]):
    places = ("宁波市/鄞州区", "杭州市/余杭区")
    lists = {
        f"{place}/附件2.xlsx": nomination(nominated(1, name, place[4:], verdict=verdict))
        for place, verdict in zip(places, verdicts, strict=True)
    }
    tables = gathered(lists)
    assert region_of(tables, name) == ("", "") and codes(tables.issues).count("X08") == 2


@pytest.mark.parametrize(
    ("name", "own", "theirs", "region"),
    [
        (COMPANY, "推荐", "推荐", ("杭州市", "上城区")),
        ("余杭甲乙机械有限公司", "推荐", "推荐", ("", "")),
        ("檀乙机械有限公司", "推荐", "推荐", ("杭州市", "上城区")),
        ("檀乙机械有限公司", "不推荐", "推荐", ("杭州市", "上城区")),
        ("檀乙机械有限公司", "推荐", "不推荐", ("", "")),
        ("上城檀乙机械有限公司", "推荐", "不推荐", ("杭州市", "上城区")),
        ("宁波甲乙机械有限公司", "推荐", "推荐", ("杭州市", "上城区")),
    ],
)
def test_a_form_goes_before_a_row_alone_unless_the_name_or_a_refusal_speaks_against_it(
    name: str, own: str, theirs: str, region: tuple[str, str]
):
    other = "杭州市/余杭区"
    files = {
        LIST: nomination(nominated(1, name, verdict=own)),
        f"{HERE}/甲.xlsx": form(name),
        f"{other}/附件2.xlsx": nomination(nominated(1, name, "余杭区", verdict=theirs)),
    }
    assert region_of(gathered(files), name) == region
    assert region_of(gathered(files | {f"{other}/甲.xlsx": form(name, "余杭区")}), name) == ("", "")


@pytest.mark.parametrize(
    ("form_path", "claimed", "county"),
    [
        ("资料/甲.xlsx", "上城区", "上城区"),
        ("资料/甲.xlsx", "余杭区", "余杭区"),
        ("杭州市/甲.xlsx", "余杭区", "余杭区"),
        ("资料/甲.xlsx", "", ""),
        ("杭州市/甲.xlsx", "", ""),
        ("资料/甲.xlsx", "萧山区", ""),
    ],
)
def test_of_two_counties_with_a_row_a_form_of_neither_speaks_for_the_one_it_names(
    form_path: str, claimed: str, county: str
):
    """One that names none may be of either, and so decides nothing."""
    files = {
        LIST: nomination(nominated(1, COMPANY)),
        "杭州市/余杭区/附件2.xlsx": nomination(nominated(1, COMPANY, "余杭区")),
        form_path: form(COMPANY, claimed),
    }
    assert region_of(gathered(files)) == (("杭州市", county) if county else ("", ""))


def test_which_files_speak_for_a_county():
    """The row and the form that count, not those that only say the same; and a nil return."""
    files = {
        LIST: nomination(nominated(1, COMPANY)),
        "杭州市/附件2.xlsx": nomination(nominated(1, COMPANY), "|余杭区|无推荐企业"),
        f"{HERE}/a.xlsx": form(COMPANY),
        f"{HERE}/b.xlsx": form(COMPANY),
        "杭州市/余杭区/说明.pdf": b"%PDF",
    }
    counties = gathered(files).sources["counties"]
    assert counties == {"杭州市上城区": [f"{HERE}/b.xlsx", LIST], "杭州市余杭区": ["杭州市/附件2.xlsx"]}


@pytest.mark.parametrize(
    ("path", "county"),
    [
        (f"{HERE}/附件2.pdf", "上城区"),
        (f"{HERE}/材料.zip/上城区/附件2.pdf", "上城区"),
        (f"{HERE}/材料.zip/余杭区/附件2.pdf", ""),
        (f"{HERE}/材料.zip/附件2.pdf", "上城区"),
    ],
)
def test_a_countys_file_stays_its_own_unless_a_folder_inside_says_another(path: str, county: str):
    """Folders inside of an archive can only take a file away."""
    found = read(b"%PDF", path)
    files = gather([found], published_rulebook()).files
    assert files[["city", "county"]].to_numpy().tolist() == [["杭州市", county]]


@pytest.mark.parametrize("spoken_for", [True, False])
def test_nobodys_file_is_filed_where_its_folders_say_while_nobody_speaks_for_that(spoken_for: bool):
    files = {"材料.zip/杭州市/上城区/说明.pdf": b"%PDF"}
    if spoken_for:
        files[LIST] = nomination(nominated(1, COMPANY))
    rows = gathered(files).files.set_index("path")
    assert rows.loc["材料.zip/杭州市/上城区/说明.pdf", "county"] == ("" if spoken_for else "上城区")


@pytest.mark.parametrize(("city", "is_heard"), [("杭州市", False), ("宁波市", True)])
@pytest.mark.parametrize("row", [nominated(1, COMPANY, "鄞州区"), "|鄞州区|无推荐企业"])
def test_a_citys_list_speaks_for_no_county_of_another_city(row: str, city: str, is_heard: bool):
    stray = "材料.zip/宁波市/鄞州区/说明.pdf"
    files = {stray: b"%PDF", f"{city}/附件2.xlsx": nomination(row)}
    assert gathered(files).files.set_index("path").loc[stray, "county"] == ("" if is_heard else "鄞州区")


@pytest.mark.parametrize("content", [b"abc", b"", b"%PDF", b"PK\x03\x04"])
def test_the_remark_on_a_file_without_sheets_is_its_findings_alone(content: bytes):
    remark = gathered({f"{HERE}/a.xlsx": content}).files["remark"].tolist()[0]
    assert remark and remark == remark.strip("；")


def test_two_forms_that_look_alike_say_how_they_differ():
    rows, tops = form_rows(tested_rulebook(), full_answers(tested_rulebook(), cloud_security=(0.5, 4)))
    rows.insert(0, [f"企业名称：{COMPANY}"])
    cell = f"D{tops['cloud_security'] + 2}"
    files = {
        f"{HERE}/a.xlsx": workbook({"附件1": rows}),
        f"{HERE}/b.xlsx": workbook({"附件1": rows}, formats={cell: "0.0%"}),
    }
    differences = one(gathered(files).issues, "X10").facts["differences"]
    assert f"单元格 {cell}" in differences and "0.0%" in differences


def test_one_remark_per_pair_of_files():
    files = {f"杭州市/{name}.xlsx": nomination(nominated(1, COMPANY)) for name in "abc"}
    assert codes(gathered(files).issues) == ["X07", "X07"]


def test_nominated_with_other_figures():
    tables = gathered(
        {
            LIST: nomination(nominated(1, COMPANY)),
            "杭州市/附件2.xlsx": nomination(nominated(3, "乙厂", "余杭区"), nominated(1, COMPANY, revenue="5")),
        }
    )
    issue = one(tables.issues, "X20")
    assert (issue.where, issue.found) == (("杭州市/附件2.xlsx", "附件2", "C3"), COMPANY)
    assert (issue.company, issue.city, issue.county) == ("", "杭州市", "")
    assert company_of(tables)["revenue"] == 1000
    assert region_of(tables) == ("杭州市", "上城区")


def test_a_column_that_one_list_lacks_is_no_difference():
    short = nomination(f"1|上城区|{COMPANY}|泵|推荐", headers="序号|区县|企业名称|主营业务|推荐意见")
    assert "X07" in codes(gathered({LIST: nomination(nominated(1, COMPANY)), "杭州市/附件2.xlsx": short}).issues)


def test_nominated_by_two_counties_belongs_to_neither():
    files = {
        LIST: nomination(nominated(1, COMPANY)),
        "杭州市/余杭区/附件2.xlsx": nomination(nominated(1, COMPANY, "余杭区")),
    }
    tables = gathered(files)
    assert codes(tables.issues) == ["X08", "X08"] and region_of(tables) == ("", "")
    assert {issue.county for issue in tables.issues} == {""}


# ---------------------------------------------------------------- county


@pytest.mark.parametrize(
    ("written", "folder", "region", "code"),
    [
        ("上城区", HERE, ("杭州市", "上城区"), ""),
        ("上城", "杭州市", ("杭州市", "上城区"), ""),
        ("", HERE, ("杭州市", "上城区"), ""),
        ("-", HERE, ("杭州市", "上城区"), ""),
        ("萧山市", "资料", ("杭州市", "萧山区"), ""),
        ("宁波前湾新区", "宁波市", ("宁波市", "慈溪市"), ""),
        ("高新区", "宁波市", ("宁波市", "鄞州区"), ""),
        ("高新区", "资料", ("", ""), "T14"),
        ("嘉兴经开区", "嘉兴市", ("嘉兴市", ""), "T14"),
        ("嘉兴经开区", "嘉兴市/南湖区", ("嘉兴市", "南湖区"), ""),
        ("嘉兴经开区", "嘉兴市/海宁市", ("嘉兴市", ""), "T14"),
        ("江干区", "杭州市", ("杭州市", ""), "T14"),
        ("上成区", HERE, ("杭州市", ""), "T14"),
        ("余杭区", HERE, ("杭州市", ""), "T15"),
        ("鄞州区", HERE, ("", ""), "T15"),
        ("杭州市", "杭州市", ("杭州市", ""), "T13"),
        ("", "杭州市", ("杭州市", ""), "T13"),
        ("", "资料", ("", ""), "T13"),
        ("", "嘉兴市/嘉兴经开区", ("嘉兴市", ""), "T14"),
        ("", "杭州市/上城区/余杭区", ("杭州市", ""), "T15"),
        ("上城区", "杭州市/上城区/余杭区", ("杭州市", ""), "T15"),
        ("", "宁波市/上城区", ("", ""), "T15"),
        ("", "高新区/上城区", ("杭州市", "上城区"), ""),
    ],
)
def test_the_county_by_column_and_folder(written: str, folder: str, region: tuple[str, str], code: str):
    tables = gathered({f"{folder}/附件2.xlsx": nomination(nominated(1, COMPANY, written))})
    assert region_of(tables) == region and codes(tables.issues) == ([code] if code else [])
    if code:
        issue = tables.issues[0]
        assert (issue.company, issue.county) == (COMPANY, "") and all(issue.where)


def test_the_cell_that_says_the_county():
    tables = gathered({"杭州市/附件2.xlsx": nomination(nominated(1, COMPANY, "上成区"))})
    assert (cells(tables.issues, "T14"), one(tables.issues, "T14").found) == (["B2"], "上成区")


def test_the_form_and_the_list_disagree():
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), "杭州市/余杭区/a.xlsx": form(COMPANY, "余杭区")})
    issue = one(tables.issues, "T15")
    assert region_of(tables) == ("杭州市", "上城区") and not company_of(tables)["assessed"]
    assert (issue.where.file, issue.company, issue.county) == ("杭州市/余杭区/a.xlsx", "", "余杭区")


def test_a_form_in_another_countys_place_has_no_say():
    files = {
        LIST: nomination(nominated(1, COMPANY)),
        f"{HERE}/a.xlsx": form(COMPANY),
        "宁波市/鄞州区/a.xlsx": form(COMPANY, city="宁波市", county="鄞州区"),
    }
    tables = gathered(files)
    assert region_of(tables) == ("杭州市", "上城区") and company_of(tables)["assessed"]
    assert one(tables.issues, "T15").county == "鄞州区"


def test_the_forms_own_label_is_enough():
    tables = gathered({"资料/a.xlsx": form(COMPANY, "萧山区", city="杭州市")})
    assert region_of(tables) == ("杭州市", "萧山区")


def test_an_undecided_company_does_not_take_its_list_from_the_county():
    tables = gathered({LIST: nomination(nominated(1, COMPANY), nominated(3, "乙公司", "上成区"))})
    assert one(tables.issues, "T16").county == "上城区"
    assert tables.files["county"].tolist() == ["上城区"]


def test_a_citys_list_is_no_countys_file():
    tables = gathered({"杭州市/附件2.xlsx": nomination(nominated(1, COMPANY), nominated(1, "乙公司", "余杭区"))})
    assert tables.files[["city", "county"]].to_numpy().tolist() == [["杭州市", ""]]


# ---------------------------------------------------------------- nil returns


@pytest.mark.parametrize(
    ("files", "nil"),
    [
        ({LIST: nomination()}, [("杭州市", "上城区")]),
        ({LIST: nomination("|上城区|无")}, [("杭州市", "上城区")]),
        ({"杭州市/附件2.xlsx": nomination()}, []),
        ({"资料/附件2.xlsx": nomination("1|上城区")}, [("杭州市", "上城区")]),
        ({"资料/附件2.xlsx": nomination("1|上城区", "2|余杭区")}, []),
        ({"杭州市/附件2.xlsx": nomination(nominated(1, COMPANY), "|余杭区|无推荐企业")}, [("杭州市", "余杭区")]),
        ({LIST: nomination("1|上城区||泵|1000")}, []),
        (
            {LIST: nomination("1|上城区|无"), "杭州市/附件2.xlsx": nomination(nominated(1, COMPANY))},
            [("杭州市", "上城区")],
        ),
    ],
)
def test_nil_returns(files: dict[str, bytes], nil: list[tuple[str, str]]):
    assert list(gathered(files).nil_returns) == nil


def test_a_county_that_says_nobody_and_nominates_somebody_is_asked():
    files = {LIST: nomination(nominated(1, COMPANY)), f"{HERE}/附件2补.xlsx": nomination("|上城区|无")}
    issue = one(gathered(files).issues, "X19")
    assert (issue.where.file, issue.where.cell, issue.county) == (f"{HERE}/附件2补.xlsx", "C2", "上城区")
    assert "X19" not in codes(gathered({**files, LIST: nomination(nominated(1, COMPANY, "萧山区"))}).issues)


@pytest.mark.parametrize(
    ("path", "county", "begin"),
    [
        ("杭州市/上城区/附件2补.xlsx", "余杭区", "这份表放在“上城区”的文件夹里，只能替自己零报送"),
        ("杭州市/附件2补.xlsx", "宁波市鄞州区", "这份表放在“杭州市”的文件夹里，只能替本市的区县零报送"),
    ],
)
def test_a_nil_return_for_another_is_told_whose_folder_it_lies_in(path: str, county: str, begin: str):
    tables = gathered({path: nomination(f"|{county}|无")})
    assert tables.nil_returns == () and begin in str([issue.facts for issue in tables.issues])


@pytest.mark.parametrize(("name", "counts"), [("上城区附件2", True), ("附件2", True), ("余杭区附件2", False)])
def test_a_nil_return_from_nobodys_folder_agrees_with_its_files_name(name: str, counts: bool):
    nil = gathered({f"资料/{name}.xlsx": nomination("1|上城区")}).nil_returns
    assert nil == ((("杭州市", "上城区"),) if counts else ())


@pytest.mark.parametrize(
    ("title", "row", "nil"),
    [
        ("", "|上城区|无", [("杭州市", "上城区")]),
        ("上城区推荐表", "|上城区|无", [("杭州市", "上城区")]),
        ("杭州市推荐表", "|上城区|无", [("杭州市", "上城区")]),
        ("余杭区推荐表", "|上城区|无", []),
        ("宁波市推荐表", "|上城区|无", []),
        ("上城区推荐表", "||无", []),
    ],
)
def test_a_nil_return_from_nobodys_folder_agrees_with_its_title_and_names_its_county_in_the_row(
    title: str, row: str, nil: list[tuple[str, str]]
):
    assert list(gathered({"资料/附件2.xlsx": nomination(row, title=title)}).nil_returns) == nil


@pytest.mark.parametrize(
    ("title", "nil"),
    [("上城区推荐表", [("杭州市", "上城区")]), ("浙江省推荐表", []), ("杭州市推荐表", [])],
)
def test_an_empty_list_from_nobodys_folder_is_of_the_county_in_its_title(title: str, nil: list[tuple[str, str]]):
    assert list(gathered({"资料/附件2.xlsx": nomination(title=title)}).nil_returns) == nil


def test_a_list_of_nobody_is_remarked_as_a_nil_return():
    tables = gathered({LIST: nomination("|上城区|无"), f"{HERE}/a.xlsx": form(COMPANY)})
    remarks = dict(zip(tables.files["path"], tables.files["remark"], strict=True))
    assert "零报送" in remarks[LIST] and "零报送" not in remarks[f"{HERE}/a.xlsx"]


# ---------------------------------------------------------------- the folder


def test_folders_that_contradict_are_called_folders():
    issue = one(gathered({"绍兴市/上虞区/宁波市/a.xlsx": form(COMPANY, "")}).issues, "T15")
    assert "放的文件夹里层的“宁波市”，指向宁波市" in issue.facts["sources"]
    typed = one(gathered({"杭州市/a.xlsx": form(COMPANY, "上成区")}).issues, "T14")
    assert "文件夹" not in typed.facts["written"]


@pytest.mark.parametrize(
    ("folders", "region"),
    [
        ("温州市/苍南县/平阳县/附件2", ("温州市", "苍南县")),
        ("苍南县/温州市/平阳县", ("温州市", "苍南县")),
        ("温州市/苍南县/杭州市/上城区", ("温州市", "苍南县")),
        ("温州市/苍南县/高新区/鹿城区", ("温州市", "苍南县")),
        ("温州市/上城区", ("温州市", "")),
        ("温州市/材料/杭州市/上城区", ("温州市", "")),
        ("温州市/材料/鹿城区", ("温州市", "鹿城区")),
        ("杭州市/上城区", ("杭州市", "上城区")),
        ("上城区/杭州市", ("杭州市", "上城区")),
        ("杭州市/江干区/上城区", ("杭州市", "上城区")),
        ("杭州市/江干区/萧山区", ("", "")),
        ("宁波市/高新区", ("宁波市", "鄞州区")),
        ("浙江省/收件/宁波市/海曙", ("宁波市", "海曙区")),
        ("高新区/上城区", ("", "")),
    ],
)
def test_folders_inside_a_region_s_folder_prove_nothing_else(folders: str, region: tuple[str, str]):
    assert Places(Arrived(()), lexicon().regions).of(f"{folders}/a.xlsx").region == region


@pytest.mark.parametrize("inner", ["余杭区", "杭州市/余杭区", "附件/余杭区/附件2", "宁波市/海曙区"])
def test_a_folder_named_after_others_speaks_for_nobody_else(inner: str):
    county = "海曙区" if "海曙" in inner else "余杭区"
    other = "檀乙电子有限公司"
    files = {LIST: nomination(nominated(1, COMPANY)), f"{HERE}/{inner}/无.xlsx": nomination(f"|{county}|无")}
    files |= {"收件/附件2.xlsx": nomination(nominated(1, other, county)), f"{HERE}/{inner}/乙.xlsx": form(other, "")}
    tables = gathered(files)
    assert not tables.nil_returns and one(tables.issues, "X21").county == one(tables.issues, "T15").county == "上城区"
    assert not tables.enterprises.set_index("company").loc[other, "assessed"]


@pytest.mark.parametrize("mark", ["：", "-", "/", "——", "＿＿"])
def test_a_cell_of_punctuation_is_no_name(mark: str):
    rows, _ = form_rows(tested_rulebook(), full_answers(tested_rulebook()))
    there = workbook({"附件1": [["企业名称", mark, COMPANY], *rows]})
    tables = gathered({f"{HERE}/a.xlsx": there})
    assert company_of(tables)["assessed"] and "T06" not in codes(tables.issues)
    elsewhere = workbook({"附件1": [["企业名称", mark], *rows]})
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), f"{HERE}/{COMPANY}.xlsx": elsewhere})
    assert company_of(tables)["assessed"] and "T06" in codes(tables.issues)


# ---------------------------------------------------------------- marks


def test_marks_of_a_company_nobody_knows():
    marks = workbook({"评分": "企业名称|云原生应用情况|绩效提升典型案例\n戊公司|3|2\n己公司||"})
    results = computed({LIST: nomination(nominated(1, COMPANY)), "李四.xlsx": marks})
    issue = one(results.issues, "E05")
    assert (issue.where.cell, issue.found, issue.facts["candidates"]) == ("A2", "戊公司", "") and results.marks.empty


def test_a_near_name_in_a_marks_workbook_is_said_and_nothing_taken_over():
    marks = workbook({"评分": "企业名称|云原生应用情况|绩效提升典型案例\n杭州甲乙机械公司|3|2\n戊公司|1|1"})
    results = computed({LIST: nomination(nominated(1, COMPANY)), "李四.xlsx": marks})
    issue = one(results.issues, "E05")
    assert issue.level == "提醒" and issue.where.cell == "A2" and COMPANY in issue.facts["candidates"]
    assert "戊公司”" not in issue.facts["candidates"] and results.marks.empty


# ---------------------------------------------------------------- files


def test_an_output_of_ours_is_listed_and_never_read():
    table = nomination(nominated(1, COMPANY))
    stamped = nomination(nominated(1, COMPANY), properties={OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE})
    visible = nomination(nominated(1, COMPANY), f"{OUTPUT_STAMP}，试算")
    for content in (stamped, visible):
        reading = read(content)
        assert (reading.kind, reading.sheets) == ("own_output", [])
    tables = gathered({f"{HERE}/a.xlsx": stamped, f"{HERE}/b.xlsx": visible, f"{HERE}/c.xlsx": table})
    assert tables.files["kind"].tolist() == ["own_output", "own_output", "nomination"] and not tables.issues


@pytest.mark.parametrize(
    ("name", "content", "kind", "code"),
    [
        ("表.xlsx", workbook({"Sheet1": "系统|数量\nMES|3"}), "unrecognised", "F03"),
        ("表.xlsx", workbook({"Sheet1": ""}), "unrecognised", "F03"),
        ("表.xlsx", b"", "unreadable", "F19"),
        ("表.xls", b"<html><table></table></html>", "unreadable", "F02"),
        ("表.xlsx", b"PK\x03\x04 and no more", "unreadable", "F01"),
        ("照片.jpg", b"\xff\xd8\xff", "evidence", ""),
        ("合同.pdf", b"%PDF-1.4", "evidence", ""),
        ("说明.docx", b"PK\x03\x04", "unreadable", "F01"),
        ("工具.exe", b"MZ", "unrecognised", "F04"),
        ("材料.rar", b"Rar!\x1a\x07", "archive", "F11"),
    ],
)
def test_every_file_has_its_line(name: str, content: bytes, kind: str, code: str):
    tables = gathered({f"{HERE}/{name}": content})
    assert codes(tables.issues) == ([code] if code else [])
    assert tables.files[["path", "kind", "county"]].to_numpy().tolist() == [[f"{HERE}/{name}", kind, "上城区"]]


@pytest.mark.parametrize("name", ["附件2.docx", "附件2.csv", "附件2", "附件2.xls", "附件2.dat"])
def test_a_workbook_is_known_by_its_bytes(name: str):
    assert read(nomination(nominated(1, COMPANY)), f"{HERE}/{name}").kind == "nomination"


def test_a_workbook_without_its_main_part_is_unreadable_under_any_name():
    content = repacked(nomination(), {"xl/workbook.xml": None})
    assert read(content, "程序.jar").kind == read(content, "表.xlsx").kind == "unreadable"


def test_example_sheets_are_never_data():
    for name in ("填写示例", "附件2填写示例", "样例", "示例（勿填）"):
        content = workbook({"附件2": _text(nominated(1, COMPANY)), name: _text(nominated(1, "示例公司"))})
        reading = read(content)
        assert codes(reading.issues) == ["F10"] and [one_sheet.sheet for one_sheet in reading.sheets] == ["附件2"]


def _text(row: str) -> str:
    return f"{HEADERS}\n{row}"


def test_hidden_sheets_count_only_without_a_visible_one_of_their_kind():
    both = workbook({"附件2": _text(nominated(1, COMPANY)), "旧": _text(nominated(1, "旧公司"))}, hidden_sheets=["旧"])
    assert [name.sheet for name in read(both).sheets] == ["附件2"] and codes(read(both).issues) == ["F12"]
    alone = workbook({"说明": "请填写", "附件2": _text(nominated(1, COMPANY))}, hidden_sheets=["附件2"])
    (only,) = read(alone).sheets
    assert only.nominations and codes(only.issues) == ["F09"] and "说明" in read(alone).remark


# ---------------------------------------------------------------- 识别记录


def test_one_line_for_each_value_read_as_more_than_formatting():
    answers = {"cloud_storage": ("512GB", "2TB"), "research": ("无", 4), "office": (" 2　", "４")}
    tables = gathered(
        {LIST: nomination(nominated(1, COMPANY, revenue="1.2亿")), f"{HERE}/a.xlsx": form(COMPANY, answers=answers)}
    )
    rows = tables.recognised[["indicator", "raw", "adopted"]].to_numpy().tolist()
    assert rows == [["cloud_storage", "512GB", "0.5"], ["research", "无", "0"], ["revenue", "1.2亿", "12000"]]
    assert (tables.recognised["rule"] != "").all() and (tables.recognised["cell"] != "").all()


def test_an_item_in_error_is_not_valid_and_its_neighbours_are():
    tables = gathered({f"{HERE}/a.xlsx": form(COMPANY, answers={"office": ("待定", 4), "device_access": (5, 4)})})
    invalid = tables.answers.loc[~tables.answers["valid"], "indicator"].tolist()
    assert invalid == ["office", "device_access"]


def test_a_form_of_nothing(rulebook: Rulebook):
    blank = form(COMPANY, answers={item.id: (None, None) for item in rulebook.ratio_indicators})
    tables = gathered({f"{HERE}/a.xlsx": blank})
    assert "V04" in codes(tables.issues) and not company_of(tables)["answered"] and tables.answers.empty
    assert "V04" not in codes(gathered({f"{HERE}/a.xlsx": form(COMPANY, answers={"research": (None, None)})}).issues)


def test_one_sheet_one_kind():
    assert sheet(form(COMPANY)).kind == "assessment"


def test_papers_are_counted_for_the_company_whose_name_they_bear():
    papers = {
        f"杭州市/上城区/{COMPANY}/发票.pdf": b"%PDF",
        f"杭州市/上城区/佐证/{COMPANY}合同.jpg": b"\xff\xd8\xff",
        "杭州市/上城区/其他.png": b"\x89PNG",
        f"杭州市/余杭区/{COMPANY}清单.pdf": b"%PDF",
    }
    tables = gathered({"杭州市/上城区/附件2.xlsx": nomination(nominated(1, COMPANY))} | papers)
    assert tables.enterprises["evidence"].tolist() == [2]
    named = tables.files[tables.files["company"] == COMPANY]["path"]
    assert sorted(path for path in named if path in papers) == sorted(list(papers)[:2])


def test_a_nameless_form_whose_claims_contradict_its_place_is_asked_of_its_sender():
    tables = gathered(
        {"杭州市/萧山区/Sheet1.xlsx": form("", county="余杭区", sheet="Sheet1", answers={"research": ("待定", 4)})}
    )
    regions = {issue.code: (issue.city, issue.county) for issue in tables.issues}
    assert (regions["T05"], regions["V01"]) == (("杭州市", "萧山区"), ("", ""))


# ---------------------------------------------------------------- names of files, headings and titles


def test_a_branch_of_another_countys_company_is_not_that_company():
    rows = [nominated(1, COMPANY, "上城区"), nominated(2, "杭州丁公司", "余杭区")]
    files = {
        "杭州市/附件2.xlsx": nomination(*rows),
        f"{HERE}/a.xlsx": form(COMPANY),
        f"杭州市/余杭区/{COMPANY}余杭分公司.xlsx": form("", county="余杭区"),
        f"杭州市/余杭区/杭州丁公司_{COMPANY}.xlsx": form("", county="余杭区"),
    }
    tables = gathered(files)
    assert codes(tables.issues) == ["T06", "T06"]
    counties = dict(zip(tables.enterprises["company"], tables.enterprises["county"], strict=True))
    assert counties == {COMPANY: "上城区", "杭州丁公司": "余杭区", f"{COMPANY}余杭分公司": "余杭区"}


@pytest.mark.parametrize(("label", "lack"), [(True, "没有填写"), (False, "没有找到")])
def test_a_blank_label_and_none_are_told_apart(label: bool, lack: str, rulebook: Rulebook):
    bare = workbook({"附件1": form_rows(rulebook, full_answers(rulebook))[0]})
    content = unnamed() if label else bare
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), f"{HERE}/{COMPANY}.xlsx": content})
    assert one(tables.issues, "T06").facts["lack"] == lack


@pytest.mark.parametrize("heading", ["一、余杭区", "余杭区推荐排序表"])
def test_a_heading_against_the_column_keeps_the_company_out_of_both(heading: str):
    content = nomination(nominated(1, COMPANY, "上城区"), title=heading)
    tables = gathered({"杭州市/附件2.xlsx": content, "杭州市/a.xlsx": form(COMPANY)})
    assert one(tables.issues, "T15").company == COMPANY and company_of(tables)["county"] == ""


def test_a_sheets_name_against_the_folder_keeps_the_company_out_of_both():
    tables = gathered({LIST: nomination(nominated(1, COMPANY, ""), name="余杭区"), f"{HERE}/a.xlsx": form(COMPANY)})
    assert one(tables.issues, "T15").company == COMPANY


def test_nobody_under_one_heading_is_that_countys_nil_return():
    rows = ["一、上城区", nominated(1, COMPANY, ""), "二、余杭区", "||无推荐", "三、西湖区（0家）"]
    tables = gathered({"杭州市/附件2.xlsx": nomination(*rows), "杭州市/a.xlsx": form(COMPANY)})
    assert tables.nil_returns == (("杭州市", "余杭区"), ("杭州市", "西湖区")) and codes(tables.issues) == []


def test_what_is_asked_of_one_county_is_not_told_another():
    rows = ["一、上城区", nominated(1, COMPANY, ""), "二、余杭区", "||甲乙丙丁"]
    issue = one(gathered({"杭州市/附件2.xlsx": nomination(*rows)}).issues, "T22")
    assert (issue.city, issue.county) == ("杭州市", "余杭区")
