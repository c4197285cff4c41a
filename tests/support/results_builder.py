"""A small made-up province as `Results`, with every status in it; figures are plausible, not computed."""

from __future__ import annotations

from pipeline.issues.catalogue import (
    ASSESSMENT_MISSING,
    NUMBER_UNCLEAR,
    PRINTED_FIGURE_DIFFERS,
    UNIT_CONVERTED,
    UNKNOWN_FILE_TYPE,
)
from pipeline.issues.issue import Issue, numbered
from pipeline.issues.where import Where
from pipeline.model.results import Results, Standing, TieNote
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import (
    ANSWERS,
    ENTERPRISES,
    FILES,
    MARKS,
    NUMBER,
    RECOGNISED,
    REGIONS,
    SCORES,
    TOTALS,
    frame,
)
from pipeline.stages.orders import compare_orders
from pipeline.stages.panel import compare_experts
from tests.support.rulebooks import tested_rulebook

# status, rank, city, county, company, share of the full points
COMPANIES = """
已排名 1 杭州市 萧山区 杭州云帆精密制造有限公司 0.93
已排名 2 宁波市 北仑区 宁波海曜汽车零部件股份有限公司 0.8800004
已排名 3 杭州市 萧山区 杭州智联电机有限公司 0.88
已排名 4 杭州市 余杭区 浙江青禾智能装备有限公司 0.61
暂排 4 杭州市 萧山区 杭州蓝桥数控机床有限公司 0.65
未评分 - 宁波市 北仑区 宁波恒岳模具有限公司 -
未推荐 - 杭州市 余杭区 杭州启明阀门有限公司 0.5
不予推荐 - 杭州市 萧山区 杭州旧梦纺织有限公司 0.4
已剔除 - 宁波市 北仑区 宁波星河铸造厂 0.3
"""
PHONE, CONTACT = "13900000001", "王一"


def build_results(
    *,
    trial: bool = True,
    has_marks: bool = True,
    demo: bool = False,
    copies: int = 1,
    rulebook: Rulebook | None = None,
) -> Results:
    """The province of COMPANIES; `copies` repeats its companies under numbered names for tests of size."""
    rulebook = (rulebook or tested_rulebook()).model_copy(update={"sha256": "0" * 64})
    reasons = ("待处理的错误 2 处", "应报 90 个区县，未交 87 个", "暂定规则 7 条未确认") if trial else ()
    companies = [
        (*line.split()[:4], f"{line.split()[4]}{copy or ''}", line.split()[5])
        for line in COMPANIES.strip().splitlines()
        for copy in range(copies)
    ]
    scores = frame([row for company in companies for row in _score_rows(company, rulebook, has_marks)], SCORES)
    marks = frame([row for company in companies if has_marks for row in _mark_rows(company, rulebook)], MARKS)
    totals = _totals(companies, scores, rulebook, has_marks)
    enterprises = frame([_enterprise(company, number) for number, company in enumerate(companies, 1)], ENTERPRISES)
    files = frame(_file_rows(companies), FILES)
    lists = files[files["kind"] == "nomination"]
    return Results(
        rulebook=rulebook,
        date=str(rulebook.date),
        standing=Standing(final=not trial, reasons=reasons, has_marks=has_marks, demo=demo),
        enterprises=enterprises,
        orders=compare_orders(totals, enterprises, rulebook.region_order),
        answers=frame([row for company in companies for row in _answer_rows(company, rulebook)], ANSWERS),
        marks=marks,
        scores=scores,
        totals=totals,
        panel=compare_experts(marks, totals, rulebook) if has_marks else None,
        regions=frame(region_rows(rulebook), REGIONS),
        recognised=frame(_recognised_rows(), RECOGNISED),
        files=files,
        issues=numbered(_issues()),
        tie_notes=[TieNote("research", "n", "一等", 2, 6)],
        nil_returns=(("杭州市", "淳安县"),),
        lists=frozenset(zip(lists["city"], lists["county"], strict=True)),
    )


def _key(company: tuple) -> str:
    return company[4]


def _file(company: tuple) -> str:
    return f"{company[2]}/{company[3]}/附件1/{company[4]}.xlsx"


def _enterprise(company: tuple, number: int) -> dict:
    status, _, city, county, name, _ = company
    nominated = status != "未推荐"
    row = {
        "key": _key(company),
        "company": name,
        "city": city,
        "county": county,
        "nominated": nominated,
        "assessed": status != "未评分",
        "answered": status != "未评分",
        "refused": status == "不予推荐",
        "excluded": status == "已剔除",
        "form_where": Where(_file(company), "附件1", "A3") if status != "未评分" else Where(),
    }
    if nominated:
        row |= {
            "order": number,
            "business": "高端数控装备、汽车零部件的研发、生产与销售",
            "revenue": 123456.78 / number,
            "profit": -800.5 if number == 3 else 5432.1,
            "it_spend": 860 + number,
            "cloud_spend": 430 + number,
            "contact": CONTACT,
            "phone": PHONE,
            "recommendation": "不推荐" if status == "不予推荐" else "同意推荐",
            "where": Where(f"{city}/{county}/附件2.xlsx", "附件2", f"C{number + 3}"),
        }
    return row


