"""Recognises rows of a list that are no entry: totals, signatures, notes, headings, examples of the blank form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.model.texts import label_of
from pipeline.readers.sheet.headers import header_key

_COUNTED = r"(?:数|金额)?:?(?:共|计)?(?:\d+[家户个](?:企业)?)?"
_SIGNATURE = re.compile(
    r"^(填报|填表|联系|审核|负责人|单位负责|经办|日期|报送|注:|说明|备注|制表|\(?盖章|示例|例:)|:$|^.{0,12}\(盖章\)"
)
_EXAMPLE_ORDER = re.compile(r"[(【\[]?(?:填写|填报)?(?:示例|样例|范例|举例|例如?)\d*[)】\]]?:?")
_EXAMPLE_NAME = re.compile(
    r"[(【\[](?:示例|样例|例)[)】\]].*|(?:示例|样例|范例|例如?):.*|.*[(【\[](?:示例|样例|例)[)】\]]|.*某某.*|[^a-z]*[x×*○]{2,}[^a-z]*",
    re.IGNORECASE,
)

_HAN = "一二三四五六七八九十"
_MANY = r"(?:共|计|合计|总计|共计|共有|总共|小计)?\d+[家户个](?:企业)?"
# Texts that name no company, each the whole of its cell.
_NOTE = re.compile(
    r"(?:以下|此处|本页)?(?:为|是)?(?:空白|空行|无正文)|续表|[接续]上页|[转接]下页"  # where a list ends or goes on
    rf"|以上(?:企业)?{_MANY}|(?:共|计|共计|共有|总共){_MANY}|共\d+[家户个](?:企业)?"
    r"|第\d+页(?:[,/、]?共?\d+页)?|共\d+页(?:[,/、]?第\d+页)?|\d+/\d+页|[-—–]\d+[-—–]"
    r"|(?:19|20)\d{2}[年./-]\d{0,2}(?:[月./-](?:\d{0,2}日?)?)?|年月日"
    rf"|二[〇零○O0][〇零○{_HAN}]{{2}}年[{_HAN}]{{1,3}}月(?:[{_HAN}]{{1,3}}[日号])?"
    r"|附件\d*:?|(?:金额|计量)?单位:[十百千万亿]*元|(?:20\d{2}年度?)?.{0,12}[“\"]?云上企业[”\"]?推荐排序表",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:请|以上|以下|上述|本表|此表|特此|注\d?[:.、]|\*|说明|备注[:.、]|填报说明|填表说明|通知[:,]|审核意见|推荐意见|经.{2,20}(?:研究|审核|同意))"
)
_SENTENCE = re.compile(r"[,。;!?].*")
_OF_A_SENTENCE = re.compile(r"请|应当?|须|需要?|不得|不要|按照?|如有|如实|均为?|已经?|予以|根据|涉及|以及|其中|可以")
_OFFICE = re.compile(r"经信|经济和信息化|经济信息|发展和改革|发改|工信|科技|商务|政府|管委会|管理委员会|数字经济")
_NUMBERED = re.compile(rf"(?:\((?:[{_HAN}]{{1,3}}|\d{{1,2}})\)|(?:[{_HAN}]{{1,3}}|\d{{1,2}})[、.:])(?=\D)")
_HEADING = re.compile(
    rf"(?:(?:第[{_HAN}\d]+批次?|推荐|重点|其他|其它|拟|申报|上报|云上|制造业|“云上企业”|市属|区属|县属|省属|规上|规下|大型|中型|小型|中小|本级|入库|培育)+"
    rf"(?:企业|单位)?(?:名单|情况)?|(?:企业)?名单)(?:{_MANY})?:?"
)
_WHO_HAS = r"(?:(?:我|本|全)(?:市|区|县|区县|县区|县市区|地区|辖区|地|局|单位)?|今年|本年度?|20\d{2}年度?|本次|本批次?|此次|目前|暂时?|尚)*"
_NOBODY = re.compile(
    rf"{_WHO_HAS}(?:暂?无|没有|零|未)(?:有|符合(?:申报|推荐)?条件的?|拟|可|需要?|相关|任何|合适的?)?(?:推荐|申报|上报|报送|候选)?的?"
    r"(?:制造业)?(?:“?云上企业”?|企业|对象|名单|单位)?(?:推荐|申报|上报|报送)?(?:情况)?"
)


def total_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the texts in front of a row of totals: 合计, 合计12家, 萧山区小计. words: the rulebook's words for totals."""
    return re.compile(rf".{{0,20}}(?:{'|'.join(map(re.escape, map(label_of, (*words, '共计'))))}){_COUNTED}")


