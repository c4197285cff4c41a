"""`python -m benchmarks.slow_inputs [TITLE …]`: what the most expensive files that one sender can make cost in a whole report.

Each input is a county's list and form with one file beside them, or in the form's stead, that is made to be slow. Printed are the CPU seconds
of the run with all its processes, the seconds of the same run without that file, the size of the file and the codes
raised about it. Uses the builders of the tests."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.containers import archive
from tests.support.workbooks import part_of, repacked, workbook

HERE = "杭州市/上城区"
SHEET = "xl/worksheets/sheet1.xml"
GOOD = {f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司"))}
ID = "V01-KSOXD2"  # of the one answer in it that cannot be read
GOOD_FORM = form("杭州甲公司", answers={"research": ("待定", 4)})


def many_strays() -> bytes:
    """A form with 75,000 numbers beside its table, each of which is a problem of its own."""
    sheet = part_of(GOOD_FORM, SHEET)
    for row in range(5, 35):
        cells = "".join(f'<c r="{xl_col_to_name(column)}{row}"><v>{column}</v></c>' for column in range(20, 2520))
        sheet = re.sub(
            rf'(<row r="{row}".*?)(</row>)', lambda match, cells=cells: match[1] + cells + match[2], sheet, count=1
        )
    return repacked(GOOD_FORM, {SHEET: sheet})


def many_rows(count: int) -> bytes:
    """A list with so many companies, each with a figure that cannot be read."""
    return nomination(*(nominated(number, f"杭州第{number}有限公司", revenue="待定") for number in range(1, count + 1)))


def many_statements() -> bytes:
    """A list of issues with 30,000 texts for one 编号."""
    rows = [[ID, "改", f"说明第{number}条"] for number in range(30_000)]
    return workbook({"问题清单": [["编号", "怎么改", "情况说明"], *rows]})


def many_members() -> bytes:
    """An archive with 3,000 forms of one company, no two the same."""
    forms = (form("杭州甲公司", answers={"research": (str(number), 4000)}) for number in range(3_000))
    return archive({f"{number}.xlsx": content for number, content in enumerate(forms)})


SLOW: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a form with 75,000 stray numbers": ("附件1.xlsx", many_strays),
    "a list of 5,000 companies": ("慢/附件2.xlsx", lambda: many_rows(5_000)),
    "a list of 6,000 companies": ("慢/附件2.xlsx", lambda: many_rows(6_000)),
    "30,000 texts for one 编号": ("慢/问题清单.xlsx", many_statements),
    "an archive with 3,000 forms": ("慢/附件1.zip", many_members),
}


def cost(files: dict[str, bytes], about: str = "") -> tuple[float, str]:
    """CPU seconds of a report on these files, and the codes of the issues about the file `about`."""
    with tempfile.TemporaryDirectory() as scratch:
        root, output = laid_out(Path(scratch, "in"), files), Path(scratch, "out")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "pipeline", "report", str(root), "--output", str(output), "--quiet"]
        subprocess.run([*command, "--date", "2024-12-01"], check=False, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        issues = output / "数据/issues.csv"
        codes = pd.read_csv(issues, dtype=str, keep_default_na=False) if about and issues.exists() else pd.DataFrame()
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, "、".join(_told(codes, about))


def _told(issues: pd.DataFrame, about: str) -> Iterator[str]:
    if len(issues):
        counts = issues[issues["file"].str.startswith(about)]["code"].value_counts()
        yield from (f"{count:,} {code}" for code, count in list(counts.items())[:5])


def main() -> None:
    bare, _ = cost({**GOOD, f"{HERE}/附件1.xlsx": GOOD_FORM})
    print(f"{'without any of them':34} {bare:6.1f} s CPU")
    for title, (name, made) in SLOW.items():
        if sys.argv[1:] and title not in sys.argv[1:]:
            continue
        content = made()
        path = f"{HERE}/{name}"
        seconds, codes = cost({**GOOD, f"{HERE}/附件1.xlsx": GOOD_FORM, path: content}, path)
        print(f"{title:34} {seconds:6.1f} s CPU   {len(content) / 1000:7.0f} kB   {codes}", flush=True)


if __name__ == "__main__":
    main()
