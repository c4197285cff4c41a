"""Text from outside is only text in every output. A province full of attempts goes through every command, and every part
of every file is searched, as a program reads it and as LibreOffice shows it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from pipeline import run
from pipeline.issues.phones import MASK
from pipeline.issues.where import Where, where_from
from pipeline.model.display import escaped_in_json, on_one_line
from pipeline.model.stamps import LIST_ANSWER, LIST_CURE, LIST_NUMBER, LIST_SHEET
from pipeline.readers.intake.inbox import find_candidates
from pipeline.writers.marked.rebuild import rebuilt
from pipeline.writers.marked.xml import NotMarkable
from pipeline.writers.publishing.csv_files import csv_text, typed_text
from tests.support import ROOT
from tests.support.arrivals import laid_out
from tests.support.hostile_text import (
    HOME,
    MARK,
    OTHER,
    PAYLOADS,
    Province,
    book,
    hostile_province,
)
from tests.support.inert import UNSEEN, Tags, acts_in, shown_in, workbooks_of
from tests.support.rulebooks import tested_rulebook
from tests.support.workbooks import Cell, Raw, workbook

pytestmark = pytest.mark.slow

pty = pytest.importorskip("pty", reason="no terminal of our own on this system")

MARKED = "已标注"
# A text that begins with = is no name of a company: names begin with the other signs.
EXPLAINED = ("script", "event", "DDE behind @", "full width @", "markup", "escapes that overlap", "colour")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠")
BREAK = "=====next====="
CUT = "\ue000"  # stands for the …… behind the beginning of a long text
# The colours, lines and cursor movements of our own progress bars.
_OURS = re.compile(r"\x1b\[(?:\?25[hl]|\d*[AK]|(?:[0-9]|1;|38;5;|2;)[0-9;]*m|0?m)")


_EVERY_COMMAND = f"""
import json, sys
from tests.support.rulebooks import pin_rulebook
pin_rulebook()
from pipeline.cli import main
if __name__ == "__main__":
    for words in json.load(open(sys.argv[1], encoding="utf-8")):
        try:
            main(words)
        except SystemExit:
            pass
        print("{BREAK}", flush=True)
