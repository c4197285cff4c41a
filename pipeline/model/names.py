"""Names of companies and experts, and credit codes: how they are compared and shown."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.issues.phones import mask_phones
from pipeline.model.display import printable
from pipeline.model.texts import without_space

_SEAL = re.compile(r"[(\[]?(?:盖章|公章|签章)[)\]]?$")
_LONGEST_NAME = 200  # characters; a longer text is no name and not worth remembering
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
CREDIT_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def name_key(name: str) -> str:
    """The form in which names of companies and regions are compared: equal keys are one company.

    NFKC (so that （） and () are alike), without white space and characters nobody sees, without （盖章） at the end. A name
    as it was typed and as it is shown, phones masked, have one key.
    A longer text has a key too: a name stands in the text when its key stands in the text's key.
    """
    return _known_key(name) if len(name) <= _LONGEST_NAME else _key(name)


def _key(name: str) -> str:
    return _SEAL.sub("", seen_of(mask_phones(name)))


_known_key = lru_cache(maxsize=200_000)(_key)


def expert_name(name: str) -> str:
    """An expert's name as it is compared and shown: NFKC, without white space and characters nobody sees, phones
    masked."""
    return seen_of(mask_phones(name))


def seen_of(text: str) -> str:
    """What is seen of a text: NFKC without characters that are not seen. They go first, for they would keep a letter from its accent, and
    again afterwards, for NFKC turns some signs into a space and an accent."""
    return without_space(unicodedata.normalize("NFKC", without_space(printable(text))))


def clean_name(text: str) -> str:
    """A company's name as it is shown: on one line, nothing unprintable, phones masked, without （盖章） at the end."""
    name = " ".join(mask_phones(printable(text)).split())
    for seal in ("（盖章）", "(盖章)", "（公章）", "(公章)"):
        name = name.removesuffix(seal).strip()
    return name


_LEGAL_FORMS = ("有限", "责任", "股份", "控股", "分")
_NUMERALS = "〇零一二三四五六七八九十百千万亿两"
_NOTHING = "无|没有|暂无|不涉及"
_OFFICE_WORDS = ("公章", "签章", "签字", "企业名称", "单位名称", "公司名称", "序号", "合计", "小计", "总计")


_PICTURES = ("=DISPIMG(", "=_XLFN.DISPIMG(")  # how WPS keeps a picture in a cell


@lru_cache(maxsize=8)
def _no_name(endings: tuple[str, ...], words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches keys that are made of nothing but a form's words, legal forms, numbers and signs."""
    pieces = sorted({*map(seen_of, words), *endings, *_LEGAL_FORMS, *_OFFICE_WORDS} - {""}, key=lambda word: -len(word))
    return re.compile(rf"(?:{_NOTHING})?(?:{'|'.join(map(re.escape, pieces))}|[{_NUMERALS}]|[\W\d_])*")


def is_company_name(text: str, endings: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """True for a text that can be a company's name. Digits, one character, a bare ending (有限公司), an error value, a picture, TRUE and a
    form's own words (附件1, 公章, 无 …) are none. endings, words: the rulebook's endings of companies and words of forms."""
    key = name_key(text)
    if len(key) < 2 or key.startswith("#") or key.upper().startswith(_PICTURES) or key.upper() in ("TRUE", "FALSE"):
        return False
    return not _no_name(endings, words).fullmatch(key)


_CODE_LOST = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+")


def credit_code_lost(code: str) -> bool:
    """True for a code that was stored as a number, of which a spreadsheet keeps fifteen digits: 9.13304211234568E+17."""
    return _CODE_LOST.fullmatch(code) is not None


def credit_code_valid(code: str) -> bool:
    """True for a 统一社会信用代码 whose last character checks the others.

    GB 32100-2015: 18 characters; a weighted sum of the first 17 that is ≡ 0 mod 31 gives '0'.
    """
    if not _CREDIT_CODE.fullmatch(code):
        return False
    total = sum(
        CREDIT_CODE_CHARACTERS.index(character) * pow(3, position, 31) for position, character in enumerate(code[:17])
    )
    return CREDIT_CODE_CHARACTERS[(31 - total % 31) % 31] == code[17]
