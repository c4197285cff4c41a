"""Ways of writing a phone number so that a person reads it and a search for eleven digits does not find it."""

from __future__ import annotations

from collections.abc import Callable

HAN, CHEQUE = "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"


def _in(alphabet: str) -> Callable[[str], str]:
    return lambda phone: "".join(alphabet[int(digit)] for digit in phone)


def _script(zero: int) -> Callable[[str], str]:
    """In the digits of a script, of which `zero` is the first."""
    return _in("".join(map(chr, range(zero, zero + 10))))


def _parted(between: str) -> Callable[[str], str]:
    return lambda phone: between.join((phone[:3], phone[3:7], phone[7:]))


def _mixed(phone: str) -> str:
    alphabets = (HAN, "0123456789", "⓪①②③④⑤⑥⑦⑧⑨", CHEQUE)
    return "".join(alphabets[place % 4][int(digit)] for place, digit in enumerate(phone))


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "spaces": _parted(" "),
    "wide spaces": _parted("\u00a0\u3000"),
    "dashes": _parted("-"),
    "long dashes": _parted("——"),
    "dots": _parted("."),
    "middle dots": _parted("·"),
    "tildes": _parted("～"),
    "commas": _parted(","),
    "wide commas": _parted("，"),
    "slashes": _parted("／"),
    "backslashes": _parted("\\"),
    "bars": _parted("|"),
    "letters": _parted("abc"),
    "a character": _parted("中"),
    "转": _parted("转"),
    "年": _parted("年"),
    "line breaks": _parted("\n"),
    "tabs": _parted("\t"),
    "emoji": _parted("📞"),
    "brackets": lambda phone: f"（{phone[:3]}）{phone[3:7]}【{phone[7:]}】",
    "nothing seen": "\u2063".join,
    "much that is not seen": lambda phone: ("\u200b" * 80).join((phone[:5], phone[5:])),
    "directions": _parted("\u202e"),
    "each digit": " ".join,
    "pairs": lambda phone: ".".join(phone[place : place + 2] for place in range(0, 11, 2)),
    "full width": _script(0xFF10),
    "Arabic-Indic": _script(0x660),
    "Devanagari": _script(0x966),
    "mathematical": _script(0x1D7CE),
    "circled": _in("⓪①②③④⑤⑥⑦⑧⑨"),
    "in brackets": _in("0⑴⑵⑶⑷⑸⑹⑺⑻⑼"),
    "raised": _in("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "lowered": _in("₀₁₂₃₄₅₆₇₈₉"),
    "keycaps": lambda phone: "".join(f"{digit}\ufe0f\u20e3" for digit in phone),
    "Chinese": _in(HAN),
    "as said": _in("零幺两三四五六七八九"),
    "as on cheques": _in(CHEQUE),
    "Hangzhou": _in("〇〡〢〣〤〥〦〧〨〩"),
    "mixed": _mixed,
    "+86": lambda phone: f"+86 {_parted('-')(phone)}",
    "0086": lambda phone: f"0086{phone}",
    "digits before": lambda phone: f"99{phone}",
    "decimals": lambda phone: f"0.{phone}",
    "letters around": lambda phone: f"x{phone}x",
    "号": lambda phone: f"{phone}号",
    "extension": lambda phone: f"{phone}转801",
}
NUMBERS = ("digits before", "decimals")  # a figure where a figure is asked for
