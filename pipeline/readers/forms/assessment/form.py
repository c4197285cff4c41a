"""附件1: one sheet → one company's answers, each with its typed text, its reading and its cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.issues.catalogue import (
    ANSWER_NOT_READ,
    BLANK_OR_FORMULA_ERROR,
    CAPTION_NOT_FOUND,
    ERROR,
    FORM_NOT_FILLED,
    INDICATOR_NOT_FOUND,
    INDICATOR_TWICE,
    NUMBER_IN_CAPTION,
    STRAY_NUMBER,
    TICKS_UNCLEAR,
    UNKNOWN_CAPTION_UNIT,
    UNKNOWN_TICK_MARK,
    WRONG_YEAR_IN_TITLE,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
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
from pipeline.readers.forms.assessment.answer_cells import find_value
from pipeline.readers.forms.assessment.blocks import Block, Layout
from pipeline.readers.forms.assessment.ticks import Ticks, read_ticks
from pipeline.readers.forms.assessment.unread import unread_numbers
from pipeline.readers.sheet.grid import Address, Grid, address_text, where_in
from pipeline.readers.sheet.headers import titles_of_another_year
from pipeline.readers.values.answers import OWN_UNIT
from pipeline.readers.values.lexicon import Readers
from pipeline.readers.values.pairs import over, pair_issues, summed


def is_assessment(layout: Layout) -> bool:
    """A sheet with at least three of 附件1's indicator names and N / M captions."""
    return len(layout.names_seen) >= 3 and layout.caption_count >= 2


def read_assessment(
    grid: Grid,
    layout: Layout,
    file: str,
    saved: str,
    names: tuple[tuple[str, str], ...],
    folder: RegionClaim | None,
    readers: Readers,
) -> Assessment:
    """The company's form on `grid`. `names` are further sources of its name: (text, source)."""
    return _Form(grid, layout, file, readers).read(saved, names, folder)


