"""Cities and counties stand in the notice's order in every output: wherever a list has columns 市 and 区县 and is not in
the order of the ranking, and wherever regions are named one after the other."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.commands.compare import compare_folders
from pipeline.model.region_order import RegionRank
from pipeline.model.rulebook import Rulebook
from pipeline.readers.sheet.regions import RegionIndex
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.small_province import marks, small_province

pytestmark = pytest.mark.slow

# By code point: 丽水 台州 嘉兴 宁波 杭州; 庆元 莲都 龙泉; 三门 仙居 椒江.
SENDERS = [
    ("丽水市", ("龙泉市", "莲都区", "庆元县")),
    ("台州市", ("三门县", "仙居县", "椒江区")),
    ("嘉兴市", ("平湖市",)),
]
CITY, COUNTY, LEVEL = ("市", "设区市", "city"), ("区县", "county"), ("级别", "level")
COMPANY = ("企业名称", "企业", "company")
Table = list[list[str]]
Lists = dict[str, list[dict[str, str]]]


def province(office: object) -> dict[str, bytes]:
    """A province in which every county has a 错误, a 提醒, a form nobody nominated, and a file that is no form."""
    files = small_province()
    for city, counties in SENDERS:
        for county in counties:
            names = [f"{county}{number}有限公司" for number in "甲乙丙"]
            rows = [nominated(number, name, county, phone="123") for number, name in enumerate(names, start=1)]
            files[f"{city}/{county}/附件2.xlsx"] = nomination(*rows)
            files[f"{city}/{county}/甲.xlsx"] = form(names[0], county, city=city, answers={"office": (office, 4)})
            files[f"{city}/{county}/乙.xlsx"] = form(names[1], county, city=city, answers={"office": ("待定", 4)})
            files[f"{city}/{county}/别家.xlsx"] = form(f"{county}别家有限公司", county, city=city)
            files[f"{city}/{county}/说明.txt"] = b"text"
    files["专家评分/二.xlsx"] = marks(*(f"{county}甲有限公司" for _, counties in SENDERS for county in counties))
    return files


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> tuple[Path, Path]:
    """Two outputs; between them a figure of one company in every county changed, so that ranks moved everywhere."""
    folder = tmp_path_factory.mktemp("order")
    before, after = folder / "before", folder / "after"
    run.report(laid_out(folder / "in 1", province(1)), before, rulebook, run.Options(2))
    run.report(laid_out(folder / "in 2", province(0)), after, rulebook, run.Options(2, previous=before))
    return before, after


def tables_of(path: Path) -> Iterator[tuple[str, Table]]:
    """The name and the rows of every sheet of a workbook, or of a CSV file."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield path.name, list(csv.reader(file))
        return
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book:
        rows = sheet.iter_rows(values_only=True)
        yield f"{path.name}!{sheet.title}", [["" if cell is None else str(cell) for cell in row] for row in rows]
    book.close()