def _score_rows(company: tuple, rulebook: Rulebook, has_marks: bool) -> list[dict]:
    status, rank, _, _, name, share = company
    rows = []
    for number, item in enumerate(rulebook.indicators):
        row = {"key": _key(company), "company": name, "indicator": item.id}
        unscored = share == "-" or (status == "暂排" and number < 2)
        if item.kind == "ratio" and not unscored:
            points = 5 * float(share)
            row |= {
                "n": 8.5 + number,
                "m": 10 + number,
                "self_score": points,
                "rank_n": int(rank) if rank != "-" else 5,
                "ranked": 4,
                "band_n": "一等",
                "peer_n": points,
                "peer_score": points,
                "score": points,
                "n_where": Where(_file(company), "附件1", f"E{5 + number}"),
                "m_where": Where(_file(company), "附件1", f"G{5 + number}"),
            }
            if "m" in item.ranked:
                row |= {"rank_m": 2, "band_m": "二等", "peer_m": points}
        elif item.kind == "expert" and has_marks and not unscored:
            row |= {"expert_score": float(item.points) * float(share), "score": float(item.points) * float(share)}
        rows.append(row)
    return rows


def _answer_rows(company: tuple, rulebook: Rulebook) -> list[dict]:
    status, _, _, _, _, share = company
    if share == "-":
        return []
    rows = []
    for number, item in enumerate(rulebook.ratio_indicators):
        bad = status == "暂排" and number < 2
        n = 8.5 + number
        rows.append(
            {
                "key": _key(company),
                "indicator": item.id,
                "n_raw": "待定" if bad else f"{n}",
                "m_raw": f"{10 + number}",
                "n": None if bad else n,
                "n_read": None if bad else n,
                "m": 10 + number,
                "m_read": 10 + number,
                "n_state": "error" if bad else "ok",
                "m_state": "ok",
                "valid": not bad,
                "n_where": Where(_file(company), "附件1", f"E{5 + number}"),
                "m_where": Where(_file(company), "附件1", f"G{5 + number}"),
            }
        )
    return rows


def _mark_rows(company: tuple, rulebook: Rulebook) -> list[dict]:
    if company[0] in ("未评分", "未推荐"):
        return []
    return [
        {
            "key": _key(company),
            "indicator": item.id,
            "expert": expert,
            "mark": mark,
            "state": state,
            "where": Where(f"专家评分/{expert}.xlsx", "Sheet1", "C5"),
        }
        for item in rulebook.expert_indicators
        for expert, mark, state in (("李专家", 3.5, "given"), ("张专家", None, "recused"))
    ]


def _totals(companies: list[tuple], scores, rulebook: Rulebook, has_marks: bool):
    rows = []
    points = {item.id: float(item.points) for item in rulebook.indicators}
    kinds = {item.id: item.kind for item in rulebook.indicators}
    dimension_of = {item.id: item.dimension for item in rulebook.indicators}
    by_company = dict(iter(scores.groupby("key")))
    for status, rank, city, county, name, _ in companies:
        own = by_company[name].dropna(subset=["score"])
        row = {"key": name, "company": name, "city": city, "county": county, "status": status, "missing": 0}
        if len(own):
            expert = own["indicator"].map(kinds) == "expert"
            row |= {
                "self_total": own["self_score"].sum(),
                "peer_total": own["peer_score"].sum(),
                "objective_total": own.loc[~expert, "score"].sum(),
                "total": own["score"].sum(),
            }
            row |= {"expert_total": own.loc[expert, "score"].sum()} if has_marks else {}
            row |= own.groupby(own["indicator"].map(dimension_of))["score"].sum().to_dict()
        if status == "已排名":
            row |= {"rank": int(rank), "rank_in_city": 1, "rank_in_county": 1, "provisional_rank": int(rank)}
        if status == "暂排":
            row |= {"provisional_rank": int(rank), "missing": 2}
        rows.append(row)
    assert sum(points.values()) == 100
    return frame(rows, {**TOTALS, **{entry.id: NUMBER for entry in rulebook.dimensions}})


# 附件3 of the notice, city level: new counts of the three years, in the notice's order of cities.
NEW_COUNTS = {
    "市级": "14 84 58 19 107 82 6 65 49 5 53 52 12 34 52 4 28 65 5 62 49 3 16 23 1 5 5 5 26 36 1 9 16",
    "区县级": "14 189 114 19 210 178 6 246 87 5 124 124 12 53 81 4 41 86 5 127 105 3 17 35 1 14 9 5 71 100 1 21 24",
}


