"""Each expert gets the companies he may mark in a workbook of his own, and it is read back as the marks it holds."""

from __future__ import annotations

import random
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import cli, run
from pipeline.commands.experts.assignment import TooFewExperts, assign, groups_of
from pipeline.commands.experts.hand_out import HandOut, NobodyNominated, hand_out
from pipeline.commands.experts.names import ExpertNamesRefused, read_expert_names
from pipeline.model.rulebook import Rulebook
from pipeline.writers.forms.expert_pack import PackCompany, pack_names, write_pack
from pipeline.writers.publishing.failures import PublishRefused
from tests.support.arrivals import PHONE, codes, laid_out, nominated, nomination, sheet
from tests.support.workbooks import workbook

COUNTIES = ("上城区", "拱墅区", "西湖区", "滨江区")
NAMES = "专家姓名|单位|回避企业|回避区县\n张三\n李四\n王五\n赵六"
ITEMS = ("D", "E", "F", "G", "H", "I")  # columns of a pack's marks; J 回避, K 回避理由, L 备注, M 进度
FIRST = 6  # a pack's first row of a company


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Eight companies of four counties; one is refused, one county's form is missing."""
    rows = [
        nominated(n, f"杭州{name}机械有限公司", COUNTIES[n % 4]) for n, name in enumerate("甲乙丙丁戊己庚辛", start=1)
    ]
    rows.append(nominated(9, "杭州壬机械有限公司", verdict="不推荐"))
    return laid_out(tmp_path / "in", {"杭州市/附件2.xlsx": nomination(*rows)})


@pytest.fixture
def names(tmp_path: Path) -> Callable[[str], Path]:
    def written(text: str = NAMES) -> Path:
        return laid_out(tmp_path / "名单", {"专家名单.xlsx": workbook({"Sheet1": text})}) / "专家名单.xlsx"

    return written


@pytest.fixture
def handed_out(root: Path, names: Callable[[str], Path], tmp_path: Path, rulebook: Rulebook) -> Callable[..., HandOut]:
    """Writes the packs into `tmp_path/packs`."""

    def called(text: str = NAMES, per_company: int | None = None) -> HandOut:
        return hand_out(root, tmp_path / "packs", names(text), rulebook, run.Options(1), per_company)

    return called


def companies_in(pack: Path) -> list[str]:
    marks = openpyxl.load_workbook(pack)["专家评分表"]
    return [marks.cell(row, 2).value for row in range(FIRST, marks.max_row + 1) if marks.cell(row, 2).value]


def filled(pack: Path, rows: dict[int, dict[str, object]]) -> Path:
    """The pack with values typed into columns of its n-th company."""
    book = openpyxl.load_workbook(pack)
    for number, values in rows.items():
        for column, value in values.items():
            book["专家评分表"][f"{column}{FIRST + number}"] = value
    book.save(pack)
    return pack


# ---------------------------------------------------------------- who marks what


def loads_of(companies: dict[str, tuple[str, ...]]) -> list[int]:
    return sorted(len(mine) for mine in companies.values())


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5))
def test_loads_are_even_and_every_company_has_its_panel(companies: int, experts: int, per_company: int):
    names = [f"专家{number}" for number in range(experts)]
    if experts < per_company:
        with pytest.raises(TooFewExperts):
            assign(["甲"], names, {}, per_company)
        return
    assignment = assign([f"企业{number}" for number in range(companies)], names, {}, per_company)
    assert max(loads_of(assignment.companies)) - min(loads_of(assignment.companies)) <= 1
    assert set(Counter(company for mine in assignment.companies.values() for company in mine).values()) == {per_company}
    if per_company > 1 and companies * (per_company - 1) >= 2 * experts:
        assert len(assignment.groups) == 1


@given(st.integers(0, 1000))
def test_nobody_marks_what_is_barred_and_loads_stay_as_even_as_can_be(seed: int):
    chance = random.Random(seed)
    companies, experts = [f"企业{n}" for n in range(24)], [f"专家{n}" for n in range(6)]
    barred = {expert: set(chance.sample(companies, 10)) for expert in experts[:3]}
    assignment = assign(companies, experts, barred, 2)
    assert not any(set(mine) & barred.get(expert, set()) for expert, mine in assignment.companies.items())
    assert max(loads_of(assignment.companies)) - min(loads_of(assignment.companies)) <= 1