def column_of(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def lists_with_regions(folder: Path, rulebook: Rulebook) -> Lists:
    """Every list of the output that has a column of cities or counties: its rows that name one, as city, county, level and
    company."""
    found: Lists = {}
    known = {*rulebook.city_names, *(county.name for county in rulebook.counties)}
    for path in sorted((*folder.rglob("*.xlsx"), *folder.rglob("*.csv"))):
        for name, table in tables_of(path):
            start = next((row for row, cells in enumerate(table) if column_of(cells, COUNTY) is not None), None)
            if start is None:
                continue
            header = table[start]
            columns = {
                part: column_of(header, names)
                for part, names in (("city", CITY), ("county", COUNTY), ("level", LEVEL), ("company", COMPANY))
            }
            rows = [
                {part: "" if column is None else row[column] for part, column in columns.items()}
                for row in table[start + 1 :]
                if known & {row[column] for column in (columns["city"], columns["county"]) if column is not None}
            ]
            found[f"{path.relative_to(folder).parent}/{name}"] = rows
    return found


def ranks_of(rows: list[dict[str, str]], rulebook: Rulebook) -> list[RegionRank]:
    city_of = {county.name: county.city for county in rulebook.counties}  # where a list has no column of cities
    return [rulebook.region_order.rank(row["city"] or city_of.get(row["county"], ""), row["county"]) for row in rows]


def in_order_of(rows: list[dict[str, str]], companies: list[str]) -> bool:
    """True when the rows follow the ranking: a list of companies, or of what was found about them."""
    known = {company: number for number, company in enumerate(companies)}
    numbers = [known[row["company"]] for row in rows if row["company"] in known]
    return len(numbers) == len(rows) and numbers == sorted(numbers)


def test_every_list_is_in_the_order_of_regions_or_of_the_ranking(outputs: tuple[Path, Path], rulebook: Rulebook):
    folder = outputs[1]
    with (folder / "数据" / "totals.csv").open(encoding="utf-8-sig", newline="") as file:
        companies = [row["company"] for row in csv.DictReader(file)]
    lists = lists_with_regions(folder, rulebook)
    assert {"./问题清单.xlsx!收件台账", "./问题清单.xlsx!催报", "./问题清单.xlsx!明细"} <= lists.keys()
    assert {"数据/issues.csv", "数据/files.csv", "数据/totals.csv"} <= lists.keys()
    by_region = set()
    for name, rows in lists.items():
        groups = groupby(rows, key=lambda row: row["level"])
        ordered = all(ranks == sorted(ranks) for ranks in (ranks_of(list(group), rulebook) for _, group in groups))
        assert ordered or in_order_of(rows, companies), name
        if ordered and len({row["county"] for row in rows}) > 3:
            by_region.add(name.rpartition("/")[2])
    assert {
        "问题清单.xlsx!明细",
        "问题清单.xlsx!收件台账",
        "问题清单.xlsx!催报",
        "issues.csv",
        "files.csv",
    } <= by_region


def named_in(text: str, rulebook: Rulebook) -> list[RegionRank]:
    """The counties that a text names with their cities, in its order."""
    spelled = {f"{county.city}{county.name}": county for county in rulebook.counties}
    found = re.findall("|".join(spelled), text)
    return [rulebook.region_order.rank(spelled[name].city, spelled[name].name) for name in found]


def test_the_manifest_names_counties_in_order(outputs: tuple[Path, Path], rulebook: Rulebook):
    manifest = json.loads((outputs[1] / "数据" / "manifest.json").read_text(encoding="utf-8"))
    ranks = named_in("，".join(manifest["sources"]["counties"]), rulebook)
    assert len(ranks) == 9 and ranks == sorted(ranks)
    assert list(manifest) == sorted(manifest) and list(manifest["outputs"]) == sorted(manifest["outputs"])


def test_the_page_lists_issues_in_order(outputs: tuple[Path, Path], rulebook: Rulebook):
    page = (outputs[1] / "报告.html").read_text(encoding="utf-8")
    ranks = named_in("，".join(re.findall(r'<th scope="rowgroup" colspan="4">([^<]+)', page)), rulebook)
    falls = sum(second < first for first, second in pairwise(ranks))
    assert len(set(ranks)) > 3 and falls <= 1  # once, from 错误 to 提醒


def test_comparisons_name_counties_and_files_in_order(outputs: tuple[Path, Path], rulebook: Rulebook):
    comparison = compare_folders(*outputs, rulebook)
    counties = [(county.city, county.county) for county in comparison.counties]
    ranks = [rulebook.region_order.rank(*county) for county in counties]
    assert len(ranks) > 3 and ranks == sorted(ranks) and counties != sorted(counties)
    paths = [change.path for change in comparison.files]
    assert len(paths) == 7 and paths == sorted(paths, key=rulebook.region_order.rank_of_path) != sorted(paths)


def test_regions_that_a_text_may_mean_are_named_in_order(rulebook: Rulebook):
    index = RegionIndex(rulebook)
    several = [claim.candidates for name in index.counties if (claim := index.claim(name, "column"))]
    several = [candidates for candidates in several if len(candidates) > 1]
    assert any(list(candidates) != sorted(candidates) for candidates in several)
    for candidates in several:
        ranks = named_in("，".join(candidates), rulebook)
        assert ranks == sorted(ranks)
