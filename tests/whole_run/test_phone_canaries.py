"""No output and no command shows a phone number outside its column: one number, spelled in one of forty ways, stands in
every text that somebody could have typed, and every byte of what comes out is searched for every one of them."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from pipeline import cli, run
from pipeline.issues.phones import MASK
from pipeline.model.stamps import LIST_ANSWER, LIST_CURE, LIST_NUMBER, LIST_SHEET
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.decisions import decided
from tests.support.hostile_text import HOME, OTHER, Attempts, Placed, Province, book, hostile_province
from tests.support.inert import UNSEEN
from tests.support.phone_spellings import NUMBERS, SPELLINGS
from tests.support.rulebooks import tested_rulebook
from tests.support.small_province import ITEMS, marks
from tests.support.workbooks import workbook

pytestmark = pytest.mark.slow

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OWN_COLUMNS = ("企业信息化负责人", "联系电话", "联系人")
_FIGURES = re.compile(r"（万元）| [NM]$|新增数|累计数|目标数|完成进度|专家评分[^：]*：(?!.*(?:理由|备注|名|专家)$)")
_WINDOW = slice(1, 11)  # the digits of a number that are searched for: more than stay of it anywhere


class Phones(Attempts):
    """Hands out a phone number of its own for every field, each spelled in the next way."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = random.Random(10)

    def text(self, name: str, held: Callable[[str], str] = str) -> str:
        if name.endswith(_OWN_COLUMNS):
            return "张三"
        ways = [way for way in SPELLINGS if way not in NUMBERS or not _FIGURES.search(name)]
        count = self.counts.setdefault(name, 7 * len(self.counts))
        self.counts[name] += 1
        way = ways[count % len(ways)]
        number = f"1{self.numbers.randint(3, 9)}{self.numbers.randrange(10**9):09d}"
        spelled = SPELLINGS[way](number)
        if "企业名称" in name or "没有推荐" in name:
            spelled = f"甲{spelled}有限公司"
        text = held(f"上城区{spelled}" if "区县" in name or "地区" in name else spelled)
        self.placed[number] = Placed(name, way, text)
        return text


