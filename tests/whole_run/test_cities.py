"""A city's run is the province's over that city; its list takes the place of its counties' lists without moving a figure."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline import run
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import narrowed_to
from pipeline.model.stamps import CITY_LIST_PROPERTY, CITY_LIST_STAMP, OUTPUT_STAMP
from pipeline.writers.official.ranking import write_nomination
from tests.support.arrivals import HEADERS, codes, computed, form, gathered, laid_out, nominated, nomination, one
from tests.support.command_line import Said
from tests.support.decisions import decisions
from tests.support.small_province import marks, small_province
from tests.support.workbooks import workbook

pytestmark = pytest.mark.slow

LIST = "附件2_推荐排序表.xlsx"
CITIES = ("杭州市", "宁波市", "丽水市")


def province() -> dict[str, bytes]:
    """Three cities with companies of every status, forms in every kind of folder, a nil return and a tie."""
    zero = {"revenue": "0", "profit": "-5"}
    return small_province() | {
        "杭州市/西湖区/附件2.xlsx": nomination("1|西湖区|无||||||||"),
        "杭州市/建德市/附件2.xlsx": nomination(
            nominated(1, "建德庚有限公司", "建德市", **zero), nominated(2, "建德辛有限公司", "建德市", verdict="")
        ),
        "杭州市/建德市/庚.xlsx": form("建德庚有限公司", "建德市", answers={"research": (1, 4)}),
        "杭州市/建德市/附件1汇总/辛.xlsx": form("建德辛有限公司", "建德市"),
        "丽水市/龙泉市/附件2.xlsx": nomination(
            nominated(1, "龙泉壬有限公司", "龙泉市", revenue="待定"),
            nominated(2, "龙泉癸有限公司", "龙泉市", revenue="1.2亿", verdict="暂不推荐"),
        ),
        "丽水市/龙泉市/表/壬.xlsx": form("龙泉壬有限公司", "龙泉市", city="丽水市", answers={"office": ("", 4)}),
        "丽水市/龙泉市/表/癸.xlsx": form("龙泉癸有限公司", "龙泉市", city="丽水市"),
        "来件/壬2.xlsx": form("龙泉壬有限公司", "龙泉市", city="丽水市", answers={"office": ("", 4)}),
    }


def of_city(files: Mapping[str, bytes], city: str) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.startswith((f"{city}/", "专家"))}


def list_of(files: Mapping[str, bytes], city: str, rulebook: Rulebook, folder: Path) -> bytes:
    """The 附件2 of the city's run over its own files."""
    path = folder / f"{city}.xlsx"
    write_nomination(path, computed(of_city(files, city), narrowed_to(rulebook, city)))
    return path.read_bytes()


def handed_on(files: Mapping[str, bytes], rulebook: Rulebook, folder: Path) -> dict[str, bytes]:
    """The province's input with the cities' lists instead of those of their counties."""
    lists = {f"{city}/{LIST}": list_of(files, city, rulebook, folder) for city in CITIES}
    return {path: content for path, content in files.items() if not path.endswith("附件2.xlsx")} | lists


def without_cells(table: pd.DataFrame) -> pd.DataFrame:
    return table[[name for name in table.columns if not name.endswith("where")]].reset_index(drop=True)


def assert_same_figures(direct: Results, by_cities: Results) -> None:
    for name in ("totals", "scores", "regions"):
        pd.testing.assert_frame_equal(
            without_cells(getattr(direct, name)), without_cells(getattr(by_cities, name)), check_exact=True
        )


# ---------------------------------------------------------------- the way up


def test_the_cities_lists_give_the_provinces_figures(rulebook: Rulebook, tmp_path: Path):
    files = province()
    direct, by_cities = computed(files, rulebook), computed(handed_on(files, rulebook, tmp_path), rulebook)
    assert set(direct.totals["status"]) >= {"已排名", "暂排", "未评分", "未推荐", "不予推荐"}
    assert_same_figures(direct, by_cities)
    assert set(direct.nil_returns) == set(by_cities.nil_returns) == {("杭州市", "西湖区")}
    assert direct.standing.missing_counties == by_cities.standing.missing_counties
    assert not {"T16", "T07", "T11", "T12", "T15", "T22", "T62", "F41", "X20", "X21"} & set(codes(by_cities.issues))


def coded(*rows: str) -> bytes:
    return nomination(*rows, headers=f"{HEADERS}|统一社会信用代码")


