"""Mutants of good forms: none may raise, hang or kill its reader, and no number may be read that another reader does
not read from the same cell.

Every run tries the same two thousand. `FUZZ=20000 pytest tests/readers/test_fuzz.py` tries that many, beginning with
number `FUZZ_FROM`. A mutant that failed is kept in tests/support/fuzz_seeds/ as <expected kind of the
file>_<number>_<name>."""

from __future__ import annotations

import io
import math
import os
import random
import re
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from python_calamine import CalamineWorkbook

from pipeline.issues.where import Where
from pipeline.machine.supervisor import Failure, Limits, supervised
from pipeline.model.display import number_text
from pipeline.model.records import FileReading, Reading
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.intake.file import read_file
from pipeline.readers.sheet.grid import OddValue
from tests.support import ROOT
from tests.support.arrivals import form, lexicon, nominated, nomination
from tests.support.old_formats import Rows, ods, ods_row, xls, xlsb
from tests.support.workbooks import package

COUNT = int(os.environ.get("FUZZ", "2000"))
FIRST = int(os.environ.get("FUZZ_FROM", "0"))
SEEDS = ROOT / "tests" / "support" / "fuzz_seeds"
BATCH = 50
Chance = random.Random


class Outcome(NamedTuple):
    """The result of one mutant. kind: of the file as read; problem: why the test fails, "" if it does not; numbers: how
    many were read; changed: they differ from those of the original; confirmed: how many of them a second reader reads
    from the same cell."""

    kind: str
    problem: str = ""
    numbers: int = 0
    changed: bool = False
    confirmed: int = 0


# ---------------------------------------------------------------- mutants


