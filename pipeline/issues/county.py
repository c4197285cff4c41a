"""What a county is told about an issue besides its text: who mends it, an example of a right answer, and another text
where the usual one would quote material that is not the county's own."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.issues.catalogue import (
    ALONE_BY_FOLDER,
    ANSWER_NOT_READ,
    ARCHIVE_TYPE_UNSUPPORTED,
    ARCHIVE_UNREADABLE,
    ASSESSMENT_MISSING,
    ASSESSMENTS_CONFLICT,
    CAPTION_NOT_FOUND,
    CELL_NOT_TAKEN,
    CHANGED_IN_RESULTS,
    CLOUD_EXCEEDS_IT_SPEND,
    CODE_IN_TWO_FORMS,
    COMPANY_NAME_INFERRED,
    COUNTED_FROM_NO_FOLDER,
    COUNTY_CONTRADICTORY,
    COUNTY_UNCLEAR,
    CREDIT_CODE_DIGITS_LOST,
    CREDIT_CODE_INVALID,
    CREDIT_CODES_CONFLICT,
    EMPTY_FILE,
    EXAMPLE_ROW_SKIPPED,
    EXAMPLE_SHEET_SKIPPED,
    FILE_CHANGED_WHILE_READING,
    FILE_TOO_LARGE,
    FILE_UNREADABLE,
    FORM_IN_WORD,
    FORM_NOT_FILLED,
    FORM_NOT_RECOGNISED,
    FORM_ON_SEVERAL_SHEETS,
    FORMS_DIFFER,
    HALF_ANSWERED,
    HIDDEN_CONTENT_READ,
    HIDDEN_SHEET_SKIPPED,
    INDICATOR_NOT_FOUND,
    INDICATOR_TWICE,
    ITEMS_LEFT_BLANK,
    LINK_LEADS_OUTSIDE,
    LIST_NOT_READ,
    MARKED_COPY_TAKEN,
    MERGED_COMPANY_NAME,
    N_EXCEEDS_M,
    NAME_NOT_TAKEN,
    NAME_PARTLY_STRUCK,
    NAMES_SHARE_CREDIT_CODE,
    NIL_RETURN_CONTRADICTED,
    NIL_RETURN_FROM_ELSEWHERE,
    NO_COMPANY_NAME,
    NO_COUNTY,
    NO_TEXT_IN_CELL,
    NO_TICKS_N_USED,
    NO_TICKS_NO_N,
    NOMINATED_FROM_ELSEWHERE,
    NOMINATION_CELLS_BLANK,
    NOMINATION_COLUMNS_MISSING,
    NOMINATION_MISSING,
    NOMINATIONS_CONFLICT,
    NOT_A_WORKBOOK,
    NOT_IN_CITY_POOL,
    NUMBER_IN_CAPTION,
    ONLY_NAME_IN_ROW,
    ORDER_NUMBERS_BROKEN,
    OTHER_SHEET_NOT_READ,
    OTHER_SHEET_REPEATS,
    PASSWORD_PROTECTED,
    PHONE_DIGITS_LOST,
    PHONE_INVALID,
    PROFIT_EXCEEDS_REVENUE,
    PROVINCIAL_FILE_IN_COUNTY,
    READING_BROKE_OFF,
    RECOMMENDATION_UNCLEAR,
    REMARK,
    RESULTS_SAVED_AGAIN,
    ROW_WITHOUT_COMPANY,
    SAME_ASSESSMENT_REPEATED,
    SAME_NOMINATIONS_REPEATED,
    SEVERAL_COMPANIES_MIXED,
    STATEMENT_HEADER_MISSING,
    STATEMENT_ID_UNKNOWN,
    STATEMENT_OUTSIDE_COLUMN,
    STRAY_NUMBER,
    SYNERGY_EXCEEDS_SUM,
    SYNERGY_SUM_IN_ERROR,
    SYNERGY_SUM_ZERO,
    SYSTEM_LIST_DIFFERS,
    TICKS_DIFFER_FROM_N,
    TICKS_UNCLEAR,
    TOTAL_IS_ZERO,
    TWO_COLUMNS_OF_ONE_HEADER,
    UNIT_SLIP,
    UNKNOWN_CAPTION_UNIT,
    UNKNOWN_COLUMN_UNIT,
    UNKNOWN_FILE_TYPE,
    UNKNOWN_TICK_MARK,
    UNUSUAL_FOR_REVENUE,
    WRONG_YEAR_IN_TITLE,
    ZERO_FOR_TEXT,
)
from pipeline.issues.issue import Issue

COMPANY, COUNTY, PROVINCE = "企业", "区县", "省"

# Issues a county can correct: files, layout, values, cross-checks, faults of the program. The province deals with the
# other letters, and issues about marks would name experts.
COUNTY_LETTERS = ("F", "T", "V", "X", "B")

# Who mends issues of a letter: the company its 附件1, the county its 附件2 and its folder.
_MENDERS = {"F": COUNTY, "T": COMPANY, "V": COMPANY, "X": COUNTY, "B": PROVINCE}
_COUNTY_MENDS = (
    ROW_WITHOUT_COMPANY,
    NOMINATION_COLUMNS_MISSING,
    NO_COUNTY,
    COUNTY_UNCLEAR,
    COUNTY_CONTRADICTORY,
    ALONE_BY_FOLDER,
    ORDER_NUMBERS_BROKEN,
    UNKNOWN_COLUMN_UNIT,
    EXAMPLE_ROW_SKIPPED,
    ONLY_NAME_IN_ROW,
    MERGED_COMPANY_NAME,
    NAME_NOT_TAKEN,
    TWO_COLUMNS_OF_ONE_HEADER,
    LIST_NOT_READ,
    NO_TEXT_IN_CELL,
    ZERO_FOR_TEXT,
    NOMINATION_CELLS_BLANK,
    RECOMMENDATION_UNCLEAR,
    PHONE_DIGITS_LOST,
)
_OF_A_CELL = (CELL_NOT_TAKEN, NAME_PARTLY_STRUCK)  # in either form
_COMPANY_MENDS = (FORM_IN_WORD, UNUSUAL_FOR_REVENUE)

# Unit that a number is asked in -> an example of a number.
_NUMBERS = {"TB": "12.5", "4核16G": "16", "万元": "350.5", "个": "3", "台": "120", "类": "4"}

# An example of how it should be. A code that is not here has an example number of its unit, if it has a unit.
_EXAMPLES = {
    FILE_UNREADABLE: "附件1.xlsx（能正常打开）",
    NOT_A_WORKBOOK: "附件1.xlsx",
    FORM_NOT_RECOGNISED: "下发的空白附件1、附件2",
    UNKNOWN_FILE_TYPE: "只留报送的表和佐证材料",
    FILE_TOO_LARGE: "只有一张附件1、不含图片的 .xlsx",
    READING_BROKE_OFF: "另存后的附件1.xlsx",
    PROVINCIAL_FILE_IN_COUNTY: "由省级办公室存放",
    LINK_LEADS_OUTSIDE: "文件本身，不是快捷方式",
    HIDDEN_CONTENT_READ: "没有隐藏的行、列和工作表",
    EXAMPLE_SHEET_SKIPPED: "工作表名“附件1”",
    ARCHIVE_TYPE_UNSUPPORTED: "解压后的附件1.xlsx",
    HIDDEN_SHEET_SKIPPED: "只留一张附件1",
    PASSWORD_PROTECTED: "不设密码的附件1.xlsx",
    FORM_IN_WORD: "附件1.xlsx",
    STATEMENT_ID_UNKNOWN: "编号与返还的清单相同",
    STATEMENT_HEADER_MISSING: "返还的清单，只填“情况说明”",
    FILE_CHANGED_WHILE_READING: "放好不再改动的附件1.xlsx",
    STATEMENT_OUTSIDE_COLUMN: "写在“情况说明”栏",
    CHANGED_IN_RESULTS: "改在报来的附件2里",
    RESULTS_SAVED_AGAIN: "改在报来的附件1、附件2里",
    EMPTY_FILE: "能打开、有内容的文件",
    ARCHIVE_UNREADABLE: "能解压的附件.zip",
    INDICATOR_NOT_FOUND: "补上这一项的名称和 N、M 两格",
    INDICATOR_TWICE: "每个指标只出现一次",
    STRAY_NUMBER: "写在 N 说明下面的空格里",
    CAPTION_NOT_FOUND: "N：（照下发的表写）",
    NO_COMPANY_NAME: "企业名称：（企业全称）",
    COMPANY_NAME_INFERRED: "企业名称：（企业全称）",
    ROW_WITHOUT_COMPANY: "补上企业全称，或删去这一行",
    NOMINATION_COLUMNS_MISSING: "与下发的附件2相同的 11 栏",
    WRONG_YEAR_IN_TITLE: "与本次通知相同的年份",
    TICKS_UNCLEAR: "√ 研发数据",
    NUMBER_IN_CAPTION: "写在说明下面的空格里",
    ANSWER_NOT_READ: "写在说明下面的空格里",
    NO_COUNTY: "本区县的全称",
    COUNTY_UNCLEAR: "设区市加区县全称",
    ALONE_BY_FOLDER: "在附件2的“区县”栏写上区县全称",
    COUNTY_CONTRADICTORY: "材料放在企业所属区县的文件夹里，写同一个区县",
    ORDER_NUMBERS_BROKEN: "1、2、3、4",
    UNKNOWN_COLUMN_UNIT: "（万元）",
    EXAMPLE_ROW_SKIPPED: "只留真实的企业",
    UNKNOWN_CAPTION_UNIT: "（单位：个）",
    SEVERAL_COMPANIES_MIXED: "一家企业一张工作表",
    ONLY_NAME_IN_ROW: "填好这一行各栏，或删去这一行",
    MERGED_COMPANY_NAME: "一家企业一行，不合并",
    NAME_NOT_TAKEN: "没有删除线的企业全称，或删去这一行",
    CELL_NOT_TAKEN: "没有删除线的内容",
    NAME_PARTLY_STRUCK: "没有删除线的企业全称",
    OTHER_SHEET_NOT_READ: "全部企业写在一张有表头的工作表上",
    OTHER_SHEET_REPEATS: "只留报送的工作表",
    FORM_ON_SEVERAL_SHEETS: "一家企业一张完整的附件1",
    TWO_COLUMNS_OF_ONE_HEADER: "每个标题只有一栏",
    NO_TEXT_IN_CELL: "直接写文字，不用公式",
    ZERO_FOR_TEXT: "直接写文字，不用公式",
    LIST_NOT_READ: "一张名单，一家企业一行",
    HALF_ANSWERED: "N 填 3，M 填 5；没有填 0",
    ITEMS_LEFT_BLANK: "没有的填 0",
    FORM_NOT_FILLED: "每项都填 N 和 M",
    TOTAL_IS_ZERO: "N=3，M=5",
    N_EXCEEDS_M: "N=3，M=5",
    SYNERGY_EXCEEDS_SUM: "N=6，五项之和为 7",
    SYNERGY_SUM_ZERO: "N=2，五项之和为 7",
    SYNERGY_SUM_IN_ERROR: "先改正所列各项",
    TICKS_DIFFER_FROM_N: "勾 4 类，N 填 4",
    NO_TICKS_N_USED: "√ 研发数据",
    NO_TICKS_NO_N: "√ 研发数据",
    UNKNOWN_TICK_MARK: "√",
    NOMINATION_CELLS_BLANK: "没有填 0",
    RECOMMENDATION_UNCLEAR: "推荐",
    PHONE_DIGITS_LOST: "0571-88000000（文本格式）",
    CREDIT_CODE_DIGITS_LOST: "18 位代码（文本格式），与营业执照相同",
    CREDIT_CODE_INVALID: "18 位代码，与营业执照相同",
    FORMS_DIFFER: "两处都填 120",
    UNIT_SLIP: "两处都按万元填 120",
    CLOUD_EXCEEDS_IT_SPEND: "上云 150，信息化 200",
    PROFIT_EXCEEDS_REVENUE: "利润 800，收入 9000",
    ASSESSMENT_MISSING: "附件1中写与附件2相同的企业全称",
    NOMINATION_MISSING: "附件2中写与附件1相同的企业全称",
    SAME_NOMINATIONS_REPEATED: "只报一份附件2",
    NOMINATIONS_CONFLICT: "只推荐一次",
    SAME_ASSESSMENT_REPEATED: "一家企业一份附件1",
    ASSESSMENTS_CONFLICT: "一家企业一份附件1",
    PHONE_INVALID: "0571-88000000",
    UNUSUAL_FOR_REVENUE: "属实的不必改",
    NOT_IN_CITY_POOL: "先入市级库",
    NAMES_SHARE_CREDIT_CODE: "两处写同一个企业全称",
    CREDIT_CODES_CONFLICT: "一家企业一个代码",
    CODE_IN_TWO_FORMS: "18 位代码，与营业执照相同",
    COUNTED_FROM_NO_FOLDER: "材料放在本区县的文件夹里",
    SYSTEM_LIST_DIFFERS: "M 为 3、N 为 2，清单列 3 个、上云 2 个",
    NIL_RETURN_CONTRADICTED: "写“无”或列出推荐企业，只留一种",
    NOMINATED_FROM_ELSEWHERE: "只写本区县推荐的企业",
    NIL_RETURN_FROM_ELSEWHERE: "各区县自己报“无”",
}
_AS_IT_IS, _AS_SAID = "属实的不必改", "照“怎么改”"


class _Elsewhere(NamedTuple):
    """facts: the names of the facts that name a file; text: the text when that file is not the county's."""

    facts: tuple[str, ...]
    text: str


