"""What one sender can do to another: every attack is laid over a small good province, and the others' companies, figures,
words and folders are what they are without it. Every text of an attacker holds 毒."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from pipeline import run
from pipeline.model.records import FileReading
from pipeline.model.results import Results
from pipeline.model.stamps import DEMO_PROPERTY, EXPERT_PROPERTY, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE
from pipeline.readers.settling.gather import gather
from pipeline.writers.official.ranking import write_nomination
from pipeline.writers.output import county_folders, job_of, write_county
from tests.support.arrivals import HEADERS, form, nominated, nomination, published_rulebook, read
from tests.support.decisions import decisions
from tests.support.small_province import marks
from tests.support.speaking_cases import credit_code
from tests.support.workbooks import repacked, workbook

pytestmark = pytest.mark.slow

Files = Mapping[str, bytes]

MARK = "毒"
HERE, THERE, NEXT = "杭州市/上城区", "杭州市/余杭区", "宁波市/海曙区"  # the attacker's, and its victims'
ONE, TWO, THREE, FOUR, FIVE = (f"余杭檀{name}有限公司" for name in ("甲机械", "乙电子", "丙化工", "丁智能", "戊精密"))
REFUSED, OF_CITY, IN_ZIP = "余杭檀己软件有限公司", "海曙檀庚纺织有限公司", "南湖檀辛食品有限公司"
VICTIMS = (ONE, TWO, THREE, FOUR, FIVE, REFUSED, OF_CITY, IN_ZIP)
MINE = f"上城{MARK}一科技有限公司"
SECRETS = ("77001", "77002", "77003", "77004", "77005", "77006", "13977000001")  # of the victims
CODE = credit_code(77)


def nominee(order: int, company: str, county: str = "余杭区") -> str:
    return nominated(order, company, county, revenue=f"{77_000 + order}", contact="余联络", phone="'13977000001")


def answers(n: int, m: int = 90_000) -> dict[str, tuple]:
    return {"research": (n, m), "cloud_spend": (10, 20)}


def own(company: str, n: int, county: str = "余杭区", **labels: str) -> bytes:
    return form(company, county, answers=answers(n), **labels)


def base() -> dict[str, bytes]:
    """Companies nominated by their county, by their city and in an archive; forms in places and outside them."""
    listed = [nominee(order, name) for order, name in enumerate((ONE, TWO, THREE, FOUR, FIVE), start=1)]
    listed.append(
        nominated(6, REFUSED, "余杭区", revenue="77006", contact="余联络", phone="'13977000001", verdict="不推荐")
    )
    broken = form(FIVE, "余杭区", answers={**answers(5), "office": ("待定", 9)})
    return {
        f"{THERE}/附件2.xlsx": nomination(*listed),
        f"{THERE}/附件1/甲.xlsx": own(ONE, 1),
        f"{THERE}/附件1/{TWO}v2.xlsx": own("", 2),
        f"{THERE}/附件1/戊.xlsx": broken,
        "收件/丙.xlsx": own(THREE, 3, credit_code=CODE),
        f"收件/{FOUR}-最终版.xlsx": own("", 4),
        "宁波市/附件2.xlsx": nomination(nominee(7, OF_CITY, "海曙区")),
        f"{NEXT}/附件1/庚.xlsx": own(OF_CITY, 7, "海曙区", city="宁波市"),
        "南湖.zip/附件2.xlsx": nomination(nominee(8, IN_ZIP, "南湖区")),
        "南湖.zip/辛.xlsx": own(IN_ZIP, 8, "南湖区", city="嘉兴市"),
        "杭州市/临平区/附件2.xlsx": nomination("|临平区|无"),
        f"{HERE}/附件2.xlsx": nomination(nominated(1, MINE, contact=MARK, business=MARK)),
        f"{HERE}/附件1/一.xlsx": form(MINE, answers=answers(6)),
        "专家评分/一.xlsx": marks(ONE, TWO, THREE, FOUR, FIVE, OF_CITY, IN_ZIP, MINE, mark=3),
        "培育库/库.xlsx": workbook({"市级": "地区|2021年新增数|2022年新增数|2023年新增数\n杭州市|1|2|3"}),
    }


# ---------------------------------------------------------------- the attacks


def row(company: str, county: str = "上城区", **cells: str) -> str:
    return nominated(
        9,
        company,
        county,
        **{"contact": MARK, "business": f"{MARK}已停产", "phone": "'13900009999", "revenue": "66001", **cells},
    )


def lists(folder: str, *rows: str, name: str = f"{MARK}.xlsx", headers: str = HEADERS, **options: object) -> Files:
    return {f"{folder}/{name}".lstrip("/"): nomination(*rows, headers=headers, **options)}


def bad(company: str, county: str = "上城区", **labels: str) -> bytes:
    return form(company, county, answers={"research": (66, 66_001), "cloud_spend": (10, 20)}, **labels)


def saved(content: bytes, when: str) -> bytes:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">'
        f'<dcterms:modified xmlns:dcterms="http://purl.org/dc/terms/">{when}</dcterms:modified></cp:coreProperties>'
    )
    return repacked(content, {"docProps/core.xml": core})


def coded(folder: str, *pairs: tuple[str, str]) -> Files:
    rows = [f"{row(company)}|{code}" for company, code in pairs]
    return lists(folder, *rows, headers=f"{HEADERS}|统一社会信用代码")


def bad_marks(*companies: str, expert: str = f"{MARK}专家") -> bytes:
    return marks(*companies, mark=0, expert=expert)


def statement(path: str, letter: str = "V01") -> Files:
    issue = next(issue for issue in base_results().issues if issue.code == letter and issue.county == "余杭区")
    return {path: workbook({"问题清单": f"编号|怎么改|情况说明\n{issue.id}||{MARK}自愿退出"})}


ALL, PLACED = VICTIMS[:5], VICTIMS[:7]  # a company that only an archive nominates is whose place nominates it
FORMED = [name for name in PLACED if name != REFUSED]
SAMPLE = {DEMO_PROPERTY: "是"}
ATTACKS: dict[str, Callable[[], Files]] = {
    # companies: rows elsewhere
    "row_in_own_place": lambda: lists(HERE, *map(row, FORMED)),
    "row_naming_their_county": lambda: lists(HERE, *(row(name, "余杭区") for name in ALL)),
    "row_refuses": lambda: lists(HERE, *(row(name, verdict="不推荐") for name in FORMED)),
    "row_with_spaces_in_the_name": lambda: lists(HERE, *(row(f"{name[:4]} {name[4:]}（盖章）") for name in ALL)),
    "row_with_invisible_characters": lambda: lists(HERE, *(row(f"{name[:4]}\u200b{name[4:]}") for name in ALL)),
    "row_in_top_archive": lambda: lists("a.zip", *(row(name, "余杭区") for name in ALL)),
    "row_in_archive_named_after_them": lambda: lists("余杭区.zip", *(row(name, "") for name in ALL)),
    "row_in_archive_with_their_folder": lambda: lists("a.zip/杭州市/余杭区", *(row(name, "") for name in ALL)),
    "row_in_archive_in_own_place": lambda: lists(f"{HERE}/余杭区.zip", *(row(name, "余杭区") for name in ALL)),
    "row_at_the_top": lambda: lists("", *(row(name, "余杭区") for name in ALL), name="A.xlsx"),
    "row_of_another_city_list": lambda: lists("嘉兴市", *(row(name, "余杭区") for name in ALL)),
    "row_of_their_city_in_archive": lambda: lists("杭州市.zip", *(row(name, "余杭区") for name in ALL)),
    "row_same_figures_other_words": lambda: lists(
        "a.zip", *(row(name, "余杭区", revenue=f"{77_001 + number}") for number, name in enumerate(ALL))
    ),
    "row_for_the_silent_county_of_the_city": lambda: lists("a.zip", row(OF_CITY, "海曙区")),
    "rows_for_everybody_twice": lambda: lists(HERE, *map(row, ALL), *map(row, ALL)),
    "bogus_company_for_them": lambda: (
        lists("a.zip", row(f"余杭{MARK}冒名有限公司", "余杭区"))
        | {"a.zip/x.xlsx": bad(f"余杭{MARK}冒名有限公司", "余杭区")}
    ),
    "bogus_company_for_the_citys_county": lambda: lists("a.zip", row(f"海曙{MARK}冒名有限公司", "海曙区")),
    "bogus_company_in_own_place_for_them": lambda: lists(HERE, row(f"余杭{MARK}冒名有限公司", "余杭区")),
    "row_in_their_folder_in_own_place": lambda: lists(f"{HERE}/余杭区", *(row(name, "余杭区") for name in ALL)),
    "row_in_their_city_and_folder_in_own_place": lambda: lists(f"{HERE}/宁波市/海曙区", row(OF_CITY, "海曙区")),
    "refusal_in_their_folder_in_own_place": lambda: lists(
        f"{HERE}/材料/余杭区/附件2", *(row(name, "", verdict="不推荐") for name in ALL)
    ),
    # forms
    "form_in_their_folder_in_own_place": lambda: {
        f"{HERE}/余杭区/附件1/{number}.xlsx": bad(name, "余杭区") for number, name in enumerate(ALL)
    },
    "form_in_their_folder_in_another_city": lambda: {"嘉兴市/余杭区/x.xlsx": bad(THREE, "余杭区")},
    "form_saved_in_2099": lambda: {f"{HERE}/x.xlsx": saved(bad(ONE), "2099-01-01T00:00:00Z")},
    "form_of_each_in_own_place": lambda: {
        f"{HERE}/{number}.xlsx": bad(name, "余杭区") for number, name in enumerate(VICTIMS)
    },
    "form_with_own_county": lambda: {f"{HERE}/{number}.xlsx": bad(name) for number, name in enumerate(VICTIMS)},
    "form_in_archive": lambda: {"zz.zip/x.xlsx": saved(bad(ONE, "余杭区"), "2024-12-01T00:00:00Z")},
    "form_at_the_top": lambda: {"zz.xlsx": saved(bad(TWO, "余杭区"), "2024-12-01T00:00:00Z")},
    "form_names_another_county": lambda: {"zz.xlsx": bad(THREE), "zz.zip/y.xlsx": bad(FOUR), "x.xlsx": bad(ONE)},
    "form_of_unclear_county": lambda: {"zz.xlsx": bad(ONE, f"{MARK}区"), "y.xlsx": bad(OF_CITY, "高新区")},
    "form_in_archive_with_their_folder": lambda: {"a.zip/杭州市/余杭区/x.xlsx": bad(FIVE, "余杭区")},
    "form_in_archive_in_own_place": lambda: {f"{HERE}/a.zip/余杭区/x.xlsx": bad(THREE, "余杭区")},
    "form_named_by_their_file_in_own_place": lambda: {f"{HERE}/{name}.xlsx": bad("") for name in ALL},
    "form_named_by_their_folder_in_own_place": lambda: {f"{HERE}/{THREE}/附件1.xlsx": bad("")},
    "form_named_by_their_sheet_in_own_place": lambda: {f"{HERE}/附件1/x.xlsx": bad("", sheet=FOUR)},
    # names as keys
    "nominates_their_files_name": lambda: lists(HERE, row(f"{FOUR}-最终版"), row(f"{TWO}v2")),
    "nominates_their_files_name_differently": lambda: lists(
        HERE, *(row(f"{FOUR}{end}") for end in ("最终版", "-终版", "2024", "（盖章）v3", "改", "附件1"))
    ),
    "nominates_their_name_behind_words": lambda: lists(
        HERE, *(row(f"{front}{FOUR}") for front in ("附件1", "2024", "最终版-", "1、"))
    ),
    "nominates_a_part_of_their_name": lambda: lists(
        HERE, row("檀丁智能有限公司"), row("丁智能有限公司"), row("檀乙电子")
    ),
    "nominates_their_branch": lambda: lists(HERE, row(f"{FOUR}上城分公司"), row(f"{THREE}上城分公司")),
    "nominates_words_of_forms": lambda: lists(
        HERE, *map(row, ("附件1", "Sheet1", "评估表", "最终版", "企业名称", "公章", "收件"))
    ),
    "nominates_numbers": lambda: lists(
        HERE, *map(row, ("66001", "1", "2024", "有", "有限公司", "余杭", "檀", "13977000001"))
    ),
    "nominates_an_error": lambda: lists(HERE, row("#REF!"), row("#N/A"), row("0")),
    "nominates_their_folder": lambda: lists(HERE, row("收件材料汇总"), row("余杭区"), row("附件1甲")),
    "names_a_county": lambda: lists(HERE, row("余杭有限公司"), row("杭州市公司")),
    # codes
    "codes_of_theirs_in_own_list": lambda: coded(HERE, (f"{MARK}二电子有限公司", CODE)),
    "codes_link_their_name": lambda: coded(HERE, (f"{MARK}二电子有限公司", CODE), (THREE, CODE), (ONE, CODE)),
    "codes_link_a_spelling_of_theirs": lambda: coded(
        HERE, (f"{MARK}二电子有限公司", credit_code(4)), ("余杭檀甲机械公司", credit_code(4))
    ),
    "codes_link_in_archive": lambda: coded("a.zip", (f"{MARK}二电子有限公司", CODE), (THREE, CODE)),
    "codes_in_a_form_of_own": lambda: {f"{HERE}/x.xlsx": bad(MINE, credit_code=CODE)},
    "codes_in_a_form_under_their_name": lambda: (
        coded(HERE, (f"{MARK}二电子有限公司", CODE)) | {f"{HERE}/x.xlsx": bad(ONE, credit_code=CODE)}
    ),
    "codes_of_nobody_under_their_name": lambda: {"zz.zip/x.xlsx": bad(ONE, "余杭区", credit_code=credit_code(5))},
    # nil returns
    "nil_for_others": lambda: lists(HERE, *(f"|{county}|无" for county in ("西湖区", "滨江区", "余杭区"))),
    "nil_by_heading": lambda: lists(HERE, "一、西湖区：无", "二、余杭区（0家）"),
    "nil_in_archive_without_a_column": lambda: lists("西湖区.zip", name="余杭区附件2.xlsx"),
    "nil_for_a_county_that_nominates": lambda: lists("a.zip", "|余杭区|无", "|海曙区|无", name="a.xlsx"),
    "nil_of_another_city": lambda: lists("嘉兴市", "|西湖区|无", "|余杭区|无"),
    # marks and pool
    "marks_in_archive": lambda: {"a.zip/x.xlsx": bad_marks(*VICTIMS)},
    "marks_in_archive_of_experts": lambda: {"专家评分/a.zip/x.xlsx": bad_marks(*VICTIMS, expert="欧阳评审")},
    "marks_in_own_place": lambda: {f"{HERE}/专家评分/x.xlsx": bad_marks(*VICTIMS)},
    "marks_beside_a_decoy": lambda: {
        "上城报送/评分.xlsx": bad_marks(*VICTIMS),
        "上城报送/b.xlsx": bad(f"滨江{MARK}公司", "滨江区"),
    },
    "marks_below_a_decoy": lambda: {"报送/评分/x.xlsx": bad_marks(*VICTIMS), "报送/b.xlsx": nomination("|上城区|无")},
    "marks_stamped_as_a_pack": lambda: {
        f"{HERE}/x.xlsx": repacked_properties(bad_marks(*VICTIMS), {EXPERT_PROPERTY: "欧阳评审"})
    },
    "pool_in_archive": lambda: {
        "a.zip/x.xlsx": workbook({"市级": "地区|2021年新增数|2022年新增数|2023年新增数\n杭州市|9|9|9"})
    },
    "pool_in_own_place": lambda: {
        f"{HERE}/x.xlsx": workbook({"市级": "地区|2021年新增数|2022年新增数|2023年新增数\n杭州市|9|9|9"})
    },
    # explanations, decisions, stamps
    "explains_in_archive": lambda: statement("a.zip/x.xlsx"),
    "explains_in_their_archive": lambda: statement("余杭区.zip/杭州市/余杭区/x.xlsx"),
    "explains_in_own_place": lambda: statement(f"{HERE}/x.xlsx"),
    "explains_at_the_top": lambda: statement("x.xlsx"),
    "explains_in_a_contradictory_folder": lambda: statement("杭州市/上城区/余杭区/x.xlsx"),
    "decides_in_own_place": lambda: {f"{HERE}/人工决定.xlsx": decisions(剔除=ONE, 归属=f"{TWO}|上城区")},
    "decides_in_archive": lambda: {"a.zip/人工决定.xlsx": decisions(剔除=ONE, 零报送="西湖区")},
    "stamped_as_sample": lambda: {f"{HERE}/x.xlsx": nomination(row(f"{MARK}二电子有限公司"), properties=SAMPLE)},
    "stamped_as_output": lambda: {
        f"{THERE[:3]}.zip/x.xlsx": nomination(row(ONE, "余杭区"), properties={OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE})
    },
}
# What two real places say of one company, each with all it takes: nobody's until 归属 decides.
DELAYS: dict[str, tuple[list[str], Callable[[], Files]]] = {
    "row_takes_the_citys_company": (
        [OF_CITY],
        lambda: lists(HERE, row(OF_CITY)) | {f"{HERE}/附件1/{MARK}.xlsx": bad(OF_CITY)},
    ),
    "row_and_form_in_own_place": (
        list(ALL),
        lambda: (
            lists(HERE, *map(row, ALL)) | {f"{HERE}/附件1/{number}.xlsx": bad(name) for number, name in enumerate(ALL)}
        ),
    ),
    "row_recommends_the_refused": ([REFUSED], lambda: lists(HERE, row(REFUSED))),
    "row_and_form_recommend_the_refused": (
        [REFUSED],
        lambda: lists(HERE, row(REFUSED)) | {f"{HERE}/附件1/{MARK}.xlsx": bad(REFUSED)},
    ),
    "row_refuses_the_refused": ([REFUSED], lambda: lists(HERE, row(REFUSED, verdict="不推荐"))),
}
SILENT = {"codes_in_a_form_of_own", "stamped_as_output"}  # nothing is wrong with it, or it has its line in 收件台账


def repacked_properties(content: bytes, properties: Mapping[str, str]) -> bytes:
    stamped = workbook({"x": "x"}, properties=properties)
    with zipfile.ZipFile(io.BytesIO(stamped)) as archive:
        return repacked(content, {"docProps/custom.xml": archive.read("docProps/custom.xml")})


# ---------------------------------------------------------------- the runs


@cache
def base_readings() -> tuple[tuple[FileReading, ...], dict[str, bytes]]:
    files = base()
    return tuple(read(content, path) for path, content in files.items()), files


def results_of(attack: Files) -> Results:
    readings, files = base_readings()
    every = [*(reading for reading in readings if reading.path not in attack)]
    every += [read(content, path) for path, content in attack.items()]
    every.sort(key=lambda reading: reading.path)
    originals = {**files, **attack}
    return replace(run.evaluate(gather(every, published_rulebook()), run.Options(1)), originals=originals.get)


@cache
def base_results() -> Results:
    return results_of({})


@cache
def attacked_results(name: str) -> Results:
    return results_of(ATTACKS[name]() if name in ATTACKS else DELAYS[name][1]())


def victims(results: Results) -> dict[str, tuple]:
    """What is a victim's own: county, status, own points, marks, figures, contact, words."""
    companies = results.enterprises.set_index("company")
    totals = results.totals.set_index("company")
    seen = {}
    for name in VICTIMS:
        told = companies.loc[
            name, ["city", "county", "refused", "revenue", "business", "contact", "phone", "recommendation"]
        ]
        points = totals.loc[name, ["status", "self_total", "expert_total", "missing"]].astype(str)
        read_as = results.answers[results.answers["key"] == companies.loc[name, "key"]]["n"].astype(str)
        seen[name] = (*told, *points, *read_as)
    return seen


