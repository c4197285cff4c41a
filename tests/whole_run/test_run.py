"""A whole run keeps the promises that a small input can show: every status, file locations, ids, equal bytes, and no phone
number or name where it must not be."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import run
from pipeline.issues.catalogue import CATALOGUE
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import STATUS_ORDER
from tests.support import ROOT
from tests.support.arrivals import codes, computed, form, laid_out, nominated, nomination, one
from tests.support.rulebooks import ZHEJIANG_2024
from tests.support.small_province import EXPERT, HERE, THERE, marks, small_province
from tests.support.workbooks import workbook

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def province() -> Results:
    return computed(small_province())


def reported(folder: Path, files: dict[str, bytes], rulebook: Rulebook, jobs: int = 1) -> Path:
    """The output folder of a run over the files."""
    run.report(laid_out(folder / "in", files), folder / "out", rulebook, run.Options(jobs))
    return folder / "out"


def rows_of(output: Path, name: str) -> list[dict[str, str]]:
    with (output / "数据" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    return reported(tmp_path_factory.mktemp("run"), small_province(), rulebook)


# ---------------------------------------------------------------- statuses


def test_every_status_and_its_place(province: Results):
    totals = province.totals.set_index("company")
    assert totals["status"].to_dict() == {
        "杭州甲公司": "已排名",
        "宁波丁公司": "已排名",
        "杭州乙公司": "已排名",
        "杭州缺项公司": "暂排",
        "杭州无表公司": "未评分",
        "杭州未荐公司": "未推荐",
        "杭州不荐公司": "不予推荐",
    }
    assert [STATUS_ORDER.index(status) for status in totals["status"]] == sorted(
        map(STATUS_ORDER.index, totals["status"])
    )
    assert totals["rank"].isna().tolist() == [status != "已排名" for status in totals["status"]]
    assert totals.loc["杭州缺项公司", "missing"] == 1


def test_the_issues_of_each_status(province: Results):
    by_company = {
        name: codes(issue for issue in province.issues if issue.company == name) for name in province.totals["company"]
    }
    assert by_company["杭州甲公司"] == by_company["杭州不荐公司"] == []
    assert by_company["杭州缺项公司"] == ["V01"] and by_company["杭州无表公司"] == ["X05"]
    assert by_company["杭州未荐公司"] == ["X06"]


def test_without_any_mark_nobody_waits_for_one():
    files = {path: content for path, content in small_province().items() if not path.startswith("专家")}
    results = computed(files)
    assert codes(results.issues).count("E04") == 1 and "E03" not in codes(results.issues)
    assert results.totals.set_index("company").loc["杭州甲公司", "status"] == "已排名"
    assert results.totals["expert_total"].isna().all() and not results.standing.has_marks


def test_a_form_that_nobody_filled_in(rulebook: Rulebook):
    blank = form("杭州甲公司", answers={item.id: (None, None) for item in rulebook.ratio_indicators})
    results = computed({f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司")), f"{HERE}/a.xlsx": blank})
    assert results.totals["status"].tolist() == ["未评分"]
    assert one(results.issues, "V04").company == "杭州甲公司" and "X05" not in codes(results.issues)


def test_a_form_in_another_countys_folder_changes_nothing(tmp_path: Path, rulebook: Rulebook):
    """The company stays with the county in whose place it is nominated; the form is an error of its sender's."""
    path = f"{THERE}/附件1/甲.xlsx"
    files = small_province() | {path: form("杭州甲公司", "鄞州区", city="宁波市", answers={"research": (1, 3)})}
    out = reported(tmp_path, files, rulebook)
    assert {row["county"] for row in rows_of(out, "totals.csv") if row["company"] == "杭州甲公司"} == {"上城区"}
    assert {row["county"] for row in rows_of(out, "issues.csv") if row["file"] == path} == {"鄞州区"}


# ---------------------------------------------------------------- issues: places and ids


def test_every_issue_has_its_place(output: Path):
    rows = rows_of(output, "issues.csv")
    assert rows
    for row in rows:
        assert CATALOGUE[row["code"]].level == row["level"] and row["state"] == "待处理"
        assert row["file"] or CATALOGUE[row["code"]].grouping == "run"
        if row["company"]:
            assert row["file"] and row["sheet"] and row["cell"], row