def test_codes_go_up_with_the_list(rulebook: Rulebook, tmp_path: Path):
    """By the code of its row a form under another name is a company's; two counties with one code stay a question."""
    one_code, other = "91350100M000100Y43", "91330102MA0000001C"
    files = {
        "杭州市/上城区/附件2.xlsx": coded(
            f"{nominated(1, '上城甲有限公司')}|{one_code}", f"{nominated(2, '上城丙有限公司')}|{other}"
        ),
        "杭州市/上城区/甲.xlsx": form("上城甲股份有限公司", credit_code=one_code),
        "杭州市/西湖区/附件2.xlsx": coded(f"{nominated(1, '西湖乙有限公司', '西湖区')}|{other}"),
        "杭州市/西湖区/乙.xlsx": form("西湖乙有限公司", "西湖区", credit_code=other),
        "杭州市/上城区/丙.xlsx": form("上城丙有限公司", credit_code=other),
    }
    lists = {f"杭州市/{LIST}": list_of(files, "杭州市", rulebook, tmp_path)}
    by_city = {path: content for path, content in files.items() if not path.endswith("附件2.xlsx")} | lists
    direct, handed = computed(files, rulebook), computed(by_city, rulebook)
    assert set(direct.totals["company"]) == {"上城甲有限公司", "上城丙有限公司", "西湖乙有限公司"}
    assert direct.totals.set_index("company").loc["上城甲有限公司", "status"] == "已排名"
    assert_same_figures(direct, handed)


def test_a_citys_list_beside_its_counties_lists_says_the_same(rulebook: Rulebook, tmp_path: Path):
    files = province()
    lists = {path: content for path, content in handed_on(files, rulebook, tmp_path).items() if path.endswith(LIST)}
    direct, twice = computed(files, rulebook), computed(files | lists, rulebook)
    assert_same_figures(direct, twice)
    errors = [code for code in codes(twice.issues) if code in ("X08", "X20")]
    assert len(errors) <= 1  # the figure that was no number is blank in the city's list


def test_a_change_in_a_citys_list_counts(rulebook: Rulebook, tmp_path: Path):
    files = handed_on(province(), rulebook, tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(files[f"杭州市/{LIST}"]))
    sheet = book["附件2"]
    (row,) = [cell.row for cell in sheet["C"] if cell.value == "杭州乙公司"]
    sheet.cell(row, 11).value = "不推荐"
    stream = io.BytesIO()
    book.save(stream)
    results = computed(files | {f"杭州市/{LIST}": stream.getvalue()}, rulebook)
    assert results.totals.set_index("company").loc["杭州乙公司", "status"] == "不予推荐"


@pytest.mark.parametrize("kept", ["property", "cell"])
def test_the_list_is_known_by_its_property_or_its_cell(kept: str, rulebook: Rulebook, tmp_path: Path):
    content = list_of(province(), "杭州市", rulebook, tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(content))
    if kept == "property":
        book["附件2"]["A3"].value = None
        assert CITY_LIST_PROPERTY in [entry.name for entry in book.custom_doc_props.props]
    else:
        for name in [entry.name for entry in book.custom_doc_props.props]:
            del book.custom_doc_props[name]
    stream = io.BytesIO()
    book.save(stream)
    tables = gathered({f"杭州市/{LIST}": stream.getvalue()}, rulebook)
    (line,) = tables.files.to_dict("records")
    assert (line["kind"], line["sheet"]) == ("nomination", "附件2") and "“排名”" in line["remark"]
    assert {"建德庚有限公司", "杭州不荐公司"} <= set(tables.enterprises["company"])


def test_no_citys_run_reads_a_citys_list(rulebook: Rulebook, tmp_path: Path):
    """Neither its own of last time, left in the input, nor another city's."""
    from pipeline.readers.intake.file import read_file
    from pipeline.readers.values.lexicon import Lexicon

    content = list_of(province(), "杭州市", rulebook, tmp_path)
    for city in ("杭州市", "宁波市"):
        reading = read_file(LIST, content, Lexicon.of(narrowed_to(rulebook, city)))
        assert reading.kind == "own_output" and not reading.sheets


def test_the_provinces_own_list_stays_an_output(rulebook: Rulebook, tmp_path: Path):
    write_nomination(tmp_path / LIST, computed(province(), rulebook))
    tables = gathered({f"杭州市/{LIST}": (tmp_path / LIST).read_bytes()}, rulebook)
    assert set(tables.files["kind"]) == {"own_output"} and tables.enterprises.empty


# ---------------------------------------------------------------- the run of a city


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("in") / "收件", province())


@pytest.fixture(scope="module")
def output(inbox: Path, rulebook: Rulebook) -> Path:
    folder = inbox.parent / "out"
    run.report(inbox, folder, narrowed_to(rulebook, "杭州"), run.Options(2))
    return folder


