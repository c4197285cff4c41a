"""The blank 附件1: the official form with units, drop-downs, 自评分 and 自检 beside it, and the sheets that help to fill it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.model.form_checks import (
    BLANK,
    CREDIT_CODE_VALID,
    IS_NO_TICK,
    IS_TICK,
    category_spellings,
    counted_indicators,
)
from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.writers.book.addresses import absolute_address, absolute_area
from pipeline.writers.book.live import Value
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import Book
from pipeline.writers.forms.beside import (
    ASSESSMENT_GUIDE,
    PROTECTION,
    SystemList,
    SystemWords,
    conversion_sheet,
    guide_sheet,
    papers_sheet,
    system_sheet,
)
from pipeline.writers.forms.filled import form_sheet, open_form
from pipeline.writers.forms.layout import ATTACHMENTS, WITH_UNITS, Box, FormLayout, assessment_layout
from pipeline.writers.forms.regions import Regions
from pipeline.writers.forms.self_check.items import (
    Item,
    code_text,
    item_score,
    item_verdict,
    summed_verdict,
    ticked_verdict,
)
from pipeline.writers.forms.self_check.sheet import (
    CHECK_HEADER,
    FINE,
    NOTHING,
    TO_LOOK_AT,
    TO_MEND,
    CheckSheet,
    colour_verdicts,
)
from pipeline.writers.forms.self_check.steps import text

SCORE_HEADER = "自评分"
SHEET = ATTACHMENTS["assessment"]
_SCORE, _CHECK = WITH_UNITS.explanation + 1, WITH_UNITS.explanation + 2
_CHECK_WIDTH = 52
_HEIGHTS = {0: 30.0, 1: 48.0, 2: 30.0, 3: 30.0}  # row -> points

# Data validations.
_TICK_CHOICE = {
    "validate": "list",
    "source": ["√"],
    "input_message": "有就选“√”，没有留空。",
    "error_title": "只打“√”",
    "error_message": "有就从下拉框选“√”，没有请留空。",
}
_COMPANY_LENGTH = {
    "validate": "length",
    "criteria": "between",
    "minimum": 2,
    "maximum": 100,
    "error_type": "warning",
    "input_title": "企业名称",
    "input_message": "请填全称，与附件2、营业执照一致。",
    "error_title": "企业名称",
    "error_message": "请填企业全称。",
}
_CREDIT_CODE_LENGTH = {
    "validate": "length",
    "criteria": "==",
    "value": 18,
    "error_type": "warning",
    "input_title": "统一社会信用代码",
    "input_message": "营业执照上的 18 位代码，字母和数字。",
    "error_title": "应为 18 位",
    "error_message": "统一社会信用代码是 18 位字母和数字，请对照营业执照核对。",
}


def write_blank_assessment(path: Path, rulebook: Rulebook) -> None:
    """Writes the blank 附件1 for one company."""
    layout = assessment_layout(rulebook, WITH_UNITS)
    with open_form(path, rulebook, rulebook.titles.assessment) as book:
        guide_sheet(book, rulebook.titles.assessment, ASSESSMENT_GUIDE)
        sheet = form_sheet(book, SHEET, layout, rulebook)
        systems = system_sheet(book, rulebook)
        papers_sheet(book, rulebook)
        conversion_sheet(book)
        _Form(book, sheet, layout, rulebook, Regions(book, rulebook), CheckSheet(book, rulebook), systems).finish()
        sheet.activate()


class _Form:
    """Adds inputs, drop-downs, 自评分 and 自检 to the sheet 附件1."""

    def __init__(
        self,
        book: Book,
        sheet: LiveSheet,
        layout: FormLayout,
        rulebook: Rulebook,
        regions: Regions,
        checks: CheckSheet,
        systems: SystemList,
    ) -> None:
        self.book, self.sheet, self.layout, self.rulebook = book, sheet, layout, rulebook
        self.regions, self.checks, self.systems = regions, checks, systems
        self.verdicts: dict[str, str] = {}
        self.filled = ""

    def finish(self) -> None:
        items = self.rulebook.ratio_indicators
        counted = counted_indicators(self.rulebook)
        spellings = [spelling for item in counted for spelling in category_spellings(item.label)]
        categories = self.checks.listed("系统类别的写法", spellings)
        self.words = SystemWords(categories, self.checks.ticks, self.checks.no_ticks)
        self.systems.write_remark(self.book, self.words)
        self.checks.prepare(item.unit for item in items)
        values = {item.id: self._values(item) for item in items}
        rows = {item.id: self.layout.slots[item.id, "n"].row - 1 for item in items}
        typed = [value.verdict for item in values.values() for value in (item.n, item.m) if value]
        self.filled = self.checks.figure("填了几格", "+".join(f'({verdict}<>"{BLANK}")' for verdict in typed), 0)
        for item in items:
            self.verdicts[item.id] = f"'{SHEET}'!{absolute_address(rows[item.id], _CHECK)}"
        for item in items:
            self._item(item, values)
        self._experts()
        self._identity()
        self._heads(list(rows.values()))
        self._inputs()
        self._page()

    # -------------------------------------------------------------- verdicts and scores

    def _cell(self, slot: tuple[str, str]) -> str:
        return f"'{SHEET}'!{self.layout.slots[slot].absolute}"

    def _values(self, item: Indicator) -> Item:
        parts = {
            part: self.checks.value(f"{item.label} {part.upper()}", self._cell((item.id, part)), item.unit)
            for part in ("n", "m")
            if (item.id, part) in self.layout.slots
        }
        return Item(item, parts["n"], parts.get("m"))

    def _item(self, item: Indicator, values: dict[str, Item]) -> None:
        answer = values[item.id]
        if item.categories:
            ticks = self._ticks(item)
            verdict, blank = ticked_verdict(answer, *ticks, self.checks.codes)
            n, m = f"IF({ticks[0]}>0,{ticks[0]},{answer.n.value})", str(item.m_fixed)
        elif item.m == "sum":
            total = "+".join(values[source].n.value for source in item.m_sum_of)
            sources = [self.verdicts[source] for source in item.m_sum_of]
            labels = "、".join(self.rulebook.indicator_of[source].label for source in item.m_sum_of)
            m = self.checks.figure(f"{item.label} M", f"IFERROR({total},0)", 0)
            verdict, blank = summed_verdict(answer, m, sources, labels, self.checks.codes)
            n = answer.n.value
        else:
            n, m = answer.n.value, answer.m.value if answer.m else "0"
            listed = self.systems.counts(item.label, self.words) if item in counted_indicators(self.rulebook) else None
            verdict, blank = item_verdict(answer, self.checks.codes, listed)
        slot = self.layout.slots[item.id, "n"]
        score = item_score(item, self.verdicts[item.id], n, m)
        for column, formula, result, role in ((_CHECK, verdict, blank, "verdict"), (_SCORE, score, 0, "points")):
            self.sheet.merge_range(slot.row - 1, column, slot.last_row, column, "", self.book.look(role))
            self._formula(slot.row - 1, column, formula, result, role)

    def _ticks(self, item: Indicator) -> tuple[str, str]:
        """The cells on 自检计算 that count the ticked categories and the unknown marks."""
        ticked, unknown = [], []
        for category in item.categories:
            cell = self._cell((item.id, category))
            bare = f'SUBSTITUTE(SUBSTITUTE({cell}&""," ",""),"\u3000","")'
            mark = self.checks.figure(f"勾选 {category}", bare, NOTHING)
            not_ticked = IS_NO_TICK.condition(mark=mark, no_ticks=self.checks.no_ticks)
            is_ticked = IS_TICK.condition(mark=mark, ticks=self.checks.ticks)
            state = self.checks.figure(
                f"勾选 {category}（1 勾选，0 不勾选，-1 看不懂）",
                f'IF({mark}="",0,IF({not_ticked},0,IF({is_ticked},1,-1)))',
                0,
            )
            ticked.append(f"({state}=1)")
            unknown.append(f"({state}=-1)")
        count = self.checks.figure("勾选的类别数", "+".join(ticked), 0)
        return count, self.checks.figure("看不懂的记号数", "+".join(unknown), 0)

    def _formula(self, row: int, column: int, formula: str, blank: Value, role: str) -> None:
        """Writes a formula to 自检计算, and a reference to it into the form, so that the form is quick to read."""
        header = SCORE_HEADER if column == _SCORE else CHECK_HEADER
        cell = self.checks.figure(f"{header} 第 {row + 1} 行", formula, blank)
        self.book.formula(self.sheet, row, column, f"={cell}", blank, role)

    def _experts(self) -> None:
        boxes = {box.text: box.row for box in self.layout.boxes}
        for item in self.rulebook.expert_indicators:
            row = boxes[item.description]
            self.book.put(self.sheet, row, _SCORE, None, "points")
            self.book.put(self.sheet, row, _CHECK, "由专家评分，企业不用填；有情况或案例的请另附介绍。", "verdict")

    def _identity(self) -> None:
        parts = ("company", "credit_code", "city", "county")
        company, code, city, county = (self._cell(("identity", part)) for part in parts)
        cleaned_code = self.checks.figure("统一社会信用代码", code_text(code), NOTHING)
        valid = self.checks.figure(
            "统一社会信用代码的校验位对不对", CREDIT_CODE_VALID.condition(code=cleaned_code), False
        )
        nameless = TO_MEND + "没有填企业名称，请填全称，与附件2、营业执照一致"
        wrong_code = TO_LOOK_AT + "统一社会信用代码的位数或校验位不对，请对照营业执照"
        no_code = FINE + "；统一社会信用代码没有填，建议填写"
        verdict = f'IF({cleaned_code}="",{text(no_code)},IF({valid},{text(FINE)},{text(wrong_code)}))'
        verdict = f'IF(TRIM(SUBSTITUTE({company}&"","\u3000",""))="",{text(nameless)},{verdict})'
        self._formula(self.layout.slots["identity", "company"].row, _CHECK, verdict, nameless, "verdict")
        no_region = TO_MEND + "请选设区市和区县"
        elsewhere = TO_LOOK_AT + "区县不在所选设区市的名单里，请从下拉框重选"
        verdict = f"IF({self.regions.holds(city, county)},{text(FINE)},{text(elsewhere)})"
        verdict = f'IF(OR({city}="",{county}=""),{text(no_region)},{verdict})'
        self._formula(self.layout.slots["identity", "city"].row, _CHECK, verdict, no_region, "verdict")

    def _heads(self, rows: list[int]) -> None:
        """The headers of 自评分 and 自检, and above them their sum and how many cells are to be mended or looked at."""
        header = self.layout.header_row
        self.book.put(self.sheet, header, _SCORE, SCORE_HEADER, "header")
        self.book.put(self.sheet, header, _CHECK, CHECK_HEADER, "header")
        first, last = min(rows), max(rows)
        verdicts, scores = (
            f"'{SHEET}'!{absolute_area(top, column, last, column)}" for top, column in ((2, _CHECK), (first, _SCORE))
        )
        wrong, doubtful = (
            f"SUMPRODUCT(--(LEFT({verdicts},{len(words)})={text(words)}))" for words in (TO_MEND, TO_LOOK_AT)
        )
        items = len(self.rulebook.ratio_indicators)
        points = f"{sum(item.points for item in self.rulebook.ratio_indicators):g}"
        unscored = f'SUMPRODUCT(--({scores}=""))-({last - first + 1 - items})'
        counted = f'"自检：要改 "&{wrong}&" 处，请核对 "&{doubtful}&" 处"'
        nothing = TO_MEND + "一个数也没有填"
        self._formula(0, _CHECK, f"IF({self.filled}=0,{text(nothing)},{counted})", nothing, "section")
        self._formula(1, _SCORE, f"SUM({scores})", 0, "points")
        words = f"← 自评分合计（{items} 项，满分 {points} 分）。只是按 N÷M 算的自评分，不是最后得分：最后得分还要看全省排名和专家评分。"
        left_out = f'IF({unscored}>0,"有 "&({unscored})&" 项要先改正，没有计入。","")'
        self._formula(1, _CHECK, f"{text(words)}&{left_out}", words, "verdict")

    # -------------------------------------------------------------- cells to fill in

    def _inputs(self) -> None:
        for item in self.rulebook.ratio_indicators:
            for part, caption in (("n", item.n_caption), ("m", item.m_caption)):
                if (item.id, part) in self.layout.slots:
                    self._number_input(item, part, caption)
            for category in item.categories:
                self._choice(self.layout.slots[item.id, category], {**_TICK_CHOICE, "input_title": category})
        slots = {name: self.layout.slots["identity", name] for name in ("company", "credit_code", "city", "county")}
        self._choice(slots["company"], _COMPANY_LENGTH)
        code = slots["credit_code"]
        self.book.put(self.sheet, code.row, code.column, None, "input", num_format="@")
        self._choice(code, _CREDIT_CODE_LENGTH)
        self._choice(slots["city"], self.regions.city_choice())
        self._choice(slots["county"], self.regions.county_choice(slots["city"].absolute))

    def _choice(self, box: Box, options: dict[str, Any]) -> None:
        self.sheet.data_validation(box.row, box.column, box.row, box.column, options)

    def _number_input(self, item: Indicator, part: str, caption: str) -> None:
        box = self.layout.slots[item.id, part]
        unit = self.rulebook.unit_of[item.unit]
        whole = "，填整数" if unit.whole else ""
        question = " ".join(caption.split())
        self._choice(
            box,
            {
                "validate": "custom",
                "value": self.checks.accepts(box.absolute, unit),
                "input_title": f"{item.label} {part.upper()}（{item.unit}）",
                "input_message": f"{question}\n只填数字{whole}，不写单位；确实没有的填 0。",
                "error_title": "请改填数字",
                "error_message": f"这里填不小于 0 的数{whole}，单位是{item.unit}；没有的填 0 或“无”。",
            },
        )

    def _page(self) -> None:
        last = max(box.last_row for box in self.layout.boxes)
        sheet = self.sheet
        sheet.set_column(_SCORE, _SCORE, 9)
        sheet.set_column(_CHECK, _CHECK, _CHECK_WIDTH)
        for row, height in _HEIGHTS.items():
            sheet.set_row(row, height)
        sheet.print_area(0, 0, last, WITH_UNITS.explanation)
        sheet.protect("", PROTECTION)
        sheet.set_zoom(85)
        colour_verdicts(self.book, sheet, (0, _CHECK, last, _CHECK))
