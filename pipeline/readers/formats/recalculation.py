"""Computes simple formulas anew: numbers, texts, cells of the workbook, + - * / ^ & %, comparisons, and a few functions.

Nothing is guessed: whatever a formula holds besides raises NotComputable, and so does a cell whose value is not known.
Operators and their order: ECMA-376 part 1, 18.17.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import NamedTuple, TypeAlias

from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW, Address

MAXIMUM_FORMULA = 2_000  # characters of a formula that is computed
MAXIMUM_AREA = 20_000  # cells of an area that is computed
_DEEPEST = 40  # brackets and functions within each other


class NotComputable(Exception):
    """The formula, or a cell that it needs, is none that can be computed here."""


class LeavesWorkbook(NotComputable):
    """The formula needs a cell of another workbook, so that no program computes it without that one."""


Scalar: TypeAlias = float | str | bool | None  # None for a blank cell


class Area(NamedTuple):
    """The values of an area of cells, row by row."""

    values: tuple[Scalar, ...]


Operand: TypeAlias = Scalar | Area
Node: TypeAlias = Callable[[], Operand]
CellValue: TypeAlias = Callable[[str, Address], Scalar]  # the value at an address of a sheet, "" for the formula's own

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)(?![\w!])
  | (?P<text>"(?:[^"]|"")*")
  | (?P<sheet>'(?:[^']|'')+'!|(?:\[[^\]]*\])?[^\W\d][\w.]*!)
  | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})(?![\w(!.])
  | (?P<name>[A-Za-z][\w.]*)
  | (?P<sign><=|>=|<>|[-+*/^&%(),:<>=])
    )""",
    re.X,
)
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)")
_COMPARISONS = ("=", "<>", "<=", ">=", "<", ">")


def computed(formula: str, moved: Address, value_at: CellValue, blanks: bool = True) -> Scalar:
    """The result of a formula; a blank cell alone gives 0. moved: rows and columns by which its relative references are
    moved (a shared formula). blanks: a blank cell may stand alone in a formula. Raises NotComputable."""
    if len(formula) > MAXIMUM_FORMULA:
        raise NotComputable
    try:
        result = _Parser(formula, moved, value_at, blanks).whole()()
    except RecursionError as error:
        raise NotComputable from error
    scalar = _scalar(result)
    return 0.0 if scalar is None else scalar


