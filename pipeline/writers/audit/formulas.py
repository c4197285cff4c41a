"""The formulas of sheet 得分, one per column. `#` stands for the row of the company, `@` for its row in another sheet.

The formulas use only functions that Excel 2010, WPS and LibreOffice share. In all of them a comparison of text with a
number is TRUE, and COUNTIF compares numbers as texts of 15 digits; it is used on whole numbers and rounded totals only.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.rulebook import Indicator
from pipeline.model.tables import ZERO_BAND
from pipeline.writers.audit.plan import ANSWERS_SHEET, Plan
from pipeline.writers.book.live import joined
from pipeline.writers.layout.audit import BANDS

_COEFFICIENT = [column.id for column in BANDS].index("coefficient") + 1  # the column that VLOOKUP returns
NOISE_DECIMALS = 12  # totals are rounded to these first, so that the noise of addition does not decide at a limit


def item_formulas(plan: Plan, item: Indicator, competes: bool) -> dict[str, str]:
    """Field of 得分 -> formula, for one ratio item of a company with a form; `@` is the item's row in 原始值.

    A company that does not compete gets the rank that its value would have among those that compete."""
    if item.kind == "expert":
        return {}
    at = {name: f"{plan.letter(f'{item.id}:{name}')}#" for name in ("n", "m", "self_score", "peer_score")}
    points, rules = plan.rules.points[item.id], plan.rules
    shares = [rules.parameters[name] for name in ("self_share", "peer_share")]
    formulas = {
        "n": f'IF({_answer(plan, "counted")}="能",{_answer(plan, "n")},"")',
        "m": f'IF({at["n"]}="","",{_answer(plan, "m")})',
        "self_score": f'IF({at["n"]}="","",IF({at["m"]}=0,0,MIN({points},{points}*{at["n"]}/{at["m"]})))',
        "ranked": rules.ranked[item.id],
        "peer_score": f'IF({at["n"]}="","",{_peer_points(plan, item)})',
        "score": f'IF({at["n"]}="","",{shares[0]}*{at["self_score"]}+{shares[1]}*{at["peer_score"]})',
    }
    for part in item.ranked:
        formulas |= _part_formulas(plan, item, part, competes)
    return {f"{item.id}:{name}": formula for name, formula in formulas.items()}


def _answer(plan: Plan, field: str) -> str:
    return f"{ANSWERS_SHEET}!${plan.answer_letters[field]}$@"


def _part_formulas(plan: Plan, item: Indicator, part: str, competes: bool) -> dict[str, str]:
    """Rank and band of N or of M, and for ranks without gaps the weight of the value."""
    scoring = plan.rulebook.scoring
    value, rank = f"{plan.letter(f'{item.id}:{part}')}#", f"{plan.letter(f'{item.id}:rank_{part}')}#"
    descending = part == "n" or scoring.m_order == "descending"
    all_of = plan.among(f"{item.id}:{part}")
    formulas = {}
    if scoring.tie == "dense":
        weight = f"{item.id}:weight_{part}"
        formula = _dense_rank(f"{all_of}{'>' if descending else '<'}{value}", plan.among(weight))
        if competes:
            formulas[f"weight_{part}"] = f'IF({value}="",0,1/COUNTIF({all_of},{value}))'
    elif competes:
        formula = _rank(value, all_of, descending, plan.rules.ranked[item.id], scoring.tie)
    else:
        formula = _rank_of_outsider(value, all_of, descending, scoring.tie)
    if plan.nobody_competes:
        formula = "1"
    limits = "".join(f"+({rank}>{limit})" for limit in plan.rules.limits[item.id])
    band = f'IF({value}=0,"{ZERO_BAND}",INDEX({plan.rules.band_labels},1{limits}))'
    return {**formulas, f"rank_{part}": f'IF({value}="","",{formula})', f"band_{part}": f'IF({rank}="","",{band})'}


def _rank(value: str, all_of: str, descending: bool, count: str, tie: str) -> str:
    order = 0 if descending else 1
    rank = f"RANK({value},{all_of},{order})"
    if tie == "average":
        return f"{rank}+({count}+1-{rank}-RANK({value},{all_of},{1 - order}))/2"
    return rank


def _rank_of_outsider(value: str, all_of: str, descending: bool, tie: str) -> str:
    better = f"1+SUMPRODUCT(ISNUMBER({all_of})*({all_of}{'>' if descending else '<'}{value}))"
    return f"{better}+(MAX(1,COUNTIF({all_of},{value}))-1)/2" if tie == "average" else better


def _dense_rank(better: str, weights: str) -> str:
    """A rank without gaps: one more than the number of different better values."""
    return f"1+ROUND(SUMPRODUCT(({better})*{weights}),0)"


def _peer_points(plan: Plan, item: Indicator) -> str:
    """The points of the item's bands: the mean of N and M, or N alone, as the rulebook says."""
    counted = ("n",) if plan.rulebook.scoring.peer_of == "n" and "n" in item.ranked else item.ranked
    earned = "+".join(band_coefficient(plan, f"{plan.letter(f'{item.id}:band_{part}')}#") for part in counted)
    points = plan.rules.points[item.id]
    return f"{points}*({earned})/{len(counted)}" if len(counted) > 1 else f"{points}*{earned}"