def words_in(folder: Path) -> str:
    """Every text of the files below a folder, of the parts of workbooks and archives too."""
    return "\n".join(
        text for path in sorted(folder.rglob("*")) if path.is_file() for text in _texts(path.name, path.read_bytes())
    )


def _texts(name: str, content: bytes) -> Iterator[str]:
    yield name
    if not content.startswith(b"PK"):
        yield content.decode("utf-8", "replace")
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.namelist():
            yield from _texts(entry, archive.read(entry))


def folders(results: Results) -> dict[str, str]:
    """County → every word in what it gets back, for the attacker and its victims; "附件2" → the official table."""
    with tempfile.TemporaryDirectory() as name:
        counties = [county for county in county_folders(results) if county.county in ("上城区", "余杭区")]
        job = job_of(Path(name), results, counties, 1)
        told = {}
        for county in counties:
            write_county(job, county)
            told[county.county] = words_in(job.folder / county.path)
        write_nomination(job.folder / "附件2.xlsx", results)
        told["附件2"] = "\n".join(_texts("附件2", (job.folder / "附件2.xlsx").read_bytes()))
        return told


def issues_of(results: Results, county: str) -> list[tuple]:
    """The issues filed under a county that are not about its place in the ranking."""
    listed = [issue for issue in results.issues if issue.county == county and issue.code != "X14"]
    return [
        (issue.code, issue.where, issue.company, issue.found, dict(issue.facts), issue.statement) for issue in listed
    ]