class Made(NamedTuple):
    """The province, the folder of all outputs, and what each command said."""

    province: Province
    folder: Path
    said: dict[str, str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    base, rulebook, phones = tmp_path_factory.mktemp("phones"), tested_rulebook(), Phones()
    province = hostile_province(rulebook, phones)
    out = base / "out"
    lists = {path: content for path, content in province.files.items() if path.endswith("附件2.xlsx")}
    small = laid_out(base / "small", lists)
    earlier = run.report(small, out / "before", rulebook, run.Options(1))
    asked = [issue for issue in earlier.issues if issue.county == HOME.partition("/")[2]][: len(SPELLINGS)]
    answers = [[issue.id, "改", phones.text("情况说明")] for issue in asked]
    said = book({LIST_SHEET: [[LIST_NUMBER, LIST_CURE, LIST_ANSWER], *answers]})
    root = laid_out(base / "in", {**province.files, f"{HOME}/情况说明.xlsx": said})
    laid_out(base, {"experts.xlsx": province.experts, "corrected.xlsx": next(iter(lists.values()))})
    company = next(name for name in province.companies if phones.placed[_number_of(name, phones)].payload == "letters")
    return Made(province, out, {name: _said(words) for name, words in _commands(root, small, out, company).items()})


def _number_of(text: str, phones: Phones) -> str:
    return next(number for number, placed in phones.placed.items() if placed.text == text)


def _commands(root: Path, small: Path, out: Path, company: str) -> dict[str, list[str]]:
    before, after, base = str(out / "before"), str(out / "after"), out.parent
    pages = ["--html", str(out / "page.html"), "--xlsx", str(out / "page.xlsx")]
    return {
        "report": ["report", str(root), "--output", after, "--previous", before, "--jobs", "1"],
        "check": ["check", str(root), "--jobs", "1"],
        "check json": ["check", str(small / OTHER), "--format", "json", "--jobs", "1"],
        "compare": ["compare", before, after, "--xlsx", str(out / "compare.xlsx")],
        "explain": ["explain", company, "--output", after, *pages],
        "verify": ["verify", before, "--input", str(root), "--jobs", "1"],
        "experts": ["experts", str(small), str(out / "packs"), "--experts", str(base / "experts.xlsx"), "--jobs", "1"],
        "impact": ["impact", str(small), "--with", f"{HOME}/附件2.xlsx={base / 'corrected.xlsx'}", "--jobs", "1"],
    }


def _said(words: list[str]) -> str:
    """What a command prints, run in this process."""
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(stream), suppress(SystemExit):
        cli.main(args=words, prog_name="python -m pipeline")
    return stream.getvalue()


# ---------------------------------------------------------------------------------------- looking through


def digits_only(text: str) -> str:
    """The digits of a text in any script, whatever stands between them; told without the program."""
    values = (unicodedata.numeric(character, -1) for character in text.replace("两", "二"))
    return "".join(str(int(value)) for value in values if value in range(100) and value != 10)


def texts_of(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """(where, text) of everything in a file that is read as one: cells, whole rows and columns, lines, parts."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" in archive.namelist():
                yield from ((f"{name} {where}", text) for where, text in _rows_and_columns(archive))
            for part in archive.namelist():
                yield f"{name} names", part
                if not part.startswith(("xl/worksheets/sheet", "xl/sharedStrings")):
                    yield from texts_of(f"{name} {part}", archive.read(part))
    elif name.endswith(".csv"):
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        exact = 1 if name.endswith("files.csv") else 0  # its paths
        yield from ((name, "\n".join(row[exact:])) for row in rows)
    elif name.endswith("manifest.json"):
        manifest = json.loads(content)
        shown = {key: part for key, part in manifest.items() if key not in ("inputs", "sources")}  # paths
        yield from ((name, line) for line in json.dumps(shown, ensure_ascii=False, indent=1).split("\n"))
    else:
        yield from ((name, line) for line in content.decode("utf-8", "ignore").split("\n"))


def _rows_and_columns(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    strings = []
    if "xl/sharedStrings.xml" in archive.namelist():
        items = ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
        strings = ["".join(text.text or "" for text in item.iter(f"{MAIN}t")) for item in items]
    for part in sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")):
        columns: dict[str, list[str]] = {}
        exact = ""  # the column of paths, in 收件台账
        for row in ElementTree.fromstring(archive.read(part)).iter(f"{MAIN}row"):
            cells = {str(cell.get("r")).rstrip("0123456789"): _cell(cell, strings) for cell in row.iter(f"{MAIN}c")}
            exact = exact or ("B" if cells.get("B") == "文件" and cells.get("I", "").startswith("文件指纹") else "")
            cells.pop(exact, "")
            yield f"{part} row {row.get('r')}", "\n".join(cells.values())
            for letters, text in cells.items():
                columns.setdefault(letters, []).append(text)
        yield from ((f"{part} column {letters}", "\n".join(texts)) for letters, texts in columns.items())


def _cell(cell: ElementTree.Element, strings: list[str]) -> str:
    value = cell.find(f"{MAIN}v")
    if cell.get("t") == "s" and value is not None:
        return strings[int(value.text or 0)]
    inline = "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
    return inline or (value.text or "" if value is not None else "")


def shown_in(texts: Iterator[tuple[str, str]], phones: dict[str, Placed]) -> list[tuple[str, Placed]]:
    """Where a number is seen."""
    length = _WINDOW.stop - _WINDOW.start
    searched = {number[_WINDOW]: placed for number, placed in phones.items()}
    found = []
    for where, text in texts:
        for digits in map(digits_only, text.split(MASK)):
            for place in range(len(digits) - length + 1):
                if placed := searched.get(digits[place : place + length]):
                    found.append((where, placed))
    return found


def outputs(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        yield "names", path.name
        if path.is_file():
            yield from texts_of(path.relative_to(folder).as_posix(), path.read_bytes())


# ---------------------------------------------------------------------------------------- what is seen


def test_forty_spellings_are_tried_in_every_field(made: Made):
    placed = made.province.attempts.placed.values()
    assert {entry.payload for entry in placed} == set(SPELLINGS) and len(SPELLINGS) >= 40
    assert len({entry.field for entry in placed}) > 100 and len(placed) > 2000


def test_no_output_shows_a_phone(made: Made):
    assert shown_in(outputs(made.folder), made.province.attempts.placed) == []


def test_no_command_says_a_phone(made: Made):
    said = ((name, line) for name, text in made.said.items() for line in text.split("\n"))
    assert shown_in(said, made.province.attempts.placed) == []
    assert all("程序出错" not in text for text in made.said.values()) and len(made.said["check"]) > 10_000


def test_paths_are_exact_where_files_are_listed(made: Made):
    phones = made.province.attempts.placed
    data = made.folder / "after" / "数据"
    inputs = json.loads((data / "manifest.json").read_text("utf-8"))["inputs"]
    paths = [path for path in inputs if path.endswith("pdf") and not UNSEEN.search(path)]
    with (data / "files.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["path"] for row in csv.DictReader(file)}
    problems = "".join(text for _, text in _listed_paths(made.folder / "after" / "问题清单.xlsx"))
    assert len(paths) > 40 and set(paths) <= listed
    assert shown_in(iter([("paths", path) for path in paths]), phones)
    assert all("".join(path.split()) in "".join(problems.split()) for path in paths if path.isascii())


def _listed_paths(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        items = ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
        yield from (("", "".join(text.text or "" for text in item.iter(f"{MAIN}t"))) for item in items)


# ---------------------------------------------------------------------------------------- what stays

FIGURES = ("23456789", "87654321", "1234567", "7654321.25")
STAYING = ("二〇二四年五月二十日", "2024-05-20", "91330100MA27ABCD12")


def test_figures_days_and_codes_stay(tmp_path: Path):
    """A figure is a number in its column and in a message, however long it is; a day or a code is no phone."""
    headers = "序号|区县|企业名称|统一社会信用代码|主营业务|上年度销售收入（万元）|上年度利润总额（万元）|联系人|联系电话|经信部门推荐意见"
    row = f"1|上城区|杭州甲公司|{STAYING[2]}|自{STAYING[0]}起生产|{FIGURES[0]}|{FIGURES[1]}|张三|'13900000001|推荐"
    files = {
        f"{HOME}/附件2.xlsx": nomination(row, headers=headers),
        f"{HOME}/附件1_20240520.xlsx": form(
            "杭州甲公司", answers={"cloud_storage": (f"不足{FIGURES[2]}", FIGURES[3]), "office": ("待定", 4)}
        ),
        **decided(采用值=f"杭州甲公司|云存储|N|不足{FIGURES[2]}|{FIGURES[2]}|核对|王处长|{STAYING[1]}"),
    }
    run.report(laid_out(tmp_path / "in", files), tmp_path / "out", tested_rulebook(), run.Options(1))
    seen = dict(_texts_by_file(tmp_path / "out"))
    assert FIGURES[0] in seen["附件2_推荐排序表.xlsx"] and STAYING[0] in seen["附件2_推荐排序表.xlsx"]
    assert f"利润总额（{FIGURES[1]}）大于销售收入（{FIGURES[0]}）" in seen["数据/issues.csv"]
    assert FIGURES[2] in seen["数据/recognised.csv"] and FIGURES[3] in seen["数据/scores.csv"]
    assert f"杭州甲公司　云存储　N　不足{FIGURES[2]}" in seen["数据/manifest.json"] and STAYING[1] in seen["报告.html"]
    assert STAYING[2] in seen["数据/issues.csv"] and "附件1_20240520.xlsx" in seen["报告.html"]


def _texts_by_file(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield name, "\n".join(text for _, text in texts_of(name, path.read_bytes()))


def test_a_decision_on_what_holds_a_phone_may_quote_it_either_way(tmp_path: Path):
    """A name and an 原值 are met as they were typed and as the outputs show them."""
    files = {
        f"{HOME}/附件2.xlsx": nomination(
            nominated(1, "杭州甲139中1234中5678公司"), nominated(2, "杭州乙一三九一二三四五六七八公司")
        ),
        f"{HOME}/甲.xlsx": form("杭州甲139中1234中5678公司", answers={"office": ("139 1234 5678", 4)}),
        f"{HOME}/乙.xlsx": form("杭州乙一三九一二三四五六七八公司", answers={"office": ("139 1234 5678", 4)}),
        **decided(
            采用值="杭州甲139中1234中5678公司|行政办公|N|139 1234 5678|3|核对|王处长|2024-05-20\n"
            "杭州乙一三九****五六七八公司|行政办公|N|139****5678|3|核对|王处长|2024-05-20"
        ),
    }
    results = run.report(laid_out(tmp_path / "in", files), tmp_path / "out", tested_rulebook(), run.Options(1))
    assert [decision["state"] for decision in results.decisions] == ["已采用", "已采用"]
    assert results.totals["missing"].fillna(0).tolist() == [0, 0]


# ---------------------------------------------------------------------------------------- names of experts

EXPERT = "欧阳评审"


def test_experts_are_named_in_the_audit_and_the_list_of_problems_only(tmp_path: Path):
    """However a name came in: by a cell, a sheet, a file, a pack, a reason, a decision. Paths are exact where files are
    listed."""
    rows = (
        f"专家：{EXPERT}\n企业名称|{ITEMS}|回避|回避理由\n杭州甲公司|9|3|3|3|3|3||\n"
        f"杭州乙公司|3|3|3|3|3|3|回避|{EXPERT}的亲属在这里\n无名公司|1|1|1|1|1|1||"
    )
    sheet = f"企业名称|{ITEMS}\n杭州甲公司|1|1|1|1|1|1\n杭州丙公司|1|1|1|1|1|1"
    files = {
        f"{HOME}/附件2.xlsx": nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司")),
        f"{HOME}/甲.xlsx": form("杭州甲公司"),
        f"{HOME}/乙.xlsx": form("杭州乙公司"),
        f"专家评分/专家评分表_{EXPERT}.xlsx": workbook({"评分": rows}),
        "专家评分/二.xlsx": workbook({EXPERT: sheet}),
        "专家评分/三.xlsx": marks("杭州甲公司", expert="赵六"),
        **decided(
            剔除=f"杭州乙公司|专家{EXPERT}建议|王处长|2024-05-20",
            专家对应=f"赵六|{EXPERT}|同一人|王处长|2024-05-20",
            企业对应=f"无名公司|杭州乙公司|{EXPERT}写错了|王处长|2024-05-20",
        ),
    }
    run.report(laid_out(tmp_path / "in", files), tmp_path / "out", tested_rulebook(), run.Options(1))
    out = tmp_path / "out"
    seen = {name for name, text in _texts_by_file(out) if EXPERT in text}
    assert seen == {"审计底稿.xlsx", "问题清单.xlsx", "数据/files.csv", "数据/issues.csv"}
    for name in ("files.csv", "issues.csv"):
        with (out / "数据" / name).open(encoding="utf-8-sig", newline="") as file:
            rows_read = list(csv.DictReader(file))
        told = {column for row in rows_read for column, text in row.items() if EXPERT in text}
        assert told <= {"path", "file", "sheet", "message"}, name  # of a message where the issue is
