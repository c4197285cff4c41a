"""人工决定: its sheets and their columns. One row is one decision, with who decided, why and when."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.issues.where import Where

WORKBOOK_NAME = "人工决定.xlsx"
SUGGESTIONS_NAME = "人工决定_建议.xlsx"
NAMED_FILE = "（指定的）"  # in front of the name of a file that --decisions named
NAMES_EXPERTS = "专家对应"  # the kind of decision that names experts
ABOUT_JOINED = "　"  # between the cells that say what a listed decision is about


@dataclass(frozen=True)
class DecisionColumn:
    """One column of a sheet. aliases: further headers that it is known by."""

    id: str
    header: str
    aliases: tuple[str, ...] = ()
    width: float = 18
    optional: bool = False


@dataclass(frozen=True)
class DecisionSheet:
    """One sheet: its name, its purpose, and its own columns, of which the last is the decision itself."""

    name: str
    purpose: str
    columns: tuple[DecisionColumn, ...]


@dataclass(frozen=True, eq=False)
class Decision:
    """One signed row: the name of its sheet, its cells by column id, and its own cell. Compared by identity."""

    kind: str
    values: dict[str, str]
    where: Where


_COMPANY = DecisionColumn("company", "企业", ("企业名称",), 32)
_COUNTY = DecisionColumn("county", "区县", ("正式区县",), 18)

SIGNED = (
    DecisionColumn("reason", "理由", (), 36),
    DecisionColumn("decider", "决定人", (), 14),
    DecisionColumn("date", "日期", ("决定日期",), 14),
)

SHEETS = (
    DecisionSheet(
        "企业对应",
        "表中写的企业名称就是哪一家企业",
        (
            DecisionColumn("written", "表中名称", ("写法",), 32),
            DecisionColumn("company", "正式名称", ("企业", "企业名称"), 32),
        ),
    ),
    DecisionSheet(
        "地区对应",
        "表中写的地区就是哪个区县",
        (DecisionColumn("written", "写法", ("表中写法",), 24), _COUNTY),
    ),
    DecisionSheet("归属", "企业属于哪个区县", (_COMPANY, _COUNTY)),
    DecisionSheet(
        "采用值",
        "附件1的某个 N、M 或附件2的某个数（N/M 一栏留空）采用哪个数",
        (
            _COMPANY,
            DecisionColumn("indicator", "指标", (), 16),
            DecisionColumn("part", "N/M", ("N或M",), 8, optional=True),
            DecisionColumn("raw", "原值", (), 18, optional=True),
            DecisionColumn("value", "采用值", (), 14),
        ),
    ),
    DecisionSheet(
        "采用文件",
        "同一企业有几份不同的表时采用哪一份",
        (_COMPANY, DecisionColumn("file", "文件", (), 60)),
    ),
    DecisionSheet(
        NAMES_EXPERTS,
        "评分表中的专家写法就是哪一位专家",
        (
            DecisionColumn("written", "表中姓名", ("写法", "表中名称"), 24),
            DecisionColumn("expert", "正式姓名", ("专家", "专家姓名"), 24),
        ),
    ),
    DecisionSheet("剔除", "企业退出本次推荐", (_COMPANY,)),
    DecisionSheet("零报送", "区县没有推荐企业", (_COUNTY,)),
    DecisionSheet(
        "接受说明",
        "某个问题已经说明、可以接受",
        (
            DecisionColumn("id", "问题编号", ("编号",), 18),
            DecisionColumn("raw", "原值", (), 24, optional=True),
            DecisionColumn("note", "说明", (), 36),
        ),
    ),
    DecisionSheet(
        "规则确认",
        "确认一条暂定的规则，或改用它的另一个选项",
        (
            DecisionColumn("ruling", "规则", (), 30),
            DecisionColumn("adopted", "采用", (), 44),
            DecisionColumn("basis", "依据", (), 36),
        ),
    ),
)
