"""附件1: one form → one company's answers, each with its typed text, its reading and its cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.issues.catalogue import (
    ANSWER_NOT_READ,
    CAPTION_NOT_FOUND,
    CELL_NOT_TAKEN,
    ERROR,
    FORM_NOT_FILLED,
    INDICATOR_NOT_FOUND,
    INDICATOR_TWICE,
    NAME_PARTLY_STRUCK,
    NUMBER_IN_CAPTION,
    STRAY_NUMBER,
    TICKS_UNCLEAR,
    UNKNOWN_CAPTION_UNIT,
    UNKNOWN_TICK_MARK,
    WRONG_YEAR_IN_TITLE,
    code_of,
)
from pipeline.issues.issue import Issue
from pipeline.model.display import number_text
from pipeline.model.form_checks import (
    BOTH_BLANK,
    N_NOT_AS_TICKED,
    N_OVER_CATEGORIES,
    N_WITHOUT_TICKS,
    NO_TICKS_AND_NO_N,
    ONLY_N_BLANK,
)
from pipeline.model.records import NO_WHERE, Answer, Assessment, Reading, RegionClaim
from pipeline.model.rulebook import Indicator
from pipeline.model.texts import label_of, narrowed
from pipeline.readers.formats.symbols import visible
from pipeline.readers.forms.assessment.answer_cells import find_answer
from pipeline.readers.forms.assessment.blocks import Block, Layout
from pipeline.readers.forms.assessment.ticks import Ticks, read_ticks
from pipeline.readers.forms.assessment.unread import unread_numbers
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address, OddValue, Value, text_of
from pipeline.readers.sheet.headers import titles_of_another_year
from pipeline.readers.values.answers import OWN_UNIT, NamedUnit
from pipeline.readers.values.doubts import DOUBTS
from pipeline.readers.values.pairs import over, pair_issues, summed

MINIMUM_NAMES, MINIMUM_CAPTIONS = 3, 2  # of indicators and of N and M: fewer make no 附件1

_LABELS = {"company": "企业名称", "county": "区县", "city": "设区市", "credit_code": "统一社会信用代码"}

Names = tuple[tuple[str, str], ...]  # (text, source) of what may name the company, the best first


def is_assessment(layout: Layout) -> bool:
    """True for a sheet with at least three of 附件1's indicator names and two N or M captions."""
    return len(layout.names_seen) >= MINIMUM_NAMES and layout.caption_count >= MINIMUM_CAPTIONS


def read_assessment(sheet: Sheet, layout: Layout, names: Names = ()) -> Assessment:
    """The company's form on the sheet. `names`: what may name the company besides a labelled cell."""
    return _Form(sheet, layout).read(names)