"""
_JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


class Workbook(NamedTuple):
    """One workbook of the outputs, packed in a zip or not: where it is, its parts, and (sheet, cell) → the text there."""

    path: str
    parts: dict[str, bytes]
    shown: dict[tuple[str, str], str]

    @property
    def marked_copy(self) -> bool:
        return MARKED in self.path


class Made(NamedTuple):
    """What came out of everything: the province, folder of all outputs, and what each command said on a terminal."""

    province: Province
    folder: Path
    said: dict[str, str]

    files: list[Path]
    workbooks: list[Workbook]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.mktemp("hostile")
    rulebook = tested_rulebook()
    province = hostile_province(rulebook)
    attempts = province.attempts
    small = laid_out(base / "small", _some(province))
    before = base / "out" / "before"
    earlier = run.report(small, before, rulebook, run.Options(1))
    asked = [issue for issue in earlier.issues if issue.code in ("V36", "X11") and HOME.endswith(f"/{issue.county}")]
    answers: list[list[Cell]] = [[issue.id, "改", attempts.text("情况说明")] for issue in asked[: len(PAYLOADS)]]
    said_before = book({LIST_SHEET: [[LIST_NUMBER, LIST_CURE, LIST_ANSWER], *answers]})
    root = laid_out(base / "in", {**province.files, f"{HOME}/情况说明.xlsx": said_before})
    laid_out(base, {"experts.xlsx": province.experts, "refused.xlsx": province.refused_experts})
    names = [
        next(name for name in province.companies if attempts.placed[MARK.findall(name)[0]].payload == payload)
        for payload in EXPLAINED
    ]
    said = _on_a_terminal(base, _commands(root, small, base / "out", names))
    files = [path for path in sorted((base / "out").rglob("*")) if path.is_file()]
    found = [entry for path in files for entry in workbooks_of(str(path.relative_to(base / "out")), path.read_bytes())]
    found = [(path, parts) for path, parts in found if "xl/workbook.xml" in parts]  # 简报 is a Word document
    different = {tuple(parts.values()): (path, parts) for path, parts in found}  # a zip holds what lies beside it
    workbooks = [Workbook(path, parts, shown_in(parts)) for path, parts in different.values()]
    return Made(province, base / "out", said, files, workbooks)


def _some(province: Province) -> dict[str, bytes]:
    """附件2, what is wrong with 附件2 of the other county, and every eighth 附件1."""
    forms = [path for path in province.files if path.startswith(HOME) and path.endswith(".xlsx") and "附件" not in path]
    kept = {f"{HOME}/附件2.xlsx", f"{OTHER}/附件2.xlsx", *(path for path in forms[::8])}
    return {path: content for path, content in province.files.items() if path in kept}


def _commands(root: Path, small: Path, out: Path, companies: list[str]) -> dict[str, list[str]]:
    before, after = str(out / "before"), str(out / "after")
    commands = {
        "report": ["report", str(root), "--output", after, "--previous", before, "--jobs", "2"],
        "check": ["check", str(small / HOME), "--jobs", "1"],
        "check json": ["check", str(small / OTHER), "--format", "json", "--jobs", "1"],
        "compare": ["compare", before, after, "--xlsx", str(out / "compare.xlsx")],
        "verify": ["verify", after, "--input", str(small / OTHER), "--jobs", "1"],
        "experts": [
            "experts",
            str(small),
            str(out / "packs"),
            "--experts",
            str(out.parent / "experts.xlsx"),
            "--per-company",
            "1",
            "--jobs",
            "1",
        ],
        "experts refused": ["experts", str(small), str(out / "none"), "--experts", str(out.parent / "refused.xlsx")],
        "unknown": ["explain", f"{max(companies, key=len)}\x1b[5;41m\u202e", "--output", after],
    }
    for number, company in enumerate(companies):
        pages = ["--html", str(out / f"{number}.html"), "--xlsx", str(out / f"{number}.xlsx")]
        commands[f"explain {number}"] = ["explain", UNSEEN.sub("", company), "--output", after, *pages]
    return commands


def _on_a_terminal(base: Path, commands: dict[str, list[str]]) -> dict[str, str]:
    """What each command says on a real terminal, all in one process."""
    (base / "commands.json").write_text(json.dumps(list(commands.values())), "utf-8")
    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", "PYTHONUTF8": "1"}
    words = [sys.executable, "-c", _EVERY_COMMAND, str(base / "commands.json")]
    process = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, cwd=ROOT)
    os.close(terminal)
    said = b"".join(iter(lambda: _next(controller), b"")).decode("utf-8")
    os.close(controller)
    process.wait()
    parts = said.replace("\r\n", "\n").split(f"{BREAK}\n")
    assert len(parts) == len(commands) + 1, said[-3000:]
    return dict(zip(commands, parts, strict=False))


def _next(controller: int) -> bytes:
    try:
        return os.read(controller, 65536)
    except OSError:  # the other end is closed
        return b""


# ---------------------------------------------------------------------------------------- files


def test_every_field_is_tried_with_every_attempt_or_more(made: Made):
    tried = Counter((placed.field, placed.payload) for placed in made.province.attempts.placed.values())
    assert len({field for field, _ in tried}) > 100 and {payload for _, payload in tried} == set(PAYLOADS)


def test_nothing_in_a_workbook_acts(made: Made):
    for entry in made.workbooks:
        assert list(acts_in(entry.parts, MARK, entry.marked_copy)) == [], entry.path
    assert len(made.workbooks) > 20


def test_no_output_holds_what_nobody_sees(made: Made):
    """What is the county's own in a marked copy of its own workbook is left as it is."""
    for path in made.files:
        assert not UNSEEN.search(str(path.relative_to(made.folder))), path
        if path.suffix not in (".xlsx", ".docx", ".zip"):
            assert not UNSEEN.search(path.read_bytes().decode("utf-8")), path
    for entry in made.workbooks:
        for name, content in entry.parts.items():
            if not entry.marked_copy or "comments" in name:
                assert not UNSEEN.search(content.decode("utf-8")), (entry.path, name)
        own = {
            cell: text for cell, text in entry.shown.items() if not entry.marked_copy or cell[0].startswith(LIST_SHEET)
        }
        assert [cell for cell, text in own.items() if UNSEEN.search(text)] == [], entry.path


def test_a_text_is_shown_as_it_was_typed(made: Made):
    seen: Counter[str] = Counter()
    for entry in made.workbooks:
        for cell, text in entry.shown.items() if not entry.marked_copy else ():
            for mark in set(MARK.findall(text)):
                placed = made.province.attempts.placed[mark]
                seen[placed.field] += 1
                told = _holds(text, placed.text, mark) or _holds_between_names(entry.path, cell, text, placed.text)
                assert told, (entry.path, cell, text, placed)
    assert len(seen) > 80 and seen["情况说明"] > len(PAYLOADS), seen