def test_loads_that_bars_make_uneven_are_evened_over_several_hands():
    companies = [f"企业{n}" for n in range(6)]
    barred = {"丙": set(companies[2:]), "乙": set(companies[:2])}
    assert loads_of(assign(companies, ["甲", "乙", "丙"], barred, 1).companies) == [2, 2, 2]


def test_panels_are_linked_where_blocks_would_leave_them_apart():
    assignment = assign([f"企业{n}" for n in range(6)], ["甲", "乙", "丙", "丁"], {}, 2)
    assert len(assignment.groups) == 1 and loads_of(assignment.companies) == [3, 3, 3, 3]
    alone = assign([f"企业{n}" for n in range(6)], ["甲", "乙", "丙"], {}, 1)
    assert len(alone.groups) == 3


def test_the_order_of_the_lists_does_not_matter_and_each_expert_has_an_order_of_his_own():
    companies, experts = [f"企业{n}" for n in range(12)], ["甲", "乙", "丙", "丁"]
    first = assign(companies, experts, {}, 3)
    assert first.companies == assign(companies[::-1], experts[::-1], {}, 3).companies
    everything = assign(companies, experts, {})
    assert loads_of(everything.companies) == [12] * 4
    assert len(set(everything.companies.values())) == 4
    assert companies not in [list(mine) for mine in everything.companies.values()]


def test_too_few_experts_for_one_company():
    with pytest.raises(TooFewExperts, match="甲公司"):
        assign(["甲公司", "乙公司"], ["张", "李"], {"张": {"甲公司"}}, 2)
    with pytest.raises(TooFewExperts):
        assign(["甲公司"], ["张"], {"张": {"甲公司"}})


def test_groups_are_by_shared_panels():
    assert groups_of([{"甲", "乙"}, {"乙", "丙"}, {"丁"}], ["戊"]) == (("丙", "乙", "甲"), ("丁",), ("戊",))


# ---------------------------------------------------------------- the list of names


def test_names_with_their_columns(names: Callable[[str], Path], rulebook: Rulebook):
    text = "2024年专家名单\n序号|工作单位|姓 名|回避企业|回避区县|联系电话\n1|浙江某大学|张 三|甲公司、乙公司；无|上城区、宁波市|13900000001\n2||李四（省院）|无|-\n"
    first, second = read_expert_names(names(text), rulebook)
    assert (first.name, first.employer, first.companies, first.cell) == (
        "张三",
        "浙江某大学",
        ("甲公司", "乙公司"),
        "C3",
    )
    assert first.regions == (("杭州市", "上城区"), ("宁波市", ""))
    assert (second.name, second.companies, second.regions) == ("李四(省院)", (), ())


def test_a_bare_column_of_names(names: Callable[[str], Path], rulebook: Rulebook):
    assert [expert.name for expert in read_expert_names(names("张三\n李四"), rulebook)] == ["张三", "李四"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("专家姓名\n张三\n李四\n张 三", "A2、A4"),
        ("专家姓名|单位", "没有一位"),
        ("甲|乙\n丙|丁", "专家姓名"),
        (f"专家姓名\n张三 {PHONE}", "A2"),
        ("专家姓名|回避区县\n张三|高新区", "高新区"),
        ("专家姓名|回避区县\n张三|火星区", "火星区"),
        ("专家姓名|回避企业\n|甲公司", "A2"),
    ],
)
def test_a_list_that_cannot_be_used(names: Callable[[str], Path], rulebook: Rulebook, text: str, said: str):
    with pytest.raises(ExpertNamesRefused, match=said) as refused:
        read_expert_names(names(text), rulebook)
    assert PHONE not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"PK\x03\x04", b"%PDF-1.4"])
def test_a_list_that_is_no_workbook(tmp_path: Path, rulebook: Rulebook, content: bytes):
    path = tmp_path / "名单.xlsx"
    path.write_bytes(content)
    with pytest.raises(ExpertNamesRefused):
        read_expert_names(path, rulebook)
    with pytest.raises(ExpertNamesRefused):
        read_expert_names(tmp_path / "没有.xlsx", rulebook)


# ---------------------------------------------------------------- the packs