def band_coefficient(plan: Plan, band: str) -> str:
    """The share of the points that the band in cell `band` earns."""
    return f"VLOOKUP({band},{plan.rules.band_table},{_COEFFICIENT},FALSE)"


def sum_formulas(plan: Plan) -> dict[str, str]:
    """Field of 得分 -> formula, for the sums of one company; blank where nothing is scored."""
    ratio = [item.id for item in plan.rulebook.ratio_indicators]
    expert = [item.id for item in plan.rulebook.expert_indicators]
    added = {
        "objective_total": [f"{item}:score" for item in ratio],
        "expert_total": [f"{item}:score" for item in expert],
        "self_total": [f"{item}:self_score" for item in ratio],
        "peer_total": [f"{item}:peer_score" for item in ratio],
        "total": ["objective_total", "expert_total"],
    }
    for dimension in plan.rulebook.dimensions:
        items = [item.id for item in plan.rulebook.indicators if item.dimension == dimension.id]
        added[dimension.id] = [f"{item}:score" for item in items]
    cells = {name: _cells(plan, fields) for name, fields in added.items() if fields}
    return {name: f'IF(COUNT({area})=0,"",SUM({area}))' for name, area in cells.items()}


def _cells(plan: Plan, fields: Iterable[str]) -> str:
    return joined(sorted(plan.number_of[field] for field in fields), plan.letters, "#")


def standing_formulas(plan: Plan, has_marks: bool) -> dict[str, str]:
    """Field of 得分 -> formula: status and ranks in province, city and county of a company that competes and has a usable
    form."""
    items = [item for item in plan.rulebook.indicators if item.kind == "ratio" or has_marks]
    scored = f"COUNT({_cells(plan, [f'{item.id}:score' for item in items])})"
    status, city, county = (f"{plan.letter(field)}#" for field in ("status_text", "city", "county"))
    compared, total = f"{plan.letter('compared')}#", f"{plan.letter('total')}#"
    rounded = f"ROUND(ROUND(N({total}),{NOISE_DECIMALS}),{plan.rulebook.scoring.rank_decimals})"
    in_province = _rank_among(plan, "weight", compared, [])
    in_city, in_county = [("city", city)], [("city", city), ("county", county)]
    formulas = {
        "status_text": f'IF({scored}={len(items)},"已排名","暂排（缺 "&({len(items)}-{scored})&" 项）")',
        "compared": f'IF({status}="已排名",{rounded},"")',
        "rank": f'IF({compared}="","",{in_province})',
        "rank_in_city": f'IF(OR({compared}="",{city}=""),"",{_rank_among(plan, "weight_in_city", compared, in_city)})',
        "rank_in_county": (
            f'IF(OR({compared}="",{city}="",{county}=""),"",{_rank_among(plan, "weight_in_county", compared, in_county)})'
        ),
        "rank_in_brackets": f'IF({compared}="","（"&({_rank_among(plan, "weight", rounded, [])})&"）","")',
    }
    if plan.rulebook.scoring.tie == "dense":
        weights: dict[str, list[tuple[str, str]]] = {
            "weight": [],
            "weight_in_city": in_city,
            "weight_in_county": in_county,
        }
        for name, within in weights.items():
            alike = ",".join(f"{plan.among(field)},{cell}" for field, cell in [*within, ("compared", compared)])
            unknown = ",".join(f'{cell}=""' for cell in [compared, *(cell for _, cell in within)])
            formulas[name] = f"IF(OR({unknown}),0,1/COUNTIFS({alike}))"
    return formulas


def _rank_among(plan: Plan, weight: str, total: str, within: list[tuple[str, str]]) -> str:
    """The rank of a rounded total among the ranked companies. within: (field, cell with the value) of the city or county,
    empty for the province."""
    totals = plan.among("compared")
    if plan.rulebook.scoring.tie == "dense":
        same = "".join(f"({plan.among(field)}={cell})*" for field, cell in within)
        return _dense_rank(f"{same}({totals}>{total})", plan.among(weight))
    conditions = [f"{plan.among(field)},{cell}" for field, cell in within]
    return f"1+COUNTIFS({','.join([*conditions, f'{totals},{chr(34)}>{chr(34)}&{total}'])})"
