"""佐证与核查.xlsx: which papers of 填表说明 2 were seen, and which companies to visit. Internal; nothing in it changes a score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed, quoted
from pipeline.model.display import is_missing, rounded
from pipeline.model.forms import FILE_KINDS
from pipeline.model.results import Results, Visits
from pipeline.model.rows import records_of
from pipeline.model.tables import PAPER_NOT_NEEDED
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import rows_of, write_listing
from pipeline.writers.book.stamped import output_book, stamp_line, titled
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Cell, Styled
from pipeline.writers.layout.papers import (
    DEMANDS,
    DEMANDS_SHEET,
    DRAWING_SHEET,
    FILES_SHEET,
    GUIDE_SHEET,
    PAPER_FILES,
    VISITS_SHEET,
    drawing_columns,
    visit_columns,
)

_NOBODY = "没有认出是哪家企业的"
_OPENED_KINDS = ("evidence", "assessment")
_GUIDE_WIDTH = 100
_DOCUMENT, _PICTURE = "Office 等新格式文档", "图片"
_OLD_DOCUMENT = "Office 旧格式文档"
# What a file's bytes should be by the end of its name.
_EXPECTED = {
    "pdf": "PDF 文件",
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic"), _PICTURE),
    **dict.fromkeys(("docx", "pptx", "ofd"), _DOCUMENT),
    **dict.fromkeys(("doc", "ppt", "wps", "dps"), _OLD_DOCUMENT),
}


class _Demand(NamedTuple):
    """A row of PAPER_DEMANDS as it is shown."""

    city: str
    county: str
    company: str
    paper: str
    need: str
    why: str
    seen: int
    size: int
    kinds: str
    files: str
    empty: int
    double: int
    missing: bool


class _PaperFile(NamedTuple):
    """A row of SEEN_PAPERS as it is shown."""

    city: str
    county: str
    company: str
    path: str
    kind: str
    size: int
    words: str
    papers: str
    twin: str
    systems: int


def write_papers(path: Path, results: Results) -> None:
    """Writes 佐证核对, 核查名单, 抽取过程, 材料明细 and 说明."""
    title = results.rulebook.titles.problems.replace("问题清单", "佐证与核查")
    standing = results.standing
    with output_book(path, results.date, title, standing) as book:
        none = "没有推荐的企业，没有可核对的。"
        write_listing(book, DEMANDS_SHEET, DEMANDS, _demand_rows(results), standing, frozen_columns=3, empty=none)
        if results.visits:
            _write_visits(book, results, results.visits, title)
            columns = drawing_columns(results.rulebook)
            table = results.visits.table
            table = table.assign(
                order=range(1, len(table) + 1), drawn=["是" if drawn else "" for drawn in table["drawn"]]
            )
            none = "没有可抽的企业。"
            write_listing(book, DRAWING_SHEET, columns, rows_of(table, columns), standing, frozen_columns=4, empty=none)
        write_listing(
            book, FILES_SHEET, PAPER_FILES, _file_rows(results), standing, frozen_columns=3, empty="没有收到佐证材料。"
        )
        _write_guide(book, results, titled(title, standing))


def _labels(results: Results) -> dict[str, str]:
    return {paper.id: paper.label for paper in results.rulebook.papers}


def _kilobytes(size: int) -> float | None:
    return None if is_missing(size) else float(rounded(size / 1024, 1))


def _demand_rows(results: Results) -> Iterator[list[Cell]]:
    labels = _labels(results)
    for row in records_of(results.demands, _Demand):
        state = f"看到 {row.seen} 件" if row.seen else "—" if row.need == PAPER_NOT_NEEDED else "没有看到"
        remarks = [f"空文件 {row.empty} 件"] * bool(row.empty) + [f"内容重复 {row.double} 件"] * bool(row.double)
        yield [
            row.city,
            row.county,
            row.company,
            labels[row.paper],
            row.need,
            row.why,
            Styled(state, "remark_center") if row.missing else state,
            row.kinds,
            _kilobytes(row.size) if row.seen else None,
            row.files,
            "，".join(remarks),
        ]


def _file_rows(results: Results) -> Iterator[list[Cell]]:
    labels = _labels(results)
    for row in records_of(results.papers, _PaperFile):
        named = [labels[paper] for paper in row.papers.split()]
        in_form = row.kind == "assessment"
        yield [
            row.city,
            row.county,
            row.company or Styled(_NOBODY, "remark_center"),
            mask_phones(row.path),
            "附件1里的系统清单" if in_form else row.words or "看不出",
            None if in_form else _kilobytes(row.size),
            "\n".join(named) or "名称看不出是哪一项",
            "；".join(_remarks(row)),
        ]


def _remarks(row: _PaperFile) -> Iterator[str]:
    """What there is to say of a file: it is empty, no paper, not what its name says, there twice."""
    if not is_missing(row.systems):
        yield f"清单列了 {row.systems} 个系统"
    if row.kind not in _OPENED_KINDS:
        yield f"{FILE_KINDS.get(row.kind, row.kind)}，没有打开"
    if row.kind == "assessment":
        return
    if not is_missing(row.size) and row.size == 0:
        yield "空文件（0 字节）"
    extension = row.path.lower().rpartition(".")[2]
    expected = _EXPECTED.get(extension, "")
    if expected and row.words not in ("空文件", expected) and not is_missing(row.size):
        yield f"名称是 .{extension}，内容{f'是{row.words}' if row.words else f'不是{expected}'}"
    if row.twin:
        yield f"与“{quoted(mask_phones(row.twin))}”内容相同"


def _write_visits(book: Book, results: Results, visits: Visits, title: str) -> None:
    """Sheet 核查名单: how the companies were drawn, then who."""
    columns = visit_columns(results.rulebook.scope, not results.standing.final)
    sheet = book.sheet(VISITS_SHEET, landscape=True, header_rows=(4, 4))
    book.put(sheet, 0, 0, f"{titled(title, results.standing)}：{VISITS_SHEET}", "heading")
    drawn = visits.drawn.assign(order=range(1, len(visits.drawn) + 1), lacking="")
    lacking = _lacking(results)
    rows = drawn.assign(lacking=[lacking.get(key, "") for key in drawn["key"]])
    sentences = (
        f"有附件1的推荐企业 {visits.asked} 家，至少抽 {visits.wanted} 家"
        f"（规则“现场核查的比例”：{float(results.rulebook.visits.share):.0%}），每个有企业的市至少一家，共抽出 {len(drawn)} 家。",
        f"种子（由全部输入文件算出，输入不变，名单不变）：{visits.seed}　起点：{visits.start:.10f}",
    )
    for row, sentence in enumerate(sentences, start=1):
        book.put(sheet, row, 0, sentence, "stamp")
    book.header(sheet, 4, columns)
    last = book.rows(sheet, 5, columns, rows_of(rows, columns))
    sheet.freeze_panes(5, 4)
    book.put(sheet, last + 1, 0, stamp_line(results.standing), "stamp")


def _lacking(results: Results) -> dict[str, str]:
    """Company's key → the needed papers that were not seen."""
    labels = _labels(results)
    missing = results.demands[results.demands["missing"]]
    names: dict[str, list[str]] = {}
    for key, paper in zip(missing["key"], missing["paper"], strict=True):
        names.setdefault(key, []).append(labels[paper])
    return {key: listed(papers, "项", most=len(papers)) for key, papers in names.items()}


