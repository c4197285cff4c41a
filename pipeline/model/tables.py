"""The tables every stage takes and returns: what one row is, its key, its columns and their types.

A table is a pandas frame built by `frame`; stages never change one, they return a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isnan
from typing import Any, NamedTuple

import pandas as pd

from pipeline.issues.where import Where
from pipeline.model.records import NO_WHERE

TEXT, NUMBER, WHOLE, FLAG = "object", "float64", "Int64", "bool"
WHERE = "O"  # a Where: the same type as TEXT to pandas, but `frame` fills it with another blank

# One row: one company, nominated or assessed (or both). Key: key.
# company: the one spelling used everywhere; where: the cell of the name in 附件2, else in the form;
# form_where: a cell of the 附件1 that counts, blank without one; answered: that form holds at least one answer.
# credit_code: of that form, else of 附件2; nominated_code: of 附件2 alone.
# evidence: how many papers (PDF, pictures …) came with it; refused: 经信部门推荐意见 refuses; excluded: 剔除 by decision;
# order: the 序号 that the county gave it, as a number; revenue, profit, it_spend, cloud_spend: the figure used; *_raw: as
# typed; *_where: its cell.
ENTERPRISES = {
    "key": TEXT,
    "company": TEXT,
    "city": TEXT,
    "county": TEXT,
    "nominated": FLAG,
    "assessed": FLAG,
    "answered": FLAG,
    "refused": FLAG,
    "excluded": FLAG,
    "order": NUMBER,
    "business": TEXT,
    "revenue": NUMBER,
    "profit": NUMBER,
    "it_spend": NUMBER,
    "cloud_spend": NUMBER,
    "contact": TEXT,
    "phone": TEXT,
    "recommendation": TEXT,
    "credit_code": TEXT,
    "nominated_code": TEXT,
    "where": WHERE,
    "form_where": WHERE,
    "it_spend_where": WHERE,
    "cloud_spend_where": WHERE,
    "revenue_where": WHERE,
    "profit_where": WHERE,
    "phone_where": WHERE,
    "evidence": WHOLE,
    "it_spend_raw": TEXT,
    "cloud_spend_raw": TEXT,
    "revenue_raw": TEXT,
    "profit_raw": TEXT,
}


class EnterpriseRow(NamedTuple):
    """A row of ENTERPRISES, column by column."""

    key: str
    company: str
    city: str
    county: str
    nominated: bool
    assessed: bool
    answered: bool
    refused: bool
    excluded: bool
    order: float
    business: str
    revenue: float
    profit: float
    it_spend: float
    cloud_spend: float
    contact: str
    phone: str
    recommendation: str
    credit_code: str
    nominated_code: str
    where: Where
    form_where: Where
    it_spend_where: Where
    cloud_spend_where: Where
    revenue_where: Where
    profit_where: Where
    phone_where: Where
    evidence: int
    it_spend_raw: str
    cloud_spend_raw: str
    revenue_raw: str
    profit_raw: str


# One row: one company x ratio indicator of a form that counts. Key: key, indicator.
# n, m: the value used (0 for blank or none; NaN only in error); *_raw: as typed; *_read: as understood; *_where: its cell.
# *_state: ok, blank, none, error, absent. valid: the item can be scored and ranked.
ANSWERS = {
    "key": TEXT,
    "indicator": TEXT,
    "n": NUMBER,
    "m": NUMBER,
    "n_raw": TEXT,
    "m_raw": TEXT,
    "n_read": NUMBER,
    "m_read": NUMBER,
    "n_state": TEXT,
    "m_state": TEXT,
    "n_where": WHERE,
    "m_where": WHERE,
    "valid": FLAG,
}

# One row: one company x expert indicator x expert. Key: key, indicator, expert.
# mark: points, NaN unless state is "given"; state: given, blank, recused, error; reason: of a recusal, phones masked.
MARKS = {
    "key": TEXT,
    "indicator": TEXT,
    "expert": TEXT,
    "mark": NUMBER,
    "state": TEXT,
    "where": WHERE,
    "reason": TEXT,
}

# One row: level x region x item of 附件3. Key: level, region, item. Regions: the cities in the notice's order, then 全省合计.
# item: a year ("2021"), cumulative, target, progress (unrounded ratio). value: recomputed, NaN where nothing came;
# printed: what the pool workbook prints there, a claim to check; where: the cell of printed, else of value.
REGIONS = {"level": TEXT, "region": TEXT, "item": TEXT, "value": NUMBER, "printed": NUMBER, "where": WHERE}

# One row: company x indicator, every company x all 21 indicators. Key: key, indicator.
# self_score = 5 n / m; rank_n, rank_m: rank in the province; ranked: companies ranked on the item;
# peer_n, peer_m: points of the band; peer_score; expert_score; score: the item's points, NaN when unscored.
SCORES = {
    "key": TEXT,
    "company": TEXT,
    "indicator": TEXT,
    "n": NUMBER,
    "m": NUMBER,
    "self_score": NUMBER,
    "rank_n": NUMBER,
    "rank_m": NUMBER,
    "ranked": WHOLE,
    "peer_score": NUMBER,
    "expert_score": NUMBER,
    "score": NUMBER,
    "n_where": WHERE,
    "m_where": WHERE,
    "band_n": TEXT,
    "band_m": TEXT,
    "peer_n": NUMBER,
    "peer_m": NUMBER,
}

# One row: one company, in the order of every output. Key: key.
# rank, rank_in_city, rank_in_county: whole, empty unless 已排名; provisional_rank: the rank, or for 暂排 the rank that its
# points so far would give it;
# missing: number of unscored items; one column per dimension (its id) with the item scores' sum.
TOTALS = {
    "key": TEXT,
    "company": TEXT,
    "city": TEXT,
    "county": TEXT,
    "self_total": NUMBER,
    "peer_total": NUMBER,
    "objective_total": NUMBER,
    "expert_total": NUMBER,
    "total": NUMBER,
    "rank": WHOLE,
    "rank_in_city": WHOLE,
    "rank_in_county": WHOLE,
    "status": TEXT,
    "missing": WHOLE,
    "provisional_rank": WHOLE,
}

# One row: a value whose reading differs from the typed text in more than formatting (识别记录). Its cell is three columns.
RECOGNISED = {
    "file": TEXT,
    "sheet": TEXT,
    "cell": TEXT,
    "company": TEXT,
    "indicator": TEXT,
    "raw": TEXT,
    "read": TEXT,
    "adopted": TEXT,
    "rule": TEXT,
}

# One row: one file and recognised sheet (收件台账).
FILES = {
    "path": TEXT,
    "sheet": TEXT,
    "kind": TEXT,
    "company": TEXT,
    "city": TEXT,
    "county": TEXT,
    "sha256": TEXT,
    "remark": TEXT,
}

# The tables of Panel. A share is of an item's points: 0 to 1.
# One row: one expert. group: experts that marked items together, over however many hands, are of one group; companies:
# on the expert's sheets, each complete (every item marked or recused), partial, blank or recused; mean, spread: of the
# shares given; compared: marks beside which somebody else's stands; distance: mean difference to the mean of the
# others there; leniency: the effect of the additive model, a share.
PANEL_EXPERTS = {
    "expert": TEXT,
    "group": WHOLE,
    "companies": WHOLE,
    "complete": WHOLE,
    "partial": WHOLE,
    "blank": WHOLE,
    "recused": WHOLE,
    "marks": WHOLE,
    "mean": NUMBER,
    "spread": NUMBER,
    "compared": WHOLE,
    "distance": NUMBER,
    "leniency": NUMBER,
}

# One row: one company with marks. spread: the standard deviation within its items, pooled, in points; widest: the
# largest difference on one item, and which. rule, mean, trimmed, adjusted: its expert points merged by the rulebook and
# in the three other ways, NaN while an item is unmarked; rank_…: the rank in the province that each would give.
PANEL_COMPANIES = {
    "key": TEXT,
    "group": WHOLE,
    "experts": WHOLE,
    "marks": WHOLE,
    "spread": NUMBER,
    "widest": NUMBER,
    "widest_item": TEXT,
    "rule": NUMBER,
    "mean": NUMBER,
    "trimmed": NUMBER,
    "adjusted": NUMBER,
    "rank_rule": WHOLE,
    "rank_mean": WHOLE,
    "rank_trimmed": WHOLE,
    "rank_adjusted": WHOLE,
}

# One row: a mark far from the others'. median: of all marks of its company and item; marks: their number; difference:
# mark less median, in points.
PANEL_OUTLIERS = {
    "key": TEXT,
    "indicator": TEXT,
    "expert": TEXT,
    "mark": NUMBER,
    "median": NUMBER,
    "marks": WHOLE,
    "difference": NUMBER,
    "where": WHERE,
}

# One row: expert x company recused. items: how many of the company's.
PANEL_RECUSALS = {"key": TEXT, "expert": TEXT, "items": WHOLE, "reason": TEXT, "where": WHERE}

# One row: one ranked company to which its county gave a 序号, by county and 序号. Key: key.
# order: the 序号 as typed; own, computed: the company's position among these companies of its county by 序号 and by rank,
# equal ones share the better; move: own - computed, positive when it is ranked higher than its county has it; rank: in the
# province.
ORDERS = {
    "city": TEXT,
    "county": TEXT,
    "company": TEXT,
    "key": TEXT,
    "order": NUMBER,
    "own": WHOLE,
    "computed": WHOLE,
    "move": WHOLE,
    "rank": WHOLE,
}

# One row: one 已排名 company, in the order of the totals; no row when nobody is selected. Key: key.
# state: 拟认定, 待定 (its total equals that of others across a line) or 未入选; by: the lines that took it, joined by 、:
# 名额, 最低分, 市名额, 县名额.
SELECTION = {
    "key": TEXT,
    "company": TEXT,
    "city": TEXT,
    "county": TEXT,
    "rank": WHOLE,
    "total": NUMBER,
    "state": TEXT,
    "by": TEXT,
}

# One row: one 已排名 company x kind of line, the steps behind SELECTION. Key: key, kind.
# room: how many the company's line takes beyond those that are already in, 0 without a line; better: what is left of the
# companies before it there; left: what is left of the company behind the line: 0 when it is in, a share when a tie is open.
SELECTION_STEPS = {"key": TEXT, "kind": TEXT, "room": NUMBER, "better": NUMBER, "left": NUMBER}

# One row: one line, in the order in which they are worked off. kind: 最低分, 县名额, 市名额 or 名额; city, county: "" for all.
# quota: how many, or score: from which total on; candidates: ranked companies of the region; taken: how many the line took,
# seats that a tie leaves open included; tied: companies of which it takes only some.
SELECTION_LINES = {
    "kind": TEXT,
    "city": TEXT,
    "county": TEXT,
    "quota": WHOLE,
    "score": NUMBER,
    "candidates": WHOLE,
    "taken": WHOLE,
    "tied": WHOLE,
}

# One row: one file that may be a paper of a company (填表说明 2), by region, then path; or an 附件1 with a list of systems in its workbook.
# key, company: "" while nobody can tell whose it is; kind: as in FILES; size: bytes; words: what its first bytes are; mark: equal for equal
# bytes; systems: how many systems its list holds, empty for other files.
PAPERS = {
    "path": TEXT,
    "kind": TEXT,
    "key": TEXT,
    "company": TEXT,
    "city": TEXT,
    "county": TEXT,
    "size": WHOLE,
    "words": TEXT,
    "mark": TEXT,
    "systems": WHOLE,
}

# One row: a row of PAPERS as judged by its name. papers: ids of the kinds it is taken for, joined by a space, "" for none; twin: another
# path with the same bytes, "" without.
SEEN_PAPERS = {**PAPERS, "papers": TEXT, "twin": TEXT}

PAPER_NEEDS = PAPER_NEEDED, PAPER_NOT_NEEDED, PAPER_IF_ANY, PAPER_UNCLEAR = ("需要", "不需要", "如有", "看不出")

# One row: one nominated company x kind of paper of the rulebook, by region, within it in the order of the totals. Key: key, paper.
# need: one of PAPER_NEEDS; why: the answers that decide it; seen: files; size: bytes of them; kinds, files: in words; empty, double:
# how many of them hold nothing, and how many are there twice; missing: the paper is needed and no file was seen.
PAPER_DEMANDS = {
    "key": TEXT,
    "company": TEXT,
    "city": TEXT,
    "county": TEXT,
    "paper": TEXT,
    "need": TEXT,
    "why": TEXT,
    "seen": WHOLE,
    "size": WHOLE,
    "kinds": TEXT,
    "files": TEXT,
    "empty": WHOLE,
    "double": WHOLE,
    "missing": FLAG,
}

# One row: one company that may be visited, in the order in which it is drawn: by region, within it by name. Key: key.
# A column for each reason of the rulebook: its points; weight: base + points; chance: the probability of being drawn; upper: the sum of the
# chances down to it; certain: the chance is 1; drawn; found: the findings in words; how: how it came to be drawn.
VISITS = {
    "key": TEXT,
    "company": TEXT,
    "city": TEXT,
    "county": TEXT,
    "status": TEXT,
    "rank": WHOLE,
    "weight": WHOLE,
    "chance": NUMBER,
    "upper": NUMBER,
    "certain": FLAG,
    "drawn": FLAG,
    "found": TEXT,
    "how": TEXT,
}

# Row order of every listing of companies.
STATUS_ORDER = ("已排名", "暂排", "未评分", "未推荐", "不予推荐", "已剔除")

# band_n, band_m of the value 0, which is in no band.
ZERO_BAND = "零值"


def frame(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """A table with exactly `columns`, in their order and types; a column missing from every row is empty."""
    rows = list(rows)
    filled = {name: _column([row.get(name) for row in rows], kind) for name, kind in columns.items()}
    return pd.DataFrame(filled, columns=list(columns))


def conformed(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """`table` with exactly `columns`, in their order and types, as `frame` makes it; rows are numbered from 0."""
    table = table.reindex(columns=list(columns)).reset_index(drop=True)
    filled = {name: _column(table[name].tolist(), kind) for name, kind in columns.items() if kind in _BLANKS}
    return table.assign(**filled).astype(dict(columns))


_BLANKS: Mapping[str, object] = {TEXT: "", FLAG: False, WHERE: NO_WHERE}


def _column(values: list[Any], kind: str) -> pd.Series:
    """The values as a column of type `kind`, its blank where a value is missing."""
    if kind in _BLANKS:
        values = [_BLANKS[kind] if _is_missing(value) else value for value in values]
    return pd.Series(values, dtype=kind)


def _is_missing(value: object) -> bool:
    """What pandas.isna says of one value, in a tenth of the time."""
    return value is None or value is pd.NA or (isinstance(value, float) and isnan(value))
