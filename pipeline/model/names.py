"""Names of companies and experts and credit codes: their comparison keys and validity."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.issues.phones import mask_phones
from pipeline.model.display import printable
from pipeline.model.texts import without_space


def expert_name(text: str) -> str:
    """A name as names are compared: without white space and what is unprintable, full-width letters narrowed."""
    return without_space(printable(unicodedata.normalize("NFKC", text)))


_SEAL = re.compile(r"[(\[]?(?:盖章|公章|签章)[)\]]?$")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
CREDIT_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@lru_cache(maxsize=200_000)
def company_key(name: str) -> str:
    """Equal keys are one company: NFKC, no white space, brackets alike, no （盖章）."""
    key = without_space(unicodedata.normalize("NFKC", name))
    return _SEAL.sub("", key)


def credit_code_valid(code: str) -> bool:
    """GB 32100-2015: 18 characters whose last one checks the others (a weighted sum ≡ 0 mod 31 gives '0')."""
    if not _CREDIT_CODE.fullmatch(code):
        return False
    total = sum(
        CREDIT_CODE_CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17])
    )
    return CREDIT_CODE_CHARACTERS[(31 - total % 31) % 31] == code[17]


def clean_name(text: str) -> str:
    """A company's name as shown everywhere: one line, nothing unprintable, no outer space, no （盖章）, a phone in it
    masked."""
    name = " ".join(mask_phones(printable(text)).split())
    for seal in ("（盖章）", "(盖章)", "（公章）", "(公章)"):
        name = name.removesuffix(seal).strip()
    return name
