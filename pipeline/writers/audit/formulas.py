"""The formulas of sheet 得分, one per column. `#` stands for the company's own row, `@` for its row in another sheet.

Only functions that Excel 2010, WPS and LibreOffice share. A comparison of text with a number is TRUE in all of them,
and COUNTIF compares numbers written as text at 15 digits: it is used on whole numbers and rounded totals alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model.rulebook import Indicator
from pipeline.model.tables import ZERO_BAND
from pipeline.writers.audit.plan import Plan
from pipeline.writers.book.live import joined

NOISE_DECIMALS = 12  # totals are rounded here first: the noise of addition must not decide at a rounding limit


def item_formulas(plan: Plan, item: Indicator, competes: bool) -> dict[str, str]:
    """Field of 得分 -> formula, for one ratio item of a company with a form; `@` is the item's row in 原始值.

    A company that does not compete gets the place its value would have among those that do."""
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
        "peer_score": f'IF({at["n"]}="","",{peer_points(plan, item)})',
        "score": f'IF({at["n"]}="","",{shares[0]}*{at["self_score"]}+{shares[1]}*{at["peer_score"]})',
    }
    for part in item.ranked:
        formulas |= _part_formulas(plan, item, part, competes)
    return {f"{item.id}:{name}": formula for name, formula in formulas.items()}


def _answer(plan: Plan, field: str) -> str:
    return f"原始值!${plan.answer_letters[field]}$@"


def _part_formulas(plan: Plan, item: Indicator, part: str, competes: bool) -> dict[str, str]:
    """Place and band of N or of M, and with places without gaps the weight of its value."""
    scoring = plan.rulebook.scoring
    own, rank = f"{plan.letter(f'{item.id}:{part}')}#", f"{plan.letter(f'{item.id}:rank_{part}')}#"
    descending = part == "n" or scoring.m_order == "descending"
    all_of = plan.among(f"{item.id}:{part}")
    formulas = {}
    if scoring.tie == "dense":
        weight = f"{item.id}:weight_{part}"
        place = dense_place(f"{all_of}{'>' if descending else '<'}{own}", plan.among(weight))
        if competes:
            formulas[f"weight_{part}"] = f'IF({own}="",0,1/COUNTIF({all_of},{own}))'
    elif competes:
        place = _place(own, all_of, descending, plan.rules.ranked[item.id], scoring.tie)
    else:
        place = _place_of_outsider(own, all_of, descending, scoring.tie)
    if plan.nobody_competes:
        place = "1"
    limits = "".join(f"+({rank}>{limit})" for limit in plan.rules.limits[item.id])
    band = f'IF({own}=0,"{ZERO_BAND}",INDEX({plan.rules.band_labels},1{limits}))'
    return {**formulas, f"rank_{part}": f'IF({own}="","",{place})', f"band_{part}": f'IF({rank}="","",{band})'}


def _place(own: str, all_of: str, descending: bool, count: str, tie: str) -> str:
    order = 0 if descending else 1
    rank = f"RANK({own},{all_of},{order})"
    if tie == "average":
        return f"{rank}+({count}+1-{rank}-RANK({own},{all_of},{1 - order}))/2"
    return rank


def _place_of_outsider(own: str, all_of: str, descending: bool, tie: str) -> str:
    better = f"1+SUMPRODUCT(ISNUMBER({all_of})*({all_of}{'>' if descending else '<'}{own}))"
    return f"{better}+(MAX(1,COUNTIF({all_of},{own}))-1)/2" if tie == "average" else better


def dense_place(better: str, weights: str) -> str:
    """A place without gaps: one more than the number of different better values."""
    return f"1+ROUND(SUMPRODUCT(({better})*{weights}),0)"


def peer_points(plan: Plan, item: Indicator) -> str:
    """Points of the bands in the item's own row: the mean of N and M, or N alone."""
    counted = ("n",) if plan.rulebook.scoring.peer_of == "n" and "n" in item.ranked else item.ranked
    earned = "+".join(band_coefficient(plan, f"{plan.letter(f'{item.id}:band_{part}')}#") for part in counted)
    points = plan.rules.points[item.id]
    return f"{points}*({earned})/{len(counted)}" if len(counted) > 1 else f"{points}*{earned}"


def band_coefficient(plan: Plan, band: str) -> str:
    return f"VLOOKUP({band},{plan.rules.band_table},3,FALSE)"


def sum_formulas(plan: Plan) -> dict[str, str]:
    """The sums of one company; blank where nothing is scored."""
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
    """Status, places in province, city and county of a company that competes and has a usable form."""
    items = [item for item in plan.rulebook.indicators if item.kind == "ratio" or has_marks]
    scored = f"COUNT({_cells(plan, [f'{item.id}:score' for item in items])})"
    status, city, county = (f"{plan.letter(field)}#" for field in ("status_text", "city", "county"))
    own, total = f"{plan.letter('compared')}#", f"{plan.letter('total')}#"
    rounded = f"ROUND(ROUND(N({total}),{NOISE_DECIMALS}),{plan.rulebook.scoring.rank_decimals})"
    everywhere = place_among(plan, "weight", own, [])
    in_city, in_county = [("city", city)], [("city", city), ("county", county)]
    formulas = {
        "status_text": f'IF({scored}={len(items)},"已排名","暂排（缺 "&({len(items)}-{scored})&" 项）")',
        "compared": f'IF({status}="已排名",{rounded},"")',
        "rank": f'IF({own}="","",{everywhere})',
        "rank_in_city": f'IF(OR({own}="",{city}=""),"",{place_among(plan, "weight_in_city", own, in_city)})',
        "rank_in_county": (
            f'IF(OR({own}="",{city}="",{county}=""),"",{place_among(plan, "weight_in_county", own, in_county)})'
        ),
        "place_text": f'IF({own}="","（"&({place_among(plan, "weight", rounded, [])})&"）","")',
    }
    if plan.rulebook.scoring.tie == "dense":
        weights = {"weight": [], "weight_in_city": in_city, "weight_in_county": in_county}
        for name, within in weights.items():
            alike = ",".join(f"{plan.among(field)},{cell}" for field, cell in [*within, ("compared", own)])
            unknown = ",".join(f'{cell}=""' for cell in [own, *(cell for _, cell in within)])
            formulas[name] = f"IF(OR({unknown}),0,1/COUNTIFS({alike}))"
    return formulas


def place_among(plan: Plan, weight: str, own: str, within: list[tuple[str, str]]) -> str:
    """The place of a rounded total among the ranked companies of the province, a city or a county."""
    totals = plan.among("compared")
    if plan.rulebook.scoring.tie == "dense":
        same = "".join(f"({plan.among(field)}={cell})*" for field, cell in within)
        return dense_place(f"{same}({totals}>{own})", plan.among(weight))
    conditions = [f"{plan.among(field)},{cell}" for field, cell in within]
    return f"1+COUNTIFS({','.join([*conditions, f'{totals},{chr(34)}>{chr(34)}&{own}'])})"