def test_ids_stay_when_something_unrelated_arrives():
    before = {issue.id for issue in computed(small_province()).issues}
    more = {
        f"{HERE}/附件1/乱.xlsx": workbook({"Sheet1": "无关|内容"}),
        "湖州市/德清县/附件2.xlsx": nomination(nominated(2, "湖州戊公司", "德清县", revenue="待定")),
    }
    after = [issue.id for issue in computed(small_province() | more).issues]
    assert before <= set(after) and len(after) == len(set(after)) and len(after) > len(before)


def test_ids_are_never_shared(province: Results):
    identifiers = [issue.id for issue in province.issues]
    assert len(identifiers) == len(set(identifiers))


# ---------------------------------------------------------------- files


def test_every_file_has_a_line_and_no_other(output: Path):
    listed = rows_of(output, "files.csv")
    assert {row["path"] for row in listed} == set(small_province())
    kinds = {row["path"]: row["kind"] for row in listed}
    assert kinds[f"{HERE}/附件1/照片.jpg"] == "evidence" and kinds["培育库.xlsx"] == "pool"
    assert all(len(row["sha256"]) == 64 for row in listed)


def test_own_outputs_as_input_are_listed_and_change_nothing(output: Path, tmp_path: Path, rulebook: Rulebook):
    copies = set(output.rglob("已标注/*.xlsx"))  # forms, which are read
    back = {f"{HERE}/退回/{path.name}": path.read_bytes() for path in {*output.rglob("*.xlsx")} - copies}
    again = reported(tmp_path, small_province() | back, rulebook)
    kinds = {row["path"]: row["kind"] for row in rows_of(again, "files.csv")}
    assert len(back) > 4 and {kinds[path] for path in back} == {"own_output"}
    for name in ("totals.csv", "scores.csv", "issues.csv", "progress.csv"):
        assert (again / "数据" / name).read_bytes() == (output / "数据" / name).read_bytes()


def test_nothing_readable(tmp_path: Path, rulebook: Rulebook):
    root = laid_out(tmp_path / "in", {"照片.jpg": b"\xff\xd8", "表.xlsx": b"no"})
    with pytest.raises(run.NothingReadable) as raised:
        run.report(root, tmp_path / "out", rulebook, run.Options(1))
    assert len(raised.value.results.files) == 2 and not (tmp_path / "out").exists()


def test_inputs_are_never_written_to(tmp_path: Path, rulebook: Rulebook):
    root = laid_out(tmp_path / "in", small_province())
    for path in root.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")}
    run.report(root, tmp_path / "out", rulebook, run.Options(2))
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in root.rglob("*")} == before


# ---------------------------------------------------------------- same bytes


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("jobs", "environment"),
    [
        ("2", {}),
        ("1", {"TZ": "America/New_York", "PYTHONHASHSEED": "7", "LC_ALL": "C"}),
        ("2", {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "99"}),
    ],
)
def test_the_same_bytes_whatever_the_machine(output: Path, tmp_path: Path, jobs: str, environment: dict[str, str]):
    shuffled = dict(reversed(small_province().items()))
    root = laid_out(tmp_path / "elsewhere" / "in", shuffled)
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "report",
        str(root),
        "--output",
        str(tmp_path / "out"),
        "--jobs",
        jobs,
        "--rulebook",
        str(ZHEJIANG_2024),
        "--quiet",
    ]
    home = ROOT
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(home), **environment}, cwd=tmp_path)
    assert bytes_of(tmp_path / "out") == bytes_of(output)


# ---------------------------------------------------------------- who sees what