# While an issue of these is open, the company may belong to no county.
COUNTY_QUESTIONS = (COUNTY_UNCLEAR, COUNTY_CONTRADICTORY, NOMINATIONS_CONFLICT)

NOT_OURS = "（不在本区县报送的材料中）"
_ELSEWHERE = {
    STATEMENT_ID_UNKNOWN: _Elsewhere(
        ("about",), "返还的问题清单里有情况说明没有用上：编号不是本程序给的，或不是本区县的问题。"
    ),
    STATEMENT_HEADER_MISSING: _Elsewhere(
        ("about",), "这是返还的问题清单，但找不到“编号”和“情况说明”两栏的表头，其中的情况说明没有读到。"
    ),
    STATEMENT_OUTSIDE_COLUMN: _Elsewhere(
        ("about",), "返还的问题清单里，“情况说明”栏以外写了字，看不出说的是哪个问题，没有用上。"
    ),
    ALONE_BY_FOLDER: _Elsewhere(("list",), "这家企业只凭附件1放的文件夹计入本区县，附件2里没有写区县。"),
    NO_COMPANY_NAME: _Elsewhere((), "这张附件1没有写明是哪家企业的。"),
    NOMINATED_FROM_ELSEWHERE: _Elsewhere((), "这一行推荐的企业由别的区县推荐，或与它自己区县报送的不一致，没有采用。"),
    NIL_RETURN_FROM_ELSEWHERE: _Elsewhere((), "这里替别的区县写了没有推荐企业，没有采用。"),
    COUNTY_UNCLEAR: _Elsewhere((), "看不出这家企业是哪个区县的，暂不列入任何区县。"),
    COUNTY_CONTRADICTORY: _Elsewhere(
        (),
        "这里写的企业或区县，与放的文件夹、推荐它的区县对不上，暂不采用；不是本区县的材料请撤回，是本区县的请核对企业名称和区县。",
    ),
    ASSESSMENT_MISSING: _Elsewhere(
        ("papers",), "附件2推荐了这家企业，但没有收到它的附件1（或附件1无法读取），未评分。"
    ),
    NOMINATION_MISSING: _Elsewhere((), "收到了这家企业的附件1，但没有任何附件2推荐它，不参加排名。"),
    SAME_NOMINATIONS_REPEATED: _Elsewhere(("other",), f"这里推荐的企业另有一份推荐{NOT_OURS}，只计一次。"),
    NOMINATIONS_CONFLICT: _Elsewhere(
        ("other",),
        f"这家企业别处也报了，内容不同，暂不列入任何区县；另一处{NOT_OURS}。本区县的没有错时不必改，确属本区县的请告诉省级办公室。",
    ),
    SAME_ASSESSMENT_REPEATED: _Elsewhere(("other",), f"收到两份内容相同的附件1，只计一次；另一份{NOT_OURS}。"),
    ASSESSMENTS_CONFLICT: _Elsewhere(
        ("used",), f"收到这家企业两份内容不同的附件1，最多采用一份；其中有一份{NOT_OURS}。"
    ),
    CHANGED_IN_RESULTS: _Elsewhere(("lists",), "这是返还的结果，其中附件2有改动，没有采用：返还的结果不作为数据读取。"),
    RESULTS_SAVED_AGAIN: _Elsewhere(
        (), "这是返还的结果，又被存过一次；返还的结果不作为数据读取，在里面改的内容没有采用。"
    ),
    MARKED_COPY_TAKEN: _Elsewhere(("other",), f"这是返还的标注副本改好后报回来的，代替原来的一份{NOT_OURS}。"),
    NAMES_SHARE_CREDIT_CODE: _Elsewhere(
        ("other",), f"这家企业的统一社会信用代码与另一处的相同，按同一家企业计；另一处{NOT_OURS}。"
    ),
    CREDIT_CODES_CONFLICT: _Elsewhere(
        ("codes",), f"统一社会信用代码与另一处的互相矛盾，看不出是不是同一家企业；另一处{NOT_OURS}。"
    ),
    CODE_IN_TWO_FORMS: _Elsewhere(
        (), f"这家企业附件1里的统一社会信用代码，另一家企业的附件1也写了；另一份{NOT_OURS}。"
    ),
    COUNTED_FROM_NO_FOLDER: _Elsewhere(("files",), f"采用的材料里有不放在本区县文件夹里的{NOT_OURS}，由省里核对。"),
}
_ANYTHING = _Elsewhere((), f"这一处涉及另一份材料{NOT_OURS}，由省里核对。")
# Their fix quotes nothing, so that it can stand whatever the text names.
CURES_STAND = (
    NOMINATED_FROM_ELSEWHERE,
    NIL_RETURN_FROM_ELSEWHERE,
    STATEMENT_ID_UNKNOWN,
    STATEMENT_HEADER_MISSING,
    STATEMENT_OUTSIDE_COLUMN,
)
ELSEWHERE_FIX = "请核对本区县的材料；本区县的没有错时不必改，由省里核对另一处。"


