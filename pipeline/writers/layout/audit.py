"""Columns of 审计底稿."""

from __future__ import annotations

from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import COMPANY, COUNTY_COMPANY, company_columns

FIRST_SCORE_ROW = 4  # of 得分, as Excel counts: below the title, the indicators' names and the header
ANSWER_STATES = {"ok": "有数", "blank": "空白", "none": "无", "error": "错误", "absent": "不用填"}

ANSWERS = (
    *COUNTY_COMPANY,
    Column("indicator", "指标", 12, "center"),
    Column("n_raw", "N 原值", 16),
    Column("n_read", "N 识别值", 12, "number"),
    Column("n", "N 采用值", 12, "adjustable"),
    Column("n_state", "N 情况", 9, "center"),
    Column("n_cell", "N 单元格", 9, "center"),
    Column("m_raw", "M 原值", 16),
    Column("m_read", "M 识别值", 12, "number"),
    Column("m", "M 采用值", 12, "adjustable"),
    Column("m_state", "M 情况", 9, "center"),
    Column("m_cell", "M 单元格", 9, "center"),
    Column("counted", "能否计分", 9, "center"),
    Column("file", "文件", 46, "line"),
    Column("sheet", "工作表", 22, "line"),
)
RANKINGS = (
    *COUNTY_COMPANY,
    Column("indicator", "指标", 12, "center"),
    Column("ranked", "参排企业数", 11, "whole"),
    Column("n", "N", 12, "number"),
    Column("rank_n", "N 名次", 8, "number"),
    Column("band_n", "N 等级", 8, "center"),
    Column("peer_n", "N 横向评分", 11, "points"),
    Column("m", "M", 12, "number"),
    Column("rank_m", "M 名次", 8, "number"),
    Column("band_m", "M 等级", 8, "center"),
    Column("peer_m", "M 横向评分", 11, "points"),
    Column("peer_score", "横向评分", 10, "points"),
)
RECOGNISED = (
    Column("company", "企业名称", 32),
    Column("indicator", "指标", 14, "center"),
    Column("raw", "原值", 24),
    Column("read", "识别值", 16),
    Column("adopted", "采用值", 16),
    Column("rule", "识别办法", 36),
    Column("file", "文件", 46, "line"),
    Column("sheet", "工作表", 22, "line"),
    Column("cell", "单元格", 9, "center"),
)

# The small tables of 规则 stand below each other, so that all share these widths.
INDICATORS = (
    Column("label", "指标", 24, "center"),
    Column("source", "M 的来源", 46),
    Column("dimension", "评价维度", 34, "center"),
    Column("ranked", "参加排名的值", 36, "center"),
    Column("unit", "单位", 16, "center"),
    Column("points", "分值", 10, "mark"),
)
BANDS = (
    Column("label", "等级", 24, "center"),
    Column("share", "名次界限（占参排企业数）", 46, "ratio"),
    Column("coefficient", "得该项分值的", 34, "adjustable_ratio"),
)
PARAMETERS = (
    Column("label", "参数", 24, "center"),
    Column("value", "数值", 46, "adjustable_mark"),
    Column("use", "用在哪里", 34),
)
PARAMETER_LABELS = {
    "self_share": ("自评分的比重", "每项得分 = 自评分 × 此数 + 横向评分 × 下一行"),
    "peer_share": ("横向评分的比重", "同上"),
    "trim_from": ("满几个分数起去头尾", "满此数起，专家评分去掉一个最高分、一个最低分"),
}
EVIDENCE = (Column("evidence", "佐证材料\n（件）", 11, "whole"),)

# 专家汇总: four small tables below each other, all in the widths of PANEL_COMPANIES.
PANEL_COMPANIES = (
    Column("county", "区县", 20, "center"),
    Column("company", "企业名称", 38),
    Column("widest_item", "分差最大的项", 25, "center"),
    Column("experts", "打分专家数", 10, "whole"),
    Column("marks", "打分数", 10, "whole"),
    Column("spread", "同项标准差\n（分）", 11, "points"),
    Column("widest", "同项最大\n分差（分）", 11, "mark"),
    Column("rule", "专家分\n（计分）", 10, "points"),
    Column("mean", "平均\n（参考）", 10, "points"),
    Column("trimmed", "去一高一低\n（参考）", 11, "points"),
    Column("adjusted", "宽严校正\n（参考）", 10, "points"),
    Column("rank_rule", "全省名次\n（计分）", 10, "whole"),
    Column("rank_mean", "按平均的\n名次", 10, "whole"),
    Column("rank_trimmed", "按去高低\n的名次", 10, "whole"),
    Column("rank_adjusted", "按校正的\n名次", 10, "whole"),
    Column("group", "可比组", 9, "whole"),
)
_PANEL_WIDTHS = tuple(column.width for column in PANEL_COMPANIES)
_PANEL_EXPERTS = (
    ("expert", "专家", "center"),
    ("words", "与其他专家相比", "body"),
    ("companies", "表上企业数", "whole"),
    ("complete", "评完", "whole"),
    ("partial", "评了一部分", "whole"),
    ("blank", "没有评", "whole"),
    ("recused", "回避", "whole"),
    ("marks", "打分数", "whole"),
    ("mean", "平均得分率", "ratio"),
    ("spread", "得分率\n标准差", "ratio"),
    ("compared", "可比的\n打分数", "whole"),
    ("distance", "与其他专家\n平均相差", "ratio"),
    ("leniency", "宽严估计", "ratio"),
    ("group", "可比组", "whole"),
)
_PANEL_OUTLIERS = (
    ("expert", "专家", "center"),
    ("company", "企业名称", "body"),
    ("item", "评分项", "center"),
    ("mark", "打分", "mark"),
    ("median", "各专家\n中位数", "mark"),
    ("marks", "打分专家数", "whole"),
    ("difference", "相差（分）", "mark"),
    ("verdict", "畸高或畸低", "center"),
    ("cell", "单元格", "center"),
    ("signature", "复核签字", "center"),
)
_PANEL_RECUSALS = (
    ("expert", "专家", "center"),
    ("company", "企业名称", "body"),
    ("items", "回避的项数", "whole"),
    ("reason", "理由", "body"),
)


