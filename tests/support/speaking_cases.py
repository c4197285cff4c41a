"""Who may say what: for each claim, the place it comes from and what contradicts it, what counts and which issue is raised.

docs/security.md shows these rows as a table, and a test makes each of them from real workbooks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.model.names import credit_code_valid
from pipeline.model.results import Results
from pipeline.model.stamps import DEMO_PROPERTY, original_stamps
from tests.support.arrivals import HEADERS, computed, form, nominated, nomination
from tests.support.small_province import marks
from tests.support.workbooks import repacked, workbook

Files = Mapping[str, bytes]

OWN, OTHER, CITY = "杭州市/萧山区", "杭州市/上城区", "杭州市"
COMPANY = "檀甲机械有限公司"
NAMED = "萧山檀丙化工有限公司"
POOL_ROWS = "地区|2021年新增数|2022年新增数|2023年新增数\n杭州市|1|1|1\n宁波市|2|2|2"


class Row(NamedTuple):
    """One row of the table. claim, place, against: as the table words them; counts: what counts, in the words of
    `seen`; code: of the issue, "" without; files: what arrives; seen: what one sees of it in the results."""

    claim: str
    place: str
    against: str
    counts: str
    code: str
    files: Callable[[], Files]
    seen: Callable[[Results], str]


# -------------------------------------------------------------------- what arrives


def listed(folder: str, *rows: str, name: str = "附件2.xlsx", **options: object) -> Files:
    return {f"{folder}/{name}".lstrip("/"): nomination(*rows, **options)}


def row(county: str = "萧山区", company: str = COMPANY, **cells: str) -> str:
    return nominated(1, company, county, **cells)


def filled(
    folder: str, n: int = 2, company: str = COMPANY, name: str = "甲.xlsx", saved: str = "", **labels: str
) -> Files:
    content = form(company, labels.pop("county", "萧山区"), answers={"research": (n, 9)}, **labels)
    return {f"{folder}/{name}".lstrip("/"): _saved(content, saved) if saved else content}


def _saved(content: bytes, when: str) -> bytes:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">'
        f'<dcterms:modified xmlns:dcterms="http://purl.org/dc/terms/">{when}</dcterms:modified></cp:coreProperties>'
    )
    return repacked(content, {"docProps/core.xml": core})


def credit_code(number: int) -> str:
    begin = f"91330102MA{number:07d}"
    return next(begin + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if credit_code_valid(begin + last))


def coded(folder: str, company: str, county: str, code: str, name: str = "附件2.xlsx") -> Files:
    return listed(folder, f"{row(county, company)}|{code}", name=name, headers=f"{HEADERS}|统一社会信用代码")


def nothing_from(folder: str, county: str = "萧山区", title: str = "", name: str = "无.xlsx") -> Files:
    return listed(folder, f"|{county}|无", title=title, name=name)


def mixed() -> bytes:
    """Marks of another expert, and a list of a county on a further sheet."""
    rows = f"企业名称|云原生应用情况|绩效提升典型案例\n{COMPANY}|0|0"
    return workbook({"评分": f"专家：王五\n{rows}", "附件2": f"{HEADERS}\n{row()}"})


def sample(company: str) -> bytes:
    return nomination(row("萧山区", company), properties={DEMO_PROPERTY: "是"})


LIST = listed(OWN, row(revenue="1000"))
FORM = filled(OWN, 2)
HALF = {"research": ("待定", 9)}
BASE_ISSUE = LIST | {f"{OWN}/甲.xlsx": form(COMPANY, "萧山区", answers=HALF)}


def copied(folder: str, **cells: str) -> Files:
    """A list that says that it was made from LIST."""
    (content,) = LIST.values()
    stamp = original_stamps([hashlib.sha256(content).hexdigest()])
    return listed(folder, row(**cells), name="附件2（改）.xlsx", properties=stamp)


def statement(path: str) -> Files:
    """An explanation of the one V01 of BASE_ISSUE."""
    (issue,) = [issue for issue in computed(BASE_ISSUE).issues if issue.code == "V01"]
    return {path: workbook({"问题清单": f"编号|怎么改|情况说明\n{issue.id}||自有机房"})}


# -------------------------------------------------------------------- what one sees


def company_seen(results: Results) -> str:
    """County, revenue and contact of the company as they count."""
    return _counting(results, COMPANY)


def named_seen(results: Results) -> str:
    return _counting(results, NAMED)


def _counting(results: Results, name: str) -> str:
    rows = results.enterprises[results.enterprises["company"] == name].to_dict("records")
    if not rows:
        return "not nominated"
    (company,) = rows
    if company["revenue"] != company["revenue"]:
        return "listed, nothing counts"
    return f"{company['county'] or 'no county'}, {company['revenue']:g}, {company['contact']}"


def form_seen(results: Results) -> str:
    """The N of 研发 that counts for the company, and its county."""
    company = results.enterprises[results.enterprises["company"] == COMPANY].iloc[0]
    answers = results.answers[(results.answers["key"] == company["key"]) & (results.answers["indicator"] == "research")]
    n = f"N = {answers['n'].iloc[0]:g}" if len(answers) else "no form"
    return f"{n}, {company['county'] or 'no county'}"


def nil_seen(results: Results) -> str:
    counties = [county for _, county in results.nil_returns]
    return "heard from" if "萧山区" in counties else "not heard from"


def marks_seen(results: Results) -> str:
    return f"{len(results.marks)} marks"


def pool_seen(results: Results) -> str:
    regions = results.regions
    known = regions[(regions["item"] == "2021") & regions["value"].notna()]["region"]
    return "、".join(region for region in ("杭州市", "宁波市") if region in set(known)) or "no pool"


def statement_seen(results: Results) -> str:
    return "stands beside the issue" if any(issue.statement for issue in results.issues) else "stands nowhere"


def demo_seen(results: Results) -> str:
    return "演示数据" if results.standing.demo else "real data"


NOMINATED, FORMS, NAMES, CODES = "row of 附件2", "附件1", "name of a file", "credit code"
NIL, MARKS, POOL, SAID, STAMP = "nil return", "marks", "pool", "情况说明", "the sample's stamp"
COPY = "marked copy of its county's list"
THEIRS, CITYS, NEUTRAL, ARCHIVE = "another county's", "its city's", "neutral", "neutral archive"
HERE = "its county's"
KEPT = "萧山区, 1000, 张三"

ROWS = (
    Row(NOMINATED, HERE, "–", KEPT, "", lambda: LIST | FORM, company_seen),
    Row(
        NOMINATED,
        THEIRS,
        "its county's row",
        KEPT,
        "X20",
        lambda: LIST | FORM | listed(OTHER, row("上城区", revenue="5")),
        company_seen,
    ),
    Row(
        NOMINATED,
        THEIRS,
        "its county's row; this one refuses",
        "listed, nothing counts",
        "X08",
        lambda: LIST | FORM | listed(OTHER, row("上城区", verdict="不推荐")),
        company_seen,
    ),
    Row(
        NOMINATED,
        THEIRS,
        "its county's row; this one refuses, the company's name begins with its county",
        KEPT,
        "X20",
        lambda: (
            listed(OWN, row(company=NAMED, revenue="1000"))
            | filled(OWN, company=NAMED)
            | listed(OTHER, row("上城区", NAMED, verdict="不推荐"))
        ),
        named_seen,
    ),
    Row(
        NOMINATED,
        THEIRS,
        "its county's row; this one names that county",
        KEPT,
        "X20",
        lambda: LIST | FORM | listed(OTHER, row("萧山区", contact="钱七", revenue="5")),
        company_seen,
    ),
    Row(
        NOMINATED,
        THEIRS,
        "its own place; nobody else nominates the company",
        "no county, 1000, 张三",
        "T15",
        lambda: listed(OTHER, row("萧山区")) | filled(OTHER, county="上城区"),
        company_seen,
    ),
    Row(NOMINATED, CITYS, "–, its county is silent", KEPT, "", lambda: listed(CITY, row()) | FORM, company_seen),
    Row(
        NOMINATED,
        CITYS,
        "its county's row, which says the same",
        KEPT,
        "X07",
        lambda: LIST | FORM | listed(CITY, row(contact="钱七")),
        company_seen,
    ),
    Row(
        NOMINATED,
        CITYS,
        "its county's row",
        KEPT,
        "X20",
        lambda: LIST | FORM | listed(CITY, row(revenue="5")),
        company_seen,
    ),
    Row(
        NOMINATED,
        CITYS,
        "its county's list, which has no such company",
        "not nominated",
        "X20",
        lambda: listed(OWN, row(company="檀乙电子有限公司")) | listed(CITY, row()),
        company_seen,
    ),
    Row(
        NOMINATED,
        CITYS,
        "its county's nil return",
        "not nominated",
        "X20",
        lambda: nothing_from(OWN) | listed(CITY, row()),
        company_seen,
    ),
    Row(
        NOMINATED,
        "another city's",
        "its own place",
        "no county, 1000, 张三",
        "T15",
        lambda: listed("宁波市", row()) | filled("收件"),
        company_seen,
    ),
    Row(NOMINATED, NEUTRAL, "–", KEPT, "", lambda: listed("", row()) | filled(""), company_seen),
    Row(
        NOMINATED,
        ARCHIVE,
        "–",
        KEPT,
        "",
        lambda: listed("a.zip/萧山区", row("")) | filled("a.zip/萧山区"),
        company_seen,
    ),
    Row(
        NOMINATED,
        ARCHIVE,
        "its county's row, which says the same but for contact and words",
        KEPT,
        "X07",
        lambda: LIST | FORM | listed("a.zip", row(contact="钱七", business="已停产")),
        company_seen,
    ),
    Row(
        NOMINATED,
        ARCHIVE,
        "its county's row",
        KEPT,
        "X20",
        lambda: LIST | FORM | listed("a.zip", row(revenue="5")),
        company_seen,
    ),
    Row(
        NOMINATED,
        ARCHIVE,
        "its county's list, which has no such company",
        "not nominated",
        "X20",
        lambda: listed(OWN, row(company="檀乙电子有限公司")) | listed("a.zip", row()),
        company_seen,
    ),
    Row(
        NOMINATED,
        ARCHIVE,
        "its city's list for the county, which has no such company",
        "not nominated",
        "X20",
        lambda: listed(CITY, row(company="檀乙电子有限公司")) | listed("a.zip", row()),
        company_seen,
    ),
    Row(
        NOMINATED,
        "two neutral",
        "each other's figures",
        "listed, nothing counts",
        "X08",
        lambda: listed("a.zip", row()) | listed("b.zip", row(revenue="5")),
        company_seen,
    ),
    Row(
        NOMINATED,
        "two neutral",
        "each other's county",
        "listed, nothing counts",
        "X08",
        lambda: listed("a.zip", row()) | listed("b.zip", row("余杭区")),
        company_seen,
    ),
    Row(
        NOMINATED,
        "two counties'",
        "each other; nothing tells them apart",
        "listed, nothing counts",
        "X08",
        lambda: LIST | listed(OTHER, row("上城区")),
        company_seen,
    ),
    Row(
        NOMINATED,
        "two counties'",
        "each other; the other refuses",
        "listed, nothing counts",
        "X08",
        lambda: LIST | listed(OTHER, row("上城区", verdict="不推荐")),
        company_seen,
    ),
    Row(
        NOMINATED,
        "two counties'",
        "each other; the company's form lies in one",
        KEPT,
        "X20",
        lambda: LIST | FORM | listed(OTHER, row("上城区")),
        company_seen,
    ),
    Row(
        NOMINATED,
        "two counties'",
        "each other; its own refuses, the other sends a form",
        "listed, nothing counts",
        "X08",
        lambda: listed(OWN, row(verdict="不推荐")) | listed(OTHER, row("上城区")) | filled(OTHER, county="上城区"),
        company_seen,
    ),
    Row(
        NOMINATED,
        "two counties'",
        "each other; the company's name begins with one",
        "listed, nothing counts",
        "X08",
        lambda: listed(OWN, row(company=NAMED)) | listed(OTHER, row("上城区", NAMED)),
        named_seen,
    ),
    Row(
        NOMINATED,
        "two counties'",
        "each other; its name begins with one, both have a form",
        "listed, nothing counts",
        "X08",
        lambda: (
            listed(OWN, row(company=NAMED))
            | filled(OWN, company=NAMED)
            | listed(OTHER, row("上城区", NAMED))
            | filled(OTHER, company=NAMED, county="上城区")
        ),
        named_seen,
    ),
    Row(
        NOMINATED,
        "two counties'",
        "each other; the company's name begins with one, the other sends a form",
        "listed, nothing counts",
        "X08",
        lambda: (
            listed(OWN, row(company=NAMED))
            | listed(OTHER, row("上城区", NAMED))
            | filled(OTHER, company=NAMED, county="上城区")
        ),
        named_seen,
    ),
    Row(FORMS, HERE, "–", "N = 2, 萧山区", "", lambda: LIST | FORM, form_seen),
    Row(
        FORMS,
        HERE,
        "a later one of the same place",
        "N = 7, 萧山区",
        "X10",
        lambda: (
            LIST
            | filled(OWN, saved="2024-03-01T00:00:00Z")
            | filled(OWN, 7, name="乙.xlsx", saved="2024-03-02T00:00:00Z")
        ),
        form_seen,
    ),
    Row(
        FORMS,
        HERE,
        "one of the same place; this one is saved in 2099",
        "N = 2, 萧山区",
        "X10",
        lambda: (
            LIST
            | filled(OWN, saved="2024-03-01T00:00:00Z")
            | filled(OWN, 7, name="A.xlsx", saved="2099-03-02T00:00:00Z")
        ),
        form_seen,
    ),
    Row(
        FORMS,
        THEIRS,
        "one of its county's; this one is saved later",
        "N = 2, 萧山区",
        "T15",
        lambda: LIST | FORM | filled(OTHER, 7, saved="2024-03-02T00:00:00Z"),
        form_seen,
    ),
    Row(
        FORMS, THEIRS, "the county that nominates", "no form, 萧山区", "T15", lambda: LIST | filled(OTHER, 7), form_seen
    ),
    Row(
        FORMS,
        THEIRS,
        "the county that the city's list names",
        "no form, 萧山区",
        "T15",
        lambda: listed(CITY, row()) | filled(OTHER, 7),
        form_seen,
    ),
    Row(FORMS, CITYS, "–", "N = 7, 萧山区", "", lambda: LIST | filled(CITY, 7), form_seen),
    Row(FORMS, CITYS, "one of its county's", "N = 2, 萧山区", "X10", lambda: LIST | FORM | filled(CITY, 7), form_seen),
    Row(
        FORMS,
        "another city's",
        "the county that nominates",
        "no form, 萧山区",
        "T15",
        lambda: LIST | filled("宁波市", 7),
        form_seen,
    ),
    Row(FORMS, NEUTRAL, "–", "N = 7, 萧山区", "", lambda: LIST | filled("收件", 7), form_seen),
    Row(
        FORMS,
        NEUTRAL,
        "one of its county's",
        "N = 2, 萧山区",
        "X10",
        lambda: LIST | FORM | filled("收件", 7),
        form_seen,
    ),
    Row(
        FORMS,
        NEUTRAL,
        "one of its county's, which reads the same",
        "N = 2, 萧山区",
        "X09",
        lambda: LIST | FORM | filled("收件", 2),
        form_seen,
    ),
    Row(
        FORMS,
        NEUTRAL,
        "the county that nominates: it names another",
        "no form, 萧山区",
        "T15",
        lambda: LIST | filled("收件", 7, county="上城区"),
        form_seen,
    ),
    Row(
        FORMS,
        "two neutral archives",
        "each other",
        "no form, 萧山区",
        "X10",
        lambda: LIST | filled("a.zip", 7) | filled("b.zip", 8),
        form_seen,
    ),
    Row(
        FORMS,
        NEUTRAL,
        "nobody nominates; the county it names speaks for itself",
        "N = 7, no county",
        "X06",
        lambda: listed(OWN, row(company="檀乙电子有限公司")) | filled("收件", 7),
        form_seen,
    ),
    Row(
        NAMES,
        HERE,
        "–",
        "N = 2, 萧山区",
        "T06",
        lambda: LIST | filled(OWN, company="", name=f"{COMPANY}.xlsx"),
        form_seen,
    ),
    Row(
        NAMES,
        THEIRS,
        "the county that nominates",
        "no form, 萧山区",
        "T05",
        lambda: LIST | filled(OTHER, company="", name=f"{COMPANY}.xlsx"),
        form_seen,
    ),
    Row(
        NAMES,
        NEUTRAL,
        "–, one nominated name fits",
        "N = 2, 萧山区",
        "T06",
        lambda: LIST | filled("收件", company="", name=f"{COMPANY}.xlsx"),
        form_seen,
    ),
    Row(
        NAMES,
        NEUTRAL,
        "two nominated names fit",
        "no form, 萧山区",
        "T05",
        lambda: (
            LIST
            | listed(OTHER, row("上城区", "檀乙电子有限公司"))
            | filled("收件", company="", name=f"{COMPANY}、檀乙电子有限公司的表.xlsx")
        ),
        form_seen,
    ),
    Row(
        NAMES,
        NEUTRAL,
        "another county nominates the file's whole name",
        "N = 2, 萧山区",
        "T06",
        lambda: (
            LIST
            | listed(OTHER, row("上城区", f"{COMPANY}-最终版"))
            | filled("收件", company="", name=f"{COMPANY}-最终版.xlsx")
        ),
        form_seen,
    ),
    Row(
        NAMES,
        HERE,
        "another county nominates the file's whole name",
        "N = 2, 萧山区",
        "T06",
        lambda: LIST | listed(OTHER, row("上城区", f"{COMPANY}v2")) | filled(OWN, company="", name=f"{COMPANY}v2.xlsx"),
        form_seen,
    ),
    Row(
        NAMES,
        NEUTRAL,
        "another county nominates 附件1",
        "N = 2, 萧山区",
        "T07",
        lambda: LIST | listed(OTHER, row("上城区", "附件1")) | filled("收件", company="", name=f"{COMPANY}.xlsx"),
        form_seen,
    ),
    Row(
        CODES,
        HERE,
        "the name, which nobody nominates",
        "N = 2, 萧山区",
        "X16",
        lambda: (
            coded(OWN, COMPANY, "萧山区", credit_code(1))
            | filled(OWN, company="檀旧名有限公司", credit_code=credit_code(1))
        ),
        form_seen,
    ),
    Row(
        CODES,
        HERE,
        "the name of another nominated company",
        "no form, 萧山区",
        "X17",
        lambda: (
            listed(
                OWN,
                f"{row()}|{credit_code(1)}",
                f"{row(company='檀乙电子有限公司')}|{credit_code(2)}",
                headers=f"{HEADERS}|统一社会信用代码",
            )
            | filled(OWN, company="檀乙电子有限公司", credit_code=credit_code(1))
        ),
        form_seen,
    ),
    Row(
        CODES,
        "column of another county's list",
        "the form's name",
        "N = 2, 萧山区",
        "X17",
        lambda: (
            LIST
            | coded(OTHER, "檀乙电子有限公司", "上城区", credit_code(1))
            | filled("收件", credit_code=credit_code(1))
        ),
        form_seen,
    ),
    Row(
        CODES,
        "column of another county's list",
        "the form's place",
        "N = 2, 萧山区",
        "",
        lambda: (
            LIST
            | coded(OTHER, "檀乙电子有限公司", "上城区", credit_code(1))
            | filled(OTHER, company="檀乙电子有限公司", county="上城区", name="乙.xlsx")
            | filled(OWN, credit_code=credit_code(1))
        ),
        form_seen,
    ),
    Row(
        CODES,
        "column of another county's list, which links the form's spelling to a company of its own",
        "the code of its county's list",
        "N = 2, 萧山区",
        "X16",
        lambda: (
            coded(OWN, COMPANY, "萧山区", credit_code(1))
            | filled(OWN, company="檀甲机械公司", credit_code=credit_code(1))
            | listed(
                OTHER,
                f"{row('上城区', '檀乙电子有限公司')}|{credit_code(2)}",
                f"{row('上城区', '檀甲机械公司')}|{credit_code(2)}",
                headers=f"{HEADERS}|统一社会信用代码",
            )
        ),
        form_seen,
    ),
    Row(NIL, HERE, "–", "heard from", "", lambda: nothing_from(OWN), nil_seen),
    Row(NIL, HERE, "its county's own row", "not heard from", "X19", lambda: LIST | FORM | nothing_from(OWN), nil_seen),
    Row(NIL, THEIRS, "–", "not heard from", "X21", lambda: nothing_from(OTHER), nil_seen),
    Row(NIL, CITYS, "–", "heard from", "", lambda: nothing_from(CITY), nil_seen),
    Row(NIL, CITYS, "its county's list", "not heard from", "X21", lambda: LIST | FORM | nothing_from(CITY), nil_seen),
    Row(NIL, "another city's", "–", "not heard from", "X21", lambda: nothing_from("宁波市"), nil_seen),
    Row(
        NIL,
        NEUTRAL,
        "–, column, title and file name agree",
        "heard from",
        "",
        lambda: nothing_from("", title="萧山区推荐排序表", name="萧山区附件2.xlsx"),
        nil_seen,
    ),
    Row(
        NIL,
        NEUTRAL,
        "its own title",
        "not heard from",
        "X21",
        lambda: nothing_from("", title="上城区推荐排序表"),
        nil_seen,
    ),
    Row(
        NIL,
        NEUTRAL,
        "its own file name",
        "not heard from",
        "X21",
        lambda: nothing_from("", name="上城区附件2.xlsx"),
        nil_seen,
    ),
    Row(
        NIL,
        ARCHIVE,
        "its county's list",
        "not heard from",
        "X21",
        lambda: LIST | FORM | nothing_from("a.zip"),
        nil_seen,
    ),
    Row(
        MARKS,
        "a folder of its own",
        "–",
        "6 marks",
        "",
        lambda: LIST | FORM | {"专家评分/a.xlsx": marks(COMPANY)},
        marks_seen,
    ),
    Row(MARKS, "the top level", "–", "6 marks", "", lambda: LIST | FORM | {"a.xlsx": marks(COMPANY)}, marks_seen),
    Row(MARKS, HERE, "–", "0 marks", "F07", lambda: LIST | FORM | {f"{OWN}/评分/a.xlsx": marks(COMPANY)}, marks_seen),
    Row(
        MARKS,
        "an archive",
        "–",
        "0 marks",
        "F07",
        lambda: LIST | FORM | {"专家评分/a.zip/a.xlsx": marks(COMPANY)},
        marks_seen,
    ),
    Row(
        MARKS,
        CITYS,
        "–",
        "0 marks",
        "F07",
        lambda: LIST | FORM | {"杭州市/材料/a.xlsx": marks(COMPANY)},
        marks_seen,
    ),
    Row(
        MARKS,
        "a folder of its own",
        "another expert's workbook there holds a form",
        "6 marks",
        "F07",
        lambda: LIST | FORM | {"专家/a.xlsx": marks(COMPANY), "专家/b.xlsx": mixed()},
        marks_seen,
    ),
    Row(
        MARKS,
        "a folder with a county's form",
        "–",
        "0 marks",
        "F07",
        lambda: LIST | FORM | filled("专家", company="檀丁公司", name="丁.xlsx") | {"专家/a.xlsx": marks(COMPANY)},
        marks_seen,
    ),
    Row(
        POOL, "the top level", "–", "杭州市、宁波市", "", lambda: {"库.xlsx": workbook({"市级": POOL_ROWS})}, pool_seen
    ),
    Row(POOL, "a city's", "–", "杭州市", "F25", lambda: {"杭州市/库.xlsx": workbook({"市级": POOL_ROWS})}, pool_seen),
    Row(
        POOL,
        "an archive",
        "–",
        "no pool",
        "F07",
        lambda: LIST | {"a.zip/库.xlsx": workbook({"市级": POOL_ROWS})},
        pool_seen,
    ),
    Row(
        SAID,
        HERE,
        "–",
        "stands beside the issue",
        "",
        lambda: BASE_ISSUE | statement(f"{OWN}/说明.xlsx"),
        statement_seen,
    ),
    Row(
        SAID,
        CITYS,
        "–",
        "stands beside the issue",
        "",
        lambda: BASE_ISSUE | statement(f"{CITY}/说明.xlsx"),
        statement_seen,
    ),
    Row(
        SAID, THEIRS, "–", "stands nowhere", "F15", lambda: BASE_ISSUE | statement(f"{OTHER}/说明.xlsx"), statement_seen
    ),
    Row(
        SAID,
        ARCHIVE,
        "–",
        "stands nowhere",
        "F15",
        lambda: BASE_ISSUE | statement("萧山区.zip/说明.xlsx"),
        statement_seen,
    ),
    Row(COPY, HERE, "–", "萧山区, 5, 张三", "X22", lambda: LIST | FORM | copied(OWN, revenue="5"), company_seen),
    Row(
        COPY,
        HERE,
        "it lists other companies",
        KEPT,
        "X05",
        lambda: LIST | FORM | copied(OWN, company="檀丙机械有限公司", revenue="5"),
        company_seen,
    ),
    Row(
        COPY,
        THEIRS,
        "the place of the list",
        KEPT,
        "X20",
        lambda: LIST | FORM | copied(OTHER, revenue="5"),
        company_seen,
    ),
    Row(
        COPY, CITYS, "the place of the list", KEPT, "X20", lambda: LIST | FORM | copied(CITY, revenue="5"), company_seen
    ),
    Row(
        COPY, NEUTRAL, "the place of the list", KEPT, "X20", lambda: LIST | FORM | copied("", revenue="5"), company_seen
    ),
    Row(
        COPY,
        ARCHIVE,
        "the place of the list",
        KEPT,
        "X20",
        lambda: LIST | FORM | copied("萧山区.zip", revenue="5"),
        company_seen,
    ),
    Row(STAMP, "every form", "–", "演示数据", "", lambda: {f"{OWN}/附件2.xlsx": sample(COMPANY)}, demo_seen),
    Row(
        STAMP,
        "some form",
        "the others",
        "real data",
        "F24",
        lambda: (
            LIST
            | FORM
            | {f"{OTHER}/附件2.xlsx": nomination(row("上城区", "檀乙电子有限公司"), properties={DEMO_PROPERTY: "是"})}
        ),
        demo_seen,
    ),
)


def table() -> str:
    """The rows as docs/security.md shows them."""
    lines = ["| claim | place | contradicted by | what counts | issue |", "|---|---|---|---|---|"]
    lines += [
        f"| {entry.claim} | {entry.place} | {entry.against} | {entry.counts} | {entry.code or '–'} |" for entry in ROWS
    ]
    return "\n".join(lines) + "\n"
