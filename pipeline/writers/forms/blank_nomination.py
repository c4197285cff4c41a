"""The blank 附件2 with its 自检."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.model.form_checks import BLANK, CLOUD_OVER_IT_SPEND, NONE, PHONE_WRONG, PROFIT_OVER_REVENUE, REMARK
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.addresses import absolute_address, cell_address
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import Book
from pipeline.writers.forms.beside import LIST_PROTECTION, guide_sheet
from pipeline.writers.forms.filled import form_sheet, open_form
from pipeline.writers.forms.layout import ATTACHMENTS, FormLayout
from pipeline.writers.forms.list_layout import (
    CHECK_WIDTH,
    NOMINATION_ROWS,
    ROW_HEIGHT,
    nomination_layout,
)
from pipeline.writers.forms.regions import Regions, county_spellings
from pipeline.writers.forms.self_check.sheet import (
    CHECK_HEADER,
    FINE,
    NOTHING,
    TO_LOOK_AT,
    TO_MEND,
    Checked,
    CheckSheet,
    colour_verdicts,
)
from pipeline.writers.forms.self_check.steps import first_of, is_in, narrow, text

_NOMINATION_GUIDE = (
    "1. 先在“附件2”上方选设区市，再逐行填写：按推荐顺序，每家企业一行，企业名称用全称，与附件1一致。",
    "2. 浅黄色的格子是填写的地方。金额的单位是万元，只填数字；没有的填 0。利润可以是负数。",
    "3. 区县、经信部门推荐意见从下拉框选；联系电话填手机号，或带区号的座机号。",
    "4. 最右边的“自检”：红色“要改”必须改好，黄色“请核对”核对属实就可以。打印时不印这一栏。",
    "5. 没有推荐企业的区县，报一份空表，在第一行企业名称处写“无”。",
    "6. 工作表加了保护（没有密码）。企业多于 50 家的，请取消保护后在表中插入行，或分成两个文件。",
)
_RECOMMENDATION_CHOICE = {
    "validate": "list",
    "source": ["推荐", "不推荐"],
    "error_type": "warning",
    "input_title": "推荐意见",
    "input_message": "请选“推荐”或“不推荐”。",
    "error_title": "请选择",
    "error_message": "请从下拉框选“推荐”或“不推荐”。",
}
_PHONE_LENGTH = {
    "validate": "length",
    "criteria": ">=",
    "value": 7,
    "error_type": "warning",
    "input_title": "联系电话",
    "input_message": "手机号，或带区号的座机号。",
    "error_title": "位数不够",
    "error_message": "请填手机号，或带区号的座机号。",
}


def write_blank_nomination(path: Path, rulebook: Rulebook) -> None:
    """Writes the blank 附件2 for a county or a city, with 50 rows."""
    layout = nomination_layout(rulebook, with_city=True)
    with open_form(path, rulebook, rulebook.titles.nomination) as book:
        guide_sheet(book, rulebook.titles.nomination, _NOMINATION_GUIDE)
        sheet = form_sheet(book, ATTACHMENTS["nomination"], layout, rulebook, landscape=True)
        _Nomination(book, sheet, layout, rulebook, Regions(book, rulebook), CheckSheet(book, rulebook)).finish()
        sheet.activate()


class _Nomination:
    """Adds inputs, drop-downs and the 自检 to the sheet 附件2."""

    def __init__(
        self, book: Book, sheet: LiveSheet, layout: FormLayout, rulebook: Rulebook, regions: Regions, checks: CheckSheet
    ) -> None:
        self.book, self.sheet, self.layout, self.rulebook = book, sheet, layout, rulebook
        self.regions, self.checks = regions, checks
        self.columns = {column.id: number for number, column in enumerate(rulebook.nomination_columns)}
        self.first = layout.header_row + 1
        self.last = self.first + NOMINATION_ROWS - 1
        self.check = len(self.columns)

    def finish(self) -> None:
        figures = [column for column in self.rulebook.nomination_columns if column.unit]
        self.nobody = self.checks.listed("“无推荐企业”的写法", narrow(self.rulebook.vocabulary.nil_return))
        self.spellings = self.checks.listed("区县的写法", county_spellings(self.rulebook))
        self.checks.prepare(column.unit for column in figures)
        self.book.put(self.sheet, self.layout.header_row, self.check, CHECK_HEADER, "header")
        for row in range(self.first, self.last + 1):
            self._row(row, row - self.first + 1)
        self._inputs()
        self.sheet.set_column(self.check, self.check, CHECK_WIDTH)
        self.sheet.print_area(0, 0, self.last, self.check - 1)
        self.sheet.freeze_panes(self.first, self.columns["company"] + 1)
        self.sheet.protect("", LIST_PROTECTION)
        colour_verdicts(self.book, self.sheet, (self.first, self.check, self.last, self.check))

    def _row(self, row: int, number: int) -> None:
        for identifier, role in self.layout.columns:
            look = "input_left" if role == "body" else "input"
            extra = {"num_format": "@"} if identifier == "phone" else {}
            value = number if identifier == "order" else None
            self.book.put(self.sheet, row, self.columns[identifier], value, look, **extra)
        self.sheet.set_row(row, ROW_HEIGHT)
        cell = self.checks.figure(f"第 {number} 行 {CHECK_HEADER}", self._verdict(row, number), NOTHING)
        self.book.formula(self.sheet, row, self.check, f"={cell}", NOTHING, "verdict")

    def _cell(self, row: int, identifier: str) -> str:
        """A cell of the list, for a formula on another sheet."""
        name = ATTACHMENTS["nomination"]
        return f"'{name}'!{absolute_address(row, self.columns[identifier])}"

    def _verdict(self, row: int, number: int) -> str:
        """The formula of a row's 自检. Its values get a row each on 自检计算."""
        parts = ("company", "county", "phone", "recommendation")
        name, county, phone, verdict = (self._cell(row, part) for part in parts)
        typed = f"COUNTA({self._cell(row, 'company')}:{self._cell(row, 'phone').partition('!')[2]})=0"
        figures = {
            column.id: self.checks.value(
                f"第 {number} 行 {column.label}", self._cell(row, column.id), column.unit, column.negative
            )
            for column in self.rulebook.nomination_columns
            if column.unit
        }
        labels = self.rulebook.column_labels
        nobody = is_in(f'UPPER(SUBSTITUTE(TRIM({name}&"")," ",""))', self.nobody)
        empty = [f'OR({value.verdict}="{BLANK}",{value.verdict}="{NONE}")' for value in figures.values()]
        cases = [(typed, '""'), (f"AND({','.join([nobody, *empty])})", text(f"{FINE}：零报送"))]
        cases += [(f'OR(TRIM({name}&"")="",{nobody})', text(f"{TO_MEND}没有填企业名称"))]
        cases += [(f'{county}=""', text(f"{TO_MEND}没有选区县")), *self._region(county), *self._again(row)]
        for identifier, value in figures.items():
            label = text(f"{TO_MEND}{labels[identifier]}")
            wrong = f"{label}&VLOOKUP({value.verdict},{self.checks.codes},2,FALSE)"
            cases.append((f'LEFT({value.verdict},1)="V"', wrong))
        cases += self._remarks(figures, labels, phone, verdict)
        return first_of(cases, text(FINE))

    def _region(self, county: str) -> list[tuple[str, str]]:
        """The case of a 区县 outside the chosen 设区市, or whose spelling is not that of one county."""
        slot = self.layout.slots["identity", "city"]
        city = f"'{ATTACHMENTS['nomination']}'!{slot.absolute}"
        plain = f'SUBSTITUTE(TRIM({county})," ","")'
        spelled = f'TRIM({city}&"")&IF({city}="",{plain},SUBSTITUTE({plain},{city},""))'
        return [
            (
                f"NOT({is_in(spelled, self.spellings)})",
                text(f"{TO_MEND}区县不在所选的设区市，或看不出是哪个区县，请从下拉框选"),
            )
        ]

    def _again(self, row: int) -> list[tuple[str, str]]:
        """The cases of a company that a row above lists too, with other figures or with the same."""
        if row == self.first:
            return []

        def alike(identifier: str) -> str:
            cell = self._cell(row, identifier)
            earlier = f"{self._cell(self.first, identifier)}:{self._cell(row - 1, identifier).partition('!')[2]}"
            return f'--(SUBSTITUTE({earlier}&""," ","")=SUBSTITUTE({cell}&""," ",""))'

        figures = [column.id for column in self.rulebook.nomination_columns if column.unit]
        above = f"SUMPRODUCT({alike('company')})"
        same = f"SUMPRODUCT({','.join(map(alike, ('company', 'county', *figures)))})"
        return [
            (f"{above}>{same}", text(f"{TO_MEND}上面已填过这家企业，内容不一样，只保留正确的一行")),
            (f"{above}>0", text(f"{TO_LOOK_AT}上面已填过这家企业，只计一次")),
        ]

    def _remarks(
        self, figures: dict[str, Checked], labels: Mapping[str, str], phone: str, verdict: str
    ) -> list[tuple[str, str]]:
        """The cases that only need a look."""
        blank = ",".join(f'{value.verdict}="{state}"' for value in figures.values() for state in (BLANK, NONE))
        unsure = ",".join(f'{value.verdict}="{REMARK}"' for value in figures.values())
        known = (*self.rulebook.vocabulary.consents, *self.rulebook.vocabulary.refusals)
        unclear = f"AND({','.join(f'{verdict}<>{text(word)}' for word in known)})"
        cells = {identifier: checked.value for identifier, checked in figures.items()}
        return [
            (f"OR({blank})", text(f"{TO_LOOK_AT}有的金额没有填；没有的请填 0")),
            (f"OR({unsure})", text(f"{TO_LOOK_AT}有的金额带了单位或约数，最好只填数字（万元）")),
            (PROFIT_OVER_REVENUE.condition(**cells), text(f"{TO_LOOK_AT}利润大于销售收入，是否填反")),
            (
                CLOUD_OVER_IT_SPEND.condition(**cells),
                text(f"{TO_LOOK_AT}{labels['cloud_spend']}大于信息化建设和运维投入"),
            ),
            (PHONE_WRONG.condition(phone=phone), text(f"{TO_LOOK_AT}电话既不像手机号，也不像带区号的座机号")),
            (unclear, text(f"{TO_LOOK_AT}请从下拉框选“推荐”或“不推荐”")),
        ]

    def _inputs(self) -> None:
        """The data validations of the cells to fill in."""
        city = self.layout.slots["identity", "city"]
        self.sheet.data_validation(city.row, city.column, city.row, city.column, self.regions.city_choice())
        self._choice("county", self.regions.county_choice(city.absolute, whole=True))
        self._choice("recommendation", _RECOMMENDATION_CHOICE)
        self._choice("phone", _PHONE_LENGTH)
        for column in self.rulebook.nomination_columns:
            if column.unit:
                cell = cell_address(self.first, self.columns[column.id])
                allowed = "" if column.negative else "不小于 0 的"
                self._choice(
                    column.id,
                    {
                        "validate": "custom",
                        "value": self.checks.accepts(cell, self.rulebook.unit_of[column.unit], column.negative),
                        "input_title": f"单位：{column.unit}",
                        "input_message": f"{column.label}，只填数字；没有的填 0。",
                        "error_title": "请改填数字",
                        "error_message": f"这里填{allowed}数字，单位是{column.unit}。",
                    },
                )

    def _choice(self, identifier: str, options: dict[str, Any]) -> None:
        column = self.columns[identifier]
        self.sheet.data_validation(self.first, column, self.last, column, options)
