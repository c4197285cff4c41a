"""Text from outside is text in every output: a province full of attempts goes through every command, and each part of each
file that comes out is looked through, as a program would read it and as LibreOffice shows it."""

from __future__ import annotations

import csv
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

import pytest

from pipeline import run
from pipeline.rulebook import Rulebook, load_rulebook
from pipeline.stamps import LIST_ANSWER, LIST_CURE, LIST_NUMBER, LIST_SHEET
from tests.arrivals import laid_out
from tests.hostile_text import HOME, MARK, OTHER, PAYLOADS, Province, book, hostile_province
from tests.inert import UNSEEN, Tags, acts_in, parts_of, shown_in, workbooks_of

pty = pytest.importorskip("pty", reason="no terminal of our own on this system")

MARKED = "已标注"
EXPLAINED = ("script", "event", "formula", "link formula", "markup", "escapes that overlap", "colour")
BREAK = "=====next====="
CUT = "\ue000"  # stands for the …… behind the beginning of a long text
# The colours, lines and cursor movements of our own progress bars.
_OURS = re.compile(r"\x1b\[(?:\?25[hl]|\d*[AK]|(?:[0-9]|1;|38;5;|2;)[0-9;]*m|0?m)")


class Made(NamedTuple):
    """What came out of everything: the province, folder of all outputs, and what each command said on a terminal."""

    province: Province
    folder: Path
    said: dict[str, str]

    @property
    def files(self) -> list[Path]:
        return [path for path in sorted(self.folder.rglob("*")) if path.is_file()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.mktemp("hostile")
    rulebook = load_rulebook()
    province = hostile_province(rulebook)
    attempts = province.attempts
    small = laid_out(base / "small", _some(province))
    before = base / "out" / "before"
    earlier = run.report(small, before, rulebook, run.Options(1))
    answers = [[issue.id, "改", attempts.text("情况说明")] for issue in earlier.issues[: len(PAYLOADS)]]
    said_before = book({LIST_SHEET: [[LIST_NUMBER, LIST_CURE, LIST_ANSWER], *answers]})
    root = laid_out(base / "in", {**province.files, f"{HOME}/情况说明.xlsx": said_before})
    laid_out(base, {"experts.xlsx": province.experts, "twice.xlsx": _twice(province)})
    names = [next(name for name in province.companies if attempts.placed[MARK.findall(name)[0]].payload == payload) for payload in EXPLAINED]
    return Made(province, base / "out", _on_a_terminal(base, _commands(root, small, base / "out", names)))


def _some(province: Province) -> dict[str, bytes]:
    """附件2, what is wrong with 附件2 of the other county, and every eighth 附件1."""
    forms = [path for path in province.files if path.startswith(HOME) and path.endswith(".xlsx") and "附件" not in path]
    kept = {f"{HOME}/附件2.xlsx", f"{OTHER}/附件2.xlsx", *(path for path in forms[::8])}
    return {path: content for path, content in province.files.items() if path in kept}


def _twice(province: Province) -> bytes:
    name = province.attempts.text("专家名单：重复的专家姓名")
    return book({"专家名单": [["专家姓名"], [name], [name]]})


def _commands(root: Path, small: Path, out: Path, companies: list[str]) -> dict[str, list[str]]:
    before, after = str(out / "before"), str(out / "after")
    commands = {
        "report": ["report", str(root), "--output", after, "--previous", before, "--jobs", "2"],
        "check": ["check", str(small), "--jobs", "1"],
        "check json": ["check", str(small), "--format", "json", "--jobs", "1"],
        "compare": ["compare", before, after, "--xlsx", str(out / "compare.xlsx")],
        "verify": ["verify", after, "--input", str(small), "--jobs", "1"],
        "experts": ["experts", str(small), str(out / "packs"), "--experts", str(out.parent / "experts.xlsx"), "--per-company", "1", "--jobs", "1"],
        "experts refused": ["experts", str(small), str(out / "none"), "--experts", str(out.parent / "twice.xlsx")],
        "unknown": ["explain", "\x1b[5;41m不知道\u202e", "--output", after],
    }
    for number, company in enumerate(companies):
        pages = ["--html", str(out / f"{number}.html"), "--xlsx", str(out / f"{number}.xlsx")]
        commands[f"explain {number}"] = ["explain", company, "--output", after, *pages]
    return commands


def _on_a_terminal(base: Path, commands: dict[str, list[str]]) -> dict[str, str]:
    """What each command says on a real terminal, all in one process."""
    lines = ["import json, sys", "from pipeline.cli import main", "for words in json.load(open(sys.argv[1], encoding='utf-8')):",
             "    try:", "        main(words)", "    except SystemExit:", "        pass",
             f"    print('{BREAK}', flush=True); print('{BREAK}', file=sys.stderr, flush=True) if 0 else None"]  # fmt: skip
    (base / "commands.json").write_text(json.dumps(list(commands.values())), "utf-8")
    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", "PYTHONUTF8": "1"}
    words = [sys.executable, "-c", "\n".join(lines), str(base / "commands.json")]
    process = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, cwd=Path(__file__).parents[1])
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
    looked_at = 0
    for path in made.files:
        for place, parts in workbooks_of(str(path.relative_to(made.folder)), path.read_bytes()):
            looked_at += len(parts)
            assert list(acts_in(parts, MARK, MARKED in place)) == [], place
    assert looked_at > 500


def test_no_output_holds_what_nobody_sees(made: Made):
    """What is the county's own in a marked copy of its own workbook is left as it is."""
    for path in made.files:
        for place, content in parts_of(str(path.relative_to(made.folder)), path.read_bytes()):
            if MARKED not in place or "comments" in place:
                assert not UNSEEN.search(content.decode("utf-8", "replace" if MARKED in place else "strict")), place
        assert not UNSEEN.search(str(path.relative_to(made.folder))), path
        for place, parts in workbooks_of(str(path), path.read_bytes()):
            own = {cell: text for cell, text in shown_in(parts).items() if MARKED not in place or cell[0].startswith(LIST_SHEET)}
            assert [cell for cell, text in own.items() if UNSEEN.search(text)] == [], place


def test_a_text_is_shown_as_it_was_typed(made: Made):
    seen: Counter[str] = Counter()
    for path in made.files:
        for place, parts in workbooks_of(str(path), path.read_bytes()):
            for cell, text in shown_in(parts).items() if MARKED not in place else ():
                for mark in set(MARK.findall(text)):
                    placed = made.province.attempts.placed[mark]
                    seen[placed.field] += 1
                    assert _holds(text, placed.text, mark), (place, cell, text, placed)
    assert len(seen) > 60, seen


def _holds(shown: str, typed: str, mark: str) -> bool:
    """Whether a cell shows a text, apart from what nobody sees, blanks, what no path holds, and the end of a long one."""
    shown, typed = _folded(shown), _folded(typed)
    return typed in shown or any(typed.startswith(piece) for piece in _beginnings(shown, typed, mark))


def _beginnings(shown: str, typed: str, mark: str) -> Iterator[str]:
    before = typed[: typed.index(mark)]
    for found in re.finditer(re.escape(before + mark), shown):
        yield shown[found.start() :].partition(CUT)[0]


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", UNSEEN.sub("", text.replace("……", CUT)))
    return "".join(text.split()).translate(dict.fromkeys(map(ord, "./\\∕\ufffd")))
