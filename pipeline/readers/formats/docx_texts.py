"""The text of a paragraph or cell of a Word document as a person sees it with all changes accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.readers.formats.runs import LOWERED, RAISED, STRUCK

if TYPE_CHECKING:
    Element = Any  # lxml's elements; python-docx makes classes of them

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DELETED = frozenset({"del", "moveFrom"})
_CHANGES = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"})
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off", "none")
TICKED, UNTICKED, PICTURE, FORMULA = "☑", "□", "〔图片〕", "〔公式〕"

# Signs of symbol fonts (the low byte of the character) as the signs they draw.
_SYMBOLS = {
    "wingdings": {0xFC: "√", 0xFE: "☑", 0x6E: "■", 0x6C: "●", 0x6F: "□", 0xA8: "□", 0xA1: "○", 0xFB: "×", 0xFD: "☒"},
    "wingdings 2": {0x50: "√", 0x52: "☑", 0xA2: "■", 0xA3: "□", 0x4F: "×", 0x51: "☒", 0x53: "☒", 0x54: "☒"},
    "webdings": {0x61: "√", 0x63: "□", 0x67: "■", 0x72: "×"},
}


class Piece(NamedTuple):
    """A piece of text. drawn: STRUCK, RAISED, LOWERED or ""; hidden: nobody sees it (隐藏文字)."""

    text: str
    drawn: str = ""
    hidden: bool = False


def name_of(element: Element) -> str:
    """The local name of an element of WordprocessingML, of another namespace with its braces; "" for a comment."""
    tag = element.tag
    return tag.removeprefix(_W) if isinstance(tag, str) else ""


def every(element: Element, *names: str) -> Iterator[Element]:
    """The elements of WordprocessingML with these names inside an element, in order; lxml looks for them."""
    yield from element.iter(*(f"{_W}{name}" for name in names))


def given(element: Element | None, name: str, otherwise: str = "") -> str:
    """An attribute of an element by its local name, whatever its namespace."""
    for key, value in () if element is None else element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return otherwise


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of this name, its first child of the next name …; None where there is none."""
    for name in path:
        element = None if element is None else element.find(f"{_W}{name}")
    return element


def is_on(element: Element | None) -> bool:
    """True for a switch (<w:strike/>) that is there and not turned off."""
    return element is not None and given(element, "val", "1") not in _OFF


def is_deleted(element: Element) -> bool:
    """True for a row, cell or paragraph mark whose deletion is tracked."""
    return any(name_of(entry) in (*_DELETED, "cellDel") for entry in (() if element is None else element))


def has_changes(element: Element) -> bool:
    """True when something inside was inserted, deleted or moved with changes tracked."""
    return any(True for _ in every(element, *_CHANGES))