def _holds(shown: str, typed: str, mark: str) -> bool:
    """Whether a cell shows a text, apart from what nobody sees, blanks, what no path holds, the end of a long one, and the
    digits of texts beside each other that may be a phone number."""
    if MASK in shown and any(map(str.isdecimal, typed)):
        return True
    shown, typed = _folded(shown), _folded(typed)
    return typed in shown or any(typed.startswith(piece) for piece in _beginnings(shown, typed, mark))


def _holds_between_names(path: str, cell: tuple[str, str], shown: str, typed: str) -> bool:
    """Whether a cell of 市汇总, or of the decisions that a county reads, shows a text but for the names in it that are
    another's."""
    return (
        (path.endswith("汇总.xlsx") or cell[0] == "省里的决定")
        and "…" in shown
        and all(piece in _folded(typed) for piece in _folded(shown).split("…"))
    )


def _beginnings(shown: str, typed: str, mark: str) -> Iterator[str]:
    beginning = typed[: typed.index(mark.casefold()) + len(mark)]
    for match in re.finditer(re.escape(beginning), shown):
        yield shown[match.start() :].partition(CUT)[0]


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", UNSEEN.sub("", text.replace("……", CUT)))
    return "".join(text.casefold().split()).translate(
        dict.fromkeys(map(ord, "':*?\"<>|./\\∕\ufffd\u200b\u200d\u2060\u00ad\ufeff"))
    )


# ---------------------------------------------------------------------------------------- tables and pages


def test_tables_are_tables_and_guarded(made: Made):
    tables = [path for path in made.files if path.suffix == ".csv"]
    for path in tables:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}, path
        assert [cell for row in rows for cell in row if cell.startswith(RISKY) and MARK.search(cell)] == [], path
    assert len(tables) == 12


def test_a_guarded_text_comes_back_as_typed(made: Made):
    for placed in made.province.attempts.placed.values():
        seen = UNSEEN.sub("", placed.text)
        assert csv_text(placed.text).startswith("'") or not seen.startswith(RISKY)
        assert typed_text(csv_text(placed.text)) == seen or seen.startswith("'")


def test_json_says_what_was_typed(made: Made):
    listed = json.loads(made.said["check json"])
    texts = " ".join(issue["found"] + issue["company"] for issue in listed)
    assert len(set(MARK.findall(texts))) > 100
    manifest = json.loads((made.folder / "after/数据/manifest.json").read_bytes())
    assert any("\x1b" in path for path in manifest["inputs"])


def test_a_page_holds_no_tag_and_no_attribute_from_outside(made: Made):
    """What may stand on a page is what stands in its template, and every value of an attribute there is ours."""
    templates = ROOT / "templates" / "html"
    for template, paths in {"report": made.folder.glob("*/报告.html"), "explain": made.folder.glob("*.html")}.items():
        own = Tags(_JINJA.sub("", (templates / f"{template}.html.j2").read_text("utf-8")))
        known = {name for kind in own.kinds for name in kind.split()}
        pages = [Tags(path.read_text("utf-8")) for path in paths]
        for page in pages:
            assert {name for kind in page.kinds for name in kind.split()} <= known
            assert [value for value in page.values if MARK.search(value)] == [] and page.others == []
            assert len(set(MARK.findall("".join(page.words)))) >= (1 if template == "explain" else 100)
        assert len(pages) == (len(EXPLAINED) if template == "explain" else 2)


def test_the_terminal_is_given_no_orders(made: Made):
    for command, said in made.said.items():
        left = _OURS.sub("", said)
        assert not UNSEEN.search(left), (command, UNSEEN.search(left))
        assert "\x1b[5;41m" not in said, command
    marks = {command: len(set(MARK.findall(said))) for command, said in made.said.items()}
    assert (
        min(marks[name] for name in ("check", "check json", "compare", "verify", "experts refused", "unknown")) > 0
    ), marks


# ---------------------------------------------------------------------------------------- one by one


def _checked(formula: str) -> None:
    content = workbook({"附件1": [[Raw("", f"<f>{escape(formula)}</f><v>1</v>")]], "附件2": "1"})
    rebuilt(content)


@pytest.mark.parametrize(
    "formula",
    [
        'HYPERLINK("a")',
        '_xlfn.WEBSERVICE("a")',
        '_xlfn.IMAGE("a")',
        'RTD("a",,"b")',
        "cmd|'/C calc'!A0",
        "Excel|Sheet1!R1C1",
        "[1]Sheet1!A1",
        'A1&"https://evil.example"',
        "'\\\\evil\\[a.xlsx]b'!A1",
        'DDE("a";"b";"c")',
        'CALL("a","b","c")',
    ],
)
def test_a_workbook_that_reaches_out_is_not_handed_back(formula: str):
    with pytest.raises(NotMarkable):
        _checked(formula)


