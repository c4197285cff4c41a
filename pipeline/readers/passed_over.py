"""Rows of a list that are no entry: totals, lines of signature and notes, examples left in from the blank form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.readers.grid import label_of
from pipeline.readers.headers import header_key

_COUNTED = r"(?:\d+[家户个])?"
_SIGNATURE = re.compile(
    r"^(填报|填表|联系|审核|负责人|单位负责|经办|日期|报送|注:|说明|备注|制表|\(?盖章|示例|例:)|:$|^.{0,12}\(盖章\)"
)
_EXAMPLE_ORDER = re.compile(r"[(【\[]?(?:填写|填报)?(?:示例|样例|范例|举例|例如?)\d*[)】\]]?:?")
_EXAMPLE_NAME = re.compile(
    r"[(【\[](?:示例|样例|例)[)】\]].*|(?:示例|样例|范例|例如?):.*|.*[(【\[](?:示例|样例|例)[)】\]]|.*某某.*|[^a-z]*[x×*○]{2,}[^a-z]*",
    re.IGNORECASE,
)


def total_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Matches what stands in front of a row of totals: 合计, 合计12家."""
    return re.compile("|".join(re.escape(label_of(word)) + _COUNTED for word in words))


def is_total(texts: Iterable[str], totals: re.Pattern[str]) -> bool:
    return any(totals.fullmatch(header_key(text).rstrip(":")) for text in texts)


def is_example(order: str, name: str) -> bool:
    """True for the blank form's example: 示例 in front of the row, or a name nobody bears (某某公司, ××公司)."""
    return bool(_EXAMPLE_ORDER.fullmatch(label_of(order)) or _EXAMPLE_NAME.fullmatch(label_of(name)))


def is_signature(first: str, name: str, texts: Iterable[str], like_a_company: bool) -> bool:
    """True for a line of 填报人, 盖章 or 注 under a list. first, name: what stands in front and in the name's column;
    texts: every text of the row, for a row without a name; like_a_company: the name ends like a company's."""
    label = label_of(name)
    if not name:
        return any(_SIGNATURE.search(label_of(text)) for text in texts)
    if _SIGNATURE.search(label_of(first)):
        return True
    return not (like_a_company and ":" not in label) and bool(_SIGNATURE.search(label))
