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
    Column("n", "N 采用值", 12, "number"),
    Column("n_state", "N 情况", 9, "center"),
    Column("n_cell", "N 单元格", 9, "center"),
    Column("m_raw", "M 原值", 16),
    Column("m_read", "M 识别值", 12, "number"),
    Column("m", "M 采用值", 12, "number"),
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
    Column("coefficient", "得该项分值的", 34, "ratio"),
)
RULINGS = (
    Column("topic", "事项", 24),
    Column("sentence", "采用的规则", 46),
    Column("reason", "为什么要定", 34),
    Column("alternatives", "可选的其他规则", 36),
    Column("state", "是否已确认", 16, "center"),
)
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
)
# The same list in a county's own folder: no region columns, and room for the county's answer.
COUNTY_ISSUES = (
    *(column for column in ISSUES if column.id not in ("city", "county", "state")),
    Column("answer", "情况说明", 30),
)


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
    return (*company_columns(rulebook, trial), *indicator_columns(rulebook))


def county_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """What a county sees of each of its companies beside 附件2's own columns."""
    return (*places(trial), STATUS, *SUMS[:3], *dimension_columns(rulebook))


def mark_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """审计底稿 专家: one company and expert a row, one column per 标杆示范 item."""
    items = (Column(item.id, item.label, 14, "mark") for item in rulebook.expert_indicators)
    return (
        *COUNTY_COMPANY, Column("expert", "专家", 14, "center"), *items,
        Column("file", "文件", 36, "line"), Column("sheet", "工作表", 16, "line"), Column("cell", "单元格", 38, "line"),
    )  # fmt: skip


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