def test_the_province_is_good():
    results = base_results()
    statuses = dict(zip(results.totals["company"], results.totals["status"], strict=True))
    assert statuses == dict.fromkeys((*VICTIMS, MINE), "已排名") | {REFUSED: "不予推荐", FIVE: "暂排"}
    assert ("杭州市", "临平区") in results.nil_returns and len(ATTACKS) >= 55


@pytest.mark.parametrize("name", DELAYS)
def test_nobody_takes_a_company_of_another(name: str):
    """It is nobody's, on both rows stands why, and the others are what they were."""
    clean, attacked = base_results(), attacked_results(name)
    companies = DELAYS[name][0]
    listed = attacked.enterprises.set_index("company").loc[companies]
    assert not listed["county"].any() and listed["revenue"].isna().all() and not listed["contact"].any()
    totals = attacked.totals.set_index("company").loc[companies]
    assert set(totals["status"]) <= {"未评分"} and totals["rank"].isna().all()
    asked = [issue for issue in attacked.issues if issue.code == "X08"]
    assert len(asked) == 2 * len(companies) == 2 * sum(issue.where.file.startswith(HERE) for issue in asked)
    kept = {key: value for key, value in victims(clean).items() if key not in companies}
    assert {key: value for key, value in victims(attacked).items() if key not in companies} == kept


