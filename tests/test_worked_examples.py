"""Every change of docs/worked-examples.md does what the page says, in no more files than it says.

The patches are taken from the page, applied to a copy of the program, and the copy is run on a small province."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.support import ROOT
from tests.support.arrivals import laid_out, nominated, nomination
from tests.support.patches import FilePatch, apply, patches_in, sections_of
from tests.support.rulebooks import ZHEJIANG_2024
from tests.support.small_province import EXPERT, HERE, ITEMS, small_province
from tests.support.workbooks import workbook
from tests.test_architecture import wrong_imports

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "worked-examples.md"
SECTIONS = sections_of(PAGE.read_text(encoding="utf-8"))
MOST_FILES = {
    "Add an expert indicator": 1,
    "Make the 2025 rulebook the default": 1,
    "Add a column to 排名": 2,
    "Add a check": 2,
    "Add a fifth form": 3,
}
PHONE = "13912345678"


class Copy:
    """A copy of the program that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.output = folder / "program", folder / "output"
        for name in ("pipeline", "templates/html"):
            shutil.copytree(ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("*.pyc.*"))  # being written

    def change(self, heading: str) -> list[FilePatch]:
        """The patches of a section, applied; each changes a file of the program, and there are few enough."""
        patches = patches_in(SECTIONS[heading])
        assert 1 <= len({patch.path for patch in patches}) <= MOST_FILES[heading]
        assert all(patch.path.startswith("pipeline/") for patch in patches)
        apply(patches, self.folder)
        return patches

    def report(self, files: dict[str, bytes], *options: str) -> None:
        """Runs `report` of the copy on the files."""
        command = [sys.executable, "-m", "pipeline", "report", str(laid_out(self.folder.parent / "input", files))]
        command += ["--output", str(self.output), "--jobs", "1", "--quiet", *options]
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONUTF8": "1"}
        ended = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def table(self, name: str) -> list[dict[str, str]]:
        """A table of 数据/."""
        with (self.output / "数据" / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    def ranking(self) -> list[tuple[object, ...]]:
        """The rows of 排名, the header first."""
        book = openpyxl.load_workbook(self.output / "附件2_推荐排序表.xlsx", read_only=True)
        return list(book["排名"].values)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def everything_in(content: bytes) -> Iterator[bytes]:
    """A file's bytes, and those of everything in it if it is an archive."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from everything_in(archive.read(name))


def test_every_section_with_a_patch_is_tried_here():
    assert [heading for heading, text in SECTIONS.items() if patches_in(text)] == list(MOST_FILES)


def test_an_expert_indicator_is_marked_and_ranked(copy: Copy):
    copy.change("Add an expert indicator")
    marks = workbook({"评分": f"专家：{EXPERT}\n企业名称|{ITEMS}|数据要素应用\n杭州甲公司|1|1|1|1|1|1|2"})
    rulebook = str(copy.folder / ZHEJIANG_2024.relative_to(ROOT))
    copy.report(small_province() | {"专家评分/一.xlsx": marks}, "--rulebook", rulebook)
    scores = {row["company"]: row["score"] for row in copy.table("scores.csv") if row["indicator"] == "data_element"}
    assert scores["杭州甲公司"] == "2" and scores["杭州乙公司"] == ""
    header, first, *_ = copy.ranking()
    assert dict(zip(header, first, strict=True))["数据要素应用\n（2）"] == 2


def test_the_rulebook_of_2025_is_the_default(copy: Copy):
    copy.change("Make the 2025 rulebook the default")
    copy.report(small_province())
    manifest = json.loads((copy.output / "数据" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rulebook"]["id"] == "zhejiang_2025"
    official = openpyxl.load_workbook(copy.output / "附件2_推荐排序表.xlsx", read_only=True).worksheets[0]
    titles = [str(value) for row in official.values for value in row if value and "云上企业" in str(value)]
    assert titles and all("2024年" not in title for title in titles) and "2025年制造业" in titles[0]


def test_the_column_stands_at_the_end_of_the_ranking(copy: Copy):
    copy.change("Add a column to 排名")
    copy.report(small_province())
    header, *rows = copy.ranking()
    company = header.index("企业名称")
    shares = {row[company]: row[-1] for row in rows}
    assert header[-1] == "上云投入\n占信息化投入" and shares["杭州甲公司"] == 0.5


def test_the_check_raises_its_code_at_its_cell(copy: Copy):
    copy.change("Add a check")
    listed = nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司", cloud="9000", it="9500"))
    copy.report(small_province() | {f"{HERE}/附件2.xlsx": listed})
    raised = [(row["company"], row["cell"], row["level"]) for row in copy.table("issues.csv") if row["code"] == "X90"]
    assert raised == [("杭州乙公司", "H3", "提醒")]


def test_the_fifth_form_ends_in_a_table_that_stays_in_the_office(copy: Copy):
    patches = copy.change("Add a fifth form")
    for path in (patch.path for patch in patches):
        module = path.removesuffix(".py").replace("/", ".")
        assert wrong_imports((copy.folder / path).read_text(encoding="utf-8"), module) == []
    contacts = f"各区县联系人\n县区|联系电话|姓名\n上城区|'{PHONE}|赵六\n鄞州|'13987654321|孙八{PHONE}\n某某区|0571-88880000|周九"
    copy.report(small_province() | {"联系人.xlsx": workbook({"联系人": contacts})})
    assert [tuple(row.values()) for row in copy.table("contacts.csv")] == [
        ("杭州市", "上城区", "赵六", PHONE, "联系人.xlsx", "联系人", "C3"),
        ("宁波市", "鄞州区", "孙八139****5678", "13987654321", "联系人.xlsx", "联系人", "C4"),
        ("", "某某区", "周九", "0571-88880000", "联系人.xlsx", "联系人", "C5"),
    ]
    (line,) = [row for row in copy.table("files.csv") if row["path"] == "联系人.xlsx"]
    assert (line["kind"], line["sheet"]) == ("contacts", "联系人")
    unclear = [(row["cell"], row["found"]) for row in copy.table("issues.csv") if row["code"] == "T14"]
    assert unclear == [("A5", "某某区")]
    holding = [
        path.name
        for path in copy.output.rglob("*")
        if path.is_file() and any(PHONE.encode() in part for part in everything_in(path.read_bytes()))
    ]
    assert holding == ["contacts.csv"]