class _Form:
    """One sheet being read: collects answers, issues and the cells that were used."""

    def __init__(self, grid: Grid, layout: Layout, file: str, readers: Readers) -> None:
        self.grid, self.layout, self.file = grid, layout, file
        self.words, self.values = readers.words, readers.values
        self.readers = readers
        self.issues: list[Issue] = []
        self.used: set[Address] = set()
        self.repeated: list[Block] = []

    def read(self, saved: str, names: tuple[tuple[str, str], ...], folder: RegionClaim | None) -> Assessment:
        blocks = self._chosen_blocks()
        items = self.readers.rulebook.ratio_indicators
        answers = {item.id: self._answer(item, blocks.get(item.id)) for item in items}
        self._unread_numbers(answers.values())
        for item in items:
            if item.m == "sum" and item.id in blocks:
                answers[item.id] = self._summed(item, answers)
        ordered = tuple(answers[item.id] for item in items)
        anchor = min((block.name for block in blocks.values()), default=(1, 1))
        self._look_at_title(anchor[0])
        form = self._identified(where_in(self.file, self.grid, anchor), saved, names, folder, ordered)
        if form.blank:
            kept = [issue for issue in self.issues if issue.code[0] == "T"]
            return _with_issues(form, [*kept, Issue(FORM_NOT_FILLED, form.anchor)])
        self._blank_items(ordered, form.anchor)
        return _with_issues(form, self.issues)

    def _look_at_title(self, first_row: int) -> None:
        year = self.readers.rulebook.year
        for address, text in titles_of_another_year(self.grid, first_row, "评估表", year):
            self._issue(WRONG_YEAR_IN_TITLE, address, "", "", text, year=str(year))

    # -------------------------------------------------------------- identity

    def _identified(
        self,
        anchor: Where,
        saved: str,
        names: tuple[tuple[str, str], ...],
        folder: RegionClaim | None,
        answers: tuple[Answer, ...],
    ) -> Assessment:
        found = self.readers.labels.find(self.grid, ("company", "county", "city", "credit_code"))
        sources = [(text, source, anchor) for text, source in names]
        if "company" in found:
            text, address = found["company"]
            sources.insert(0, (text, "label", where_in(self.file, self.grid, address)))
        city = self.readers.regions.cities.get(label_of(found["city"][0]), "") if "city" in found else ""
        city = city or (folder.city if folder else "")
        places = [folder] if folder else []
        if "county" in found:
            text, address = found["county"]
            place = self.readers.regions.claim(text, "label", where_in(self.file, self.grid, address), city)
            if place:
                places.insert(0, place)
        if "city" in found and (place := self._city_said(*found["city"])):
            places.append(place)
        code, code_where = "", NO_WHERE
        if "credit_code" in found:
            text, address = found["credit_code"]
            code, code_where = narrowed(text).upper(), where_in(self.file, self.grid, address)
        order = (saved, self.file, self.grid.name)
        return Assessment(anchor, tuple(sources), tuple(places), code, answers, order, (), code_where)

    def _city_said(self, text: str, address: Address) -> RegionClaim | None:
        """What the labelled 设区市 says, None when it is no city's name."""
        city = self.readers.regions.cities.get(label_of(text), "")
        return RegionClaim(text, "label", city, "", (city,), where_in(self.file, self.grid, address)) if city else None

    # -------------------------------------------------------------- answers

    def _chosen_blocks(self) -> dict[str, Block]:
        """One block per indicator; two of one name that both hold answers are T02."""
        chosen: dict[str, Block] = {}
        for block in self.layout.blocks:
            other = chosen.get(block.indicator)
            if other is None:
                chosen[block.indicator] = block
            elif self._has_answer(block):
                if self._has_answer(other):
                    self._issue(INDICATOR_TWICE, block.name, block.indicator, other=address_text(other.name))
                    self.repeated.append(block)
                else:
                    chosen[block.indicator] = block
        return chosen

    def _has_answer(self, block: Block) -> bool:
        asked = "nm" if self.readers.rulebook.indicator_of[block.indicator].m == "typed" else "n"
        parts = [part for part in block.captions if part in asked]
        if any(
            find_value(self.grid, block, part, self.words, self.layout.skipped_columns)[0] is not None for part in parts
        ):
            return True
        ticks = self._ticks(block) if block.indicator in self.words.categories else Ticks()
        return bool(ticks.ticked or ticks.unknown)

    def _ticks(self, block: Block) -> Ticks:
        categories = self.words.categories[block.indicator]
        return read_ticks(self.grid, block, categories, self.layout.skipped_columns, self.values)

    def _answer(self, item: Indicator, block: Block | None) -> Answer:
        if block is None:
            self._missing(item)
            return Answer(item.id, Reading(state="error"), Reading(state="error"))
        if item.categories:
            return self._ticked(item, block)
        if item.m != "typed":
            return self._only_n(item, block, float(item.m_fixed))
        n, m = self._value(item, block, "n"), self._value(item, block, "m")
        self.issues += pair_issues(item, n, m)
        if n.state == m.state == "blank":
            n = n._replace(value=0.0, rule="N、M 都空白，按没有（0）计")
            m = m._replace(value=0.0, rule=n.rule)
        return Answer(item.id, n, m)

    def _missing(self, item: Indicator) -> None:
        labels = self.readers.rulebook.labels
        seen = "、".join(labels[name] for name in self.layout.names_seen)
        anchor = min((block.name for block in self.layout.blocks), default=(1, 1))
        self._issue(INDICATOR_NOT_FOUND, anchor, item.id, seen=seen)

    def _value(self, item: Indicator, block: Block, part: str) -> Reading:
        if part not in block.captions:
            self._issue(CAPTION_NOT_FOUND, block.name, item.id, part.upper())
            return Reading(state="error", where=where_in(self.file, self.grid, block.name))
        value, address, source = find_value(self.grid, block, part, self.words, self.layout.skipped_columns)
        self.used.add(address)
        where = where_in(self.file, self.grid, address)
        caption = self.grid.text_at(block.captions[part])
        unit = self.values.unit_named(caption, item.unit)
        if source in ("digits", "typed"):
            return self._asked(item, part, address if source == "typed" else block.captions[part], where)
        if self.layout.totals and (total := self.layout.total_of(self.grid, block, part, address)):
            return self._asked(item, part, address, where, f"{self.grid.text_at(total)} ")
        beside = (address[0], self.grid.end_of(address)[1] + 1)
        if beside[1] in self.layout.unit_columns and (self.grid.cells.get(beside) != item.unit or unit != OWN_UNIT):
            unit = self.values.unit_beside(self.grid.text_at(beside), item.unit, unit)
        reader = self.values.number(item.unit, bare=unit.other)
        reading = Reading(*reader.read(value)[:6], where)
        if unit.unknown and reading.state == "ok" and reading.value:
            named = block.captions[part] if self.values.unit_named(caption, item.unit).unknown else beside
            self._issue(UNKNOWN_CAPTION_UNIT, named, item.id, part.upper(), unit.unknown, unit=reader.hint)
            return reading._replace(value=None, state="error", code=UNKNOWN_CAPTION_UNIT, facts={}, rule="")
        if reading.state == "blank" and self.grid.blind:
            self._at(BLANK_OR_FORMULA_ERROR, where, item.id, part.upper())
            return reading._replace(state="error")
        if reading.code:
            self._at(reading.code, where, item.id, part.upper(), reading.raw, **reading.facts)
        if source == "caption" and reading.state == "ok":
            self._at(
                NUMBER_IN_CAPTION, where, item.id, part.upper(), reading.raw, read=number_text(reading.value or 0.0)
            )
            reading = reading._replace(
                code=reading.code or NUMBER_IN_CAPTION, rule="；".join(filter(None, ("取说明格里的数", reading.rule)))
            )
        return reading

    def _asked(self, item: Indicator, part: str, place: Address, where: Where, label: str = "") -> Reading:
        """The reading of an answer that may be what stands at `place`, or may not: an error that quotes it."""
        found = label + self.grid.text_at(place)
        self._issue(ANSWER_NOT_READ, place, item.id, part.upper(), found)
        self.used.add(place)
        return Reading(found, None, "error", ANSWER_NOT_READ, where=where)

    def _only_n(self, item: Indicator, block: Block, m: float) -> Answer:
        """An item whose M is not typed: a blank N is 0, with a remark."""
        n = self._value(item, block, "n")
        if ONLY_N_BLANK.rule(n_state=n.state):
            self._at(ONLY_N_BLANK.code, n.where, item.id, "N")
            n = n._replace(value=0.0, rule="N 空白，按 0 计")
        return Answer(item.id, n, Reading(value=m))

    def _summed(self, item: Indicator, answers: dict[str, Answer]) -> Answer:
        in_error = {issue.indicator for issue in self.issues if issue.level == ERROR}
        answer, issues = summed(item, answers, in_error, self.readers.rulebook)
        self.issues += issues
        return answer

    def _ticked(self, item: Indicator, block: Block) -> Answer:
        """数据协同: N is the number of ticked categories; a typed N counts only without any tick."""
        typed = self._value(item, block, "n")
        m = Reading(value=float(item.m_fixed))
        ticks = self._ticks(block)
        self.used |= ticks.used
        place = block.ticks or block.name
        if ticks.problem:
            self._issue(TICKS_UNCLEAR, place, item.id, "N", reason=ticks.problem)
        elif ticks.unknown:
            category, mark, address = ticks.unknown
            self._issue(UNKNOWN_TICK_MARK, address, item.id, "N", mark, category=category)
        if ticks.problem or ticks.unknown:
            code = UNKNOWN_TICK_MARK if ticks.unknown else typed.code
            return Answer(item.id, typed._replace(value=None, state="error", code=code), m)
        return Answer(item.id, self._ticked_n(item, typed, len(ticks.ticked), address_text(place)), m)

    def _ticked_n(self, item: Indicator, typed: Reading, count: int, place: str) -> Reading:
        if typed.state == "error":
            return typed
        if NO_TICKS_AND_NO_N.rule(n_state=typed.state, ticked=count):
            self._at(NO_TICKS_AND_NO_N.code, typed.where, item.id, "N")
            return typed._replace(value=0.0, rule="没有勾选也没有填 N，按 0 计")
        if typed.state == "blank":
            return typed._replace(value=float(count), state="ok", rule=f"按 {place} 下方勾选的类别数")
        n = typed.value or 0.0
        if N_NOT_AS_TICKED.rule(n=n, ticked=count):
            self._at(N_NOT_AS_TICKED.code, typed.where, item.id, "N", typed.raw, ticks=str(count))
            return typed._replace(value=float(count), state="ok", rule="按勾选的类别数，不按填写的 N")
        if N_OVER_CATEGORIES.rule(n=n, ticked=count, most=item.m_fixed):
            self.issues.append(over(item, typed, float(item.m_fixed)))
        if N_WITHOUT_TICKS.rule(n=n, ticked=count):
            self._at(N_WITHOUT_TICKS.code, typed.where, item.id, "N", typed.raw)
            return typed._replace(rule="没有勾选，按填写的 N")
        return typed

    # -------------------------------------------------------------- what was left over

    def _blank_items(self, answers: tuple[Answer, ...], anchor: Where) -> None:
        """One remark for all items whose N and M are both blank."""
        asked = {issue.indicator for issue in self.issues if issue.code == STRAY_NUMBER}
        blank = [answer for answer in answers if BOTH_BLANK.rule(n_state=answer.n.state, m_state=answer.m.state)]
        blank = [answer for answer in blank if answer.indicator not in asked]
        if blank:
            labels = self.readers.rulebook.indicator_of
            items = "、".join(labels[answer.indicator].label for answer in blank)
            self.issues.append(Issue(BOTH_BLANK.code, blank[0].n.where or anchor, facts={"items": items}))

    def _unread_numbers(self, answers: Iterable[Answer]) -> None:
        """A number inside the form that was read as nothing is an error that quotes it."""
        blank = {answer.indicator for answer in answers if answer.n.state == answer.m.state == "blank"}
        for address, block in unread_numbers(self.grid, self.layout, self.used, self.words, blank):
            if block not in self.repeated:
                self._issue(STRAY_NUMBER, address, block.indicator if block else "", "", self.grid.text_at(address))

    def _issue(
        self, code: Code, address: Address, indicator: str, part: str = "", found: str = "", **facts: str
    ) -> None:
        self._at(code, where_in(self.file, self.grid, address), indicator, part, found, **facts)

    def _at(self, code: Code, where: Where, indicator: str, part: str = "", found: str = "", **facts: str) -> None:
        self.issues.append(Issue(code, where, "", indicator, part, found, facts))


def _with_issues(form: Assessment, issues: list[Issue]) -> Assessment:
    return replace(form, issues=tuple(issues))