def text_in(content: bytes) -> str:
    """Everything a file holds as text, the parts of a workbook and of workbooks in it unpacked."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(text_in(archive.read(name)) for name in archive.namelist())


CANARIES = tuple(f"1390000{number:04d}" for number in range(1000, 1050))
# County -> what its city gets back besides the folders of its counties.
OF_CITIES = {
    county: (f"{city}/{city}汇总.xlsx", f"{city}.zip") for city, county in (("宁波市", "鄞州区"), ("杭州市", "上城区"))
}
OWN_PHONES = {"上城区": "13922220001", "鄞州区": "13922220002"}
COUNTIES = ((HERE, "上城区", "杭州甲公司"), (THERE, "鄞州区", "宁波丁公司"))


def canary_files() -> dict[str, bytes]:
    """Two counties whose every free cell holds a phone of its own; only those of the column 联系电话 may be seen."""
    numbers = iter(CANARIES)
    files = {}
    for folder, county, name in COUNTIES:
        seen = {"contact": f"联系{name}", "phone": f"'{OWN_PHONES[county]}"}
        hidden = {"business": f"泵 {next(numbers)}", "verdict": f"同意{next(numbers)}"}
        figures = {"revenue": f"电话{next(numbers)}", "profit": next(numbers), "it": f"{next(numbers)}（办公室）"}
        rows = [
            nominated(1, f"{name}{next(numbers)}", county, **seen, **hidden),
            nominated(f"第{next(numbers)}", f"{name}丙", f"{county}{next(numbers)}", **figures),
            nominated(3, "", county, business=next(numbers)),
            f"填报人：王五|{next(numbers)}||电话：{next(numbers)}",
        ]
        files[f"{folder}/附件2.xlsx"] = nomination(*rows, title=f"联系人 {next(numbers)}")
        answers = {"research": (f"电话{next(numbers)}", f"{next(numbers)}转801"), "office": (f"待定{next(numbers)}", 4)}
        files[f"{folder}/附件1.xlsx"] = form(f"{name}{next(numbers)}", county, answers, city=folder.split("/")[0])
    files["专家.xlsx"] = marks(f"戊公司{next(numbers)}", expert="李四")
    return files


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    return reported(tmp_path_factory.mktemp("canaries"), canary_files(), rulebook)


def files_in(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), text_in(path.read_bytes())


def test_phones_are_seen_in_their_own_column_only(guarded: Path):
    for path, text in files_in(guarded):
        assert not [number for number in CANARIES if number in text], path
        seen = {number for number in OWN_PHONES.values() if number in text}
        own = {number for county, number in OWN_PHONES.items() if path.startswith("返还/") and county in path}
        own |= {OWN_PHONES[county] for county, (_, packed) in OF_CITIES.items() if path == f"返还/{packed}"}
        assert seen == (set(OWN_PHONES.values()) if path == "附件2_推荐排序表.xlsx" else own), path


def test_no_county_and_no_city_sees_anothers_people(guarded: Path):
    for path, text in files_in(guarded / "返还"):
        own = [county in path or path in OF_CITIES[county] for county in ("鄞州区", "上城区")]
        assert ["宁波丁公司" in text, "杭州甲公司" in text] == own, path


def test_contacts_stand_in_the_internal_list_and_the_countys_own(guarded: Path, output: Path):
    for folder, contacts in ((guarded, ("联系杭州甲公司", "联系宁波丁公司")), (output, ("钱七", "孙八", "张三"))):
        for path, text in files_in(folder):
            seen = [contact for contact in contacts if contact in text]
            assert not seen or path == "附件2_推荐排序表.xlsx" or path.startswith("返还/"), (path, seen)
            assert not ("孙八" in seen and "上城区" in path)


def test_experts_are_named_in_the_audit_and_the_list_of_problems_only(output: Path):
    seen = {path for path, text in files_in(output) if EXPERT in text}
    assert seen and seen <= {"审计底稿.xlsx", "问题清单.xlsx"}


def test_hostile_text_stays_text(tmp_path: Path, rulebook: Rulebook):
    bad = '@HYPERLINK("http://x")<script>alert(1)</script>公司'
    rows = [["序号", "区县", "企业名称", "主营业务", "推荐意见"], [1, "上城区", bad, "@SUM(1)", "+1"]]
    out = reported(tmp_path, {f"{HERE}/附件2.xlsx": workbook({"附件2": rows})}, rulebook)
    for path, text in files_in(out):
        if not path.endswith(".csv"):
            assert "<script>alert" not in text and "<f>HYPERLINK" not in text, path
    assert rows_of(out, "totals.csv")[0]["company"].startswith("'@")


def test_the_manifest_counts_what_arrived(output: Path):
    manifest = json.loads((output / "数据/manifest.json").read_text(encoding="utf-8"))
    assert "试算" in json.dumps(manifest, ensure_ascii=False)
