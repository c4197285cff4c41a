"""The stamps by which the program recognises its own workbooks: document properties and one visible sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# An output is listed when it comes back as input, never read as a form.
OUTPUT_PROPERTY = "云上企业"
OUTPUT_PROPERTY_VALUE = "输出"
OUTPUT_STAMP = "本表由“云上企业”汇总程序生成"
PAGE_GENERATOR = "云上企业汇总程序"  # the <meta name="generator"> of a page

# The 附件2 of a city's run goes on to the province, whose run reads it; the other sheets of its workbook carry the stamp of
# outputs and are not read. A city's run reads none of it.
CITY_LIST_PROPERTY = "云上企业市级推荐表"
CITY_LIST_STAMP = "本表由“云上企业”程序按市汇总，供报省使用"

# A blank form, a sample or a marked copy is read as the form it is.
FORM_PROPERTY = "云上企业表单"
FORM_PROPERTY_VALUE = "表样"
FORM_STAMP = "制造业“云上企业”填报表样"

# In a marked copy: the SHA-256 of the file it was made from, then of that one's, numbered from 1. One property each,
# because Excel cuts longer texts; letters for its digits, so that no part of it looks like a figure or a phone.
ORIGINAL_PROPERTY = "云上企业原件"
MOST_ORIGINALS = 5
_TO_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_TO_DIGITS = str.maketrans("ghijklmnop", "0123456789")
_SHA256 = re.compile(r"[0-9a-f]{64}")

# The expert that a pack was made for.
EXPERT_PROPERTY = "云上企业评分专家"

# A workbook of the made-up province; outputs made from it carry the same stamp.
DEMO_PROPERTY = "演示数据"
DEMO_PROPERTY_VALUE = "是"
DEMO_LABEL = "演示数据"

# Sheets of a form's workbook that help to fill it in and hold no answer; they are not read.
GUIDE_SHEET, CONVERSION_SHEET, PAPERS_SHEET, REGIONS_SHEET, CHECKS_SHEET = (
    "填写说明",
    "云服务器换算",
    "佐证材料",
    "区县名单",
    "自检计算",
)
CRITERIA_SHEET = "评分标准"  # in an expert's pack
HELPER_SHEETS = frozenset((GUIDE_SHEET, CONVERSION_SHEET, PAPERS_SHEET, REGIONS_SHEET, CHECKS_SHEET, CRITERIA_SHEET))
SYSTEMS_SHEET = "系统清单"

# The sheet with the open issues that a county gets back, and the headers by which its answers are read.
LIST_SHEET, LIST_NUMBER, LIST_CURE, LIST_ANSWER = "问题清单", "编号", "怎么改", "情况说明"

# Every header that such a list may have, the values of 谁来改, and words in the lines below a list's rows.
LIST_COLUMNS = (
    "序号",
    LIST_NUMBER,
    "级别",
    "市",
    "区县",
    "企业",
    "文件",
    "工作表",
    "单元格",
    "事项",
    "填的是",
    "问题",
    LIST_CURE,
    "正确的例子",
    "谁来改",
    "状态",
    LIST_ANSWER,
)
LIST_MENDER, LIST_MENDERS = "谁来改", ("企业", "区县", "省")
LIST_LINES = ("汇总程序生成", FORM_STAMP, "标注好的副本", "没有发现问题")


def original_stamps(shas: Sequence[str]) -> dict[str, str]:
    """The properties of a copy that was made from the files with these SHA-256, the nearest first."""
    nearest = shas[:MOST_ORIGINALS]
    return {f"{ORIGINAL_PROPERTY}{at}": sha.translate(_TO_LETTERS) for at, sha in enumerate(nearest, start=1)}


def stamped_originals(properties: Mapping[str, str]) -> tuple[str, ...]:
    """The SHA-256 of the files that a workbook with these properties says it was made from, the nearest first."""
    texts = (properties.get(f"{ORIGINAL_PROPERTY}{at}", "") for at in range(1, MOST_ORIGINALS + 1))
    return tuple(sha for text in texts if _SHA256.fullmatch(sha := text.translate(_TO_DIGITS)))
