"""The signed decisions of a run: they are applied here, and here it is noted which of them met nothing.

Issues: D05 for a decision that cannot be understood, D04 for two that contradict each other (neither counts), D01 for
one that met nothing in the input, D03 for one whose 原值 is no longer what the file holds, D13 for one that names no
file of its company, or several, D14 for rulings that cannot stand together, D15 for one that only the province uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic

from pipeline.issues.catalogue import (
    DECIDED_FILE_UNCLEAR,
    DECISION_OUTDATED,
    DECISION_UNCLEAR,
    DECISION_WITHOUT_EFFECT,
    DECISIONS_CONFLICT,
    RULING_OF_PROVINCE,
    RULINGS_DO_NOT_FIT,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_figure, mask_joined, mask_phones
from pipeline.model.company_files import ASSESSMENT, NOMINATION, chosen_of, may_mean
from pipeline.model.decisions import ABOUT_JOINED, SHEETS, SIGNED, Decision
from pipeline.model.names import name_key
from pipeline.model.records import Assessment, Mark, Nomination, RegionClaim, SheetReading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of, narrowed
from pipeline.readers.settling import decision_kinds as kinds
from pipeline.readers.settling.decision_kinds import (
    About,
    ChosenFile,
    DecisionKind,
    FileOf,
    Meaning,
    Subject,
    Terms,
    Unclear,
)
from pipeline.readers.settling.fitting_rulings import fitting_rulings
from pipeline.readers.sheet.regions import Region, RegionIndex
from pipeline.readers.values.answers import ValueReaders

_FIGURES = ("raw", "value")  # columns of decisions that hold what was typed as a figure
_LETTERS_OF_FIGURES = ("V", "P")  # of the issues about figures, whose 编号 begin so

SHEET_OF = {sheet.name: sheet for sheet in SHEETS}


def issue_about(code: Code, decision: Decision, typed: str, **facts: str) -> Issue:
    """An issue at the first cell of a decision's row, in which `typed` was typed."""
    where = decision.where
    return Issue(code, where, part=where.cell, found=typed, facts={"kind": decision.kind, **facts})


@dataclass(frozen=True)
class Ledger:
    """What became of the decisions; it grows while they are applied.

    understood: the decisions that have a meaning; met: those about something in the input, and those that contradict
    each other: neither gets a D01. refused: those that an issue says were not taken."""

    issues: list[Issue] = field(default_factory=list)
    understood: set[Decision] = field(default_factory=set)
    met: set[Decision] = field(default_factory=set)
    refused: set[Decision] = field(default_factory=set)

    def add(self, code: Code, decision: Decision, typed: str = "", **facts: str) -> None:
        """Adds an issue that says why a decision was not taken; once, however often it is found."""
        self.refused.add(decision)
        issue = issue_about(code, decision, typed, **facts)
        if issue not in self.issues:
            self.issues.append(issue)


class DecidedSheet(Generic[About, Meaning, Subject]):
    """The decisions of one kind. meanings: of every row that has one; standing: the decisions that count with their
    meanings, by what they are about."""

    def __init__(
        self,
        kind: DecisionKind[About, Meaning, Subject],
        decisions: Iterable[Decision],
        terms: Terms,
        ledger: Ledger,
    ) -> None:
        self.kind, self.ledger = kind, ledger
        self.meanings: dict[Decision, Meaning] = {}
        self.standing: dict[About, tuple[Decision, Meaning]] = {}
        contradicted: set[About] = set()
        for decision in decisions:
            if decision.kind != kind.sheet:
                continue
            row = kind.meaning(decision.values, terms)
            if isinstance(row, Unclear):
                ledger.add(DECISION_UNCLEAR, decision, row.typed, wanted=row.wanted)
                continue
            about, meaning = row
            self.meanings[decision] = meaning
            ledger.understood.add(decision)
            first, first_meaning = self.standing.setdefault(about, (decision, meaning))
            if first_meaning != meaning:
                contradicted.add(about)
                ledger.met.update((first, decision))
                ledger.refused.add(first)
                ledger.add(DECISIONS_CONFLICT, decision, other=first.where.cell)
        for about in contradicted:
            del self.standing[about]

    def applied(self, about: About, subject: Subject) -> Subject:
        """The subject as a decision about it has it; unchanged without a decision, or with one that is out of date."""
        if about not in self.standing:
            return subject
        decision, meaning = self.standing[about]
        self.ledger.met.add(decision)
        if self.kind.quoted is not None:
            raw, typed = decision.values.get("raw", ""), self.kind.quoted(subject)
            if narrowed(raw) not in {narrowed(text) for text in (typed, mask_figure(typed), mask_phones(typed))}:
                self.ledger.add(DECISION_OUTDATED, decision, raw, now=typed or "空白")
                return subject
        return self.kind.applied(subject, meaning)


