"""The sheet 自检计算 of a blank form, which computes its 自检 with the same result as `check` on the file.

Each typed value has a row of formulas that lead from its text to a number and a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.issues.catalogue import (
    BOOLEAN_OR_PICTURE,
    FORMULA_ERROR,
    GAP_IN_NUMBER,
    MISLEADING_CELL_FORMAT,
    NEGATIVE_NUMBER,
    NOT_AN_INTEGER,
    NUMBER_TOO_LARGE,
    NUMBER_UNCLEAR,
    PHONE_AS_NUMBER,
)
from pipeline.model.form_checks import LARGEST_IN_FORMULAS
from pipeline.model.rulebook import Rulebook, Unit
from pipeline.model.stamps import CHECKS_SHEET
from pipeline.writers.book.addresses import absolute_address, absolute_area
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import Book
from pipeline.writers.forms.self_check.steps import (
    STEPS,
    Lists,
    Steps,
    UnitCells,
    exact,
    is_in,
    longest_first,
    narrow,
)

CHECK_HEADER = "自检"
NOTHING = " "  # the stored result of a formula that shows nothing; an empty one reads as if none were stored
TO_MEND, TO_LOOK_AT, FINE = "要改：", "请核对：", "正常"

# Issue code of a value that cannot be used -> what the 自检 says of it.
SENTENCES = {
    NUMBER_UNCLEAR: "看不出是哪一个数，请只填一个数字",
    NEGATIVE_NUMBER: "是负数，请填不小于 0 的数",
    NOT_AN_INTEGER: "应为整数，请填整数",
    NUMBER_TOO_LARGE: "数太大（15 位以上），请核对单位和位数",
    BOOLEAN_OR_PICTURE: "是“是/否”值，请填数字",
    FORMULA_ERROR: "公式出错，请直接填数字",
    GAP_IN_NUMBER: "数字中间有空格，可能是两个数，请只填一个数",
    MISLEADING_CELL_FORMAT: "显示成了百分比或日期，请把单元格格式改为“常规”再填数",
    PHONE_AS_NUMBER: "像是手机号码，请核对是否填错了格子",
}

_WIDTHS = (24, 8, 14, 14, 12, 12, 12, 7, 10, 10, 10, 10, 10, 10, 10, 8, 12, 8, 12)


class Checked(NamedTuple):
    """The cells of a checked value: its verdict (空, 无, 数, 提醒 or an issue code), and the number used ("" in error)."""

    verdict: str
    value: str


class CheckSheet:
    """自检计算 of one workbook: the lists that its formulas look up, then a row for each value."""

    def __init__(self, book: Book, rulebook: Rulebook) -> None:
        self.book, self.rulebook = book, rulebook
        self.sheet: LiveSheet = book.sheet(CHECKS_SHEET, landscape=True)
        self.sheet.protect("", {"format_columns": True})
        book.widths(self.sheet, _WIDTHS)
        book.put(self.sheet, 0, 0, "本表是自检用的计算过程，不用填写，也不会被读取。", "stamp")
        self.sheet.print_area(0, 0, 0, len(_WIDTHS) - 1)  # who prints the whole workbook gets the note alone
        self.row = 2
        words = rulebook.vocabulary
        self.none = self.listed("“没有”的写法", narrow(words.none_words))
        before, after = longest_first(words.approximate_before), longest_first(words.approximate_after)
        self.lists = Lists(self.none, before, after)
        self.digits = self.listed("数字", [*map(str, range(10)), *"０１２３４５６７８９"])
        self.ticks = self.listed("勾选的写法", exact(words.ticks))
        self.no_ticks = self.listed("不勾选的写法", exact(words.no_ticks))
        self.codes = self.listed("说明", list(SENTENCES), list(SENTENCES.values()))
        self.units: dict[str, UnitCells] = {}

    def listed(self, name: str, *columns: Iterable[object]) -> str:
        """Writes a list of one or several columns of equal length. Returns the reference to all of its cells."""
        lists = [list(column) for column in columns]
        top = self.row
        for offset, line in enumerate(zip(*lists, strict=True)):
            self.book.put(self.sheet, top + offset, 0, "" if offset else name, "plain")
            for column, value in enumerate(line, start=1):
                self.book.put(self.sheet, top + offset, column, value, "plain")
        self.row += len(lists[0]) + 1
        return self.area(top, 1, top + len(lists[0]) - 1, len(lists))

    def area(self, row: int, column: int, last_row: int, last_column: int) -> str:
        """The reference to an area of this sheet that holds on any sheet."""
        return f"{CHECKS_SHEET}!{absolute_area(row, column, last_row, last_column)}"

    def _unit(self, unit: Unit) -> UnitCells:
        if unit.id not in self.units:
            own, other = narrow(unit.own), narrow(unit.other)
            factors = [1.0] * len(own) + [float(unit.factors[word]) for word in other]
            top = self.row
            self.listed(f"单位：{unit.id}", [*own, *other], factors, [1] * len(own) + [0] * len(other))
            last = top + len(factors) - 1
            self.units[unit.id] = UnitCells(*(self.area(top, column, last, column) for column in (1, 2, 3)))
        return self.units[unit.id]

    def header(self) -> None:
        """Writes the names of the steps above the rows of values."""
        for column, name in enumerate(STEPS):
            self.book.put(self.sheet, self.row, column, name, "header")
        self.row += 1

    def prepare(self, units: Iterable[str]) -> None:
        """Writes the lists of the units, and the header above the values."""
        for unit in dict.fromkeys(units):
            self._unit(self.rulebook.unit_of[unit])
        self.header()

    def value(self, label: str, cell: str, unit_id: str, negative: bool = False) -> Checked:
        """Writes the row of the value in `cell` (附件1!$E$7). Returns the cells of its result."""
        unit = self.rulebook.unit_of[unit_id]
        cells = {name: absolute_address(self.row, column) for column, name in enumerate(STEPS)}
        steps = Steps(cell, cells, unit, self._unit(unit), self.lists, negative).formulas()
        self.book.put(self.sheet, self.row, 0, label, "plain")
        look = self.book.look("plain")
        for column, name in enumerate(STEPS[1:], start=1):
            formula, blank = steps[name]
            self.sheet.write_formula(self.row, column, f"={formula}", look, NOTHING if blank == "" else blank)
        self.row += 1
        return Checked(f"{CHECKS_SHEET}!{cells['结论']}", f"{CHECKS_SHEET}!{cells['采用']}")

    def accepts(self, cell: str, unit: Unit, negative: bool = False) -> str:
        """The formula of a cell's data validation. It accepts a number within the unit's bounds, 无, and any text with a
        digit, which the 自检 then judges."""
        bounds = (
            [f"{cell}>=0"] * (not negative)
            + [f"ABS({cell})<{LARGEST_IN_FORMULAS}"]
            + [f"{cell}=INT({cell})"] * unit.whole
        )
        written = f"OR(SUMPRODUCT(--ISNUMBER(FIND({self.digits},{cell})))>0,{is_in(cell, self.none)})"
        return f"=IF(ISNUMBER({cell}),AND({','.join(bounds)}),IF(ISTEXT({cell}),{written},FALSE))"

    def figure(self, label: str, formula: str, blank: object) -> str:
        """Writes a row with another formula that the 自检 needs; blank: its result in a blank form. Returns its cell."""
        self.book.put(self.sheet, self.row, 0, label, "plain")
        self.sheet.write_formula(self.row, 1, f"={formula}", self.book.look("plain"), blank)
        self.row += 1
        return f"{CHECKS_SHEET}!{absolute_address(self.row - 1, 1)}"


def colour_verdicts(book: Book, sheet: LiveSheet, area: tuple[int, int, int, int]) -> None:
    """Colours the verdicts in an area: 要改 red, 请核对 yellow, 正常 green."""
    for words, fill, colour in (
        (TO_MEND, "#FFC7CE", "#9C0006"),
        (TO_LOOK_AT, "#FFEB9C", "#7F6000"),
        (FINE, "#E2F0D9", "#375623"),
    ):
        look = book.workbook.add_format({"bg_color": fill, "font_color": colour})
        sheet.conditional_format(*area, {"type": "text", "criteria": "begins with", "value": words, "format": look})
