"""The header of an 附件2, of one or several rows: which column holds what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pipeline.readers.forms.nomination.figures import unit_in_brackets
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Grid
from pipeline.readers.sheet.headers import HEADER_ROWS, HeaderReader, header_key, names_of
from pipeline.readers.values.lexicon import Lexicon

MINIMUM_HEADERS = 5  # 企业名称 and four more
_NOT_IN_THE_FORM = {"city", "credit_code"}  # columns that the notice's form does not have

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


class _Spellings(Mapping[str, str]):
    """Header key → id, which also finds a key with a unit at its end, a star, or the year's number for 上年度 or
    近三年."""

    def __init__(self, names: Mapping[str, str], year: int) -> None:
        self.names, self.year = names, year

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and _plain(key, self.year) in self.names

    def __getitem__(self, key: str) -> str:
        return self.names[_plain(key, self.year)]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


@lru_cache(maxsize=20_000)  # every text of a list is looked at for a header
def _plain(key: str, year: int) -> str:
    """A header key in the spelling in which the names are kept."""
    if len(key) > _LONGEST_HEADER:
        return key
    plain = _AROUND.sub("", header_key(unit_in_brackets(_AROUND.sub("", key))))
    plain = re.sub(rf"{year - 3}年?[-—–~至到]{year - 1}年", "近三年", plain)
    plain = re.sub(rf"(?:{year - 1}年度?|上年(?!度)|去年)", "上年度", plain)
    for written, meant in _ALIKE:
        plain = plain.replace(written, meant)
    return plain


class NominationHeader(NamedTuple):
    """The header of an 附件2: its lowest row, column id → column, the reader that found them, and its top row."""

    row: int
    columns: dict[str, int]
    reader: HeaderReader
    top: int


def recognise_nomination(sheet: Sheet) -> NominationHeader | None:
    """The first header of a sheet with 附件2, None for any other sheet."""
    reader = HeaderReader(sheet.grid, *_header_names(sheet.lexicon))
    return next((header for row in sheet.grid.rows if (header := header_at(sheet.grid, reader, row))), None)


def most_headers(sheet: Sheet) -> int:
    """The most headers of 附件2 that stand in one row of the sheet, 序号 aside, which any list has."""
    reader = HeaderReader(sheet.grid, *_header_names(sheet.lexicon))
    return max((len(reader.columns(row).keys() - _NOT_IN_THE_FORM - {"order"}) for row in sheet.grid.rows), default=0)


def header_at(grid: Grid, reader: HeaderReader, row: int) -> NominationHeader | None:
    """The header that begins in the row, None without one.

    The rows under it belong to it when they are a header by themselves (headers merged downwards stand in them too) or
    when they add headers under a heading such as 上年度.
    """
    columns, top = reader.columns(row), row
    if not _is_header(columns):
        return None
    for below in range(row + 1, row + HEADER_ROWS):
        lower = reader.columns(below)
        added = {
            name: column for name, column in lower.items() if name not in columns and column not in columns.values()
        }
        if _is_header(lower) and len(lower) >= len(columns):
            row, columns = below, lower
        elif added and (below, columns["company"]) not in grid.cells:
            row, columns = below, {**columns, **added}
        else:
            break
    return NominationHeader(row, columns, reader, top)


@lru_cache(maxsize=4)
def _header_names(lexicon: Lexicon) -> tuple[Mapping[str, str], ...]:
    """The maps from header keys to ids, the ones that decide first. The ids are those of 附件2's columns, `credit_code`,
    and `city` for a column of cities beside that of the counties."""
    rulebook = lexicon.rulebook
    columns, words = rulebook.nomination_columns, rulebook.vocabulary
    notice = names_of((entry.id, (entry.label, entry.header)) for entry in columns)
    aliases = names_of((entry.id, entry.aliases) for entry in columns)
    counties = next((entry.aliases for entry in columns if entry.id == "county"), ())
    beside = names_of([("credit_code", words.credit_code_labels), ("city", (*words.city_labels, *counties))])
    further = _Spellings({**names_of(_FURTHER.items()), **aliases, **notice}, rulebook.year)
    return notice, aliases, beside, further


def _is_header(columns: Mapping[str, int]) -> bool:
    return "company" in columns and len(columns.keys() - _NOT_IN_THE_FORM) >= MINIMUM_HEADERS