class _Form:
    """One form being read: collects issues and the cells that were used."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet, self.grid, self.layout = sheet, sheet.grid, layout
        self.rulebook, self.values = sheet.lexicon.rulebook, sheet.lexicon.values
        self.issues: list[Issue] = []
        self.used: set[Address] = set()
        self.repeated: list[Block] = []

    def read(self, names: Names) -> Assessment:
        blocks = self._chosen_blocks()
        items = self.rulebook.ratio_indicators
        answers = {item.id: self._answer(item, blocks.get(item.id)) for item in items}
        self._look_for_unread_numbers(answers.values())
        for item in items:
            if item.m == "sum" and item.id in blocks:
                answers[item.id] = self._summed(item, answers)
        ordered = tuple(answers[item.id] for item in items)
        anchor = min((block.name for block in blocks.values()), default=(1, 1))
        self._look_at_title(anchor[0])
        form = self._identified(anchor, names, ordered)
        if form.blank:
            of_layout = [issue for issue in self.issues if issue.code[0] == "T"]
            return replace(form, issues=(*of_layout, Issue(FORM_NOT_FILLED, form.anchor)))
        self._look_for_blank_items(ordered)
        return replace(form, issues=tuple(self.issues))

    def _look_at_title(self, first_row: int) -> None:
        """T09 for each title above the form that names another year."""
        year = self.rulebook.year
        for address, text in titles_of_another_year(self.grid, first_row, "评估表", year):
            self.issues.append(self.sheet.issue(WRONG_YEAR_IN_TITLE, address, found=text, facts={"year": str(year)}))

    # -------------------------------------------------------------- identity

    def _identified(self, anchor: Address, names: Names, answers: tuple[Answer, ...]) -> Assessment:
        """The form with its anchor, and with every source of its company and region."""
        sheet = self.sheet
        labelled = sheet.lexicon.labels.find(self.grid, ("company", "county", "city", "credit_code"))
        where = sheet.where(anchor)
        sources = [(text, source, where) for text, source in names]
        for kind in [kind for kind, (_, address) in labelled.items() if self._is_doubted(kind, address)]:
            del labelled[kind]
        if "company" in labelled:
            text, address = labelled["company"]
            sources.insert(0, (text, "label", sheet.where(address)))
            self._note_struck_part(address)
        code, code_where = "", NO_WHERE
        if "credit_code" in labelled:
            text, address = labelled["credit_code"]
            code, code_where = narrowed(text).upper(), sheet.where(address)
        order = (sheet.saved, sheet.path, self.grid.name)
        claims = tuple(self._claims(labelled.get("county"), labelled.get("city")))
        return Assessment(where, tuple(sources), claims, code, answers, order, (), code_where)

    def _is_doubted(self, kind: str, address: Address) -> bool:
        """True for a labelled value that may not be taken, which is reported (T53)."""
        if not (doubt := self.grid.doubt_at(address)):
            return False
        facts = {"column": _LABELS[kind], **DOUBTS[doubt].facts}
        self.issues.append(self.sheet.issue(CELL_NOT_TAKEN, address, facts=facts))
        return True

    def _note_struck_part(self, address: Address) -> None:
        if marked := self.grid.struck_parts.get(address):
            facts = {"marked": marked}
            found = self.grid.text_at(address)
            self.issues.append(self.sheet.issue(NAME_PARTLY_STRUCK, address, found=found, facts=facts))

    def _claims(self, county: tuple[str, Address] | None, city: tuple[str, Address] | None) -> Iterable[RegionClaim]:
        """The region claims of the labelled 区县, the folders and the labelled 设区市, in this order."""
        sheet, regions = self.sheet, self.sheet.lexicon.regions
        named_city = regions.cities.get(label_of(city[0]), "") if city else ""
        if county:
            within = named_city or (sheet.claim.city if sheet.claim else "")
            if claim := regions.claim(county[0], "label", sheet.where(county[1]), within):
                yield claim
        if sheet.claim:
            yield sheet.claim
        if city and named_city:
            yield RegionClaim(city[0], "label", named_city, "", (named_city,), sheet.where(city[1]))

    # -------------------------------------------------------------- answers

    def _chosen_blocks(self) -> dict[str, Block]:
        """Indicator → its block; T02 where two blocks of one indicator both hold answers."""
        chosen: dict[str, Block] = {}
        for block in self.layout.blocks:
            other = chosen.get(block.indicator)
            if other is None:
                chosen[block.indicator] = block
            elif self._has_answer(block):
                if self._has_answer(other):
                    facts = {"other": self.sheet.grid.cell_text(other.name)}
                    self.issues.append(
                        self.sheet.issue(INDICATOR_TWICE, block.name, indicator=block.indicator, facts=facts)
                    )
                    self.repeated.append(block)
                else:
                    chosen[block.indicator] = block
        return chosen

    def _has_answer(self, block: Block) -> bool:
        """True for a block with a value for an asked N or M, or with a mark at a category."""
        item = self.rulebook.indicator_of[block.indicator]
        parts = [part for part in block.captions if part in ("nm" if item.m == "typed" else "n")]
        if any(find_answer(self.sheet, self.layout, block, part).value is not None for part in parts):
            return True
        ticks = read_ticks(self.sheet, self.layout, block) if item.categories else Ticks()
        return bool(ticks.ticked or ticks.unknown)

    def _answer(self, item: Indicator, block: Block | None) -> Answer:
        """The answer to one item; T01 and an answer in error for an item that the sheet does not name."""
        if block is None:
            self._report_missing(item)
            return Answer(item.id, Reading(state="error"), Reading(state="error"))
        if item.categories:
            return self._ticked(item, block)
        if item.m != "typed":
            return self._only_n(item, block)
        n, m = self._value(item, block, "n"), self._value(item, block, "m")
        self.issues += pair_issues(item, n, m)
        if n.state == m.state == "blank":
            n = n._replace(value=0.0, rule="N、M 都空白，按没有（0）计")
            m = m._replace(value=0.0, rule=n.rule)
        return Answer(item.id, n, m)

    def _report_missing(self, item: Indicator) -> None:
        seen = "、".join(self.rulebook.labels[name] for name in self.layout.names_seen)
        anchor = min((block.name for block in self.layout.blocks), default=(1, 1))
        self.issues.append(self.sheet.issue(INDICATOR_NOT_FOUND, anchor, indicator=item.id, facts={"seen": seen}))

    def _value(self, item: Indicator, block: Block, part: str) -> Reading:
        """The N or M (`part`) of an item."""
        if part not in block.captions:
            self.issues.append(self.sheet.issue(CAPTION_NOT_FOUND, block.name, indicator=item.id, part=part.upper()))
            return Reading(state="error", where=self.sheet.where(block.name))
        caption = block.captions[part]
        value, address, source = find_answer(self.sheet, self.layout, block, part)
        self.used.add(address)
        if source in ("digits", "typed"):
            return self._not_read(item, part, address, address if source == "typed" else caption)
        if self.layout.totals and (total := self.layout.total_of(self.grid, block, part, address)):
            return self._not_read(item, part, address, address, f"{self.grid.text_at(total)} ")
        unit, unit_cell = self._unit(item, caption, address)
        reader = self.values.number(item.unit, bare=unit.other)
        value = self._as_answer(block, caption, address, value)
        reading = Reading(*reader.read(value)[:6], self.sheet.where(address))
        if unit.unknown and reading.state == "ok" and reading.value:
            facts = {"unit": reader.hint}
            self.issues.append(
                self.sheet.issue(
                    UNKNOWN_CAPTION_UNIT,
                    unit_cell,
                    indicator=item.id,
                    part=part.upper(),
                    found=unit.unknown,
                    facts=facts,
                )
            )
            return reading._replace(value=None, state="error", code=UNKNOWN_CAPTION_UNIT, facts={}, rule="")
        return self._with_issues(item, part, reading, source)

    def _as_answer(self, block: Block, caption: Address, address: Address, value: Value | None) -> Value | None:
        """What `find_answer` found at the address as an answer (`Grid.answer_at`); struck out, too, when its caption or
        the indicator's name is."""
        grid = self.grid
        if value is None:
            return None if address in grid.cells else grid.answer_at(address)
        if caption in grid.struck or block.name in grid.struck:
            return OddValue("struck", text_of(value))
        is_marked = grid.doubt_at(address) or address in grid.struck_parts
        return grid.answer_at(address) if is_marked else value

    def _unit(self, item: Indicator, caption: Address, answer: Address) -> tuple[NamedUnit, Address]:
        """The unit of an answer, by its caption or by the cell right of the answer, and which of the two names it."""
        by_caption = unit = self.values.unit_named(self.grid.text_at(caption), item.unit)
        beside = (answer[0], self.grid.end_of(answer)[1] + 1)
        if beside[1] in self.layout.unit_columns and (self.grid.cells.get(beside) != item.unit or unit != OWN_UNIT):
            unit = self.values.unit_beside(self.grid.text_at(beside), item.unit, unit)
        return unit, caption if by_caption.unknown else beside

    def _with_issues(self, item: Indicator, part: str, reading: Reading, source: str) -> Reading:
        """The reading of an answer, after its own issue and one in its caption's cell (T11) are reported."""
        about = ("", item.id, part.upper())
        if reading.code:
            self.issues.append(Issue(code_of(reading.code), reading.where, *about, reading.raw, reading.facts))
        if source == "caption" and reading.state == "ok":
            facts = {"read": number_text(reading.value or 0.0)}
            self.issues.append(Issue(NUMBER_IN_CAPTION, reading.where, *about, reading.raw, facts))
            rule = "；".join(filter(None, ("取说明格里的数", reading.rule)))
            reading = reading._replace(code=reading.code or NUMBER_IN_CAPTION, rule=rule)
        return reading

    def _not_read(self, item: Indicator, part: str, answer: Address, doubtful: Address, label: str = "") -> Reading:
        """An answer in error, because the cell `doubtful` may hold it or may not; the issue quotes that cell, after
        `label`."""
        typed = label + self.grid.text_at(doubtful)
        self.issues.append(
            self.sheet.issue(ANSWER_NOT_READ, doubtful, indicator=item.id, part=part.upper(), found=typed)
        )
        self.used.add(doubtful)
        return Reading(typed, None, "error", ANSWER_NOT_READ, where=self.sheet.where(answer))

    def _only_n(self, item: Indicator, block: Block) -> Answer:
        """The answer to an item whose M is not typed: a blank N is 0, with a remark."""
        n = self._value(item, block, "n")
        if ONLY_N_BLANK.rule(n_state=n.state):
            self.issues.append(Issue(ONLY_N_BLANK.code, n.where, indicator=item.id, part="N"))
            n = n._replace(value=0.0, rule="N 空白，按 0 计")
        return Answer(item.id, n, Reading(value=float(item.m_fixed)))

    def _summed(self, item: Indicator, answers: dict[str, Answer]) -> Answer:
        in_error = {issue.indicator for issue in self.issues if issue.level == ERROR}
        answer, issues = summed(item, answers, in_error, self.rulebook)
        self.issues += issues
        return answer

    # -------------------------------------------------------------- 数据协同

    def _ticked(self, item: Indicator, block: Block) -> Answer:
        """The answer to 数据协同: N is the number of ticked categories; a typed N counts only without any tick."""
        typed = self._value(item, block, "n")
        m = Reading(value=float(item.m_fixed))
        ticks = read_ticks(self.sheet, self.layout, block)
        self.used |= ticks.used
        above = block.ticks or block.name
        if ticks.problem:
            facts = {"reason": ticks.problem}
            self.issues.append(self.sheet.issue(TICKS_UNCLEAR, above, indicator=item.id, part="N", facts=facts))
            return Answer(item.id, typed._replace(value=None, state="error"), m)
        if ticks.unknown:
            category, mark, address = ticks.unknown
            facts = {"category": category}
            self.issues.append(
                self.sheet.issue(
                    UNKNOWN_TICK_MARK, address, indicator=item.id, part="N", found=visible(mark), facts=facts
                )
            )
            return Answer(item.id, typed._replace(value=None, state="error", code=UNKNOWN_TICK_MARK), m)
        if typed.state == "error":
            return Answer(item.id, typed, m)
        return Answer(item.id, self._n_with_ticks(item, typed, len(ticks.ticked), above), m)

    def _n_with_ticks(self, item: Indicator, typed: Reading, count: int, above: Address) -> Reading:
        """N with `count` categories ticked below the cell `above`; `typed` is N as typed, and not in error."""
        about = ("", item.id, "N")
        if NO_TICKS_AND_NO_N.rule(n_state=typed.state, ticked=count):
            self.issues.append(Issue(NO_TICKS_AND_NO_N.code, typed.where, *about))
            return typed._replace(value=0.0, rule="没有勾选也没有填 N，按 0 计")
        if typed.state == "blank":
            rule = f"按 {self.sheet.grid.cell_text(above)} 下方勾选的类别数"
            return typed._replace(value=float(count), state="ok", rule=rule)
        n = typed.value or 0.0
        if N_NOT_AS_TICKED.rule(n=n, ticked=count):
            self.issues.append(Issue(N_NOT_AS_TICKED.code, typed.where, *about, typed.raw, {"ticks": str(count)}))
            return typed._replace(value=float(count), state="ok", rule="按勾选的类别数，不按填写的 N")
        if N_OVER_CATEGORIES.rule(n=n, ticked=count, most=item.m_fixed):
            self.issues.append(over(item, typed, float(item.m_fixed)))
        if N_WITHOUT_TICKS.rule(n=n, ticked=count):
            self.issues.append(Issue(N_WITHOUT_TICKS.code, typed.where, *about, typed.raw))
            return typed._replace(rule="没有勾选，按填写的 N")
        return typed

    # -------------------------------------------------------------- what was left over

    def _look_for_blank_items(self, answers: Sequence[Answer]) -> None:
        """One remark for all items whose N and M are both blank, those with a stray number left out."""
        asked = {issue.indicator for issue in self.issues if issue.code == STRAY_NUMBER}
        blank = [answer for answer in _unanswered(answers) if answer.indicator not in asked]
        if blank:
            items = "、".join(self.rulebook.indicator_of[answer.indicator].label for answer in blank)
            self.issues.append(Issue(BOTH_BLANK.code, blank[0].n.where, facts={"items": items}))

    def _look_for_unread_numbers(self, answers: Iterable[Answer]) -> None:
        """An error that quotes it for each number inside the form that was read as no answer."""
        blank = {answer.indicator for answer in _unanswered(answers)}
        for address, block in unread_numbers(self.sheet, self.layout, self.used, blank):
            if block not in self.repeated:
                indicator = block.indicator if block else ""
                typed = self.grid.text_at(address)
                self.issues.append(self.sheet.issue(STRAY_NUMBER, address, indicator=indicator, found=typed))


def _unanswered(answers: Iterable[Answer]) -> list[Answer]:
    """The answers whose N and M are both blank."""
    return [answer for answer in answers if BOTH_BLANK.rule(n_state=answer.n.state, m_state=answer.m.state)]
