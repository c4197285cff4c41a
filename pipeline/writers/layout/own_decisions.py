"""省里的决定: the decisions that changed something of a county's or city's own companies, as it may read them."""

from __future__ import annotations

from pipeline.issues.phones import mask_joined
from pipeline.model.decisions import Decision
from pipeline.model.names import name_key
from pipeline.model.results import Results
from pipeline.writers.book.workbook import Cell, Column
from pipeline.writers.layout.county_issues import OwnMaterial

DECISIONS_SHEET = "省里的决定"
OWN_DECISIONS = (
    Column("order", "序号", 6, "whole"),
    Column("company", "企业", 32),
    Column("kind", "决定种类", 12, "center"),
    Column("about", "哪一个数", 22, "center"),
    Column("raw", "原值", 18, "center"),
    Column("decided", "采用", 36),
    Column("decider", "决定人", 14, "center"),
    Column("date", "日期", 14, "center"),
)
_ADOPTED = "已采用"
_DECIDED = {"采用值": "value", "采用文件": "file", "归属": "county", "剔除": ""}  # kind -> the cell with the decision


def own_decision_rows(results: Results, material: OwnMaterial) -> list[list[Cell]]:
    """The values of OWN_DECISIONS for each decision in force about a company of the county, or of the city; never about
    another's. The reason is left out, as it is the province's own; names of others are ….
    By region in the notice's order, then as in the workbook of decisions."""
    totals = results.totals
    owners = zip(totals["key"], totals["company"], totals["city"], totals["county"], strict=True)
    rank = results.rulebook.region_order.rank
    own = {key: (rank(city, county), company) for key, company, city, county in owners if material.is_of(city, county)}
    found = []
    for decision, state in results.signed:
        key = name_key(decision.values.get("company", ""))
        if key in own and state == _ADOPTED and decision.kind in _DECIDED:
            found.append((*own[key], decision))
    rows: list[list[Cell]] = []
    for order, (_, company, decision) in enumerate(sorted(found, key=lambda entry: entry[0]), start=1):
        texts = [material.masked(text) for text in mask_joined(_texts(decision, results))]
        rows.append([order, company, decision.kind, *texts])
    return rows


def _texts(decision: Decision, results: Results) -> list[str]:
    """The figure, 原值, what was decided, who decided and when; a file without its folders."""
    values = decision.values
    item = values.get("indicator", "")
    about = f"{results.rulebook.labels.get(item, item)} {values.get('part', '')}".strip()
    decided = values.get(_DECIDED[decision.kind], "") or "退出本次推荐"
    if decision.kind == "采用文件":
        decided = decided.replace("\\", "/").rpartition("/")[2]
    raw = values.get("raw", "") or ("（空白）" if decision.kind == "采用值" else "")
    return [about, raw, decided, values.get("decider", ""), values.get("date", "")]