def texts_of(folder: Path) -> dict[str, str]:
    """Every text of every workbook, page and table, by path and cell."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            for sheet in book:
                for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
                    found[f"{name}!{sheet.title}!{cell.coordinate}"] = cell.value
        elif path.suffix in (".html", ".csv", ".json"):
            found[name] = path.read_text(encoding="utf-8-sig")
    return found


def test_every_output_of_a_city_speaks_of_the_city(output: Path, rulebook: Rulebook):
    manifest = json.loads((output / "数据/manifest.json").read_text(encoding="utf-8"))
    assert manifest["scope"] == "杭州市"
    texts = texts_of(output)
    assert not [where for where, text in texts.items() if "全省名次" in text or "全省第" in text or "各在全省" in text]
    titles = {where: text for where, text in texts.items() if where.endswith(("!A1", "!A2")) and "2024年制造业" in text}
    assert titles and not [where for where, text in titles.items() if "杭州市" not in text]
    assert sum(text == "试算\n全市名次" for where, text in texts.items() if f"{LIST}!排名!" in where) == 1
    assert "杭州市" in texts["报告.html"] and "浙江省　" not in texts["报告.html"]
    folders = sorted(path.name for path in (output / "返还").iterdir() if path.is_dir())
    assert folders == ["杭州市"]


def test_nothing_in_a_citys_output_but_the_list_of_files_names_another_citys_company(output: Path):
    texts = texts_of(output)
    named = {where.split("!")[0] for where, text in texts.items() if "宁波丁" in text or "龙泉壬" in text}
    listed = {where for where, text in texts.items() if "宁波丁" in text or "龙泉壬" in text}
    assert named <= {
        "问题清单.xlsx",
        "数据/files.csv",
        "数据/manifest.json",
        "数据/issues.csv",
        "人工决定_建议.xlsx",
        "报告.html",
    }
    assert all("来件/" in texts[where] or "收件台账" in where or where.startswith("数据/") for where in listed)


def test_explain_and_verify_follow_the_scope(pipeline: Callable[..., Said], inbox: Path, output: Path):
    said = pipeline("explain", "杭州甲公司", "--output", output)
    assert "全市第 " in said.out and "全省" not in said.out
    said = pipeline("verify", output, "--input", inbox)
    assert said.code == 0, said.out + said.err


def test_a_name_that_is_no_city_is_one_sentence(pipeline: Callable[..., Said], inbox: Path, tmp_path: Path):
    for name in ("杭洲", "西湖区", ""):
        said = pipeline("report", inbox, "--output", tmp_path / "out", "--city", name)
        assert said.code == 2 and "杭州市、宁波市" in said.err and said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_no_output_of_another_scope_is_replaced_or_compared(
    pipeline: Callable[..., Said], inbox: Path, output: Path, tmp_path: Path
):
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    for words in ((), ("--city", "宁波市")):
        said = pipeline("report", inbox, "--output", output, *words)
        assert said.code == 2 and "是杭州市的结果" in said.err
        said = pipeline("report", inbox, "--output", tmp_path / "new", "--previous", output, *words)
        assert said.code == 2 and "范围不同" in said.err and not (tmp_path / "new").exists()
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before
    assert pipeline("report", inbox, "--output", output, "--city", "杭州市").code == 0


def test_a_city_can_be_final(pipeline: Callable[..., Said], rulebook: Rulebook, tmp_path: Path):
    """With every county heard from and every ruling confirmed; the other cities' counties are not waited for."""
    counties = [county.name for county in narrowed_to(rulebook, "舟山市").expected_counties]
    files = {f"舟山市/{county}/附件2.xlsx": nomination(f"1|{county}|无||||||||") for county in counties[1:]}
    files[f"舟山市/{counties[0]}/附件2.xlsx"] = nomination(nominated(1, "舟山甲公司", counties[0]))
    files[f"舟山市/{counties[0]}/甲.xlsx"] = form("舟山甲公司", counties[0], city="舟山市")
    rulings = "\n".join(f"{ruling.id}|{ruling.adopted}|会议纪要" for ruling in rulebook.rulings)
    files["人工决定.xlsx"] = decisions(规则确认=rulings)
    root = laid_out(tmp_path / "in", files)
    said = pipeline("report", root, "--output", tmp_path / "out", "--city", "舟山", "--final")
    assert said.code == 0, said.err
    said = pipeline("report", root, "--output", tmp_path / "all", "--final")
    assert said.code == 1 and "86 个区县" in said.err


def test_files_of_another_city_alone_leave_nothing_to_rank(pipeline: Callable[..., Said], tmp_path: Path):
    files = {"宁波市/鄞州区/附件2.xlsx": nomination(nominated(1, "宁波丁公司", "鄞州区"))}
    root = laid_out(tmp_path / "in", files)
    said = pipeline("report", root, "--output", tmp_path / "out", "--city", "杭州市")
    assert said.code == 0 and "13 个区县没有报送" in said.out
    assert "宁波市" in one(computed(files, narrowed_to_hangzhou()).issues, "F46").facts["others"]


