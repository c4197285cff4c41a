"""简报.docx is one A4 page whatever the province, says the figures of the other outputs, and can be neither read as a form nor
made to act."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import docx
import openpyxl
import pytest

from pipeline.issues.catalogue import ERROR
from pipeline.model.results import Results, Standing
from pipeline.model.returns import counted, county_returns
from pipeline.model.rulebook import Rulebook, Selection
from pipeline.model.rulebook_file import narrowed_to
from pipeline.readers.intake.file import read_file
from pipeline.stages.selection import select
from pipeline.writers.brief.document import SETTINGS, fitted_brief, height_of, write_brief
from pipeline.writers.brief.words import brief_of, top_companies
from pipeline.writers.page.report import write_report
from pipeline.writers.problems.workbook import write_problems
from tests.support.arrivals import computed, lexicon
from tests.support.results_builder import build_results
from tests.support.small_province import small_province
from tests.support.workbooks import workbook

FONTS = {"方正小标宋简体", "黑体", "仿宋_GB2312", "楷体_GB2312"}
PHONE = "13900000009"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def results() -> Results:
    return replace(computed(small_province()), date="2024-06-01")


def text_of(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    footer = [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *footer])


def written(results: Results, tmp_path: Path) -> str:
    write_brief(tmp_path / "简报.docx", results)
    return text_of(tmp_path / "简报.docx")


# ---------------------------------------------------------------- what it says


def test_it_answers_what_a_leader_asks(results: Results, tmp_path: Path):
    text = written(results, tmp_path)
    order = [
        text.index(part)
        for part in ("简报", "一、报送情况", "二、待办事项", "三、排在前列", "四、培育库", "五、结果性质")
    ]
    assert order == sorted(order)
    assert "试算" in text and "演示数据" not in text and "暂定待确认的规则：自评分与横向评分的合成" in text
    demo = replace(results, standing=replace(results.standing, demo=True))
    assert "演示数据，企业均为虚构" in written(demo, tmp_path)


def test_a_final_result_is_called_so(results: Results, tmp_path: Path):
    confirmed = tuple(ruling.model_copy(update={"confirmed": True}) for ruling in results.rulebook.rulings)
    rulebook = results.rulebook.model_copy(update={"rulings": confirmed})
    text = written(replace(results, standing=Standing(True, has_marks=True), rulebook=rulebook), tmp_path)
    assert "本次结果为正式。" in text and "规则都已确认" in text and "试算" not in text and "暂定" not in text


def test_its_figures_are_those_of_the_other_outputs(results: Results, tmp_path: Path):
    text = written(results, tmp_path)
    write_problems(tmp_path / "问题清单.xlsx", results)
    sheet = openpyxl.load_workbook(tmp_path / "问题清单.xlsx")["概况"]
    overview = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    said = re.search(
        r"应报区县 (\d+) 个，已交 (\d+) 个（无问题 (\d+) 个，只有提醒 (\d+) 个，有错误 (\d+) 个），未交 (\d+) 个", text
    )
    labels = ("应报", "已交", "　无问题", "　只有提醒", "　有错误", "未交")
    assert said and [int(figure) for figure in said.groups()] == [overview[label] for label in labels]
    errors = sum(issue.open_error for issue in results.issues)
    assert f"待处理错误 {errors} 处、提醒 {overview['提醒']} 处" in text and overview["错误"] == errors
    write_report(tmp_path / "报告.html", results)
    page = (tmp_path / "报告.html").read_text(encoding="utf-8")
    counts = counted(county_returns(results))
    assert f"{counts.received} / {counts.expected}" in page and f"共有企业 {len(results.totals)} 家" in text


def test_the_best_companies_are_those_of_the_ranking(results: Results):
    ranked = results.totals[results.totals["status"] == "已排名"]
    top = top_companies(results, 10)
    assert [(int(company.rank), company.company) for company in top] == list(
        zip(ranked["rank"], ranked["company"], strict=True)
    )
    assert len(top_companies(results, 1)) == 1


def test_the_selected_are_counted_when_somebody_is_to_be_selected(results: Results):
    rulebook = results.rulebook.model_copy(update={"selection": Selection(places=1)})
    selected = replace(results, selected=select(results.totals, rulebook))
    assert "拟认定" not in brief_of(results, 10).ranking.text
    assert brief_of(selected, 10).ranking.text.startswith(
        "拟认定 0 家，另有 2 家在名额线上并列待定，名单见《公示名单》。"
    )


def test_a_tie_that_is_cut_is_said(results: Results):
    tied = results.totals.assign(rank=results.totals["rank"].where(results.totals["rank"].isna(), 1))
    text = brief_of(replace(results, totals=tied), 1).ranking.text
    number = int((tied["status"] == "已排名").sum())
    assert number > 1 and f"第 1 名并列 {number} 家，其中 {number - 1} 家没有列出" in text


def test_a_province_without_anything_says_so(tmp_path: Path):
    text = written(computed({"杭州市/上城区/x.xlsx": workbook({"a": "x"})}), tmp_path)
    assert "还没有可以排名的企业" in text and "没有收到培育库数据" in text and "没有评完" not in text
    assert "还没有可用的专家评分" in text and "共有企业 0 家。" in text


def test_a_citys_brief_is_about_the_city_alone(rulebook: Rulebook, tmp_path: Path):
    results = computed(small_province(), narrowed_to(rulebook, "杭州市"))
    text = written(results, tmp_path)
    assert text.startswith("杭州市2024年") and "应报区县 13 个" in text and "宁波" not in text and "全省" not in text
    assert "个市达到目标" not in text and "市级：三年累计数 6 家，三年目标数 90 家，完成进度 6.7%。" in text
    untitled = rulebook.model_copy(update={"titles": rulebook.titles.model_copy(update={"brief": ""})})
    assert (
        brief_of(replace(results, rulebook=narrowed_to(untitled, "杭州市")), 3).title == results.rulebook.titles.report
    )


def test_few_missing_counties_are_all_named(results: Results, rulebook: Rulebook):
    every = [(county.city, county.name) for county in rulebook.expected_counties]
    few = replace(results, nil_returns=tuple(every[:-3]))
    text = brief_of(few, 10).before[0].text
    assert "未交的是丽水市庆元县、丽水市景宁畲族自治县、丽水市龙泉市。" in text
    assert "全部交齐" in brief_of(replace(results, nil_returns=tuple(every)), 10).before[0].text


def test_many_missing_counties_are_cut_and_counted(results: Results):
    text = brief_of(results, 10).before[0].text
    assert "等 88 个（杭州市 12 个、宁波市 9 个" in text and "全部名单见《问题清单》“催报”" in text


def test_no_expert_no_contact_and_no_phone_is_named(results: Results, tmp_path: Path):
    totals = results.totals.assign(company=results.totals["company"] + PHONE)
    text = written(replace(results, totals=totals), tmp_path)
    assert PHONE not in text and "欧阳评审" not in text and "张三" not in text


# ---------------------------------------------------------------- one page


def worst(demo: bool = True) -> Results:
    """Everything that makes the page long: nobody complete, long names, every ruling open, all figures large."""
    built = build_results(demo=demo, copies=30)
    totals = built.totals.assign(company=built.totals["company"] + "很长的企业名称" * 20, city="黔西南布依族苗族自治州")
    reasons = tuple(f"第{number}条原因很长很长很长很长很长（名单、名单）" + "啊" * 200 for number in range(3))
    pools = built.regions.assign(value=9_999_999.0)
    return replace(built, totals=totals, regions=pools, standing=replace(built.standing, reasons=reasons))


def provinces(results: Results) -> dict[str, Results]:
    every = [(county.city, county.name) for county in results.rulebook.expected_counties]
    return {
        "small": results,
        "worst": worst(),
        "all missing": replace(results, enterprises=results.enterprises.iloc[:0], totals=results.totals.iloc[:0]),
        "none missing": replace(results, nil_returns=tuple(every)),
        "built": build_results(),
    }


@pytest.mark.parametrize("name", ["small", "worst", "all missing", "none missing", "built"])
def test_the_page_is_computed_to_be_one(name: str, results: Results):
    brief, setting = fitted_brief(provinces(results)[name])
    assert height_of(brief, setting) <= (16838 - 1701 - 1417) / 20 - 14 and setting.size >= 12


def test_a_short_brief_is_set_large_and_a_long_one_small(results: Results):
    sizes = [fitted_brief(one)[1].size for one in (build_results(), worst())]
    assert sizes[0] > sizes[1] and SETTINGS[0].size == 16


@pytest.mark.parametrize("name", ["small", "worst", "all missing", "none missing", "built"])
def test_a_program_sets_it_on_one_page(
    name: str, results: Results, tmp_path: Path, libreoffice: str, chinese_fonts: None
):
    write_brief(tmp_path / "a.docx", provinces(results)[name])
    pages = pages_set(tmp_path / "a.docx", libreoffice)
    assert pages in (1, None)  # None: an office without its writer, which the computed height stands in for


def pages_set(path: Path, libreoffice: str) -> int | None:
    """The pages that LibreOffice makes of a document; None where it cannot open documents."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [libreoffice, "--headless", profile, "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=False, capture_output=True, timeout=180)
    made = path.with_suffix(".pdf")
    if not made.exists():
        return None
    told = subprocess.run(["pdfinfo", str(made)], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", told)[1])


# ---------------------------------------------------------------- the file


def test_the_same_results_give_the_same_bytes(results: Results, tmp_path: Path):
    write_brief(tmp_path / "a.docx", results)
    write_brief(tmp_path / "b.docx", results)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    properties = docx.Document(str(tmp_path / "a.docx")).core_properties
    assert properties.created.date().isoformat() == properties.modified.date().isoformat() == "2024-06-01"


def test_the_official_fonts_are_named(results: Results, tmp_path: Path):
    write_brief(tmp_path / "a.docx", results)
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    assert set(re.findall(r'w:eastAsia="([^"]*)"', parts["word/document.xml"])) == FONTS
    assert 'w:val="44"' in parts["word/document.xml"]  # the title's 22 points


def test_it_is_known_as_an_output_when_it_comes_back(results: Results, tmp_path: Path):
    write_brief(tmp_path / "a.docx", results)
    reading = read_file("杭州市/上城区/简报.docx", (tmp_path / "a.docx").read_bytes(), lexicon())
    assert reading.kind == "own_output" and not reading.sheets


@pytest.mark.parametrize(
    "name", ["甲<w:br/>&公司", '="x"公司', "甲\x00\x1b[31m公司", "甲\u202e公司", "甲\ud800公司", "甲\n乙公司"]
)
def test_a_hostile_name_is_only_text(name: str, results: Results, tmp_path: Path):
    totals = results.totals.assign(company=name)
    write_brief(tmp_path / "a.docx", replace(results, totals=totals))
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    tags = {element.tag.removeprefix(W) for element in root.iter()}
    assert not tags & {"hyperlink", "fldSimple", "instrText", "object", "drawing", "br"}
    assert "公司" in text_of(tmp_path / "a.docx")


def test_every_error_level_is_counted_once(results: Results):
    accepted = [issue._replace(state="已接受") for issue in results.issues]
    text = brief_of(replace(results, issues=accepted), 10).before[1].text
    assert text.startswith("没有待处理的错误和提醒。") and any(issue.level == ERROR for issue in results.issues)
