"""Texts in symbol fonts as they are seen: in Wingdings the letter n is a square, and so is the private-use character U+F06E.

Only signs that can be a tick, or none, are told by their usual character. Any other is named with its font, so that no
letter which nobody sees is taken for one, and a message shows what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SYMBOL_CODED: dict[str, dict[int, str]] = {
    "wingdings": {
        0x6C: "●",
        0x6D: "○",
        0x6E: "■",
        0x6F: "□",
        0x70: "□",
        0x71: "□",
        0x72: "□",
        0xA1: "○",
        0xA7: "■",
        0xA8: "□",
        0xFB: "✗",
        0xFC: "✓",
        0xFD: "☒",
        0xFE: "☑",
    },
    "wingdings 2": {
        0x4F: "✗",
        0x50: "✓",
        0x51: "☒",
        0x52: "☑",
        0x53: "☒",
        0x54: "☒",
        0x97: "●",
        0x98: "●",
        0x99: "○",
        0xA2: "■",
        0xA3: "□",
    },
    "wingdings 3": {},
    "webdings": {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗"},
    "marlett": {0x61: "✓", 0x62: "✓", 0x67: "■", 0x68: "●"},
    "symbol": {0xB4: "×", 0xD6: "√"},
    "zapfdingbats": {0x33: "✓", 0x34: "✓", 0x37: "✗", 0x38: "✗", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□"},
}
_SYMBOL_CODED["zapf dingbats"] = _SYMBOL_CODED["itc zapf dingbats"] = _SYMBOL_CODED["zapfdingbats"]
_ICONS = {0xE73A: "☑", 0xE739: "□", 0xE73E: "✓", 0xE711: "✗", 0xE001: "✓", 0xE003: "□", 0xE005: "☑", 0xE0A2: "☑"}
_ICONS |= {0xE0E7: "✓", 0xE10A: "✗", 0xE10B: "✓", 0xE8FB: "✓", 0xE8BB: "✗"}
# Fonts with ordinary letters, in which only private-use characters are signs of their own.
_ICON_FONTS = ("segoe ui symbol", "segoe mdl2 assets", "segoe fluent icons")

# What a part must contain to name one of these fonts.
_NAMES = (b"dings", b"Segoe ", b"Marlett", b'"Symbol"', b"'Symbol'")


def may_name_symbol_fonts(content: bytes) -> bool:
    """False for a part that names none of the fonts."""
    return any(name in content for name in _NAMES)


def is_symbol_font(font: str) -> bool:
    """True for a font in which `seen_text` may give another text."""
    name = _plain(font)
    return name in _SYMBOL_CODED or name in _ICON_FONTS


def seen_text(text: str, font: str) -> str:
    """The text as it is seen in a font: a sign that is known by its usual character, any other with its font's name
    (A（Wingdings）, U+F041（Wingdings）). Characters that the font does not have, such as Han, stand as they are."""
    name = _plain(font)
    known = _SYMBOL_CODED.get(name)
    if known is None and name not in _ICON_FONTS:
        return text
    pieces: list[str] = []
    unknown: list[str] = []
    for character in text:
        sign = _icon(character) if known is None else _coded(character, known)
        if sign == "":
            unknown.append(visible(character))
            continue
        pieces += [*_named(unknown, font), sign]
        unknown = []
    return "".join([*pieces, *_named(unknown, font)])


def seen_runs(runs: Iterable[tuple[str, str]]) -> str:
    """The text of runs (text, font) as it is seen."""
    return "".join(seen_text(text, font) for text, font in runs)


def visible(text: str) -> str:
    """The text with every private-use character as U+F0FC: nobody can tell how it is seen."""
    return "".join(f"U+{ord(character):04X}" if "\ue000" <= character <= "\uf8ff" else character for character in text)


def _icon(character: str) -> str:
    """The sign of a character in an icon font, "" for one that is not known."""
    return _ICONS.get(ord(character), "") if "\ue000" <= character <= "\uf8ff" else character


def _coded(character: str, known: Mapping[int, str]) -> str:
    """The sign of a character in a font of 256 signs, "" for one that is not known."""
    code = ord(character)
    if 0xF020 <= code <= 0xF0FF:
        return known.get(code - 0xF000, "")
    if character.isspace():
        return character
    if code > 0xFF:
        try:
            code = character.encode("cp1252")[0]  # how the signs 80 to 9F are stored
        except UnicodeEncodeError:
            return "" if "\ue000" <= character <= "\uf8ff" else character
    return known.get(code, "")


def _named(unknown: list[str], font: str) -> list[str]:
    return [f"{''.join(unknown)}（{font.strip()}）"] if unknown else []


def _plain(font: str) -> str:
    return " ".join(font.strip("\"' ").lower().split())
