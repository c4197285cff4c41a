"""T15 names both sides of a contradiction with their files and says what to do about the one that is the suspect; what
arrived instead of a missing 附件1 is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import run
from pipeline.issues.issue import Issue
from pipeline.issues.words import message_of
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.writers.layout.county_issues import OwnMaterial, county_issues
from tests.support.arrivals import computed, form, laid_out, nominated, nomination, published_rulebook

HERE, BESIDE, FAR = "杭州市/上城区", "杭州市/余杭区", "宁波市/慈溪市"
NAMES = ("甲机械有限公司", "乙机械有限公司", "丙机械有限公司")


def listed(folder: str, county: str = "", names: tuple[str, ...] = NAMES, title: str = "") -> dict[str, bytes]:
    rows = [nominated(order, name, county) for order, name in enumerate(names, start=1)]
    return {f"{folder}/附件2.xlsx".lstrip("/"): nomination(*rows, title=title)}


def filled(folder: str, *names: str, county: str = "", city: str = "") -> dict[str, bytes]:
    return {f"{folder}/{name}.xlsx": form(name, county=county, city=city) for name in names}


def raised(results: Results, code: str) -> list[Issue]:
    return [issue for issue in results.issues if issue.code == code]


def said(issue: Issue) -> str:
    return message_of(issue, published_rulebook().labels)


LAST = NAMES[2]
STRAY = f"{FAR}/{LAST}.xlsx"


@pytest.mark.parametrize("where", [HERE, "杭州市", ""])
@pytest.mark.parametrize("county", ["", "上城区"])
def test_one_form_in_another_countys_folder_is_the_one_to_move(where: str, county: str):
    """Whether the list lies in its county's folder, its city's or in none, and names the county or not."""
    material = listed(where, county) | filled(HERE, *NAMES[:2], county=county) | filled(FAR, LAST, county=county)
    results = computed(material)
    if not (where or county):  # nothing contradicts the folder but the other companies
        (issue,) = raised(results, "T66")
        assert issue.level == "提醒" and issue.where.file == STRAY and "杭州市上城区" in said(issue)
        return
    (issue,) = raised(results, "T15")
    list_path = f"{where}/附件2.xlsx".lstrip("/")
    assert issue.where.file == STRAY
    assert f"看来是“{STRAY}”放错了文件夹，请移到“{HERE}”" in said(issue)
    assert f"“{list_path}”" in said(issue) and "宁波市慈溪市" in said(issue)


def test_a_list_and_all_its_forms_in_the_wrong_folder_are_what_to_move():
    results = computed(listed(FAR, "上城区") | filled(FAR, *NAMES, county="上城区"))
    issues = raised(results, "T15")
    assert [issue.where.file for issue in issues] == [f"{FAR}/附件2.xlsx"] * 3
    for issue in issues:
        assert f"“{FAR}/附件2.xlsx”、“{FAR}/{issue.company}.xlsx”放错了文件夹，请移到“{HERE}”文件夹" in said(issue)


def test_a_list_and_its_forms_of_which_only_the_list_names_the_county():
    (*_, issue) = raised(computed(listed(FAR, "上城区") | filled(FAR, *NAMES)), "T15")
    assert "放错了文件夹，请移到“杭州市/上城区”文件夹" in said(issue)


def test_a_list_in_the_wrong_folder_is_no_fault_of_its_forms():
    results = computed(listed(FAR, "上城区") | filled(HERE, *NAMES, county="上城区"))
    issues = raised(results, "T15")
    assert {issue.where.file for issue in issues} == {f"{FAR}/附件2.xlsx"} and len(issues) == 3
    assert all(f"看来是“{FAR}/附件2.xlsx”放错了文件夹，请移到“{HERE}”；" in said(issue) for issue in issues)
    assert all("收到的附件1也不采用" in said(issue) for issue in issues)
    assert not raised(results, "X05")  # they came


@pytest.mark.parametrize("inner", ["附件1", "附件1/原件", "佐证/附件1"])
def test_a_list_goes_to_the_folder_of_the_county_and_not_to_that_of_its_forms(inner: str):
    results = computed(listed(FAR, "上城区") | filled(f"{HERE}/{inner}", *NAMES, county="上城区"))
    issues = raised(results, "T15")
    assert len(issues) == 3 and all(f"请移到“{HERE}”；" in said(issue) for issue in issues)


def test_a_form_that_did_not_come_is_still_asked_for():
    results = computed(listed(FAR, "上城区") | filled(HERE, *NAMES[:1], county="上城区"))
    assert {issue.company for issue in raised(results, "X05")} == set(NAMES[1:])


@pytest.mark.parametrize("county", ["", "上城区"])
def test_a_wrong_county_in_a_form_is_to_be_corrected_there(county: str):
    wrong = {f"{HERE}/丙.xlsx": form(LAST, county="余杭区")}
    (issue,) = raised(computed(listed(HERE, county) | filled(HERE, *NAMES[:2]) | wrong), "T15")
    assert (issue.where.file, issue.where.cell) == (f"{HERE}/丙.xlsx", "F4") and issue.company == LAST
    assert "单元格 F4 的表内区县写错了，请改成“杭州市上城区”" in said(issue)


def test_a_wrong_county_in_one_row_is_to_be_corrected_there():
    rows = [nominated(1, NAMES[0]), nominated(2, NAMES[1]), nominated(3, LAST, "余杭区")]
    (issue,) = raised(computed({f"{HERE}/附件2.xlsx": nomination(*rows)} | filled(HERE, *NAMES)), "T15")
    assert (issue.where.file, issue.where.cell) == (f"{HERE}/附件2.xlsx", "B4")
    assert "单元格 B4 的附件2区县栏写错了，请改成“杭州市上城区”" in said(issue)


def test_the_title_of_another_county_is_one_word_against_the_rows():
    material = listed(HERE, "上城区", title="余杭区推荐排序表") | filled(HERE, *NAMES)
    issues = raised(computed(material), "T15")
    assert len(issues) == 3 and all(issue.where.cell == "A1" for issue in issues)


def test_of_one_against_one_both_ways_are_said():
    row = {f"{HERE}/附件2.xlsx": nomination(nominated(1, LAST, "余杭区"))}
    (issue,) = raised(computed(row), "T15")
    assert issue.where.cell == "C2" and "看来是" not in said(issue)
    assert f"是杭州市余杭区的，请把“{HERE}/附件2.xlsx”移到“杭州市/余杭区”文件夹" in said(issue)
    assert "是杭州市上城区的，请把" in said(issue) and "改成“杭州市上城区”" in said(issue)


def test_two_forms_in_two_counties_of_a_company_that_no_county_nominates():
    material = {"附件2.xlsx": nomination(nominated(1, LAST, ""))} | filled(HERE, LAST) | filled(BESIDE, LAST)
    issues = raised(computed(material), "T15")
    assert {issue.where.file for issue in issues} == {f"{HERE}/{LAST}.xlsx", f"{BESIDE}/{LAST}.xlsx"}


def test_two_against_two():
    material = listed(HERE, names=NAMES[:2]) | filled(HERE, NAMES[0]) | filled(FAR, NAMES[1])
    (issue,) = raised(computed(material), "T15")
    assert issue.where.file == f"{FAR}/{NAMES[1]}.xlsx" and f"请移到“{HERE}”" in said(issue)


def test_companies_of_a_citys_list_in_several_counties_are_no_question():
    material = listed("杭州市") | filled(HERE, NAMES[0], NAMES[1]) | filled(BESIDE, LAST, county="余杭区")
    results = computed(material)
    assert not raised(results, "T15") and not raised(results, "T66")


def test_a_county_is_not_told_who_nominates_the_company_of_a_form_in_its_folder():
    results = computed(listed(HERE) | filled(HERE, *NAMES[:2]) | filled(FAR, LAST))
    (line,) = [
        issue for issue in county_issues(results, OwnMaterial(results, "宁波市", "慈溪市")) if issue.code == "T15"
    ]
    assert "上城" not in " ".join(map(str, line)) and line.file.startswith(FAR) and "撤回" in line.finding


# -------------------------------------------------------------------- instead of a missing 附件1

ROWS = nomination(*(nominated(order, name) for order, name in enumerate(NAMES, start=1)))
PDF, JPG = b"%PDF-1.4\n%%EOF", b"\xff\xd8\xff\xe0 picture \xff\xd9"


def of_missing(papers: dict[str, bytes], company: str = LAST) -> str:
    results = computed({f"{HERE}/附件2.xlsx": ROWS} | filled(HERE, *NAMES[:2]) | papers)
    (issue,) = [issue for issue in raised(results, "X05") if issue.company == company]
    return said(issue)


@pytest.mark.parametrize(
    ("path", "content", "words"),
    [
        (f"{HERE}/{LAST}附件1.pdf", PDF, "看名称像是它的附件1"),
        (f"{HERE}/佐证材料/{LAST}/附件1.jpg", JPG, "看名称像是它的附件1"),
        (f"{HERE}/{LAST}/用云水平评估表（盖章）.pdf", PDF, "看名称像是它的附件1"),
        (f"{HERE}/佐证材料/{LAST}/IMG_01.jpg", JPG, "附件1如果在里面"),
        (f"材料/{LAST}附件1.pdf", PDF, "看名称像是它的附件1"),
        (f"杭州市/{LAST}附件1.pdf", PDF, "看名称像是它的附件1"),
        (f"{HERE}/扫描/附件1.pdf", PDF, "看不出是哪家企业的"),
        (f"{HERE}/{LAST}.xlsx", b"PK\x03\x04 broken", "没有读出来"),
        (f"{HERE}/{LAST}附件1.rar", b"Rar!\x1a\x07\x00" + bytes(40), "没有读出来"),
    ],
)
def test_what_arrived_instead_of_the_form_is_named(path: str, content: bytes, words: str):
    text = of_missing({path: content})
    assert f"“{path}”" in text and words in text


@pytest.mark.parametrize(
    "path",
    [
        f"{HERE}/{NAMES[0]}附件1.pdf",
        f"{FAR}/{LAST}附件1.pdf",
        f"{FAR}/附件1.pdf",
        "附件1.pdf",
        f"{HERE}/发票.pdf",
    ],
)
def test_papers_of_others_and_of_nobody_are_not_named(path: str):
    assert path not in of_missing({path: PDF})


def test_the_county_reads_which_of_its_files_it_is(tmp_path: Path, rulebook: Rulebook):
    path = f"{HERE}/{LAST}附件1.pdf"
    material = {f"{HERE}/附件2.xlsx": ROWS} | filled(HERE, *NAMES[:2]) | {path: PDF}
    run.report(laid_out(tmp_path / "in", material), tmp_path / "out", rulebook, run.Options(1))
    content = (tmp_path / "out" / "返还" / HERE / "推荐排序结果.xlsx").read_bytes()
    texts = " ".join(str(value) for value in read_workbook(content).grids[0].cells.values())
    assert path in texts and "看名称像是它的附件1" in texts
