"""与上次相比: the differences between two results, as sheets of a workbook and as lines for the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed, shown_where
from pipeline.model.changes import AnswerChange, Comparison, CountyMoves, Crossing, Move, RegionChange
from pipeline.model.display import EXACT_DECIMALS, number_text, percentage, shown
from pipeline.model.results import Standing
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.listing import write_block, write_listing
from pipeline.writers.book.stamped import output_book, stamp_line
from pipeline.writers.book.workbook import Book, Cell
from pipeline.writers.layout.problems import (
    CHANGE_CAUSES,
    CHANGE_COUNTIES,
    CHANGE_COUNTS,
    CHANGE_CROSSINGS,
    CHANGE_FIGURES,
    CHANGE_MOVES,
    CHANGE_REGIONS,
)

SHEET, RANKS_SHEET, FIGURES_SHEET = "与上次相比", "名次变动", "数字变动"
TITLE = "两次结果比较"
_NOTHING = "两次结果没有差别。"
_NO_FIGURE = "（没有可用的数）"
_FILE_CHANGES = {"added": "新增", "removed": "撤下", "changed": "改动"}
_RULES = {
    "rulebook.id": "规则文件",
    "rulebook.version": "规则文件版本",
    "rulebook.sha256": "规则文件指纹",
    "program": "程序版本",
}


def write_comparison(path: Path, comparison: Comparison, rulebook: Rulebook, standing: Standing, date: str) -> None:
    """Writes the comparison as a workbook of its own."""
    with output_book(path, date, TITLE, standing) as book:
        add_comparison(book, comparison, rulebook, standing)


def add_comparison(book: Book, comparison: Comparison, rulebook: Rulebook, standing: Standing) -> None:
    """Adds three sheets: 与上次相比 (counts and lists), 名次变动 (one row per company) and 数字变动 (one row per figure)."""
    labels = rulebook.labels
    sheet = book.sheet(SHEET)
    book.put(sheet, 0, 0, SHEET, "heading")
    row = write_block(book, sheet, 2, "概况", CHANGE_COUNTS, _counts(comparison))
    if comparison.counties:
        counties = (
            (f"{county.city}{county.county}", county.gained, county.lost, _came_and_left(county))
            for county in comparison.counties
        )
        row = write_block(book, sheet, row, "各区县名次升降", CHANGE_COUNTIES, counties)
    if comparison.crossings:
        crossings = (
            (entry.line, 1 if entry.came else None, None if entry.came else 1, _crossing_words(entry))
            for entry in comparison.crossings
        )
        row = write_block(book, sheet, row, "进出分界线的企业", CHANGE_CROSSINGS, crossings)
    if comparison.regions:
        row = write_block(
            book,
            sheet,
            row,
            "附件3 变动的数",
            CHANGE_REGIONS,
            (_region_row(change, rulebook) for change in comparison.regions),
        )
    if causes := [*_cause_rows(comparison, rulebook)]:
        row = write_block(book, sheet, row, "有变动的文件、规则和决定", CHANGE_CAUSES, causes)
    book.put(sheet, row, 0, stamp_line(standing), "stamp")
    rows = (_move_row(move, comparison, labels) for move in comparison.moves)
    write_listing(book, RANKS_SHEET, CHANGE_MOVES, rows, standing, frozen_columns=3, empty=_NOTHING)
    figures = (_figure_row(change, labels) for change in comparison.answers)
    write_listing(book, FIGURES_SHEET, CHANGE_FIGURES, figures, standing, frozen_columns=1, empty=_NOTHING)


def lines_of(comparison: Comparison, rulebook: Rulebook, most: int = 10) -> list[str]:
    """The comparison as lines for a screen; each list ends after `most` entries."""
    if not any(count for _, count, *_ in _counts(comparison)) and not comparison.rules:
        return [_NOTHING]
    labels = rulebook.labels
    lines = [
        f"{label}：{count}{'　' + note if count and note else ''}" for label, count, _, note in _counts(comparison)
    ]
    groups = [
        ("有变动的文件、规则和决定", [f"{kind}　{what}" for kind, *_, what in _cause_rows(comparison, rulebook)]),
        ("数字变动", [figure_sentence(change, labels) for change in comparison.answers]),
        ("名次变动", [_move_sentence(move, comparison, labels) for move in _largest_first(comparison)]),
        (
            "进出分界线",
            [
                f"{_crossing_words(entry)}　{'进入' if entry.came else '退出'}{entry.line}"
                for entry in comparison.crossings
            ],
        ),
        (
            "附件3 变动的数",
            [
                "　".join((where, item, f"{old} → {new}"))
                for where, old, new, item in (_region_row(change, rulebook) for change in comparison.regions)
            ],
        ),
        (
            "各区县名次升降",
            [
                f"{county.city}{county.county}　上升 {county.gained} 家，下降 {county.lost} 家{_comma(_came_and_left(county))}"
                for county in comparison.counties
            ],
        ),
    ]
    for heading, entries in groups:
        if entries:
            lines += ["", f"{heading}（{len(entries)}）", *(f"  {entry}" for entry in entries[:most])]
            if len(entries) > most:
                lines.append(f"  ……其余 {len(entries) - most} 条没有列出")
    return lines


def _counts(comparison: Comparison) -> list[tuple[str, int, None, str]]:
    """The rows of table 概况: label, number, a blank column, note."""
    moved = comparison.rank_changes
    gained, lost = (sum(1 for move in moved if sign * move.gained > 0) for sign in (1, -1))
    kinds = Counter(change.kind for change in comparison.files)
    files = "，".join(f"{word} {kinds[kind]}" for kind, word in _FILE_CHANGES.items() if kinds[kind])
    return [
        ("变动的文件", len(comparison.files), None, files),
        ("变动的 N、M 和专家合成得分", len(comparison.answers), None, "附件2 中的数有没有变动，看变动的文件"),
        ("附件3 变动的数", len(comparison.regions), None, ""),
        (
            "名次或状态变动的企业",
            len(moved),
            None,
            f"上升 {gained} 家，下降 {lost} 家；本次共 {comparison.companies} 家",
        ),
        (
            "等级变动的企业",
            sum(1 for move in comparison.moves if move.bands),
            None,
            "至少一项指标的横向等级或横向评分不同",
        ),
        ("进出分界线的企业", len({entry.company for entry in comparison.crossings}), None, _crossed(comparison)),
        ("已了结的问题", len(comparison.issues_solved), None, listed(comparison.issues_solved)),
        ("新出现的问题", len(comparison.issues_new), None, listed(comparison.issues_new)),
    ]


def _crossed(comparison: Comparison) -> str:
    came = sum(entry.came for entry in comparison.crossings)
    return f"进入 {came} 次，退出 {len(comparison.crossings) - came} 次" if comparison.crossings else ""


def _comma(text: str) -> str:
    return f"，{text}" if text else ""


def _came_and_left(county: CountyMoves) -> str:
    words = (("新列入", county.came), ("不再列入", county.left))
    return "，".join(f"{word} {count} 家" for word, count in words if count)


def _cause_rows(comparison: Comparison, rulebook: Rulebook) -> Iterable[tuple[str, None, None, str]]:
    for change in comparison.files:
        yield f"文件{_FILE_CHANGES[change.kind]}", None, None, mask_phones(change.path)
    for name, before, after in comparison.rules:
        yield "规则", None, None, _rule_words(name, before, after, rulebook)
    for text in comparison.decisions_added:
        yield "新的人工决定", None, None, text
    for text in comparison.decisions_removed:
        yield "撤下的人工决定", None, None, text


def _rule_words(name: str, before: str, after: str, rulebook: Rulebook) -> str:
    """One changed rule in words. A ruling has its topic and sentences, as far as this rulebook still contains them."""
    ruling = next((entry for entry in rulebook.rulings if name == f"ruling.{entry.id}"), None)
    topic = ruling.topic if ruling else name.partition(".")[2]
    old, new = ((ruling.sentence_of(text) if ruling else "") or text[:12] or "（无）" for text in (before, after))
    return f"{_RULES.get(name) or f'规则“{topic}”'}：{old} → {new}"


def _largest_first(comparison: Comparison) -> list[Move]:
    return sorted(comparison.rank_changes, key=lambda move: (not move.answers, -abs(move.gained), move.company))


def _move_sentence(move: Move, comparison: Comparison, labels: Mapping[str, str]) -> str:
    before = _rank_words(move.rank_before, move.status_before)
    after = _rank_words(move.rank_after, move.status_after)
    return f"{move.company}（{move.county or move.city or '区县不明'}）　{before} → {after}　{cause_of(move, comparison, labels)}"


def _rank_words(rank: int | None, status: str) -> str:
    return f"第 {rank} 名" if rank is not None else status or "没有"


def cause_of(move: Move, comparison: Comparison, labels: Mapping[str, str]) -> str:
    """Why a company's rank or status changed: its status, its own figures, the companies it passed or was passed by, the
    rules."""
    reasons = []
    if not move.status_before or not move.status_after:
        reasons.append("上次没有这家企业" if not move.status_before else "本次没有这家企业")
    elif move.status_before != move.status_after:
        reasons.append(f"状态由{move.status_before}变为{move.status_after}")
    if move.answers:
        changes = listed((_figure_words(change, labels) for change in move.answers), separator="，")
        reasons.append(f"本企业的数有变：{changes}")
    elif move.bands:
        bands = listed((labels.get(name, name) for name in move.bands), "项")
        reasons.append(f"别的企业有变动，{bands}的等级随之变化")
    order = (
        (move.passed, "超过了 {}" if move.gained > 0 else "被 {} 超过"),
        (move.gone, "原在前面的 {} 不再列入排名"),
        (move.new, "{} 新列入排名，排在前面"),
    )
    reasons += [words.format(listed(names, "家")) for names, words in order if names]
    if not reasons:
        reasons.append("规则有改动" if comparison.rules else "别的企业有变动，名次顺移")
    return "；".join(reasons)


def figure_sentence(change: AnswerChange, labels: Mapping[str, str]) -> str:
    """One changed figure and its cell in words, phones masked."""
    where = change.where_after if change.where_after.file else change.where_before
    cell = f"　（{'｜'.join(shown_where(where))}）" if where.file else ""
    return f"{change.company}　{_figure_words(change, labels)}{cell}"


def _figure_words(change: AnswerChange, labels: Mapping[str, str]) -> str:
    part = "专家合成得分" if change.part == "专家" else change.part
    before, after = _distinct_texts(change.before, change.after, rounds=change.part == "专家")
    return f"{labels.get(change.indicator, change.indicator)} {part} {before} → {after}"


def _distinct_texts(before: float | None, after: float | None, *, rounds: bool) -> list[str]:
    """Both figures as shown. rounds: with two decimals, or with as many as make the texts differ."""
    pair = (before, after)
    if not rounds:
        return [_NO_FIGURE if value is None else number_text(value) for value in pair]
    candidates = (
        [_NO_FIGURE if value is None else shown(value, decimals) for value in pair]
        for decimals in range(2, EXACT_DECIMALS)
    )
    return next(
        (texts for texts in candidates if texts[0] != texts[1]),
        [_NO_FIGURE if value is None else number_text(value) for value in pair],
    )


def _region_row(change: RegionChange, rulebook: Rulebook) -> tuple[str, str, str, str]:
    """Level and region, the value before, after, and the item."""
    ratio = change.item == "progress"
    before, after = (
        "（没有）" if value is None else percentage(value) if ratio else number_text(value) for value in change[3:]
    )
    return f"{change.level}　{change.region}", before, after, rulebook.pool_words.label(change.item)


def _crossing_words(entry: Crossing) -> str:
    moved = "（因企业数变化，分界线移动）" if entry.line_moved else ""
    return f"{entry.company}{moved}"


def _move_row(move: Move, comparison: Comparison, labels: Mapping[str, str]) -> tuple[Cell, ...]:
    gained = f"{'↑' if move.gained > 0 else '↓'}{abs(move.gained)}" if move.gained else ""
    bands = "、".join(labels.get(name, name) for name in move.bands)
    return (
        move.city,
        move.county,
        move.company,
        move.status_before or "（没有）",
        move.status_after or "（没有）",
        move.rank_before,
        move.rank_after,
        gained,
        move.total_before,
        move.total_after,
        bands,
        cause_of(move, comparison, labels),
    )


def _figure_row(change: AnswerChange, labels: Mapping[str, str]) -> tuple[Cell, ...]:
    where = change.where_after if change.where_after.file else change.where_before
    return (
        change.company,
        labels.get(change.indicator, change.indicator),
        change.part,
        change.before,
        change.after,
        *shown_where(where)[:2],
        change.where_before.cell,
        change.where_after.cell,
    )