def _write_guide(book: Book, results: Results, title: str) -> None:
    sheet = book.sheet(GUIDE_SHEET, landscape=True)
    book.put(sheet, 0, 0, title, "heading")
    row = 2
    for line in _guide_lines(results):
        book.put(sheet, row, 0, line, "plain")
        sheet.set_row(row, LINE_HEIGHT * lines_in(line, _GUIDE_WIDTH) + 4)
        row += 1
    book.put(sheet, row + 1, 0, stamp_line(results.standing), "stamp")
    book.widths(sheet, [_GUIDE_WIDTH])


def _guide_lines(results: Results) -> Iterable[str]:
    yield "内部资料，不外发。这里只说看到了哪些材料，不判断材料对不对、够不够，也不影响得分。"
    yield (
        "佐证核对：每家推荐企业、填表说明 2 的每一项要求一行。是否需要，看企业自己在附件1里填的数：有关各项的 N 或 M 大于 0 才需要；"
        "标杆示范是“如有才提供”。看到没有，只按文件、文件夹和压缩包的名称认，没有打开看；名称不规范的会认不出，请到“材料明细”里找。"
    )
    yield "材料算哪一家的：放在哪个区县的文件夹里，就只在这个区县推荐的企业里，按文件名、文件夹名里的企业全称认；认不出的也列在“材料明细”，企业一栏标了颜色。"
    for paper in results.rulebook.papers:
        shared = f"；与别项共用的词：{'、'.join(paper.words)}" if paper.words else ""
        yield f"　{paper.label}（{paper.clause}）——名称里有：{'、'.join(paper.topics)}{shared}"
    yield (
        "核查名单：从有附件1的推荐企业里按权重不等概率系统抽样（Madow 1949）。权重 = "
        f"{results.rulebook.visits.base} + 各项发现的分；权重大的容易抽到，但谁都有可能。“抽取过程”列出每家的权重、概率、累计，"
        "用计算器可以照种子重抽一遍：起点、起点加 1、加 2……落在谁的累计区间里，就抽谁。"
    )
    for reason in results.rulebook.visits.reasons:
        most = f"每处加 {reason.points}，最多算 {reason.most} 处" if reason.most > 1 else f"加 {reason.points}"
        yield f"　{reason.label}：{most}"