def test_one_pack_an_expert_and_the_table_of_who_marks_what(handed_out: Callable[..., HandOut], tmp_path: Path):
    result = handed_out(per_company=2)
    packs = sorted(path.name for path in (tmp_path / "packs").glob("*.xlsx"))
    assert packs == sorted(["分配表.xlsx", *(f"专家评分表_{name}.xlsx" for name in ("张三", "李四", "王五", "赵六"))])
    assert (result.companies, result.assignment.loads, len(result.assignment.groups)) == (8, (4, 4), 1)
    table = openpyxl.load_workbook(tmp_path / "packs" / "分配表.xlsx")["分配"]
    experts = [cell.value for cell in table[1][4:]]
    marked = Counter(experts[cell.column - 5] for row in table.iter_rows(2) for cell in row[4:] if cell.value == "●")
    assert marked == {"张三": 4, "李四": 4, "王五": 4, "赵六": 4}
    for name in marked:
        assert len(companies_in(tmp_path / "packs" / f"专家评分表_{name}.xlsx")) == 4


def test_refused_companies_are_in_no_pack_and_contacts_in_no_part(handed_out: Callable[..., HandOut], tmp_path: Path):
    handed_out()
    for path in (tmp_path / "packs").glob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            texts = "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        assert PHONE not in texts and "杭州壬机械" not in texts
        assert texts.count("杭州甲机械有限公司") == 1


def test_employers_companies_and_counties_bar(handed_out: Callable[..., HandOut], tmp_path: Path):
    text = (
        "姓名|单位|回避企业|回避区县\n张三|杭州甲机械有限公司|杭州乙机械有限公司|\n李四|||杭州市上城区\n王五||火星公司|"
    )
    result = handed_out(text)
    companies = {
        name: companies_in(tmp_path / "packs" / f"专家评分表_{name}.xlsx") for name in ("张三", "李四", "王五")
    }
    assert {name: len(mine) for name, mine in companies.items()} == {"张三": 6, "李四": 6, "王五": 8}
    assert not {"杭州甲机械有限公司", "杭州乙机械有限公司"} & set(companies["张三"])
    assert not {"杭州丁机械有限公司", "杭州辛机械有限公司"} & set(companies["李四"])
    assert any("火星公司" in remark for remark in result.remarks)


def test_a_barred_name_that_is_nearly_a_companys_is_asked_about(handed_out: Callable[..., HandOut], tmp_path: Path):
    with pytest.raises(ExpertNamesRefused, match="杭州甲机械有限公司"):
        handed_out("姓名|回避企业\n张三|杭州甲机械公司")
    assert not (tmp_path / "packs").exists()


def test_a_pack_is_protected_but_where_it_is_filled_in(tmp_path: Path, rulebook: Rulebook):
    write_pack(tmp_path / "a.xlsx", "张三", [PackCompany("甲公司", "杭州市", "上城区")], rulebook)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    criteria, marks = book.worksheets
    assert (criteria.title, marks.title, len(book.custom_doc_props.names)) == ("评分标准", "专家评分表", 2)
    assert all(part.protection.sheet and not part.protection.password for part in book.worksheets)
    unlocked = {cell.coordinate for row in marks.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked == {f"{column}6" for column in "DEFGHIJKL"}
    lists = {str(rule.sqref): rule.formula1 for rule in marks.data_validations.dataValidation}
    assert (
        lists["F6"] == '"0,0.5,1,1.5,2,2.5,3,3.5,4,4.5,5"' and lists["D6"].endswith(',4"') and lists["J6"] == '"回避"'
    )
    texts = [cell.value for row in criteria.iter_rows() for cell in row]
    for item in rulebook.expert_indicators:
        assert {item.label, item.description, item.explanation} <= set(texts)


def test_packs_are_the_same_bytes_every_time(handed_out: Callable[..., HandOut], tmp_path: Path):
    handed_out(per_company=3)
    before = {path.name: path.read_bytes() for path in (tmp_path / "packs").rglob("*") if path.is_file()}
    handed_out(per_company=3)
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "packs").rglob("*") if path.is_file()}


def test_file_names_are_safe_and_told_apart():
    assert list(pack_names(["张/三", "张三", "a<b>", "A:b"]).values()) == [
        "专家评分表_张三.xlsx",
        "专家评分表_张三（2）.xlsx",
        "专家评分表_ab.xlsx",
        "专家评分表_Ab（2）.xlsx",
    ]


# ---------------------------------------------------------------- the folder


