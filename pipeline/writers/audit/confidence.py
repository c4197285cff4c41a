"""Sheets 名次区间 and 规则影响 of 审计底稿: the stability of each rank, and the effect of each assumed rule and each expert."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.display import shown
from pipeline.model.ranges import CRITICAL
from pipeline.model.results import Results
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import write_block, write_listing
from pipeline.writers.book.stamped import stamp_line
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Cell, Styled
from pipeline.writers.layout.audit import EFFECTS, RANGES
from pipeline.writers.layout.common import scoped
from pipeline.writers.layout.confidence import EFFECTS_SHEET, RANGES_SHEET, lever_words, lines_words

_NOBODY = "没有已排名的企业。"
_KINDS = {"ruling": "暂定规则改用", "expert": "不计这位专家"}


def write_confidence(book: Book, results: Results) -> None:
    """Writes both sheets. They are for information; the ranking does not depend on them."""
    columns = scoped(RANGES, results.rulebook.scope)
    rows = _range_rows(results)
    write_listing(book, RANGES_SHEET, columns, rows, results.standing, frozen_columns=4, empty=_NOBODY)
    sheet = book.sheet(EFFECTS_SHEET, landscape=True)
    width = sum(column.width for column in EFFECTS)
    row = 0
    for sentence in _method(results):
        book.merge(
            sheet, (row, 0, row, len(EFFECTS) - 1), sentence, "plain", LINE_HEIGHT * lines_in(sentence, width) + 4
        )
        row += 1
    row = write_block(book, sheet, row + 1, "逐项改动的影响", EFFECTS, _effect_rows(results))
    book.put(sheet, row, 0, stamp_line(results.standing), "stamp")


def _range_rows(results: Results) -> Iterable[tuple[Cell, ...]]:
    totals = results.totals
    names = zip(*(totals[field].tolist() for field in ("city", "county", "company")), strict=True)
    names_of = dict(zip(totals["key"].tolist(), names, strict=True))
    for entry in results.confidence.companies:
        verdict = Styled(entry.verdict, "remark_center") if entry.verdict == CRITICAL else entry.verdict
        side = ("线内" if entry.inside else "线外") if entry.line else ""
        share = entry.share_inside if entry.line else None
        yield (
            entry.rank,
            *names_of[entry.key],
            entry.best,
            entry.low,
            entry.high,
            entry.worst,
            verdict,
            entry.line,
            side,
            share,
            lever_words(entry, results.rulebook),
        )


def _effect_rows(results: Results) -> Iterable[tuple[Cell, ...]]:
    for effect in results.confidence.effects:
        yield _KINDS[effect.kind], effect.name, effect.choice, shown(effect.shift), effect.largest, effect.crossing


def _method(results: Results) -> list[str]:
    """The sentences above 规则影响: what both sheets show and how it was calculated."""
    count = sum(entry.verdict == CRITICAL for entry in results.confidence.companies)
    return [
        f"本表与“{RANGES_SHEET}”只说明名次有多稳，不影响得分和名次。已排名 {len(results.confidence.companies)} 家，其中临界 {count} 家。",
        f"做法：把没有确认的规则、自评与横向的占比、等级界限和系数、各指标权重（各在 ±20% 内）以及去掉一位专家同时随机改动 "
        f"{results.confidence.draws} 次，每次把全部企业重新排名。随机数固定，同样的材料每次结果相同。",
        f"“九成区间”是十次里九次名次所在的范围；分界线取{lines_words(results.rulebook)}。有超过 5% 的次数站到线的另一边，就标为“临界”。",
        "“能使其越线的一个数”假定其他企业都不变，供核对原始材料时优先查看。",
        "“平均移动”是改用一项规则（或不计一位专家）、其余不变时，全部企业名次平均移动的位数。"
        "方法依据：OECD/JRC《综合指标构建手册》（2008）第七步“不确定性与敏感性分析”。",
    ]
