"""The formulas that lead, step by step, from a typed value to a number and a verdict.

They follow `readers/values/numbers.py` and use only functions that Excel 2010, WPS and LibreOffice have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.issues.catalogue import (
    BOOLEAN_OR_PICTURE,
    FORMULA_ERROR,
    GAP_IN_NUMBER,
    MISLEADING_CELL_FORMAT,
    NUMBER_UNCLEAR,
)
from pipeline.model.form_checks import (
    BLANK,
    IS_MOBILE,
    IS_MOBILE_IN_FORMULAS,
    IS_NEGATIVE,
    IS_NOT_WHOLE,
    IS_TOO_LARGE,
    NONE,
    NUMBER,
    REMARK,
    FormCheck,
)
from pipeline.model.rulebook import Unit

_SPACES = ("\u00a0", "\u3000", "\t")
_UNSEEN = ("\u200b", "\ufeff")
_NARROWED = "０１２３４５６７８９．，－＋（）％／：～￥ＴＢＧＰＭ"
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DIGITS, _LONGEST = '"0123456789,."', 60
STEPS = (
    "栏目",
    "是什么",
    "半角",
    "去空格",
    "去约数",
    "去货币号",
    "去正负号",
    "数字长",
    "整数部分",
    "小数部分",
    "数",
    "数后的字",
    "括号前",
    "去约数（前）",
    "单位",
    "倍数",
    "合成",
    "结论",
    "采用",
)


class UnitCells(NamedTuple):
    """References to three columns: the words for a unit, the factor of each, and 1 for the words of the unit itself."""

    names: str
    factors: str
    same: str


class Lists(NamedTuple):
    """What the steps look up. none: reference to the words for 无; before, after: words of approximation, longest first."""

    none: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def text(words: str) -> str:
    """A text as a formula writes it, in quotes."""
    return '"' + words.replace('"', '""') + '"'


def cleaned(cell: str) -> str:
    """The formula of a cell's text with every run of white space as one space and full-width ASCII narrowed."""
    result = f'{cell}&""'
    for character in _UNSEEN:
        result = f'SUBSTITUTE({result},{text(character)},"")'
    for character in (*map(text, _SPACES), "CHAR(10)", "CHAR(13)"):
        result = f'SUBSTITUTE({result},{character}," ")'
    result = f"TRIM({result})"
    for character in _NARROWED:
        narrow = "¥" if character == "￥" else chr(ord(character) - 0xFEE0)
        result = f"SUBSTITUTE({result},{text(character)},{text(narrow)})"
    return result


def without_start(cell: str, words: Iterable[str]) -> str:
    """The formula of a cell's text without the first of `words` that it begins with."""
    result = cell
    for word in reversed(list(words)):
        result = f"IF(LEFT({cell},{len(word)})={text(word)},MID({cell},{len(word) + 1},99),{result})"
    return result


def without_end(cell: str, words: Iterable[str]) -> str:
    """The formula of a cell's text without the first of `words` that it ends with."""
    result = cell
    for word in reversed(list(words)):
        result = f"IF(RIGHT({cell},{len(word)})={text(word)},LEFT({cell},LEN({cell})-{len(word)}),{result})"
    return result


def _without_figures(words: str) -> str:
    """The formula of a text without digits, commas and points."""
    for character in "0123456789,.":
        words = f'SUBSTITUTE({words},"{character}","")'
    return words


def is_in(cell: str, cells: str) -> str:
    """The condition that a cell's text is one of `cells`. COUNTIF would take * and ? in it as wildcards."""
    return f"SUMPRODUCT(--({cells}={cell}))>0"


def first_of(cases: Iterable[tuple[str, str]], otherwise: str) -> str:
    """The formula of the first case (condition, result) whose condition holds, else of `otherwise`."""
    result = otherwise
    for condition, given in reversed(list(cases)):
        result = f"IF({condition},{given},{result})"
    return result