class _Parser:
    """Turns the text of a formula into functions that compute it."""

    def __init__(self, formula: str, moved: Address, value_at: CellValue, blanks: bool) -> None:
        self.tokens = _tokens(formula)
        self.position = self.depth = 0
        self.moved, self.value_at, self.blanks = moved, value_at, blanks

    def whole(self) -> Node:
        node = self._comparison()
        if self.position < len(self.tokens):
            raise NotComputable
        return node

    def _sign(self, *signs: str) -> str:
        """The next token when it is one of the signs, which is then passed; "" for any other."""
        if self.position < len(self.tokens) and self.tokens[self.position] in [("sign", sign) for sign in signs]:
            self.position += 1
            return self.tokens[self.position - 1][1]
        return ""

    def _chain(self, part: Callable[[], Node], *signs: str) -> Node:
        """Parts with operators of one rank between them, computed from the left."""
        first = part()
        following: list[tuple[str, Node]] = []
        while sign := self._sign(*signs):
            following.append((sign, part()))
        return partial(_chained, first, following) if following else first

    def _comparison(self) -> Node:
        return self._chain(self._concatenation, *_COMPARISONS)

    def _concatenation(self) -> Node:
        return self._chain(self._sum, "&")

    def _sum(self) -> Node:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Node:
        return self._chain(self._power, "*", "/")

    def _power(self) -> Node:
        return self._chain(self._signed, "^")

    def _signed(self) -> Node:
        if sign := self._sign("-", "+"):
            node = self._signed()
            return partial(_chained, lambda: 0.0, [("-", node)]) if sign == "-" else node
        node = self._atom()
        shares: list[tuple[str, Node]] = []
        while self._sign("%"):
            shares.append(("/", lambda: 100.0))
        return partial(_chained, node, shares) if shares else node

    def _atom(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST or self.position >= len(self.tokens):
            raise NotComputable
        kind, token = self.tokens[self.position]
        self.position += 1
        node = self._atom_of(kind, token)
        self.depth -= 1
        return node

    def _atom_of(self, kind: str, token: str) -> Node:
        if kind == "number":
            number = float(token)
            return lambda: number
        if kind == "text":
            text = token[1:-1].replace('""', '"')
            return lambda: text
        if kind == "sheet":
            sheet = token[:-1].strip("'").replace("''", "'")
            kind, token = self.tokens[self.position] if self.position < len(self.tokens) else ("", "")
            self.position += 1
            return self._reference(sheet, token) if kind == "cell" else _fail()
        if kind == "cell":
            return self._reference("", token)
        if kind == "name":
            return self._function(token.upper())
        if token != "(":
            raise NotComputable
        node = self._comparison()
        return node if self._sign(")") else _fail()

    def _reference(self, sheet: str, token: str) -> Node:
        """A cell, or an area of cells."""
        first = last = self._address(token)
        if self._sign(":"):
            kind, token = self.tokens[self.position] if self.position < len(self.tokens) else ("", "")
            if kind != "cell":
                raise NotComputable
            self.position += 1
            last = self._address(token)
            rows, columns = sorted((first[0], last[0])), sorted((first[1], last[1]))
            if (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > MAXIMUM_AREA:
                raise NotComputable
            area = [
                (row, column) for row in range(rows[0], rows[1] + 1) for column in range(columns[0], columns[1] + 1)
            ]
            return lambda: Area(tuple(self.value_at(sheet, address) for address in area))
        return lambda: self._value_alone(sheet, first)

    def _value_alone(self, sheet: str, address: Address) -> Scalar:
        value = self.value_at(sheet, address)
        if value is None and not self.blanks:
            raise NotComputable
        return value

    def _address(self, token: str) -> Address:
        match = _CELL.fullmatch(token)
        if match is None:
            raise NotComputable
        column = 0
        for letter in match[2].upper():
            column = column * 26 + ord(letter) - 64
        row = int(match[4]) + (0 if match[3] else self.moved[0])
        column += 0 if match[1] else self.moved[1]
        if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
            raise NotComputable
        return row, column

    def _function(self, name: str) -> Node:
        if name in ("TRUE", "FALSE"):
            if self._sign("(") and not self._sign(")"):
                raise NotComputable
            return lambda: name == "TRUE"
        if name not in _FUNCTIONS or not self._sign("("):
            raise NotComputable
        arguments: list[Node] = []
        if not self._sign(")"):
            arguments.append(self._comparison())
            while self._sign(","):
                arguments.append(self._comparison())
            if not self._sign(")"):
                raise NotComputable
        return lambda: _FUNCTIONS[name](arguments)


def _tokens(formula: str) -> list[tuple[str, str]]:
    """The tokens as (kind, text). Raises NotComputable for a character that begins none."""
    tokens: list[tuple[str, str]] = []
    position = 0
    text = formula.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise NotComputable
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


def _fail() -> Node:
    raise NotComputable


# ---------------------------------------------------------------------------------------- operators


def _chained(first: Node, following: Sequence[tuple[str, Node]]) -> Scalar:
    """The result of operators of one rank, from the left."""
    result = _scalar(first())
    for sign, node in following:
        result = _applied(sign, result, _scalar(node()))
    return result


def _applied(sign: str, left: Scalar, right: Scalar) -> Scalar:
    if sign == "&":
        return _text(left) + _text(right)
    if sign in _COMPARISONS:
        return _compared(sign, left, right)
    return _arithmetic(sign, _number(left), _number(right))


def _arithmetic(sign: str, left: float, right: float) -> float:
    try:
        if sign == "/":
            return left / right
        if sign == "^":
            power = left**right
            return power if isinstance(power, float) else _not_computable()
    except (ZeroDivisionError, OverflowError) as error:
        raise NotComputable from error
    return left * right if sign == "*" else left + right if sign == "+" else left - right


def _not_computable() -> float:
    raise NotComputable


def _scalar(operand: Operand) -> Scalar:
    if isinstance(operand, Area):
        raise NotComputable
    return operand


def _number(value: Scalar) -> float:
    """A value in arithmetic: a blank is 0; a text, even one that is a number, is not computed."""
    if isinstance(value, str):
        raise NotComputable
    return float(value or 0.0)


def _text(value: Scalar) -> str:
    """A value within a text; only whole numbers, since programs differ in how they write the others."""
    if value is None:
        return ""
    if isinstance(value, bool) or (isinstance(value, float) and not (value.is_integer() and abs(value) < 1e11)):
        raise NotComputable
    return f"{value:.0f}" if isinstance(value, float) else value


def _compared(sign: str, left: Scalar, right: Scalar) -> bool:
    """A comparison of two numbers or two texts, one of which may be a blank cell; case does not matter."""
    if left is None:
        left = "" if isinstance(right, str) else 0.0
    if right is None:
        right = "" if isinstance(left, str) else 0.0
    if isinstance(left, str) and isinstance(right, str) and sign in ("=", "<>"):
        return (left.lower() == right.lower()) == (sign == "=")
    if isinstance(left, str | bool) or isinstance(right, str | bool):
        raise NotComputable
    difference = 0 if is_same_number(left, right) else left - right
    outcomes = {"=": difference == 0, "<>": difference != 0, "<": difference < 0, ">": difference > 0}
    return outcomes[sign[0]] or difference == 0 if sign in ("<=", ">=") else outcomes[sign]


def is_same_number(left: float, right: float) -> bool:
    """True for two numbers that agree in 12 digits."""
    return abs(left - right) <= 1e-12 * max(abs(left), abs(right))


# ---------------------------------------------------------------------------------------- functions


def _numbers(arguments: Iterable[Node]) -> list[float]:
    """The numbers of the arguments; texts and blanks in areas do not count. Programs differ about truth values."""
    numbers: list[float] = []
    for argument in arguments:
        operand = argument()
        values = operand.values if isinstance(operand, Area) else (operand,)
        if isinstance(operand, str) or any(isinstance(value, bool) for value in values):
            raise NotComputable
        numbers += [value for value in values if isinstance(value, float)]
    return numbers


def _average(arguments: Sequence[Node]) -> Operand:
    numbers = _numbers(arguments)
    return sum(numbers) / len(numbers) if numbers else _not_computable()


def _counted_if(arguments: Sequence[Node]) -> Operand:
    """COUNTIF with a number or a text that is to be equal."""
    if len(arguments) != 2:
        raise NotComputable
    area, wanted = arguments[0](), _scalar(arguments[1]())
    values = area.values if isinstance(area, Area) else (area,)
    if wanted is None or isinstance(wanted, bool) or (isinstance(wanted, str) and re.search(r"^\W|[*?~\d]", wanted)):
        raise NotComputable
    if isinstance(wanted, str):
        return float(sum(isinstance(value, str) and value.lower() == wanted.lower() for value in values))
    if any(isinstance(value, str) and value[:1].isdigit() for value in values):
        raise NotComputable
    return float(sum(isinstance(value, float) and is_same_number(value, wanted) for value in values))


def _counted(arguments: Sequence[Node]) -> Operand:
    """COUNTA."""
    operands = [argument() for argument in arguments]
    values = [value for one in operands for value in (one.values if isinstance(one, Area) else (one,))]
    return float(sum(value is not None for value in values))


def _rounded(arguments: Sequence[Node]) -> Operand:
    if len(arguments) != 2:
        raise NotComputable
    number, digits = (_number(_scalar(argument())) for argument in arguments)
    if not digits.is_integer() or abs(digits) > 12 or abs(number) >= 1e15:
        raise NotComputable
    return float(Decimal(f"{number:.15g}").quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


def _chosen(arguments: Sequence[Node]) -> Operand:
    """IF."""
    if not 2 <= len(arguments) <= 3:
        raise NotComputable
    if _number(_scalar(arguments[0]())):
        return arguments[1]()
    return arguments[2]() if len(arguments) == 3 else False


_FUNCTIONS: dict[str, Callable[[Sequence[Node]], Operand]] = {
    "SUM": lambda arguments: sum(_numbers(arguments), 0.0),
    "COUNT": lambda arguments: float(len(_numbers(arguments))),
    "MAX": lambda arguments: max(_numbers(arguments), default=0.0),
    "MIN": lambda arguments: min(_numbers(arguments), default=0.0),
    "AVERAGE": _average,
    "COUNTIF": _counted_if,
    "COUNTA": _counted,
    "ROUND": _rounded,
    "IF": _chosen,
}
