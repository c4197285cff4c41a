"""Every result sheet's columns as pure rows: field, Chinese header, width, role. A new column is a new row here."""

from __future__ import annotations

from pipeline.rulebook import Indicator, Rulebook
from pipeline.writers.book import Column, text_width

# 附件2's eleven columns: widths and roles by the rulebook's column id; the headers are the rulebook's own.
NOMINATION_LOOKS = {
    "order": (7, "center"),
    "county": (15, "center"),
    "company": (28, "body"),
    "business": (26, "body"),
    "revenue": (14, "number"),
    "profit": (13, "number"),
    "it_spend": (23, "number"),
    "cloud_spend": (12, "number"),
    "contact": (11, "center"),
    "phone": (16, "center"),
    "recommendation": (16, "body"),
}

# What the program's own words are called in Chinese.
FILE_KINDS = {
    "assessment": "附件1",
    "nomination": "附件2",
    "marks": "专家评分",
    "pool": "培育库",
    "decisions": "人工决定",
    "own_output": "本程序的输出",
    "evidence": "佐证材料",
    "archive": "压缩包",
    "unrecognised": "没有认出",
    "unreadable": "读不出",
    "ignored": "不需读取",
}
ANSWER_STATES = {"ok": "有数", "blank": "空白", "none": "无", "error": "错误", "absent": "不用填"}

# What a county can mend: files, layout, values, cross-checks, the program's own faults. The letters left out are
# the province's business, and issues of experts would name them.
COUNTY_LETTERS = ("F", "T", "V", "X", "B")

REGION_PLACE = (Column("city", "市", 10, "center"), Column("county", "区县", 16, "center"))
COMPANY_PLACE = (*REGION_PLACE, Column("company", "企业名称", 32))
# The long listings do without the city: a company stands there once for every indicator.
COUNTY_COMPANY = COMPANY_PLACE[1:]

PUBLIC_LIST = (
    Column("order", "序号", 8, "center"),
    Column("city", "市", 14, "center"),
    Column("county", "区县", 18, "center"),
    Column("company", "企业名称", 48),
)

# Places and sums of one company. In a 试算 the places are headed 试算….
PLACES = (
    Column("rank", "全省名次", 8, "whole"),
    Column("rank_in_city", "全市名次", 8, "whole"),
    Column("rank_in_county", "区县名次", 8, "whole"),
)
STATUS = Column("status_text", "状态", 17, "center")
PROVISIONAL_PLACE = Column("place_text", "暂排名次", 8, "center")
SUMS = (
    Column("total", "总分", 9, "points"),
    Column("objective_total", "客观分\n（75）", 9, "points"),
    Column("expert_total", "专家分\n（25）", 9, "points"),
    Column("self_total", "自评分合计\n（75）", 11, "points"),
    Column("peer_total", "横向评分合计\n（75）", 11, "points"),
)

POOL_PRINTED = (
    Column("level", "级别", 10, "center"),
    Column("region", "地区", 12, "center"),
    Column("item", "项目", 16, "center"),
    Column("printed", "表上写的", 12, "mark"),
    Column("value", "重算", 12, "mark"),
    Column("difference", "相差", 12, "mark"),
    Column("verdict", "结论", 10, "center"),
    Column("file", "文件", 36),
    Column("sheet", "工作表", 14),
    Column("cell", "单元格", 9, "center"),
)

# 审计底稿
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
# The small tables of 说明 and 规则 stand below each other: their columns share these widths.
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
RULINGS = (
    Column("topic", "事项", 24),
    Column("sentence", "采用的规则", 46),
    Column("reason", "为什么要定", 34),
    Column("alternatives", "可选的其他规则", 36),
    Column("state", "是否已确认", 16, "center"),
)
# Where a company's figures stand in 审计底稿: a link can only lead into its own workbook.
AUDIT_PLACE = Column("audit_place", "审计底稿位置", 26, "center")
EVIDENCE = (Column("evidence", "佐证材料\n（件）", 11, "whole"),)
DECISIONS = (
    Column("kind", "决定种类", 14, "center"),
    Column("about", "事项", 40),
    Column("decided", "决定", 28),
    Column("reason", "理由", 36),
    Column("decider", "决定人", 12, "center"),
    Column("date", "日期", 14, "center"),
    Column("state", "结果", 14, "center"),
)
# The same in the widths of RULINGS, under which it stands in 说明.
SIGNED_DECISIONS = (
    Column("kind", "决定种类", 24, "center"),
    Column("about", "事项", 46),
    Column("decided", "决定", 34),
    Column("reason", "理由", 36),
    Column("signed", "决定人、日期", 16, "center"),
)
TIES = (
    Column("indicator", "指标", 24, "center"),
    Column("part", "N 或 M", 46, "center"),
    Column("band", "等级", 34, "center"),
    Column("rank", "并列名次", 36, "whole"),
    Column("size", "并列企业数", 16, "whole"),
)