class Decided:
    """The decisions of a run, one DecidedSheet a kind."""

    def __init__(self, decisions: Iterable[Decision], rulebook: Rulebook, regions: RegionIndex) -> None:
        decisions = list(decisions)
        terms = Terms(rulebook, regions, ValueReaders(rulebook))
        ledger = Ledger()
        self.company_names = DecidedSheet(kinds.COMPANY_NAMES, decisions, terms, ledger)
        self.region_names = DecidedSheet(kinds.REGION_NAMES, decisions, terms, ledger)
        self.company_regions = DecidedSheet(kinds.COMPANY_REGIONS, decisions, terms, ledger)
        self.values = DecidedSheet(kinds.VALUES, decisions, terms, ledger)
        self.files = DecidedSheet(kinds.FILES, decisions, terms, ledger)
        self.expert_names = DecidedSheet(kinds.EXPERT_NAMES, decisions, terms, ledger)
        self.exclusions = DecidedSheet(kinds.EXCLUSIONS, decisions, terms, ledger)
        self.nil_counties = DecidedSheet(kinds.NIL_RETURNS, decisions, terms, ledger)
        self.acceptances = DecidedSheet(kinds.ACCEPTANCES, decisions, terms, ledger)
        self.rulings = DecidedSheet(kinds.RULINGS, decisions, terms, ledger)
        self._rulebook, self._ledger = rulebook, ledger
        self._understood = [decision for decision in decisions if decision in ledger.understood]

    # -------------------------------------------------------------- records as decided

    def company_name(self, written: str) -> str:
        """The official name for a name as written; the name itself without a decision."""
        return self.company_names.applied(name_key(written), written)

    def claims(self, claims: Iterable[RegionClaim]) -> tuple[RegionClaim, ...]:
        """Region claims, resolved where a decision knows the text."""
        return tuple(self.region_names.applied(label_of(claim.text), claim) for claim in claims)

    def names(self, sheet: SheetReading) -> SheetReading:
        """The sheet with the names and regions of its nominations and forms as decided."""
        return replace(
            sheet,
            nominations=[self._nomination(row) for row in sheet.nominations],
            assessments=[self._form(form) for form in sheet.assessments],
        )

    def _nomination(self, row: Nomination) -> Nomination:
        name = self.company_name(row.company)
        issues = tuple(issue._replace(company=name) for issue in row.issues)
        return replace(row, company=name, claims=self.claims(row.claims), issues=issues)

    def _form(self, form: Assessment) -> Assessment:
        """The form with its names as decided; a decided name counts as written in the form, wherever it stood."""
        names = []
        for text, source, where in form.names:
            name = self.company_name(text) if text else text
            names.append((name, source if name == text else "label", where))
        return replace(form, names=tuple(names), claims=self.claims(form.claims))

    def marks(self, sheet: SheetReading) -> SheetReading:
        """The sheet with the names of companies and experts in its marks as decided."""
        return replace(sheet, marks=[self._mark(mark) for mark in sheet.marks])

    def _mark(self, mark: Mark) -> Mark:
        expert = self.expert_names.applied(label_of(mark.expert), mark.expert)
        return mark._replace(company=self.company_name(mark.company), expert=expert)

    def chooses_file(self, path: str, sha256: str) -> bool:
        """True for a file that a 采用文件 names."""
        return any(may_mean(name, path, sha256) for _, name in self.files.standing.values())

    def nil_returns(self, nominating: Iterable[Region]) -> frozenset[Region]:
        """The counties decided to nominate nobody. A decision about a county in `nominating` meets nothing."""
        counties: frozenset[Region] = frozenset()
        for county in self.nil_counties.standing.keys() - set(nominating):
            counties = self.nil_counties.applied(county, counties)
        return counties

    def accepted(self, issues: Iterable[Issue]) -> list[Issue]:
        """The issues, accepted where a 接受说明 names the issue's id and quotes it as it is."""
        return [self.acceptances.applied(issue.id, issue) for issue in issues]

    def ruled(self) -> Rulebook:
        """The rulebook with every ruling that is confirmed or replaced, without those that cannot stand together (D14)
        and, in a city's run, those about who is selected (D15)."""
        choices: Mapping[str, str] = {}
        for ruling, (decision, choice) in self.rulings.standing.items():
            if self._rulebook.scope.city and choice.ruling.selects:
                self._ledger.met.add(decision)
                self._ledger.add(RULING_OF_PROVINCE, decision, decision.values["adopted"])
                continue
            choices = self.rulings.applied(ruling, choices)
        fitting = fitting_rulings(self._rulebook, choices)
        for conflict in fitting.conflicts:
            for ruling in conflict.rulings:
                decision, _ = self.rulings.standing[ruling]
                others = "、".join(
                    f"「{self.rulings.standing[other][1].alternative.sentence}」"
                    for other in conflict.rulings
                    if other != ruling
                )
                facts = {"others": others or "规则文件", "why": conflict.why or "规则文件不允许这样写"}
                self._ledger.add(RULINGS_DO_NOT_FIT, decision, decision.values["adopted"], **facts)
        return fitting.rulebook

    def chosen_file(self, key: str, choice: ChosenFile, form: str) -> ChosenFile:
        """The choice among a company's files of one form as decided, be it by a name that does not say the form."""
        settled = self.files.applied(FileOf(key, form), choice)
        return settled if settled.settled else self.files.applied(FileOf(key, ""), choice)

    def look_for_files(self, key: str, choice: ChosenFile) -> None:
        """D13 for each decision about a company's files that does not name one of them. choice: with all of them."""
        for form in (ASSESSMENT, NOMINATION, ""):
            if (about := FileOf(key, form)) not in self.files.standing:
                continue
            decision, name = self.files.standing[about]
            of_each = [[file for file in choice.files if file.form == each] for each in (ASSESSMENT, NOMINATION)]
            if not any(chosen_of(name, files).path for files in of_each):
                problem = chosen_of(name, choice.files).problem
                self._ledger.add(DECIDED_FILE_UNCLEAR, decision, decision.values["file"], reason=problem)

    # -------------------------------------------------------------- what the outputs list

    def rows(self) -> list[dict[str, str]]:
        """Every decision that was understood as the outputs list it, phones masked, in the order of the workbook."""
        rows = []
        for decision in self._understood:
            about, meaning = self._words(decision)
            signature = mask_joined(decision.values.get(column.id, "") for column in SIGNED)
            rows.append(
                {
                    "kind": decision.kind,
                    "about": about,
                    "decided": meaning,
                    **dict(zip((column.id for column in SIGNED), signature, strict=True)),
                    "state": self._state_of(decision),
                    "where": str(decision.where),
                }
            )
        return rows

    def signed(self) -> list[tuple[Decision, str]]:
        """The decisions that nothing speaks against, with their state: those that count, and those that met nothing."""
        counting = [decision for decision in self._understood if decision not in self._ledger.refused]
        return [(decision, self._state_of(decision)) for decision in counting]

    def _state_of(self, decision: Decision) -> str:
        return "已采用" if decision in self._ledger.met - self._ledger.refused else "没有起作用"

    def _words(self, decision: Decision) -> tuple[str, str]:
        """What a decision is about and what it decides; a ruling by its topic and sentence, however it was written."""
        columns = [column.id for column in SHEET_OF[decision.kind].columns]
        *about, meaning = [_shown(decision, name) for name in columns]
        if choice := self.rulings.meanings.get(decision):
            sentence = choice.alternative.sentence
            return choice.ruling.topic, f"{sentence}（依据：{meaning}）" if meaning else sentence
        if not about:  # a sheet of one column, whose name is what it decides
            return meaning, decision.kind
        return ABOUT_JOINED.join(filter(None, about)), meaning

    def left_over(self) -> list[Issue]:
        """Every issue about decisions, with a D01 for each that met nothing."""
        issues = list(self._ledger.issues)
        for decision in self._understood:
            if decision not in self._ledger.met:
                about = next((text for text in decision.values.values() if text), "")
                issues.append(issue_about(DECISION_WITHOUT_EFFECT, decision, about))
        return issues


def _shown(decision: Decision, column: str) -> str:
    """A cell of a decision as the outputs list it, phones masked. column: its id."""
    typed = decision.values.get(column, "")
    on_figure = decision.kind == kinds.VALUES.sheet or decision.values.get("id", "").startswith(_LETTERS_OF_FIGURES)
    return mask_figure(typed) if on_figure and column in _FIGURES else mask_phones(typed)