@cache
def originals() -> dict[str, tuple[str, bytes]]:
    """Name -> (file name, bytes) of the files that are mutated: a form in every format, and a nomination."""
    whole = form("杭州甲公司", answers={"cloud_storage": (120, 480.5), "device_access": ("1,234", "约2000")})
    (grid,) = read_workbook(whole).grids
    cells: Rows = {address: value for address, value in grid.cells.items() if not isinstance(value, OddValue)}
    width = max(column for _, column in cells)
    rows = [
        [cells.get((row, column), "") for column in range(1, width + 1)] for row in range(1, grid.ordered[-1][0][0] + 1)
    ]
    return {
        "form": ("甲.xlsx", whole),
        "list": ("附件2.xlsx", nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司", revenue="2500.5"))),
        "xls": ("甲.xls", xls(cells)),
        "xlsb": ("甲.xlsb", xlsb(cells)),
        "ods": ("甲.ods", ods("".join(ods_row(*row) for row in rows))),
    }


@cache
def parts_of(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(originals()[name][1])) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


def mutant(number: int) -> tuple[str, bytes]:
    """(file name, bytes) of the mutant of a number, always the same."""
    chance = Chance(number)
    name = chance.choice(("form", "form", "form", "form", "list", "xls", "xlsb", "ods"))
    file, content = originals()[name]
    if name == "xls" or chance.random() < 0.15:
        return file, _bytes_changed(content, chance)
    parts = dict(parts_of(name))
    for part in chance.choices(
        sorted(parts, key=lambda part: (-len(parts[part]), part))[:6] + sorted(parts), k=chance.choice((1, 1, 2))
    ):
        edit = chance.choice(
            (_bytes_changed, _tags_changed, *3 * (_elements_changed, _attributes_changed, _values_changed))
        )
        parts[part] = edit(parts[part], chance)
    if chance.random() < 0.05:
        del parts[chance.choice(sorted(parts))]
    return file, package(parts)


def _bytes_changed(content: bytes, chance: Chance) -> bytes:
    """Flips, removes, doubles or inserts bytes, or cuts off the end."""
    changed = bytearray(content)
    if chance.random() < 0.1:
        return bytes(changed[: chance.randrange(len(changed) + 1)])
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        position = chance.randrange(len(changed) + 1)
        length = chance.choice((0, 1, 1, 4, 60))
        changed[position : position + length] = chance.choice(
            (
                chance.randbytes(length),
                chance.randbytes(1),
                b"",
                bytes(changed[position : position + 90]),
                b"\xff\xff\xff\xff",
            )
        )
    return bytes(changed)


def _tags_changed(content: bytes, chance: Chance) -> bytes:
    """Removes, doubles or moves a tag or a run of tags, or replaces another by it."""
    return _shuffled(re.findall(rb"<[^<>]*>|[^<>]+", content), chance)


def _elements_changed(content: bytes, chance: Chance) -> bytes:
    """As `_tags_changed`, with whole cells, strings, merges and relations, so that the XML stays well formed."""
    pieces = re.split(
        rb"(<(c|si|mergeCell|Relationship|sheet|xf|v|t)\b(?:[^<>]*/>|[^<>]*[^/<>]>.*?</\2>))", content, flags=re.S
    )
    del pieces[2::3]  # the names
    return _shuffled(pieces, chance)


def _shuffled(pieces: list[bytes], chance: Chance) -> bytes:
    for _ in range(chance.choice((1, 1, 3))):
        if len(pieces) < 3:
            break
        start = chance.randrange(len(pieces))
        length = chance.choice((1, 1, 2, 3, 4, 30))
        stretch = pieces[start : start + length]
        what = chance.randrange(4)
        if what == 0:
            del pieces[start : start + length]
        elif what == 1:
            pieces[start:start] = stretch
        else:
            position = chance.randrange(len(pieces))
            pieces[position : position + (length if what == 3 else 0)] = stretch
    return b"".join(pieces)


def _attributes_changed(content: bytes, chance: Chance) -> bytes:
    """Removes or doubles an attribute, or gives it the value of another or an odd one."""
    matches = list(re.finditer(rb'\s([\w:]+)="([^"]*)"', content))
    if not matches:
        return _bytes_changed(content, chance)
    match, other = chance.choice(matches), chance.choice(matches)
    odd = (
        other[2],
        b"",
        b"-1",
        b"0",
        b"1",
        b"999999999999",
        b"A1",
        b"XFD1048576",
        b"str",
        b"e",
        b"inlineStr",
        b"1" * 40,
    )
    new = b' %s="%s"' % (match[1], chance.choice(odd))
    text = chance.choice((new, new, b"", match[0] + new, new.replace(match[1], other[1])))
    return content[: match.start()] + text + content[match.end() :]


def _values_changed(content: bytes, chance: Chance) -> bytes:
    """Replaces the text between two tags by another one or an odd one."""
    matches = list(re.finditer(rb">([^<>]+)<", content))
    if not matches:
        return _bytes_changed(content, chance)
    match, other = chance.choice(matches), chance.choice(matches)
    odd = (
        other[1],
        b"7",
        b"-1",
        b"1e400",
        b"NaN",
        b"1_0",
        b"0x10",
        b" 12 ",
        b"12.5%",
        "１２".encode(),
        b"&#x30;",
        b"_xD800_",
        b"<x/>",
        b"9" * 400,
    )
    return content[: match.start(1)] + chance.choice(odd) + content[match.end(1) :]


# ---------------------------------------------------------------- results


def read_alone(number: int) -> Outcome:
    try:
        return examined(*mutant(number))
    except BaseException:  # a panic of native code is no Exception
        return Outcome("", traceback.format_exc(limit=-3))


def read_twice(number: int) -> Outcome:
    return compared(*mutant(number))


def examined(file: str, content: bytes) -> Outcome:
    """Reads a file once; raises what the reader raises."""
    reading = read_file(f"杭州市/上城区/{file}", content, lexicon())
    numbers = [(str(where), figure.value) for where, figure in _numbers(reading)]
    return Outcome(reading.kind, "", len(numbers), numbers != _original_numbers(file))


def compared(file: str, content: bytes) -> Outcome:
    """Reads a file and compares every number with the value that another reader reads from its cell."""
    reading = read_file(f"杭州市/上城区/{file}", content, lexicon())
    numbers = list(_numbers(reading))
    second = _Second(content) if numbers else None
    outcome = examined(file, content)
    for where, figure in numbers:
        other = second.cell(where)
        if other is not None and not _same(figure.raw, other):
            return outcome._replace(problem=f"{where}: {figure.raw!r} here, {other!r} there")
        outcome = outcome._replace(confirmed=outcome.confirmed + (other is not None))
    return outcome


def _same(typed: str, other: str) -> bool:
    try:
        return math.isclose(float(typed), float(other), rel_tol=1e-13)
    except ValueError:
        return typed.split() == other.split()


def _numbers(reading: FileReading) -> Iterator[tuple[Where, Reading]]:
    """Yields every number that scoring would use, with its cell."""
    for sheet in reading.sheets:
        for assessment in sheet.assessments:
            for answer in assessment.answers:
                for figure in (answer.n, answer.m):
                    if figure.state == "ok" and figure.raw and figure.where.cell:
                        yield figure.where, figure
        for row in sheet.nominations:
            for figure in row.figures.values():
                if figure.state == "ok" and figure.raw and figure.where.cell:
                    yield figure.where, figure


@cache
def _original_numbers(file: str) -> list[tuple[str, float | None]]:
    content = next(content for name, content in originals().values() if name == file)
    reading = read_file(f"杭州市/上城区/{file}", content, lexicon())
    return [(str(where), figure.value) for where, figure in _numbers(reading)]


class _Second:
    """Another reader of the same bytes, as far as it can read them."""

    def __init__(self, content: bytes) -> None:
        self.sheets: dict[str, list[list[object]]] = {}
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            self.sheets = {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
            }
        except BaseException:  # a panic is no Exception
            self.sheets = {}

    def cell(self, where: Where) -> str | None:
        """A cell as text; None where this reader has no value."""
        letters, digits = re.fullmatch("([A-Z]+)([0-9]+)", where.cell).groups()
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        rows = self.sheets.get(where.sheet, [])
        if len(rows) < int(digits) or len(rows[int(digits) - 1]) < column:
            return None
        value = rows[int(digits) - 1][column - 1]
        if isinstance(value, str):
            return value or None
        return number_text(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


# ---------------------------------------------------------------- the tests


def start() -> None:
    lexicon()


def tried(work: Callable[[int], Outcome], numbers: Sequence[int]) -> dict[int, Outcome | Failure]:
    batches = [
        [(number, number) for number in numbers[first : first + BATCH]] for first in range(0, len(numbers), BATCH)
    ]
    return dict(supervised(batches, start, (), work, 2, Limits()))


@pytest.mark.slow
def test_no_mutant_raises_or_gives_a_wrong_number(capsys: pytest.CaptureFixture[str]):
    alone = tried(read_alone, range(FIRST, FIRST + COUNT))
    assert len(alone) == COUNT
    assert not {number: one for number, one in alone.items() if isinstance(one, Failure) or one.problem}
    counted = [number for number, one in alone.items() if one.numbers]
    twice = {number: one for number, one in tried(read_twice, counted).items() if isinstance(one, Outcome)}
    kinds = Counter(one.kind for one in alone.values())
    confirmed = {number: one for number, one in twice.items() if one.confirmed}
    changed = [number for number, one in confirmed.items() if one.changed]
    with capsys.disabled():
        print(  # noqa: T201 - a run of many mutants reports how they ended
            f"\n{COUNT} mutants: {dict(sorted(kinds.items()))}; {len(counted)} give numbers, {len(changed)} other ones"
            f"\na second reader confirms {len(confirmed)} and dies of {len(counted) - len(twice)}"
        )
    assert not {number: one.problem for number, one in twice.items() if one.problem}
    assert {"assessment", "nomination", "unreadable", "unrecognised"} <= set(kinds)
    # The second reader refuses an .ods for damage to parts that hold no cell.
    assert len(confirmed) > 0.85 * len(counted) and changed


@pytest.mark.parametrize("seed", sorted(SEEDS.iterdir()), ids=lambda seed: seed.name)
def test_a_mutant_that_once_failed_is_read_as_expected(seed: Path):
    kind, _, file = seed.name.split("_", 2)
    outcome = compared(file, seed.read_bytes())
    assert (outcome.kind, outcome.problem) == (kind, "")


def test_the_originals_are_read_and_confirmed():
    for name, (file, content) in originals().items():
        outcome = compared(file, content)
        assert outcome.kind == ("nomination" if name == "list" else "assessment"), name
        assert outcome.confirmed > 5 and not outcome.problem and not outcome.changed, name