def region_rows(rulebook: Rulebook) -> list[dict]:
    """Rows of REGIONS from the notice's own figures; it prints 142.7% for 绍兴市 where 97/68 is 142.6%."""
    rows = []
    for level in rulebook.pool.levels:
        counts = [int(text) for text in NEW_COUNTS[level.id].split()]
        regions = {
            city: {**dict(zip(("2021", "2022", "2023"), counts[3 * at :], strict=False)), "target": level.targets[city]}
            for at, city in enumerate(rulebook.city_names)
        }
        sums = {item: sum(region[item] for region in regions.values()) for item in regions["杭州市"]}
        for region, counted in {**regions, rulebook.pool.total_label: sums}.items():
            cumulative = counted["2021"] + counted["2022"] + counted["2023"]
            items = {**counted, "cumulative": cumulative, "progress": cumulative / counted["target"]}
            for item in ("2021", "2022", "2023", "cumulative", "target", "progress"):
                row = {"level": level.id, "region": region, "item": item, "value": items[item]}
                if (level.id, region, item) == ("市级", "绍兴市", "progress"):
                    row |= {"printed": 1.427, "where": Where("培育库.xlsx", "市级", "H10")}
                if (level.id, region, item) == ("市级", "绍兴市", "cumulative"):
                    row |= {"printed": 97, "where": Where("培育库.xlsx", "市级", "F10")}
                rows.append(row)
    return rows


def _recognised_rows() -> list[dict]:
    return [
        {
            "file": "杭州市/萧山区/附件1/杭州云帆精密制造有限公司.xlsx",
            "sheet": "附件1",
            "cell": "E5",
            "company": "杭州云帆精密制造有限公司",
            "indicator": "cloud_storage",
            "raw": "500GB",
            "read": "0.48828125",
            "adopted": "0.48828125",
            "rule": "单位换算：GB → TB，÷1024",
        }
    ]


def _file_rows(companies: list[tuple]) -> list[dict]:
    counties = sorted({(company[2], company[3]) for company in companies})
    rows = [
        {"path": f"{city}/{county}/附件2.xlsx", "sheet": "附件2", "kind": "nomination", "city": city, "county": county}
        for city, county in counties
    ]
    rows += [
        {
            "path": _file(company),
            "sheet": "附件1",
            "kind": "assessment",
            "company": name,
            "city": city,
            "county": county,
        }
        for company in companies
        for status, _, city, county, name, _ in [company]
        if status != "未评分"
    ]
    rows += [
        {"path": "培育库.xlsx", "sheet": "市级", "kind": "pool"},
        {"path": "培育库.xlsx", "sheet": "区县级", "kind": "pool"},
        {
            "path": "杭州市/萧山区/说明.txt",
            "kind": "unrecognised",
            "city": "杭州市",
            "county": "萧山区",
            "remark": "不是工作簿",
        },
    ]
    return [{**row, "sha256": "0" * 64} for row in sorted(rows, key=lambda row: (row["path"], row.get("sheet", "")))]


def _issues() -> list[Issue]:
    bridge, forge = "杭州蓝桥数控机床有限公司", "宁波恒岳模具有限公司"
    form = f"杭州市/萧山区/附件1/{bridge}.xlsx"
    return [
        Issue(
            NUMBER_UNCLEAR,
            Where(form, "附件1", "E5"),
            bridge,
            "cloud_storage",
            "N",
            "待定",
            {"unit": "，单位 TB"},
            "杭州市",
            "萧山区",
        ),
        Issue(
            ASSESSMENT_MISSING,
            Where("宁波市/北仑区/附件2.xlsx", "附件2", "C9"),
            forge,
            facts={"candidates": ""},
            city="宁波市",
            county="北仑区",
        ),
        Issue(UNKNOWN_FILE_TYPE, Where("杭州市/萧山区/说明.txt"), city="杭州市", county="萧山区"),
        Issue(
            UNIT_CONVERTED,
            Where("杭州市/余杭区/附件1/浙江青禾智能装备有限公司.xlsx", "附件1", "E5"),
            "浙江青禾智能装备有限公司",
            "cloud_storage",
            "N",
            "=500GB",
            {"read": "0.48828125"},
            "杭州市",
            "余杭区",
        ),
        Issue(
            PRINTED_FIGURE_DIFFERS,
            Where("培育库.xlsx", "市级", "H10"),
            found="142.7%",
            facts={"level": "市级", "region": "绍兴市", "item": "完成进度", "printed": "142.7%", "value": "142.6%"},
        ),
    ]
