"""What a county is told of an issue beyond its text: who mends it, how a right answer looks, and other words where the
text would quote what is not the county's own."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.issues.catalogue import REMARK
from pipeline.issues.issue import Issue

COMPANY, COUNTY, PROVINCE = "企业", "区县", "省"

# Whoever the letter alone points to; 附件1 is a company's, 附件2 and the folder its county's.
_MENDERS = {"F": COUNTY, "T": COMPANY, "V": COMPANY, "X": COUNTY, "B": PROVINCE}
_COUNTY_MENDS = ("T07", "T08", "T13", "T14", "T15", "T16", "T18", "T19", "T22", "T23", "V35", "V36", "V37")
_COMPANY_MENDS = ("F14", "X14")

# A right number by the unit it is asked in.
_NUMBERS = {"TB": "12.5", "4核16G": "16", "万元": "350.5", "个": "3", "台": "120", "类": "4"}

# How it looks when it is right; a code that is not here shows a number of the unit asked for, if it has one.
_EXAMPLES = {
    "F01": "附件1.xlsx（能正常打开）",
    "F02": "附件1.xlsx",
    "F03": "下发的空白附件1、附件2",
    "F04": "只留报送的表和佐证材料",
    "F05": "只有一张附件1、不含图片的 .xlsx",
    "F06": "另存后的附件1.xlsx",
    "F07": "由省级办公室存放",
    "F08": "文件本身，不是快捷方式",
    "F09": "没有隐藏的行和工作表",
    "F10": "工作表名“附件1”",
    "F11": "解压后的附件1.xlsx",
    "F12": "只留一张附件1",
    "F13": "不设密码的附件1.xlsx",
    "F14": "附件1.xlsx",
    "F15": "编号与返还的清单相同",
    "F16": "返还的清单，只填“情况说明”",
    "F17": "放好不再改动的附件1.xlsx",
    "F18": "由省级办公室存放",
    "F21": "写在“情况说明”栏",
    "F19": "能打开、有内容的文件",
    "F20": "能解压的附件.zip",
    "T01": "补上这一项的名称和 N、M 两格",
    "T02": "每个指标只出现一次",
    "T03": "写在 N 说明下面的空格里",
    "T04": "N：（照下发的表写）",
    "T05": "企业名称：（企业全称）",
    "T06": "企业名称：（企业全称）",
    "T07": "补上企业全称，或删去这一行",
    "T08": "与下发的附件2相同的 11 栏",
    "T09": "与本次通知相同的年份",
    "T10": "√ 研发数据",
    "T11": "写在说明下面的空格里",
    "T12": "写在说明下面的空格里",
    "T13": "本区县的全称",
    "T14": "设区市加区县全称",
    "T15": "两处写同一个区县",
    "T16": "1、2、3、4",
    "T18": "（万元）",
    "T19": "只留真实的企业",
    "T20": "（单位：个）",
    "T21": "一家企业一张工作表",
    "T22": "填好这一行各栏，或删去这一行",
    "T23": "一家企业一行，不合并",
    "V02": "N 填 3，M 填 5；没有填 0",
    "V03": "没有的填 0",
    "V04": "每项都填 N 和 M",
    "V24": "N=3，M=5",
    "V25": "N=3，M=5",
    "V26": "N=6，五项之和为 7",
    "V27": "N=2，五项之和为 7",
    "V28": "先改正所列各项",
    "V30": "勾 4 类，N 填 4",
    "V31": "√ 研发数据",
    "V32": "√ 研发数据",
    "V33": "√",
    "V35": "没有填 0",
    "V36": "推荐",
    "V37": "0571-88000000（文本格式）",
    "V38": "18 位代码，与营业执照相同",
    "X01": "两处都填 120",
    "X02": "两处都按万元填 120",
    "X03": "上云 150，信息化 200",
    "X04": "利润 800，收入 9000",
    "X05": "附件1中写与附件2相同的企业全称",
    "X06": "附件2中写与附件1相同的企业全称",
    "X07": "只报一份附件2",
    "X08": "只推荐一次",
    "X09": "一家企业一份附件1",
    "X10": "一家企业一份附件1",
    "X11": "0571-88000000",
    "X12": "属实的不必改",
    "X14": "属实的不必改",
    "X15": "先入市级库",
    "X16": "两处写同一个企业全称",
    "X17": "一家企业一个代码",
    "X18": "M 为 3、N 为 2，清单列 3 个、上云 2 个",
    "X19": "写“无”或列出推荐企业，只留一种",
}
_AS_IT_IS, _AS_SAID = "属实的不必改", "照“怎么改”"


class _Elsewhere(NamedTuple):
    """Facts that name a file, and what is said instead of the text when that file is not the county's."""

    places: tuple[str, ...]
    text: str