def _in_panel_widths(rows: tuple[tuple[str, str, str], ...]) -> tuple[Column, ...]:
    """Columns from (field, label, role), in the widths of PANEL_COMPANIES."""
    return tuple(
        Column(field, label, width, role) for (field, label, role), width in zip(rows, _PANEL_WIDTHS, strict=False)
    )


PANEL_EXPERTS = _in_panel_widths(_PANEL_EXPERTS)
PANEL_OUTLIERS = _in_panel_widths(_PANEL_OUTLIERS)
PANEL_RECUSALS = _in_panel_widths(_PANEL_RECUSALS)


def mark_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """专家: one row per company and expert, one column per expert indicator."""
    items = (Column(item.id, item.label, 14, "adjustable_mark") for item in rulebook.expert_indicators)
    return (
        *COUNTY_COMPANY,
        Column("expert", "专家", 14, "center"),
        *items,
        Column("file", "文件", 36, "line"),
        Column("sheet", "工作表", 16, "line"),
        Column("cell", "单元格", 38, "line"),
    )


def limit_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """规则, per ratio item: the number of ranked companies and the last rank of every band but the last."""
    widths = [column.width for column in INDICATORS[2:]]
    limits = (
        Column(f"limit_{number}", f"{band.label}到第几名", widths[number] if number < len(widths) else 14, "whole")
        for number, band in enumerate(rulebook.bands[:-1])
    )
    return (Column("label", "指标", 24, "center"), Column("ranked", "参排企业数", 46, "whole"), *limits)


def score_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """得分: ranks and sums of a company, the figures behind every item's points, and helper columns for the formulas."""
    items = [column for item in rulebook.indicators for column in item_columns(item)]
    helpers = [Column("compared", "排名所用的\n总分", 14, "number")]
    if rulebook.scoring.tie == "dense":
        helpers += [Column(field, label, 14, "number") for field, label in _dense_helpers(rulebook)]
    return (*company_columns(rulebook, trial), *items, *EVIDENCE, *helpers)


def _dense_helpers(rulebook: Rulebook) -> list[tuple[str, str]]:
    """Field and label of the weights from which formulas add up ranks without gaps (1, 1, 2). A weight is 1 ÷ the number
    of companies that share the value."""
    ranked = [
        (f"{item.id}:weight_{part}", f"{item.label} {part.upper()}\n并列权数")
        for item in rulebook.ratio_indicators
        for part in item.ranked
    ]
    totals = [
        ("weight", "总分\n并列权数"),
        ("weight_in_city", "市内\n并列权数"),
        ("weight_in_county", "区县内\n并列权数"),
    ]
    return ranked + totals


def item_columns(item: Indicator) -> tuple[Column, ...]:
    """得分: the figures behind one indicator's points; an expert item has the merged mark only."""
    if item.kind == "expert":
        return (Column(f"{item.id}:score", "得分", 9, "points"),)
    m_columns = (("rank_m", "M 名次", 7, "number"), ("band_m", "M 等级", 7, "center")) if "m" in item.ranked else ()
    fields = (
        ("n", f"N（{item.unit}）", 10, "number"),
        ("m", f"M（{item.unit}）", 10, "number"),
        ("self_score", "自评分", 8, "points"),
        ("rank_n", "N 名次", 7, "number"),
        ("band_n", "N 等级", 7, "center"),
        *m_columns,
        ("ranked", "参排数", 7, "whole"),
        ("peer_score", "横向评分", 9, "points"),
        ("score", "得分", 8, "points"),
    )
    return tuple(Column(f"{item.id}:{name}", *look) for name, *look in fields)


# 名次区间 and 规则影响.
RANGES = (
    Column("rank", "全省名次", 8, "whole"),
    *COMPANY,
    Column("best", "最好名次", 8, "whole"),
    Column("low", "九成区间\n起", 9, "whole"),
    Column("high", "九成区间\n止", 9, "whole"),
    Column("worst", "最差名次", 8, "whole"),
    Column("verdict", "稳定性", 8, "center"),
    Column("line", "最不稳的\n分界线", 14, "center"),
    Column("side", "现在", 7, "center"),
    Column("share_inside", "在线内的\n次数占比", 10, "ratio"),
    Column("lever", "能使其越线的一个数", 44),
)
EFFECTS = (
    Column("kind", "改动", 16, "center"),
    Column("name", "规则或专家", 30),
    Column("choice", "改用", 40),
    Column("shift", "平均移动\n（位）", 10, "center"),
    Column("largest", "最多移动\n（位）", 10, "whole"),
    Column("crossing", "越过分界线\n（家）", 12, "whole"),
)
