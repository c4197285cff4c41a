"""What arrives, in a few lines of text: 附件1, 附件2, marks and pool files, read and computed without a disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pipeline import run
from pipeline.issues.issue import Issue
from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.records import FileReading, SheetReading
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import TOTALS, frame
from pipeline.readers.forms import sheet as reading
from pipeline.readers.intake.file import read_file
from pipeline.readers.settling.gather import Gathered, gather
from pipeline.readers.sheet.grid import Grid
from pipeline.readers.values.lexicon import Lexicon
from pipeline.stages.checks.material import Material
from tests.support.rulebooks import tested_rulebook
from tests.support.workbooks import Sheet, assessment_form, full_answers, workbook

HEADERS = "序号|区县|企业名称|主营业务|上年度销售收入（万元）|上年度利润总额（万元）|近三年信息化建设和运维投入（万元）|近三年上云投入（万元）|企业信息化负责人|联系电话|经信部门推荐意见"
PHONE = "13900000001"


@lru_cache(maxsize=1)
def published_rulebook() -> Rulebook:
    return tested_rulebook()


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon.of(published_rulebook())


def nominated(order: int | str, company: str, county: str = "上城区", **cells: str) -> str:
    """A row under HEADERS; cells: business, revenue, profit, it, cloud, contact, phone, verdict."""
    row = {
        "business": "泵",
        "revenue": "1000",
        "profit": "100",
        "it": "20",
        "cloud": "10",
        "contact": "张三",
        "phone": f"'{PHONE}",
        "verdict": "推荐",
    } | cells
    return "|".join([str(order), county, company, *row.values()])


def nomination(*rows: str, headers: str = HEADERS, title: str = "", name: str = "附件2", **options: object) -> bytes:
    """The bytes of an 附件2; its header stands in row 1, in row 2 under a title."""
    return workbook({name: "\n".join([*([title] if title else []), headers, *rows])}, **options)


@lru_cache(maxsize=256)
def _form(changes: tuple[tuple[str, str], ...], answers: tuple[tuple[str, tuple], ...]) -> bytes:
    return assessment_form(full_answers(published_rulebook(), **dict(answers)), published_rulebook(), **dict(changes))


def form(company: str, county: str = "上城区", answers: Mapping[str, tuple] | None = None, **changes: str) -> bytes:
    """The bytes of a company's 附件1 with every item answered (N = 2, M = 4; cloud spend as in `nominated`)."""
    typed = {"cloud_spend": (10, 20), **(answers or {})}
    entry = {"company": company, "county": county, **changes}
    return _form(tuple(sorted(entry.items())), tuple(sorted(typed.items())))


def read(content: bytes, path: str = "杭州市/上城区/表.xlsx") -> FileReading:
    return read_file(path, content, lexicon())


def sheet(content: bytes, path: str = "杭州市/上城区/表.xlsx") -> SheetReading:
    """The one sheet of a file."""
    (only,) = read(content, path).sheets
    return only


def being_read(grid: Grid, path: str = "表.xlsx") -> reading.Sheet:
    """A grid as a form's reader is given it."""
    return reading.Sheet(grid, path, "", None, lexicon())


def gathered(files: Mapping[str, bytes], rulebook: Rulebook | None = None, day: str = "") -> Gathered:
    readings = [read(content, path) for path, content in sorted(files.items())]
    return gather(
        [replace(reading, decisions=reading.path == WORKBOOK_NAME) for reading in readings],
        rulebook or published_rulebook(),
        day=day,
    )


def checked_material(tables: Gathered) -> Material:
    """What the checks look at, before anything is scored."""
    return Material(
        tables.rulebook,
        tables.enterprises,
        tables.answers,
        frame([], TOTALS),
        tuple(tables.pool_names),
        tuple(tables.strangers),
        tables.papers,
    )


def computed(files: Mapping[str, bytes], rulebook: Rulebook | None = None, day: str = "") -> Results:
    """The results of a run over the files, on a day if one is given."""
    return run.evaluate(gathered(files, rulebook, day), run.Options(1))


def laid_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The files written below `folder`, in the mapping's order."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def cells(issues: Iterable[Issue], code: str) -> list[str]:
    """The cells of every issue of a code."""
    return [issue.where.cell for issue in issues if issue.code == code]


def codes(issues: Iterable[Issue]) -> list[str]:
    return sorted(issue.code for issue in issues)


def one(issues: Iterable[Issue], code: str) -> Issue:
    """The one issue of a code."""
    (only,) = [issue for issue in issues if issue.code == code]
    return only


def sheets(**named: Sheet) -> bytes:
    """A workbook of sheets by name."""
    return workbook(named)