def is_total(texts: Iterable[str], totals: re.Pattern[str]) -> bool:
    """True when one of the texts matches the pattern of `total_pattern`."""
    return any(totals.fullmatch(header_key(text).rstrip(":")) for text in texts)


def is_example(order: str, name: str) -> bool:
    """True for an example row of the blank form: 示例 in its order column, or a placeholder as the name (某某公司, ××公司)."""
    return bool(_EXAMPLE_ORDER.fullmatch(label_of(order)) or _EXAMPLE_NAME.fullmatch(label_of(name)))


def is_signature(first: str, name: str, texts: Iterable[str], looks_like_company: bool) -> bool:
    """True for a row below a list with 填报人, 盖章 or 注. first, name: the texts in the first column and in the name's;
    texts: all texts of the row, used when it has no name; looks_like_company: the name ends as companies' names do."""
    label = label_of(name)
    if not name:
        return any(_SIGNATURE.search(label_of(text)) for text in texts)
    if _SIGNATURE.search(label_of(first)):
        return True
    return not (looks_like_company and ":" not in label) and bool(_SIGNATURE.search(label))


def looks_like_company(text: str, endings: tuple[str, ...]) -> bool:
    """True for a text that ends as companies' names do, apart from brackets at its end, and is no heading (重点企业) or
    note. endings: the rulebook's, such as 公司."""
    label = label_of(text)
    ends = header_key(text).endswith(endings) or label.rstrip(")").endswith(endings)
    return ends and not (_HEADING.fullmatch(without_number(label)) or _NOTE.fullmatch(label) or nominates_nobody(text))


def is_note(text: str, company_endings: tuple[str, ...], office_endings: tuple[str, ...]) -> bool:
    """True for a text that certainly names no company: a date, a page number, 以下空白, 以上共3家, the name of an office, a
    sentence without a company's name."""
    label = label_of(text)
    bare = label.strip("()[]【】*-—")
    if _NOTE.fullmatch(label) or _NOTE.fullmatch(bare):
        return True
    if any(looks_like_company(piece, company_endings) for piece in re.split("[,。;!?、:]", label)):
        return False
    if label.endswith(office_endings):
        return bool(_OFFICE.search(label))
    return bool(_OPENING.match(label) or (_SENTENCE.search(label) and len(label) > 9 and _OF_A_SENTENCE.search(label)))


def is_heading(text: str) -> bool:
    """True for a heading above rows that names no county: 第一批推荐企业, （二）其他企业."""
    return bool(_HEADING.fullmatch(without_number(header_key(text))))


def without_number(label: str) -> str:
    """The label of a heading without the number in front (一、 （二） 3.)."""
    return _NUMBERED.sub("", label, count=1) if _NUMBERED.match(label) else label


def is_numbered(text: str) -> bool:
    """True for a text with a heading's number in front (一、 （二） 3.)."""
    return bool(_NUMBERED.match(label_of(text)))


def nominates_nobody(text: str) -> bool:
    """True for a statement that a county nominates no company: 无推荐企业, 本区暂无推荐, 没有符合条件的企业."""
    return bool(_NOBODY.fullmatch(header_key(text).rstrip("。.！!；;，,:")))
