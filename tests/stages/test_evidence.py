"""佐证核对: what is asked of a company by its own answers, and what its files' names say. Nothing of a file is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline import run
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from tests.support.arrivals import computed, form, laid_out, nominated, nomination, published_rulebook
from tests.support.workbooks import form_rows, full_answers, workbook

HERE, THERE = "杭州市/上城区", "杭州市/余杭区"
COMPANY, OTHER = "杭州甲制造有限公司", "杭州乙制造有限公司"
PDF, PNG = b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n0000"
SYSTEMS = ("research", "production", "supply_chain", "marketing", "other_business", "office", "device_management")
NONE = dict.fromkeys((*SYSTEMS, "cloud_security", "cloud_database"), (0, 0)) | {"system_synergy": (0,)}


def province(*papers: tuple[str, bytes], answers: dict | None = None) -> Results:
    files = {
        f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY), nominated(2, OTHER)),
        f"{HERE}/附件1/{COMPANY}.xlsx": form(COMPANY, answers=answers),
        f"{HERE}/附件1/{OTHER}.xlsx": form(OTHER),
        f"{THERE}/附件2.xlsx": nomination(nominated(1, "杭州丙制造有限公司", "余杭区")),
    }
    return computed(files | dict(papers))


def demands(results: Results, company: str = COMPANY) -> pd.DataFrame:
    return results.demands[results.demands["company"] == company].set_index("paper")


def kinds(results: Results) -> dict[str, tuple[str, str]]:
    """Path → whose paper it is and what it is taken for."""
    rows = results.papers
    return dict(zip(rows["path"], zip(rows["company"], rows["papers"], strict=True), strict=True))


def zipped(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


# ---------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("answers", "needed"),
    [
        ({}, {"security_bills", "database_bills", "system_list", "login_pages", "home_pages", "system_descriptions"}),
        (NONE, set()),
        (NONE | {"cloud_security": (0, 3)}, {"security_bills"}),
        (NONE | {"cloud_database": (2, 3)}, {"database_bills"}),
        (NONE | {"device_management": (0, 1)}, {"system_list", "login_pages", "home_pages", "system_descriptions"}),
        (NONE | {"cloud_security": ("无", "无")}, set()),
    ],
)
def test_a_paper_is_asked_for_where_an_answer_needs_it(answers: dict, needed: set[str]):
    rows = demands(province(answers=answers))
    assert set(rows.index[rows["need"] == "需要"]) == needed and set(rows.index[rows["missing"]]) == needed
    assert rows.loc["benchmark_cases", "need"] == "如有"


def test_what_decides_it_is_said():
    rows = demands(province(answers=NONE | {"cloud_security": (2.5, 3), "research": (0, 4)}))
    assert rows.loc["security_bills", "why"] == "云安全 2.5/3" and rows.loc["system_list", "why"] == "研发 0/4"


def test_an_answer_in_error_leaves_it_open():
    rows = demands(province(answers=NONE | {"cloud_security": ("待定", 0), "cloud_database": ("待定", 5)}))
    assert rows.loc[["security_bills", "database_bills"], "need"].tolist() == ["看不出", "需要"]
    assert not rows.loc["security_bills", "missing"]


def test_without_a_form_nobody_can_tell():
    rows = demands(province(), "杭州丙制造有限公司")
    assert set(rows["need"]) == {"看不出", "如有"} and not rows["missing"].any()


def test_companies_stand_in_the_notices_order():
    counties = province().demands["county"].tolist()
    assert counties == ["上城区"] * (len(counties) - counties.count("余杭区")) + ["余杭区"] * counties.count("余杭区")


# ---------------------------------------------------------------- what names say


@pytest.mark.parametrize(
    ("path", "papers"),
    [
        ("云安全发票.pdf", "security_bills"),
        ("云数据库采购合同.jpg", "database_bills"),
        ("发票.pdf", "security_bills database_bills"),
        ("云安全/发票.pdf", "security_bills"),
        ("数据库/2023/收据 1.png", "database_bills"),
        ("MES登录页.png", "login_pages"),
        ("ＬＯＧＩＮ.png", "login_pages"),
        ("系统清单及截图/登陆 界面.png", "login_pages"),  # its own name before the folder's
        ("系统截图/ERP.png", "login_pages home_pages"),
        ("登录页/截图1.png", "login_pages"),
        ("主页/界面.png", "home_pages"),
        ("功能简介.docx.pdf", "system_descriptions"),
        ("典型案例.pdf", "benchmark_cases"),
        ("系统清单.pdf", "system_list"),
        ("照片.jpg", ""),
        ("云\u200b安全.pdf", "security_bills"),
    ],
)
def test_what_a_name_is_taken_for(path: str, papers: str):
    full = f"{HERE}/佐证/{COMPANY}/{path}"
    assert kinds(province((full, PDF)))[full] == (COMPANY, papers)


def test_a_companys_own_name_says_nothing_of_a_paper():
    name = "杭州数据库安全服务有限公司"
    files = {f"{HERE}/附件2.xlsx": nomination(nominated(1, name)), f"{HERE}/{name}/扫描件.pdf": PDF}
    assert kinds(computed(files))[f"{HERE}/{name}/扫描件.pdf"] == (name, "")


def test_papers_in_archives_are_listed_by_name(tmp_path: Path, rulebook: Rulebook):
    members = {
        "云安全/发票.pdf": PDF,
        "系统清单.jpg": PNG,
        "空.png": b"",
        "云安全/发票2.pdf": PDF,
        "云数据库.pptx": b"PK\x03\x04",
    }
    files = {f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY)), f"{HERE}/附件1.xlsx": form(COMPANY)}
    laid_out(tmp_path, files | {f"{HERE}/{COMPANY}.zip": zipped(members)})
    results = run.compute([tmp_path], rulebook, run.Options(1))
    row = demands(results).loc["security_bills"]
    assert (row["seen"], row["size"], row["double"], row["missing"]) == (2, 2 * len(PDF), 2, False)
    assert demands(results).loc["system_list", "kinds"] == "图片 1"  # by its bytes
    papers = results.papers.set_index("path")
    empty = papers.loc[f"{HERE}/{COMPANY}.zip/空.png"]
    assert (empty["size"], empty["words"], empty["twin"]) == (0, "空文件", "")
    assert papers.loc[f"{HERE}/{COMPANY}.zip/云数据库.pptx", "words"] == "Office 等新格式文档"


def test_sizes_kinds_empty_and_double_files_are_told():
    base = f"{HERE}/{COMPANY}"
    results = province(
        (f"{base}/云安全发票.pdf", PDF), (f"{base}/云安全合同.pdf", PNG), (f"{base}/云安全收据.pdf", b""),
        (f"{HERE}/{OTHER}/云安全发票.pdf", PDF),
    )  # fmt: skip
    row = demands(results).loc["security_bills"]
    assert (row["seen"], row["size"], row["empty"], row["double"]) == (3, len(PDF) + len(PNG), 1, 1)
    assert row["kinds"] == "PDF 文件 1、图片 1、空文件 1"
    twins = dict(zip(results.papers["path"], results.papers["twin"], strict=True))
    assert twins[f"{base}/云安全发票.pdf"] == f"{HERE}/{OTHER}/云安全发票.pdf"


@pytest.mark.parametrize(
    "path", [f"{THERE}/{COMPANY}/云安全发票.pdf", f"{HERE}/云安全发票.pdf", "佐证/某某公司/云安全发票.pdf"]
)
def test_a_file_in_another_place_or_without_a_name_is_nobodys(path: str):
    results = province((path, PDF))
    assert kinds(results)[path] == ("", "security_bills") and demands(results).loc["security_bills", "seen"] == 0


def test_a_neutral_file_is_the_companys_whose_key_fits_alone():
    path = f"佐证/{COMPANY}/云安全发票.pdf"
    assert kinds(province((path, PDF)))[path][0] == COMPANY


LIST = "系统名称|类别|是否上云\nMES|生产|是\nPLM|研发|否"


def test_a_list_of_systems_beside_the_form_is_seen():
    files = {
        f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY)),
        f"{HERE}/{COMPANY}系统清单.xlsx": workbook({"清单": LIST}),
    }
    results = computed(files | {f"{HERE}/{COMPANY}.xlsx": form(COMPANY)})
    row = demands(results).loc["system_list"]
    assert row["seen"] == 1 and not row["missing"]
    assert "F03" not in {issue.code for issue in results.issues}  # an ordinary answer to 填表说明 2
    assert results.files.set_index("path").loc[f"{HERE}/{COMPANY}系统清单.xlsx", "kind"] == "evidence"


def test_a_list_of_systems_in_the_workbook_of_the_form_is_seen():
    rulebook = published_rulebook()
    filled = full_answers(rulebook)
    forms = {
        "two sheets": workbook({"附件1": form_rows(rulebook, filled)[0], "系统清单": LIST}),
        "empty list": workbook({"附件1": form_rows(rulebook, filled)[0], "系统清单": "系统名称|类别|是否上云"}),
    }
    for name, content in forms.items():
        files = {f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY)), f"{HERE}/{COMPANY}.xlsx": content}
        results = computed(files)
        row = demands(results).loc["system_list"]
        assert (row["seen"], row["missing"]) == ((1, False) if name == "two sheets" else (0, True)), name
        assert row["kinds"] == ("附件1里的系统清单 1" if name == "two sheets" else "")


@pytest.mark.parametrize("rows", ["系统名称|类别|是否上云", "系统名称|类别\nMES|生产"])
def test_an_empty_or_unknown_list_is_an_unrecognised_workbook(rows: str):
    results = computed({f"{HERE}/{COMPANY}系统清单.xlsx": workbook({"清单": rows})})
    assert "F03" in {issue.code for issue in results.issues}


def test_what_cannot_be_opened_is_listed_too():
    base = f"{HERE}/{COMPANY}"
    results = province((f"{base}/云安全合同.rar", b"Rar!\x1a\x07\x00"), (f"{base}/案例.xyz", b"\x00\x01"))
    assert kinds(results)[f"{base}/云安全合同.rar"] == (COMPANY, "security_bills")
    assert kinds(results)[f"{base}/案例.xyz"] == (COMPANY, "benchmark_cases")
