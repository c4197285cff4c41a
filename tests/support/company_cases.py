"""Which company a form is of and which county a company is in, one row a way of writing it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import isnan

from pipeline.model.names import credit_code_valid
from pipeline.readers.settling.gather import Gathered
from tests.support.arrivals import HEADERS, form, nominated, nomination
from tests.support.reading_cases import (
    COMPANY,
    FORM,
    HERE,
    LIST,
    RULEBOOK,
    Case,
    Files,
    visible,
)
from tests.support.workbooks import Cell, form_rows, full_answers, repacked, workbook

OTHER = "浙江新名机械股份有限公司"


def code_of(number: int) -> str:
    """A valid 统一社会信用代码, one for each number."""
    begin = f"91330102MA{number:07d}"
    return next(begin + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if credit_code_valid(begin + last))


ONE, TWO = code_of(1), code_of(2)
ZERO = next(code for code in map(code_of, range(99)) if code.endswith("0"))


def who(tables: Gathered) -> str:
    """Whose form it is: the companies with a form, and what they are called."""
    named = tables.enterprises[tables.enterprises["assessed"]]["company"].tolist()
    return "、".join(f"“{name}”" for name in named) or "不知道是哪家"


def headed(*line: Cell) -> Files:
    """A form under a line of its own, in a file and folder that name nobody."""
    rows, _ = form_rows(RULEBOOK, full_answers(RULEBOOK))
    return {FORM: workbook({"附件1": [list(line), *rows]})}


def labelled(typed: str, *line: Cell, read: str = f"“{COMPANY}”", codes: str = "", note: str = "") -> Case:
    return Case(typed, partial(headed, *line), who, read, codes, note)


def named(
    typed: str, path: str, read: str, codes: str = "T06", note: str = "", *, sheet: str = "附件1", listed: bool = True
) -> Case:
    """A form whose 企业名称 is blank, in this file and sheet; COMPANY is nominated."""

    def files() -> Files:
        listed_files = {LIST: nomination(nominated(1, COMPANY), nominated(2, "甲乙机械有限公司"))} if listed else {}
        return {**listed_files, path: form("", sheet=sheet)}

    return Case(typed, files, who, read, codes, note)


LABELS = ("企业名称", "企业全称", "单位名称", "公司名称", "申报企业", "申报单位", "填报单位")
NAMES = [
    *(labelled(f"`{label}：{COMPANY}`", f"{label}：{COMPANY}") for label in LABELS),
    *(labelled(f"`{label}（盖章）：` 右边一格写名称", f"{label}（盖章）：", COMPANY) for label in LABELS),
    labelled("`企 业 名 称`，隔一格写名称", "企 业 名 称", None, COMPANY),
    labelled(
        f"`企业名称：{COMPANY}  联系人：张三`", f"企业名称：{COMPANY}  联系人：张三", note="到两个空格或下一个标签为止"
    ),
    labelled(f"`企业名称：{COMPANY} 联系人：张三`", f"企业名称：{COMPANY} 联系人：张三"),
    labelled(f"`企业名称：{COMPANY}（盖章）`", f"企业名称：{COMPANY}（盖章）"),
    labelled(
        "`企业名称：` 右边是 `填报日期：2024年5月8日`",
        "企业名称：",
        None,
        "填报日期：2024年5月8日",
        read="不知道是哪家",
        codes="T05",
        note="右边的一格是别的标签，不是名称",
    ),
    labelled("`企业名称：/`", "企业名称：/", read="不知道是哪家", codes="T05"),
]

SOURCES = [
    named("名称格空着，工作表名是企业名称", f"{HERE}/附件1.xlsx", f"“{COMPANY}”", sheet=COMPANY),
    named(
        f"名称格空着，文件名 `附件1-{COMPANY}最终.xlsx`",
        f"{HERE}/附件1-{COMPANY}最终.xlsx",
        f"“{COMPANY}”",
        note="推荐企业里最长的名称",
    ),
    named("名称格空着，文件夹名是企业名称", f"{HERE}/{COMPANY}/附件1.xlsx", f"“{COMPANY}”"),
    named(
        "工作表名和文件名是两家企业",
        f"{HERE}/{COMPANY}.xlsx",
        "“杭州丙丁公司”",
        sheet="杭州丙丁公司",
        note="先看工作表名，再看文件名、文件夹名",
    ),
    named(
        "文件名 `附件1_上城区_杭州丙丁公司_最终版（盖章）(1) 20240501.xlsx`",
        f"{HERE}/附件1_上城区_杭州丙丁公司_最终版（盖章）(1) 20240501.xlsx",
        "“杭州丙丁公司”",
        note="去掉表名、版本、日期、区县",
    ),
    named(
        "文件名 `3M中国有限公司-附件1.xlsx`",
        f"{HERE}/3M中国有限公司-附件1.xlsx",
        "“3M中国有限公司”",
        note="名称里的数字保留",
    ),
    named(
        "文件名 `附件1 修改 副本.xlsx`，没有推荐企业",
        f"{HERE}/附件1 修改 副本.xlsx",
        "不知道是哪家",
        "T05",
        listed=False,
    ),
    named(
        "文件名 `附件1.xlsx`，本区县还有没交附件1的推荐企业",
        f"{HERE}/附件1.xlsx",
        "不知道是哪家",
        "T05",
        "列出候选，不猜",
    ),
]


def both(typed: str, listed: str = COMPANY, *, code: str = "", list_code: str = "") -> Files:
    """An 附件2 with the one name and a form with the other."""
    row = nominated(1, listed) + (f"|{list_code}" if list_code else "")
    headers = HEADERS + ("|统一社会信用代码" if list_code else "")
    return {LIST: nomination(row, headers=headers), FORM: form(typed, credit_code=code)}


def matched(typed: str, files: Files, read: str, codes: str = "", note: str = "") -> Case:
    return Case(typed, lambda: files, _matched, read, codes, note)


def _matched(tables: Gathered) -> str:
    rows = tables.enterprises[["company", "nominated", "assessed"]].itertuples(index=False, name=None)
    words = {(True, True): "推荐，有附件1", (True, False): "推荐，缺附件1", (False, True): "有附件1，没有推荐"}
    return "；".join(f"“{name}”{words[nominated, assessed]}" for name, nominated, assessed in rows)


SAME = f"“{COMPANY}”推荐，有附件1"
KEYS = [
    matched(
        f"附件1写 {visible('杭州 甲乙机械有限公司（盖章）')}",
        both("杭州 甲乙机械有限公司（盖章）"),
        SAME,
        note="空格、盖章不影响",
    ),
    matched(
        "附件1写全角字母和括号 `ＡＢ（中国）公司`，附件2写 `AB(中国)公司`",
        both("ＡＢ（中国）公司", "AB(中国)公司"),
        "“AB(中国)公司”推荐，有附件1",
    ),
    matched(
        "附件1写 `杭州甲乙机械公司`，附件2写 `杭州甲乙机械有限公司`",
        both("杭州甲乙机械公司"),
        f"“杭州甲乙机械公司”有附件1，没有推荐；“{COMPANY}”推荐，缺附件1",
        note="名称相近也不合并，列为候选请人核对（X05、X06）",
    ),
    matched("两处名称不同，统一社会信用代码相同", both(OTHER, code=ONE, list_code=ONE), SAME, "X16", "代码说了算"),
    matched("附件1没写名称，代码与附件2相同", both("", code=ONE, list_code=ONE), SAME, "T06"),
    matched("两处名称相同，代码不同", both(COMPANY, code=TWO, list_code=ONE), SAME, "X17"),
    matched(f"附件1的代码校验位不对：`{ONE[:-1]}?`", both(COMPANY, code=f"{ONE[:-1]}?"), SAME, "V38"),
    matched("代码最后一位是 0，校验相符", both(COMPANY, code=ZERO), SAME),
]


def county(written: str, folder: str, read: str, codes: str = "", note: str = "") -> Case:
    files = {f"{folder}/附件2.xlsx": nomination(nominated(1, COMPANY, written))}
    return Case(
        f"附件2区县栏 {visible(written or None)}，文件夹 `{folder}`", lambda: files, region_of, read, codes, note
    )


def region_of(tables: Gathered) -> str:
    company = tables.enterprises.iloc[0]
    return f"{company['city']}{company['county']}" if company["county"] else f"{company['city']}，区县待定".lstrip("，")


COUNTIES = [
    county("上城区", "资料", "杭州市上城区"),
    county("上城", "资料", "杭州市上城区", note="别名"),
    county("浙江省杭州市上城区", "资料", "杭州市上城区"),
    county("", HERE, "杭州市上城区", note="看文件夹"),
    county("萧山市", "资料", "杭州市萧山区", note="旧名"),
    county("下城区", "资料", "杭州市拱墅区", note="旧名"),
    county("江干区", "杭州市", "杭州市，区县待定", "T14", "旧名，现在分属两个区"),
    county("宁波前湾新区", "资料", "宁波市慈溪市", note="功能区并入所属区县"),
    county("高新区", "宁波市", "宁波市鄞州区", note="连同设区市才算数"),
    county("高新区", "资料", "区县待定", "T14"),
    county("新城", "资料", "区县待定", "T14"),
    county("开发区", "资料", "区县待定", "T14"),
    county("嘉兴经开区", "嘉兴市", "嘉兴市，区县待定", "T14", "这个功能区跨两个区"),
    county("嘉兴经开区", "嘉兴市/南湖区", "嘉兴市南湖区", note="文件夹说明了是哪一个"),
    county("上成区", "杭州市", "杭州市，区县待定", "T14", "字形相近也不猜"),
    county("余杭区", HERE, "杭州市，区县待定", "T15"),
    county("鄞州区", HERE, "区县待定", "T15"),
    county("", "资料", "区县待定", "T13"),
    Case(
        "附件1表内写 `区县：萧山区`，文件夹 `资料`",
        lambda: {"资料/附件1.xlsx": form(COMPANY, "萧山区", city="杭州市")},
        region_of,
        "杭州市萧山区",
    ),
    Case(
        "只有信用代码里的地区码（330102）",
        lambda: {"资料/附件1.xlsx": form(COMPANY, "", city="", credit_code=ONE)},
        region_of,
        "区县待定",
        "T13",
        "不从信用代码推断",
    ),
]


def saved(content: bytes, when: str) -> bytes:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">'
        f'<dcterms:modified xmlns:dcterms="http://purl.org/dc/terms/">{when}</dcterms:modified></cp:coreProperties>'
    )
    return repacked(content, {"docProps/core.xml": core if when else None})


def two_forms(first: Mapping[str, tuple], second: Mapping[str, tuple], when: tuple[str, str] = ("", "")) -> Files:
    pairs = zip("ab", (first, second), when, strict=True)
    return {f"{HERE}/{name}.xlsx": saved(form(COMPANY, answers=answers), time) for name, answers, time in pairs}


def used(tables: Gathered) -> str:
    """Which of two forms counts, and its N of 研发."""
    row = tables.answers[tables.answers["indicator"] == "research"].iloc[0]
    return f"采用 {row['n_where'].file.rpartition('/')[2]}，研发 N={int(row['n'])}"


def listed_as(tables: Gathered) -> str:
    company = tables.enterprises.iloc[0]
    revenue = "不采用" if isnan(company["revenue"]) else f"{int(company['revenue'])} 万元"
    return f"{len(tables.enterprises)} 家，销售收入 {revenue}，{region_of(tables)}"


CITY_LIST = "杭州市/附件2.xlsx"
DAY_ONE, DAY_TWO = "2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z"
TWICE = [
    Case("同一企业两份附件1，内容相同", lambda: two_forms({}, {}), used, "采用 b.xlsx，研发 N=2", "X09"),
    Case(
        "两份附件1，写法不同而数相同（`２个` 与 `2`）",
        lambda: two_forms({}, {"research": ("２个", "4")}),
        used,
        "采用 b.xlsx，研发 N=2",
        "X09",
    ),
    Case(
        "两份附件1内容不同，a 后保存",
        lambda: two_forms({"research": (1, 4)}, {"research": (3, 4)}, (DAY_TWO, DAY_ONE)),
        used,
        "采用 a.xlsx，研发 N=1",
        "X10",
        "改正前暂用后保存的一份",
    ),
    Case(
        "两份附件1内容不同，只有 a 存有保存时间",
        lambda: two_forms({"research": (1, 4)}, {"research": (3, 4)}, (DAY_ONE, "")),
        used,
        "采用 a.xlsx，研发 N=1",
        "X10",
        "没有保存时间的排在前面",
    ),
    Case(
        "两份附件1内容不同，都没有保存时间",
        lambda: two_forms({"research": (1, 4)}, {"research": (3, 4)}),
        used,
        "采用 b.xlsx，研发 N=3",
        "X10",
        "文件名排在后面的",
    ),
    Case(
        "县和市各推荐一次，内容相同",
        lambda: {LIST: nomination(nominated(1, COMPANY)), CITY_LIST: nomination(nominated(1, COMPANY))},
        listed_as,
        "1 家，销售收入 1000 万元，杭州市上城区",
        "X07",
    ),
    Case(
        "县和市各推荐一次，销售收入不同",
        lambda: {LIST: nomination(nominated(1, COMPANY)), CITY_LIST: nomination(nominated(1, COMPANY, revenue="5"))},
        listed_as,
        "1 家，销售收入 1000 万元，杭州市上城区",
        "X20",
        "区县文件夹里的说了算",
    ),
    Case(
        "两个区各推荐一次",
        lambda: {
            LIST: nomination(nominated(1, COMPANY)),
            "杭州市/余杭区/附件2.xlsx": nomination(nominated(1, COMPANY, "余杭区")),
        },
        listed_as,
        "1 家，销售收入 不采用，区县待定",
        "X08 X08",
        "名称看不出是哪个区县的，两处都不采用，等人工决定",
    ),
]

COMPANY_GROUPS = {
    "是哪家企业：表内的名称格": NAMES,
    "是哪家企业：没写名称格的": SOURCES,
    "是哪家企业：名称与代码": KEYS,
    "属于哪个区县": COUNTIES,
    "重复报送、重复推荐": TWICE,
}
