"""Sheet 规则 of 审计底稿: the rules behind every point. The formulas of 得分 refer to its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook, band_limits
from pipeline.model.tables import ZERO_BAND
from pipeline.writers.audit.plan import RULES_SHEET, SCORES_SHEET, Plan, parameter_names
from pipeline.writers.book.listing import write_block
from pipeline.writers.book.live import Live
from pipeline.writers.book.stamped import stamp_line, titled
from pipeline.writers.book.workbook import Book, Cell, Column, Styled
from pipeline.writers.layout.audit import BANDS, INDICATORS, PARAMETER_LABELS, PARAMETERS, limit_columns
from pipeline.writers.layout.common import RULINGS
from pipeline.writers.layout.rules import band_rows, indicator_rows, ruling_rows


def write_rules(book: Book, results: Results, plan: Plan) -> None:
    """Sheet 规则: indicators, bands, parameters, limits of bands, rulings, at the rows that `plan.rules` names."""
    rulebook, rules = results.rulebook, plan.rules
    sheet = book.sheet(RULES_SHEET, landscape=True)
    book.put(sheet, 0, 0, f"{titled(rulebook.titles.audit, results.standing)}：规则", "heading")
    book.put(sheet, 1, 0, f"规则文件 {rulebook.id}，版本 {rulebook.version}，指纹 {rulebook.sha256}", "stamp")
    book.put(sheet, 2, 0, f"依据：{rulebook.source}", "stamp")
    labels = {item.label for item in rulebook.ratio_indicators}
    indicators = [
        (*row, Styled(points, "adjustable_mark") if row[0] in labels else points)
        for *row, points in indicator_rows(rulebook)
    ]
    *upper, last = band_rows(rulebook)  # the last share has no effect and is not marked as adjustable
    bands = [(label, Styled(share, "adjustable_ratio"), coefficient) for label, share, coefficient in upper]
    zero = (ZERO_BAND, Styled("数值为 0", "center"), float(rulebook.scoring.zero_coefficient))
    tables: dict[str, tuple[str, Sequence[Column], Iterable[Sequence[Cell]]]] = {
        "indicators": ("指标", INDICATORS, indicators),
        "bands": ("横向评分的等级", BANDS, [*bands, last, zero]),
        "parameters": ("其他参数", PARAMETERS, _parameter_rows(rulebook)),
        "limits": ("各项参排企业数和各等级的末位名次", limit_columns(rulebook), _limit_rows(results, plan)),
        "rulings": ("通知没有写明、由规则文件定下的办法", RULINGS, ruling_rows(rulebook)),
    }
    row = 0
    for name, (heading, columns, rows) in tables.items():
        row = write_block(book, sheet, rules.top[name] - 1, heading, columns, rows)
    book.put(sheet, row, 0, stamp_line(results.standing), "stamp")


def _parameter_rows(rulebook: Rulebook) -> list[tuple[Cell, ...]]:
    scoring = rulebook.scoring
    values = {
        "self_share": float(scoring.self_share),
        "peer_share": float(scoring.peer_share),
        "trim_from": rulebook.experts.trim_from,
    }
    return [(PARAMETER_LABELS[name][0], values[name], PARAMETER_LABELS[name][1]) for name in parameter_names(rulebook)]


def _limit_rows(results: Results, plan: Plan) -> list[tuple[Cell, ...]]:
    """Per ratio item: the number of ranked companies and the last rank of every band but the last."""
    competing = set(list(plan.score_row)[: plan.competing[1] - plan.competing[0] + 1])
    valid = results.answers[results.answers["valid"] & results.answers["key"].isin(competing)]
    counts = valid["indicator"].value_counts()
    rows: list[tuple[Cell, ...]] = []
    for item in plan.rulebook.ratio_indicators:
        ranked = int(counts.get(item.id, 0))
        counting = f"COUNT({SCORES_SHEET}!{plan.among(f'{item.id}:n')})"
        own_cell = plan.rules.ranked[item.id].removeprefix(f"{RULES_SHEET}!")
        limits = [
            Live(f"ROUNDUP(ROUND({share.removeprefix(f'{RULES_SHEET}!')}*{own_cell},9),0)", last)
            for share, last in zip(plan.rules.shares, band_limits(ranked, plan.rulebook.bands)[:-1], strict=False)
        ]
        rows.append((item.label, ranked if plan.nobody_competes else Live(counting, ranked), *limits))
    return rows