class Steps:
    """The steps of one value. cell: where it is typed; cells: step → its cell on 自检计算; words: of its unit; negative:
    whether the value may be negative."""

    def __init__(
        self, cell: str, cells: Mapping[str, str], unit: Unit, words: UnitCells, lists: Lists, negative: bool
    ) -> None:
        self.cell, self.cells, self.unit, self.words, self.lists, self.negative = (
            cell,
            cells,
            unit,
            words,
            lists,
            negative,
        )

    def formulas(self) -> dict[str, tuple[str, object]]:
        """Step → (formula, result for a blank cell)."""
        kinds = [(f"ISERROR({self.cell})", '"错误"'), (f"ISBLANK({self.cell})", text(BLANK))]
        kinds += [(f"ISLOGICAL({self.cell})", '"是否"'), (f"ISNUMBER({self.cell})", '"数"')]
        kinds += [(f'{self.cells["去空格"]}=""', text(BLANK))]
        return {
            "是什么": (first_of(kinds, '"字"'), BLANK),
            **self._texts(),
            **self._number(),
            **self._unit(),
            "结论": (self._verdict(), BLANK),
            "采用": (self._used(), 0),
        }

    def _texts(self) -> dict[str, tuple[str, object]]:
        """The steps that remove signs and words before the number."""
        cells, compact = self.cells, f'UPPER(SUBSTITUTE({self.cells["半角"]}," ",""))'
        exactly, money = cells["去约数"], cells["去货币号"]
        symbols = f'OR(LEFT({exactly},1)="¥",LEFT({exactly},1)="￥")'
        minus = f'OR(LEFT({money},1)="-",LEFT({money},1)="−")'
        brackets = f'AND(LEFT({money},1)="(",RIGHT({money},1)=")",LEN({money})>2)'
        signed = first_of([(minus, f"MID({money},2,99)"), (brackets, f"MID({money},2,LEN({money})-2)")], money)
        return {
            "半角": (f'IF(ISTEXT({self.cell}),{cleaned(self.cell)},"")', ""),
            "去空格": (without_start(compact, ["'"]), ""),
            "去约数": (without_start(cells["去空格"], self.lists.before), ""),
            "去货币号": (f"IF({symbols},MID({exactly},2,99),{exactly})" if self.unit.currency else exactly, ""),
            "去正负号": (signed, ""),
        }

    def _number(self) -> dict[str, tuple[str, object]]:
        """The steps that read the digits at the start of the text; "" if they are no number."""
        rest, length, before, behind = (self.cells[step] for step in ("去正负号", "数字长", "整数部分", "小数部分"))
        number = f"LEFT({rest},{length})"
        beginnings = _without_figures(f'LEFT({rest}&"#",ROW($1:$61))')
        pointed = f'ISNUMBER(FIND(",",{behind})),ISNUMBER(FIND(".",{behind})),AND({behind}="",LEN({before})<{length})'
        grouped = f'IFERROR(TEXT(VALUE(SUBSTITUTE({before},",","")),"#,##0"),"")={before}'
        value = f'IF({grouped},VALUE(SUBSTITUTE({number},",","")),"")'
        cases = [(f'OR({before}="",{pointed})', '""'), (f'ISNUMBER(FIND(",",{before}))', value)]
        return {
            "数字长": (f'SUMPRODUCT(--({beginnings}=""))', 0),
            "整数部分": (f'LEFT({number},FIND(".",{number}&".")-1)', ""),
            "小数部分": (f"MID({number},LEN({before})+2,{_LONGEST})", ""),
            "数": (first_of(cases, f'IFERROR(VALUE({number}),"")'), ""),
        }

    def _unit(self) -> dict[str, tuple[str, object]]:
        """The steps that read the words behind the number as a factor; "" for unknown words."""
        tail, outside, half, word = (self.cells[step] for step in ("数后的字", "括号前", "去约数（前）", "单位"))
        names, factors, _ = self.words
        listed = f'AND(RIGHT({tail},1)=")",LEN({outside})<LEN({tail}))' if self.unit.whole else "FALSE"
        cases = [
            (f'{tail}=""', "1"),
            (is_in(tail, names), f"SUMPRODUCT(({names}={tail})*{factors})"),
            (f"NOT(OR({tail}={outside},{listed}))", '""'),
            (f'{word}=""', "1"),
            (is_in(word, names), f"SUMPRODUCT(({names}={word})*{factors})"),
        ]
        return {
            "数后的字": (f"MID({self.cells['去正负号']},{self.cells['数字长']}+1,99)", ""),
            "括号前": (f'LEFT({tail},FIND("(",{tail}&"(")-1)', ""),
            "去约数（前）": (without_start(outside, self.lists.after), ""),
            "单位": (without_end(half, self.lists.after), ""),
            "倍数": (first_of(cases, '""'), 1),
            "合成": (self._composed(), ""),
        }

    def _composed(self) -> str:
        """The number with its sign and unit; for 4核16G also from CPU and 内存."""
        cells, bare = self.cells, self.cells["去空格"]
        sign = f"IF({cells['去货币号']}={cells['去正负号']},1,-1)"
        composed = f'IF(OR({cells["数"]}="",{cells["倍数"]}=""),"",{sign}*{cells["数"]}*{cells["倍数"]})'
        if self.unit.id != "4核16G":
            return composed
        cores = f'MID({bare},4,FIND("核",{bare})-4)'
        memory = f'MID({bare},FIND("内存",{bare})+2,LEN({bare})-FIND("内存",{bare})-2)'
        server = f'IFERROR((VALUE({cores})/4+VALUE({memory})/16)/2,"")'
        return f'IF(AND(LEFT({bare},3)="CPU",RIGHT({bare},1)="G"),{server},{composed})'

    def _verdict(self) -> str:
        kind = self.cells["是什么"]
        cases = [
            (f'{kind}="错误"', text(FORMULA_ERROR)),
            (f'{kind}="{BLANK}"', text(BLANK)),
            (f'{kind}="是否"', text(BOOLEAN_OR_PICTURE)),
        ]
        return first_of([*cases, (f'{kind}="数"', self._verdict_of_number())], self._verdict_of_text())

    def _verdict_of_number(self) -> str:
        cell = self.cell
        shown_otherwise = f'ISNUMBER(FIND(LEFT(CELL("format",{cell}),1),"PD"))'  # as a percentage or a date
        cases = [(shown_otherwise, text(MISLEADING_CELL_FORMAT)), _case(IS_MOBILE, cell)]
        return first_of([*cases, *self._bounds(cell)], text(NUMBER))

    def _verdict_of_text(self) -> str:
        bare, tail, spaced, number = (self.cells[step] for step in ("去空格", "数后的字", "半角", "数"))
        head = f'LEFT({spaced},FIND("(",{spaced}&"(")-1)'
        left, right = (f"ISNUMBER(FIND(MID({head},ROW({rows}),1),{_DIGITS}))" for rows in ("$1:$58", "$3:$60"))
        split = f'SUMPRODUCT({left}*(MID({head},ROW($2:$59),1)=" ")*{right})>0'
        digits = f"LEN({bare})=11,{self.cells['数字长']}=11,ISNUMBER({number})"
        own_unit = f"SUMPRODUCT(({self.words.names}={tail})*{self.words.same})>0"
        plain = f'AND({self.cells["去约数"]}={bare},OR({tail}="",{own_unit}))'
        cases = [
            (is_in(bare, self.lists.none), text(NONE)),
            (split, text(GAP_IN_NUMBER)),
            (f"AND({digits},{IS_MOBILE_IN_FORMULAS.replace('{number}', number)})", text(IS_MOBILE.code)),
            (f'{self.cells["合成"]}=""', text(NUMBER_UNCLEAR)),
        ]
        return first_of([*cases, *self._bounds(self.cells["合成"])], f"IF({plain},{text(NUMBER)},{text(REMARK)})")

    def _bounds(self, number: str) -> list[tuple[str, str]]:
        """The cases of numbers out of the bounds of the unit, with their issue codes."""
        below = [] if self.negative else [_case(IS_NEGATIVE, number)]
        broken = [_case(IS_NOT_WHOLE, number)] if self.unit.whole else []
        return [*below, _case(IS_TOO_LARGE, number), *broken]

    def _used(self) -> str:
        """The number used: 0 for a blank or 无, "" in error."""
        verdict = self.cells["结论"]
        none = f"OR({verdict}={text(BLANK)},{verdict}={text(NONE)})"
        typed = f'IF({self.cells["是什么"]}="数",{self.cell},{self.cells["合成"]})'
        return first_of([(none, "0"), (f'LEFT({verdict},1)="V"', '""')], typed)


def _case(check: FormCheck, number: str) -> tuple[str, str]:
    """A check of a number, and the code that is the verdict where it holds."""
    return check.condition(number=number), text(check.code)


def narrow(words: Iterable[str]) -> list[str]:
    """Words as the formulas compare them: full-width ASCII narrowed, without spaces, upper case, each once."""
    return list(dict.fromkeys(word.translate(_HALF_WIDTH).replace(" ", "").upper() for word in words))


def exact(words: Iterable[str]) -> list[str]:
    """Marks as the formulas compare them: full-width ASCII narrowed, each once, upper and lower case distinct."""
    return list(dict.fromkeys(word.translate(_HALF_WIDTH) for word in words))


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """`narrow`, longest first: 大约 before 约."""
    return tuple(sorted(narrow(words), key=lambda word: (-len(word), word)))
