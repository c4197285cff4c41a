"""佐证与核查.xlsx: its sheets say what was seen and who was drawn, with masked phones and nothing that acts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.writers.problems.papers import write_papers
from tests.support.arrivals import form, laid_out, nominated, nomination

HERE, THERE = "杭州市/上城区", "宁波市/鄞州区"
COMPANY = "杭州甲制造有限公司"
PDF = b"%PDF-1.7 x"
FILES = {
    f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY), nominated(2, "杭州乙制造有限公司")),
    f"{HERE}/甲.xlsx": form(COMPANY),
    f"{HERE}/乙.xlsx": form("杭州乙制造有限公司"),
    f"{THERE}/附件2.xlsx": nomination(nominated(1, "宁波丁制造有限公司", "鄞州区")),
    f"{THERE}/丁.xlsx": form("宁波丁制造有限公司", "鄞州区", city="宁波市"),
    f"{HERE}/{COMPANY}/云安全发票13900000001.pdf": PDF,
    f"{HERE}/{COMPANY}/云安全合同.pdf": b"\x89PNG",
    f"{HERE}/{COMPANY}/=1+1截图.png": b"",
    f"{HERE}/某处/备份发票.pdf": PDF,
    f"{HERE}/{COMPANY}/资料.rar": b"Rar!\x1a\x07\x00",
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Results:
    root = laid_out(tmp_path_factory.mktemp("papers"), FILES)
    return run.studied(run.compute([root], rulebook, run.Options(1)))


@pytest.fixture(scope="module")
def book(results: Results, tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("written") / "a.xlsx"
    write_papers(path, results)
    return openpyxl.load_workbook(path)


def rows(book: openpyxl.Workbook, sheet: str, header: int = 1) -> list[dict[str, object]]:
    names = [str(cell.value).replace("\n", "") for cell in book[sheet][header]]
    found = (
        dict(zip(names, line, strict=True)) for line in book[sheet].iter_rows(min_row=header + 1, values_only=True)
    )
    return [row for row in found if row["市"] and row["企业名称"]]


def test_its_sheets(book: openpyxl.Workbook):
    assert book.sheetnames == ["佐证核对", "核查名单", "抽取过程", "材料明细", "说明"]
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_each_company_and_paper_has_a_row(book: openpyxl.Workbook, rulebook: Rulebook):
    demands = rows(book, "佐证核对")
    assert len(demands) == 3 * len(rulebook.papers)
    first = next(row for row in demands if row["企业名称"] == COMPANY)
    assert (first["是否需要"], first["看到没有"], first["说明"]) == ("需要", "看到 2 件", "内容重复 1 件")
    assert first["文件"] == "“云安全发票139****0001.pdf”、“云安全合同.pdf”"
    states = {row["企业名称"]: row["看到没有"] for row in demands}
    assert states["宁波丁制造有限公司"] == "没有看到"


def test_files_are_told_one_by_one(book: openpyxl.Workbook):
    remarks = {str(row["文件"]).rpartition("/")[2]: (row["企业名称"], row["说明"]) for row in rows(book, "材料明细")}
    assert remarks["云安全合同.pdf"] == (COMPANY, "名称是 .pdf，内容是图片")
    assert remarks["=1+1截图.png"] == (COMPANY, "空文件（0 字节）")
    assert "内容相同" in remarks["备份发票.pdf"][1] and remarks["备份发票.pdf"][0] == "没有认出是哪家企业的"
    assert "没有打开" in remarks["资料.rar"][1]
    assert "139****0001" in remarks["备份发票.pdf"][1]


def test_phones_are_masked_and_texts_are_texts(book: openpyxl.Workbook):
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not any("13900000001" in str(cell.value) for cell in cells)
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


def test_the_list_says_how_it_was_drawn(book: openpyxl.Workbook, results: Results):
    visits = results.visits
    assert (
        visits
        and visits.seed in str(book["核查名单"]["A3"].value)
        and f"{visits.start:.10f}" in book["核查名单"]["A3"].value
    )
    drawn = rows(book, "核查名单", 5)
    assert {row["市"] for row in drawn} == {"杭州市", "宁波市"} and len(drawn) == visits.table["drawn"].sum()
    assert all(row["怎样抽到"] and row["为什么容易抽到"] for row in drawn)
    every = rows(book, "抽取过程")
    assert len(every) == visits.asked == 3
    points = [
        name for name in every[0] if name not in ("序号", "市", "区县", "企业名称", "权重", "概率", "概率累计", "抽到")
    ]
    for row in every:
        assert row["权重"] == 1 + sum(int(row[name]) for name in points)
    assert [row["企业名称"] for row in every if row["抽到"] == "是"] == [row["企业名称"] for row in drawn]


def test_nothing_arrived(results: Results, tmp_path: Path):
    """A run with no company still has the workbook, and it says so."""
    nothing = {name: getattr(results, name).iloc[:0] for name in ("papers", "demands")}
    visits = results.visits
    assert visits
    write_papers(
        tmp_path / "a.xlsx", replace(results, visits=replace(visits, table=visits.table.iloc[:0], asked=0), **nothing)
    )
    texts = [
        str(cell.value) for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx") for line in sheet for cell in line
    ]
    assert {"没有收到佐证材料。", "没有推荐的企业，没有可核对的。", "没有可抽的企业。"} <= set(texts)
