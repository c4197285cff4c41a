"""The header of an 附件2: which column holds what, over however many rows it stands."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.model.rulebook import Rulebook
from pipeline.readers.forms.nomination.figures import unit_in_brackets
from pipeline.readers.sheet.grid import Grid
from pipeline.readers.sheet.headers import HEADER_ROWS, HeaderReader, header_key, names_of

MINIMUM_HEADERS = 5  # 企业名称 and four more
_BESIDE = {"city", "credit_code"}  # columns that the notice's form has not


# Further words that counties write for the notice's headers; those of the rulebook come first.
_FURTHER = {
    "order": ("推荐次序", "推荐名次", "推荐序号", "排名", "排序号", "排名序号", "顺序"),
    "county": (
        "县区市",
        "区市县",
        "市县区",
        "所属县",
        "所在县",
        "所属区",
        "所在区",
        "所属县市区",
        "所在县市区",
        "所属地",
        "所在地",
        "所属地区",
        "所在地区",
        "归属地",
        "区县名称",
        "行政区",
        "行政区划",
        "区域",
    ),
    "company": (
        "公司全称",
        "单位全称",
        "企业名",
        "推荐企业",
        "推荐企业名称",
        "申报企业名称",
        "申报单位名称",
        "拟推荐企业",
        "企业单位名称",
    ),
    "business": (
        "主营",
        "主营业务/产品",
        "主营业务和产品",
        "主营产品和业务",
        "主要产品和业务",
        "主营业务情况",
        "主营业务范围",
    ),
    "revenue": ("营业收入", "年销售收入", "年营业收入", "上年度销售额", "销售额"),
    "profit": ("利润", "利润额", "年利润总额", "年利润", "上年度利润额"),
    "it_spend": (
        "近三年信息化建设运维投入",
        "近三年信息化建设和运维总投入",
        "近三年信息化建设和运维费用",
        "信息化建设和运维总投入",
    ),
    "cloud_spend": ("近三年企业上云投入", "企业上云投入", "近三年上云用云投入", "近三年上云费用", "上云总投入"),
    "contact": ("企业信息化负责人姓名", "信息化负责人姓名", "负责人姓名", "企业联系人", "联系人姓名"),
    "phone": (
        "联系手机",
        "手机电话",
        "移动电话",
        "电话号码",
        "联系号码",
        "负责人电话",
        "负责人联系电话",
        "信息化负责人电话",
        "信息化负责人联系电话",
        "联系人电话",
        "负责人手机",
    ),
    "recommendation": (
        "县级经信部门推荐意见",
        "区县经信部门推荐意见",
        "县市区经信部门推荐意见",
        "属地经信部门推荐意见",
        "经信局意见",
        "区县推荐意见",
        "部门推荐意见",
        "是否推荐",
        "是否同意推荐",
    ),
}
_LONGEST_HEADER = 60  # characters; a longer text is no header
_AROUND = re.compile(r"^[*★☆]+|^\d{1,2}[.、]|[*★☆:]+$|金额$")
_ALIKE = (("以及", "和"), ("与", "和"), ("及", "和"), ("近3年", "近三年"), ("三年来", "三年"), ("上一年", "上年"))


class _Spellings(dict[str, str]):
    """Header key → id that also finds a key with a unit at its end, a star, the year's number for 上年度 or 近三年."""

    def __init__(self, names: dict[str, str], year: int) -> None:
        super().__init__(names)
        self.year = year

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and super().__contains__(_plain(key, self.year))

    def __getitem__(self, key: str) -> str:
        return super().__getitem__(_plain(key, self.year))


@lru_cache(maxsize=20_000)  # every text of a list is looked at for a header
def _plain(key: str, year: int) -> str:
    if len(key) > _LONGEST_HEADER:
        return key
    plain = _AROUND.sub("", header_key(unit_in_brackets(_AROUND.sub("", key))))
    plain = re.sub(rf"{year - 3}年?[-—–~至到]{year - 1}年", "近三年", plain)
    plain = re.sub(rf"(?:{year - 1}年度?|上年(?!度)|去年)", "上年度", plain)
    for written, meant in _ALIKE:
        plain = plain.replace(written, meant)
    return plain


def nomination_header(grid: Grid, rulebook: Rulebook) -> tuple[int, dict[str, int]] | None:
    """(row, column id -> column) of the header of an 附件2, None when the sheet has none; of a header over several rows
    the lowest."""
    reader = header_reader(grid, rulebook)
    for row in grid.rows:
        columns = reader.columns(row)
        if is_header(columns):
            return whole_header(grid, reader, row, columns)
    return None


def whole_header(grid: Grid, reader: HeaderReader, row: int, columns: dict[str, int]) -> tuple[int, dict[str, int]]:
    """The header with what the rows under it add: a row that says as much by itself (headers merged downwards stand
    in it too), or headers under a heading such as 上年度. The row is the lowest one."""
    for below in range(row + 1, row + HEADER_ROWS):
        found = reader.columns(below)
        added = {
            name: column for name, column in found.items() if name not in columns and column not in columns.values()
        }
        if is_header(found) and len(found) >= len(columns):
            row, columns = below, found
        elif added and (below, columns["company"]) not in grid.cells:
            row, columns = below, {**columns, **added}
        else:
            break
    return row, columns


def header_reader(grid: Grid, rulebook: Rulebook) -> HeaderReader:
    """Ids of 附件2's columns, `credit_code`, and `city` for a column of cities beside that of the counties."""
    columns, words = rulebook.nomination_columns, rulebook.vocabulary
    aliases = names_of((entry.id, entry.aliases) for entry in columns)
    counties = next((entry.aliases for entry in columns if entry.id == "county"), ())
    beside = names_of([("credit_code", words.credit_code_labels), ("city", (*words.city_labels, *counties))])
    own = names_of((entry.id, (entry.label, entry.header)) for entry in columns)
    further = _Spellings({**names_of(_FURTHER.items()), **aliases, **own}, rulebook.year)
    return HeaderReader(grid, own, aliases, beside, further)


def is_header(columns: dict[str, int]) -> bool:
    return "company" in columns and len(columns.keys() - _BESIDE) >= MINIMUM_HEADERS