def test_a_formula_that_stays_inside_is_no_obstacle():
    for formula in ("SUM(B1:B3)/4", 'IF(B1="a|b","c/d",B2)', "附件2!B1+1"):
        _checked(formula)


def test_a_place_in_a_file_whose_name_holds_bars_is_found_again():
    for where in (Where("市/=cmd|' C'!A0.xlsx", "表|1", "B3"), Where("无后缀", "表|1", "B3"), Where("甲.et", "", "")):
        assert where_from(str(where)) == where


def test_one_name_in_another_encoding_does_not_garble_the_folders_above(tmp_path: Path):
    laid_out(tmp_path, {f"{HOME}/{os.fsdecode('甲'.encode('gb18030'))}.pdf": b"%PDF-1.4"})
    assert [candidate.path for candidate in find_candidates(tmp_path)] == [f"{HOME}/甲.pdf"]


def test_a_line_of_the_terminal_stays_one_and_json_means_the_same():
    text = "甲\x1b[2J\r乙\n丙\t\x9b\u202e\ud800丁"
    assert on_one_line(text) == "甲[2J 乙 丙 丁"
    assert json.loads(escaped_in_json(json.dumps(text, ensure_ascii=False))) == text
    assert not UNSEEN.search(escaped_in_json(json.dumps(text, ensure_ascii=False)))


# ---------------------------------------------------------------------------------------- through LibreOffice


def test_libreoffice_shows_the_texts_and_works_out_none(made: Made, libreoffice: str, tmp_path: Path):
    """Every kind of workbook and every table: no text has become a formula or a link, and each reads as it was written."""
    counties = f"after/返还/{HOME}"
    names = [
        f"after/{name}.xlsx"
        for name in ("附件2_推荐排序表", "公示名单", "附件3_培育库情况", "问题清单", "人工决定_建议", "佐证与核查")
    ]
    paths = [made.folder / name for name in (*names, f"{counties}/推荐排序结果.xlsx", "compare.xlsx", "0.xlsx")]
    paths += [
        *sorted((made.folder / "packs").glob("*.xlsx"))[:2],
        *sorted((made.folder / counties / MARKED).glob("*.xlsx"))[:2],
    ]
    paths += sorted((made.folder / "after/数据").glob("*.csv"))
    named = {f"{number}{path.suffix}": path for number, path in enumerate(paths)}
    for name, path in named.items():
        (tmp_path / name).write_bytes(path.read_bytes())
    command = [
        libreoffice,
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "fods",
        "--outdir",
        str(tmp_path),
    ]
    for ending, words in {".xlsx": [], ".csv": ["--infilter=CSV:44,34,76"]}.items():  # comma, quotes, UTF-8
        files = [str(tmp_path / name) for name in named if name.endswith(ending)]
        subprocess.run([*command, *words, *files], check=True, capture_output=True, timeout=300)
    for name, path in named.items():
        shown, acts = _through_libreoffice((tmp_path / name).with_suffix(".fods"))
        assert acts == [], path
        assert shown == _written(path), path


def _written(path: Path) -> Counter[str]:
    """The texts with a mark in them that a table or workbook of ours holds."""
    if path.suffix == ".csv":
        rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        texts = [cell for row in rows for cell in row]
    else:
        ((_, parts),) = workbooks_of(path.name, path.read_bytes())
        texts = list(shown_in(parts).values())
    return Counter(_as_one(text) for text in texts if MARK.search(text))


def _as_one(text: str) -> str:
    return "".join(UNSEEN.sub("", text).split())


def _through_libreoffice(path: Path) -> tuple[Counter[str], list[str]]:
    """The texts with a mark that a flat ODF holds, and what of it acts: formulas and links with one."""
    shown: Counter[str] = Counter()
    acts = []
    for _, cell in ElementTree.iterparse(path):
        name = cell.tag.rpartition("}")[2]
        if name == "a" and not next(value for key, value in cell.attrib.items() if key.endswith("}href")).startswith(
            "#"
        ):
            acts.append(f"link {cell.attrib}")
        if name == "table-cell":
            for note in [child for child in cell if child.tag.endswith("}annotation")]:
                cell.remove(note)
            text = _as_one("".join(cell.itertext()))
            formula = next((value for key, value in cell.attrib.items() if key.endswith("}formula")), "")
            if MARK.search(formula) or (formula and MARK.search(text)):
                acts.append(f"formula {formula}")
            if MARK.search(text):
                repeated = next(
                    (int(value) for key, value in cell.attrib.items() if key.endswith("columns-repeated")), 1
                )
                shown[text] += repeated
            cell.clear()
    return shown, acts