def county_can_mend(issue: Issue) -> bool:
    """True for an open issue that is a county's (or city's) to mend, wherever it is counted or listed."""
    return issue.code.startswith(COUNTY_LETTERS) and issue.state != "已接受"


def mender_of(issue: Issue) -> str:
    """Who mends it: 企业, 区县 or 省. What has a column's label and no indicator is a value of 附件2, so the county's."""
    if issue.code in _COMPANY_MENDS:
        return COMPANY
    in_nomination = (issue.code[0] == "V" or issue.code in _OF_A_CELL) and not issue.indicator and bool(issue.part)
    if issue.code in _COUNTY_MENDS or in_nomination:
        return COUNTY
    return _MENDERS.get(issue.code[0], PROVINCE)


def example_of(issue: Issue, unit: str = "") -> str:
    """A made-up right answer. unit: that of the number asked for, "" without one."""
    number = _NUMBERS.get(unit, "") if issue.code[0] == "V" else ""
    return _EXAMPLES.get(issue.code) or number or (_AS_IT_IS if issue.level == REMARK else _AS_SAID)


def facts_naming_files(issue: Issue) -> tuple[str, ...]:
    """The names of the issue's facts that name another file of the input."""
    facts = _ELSEWHERE.get(issue.code, _ANYTHING).facts
    return facts if issue.code != ASSESSMENT_MISSING or issue.facts.get("papers") else ()


def said_elsewhere(issue: Issue) -> str:
    """The issue's text without anything that is not the county's own."""
    return _ELSEWHERE.get(issue.code, _ANYTHING).text