def narrowed_to_hangzhou() -> Rulebook:
    from tests.support.rulebooks import tested_rulebook

    return narrowed_to(tested_rulebook(), "杭州市")


def test_marks_of_the_whole_province_serve_a_city(rulebook: Rulebook):
    files = province() | {"专家评分/二.xlsx": marks("宁波丁公司", "龙泉壬有限公司", "杭州乙公司", expert="司马评审")}
    results = computed(files, narrowed_to(rulebook, "宁波市"))
    assert set(results.marks["key"]) == {"宁波丁公司"} and "E03" not in codes(results.issues)


# ---------------------------------------------------------------- where the list may lie, and as what


@pytest.mark.parametrize(
    "path", [f"杭州市/{LIST}", "杭州/市里报来/名单（盖章）.xlsx", f"杭州市/来件.zip/{LIST}", f"收件/{LIST}", LIST]
)
def test_wherever_the_list_lies_it_speaks_for_its_counties(path: str, rulebook: Rulebook, tmp_path: Path):
    files = {name: content for name, content in province().items() if not name.endswith("附件2.xlsx")}
    direct = computed(of_city(province(), "杭州市"), rulebook)
    handed = computed(of_city(files, "杭州市") | {path: list_of(province(), "杭州市", rulebook, tmp_path)}, rulebook)
    assert_same_figures(direct, handed)


@pytest.mark.parametrize(("path", "code"), [(f"宁波市/{LIST}", "T15"), (f"宁波市/鄞州区/{LIST}", "T15")])
def test_in_another_citys_folder_it_speaks_for_nobody(path: str, code: str, rulebook: Rulebook, tmp_path: Path):
    results = computed({path: list_of(province(), "杭州市", rulebook, tmp_path)}, rulebook)
    assert not results.totals["county"].any() and code in codes(results.issues)


def test_in_a_countys_folder_it_speaks_for_that_county_alone(rulebook: Rulebook, tmp_path: Path):
    content = list_of(province(), "杭州市", rulebook, tmp_path)
    results = computed({f"杭州市/上城区/{LIST}": content}, rulebook)
    settled = results.totals.set_index("company")["county"]
    assert settled["杭州甲公司"] == "上城区" and settled["建德庚有限公司"] == ""
    assert not results.nil_returns


def test_a_stamp_in_somebodys_file_only_keeps_sheets_from_being_read(rulebook: Rulebook):
    """A county cannot speak for others, nor hide another's file, by copying our stamps into its own."""
    stamped = workbook(
        {
            "附件2": "\n".join(
                [CITY_LIST_STAMP, HEADERS, nominated(1, "上城甲公司"), nominated(2, "宁波丁公司", "鄞州区")]
            ),
            "更多": "\n".join([OUTPUT_STAMP, HEADERS, nominated(1, "上城乙公司")]),
        }
    )
    bare = workbook({"附件2": "\n".join([HEADERS, nominated(1, "上城甲公司"), nominated(2, "宁波丁公司", "鄞州区")])})
    with_stamps = computed({"杭州市/上城区/附件2.xlsx": stamped}, rulebook)
    without = computed({"杭州市/上城区/附件2.xlsx": bare}, rulebook)
    assert without_cells(with_stamps.totals).equals(without_cells(without.totals))
    assert "宁波丁公司" in codes_of_company(with_stamps, "T15") or "X20" in codes(with_stamps.issues)


def codes_of_company(results: Results, code: str) -> list[str]:
    return [issue.company for issue in results.issues if issue.code == code]


@pytest.mark.parametrize("ending", ["xls", "ods", "xlsx"])
def test_another_program_may_have_saved_the_list(ending: str, libreoffice: str, rulebook: Rulebook, tmp_path: Path):
    path = tmp_path / LIST
    path.write_bytes(list_of(province(), "杭州市", rulebook, tmp_path))
    profile, folder = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", tmp_path / "saved"
    command = [libreoffice, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    content = (folder / LIST).with_suffix(f".{ending}").read_bytes()
    tables = gathered({f"杭州市/表.{ending}": content}, rulebook)
    assert set(tables.files["kind"]) == {"nomination"} and set(tables.files["sheet"]) == {"附件2"}
    assert {"杭州甲公司", "建德庚有限公司", "杭州不荐公司"} <= set(tables.enterprises["company"])
    assert [region.county for region in tables.nil_returns] == ["西湖区"]