# 审计底稿 专家汇总: four small tables below each other that share the widths of PANEL_COMPANIES.
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

# 问题清单
FILES = (
    Column("order", "序号", 7, "whole"),
    Column("path", "文件", 44),
    Column("sheet", "工作表", 18),
    Column("kind", "读作", 14, "center"),
    Column("company", "企业", 28),
    Column("city", "市", 10, "center"),
    Column("county", "区县", 12, "center"),
    Column("remark", "说明", 40),
    Column("sha256", "文件指纹\n（SHA-256 前 12 位）", 20, "line"),
)
REMINDERS = (
    *REGION_PLACE,
    Column("state", "情况", 14, "center"),
    Column("nominated", "推荐企业", 9, "whole"),
    Column("assessed", "附件1", 9, "whole"),
    Column("errors", "错误", 8, "whole"),
    Column("remarks", "提醒", 8, "whole"),
    Column("text", "可直接发送的话", 90),
)
ISSUES = (
    Column("order", "序号", 7, "whole"),
    Column("id", "编号", 13, "center"),
    Column("level", "级别", 7, "center"),
    Column("city", "市", 9, "center"),
    Column("county", "区县", 10, "center"),
    Column("company", "企业", 24),
    Column("file", "文件", 30),
    Column("sheet", "工作表", 13),
    Column("cell", "单元格", 8, "center"),
    Column("found", "填的是", 16),
    Column("finding", "问题", 44),
    Column("fix", "怎么改", 40),
    Column("state", "状态", 9, "center"),
    Column("explanation", "情况说明", 30),
)
# The same list in a county's own folder: how a right answer looks, who mends it, and room for the county's answer.
# The headers 编号 and 情况说明 are what the answers are found by when the folder comes back.
COUNTY_ISSUES = (
    Column("order", "序号", 6, "whole"),
    Column("id", "编号", 13, "center"),
    Column("level", "级别", 7, "center"),
    Column("file", "文件", 22),
    Column("sheet", "工作表", 10),
    Column("cell", "单元格", 8, "center"),
    Column("company", "企业", 18),
    Column("item", "事项", 12, "center"),
    Column("found", "填的是", 12),
    Column("finding", "问题", 34),
    Column("fix", "怎么改", 30),
    Column("example", "正确的例子", 13),
    Column("mender", "谁来改", 8, "center"),
    Column("answer", "情况说明", 24, "input"),
)
# The same again in a marked copy, which is one workbook.
MARKED_ISSUES = tuple(
    column for column in COUNTY_ISSUES if column.id not in ("file", "company", "example", "mender")
)
# What keeps a whole 附件1 from being scored.
WHOLE_FORM_CODES = ("X05", "V04")
# 为什么是这个分: one item a row, on one page.
SCORE_PAGE = (
    Column("dimension", "评价维度", 14, "center"),
    Column("item", "指标（分值）", 28, "center"),
    Column("unit", "单位", 8, "center"),
    Column("n", "N", 9, "number"),
    Column("m", "M", 9, "number"),
    Column("self_score", "自评分", 7, "points"),
    Column("rank_n", "N 名次", 9, "center"),
    Column("band_n", "N 等级", 7, "center"),
    Column("peer_n", "N 横向\n评分", 7, "points"),
    Column("step_n", "N 距上一等级", 17, "center"),
    Column("rank_m", "M 名次", 9, "center"),
    Column("band_m", "M 等级", 7, "center"),
    Column("peer_m", "M 横向\n评分", 7, "points"),
    Column("step_m", "M 距上一等级", 17, "center"),
    Column("peer_score", "横向评分", 9, "points"),
    Column("score", "得分", 7, "points"),
    Column("dimension_score", "维度\n得分", 8, "points"),
    Column("reason", "说明", 18, "center"),
)


