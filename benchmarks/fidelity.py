"""`python -m benchmarks.fidelity DIR`: every workbook below DIR, read by us and, cell by cell, by other readers.

The others are openpyxl (.xlsx), python-calamine (all formats) and xlrd (.xls). None of them is right everywhere, so a
cell that differs is put under a kind. Some kinds are how the other reader tells a thing (`TOLD_OTHERWISE`); every other
kind is a difference to be looked at, and makes the exit code 1. Each file is read in a process of its own: a reader
that dies or hangs costs only its file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.other_readers import OTHER_READERS, Cell, Sheets, TooWide
from pipeline.model.stamps import HELPER_SHEETS
from pipeline.readers.formats.encryption import PasswordProtected
from pipeline.readers.formats.limits import UnreadableWorkbook
from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.intake.sniff import sniff
from pipeline.readers.sheet.grid import Address, Grid, OddValue, Value, Workbook, address_text

_PROCESSES = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
SECONDS = 120  # wall time of one file

# Differences in the telling, and what the other readers make of them.
TOLD_OTHERWISE = {
    "error as blank": "an error cell that the other reader returns as blank",
    "formula without result": "a formula whose result nobody stored: blank, or 0, to the other reader",
    "under a merge": "a value that a merge covers and no program shows",
    "text as number or day": "a text of digits, or a number, that the other reader turns into the other type",
    "day or time": "a day or time, which the other reader rounds or counts from another day",
    "blank text": "a text of white space alone: blank to us",
    "marked text": "a figure of which digits are struck out, raised or lowered: marked in our text",
    "white space": "white space within a text, of which formats and readers keep more or less",
    "last digit": "a number that differs by less than one part in 10^14",
}


@dataclass
class Comparison:
    """What came of comparing our reader with another. kinds: cells by kind of difference; examples: the first of each;
    refused: workbooks by who refuses them, with examples."""

    workbooks: int = 0
    cells: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, example: str) -> None:
        """Counts one cell that differs."""
        self.kinds[kind] += 1
        self.examples.setdefault(kind, example)

    def note_refused(self, who: str, example: str) -> None:
        """Counts one workbook that is not compared."""
        self.refused[who] += 1
        self.examples.setdefault(who, example)

    def add(self, other: Comparison) -> None:
        """Adds the counts of another one."""
        self.workbooks += other.workbooks
        self.cells += other.cells
        self.kinds += other.kinds
        self.refused += other.refused
        self.examples = {**other.examples, **self.examples}

    @property
    def wrong(self) -> dict[str, str]:
        """The kinds of difference that are no matter of telling, each with its example."""
        return {kind: self.examples[kind] for kind in self.kinds if kind not in TOLD_OTHERWISE}


def compare_folder(folder: Path) -> dict[str, Comparison]:
    """Reader -> how its reading of all workbooks below the folder compares with ours."""
    total = {name: Comparison() for name in OTHER_READERS}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for name, comparison in _in_own_process(path, str(path.relative_to(folder))).items():
            total[name].add(comparison)
    return total


def _in_own_process(path: Path, shown: str) -> dict[str, Comparison]:
    """The comparisons of one file; one that says so for a file at which a reader dies or hangs."""
    receiver, sender = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=_send_comparisons, args=(path, shown, sender))
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(SECONDS) else _lost(shown, "takes too long")
    except EOFError:
        return _lost(shown, "ends the process")
    finally:
        process.kill()
        process.join()


def _lost(shown: str, how: str) -> dict[str, Comparison]:
    comparisons = {name: Comparison() for name in OTHER_READERS}
    for comparison in comparisons.values():
        comparison.note_refused(f"some reader {how}", shown)
    return comparisons


def _send_comparisons(path: Path, shown: str, sender: Connection) -> None:
    sender.send(compare_file(path.read_bytes(), path.name, shown))


def compare_file(content: bytes, name: str, shown: str) -> dict[str, Comparison]:
    """Reader -> the comparison with ours for one file; none for a file that is no workbook."""
    form = sniff(name, content).format
    if form not in WORKBOOK_READERS:
        return {}
    ours: Workbook | str
    try:
        ours = WORKBOOK_READERS[form](content)
    except PasswordProtected:
        return {}
    except UnreadableWorkbook as reason:
        ours = str(reason)
    return {
        other: _compared(ours, read, content, shown)
        for other, (formats, read) in OTHER_READERS.items()
        if form in formats
    }


def _compared(ours: Workbook | str, read: object, content: bytes, shown: str) -> Comparison:
    comparison = Comparison()
    theirs: Sheets | str
    try:
        theirs = read(content)  # type: ignore[operator]
    except TooWide:
        theirs = "too wide for it"
    except BaseException as reason:  # a panic of python-calamine is no Exception
        theirs = f"{type(reason).__name__}: {reason}"[:120]
    if isinstance(ours, str) or isinstance(theirs, str):
        who = "both refuse" if isinstance(ours, str) and isinstance(theirs, str) else ""
        who = who or ("only we refuse" if isinstance(ours, str) else "only the other refuses")
        comparison.note_refused(who, f"{shown}: {ours if isinstance(ours, str) else theirs}")
        return comparison
    comparison.workbooks = 1
    for grid in ours.grids:
        if grid.name in theirs:
            _compare_sheet(grid, theirs[grid.name], comparison, shown)
    for name in theirs.keys() - {grid.name for grid in ours.grids} - HELPER_SHEETS:
        if theirs[name]:
            comparison.note("sheet only there", f"{shown}|{name}")
    return comparison


def _compare_sheet(grid: Grid, theirs: dict[Address, Cell], comparison: Comparison, shown: str) -> None:
    covered = list(_areas(grid))
    for address in sorted(grid.cells.keys() | theirs.keys()):
        comparison.cells += 1
        ours, other = grid.cells.get(address), theirs.get(address)
        kind = difference(ours, other)
        if kind == "only there" and any(
            top <= address[0] <= bottom and left <= address[1] <= right for top, left, bottom, right in covered
        ):
            kind = "under a merge"
        if kind:
            where = f"{shown}|{grid.name}|{address_text(address)}"
            comparison.note(kind, f"{where}: {ours!r:.60} / {other!r:.60}")


def _areas(grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    for (top, left), (bottom, right) in grid.merges.items():
        yield top, left, bottom, right


def difference(ours: Value | None, theirs: Cell | None) -> str:
    """The kind of difference between two values of one cell, "" for none."""
    if isinstance(ours, OddValue):
        return _difference_of_odd(ours, theirs)
    if theirs is None:
        return "" if ours is None else "only here"
    kind, value = theirs
    if ours is None:
        return ("blank text" if value else "") if kind == "text" and not str(value).strip() else "only there"
    if isinstance(ours, float):
        return _difference_of_number(ours, kind, value)
    if kind != "text":
        return "text as number or day" if kind in ("number", "day") else "other type"
    return _difference_of_text(ours, str(value))


def _difference_of_odd(ours: OddValue, theirs: Cell | None) -> str:
    if ours.kind == "formatted":
        return "only here" if theirs is None else _difference_of_number(ours.number or 0.0, *theirs)
    if ours.kind == "no_result":
        blank = theirs is None or theirs[1] in ("", 0)
        return "formula without result" if blank else "only there"
    if theirs is None or theirs == ("text", ""):
        return "error as blank" if ours.kind == "error" else "only here"
    kind, value = theirs
    if ours.kind == "date":
        return "" if kind == "day" else "day or time"
    if ours.kind == "boolean":
        return "" if kind in ("boolean", "number") and bool(value) == (ours.text == "TRUE") else "other boolean"
    return "" if kind in ("error", "text") else "other error"


def _difference_of_number(ours: float, kind: str, value: object) -> str:
    if kind == "text":
        return "text as number or day" if str(value).strip() else "only here"
    if kind not in ("number", "day", "boolean"):
        return "other type"
    number = float(value)  # type: ignore[arg-type]
    if number == ours:
        return ""
    if kind == "day":
        return "day or time" if abs(number - ours) < 1 / 86_000 or abs(number - ours) == 1462 else "other number"
    return "last digit" if abs(number - ours) <= 1e-14 * abs(ours) else "other number"


def _difference_of_text(ours: str, theirs: str) -> str:
    if ours == theirs:
        return ""
    if "〔" in ours:
        return "marked text"
    plain = ["".join(text.replace("_x000D_", "").split()) for text in (ours, theirs)]
    return "white space" if plain[0] == plain[1] else "other text"


def print_table(total: dict[str, Comparison]) -> None:
    for name, comparison in total.items():
        print(f"{name}: {comparison.workbooks} workbooks, {comparison.cells} cells read by both")
        for kind, count in comparison.kinds.most_common():
            sign = " " if kind in TOLD_OTHERWISE else "!"
            print(f" {sign} {count:8}  {kind:<24}{comparison.examples[kind]}")
        for who, count in comparison.refused.most_common():
            print(f"   {count:8}  workbooks: {who:<13}{comparison.examples[who]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    total = compare_folder(parser.parse_args().folder)
    print_table(total)
    return 1 if any(comparison.wrong for comparison in total.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