def test_the_folder_is_rewritten_as_a_whole(handed_out: Callable[..., HandOut], tmp_path: Path):
    handed_out()
    handed_out("姓名\n张三\n钱七")
    packs = sorted(path.name for path in (tmp_path / "packs").glob("专家*.xlsx"))
    assert packs == ["专家评分表_张三.xlsx", "专家评分表_钱七.xlsx"]


def test_a_pack_that_was_filled_in_is_never_overwritten(handed_out: Callable[..., HandOut], tmp_path: Path):
    handed_out()
    pack = filled(tmp_path / "packs" / "专家评分表_张三.xlsx", {0: {"D": 3}})
    before = pack.read_bytes()
    with pytest.raises(PublishRefused, match="张三"):
        handed_out()
    assert pack.read_bytes() == before
    pack.rename(tmp_path / "moved.xlsx")
    handed_out()


def test_what_is_not_ours_is_refused(
    handed_out: Callable[..., HandOut], tmp_path: Path, root: Path, rulebook: Rulebook
):
    laid_out(tmp_path / "packs", {"私人.xlsx": b"x"})
    with pytest.raises(PublishRefused):
        handed_out()
    (tmp_path / "packs" / "私人.xlsx").unlink()
    run.report(root, tmp_path / "packs", rulebook, run.Options(1))
    with pytest.raises(PublishRefused):
        handed_out()
    assert (tmp_path / "packs" / "问题清单.xlsx").exists()


def test_nobody_to_be_marked(names: Callable[[str], Path], tmp_path: Path, rulebook: Rulebook):
    files = {"杭州市/附件2.xlsx": nomination(nominated(1, "杭州甲机械有限公司", verdict="不推荐"))}
    with pytest.raises(NobodyNominated):
        hand_out(laid_out(tmp_path / "无", files), tmp_path / "packs", names(), rulebook, run.Options(1))


# ---------------------------------------------------------------- back again


def test_a_pack_comes_back_as_the_marks_it_holds(tmp_path: Path, rulebook: Rulebook):
    companies = [PackCompany(f"杭州{name}机械有限公司", "杭州市", "上城区") for name in "甲乙丙丁"]
    write_pack(tmp_path / "a.xlsx", "李四(省院)", companies, rulebook)
    rows = {
        0: dict(zip(ITEMS, (4, 3.5, 5, 0, 2, 1), strict=True)) | {"L": "材料齐全"},
        1: {"J": "回避", "K": "曾任顾问"},
        2: {"D": 0, "L": f"电话{PHONE}"},
    }
    read = sheet(filled(tmp_path / "a.xlsx", rows).read_bytes(), "专家评分/副本 (2).xlsx")
    assert read.kind == "marks" and not read.issues and {mark.expert for mark in read.marks} == {"李四(省院)"}
    states = {name.company: [mark.state for mark in read.marks if mark.company == name.company] for name in companies}
    assert [states[company.company] for company in companies] == [
        ["given"] * 6,
        ["recused"] * 6,
        ["given", *["blank"] * 5],
        ["blank"] * 6,
    ]
    assert [mark.mark for mark in read.marks[:6]] == [4, 3.5, 5, 0, 2, 1] and read.marks[6].reason == "曾任顾问"


def test_a_name_wiped_out_is_taken_from_the_files_name(tmp_path: Path, rulebook: Rulebook):
    write_pack(tmp_path / "a.xlsx", "李四", [PackCompany("甲公司", "杭州市", "上城区")], rulebook)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["专家评分表"]["C3"] = None
    book["专家评分表"]["D6"] = 3
    book.save(tmp_path / "a.xlsx")
    content = (tmp_path / "a.xlsx").read_bytes()
    named, nameless = sheet(content, "评分/专家评分表_李四.xlsx"), sheet(content, "评分/专家评分表.xlsx")
    assert {mark.expert for mark in named.marks} == {"李四"} and not named.issues
    assert codes(nameless.issues) == ["T17"] and len(nameless.marks) == 6