class Looks:
    """How runs are drawn: by their own properties, else by the styles of run and paragraph."""

    def __init__(self, styles: Element) -> None:
        self._styles: Mapping[str, Element] = {given(entry, "styleId"): entry for entry in styles.iter(f"{_W}style")}

    def piece(self, text: str, run: Element, paragraph_style: str) -> Piece:
        """The text of a run as a piece."""
        own = child(run, "rPr")
        if own is None and not paragraph_style:
            return Piece(text)
        seen: dict[str, Element] = {}
        styles = (given(child(own, "rStyle"), "val"), paragraph_style)
        for properties in (own, *(entry for style in styles if style for entry in self._chain(style))):
            for entry in () if properties is None else properties:
                seen.setdefault(name_of(entry), entry)
        found = seen.get
        raised = {"superscript": RAISED, "subscript": LOWERED}.get(given(found("vertAlign"), "val"), "")
        drawn = STRUCK if is_on(found("strike")) or is_on(found("dstrike")) else raised
        fonts = found("rFonts")
        return Piece(_in_font(text, given(fonts, "ascii") or given(fonts, "hAnsi")), drawn, is_on(found("vanish")))

    def _chain(self, style: str) -> Iterator[Element]:
        """The run properties of a style and those it is based on."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            properties = child(self._styles[style], "rPr")
            if properties is not None:
                yield properties
            style = given(child(self._styles[style], "basedOn"), "val")


def _in_font(text: str, font: str) -> str:
    """A text as its font draws it: signs of symbol fonts become the signs that are seen, or stay private characters."""
    signs = _SYMBOLS.get(font.casefold())
    if signs is None:
        return text
    return "".join(
        character
        if character.isspace() or 0xFF < ord(character) < 0xF000
        else signs.get(ord(character) & 0xFF, character)
        for character in text
    )


def pieces_of(paragraph: Element, looks: Looks) -> list[Piece]:
    """The pieces of one paragraph in their order. Text boxes and nested tables are no part of it."""
    style = given(child(paragraph, "pPr", "pStyle"), "val")
    return list(_inside(paragraph, looks, style, _Fields()))


class _Fields:
    """Where in a field the reader is: between its begin and its separator stand its instructions, which nobody sees."""

    def __init__(self) -> None:
        self.instructions: list[bool] = []

    def step(self, mark: Element) -> Piece | None:
        """Goes past a mark of a field; the sign of an old check box, None for any other field."""
        kind = given(mark, "fldCharType")
        if kind == "begin":
            self.instructions.append(True)
            return _old_check_box(child(mark, "ffData", "checkBox"))
        if self.instructions and kind == "separate":
            self.instructions[-1] = False
        elif self.instructions and kind == "end":
            self.instructions.pop()
        return None


def _old_check_box(box: Element | None) -> Piece | None:
    if box is None:
        return None
    state = child(box, "checked")
    return Piece(TICKED if is_on(child(box, "default") if state is None else state) else UNTICKED)


def _inside(element: Element, looks: Looks, style: str, fields: _Fields) -> Iterator[Piece]:
    """The pieces of what stands in a paragraph: runs, and whatever holds runs."""
    for entry in element:
        name = name_of(entry)
        if name == "r":
            yield from _run(entry, looks, style, fields)
        elif name == "sdt":
            yield from _control(entry, looks, style, fields)
        elif name.endswith(("}oMath", "}oMathPara")):
            yield Piece(FORMULA)
        elif name not in _DELETED and name != "pPr":
            yield from _inside(entry, looks, style, fields)


def _control(control: Element, looks: Looks, style: str, fields: _Fields) -> Iterator[Piece]:
    """The pieces of a content control: a check box by its state; nothing where only its prompt is shown."""
    if (ticked := tick_of(control)) is not None:
        yield Piece(TICKED if ticked else UNTICKED)
    elif not shows_prompt(control):
        content = child(control, "sdtContent")
        yield from _inside(() if content is None else content, looks, style, fields)


def tick_of(control: Element) -> bool | None:
    """Whether a content control is a ticked check box; None for one that is no check box."""
    for entry in () if (properties := child(control, "sdtPr")) is None else properties:
        if str(entry.tag).endswith("}checkbox"):
            states = [state for state in entry if str(state.tag).endswith("}checked")]
            return bool(states) and given(states[0], "val", "1") not in _OFF
    return None


def shows_prompt(control: Element) -> bool:
    """True for a content control that nobody filled in: it shows its prompt (单击此处输入文字)."""
    return is_on(child(control, "sdtPr", "showingPlcHdr"))


def _run(run: Element, looks: Looks, style: str, fields: _Fields) -> Iterator[Piece]:
    for entry in run:
        name = name_of(entry)
        if name == "fldChar":
            if box := fields.step(entry):
                yield box
        elif fields.instructions and fields.instructions[-1]:
            continue
        elif name == "ruby":
            base = child(entry, "rubyBase")
            yield from _inside(() if base is None else base, looks, style, fields)
        elif text := _text_of(entry, name):
            yield looks.piece(text, run, style)


def _text_of(entry: Element, name: str) -> str:
    """What one element of a run shows as text; "" for nothing."""
    if name == "t":
        return entry.text or ""
    if name == "sym":
        return _symbol(entry)
    if name in ("drawing", "pict", "object") or name.endswith("}AlternateContent"):
        return PICTURE if _is_picture_in_line(entry) else ""
    return _SIGNS.get(name, "")


def _symbol(entry: Element) -> str:
    """The sign of <w:sym>, by its font where that is known; else the private character."""
    code = int(given(entry, "char", "0"), 16)
    signs = _SYMBOLS.get(given(entry, "font").casefold(), {})
    return signs.get(code & 0xFF) or (chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "")


def _is_picture_in_line(entry: Element) -> bool:
    """True for a picture that stands among the text, as a digit would; a seal that floats over the text is none."""
    if any(name_of(inner) == "txbxContent" for inner in entry.iter()):
        return False
    if name_of(entry) == "object":
        return True
    tags = [str(inner.tag).rpartition("}")[2] for inner in entry.iter()]
    styles = " ".join(given(inner, "style") for inner in entry.iter())
    return "inline" in tags or ("imagedata" in tags and "absolute" not in styles)