@pytest.mark.parametrize("name", DELAYS)
def test_each_county_is_told_that_a_company_of_its_own_is_in_question(name: str):
    """In its own words: without the other county, its file, words and figures."""
    told = folders(attacked_results(name))
    for county, others in (("上城区", SECRETS), ("余杭区", (MARK, "66001", "上城区/"))):
        if county == "余杭区" and DELAYS[name][0] == [OF_CITY]:
            continue
        said = told[county]
        assert "还定不下归哪个区县" in said and "没有发现问题" not in said
        assert not [word for word in others if word in said], county


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_of_the_others_changes(name: str):
    clean, attacked = base_results(), attacked_results(name)
    assert victims(attacked) == victims(clean)
    assert attacked.nil_returns == clean.nil_returns
    assert attacked.standing.missing_counties == clean.standing.missing_counties
    assert not attacked.standing.demo and not [row for row in attacked.decisions if row["state"] == "已采用"]
    assert attacked.regions.equals(clean.regions)
    for county in ("余杭区", "海曙区", "南湖区", "临平区"):
        assert issues_of(attacked, county) == issues_of(clean, county), county
    assert name in SILENT or len(attacked.issues) > len(clean.issues)


@pytest.mark.parametrize("name", ATTACKS)
def test_nobody_is_handed_anything_of_another(name: str):
    results = attacked_results(name)
    told = folders(results)
    assert MARK not in told["余杭区"]
    assert [secret for secret in SECRETS if secret in told["上城区"]] == []
    nominated_ones = results.enterprises[results.enterprises["nominated"]]
    if set(nominated_ones["company"]) <= {*VICTIMS, MINE}:
        assert "13900009999" not in told["附件2"] and "已停产" not in told["附件2"]