COUNTY_QUESTIONS = ("T14", "T15", "X08")  # while one is open, the company may be of no county

NOT_OURS = "（不在本区县报送的材料中）"
_ELSEWHERE = {
    "F15": _Elsewhere(("about",), "返还的问题清单里有情况说明没有用上：编号不是本程序给的，或不是本区县的问题。"),
    "F16": _Elsewhere(("about",), "这是返还的问题清单，但找不到“编号”和“情况说明”两栏的表头，其中的情况说明没有读到。"),
    "F21": _Elsewhere(("about",), "返还的问题清单里，“情况说明”栏以外写了字，看不出说的是哪个问题，没有用上。"),
    "T05": _Elsewhere((), "这张附件1没有写明是哪家企业的。"),
    "T14": _Elsewhere((), "看不出这家企业是哪个区县的，暂不列入任何区县。"),
    "T15": _Elsewhere((), "这家企业的区县在各处材料中写得不一致，暂不列入任何区县。"),
    "X05": _Elsewhere((), "附件2推荐了这家企业，但没有收到它的附件1（或附件1无法读取），未评分。"),
    "X06": _Elsewhere((), "收到了这家企业的附件1，但没有任何附件2推荐它，不参加排名。"),
    "X07": _Elsewhere(("other",), f"这里推荐的企业另有一份推荐{NOT_OURS}，只计一次。"),
    "X08": _Elsewhere(("other",), f"这家企业被推荐了两次，内容不同；另一处{NOT_OURS}。"),
    "X09": _Elsewhere(("other",), f"收到两份内容相同的附件1，只计一次；另一份{NOT_OURS}。"),
    "X10": _Elsewhere(("used", "other"), f"收到这家企业两份内容不同的附件1，只采用了一份；其中有一份{NOT_OURS}。"),
    "X16": _Elsewhere(("other",), f"这家企业的统一社会信用代码与另一处的相同，按同一家企业计；另一处{NOT_OURS}。"),
    "X17": _Elsewhere(("codes",), f"统一社会信用代码与另一处的互相矛盾，看不出是不是同一家企业；另一处{NOT_OURS}。"),
}
_ANYTHING = _Elsewhere((), f"这一处涉及另一份材料{NOT_OURS}，由省里核对。")
CURES_STAND = ("F15", "F16", "F21")  # their cure quotes nothing
ELSEWHERE_FIX = "请核对本区县的材料；本区县的没有错时不必改，由省里核对另一处。"


def mender_of(issue: Issue) -> str:
    """Who mends it: 企业, 区县 or 省. A value with a column's label and no indicator stands in 附件2, the county's."""
    if issue.code in _COMPANY_MENDS:
        return COMPANY
    in_the_countys_list = issue.code[0] == "V" and not issue.indicator and bool(issue.part)
    if issue.code in _COUNTY_MENDS or in_the_countys_list:
        return COUNTY
    return _MENDERS.get(issue.code[0], PROVINCE)


def example_of(issue: Issue, unit: str = "") -> str:
    """A right answer, made up; `unit`: the one its number is asked in."""
    number = _NUMBERS.get(unit, "") if issue.code[0] == "V" else ""
    return _EXAMPLES.get(issue.code) or number or (_AS_IT_IS if issue.level == REMARK else _AS_SAID)


def places_named_by(issue: Issue) -> tuple[str, ...]:
    """The facts that name another file of the input."""
    return _ELSEWHERE.get(issue.code, _ANYTHING).places


def said_elsewhere(issue: Issue) -> str:
    """What is seen and should be, without a word of what is not the county's own."""
    return _ELSEWHERE.get(issue.code, _ANYTHING).text