def test_a_partial_pack_counts_and_its_report_says_so(
    handed_out: Callable[..., HandOut], root: Path, tmp_path: Path, rulebook: Rulebook
):
    handed_out()
    pack = tmp_path / "packs" / "专家评分表_张三.xlsx"
    first, second, *_ = companies_in(pack)
    filled(pack, {0: dict.fromkeys(ITEMS, 3), 1: {"J": "回避", "K": "亲属任职"}, 2: {"D": 0}})
    laid_out(root, {"专家评分/专家评分表_张三.xlsx": pack.read_bytes()})
    laid_out(root, {"专家评分/分配表.xlsx": (tmp_path / "packs" / "分配表.xlsx").read_bytes()})
    results = run.studied(run.compute([root], rulebook, run.Options(1)))
    kinds = dict(zip(results.files["path"], results.files["kind"], strict=True))
    assert kinds["专家评分/分配表.xlsx"] == "own_output" and kinds["专家评分/专家评分表_张三.xlsx"] == "marks"
    row = results.panel.experts.iloc[0]
    told = ("expert", "companies", "complete", "partial", "blank", "recused")
    assert [row[name] for name in told] == ["张三", 8, 1, 1, 5, 1]
    scores = results.totals.set_index("company")["expert_total"]
    assert scores[first] == 18
    assert results.panel.recusals[["key", "reason"]].values.tolist() == [[second, "亲属任职"]]
    told = [issue.code for issue in results.issues if issue.where.file.startswith("专家评分/")]
    assert told == ["E22"]  # five companies are blank, one lacks some items


def test_the_counts_are_live(tmp_path: Path, rulebook: Rulebook, libreoffice: str):
    companies = [PackCompany(f"杭州{name}机械有限公司", "杭州市", "上城区") for name in "甲乙丙丁戊己"]
    write_pack(tmp_path / "a.xlsx", "李四", companies, rulebook)
    rows = {
        0: dict.fromkeys(ITEMS, 0),
        1: dict.fromkeys(ITEMS, 2.5),
        2: {"J": "回避", "K": "亲属"},
        3: {"D": 1, "E": 0},
        4: {"J": "回避", "D": 1},
    }
    filled(tmp_path / "a.xlsx", rows)
    command = [
        libreoffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run(
        [*command, "--outdir", f"{tmp_path}/out", f"{tmp_path}/a.xlsx"], check=True, capture_output=True, timeout=120
    )
    marks = openpyxl.load_workbook(tmp_path / "out" / "a.xlsx", data_only=True)["专家评分表"]
    assert [marks[cell].value for cell in ("C4", "E4", "G4", "I4")] == [6, 2, 2, 2]
    assert [marks[f"M{row}"].value for row in range(6, 12)] == ["评完", "评完", "回避", "缺 4 项", "请删去分数", "未评"]
    read = sheet((tmp_path / "out" / "a.xlsx").read_bytes(), "专家评分/a.xlsx")
    assert codes(read.issues) == ["E08"] and sum(mark.state == "given" for mark in read.marks) == 14


# ---------------------------------------------------------------- the command


def test_the_command(root: Path, names: Callable[[str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def called(*words: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(args=["experts", *map(str, words)], prog_name="python -m pipeline")
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return ended.value.code or 0, said.out + said.err

    packs, listed = tmp_path / "packs", names()
    code, said = called(root, packs, "--experts", listed, "--per-company", 3)
    assert code == 0 and "6 家" in said
    assert called(root, packs, "--experts", listed, "--per-company", 5)[0] == 2
    assert called(root, packs, "--experts", names("姓名\n张三\n张三"))[0] == 2
    assert called(root, packs)[0] == 2
    assert called(root, root / "packs", "--experts", names())[0] == 2
    code, said = called(laid_out(tmp_path / "空", {"a.txt": b"x"}), packs, "--experts", listed)
    assert code == 3 and not re.search("[A-Za-z]{9,}", said)
    assert len(list(packs.glob("*.xlsx"))) == 5


@pytest.mark.parametrize("employer", ["杭州甲机械有限公司 研发部", "杭州甲机械有限公司下属研究院", "杭州甲机械公司"])
def test_an_employer_like_a_nominated_company_is_asked_about(handed_out: Callable[..., HandOut], employer: str):
    rows = "专家姓名|单位|回避企业\n{}\n李四|浙江大学|\n王五||"
    with pytest.raises(ExpertNamesRefused, match="杭州甲机械有限公司"):
        handed_out(rows.format(f"张三|{employer}|"))
    given = handed_out(rows.format(f"张三|{employer}|杭州甲机械有限公司"))
    assert len(given.assignment.companies["张三"]) == given.companies - 1