def _in_panel_widths(rows: tuple[tuple[str, str, str], ...]) -> tuple[Column, ...]:
    return tuple(Column(field, label, width, role) for (field, label, role), width in zip(rows, _PANEL_WIDTHS, strict=False))


PANEL_EXPERTS = _in_panel_widths(_PANEL_EXPERTS)
PANEL_OUTLIERS = _in_panel_widths(_PANEL_OUTLIERS)
PANEL_RECUSALS = _in_panel_widths(_PANEL_RECUSALS)


def nomination_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """附件2's official columns, in the notice's order, headers with its line breaks."""
    return tuple(
        Column(column.id, column.header, *NOMINATION_LOOKS.get(column.id, (14, "body")))
        for column in rulebook.nomination_columns
    )


def places(trial: bool, columns: tuple[Column, ...] = PLACES) -> tuple[Column, ...]:
    """The rank columns, headed 试算… in a trial run."""
    return tuple(column._replace(label=f"试算\n{column.label}") for column in columns) if trial else columns


def dimension_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """One column of points per dimension, its name on one line."""
    return tuple(
        Column(entry.id, f"{entry.label}\n（{entry.points}）", max(10, text_width(entry.label) + 2), "points")
        for entry in rulebook.dimensions
    )


def indicator_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """One column of item points per indicator; the field is the indicator's id in front of `:score`."""
    return tuple(
        Column(f"{item.id}:score", f"{item.label}\n（{item.points}）", 10, "points") for item in rulebook.indicators
    )


def company_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """A company's ranks, place, status and sums: the beginning of 排名 and 得分."""
    return (
        *places(trial), *COMPANY_PLACE, STATUS, *places(trial, (PROVISIONAL_PLACE,)), *SUMS,
        *dimension_columns(rulebook),
    )  # fmt: skip


def ranking_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """Sheet 排名: every score and rank of a company."""
    return (*company_columns(rulebook, trial), *indicator_columns(rulebook), AUDIT_PLACE)


def county_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """What a county sees of each of its companies beside 附件2's own columns."""
    return (*places(trial), STATUS, *SUMS[:3], *dimension_columns(rulebook))


def mark_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """审计底稿 专家: one company and expert a row, one column per 标杆示范 item."""
    items = (Column(item.id, item.label, 14, "adjustable_mark") for item in rulebook.expert_indicators)
    return (
        *COUNTY_COMPANY, Column("expert", "专家", 14, "center"), *items,
        Column("file", "文件", 36, "line"), Column("sheet", "工作表", 16, "line"), Column("cell", "单元格", 38, "line"),
    )  # fmt: skip


def limit_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """审计底稿 规则: how many companies an item ranks and the last place of each band but the last."""
    widths = [column.width for column in INDICATORS[2:]]
    limits = (
        Column(f"limit_{number}", f"{band.label}到第几名", widths[number] if number < len(widths) else 14, "whole")
        for number, band in enumerate(rulebook.bands[:-1])
    )
    return (Column("label", "指标", 24, "center"), Column("ranked", "参排企业数", 46, "whole"), *limits)


def score_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """审计底稿 得分: places and sums of a company, how every item's points come about, and what only formulas need."""
    items = [column for item in rulebook.indicators for column in item_columns(item)]
    helpers = [Column("compared", "排名所用的\n总分", 14, "number")]
    if rulebook.scoring.tie == "dense":
        helpers += [Column(field, label, 14, "number") for field, label in _dense_helpers(rulebook)]
    return (*company_columns(rulebook, trial), *items, *EVIDENCE, *helpers)


def _dense_helpers(rulebook: Rulebook) -> list[tuple[str, str]]:
    """1 ÷ the number of companies that share a value: what a place without gaps (1, 1, 2) is added up from."""
    ranked = [
        (f"{item.id}:weight_{part}", f"{item.label} {part.upper()}\n并列权数")
        for item in rulebook.ratio_indicators
        for part in item.ranked
    ]
    totals = [("weight", "总分\n并列权数"), ("weight_in_city", "市内\n并列权数"), ("weight_in_county", "区县内\n并列权数")]
    return ranked + totals


def item_columns(item: Indicator) -> tuple[Column, ...]:
    """Sheet 得分: how one indicator's points come about; expert items have the merged mark alone."""
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
