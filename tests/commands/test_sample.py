"""The made-up province is the same for the same seed, clearly invented and complete, and its slips are where it says."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from pipeline.commands.sample.companies import EXPERTS, company_at, credit_code, name_of
from pipeline.commands.sample.province import MOST_COMPANIES, Province, SampleRefused, made_up_province
from pipeline.commands.sample.slips import SLIPS, PlantedSlip
from pipeline.commands.sample.writing import write_sample
from pipeline.issues.catalogue import CATALOGUE
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import DEMO_PROPERTY


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> tuple[Path, list[PlantedSlip]]:
    folder = tmp_path_factory.mktemp("sample")
    return folder, write_sample(folder, rulebook, companies=60, seed=2024)


@pytest.fixture(scope="module")
def province(rulebook: Rulebook) -> Province:
    return made_up_province(rulebook, 60, 2024, None, defects=False)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.[xd]*") if path.is_file()
    }


def nominated_in(folder: Path) -> list[str]:
    """The companies of every 附件2, below its three rows of heading."""
    sheets = [CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0) for path in folder.glob("*/*/附件2.xlsx")]
    return [row[2] for sheet in sheets for row in sheet.to_python()[3:]]


@pytest.mark.slow
def test_same_seed_same_bytes_whatever_the_processes(written, tmp_path: Path, rulebook: Rulebook) -> None:
    folder, planted = written
    assert write_sample(tmp_path / "again", rulebook, companies=60, seed=2024, jobs=2) == planted
    assert bytes_of(tmp_path / "again") == bytes_of(folder)


def test_other_seed_other_companies(rulebook: Rulebook) -> None:
    provinces = [made_up_province(rulebook, 30, seed, None, defects=False) for seed in (1, 2)]
    first, second = ({name_of(q.seat(0), one.seed)[0] for q in one.quotas} for one in provinces)
    assert len(first & second) < 5


def test_every_city_22_counties_and_the_suggested_folders(written) -> None:
    paths = list(bytes_of(written[0]))
    nominations = [path.split("/") for path in paths if path.endswith("/附件2.xlsx")]
    assert len(nominations) == 22 and len({city for city, *_ in nominations}) == 11
    assert sum(path.startswith("专家评分/") for path in paths) == len(EXPERTS) == 5
    assert "培育库.xlsx" in paths
    books = [
        CalamineWorkbook.from_path(str(written[0] / path))
        for path in paths
        if "/附件1/" in path and path.endswith(".xlsx")
    ]
    assert len([path for path in paths if "/附件1/" in path and path.endswith(".docx")]) == 1
    sheets = Counter(len(book.sheet_names) for book in books)
    assert sheets[1] > 10 and any(number > 1 for number in sheets)


def test_every_workbook_says_that_it_is_made_up(written) -> None:
    for path in (path for path in written[0].rglob("*.*") if path.is_file()):
        properties = zipfile.ZipFile(path).read("docProps/custom.xml").decode()
        assert f'name="{DEMO_PROPERTY}"' in properties, path


@pytest.mark.slow
def test_every_slip_stands_where_it_is_said_to(written) -> None:
    folder, planted = written
    assert Counter(slip.code for slip in planted) == Counter(slip.code for slip in SLIPS)
    for slip in planted:
        assert slip.code in CATALOGUE or slip.code == ""
        sheet = openpyxl.load_workbook(folder / slip.path)[slip.sheet]
        if slip.cell:
            value = sheet[slip.cell].value
            assert ("" if value is None else str(value)) == slip.typed, slip
    assert len({slip.company for slip in planted}) == len(planted)


def test_a_company_without_a_form_and_one_without_a_nomination(written) -> None:
    folder, planted = written
    missing = {slip.code: slip.company for slip in planted if slip.code in ("X05", "X06")}
    books = [CalamineWorkbook.from_path(str(path)) for path in folder.glob("*/*/附件1/*.xlsx")]
    forms = {book.get_sheet_by_name(name).to_python()[2][2] for book in books for name in book.sheet_names}
    nominated = nominated_in(folder)
    assert len(nominated) == len(set(nominated)) == 59
    assert missing["X05"] in nominated and missing["X05"] not in forms
    assert missing["X06"] in forms and missing["X06"] not in nominated


def test_without_slips_nothing_is_planted_and_everyone_is_nominated(tmp_path: Path, rulebook: Rulebook) -> None:
    assert write_sample(tmp_path, rulebook, companies=24, seed=5, defects=False) == []
    assert len(nominated_in(tmp_path)) == 24


def test_figures_agree_with_each_other(province: Province, rulebook: Rulebook) -> None:
    for quota in province.quotas:
        for company in province.companies(quota, range(quota.size)):
            answers, figures = company.answers, company.figures
            assert 0 < figures["cloud_spend"] <= figures["it_spend"] and figures["profit"] < figures["revenue"]
            numbers = {item: (number(answer.n), number(answer.m)) for item, answer in answers.items()}
            assert numbers["cloud_spend"] == (figures["cloud_spend"], figures["it_spend"])
            assert all(m is None or n <= m for n, m in numbers.values())
            business = rulebook.indicator_of["system_synergy"].m_sum_of
            assert numbers["system_synergy"][0] <= sum(numbers[item][0] for item in business)
            assert answers["data_synergy"].n == len(answers["data_synergy"].ticks)


def number(typed: object) -> float | None:
    if typed is None:
        return None
    return 0.0 if typed == "无" else float(re.sub("[^0-9.]", "", str(typed)))


def test_many_lack_systems_and_share_values(rulebook: Rulebook) -> None:
    province = made_up_province(rulebook, 300, 7, None, defects=False)
    research = [
        number(company.answers["research"].m)
        for quota in province.quotas
        for company in province.companies(quota, range(quota.size))
    ]
    assert 15 < research.count(0) < 90
    assert len(set(research)) < 60


def test_people_and_phones_are_clearly_made_up(province: Province) -> None:
    for quota in province.quotas:
        for company in province.companies(quota, range(quota.size)):
            assert re.fullmatch(r"1390000\d{4}", company.phone)
            assert company.contact[1] == "某"


CODE_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check_of_code(code: str) -> str:
    """The 18th mark by the table of weights of GB 32100."""
    total = sum(CODE_MARKS.index(mark) * weight for mark, weight in zip(code, CODE_WEIGHTS, strict=False))
    return CODE_MARKS[(31 - total % 31) % 31]


def check_of_body(body: str) -> str:
    """The 9th mark of an organisation's code by GB 11714."""
    total = sum(int(mark, 36) * weight for mark, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=False))
    return "0123456789X0"[11 - total % 11]


def test_credit_codes_have_right_check_digits() -> None:
    # The examples printed in the two standards keep the checks above honest.
    assert (check_of_code("91350100M000100Y4"), check_of_body("D2143569")) == ("3", "X")
    codes = [credit_code("330109", number) for number in range(0, MOST_COMPANIES, 97)]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert len(code) == 18 and (check_of_code(code), check_of_body(code[8:])) == (code[17], code[16])


def test_every_item_of_every_nominated_company_has_three_marks(written, rulebook: Rulebook) -> None:
    given: Counter[tuple[str, int]] = Counter()
    words = set()
    for path in (written[0] / "专家评分").iterdir():
        sheet = openpyxl.load_workbook(path).active
        for row in sheet.iter_rows(min_row=5, values_only=True):
            for position, mark in enumerate(row[2:]):
                if isinstance(mark, int | float):
                    given[row[1], position] += 1
                    assert mark * 2 == int(mark * 2) >= 0
                else:
                    words.add(mark)
    assert len(given) == 59 * 6 and min(given.values()) >= 3
    assert words == {None, "回避"}


def test_experts_differ_in_leniency(written) -> None:
    means = []
    for expert in EXPERTS:
        sheet = openpyxl.load_workbook(written[0] / "专家评分" / f"{expert}.xlsx").active
        marks = [mark for row in sheet.iter_rows(min_row=5, min_col=3, values_only=True) for mark in row]
        given = [mark for mark in marks if isinstance(mark, int | float)]
        means.append(sum(given) / len(given))
    assert means == sorted(means) and means[-1] - means[0] > 0.4


# 附件3 as the notice prints it: level, region, the three years, cumulative, target, progress.
NOTICE = """
市级 杭州市 14 84 58 156 90 173.3
市级 绍兴市 4 28 65 97 68 142.7
市级 台州市 5 26 36 67 74 90.5
市级 全省合计 75 489 487 1051 750 140.1
区县级 宁波市 19 210 178 407 414 98.3
区县级 衢州市 3 17 35 55 54 101.9
区县级 丽水市 1 21 24 46 60 76.7
区县级 全省合计 75 1113 943 2131 2250 94.7
"""


def test_pool_prints_the_notice_s_figures(written) -> None:
    book = openpyxl.load_workbook(written[0] / "培育库.xlsx")
    printed = {}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(min_row=4, values_only=True))
        assert len(rows) == 12
        for _, region, *counts, progress in rows:
            printed[sheet.title, region] = [*counts, round(progress * 100, 9)]
    for level, region, *figures in (line.split() for line in NOTICE.split("\n") if line):
        assert printed[level, region] == [float(figure) for figure in figures], (level, region)


def test_names_are_unique_in_a_large_province(rulebook: Rulebook) -> None:
    province = made_up_province(rulebook, MOST_COMPANIES, 3, None, defects=True)
    assert len(province.quotas) == len(rulebook.expected_counties)
    assert sum(quota.size for quota in province.quotas) == MOST_COMPANIES
    assert 0 < len(province.slips) < MOST_COMPANIES // 15
    city = [quota for quota in province.quotas if quota.city == "杭州市"]
    names = [name_of(quota.seat(position), 3)[0] for quota in city for position in range(quota.size)]
    assert len(names) == len(set(names)) > 10_000


def test_a_company_depends_on_its_number_and_the_seed_alone(province: Province, rulebook: Rulebook) -> None:
    seat = province.quotas[3].seat(0)
    assert company_at(seat, 2024, rulebook) == company_at(seat, 2024, rulebook)
    assert company_at(seat, 2024, rulebook) != company_at(seat, 2025, rulebook)


@pytest.mark.slow
def test_an_older_sample_is_replaced_and_nothing_else(tmp_path: Path, rulebook: Rulebook) -> None:
    (tmp_path / ".gitkeep").touch()
    write_sample(tmp_path, rulebook, companies=30, seed=1)
    before = set(bytes_of(tmp_path))
    write_sample(tmp_path, rulebook, companies=3, seed=2)
    after = set(bytes_of(tmp_path))
    assert len(after) < len(before) and (tmp_path / ".gitkeep").exists()
    own = tmp_path / "我的.xlsx"
    own.write_bytes(b"PK")
    with pytest.raises(SampleRefused, match="我的"):
        write_sample(tmp_path, rulebook, companies=3, seed=2)
    assert set(bytes_of(tmp_path)) == after | {"我的.xlsx"} and own.read_bytes() == b"PK"


@pytest.mark.parametrize(("companies", "counties"), [(0, None), (MOST_COMPANIES + 1, None), (10, 0)])
def test_numbers_that_cannot_be_met_are_refused(tmp_path: Path, rulebook: Rulebook, companies, counties) -> None:
    with pytest.raises(SampleRefused):
        write_sample(tmp_path, rulebook, companies=companies, counties=counties)
    assert not list(tmp_path.iterdir())
