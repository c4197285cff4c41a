"""What the signed decisions come to: names, regions, values, files, and which decision met nothing.

A decision that cannot be understood is D05, two that contradict each other are D04 (neither counts), one that meets
nothing in the input is D01, one whose 原值 is no longer what the file says is D03.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

from pipeline.issues.catalogue import (
    ASSESSMENTS_CONFLICT,
    DECISION_OUTDATED,
    DECISION_UNCLEAR,
    DECISION_WITHOUT_EFFECT,
    DECISIONS_CONFLICT,
    NOMINATIONS_CONFLICT,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.model.decisions import ABOUT_JOINED, SHEETS, SIGNED, Decision
from pipeline.model.display import number_text
from pipeline.model.names import clean_name, company_key
from pipeline.model.records import Answer, Assessment, Mark, Nomination, Reading, RegionClaim
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import RulebookError, with_rulings
from pipeline.model.texts import label_of, narrowed
from pipeline.readers.settling.companies import Company
from pipeline.readers.sheet.regions import Region, RegionIndex
from pipeline.readers.values.answers import ValueReaders
from pipeline.readers.values.pairs import JUDGED, pair_issues, summed

SHEET_OF = {sheet.name: sheet for sheet in SHEETS}


@dataclass
class Decided:
    """The decisions of a run by what they settle. Every look-up notes that its decision met something."""

    rulebook: Rulebook
    regions: RegionIndex
    issues: list[Issue] = field(default_factory=list)
    met: set[Decision] = field(default_factory=set)
    known: list[Decision] = field(default_factory=list)
    _by_kind: dict[str, dict[Hashable, tuple[Decision, object]]] = field(default_factory=dict)

    @classmethod
    def of(cls, decisions: Iterable[Decision], rulebook: Rulebook, regions: RegionIndex) -> Decided:
        decided = cls(rulebook, regions)
        values = ValueReaders(rulebook)
        contradicted: set[tuple[str, Hashable]] = set()
        for decision in decisions:
            understood = decided._understood(decision, values)
            if understood is None:
                continue
            key, meaning = understood
            standing = decided._by_kind.setdefault(decision.kind, {})
            if key in standing and standing[key][1] != meaning:
                contradicted.add((decision.kind, key))
                decided.met.add(decision)
                decided._issue(DECISIONS_CONFLICT, decision, other=str(standing[key][0].where.cell))
            standing.setdefault(key, (decision, meaning))
            decided.known.append(decision)
        for kind, key in contradicted:
            decided.met.add(decided._by_kind[kind].pop(key)[0])
        return decided

    def _issue(self, code: Code, decision: Decision, found: str = "", **facts: str) -> None:
        self.issues.append(
            Issue(code, decision.where, part=decision.where.cell, found=found, facts={"kind": decision.kind, **facts})
        )

    # -------------------------------------------------------------- what a row means

    def _understood(self, decision: Decision, values: ValueReaders) -> tuple[Hashable, object] | None:
        """(what it is about, what is decided) of a row; None, with D05, when that cannot be told."""
        cells = decision.values
        if decision.kind == "企业对应":
            return company_key(cells["written"]), clean_name(cells["company"])
        if decision.kind == "专家对应":
            return label_of(cells["written"]), cells["expert"]
        if decision.kind == "采用文件":
            return company_key(cells["company"]), cells["file"]
        if decision.kind == "剔除":
            return company_key(cells["company"]), True
        if decision.kind == "接受说明":
            return cells["id"], cells["note"]
        if decision.kind == "规则确认":
            return self._ruling(decision)
        if decision.kind == "采用值":
            return self._value(decision, values)
        region = self._region(decision)
        if region is None:
            return None
        about = cells.get("written") or cells.get("company") or ""
        return {"地区对应": label_of(about), "归属": company_key(about), "零报送": region}[decision.kind], region

    def _region(self, decision: Decision) -> Region | None:
        found = self.regions.resolve(decision.values["county"])
        if len(found) == 1 and found[0].county:
            return found[0]
        self._issue(DECISION_UNCLEAR, decision, decision.values["county"], wanted="区县全称，如“杭州市萧山区”")
        return None

    def _ruling(self, decision: Decision) -> tuple[Hashable, object] | None:
        cells = decision.values
        topic, adopted = label_of(cells["ruling"]), label_of(cells["adopted"])
        rulings = self.rulebook.rulings
        ruling = next((entry for entry in rulings if topic in (entry.id, label_of(entry.topic))), None)
        alternatives = ruling.alternatives if ruling else ()
        choices = {label_of(text): entry.id for entry in alternatives for text in (entry.id, entry.sentence)}
        if ruling is None or adopted not in choices:
            allowed = [entry.sentence for entry in alternatives] or [entry.topic for entry in rulings]
            self._issue(
                DECISION_UNCLEAR,
                decision,
                cells["adopted" if ruling else "ruling"],
                wanted="、".join(f"“{text}”" for text in allowed),
            )
            return None
        return ruling.id, choices[adopted]

    def _value(self, decision: Decision, values: ValueReaders) -> tuple[Hashable, object] | None:
        cells = decision.values
        wanted = label_of(cells["indicator"])
        item = next(
            (entry for entry in self.rulebook.ratio_indicators if wanted in (entry.id, label_of(entry.label))), None
        )
        part = narrowed(cells["part"]).upper()
        if item is None or part not in ("N", "M") or (part == "M" and item.m != "typed"):
            self._issue(
                DECISION_UNCLEAR,
                decision,
                f"{cells['indicator']} {cells['part']}",
                wanted="附件1中要填写的指标和 N 或 M",
            )
            return None
        reading = values.number(item.unit).read(cells["value"])
        if reading.state not in ("ok", "none"):
            self._issue(DECISION_UNCLEAR, decision, cells["value"], wanted=f"一个数（单位：{item.unit}）")
            return None
        return (company_key(cells["company"]), item.id, part), reading.value or 0.0

    # -------------------------------------------------------------- look-ups

    def _look_up(self, kind: str, key: Hashable) -> tuple[Decision, object] | None:
        found = self._by_kind.get(kind, {}).get(key)
        if found:
            self.met.add(found[0])
        return found

    def company(self, text: str) -> str:
        """The official name for a name as written, the text itself without a decision."""
        found = self._look_up("企业对应", company_key(text))
        return str(found[1]) if found else text

    def expert(self, text: str) -> str:
        found = self._look_up("专家对应", label_of(text))
        return str(found[1]) if found else text

    def place(self, place: RegionClaim) -> RegionClaim:
        found = self._look_up("地区对应", label_of(place.text))
        if not found or not isinstance(found[1], Region):
            return place
        return replace(place, city=found[1].city, county=found[1].county, candidates=("".join(found[1]),))

    def county_of(self, key: str) -> Region | None:
        found = self._look_up("归属", key)
        return found[1] if found and isinstance(found[1], Region) else None

    def file_of(self, key: str) -> str:
        found = self._look_up("采用文件", key)
        return str(found[1]) if found else ""

    def excluded(self, key: str) -> bool:
        return self._look_up("剔除", key) is not None

    def nil_returns(self, known: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """The counties decided to report nobody; one that nominates somebody meets nothing."""
        nominating = set(known)
        decided = [region for region in self._by_kind.get("零报送", {}) if tuple(region) not in nominating]  # type: ignore[arg-type]
        return {tuple(region) for region in decided if self._look_up("零报送", region)}  # type: ignore[misc]

    # -------------------------------------------------------------- records as decided

    def nomination(self, row: Nomination) -> Nomination:
        name = self.company(row.company)
        issues = tuple(issue._replace(company=name) for issue in row.issues)
        return replace(row, company=name, places=tuple(map(self.place, row.places)), issues=issues)

    def form(self, form: Assessment) -> Assessment:
        """A name that a decision knows counts as written in the form, wherever it stood."""
        names = []
        for text, source, where in form.names:
            name = self.company(text) if text else text
            names.append((name, source if name == text else "label", where))
        return replace(form, names=tuple(names), places=tuple(map(self.place, form.places)))

    def mark(self, mark: Mark) -> Mark:
        return mark._replace(company=self.company(mark.company), expert=self.expert(mark.expert))

    def answers(self, form: Assessment, key: str) -> Assessment:
        """The form with every value a decision adopts, and the issues its items then have."""
        answers = {answer.indicator: answer for answer in form.answers}
        issues = list(form.issues)
        touched = set()
        for indicator, answer in answers.items():
            parts = {}
            for part, reading in (("N", answer.n), ("M", answer.m)):
                found = self._adopted(key, indicator, part, reading)
                if found is not None:
                    parts[part] = _as_decided(reading, found)
            if parts:
                touched.add(indicator)
                answers[indicator] = Answer(indicator, parts.get("N", answer.n), parts.get("M", answer.m))
                issues = [issue for issue in issues if not _settled(issue, indicator, set(parts), self.rulebook)]
        if not touched:
            return form
        for indicator in touched:
            item = self.rulebook.indicator_of[indicator]
            if item.m == "typed":
                issues += pair_issues(item, answers[indicator].n, answers[indicator].m)
        for item in self.rulebook.ratio_indicators:
            if item.m == "sum":
                issues = [issue for issue in issues if issue.indicator != item.id or issue.code not in JUDGED]
                in_error = {issue.indicator for issue in issues if issue.open_error}
                answers[item.id], said = summed(item, answers, in_error, self.rulebook)
                issues += said
        return replace(form, answers=tuple(answers[answer.indicator] for answer in form.answers), issues=tuple(issues))

    def _adopted(self, key: str, indicator: str, part: str, reading: Reading) -> float | None:
        found = self._look_up("采用值", (key, indicator, part))
        if not found or not isinstance(found[1], float):
            return None
        raw = found[0].values.get("raw", "")
        if narrowed(raw) != narrowed(reading.raw):
            self._issue(DECISION_OUTDATED, found[0], raw, now=reading.raw or "空白")
            return None
        return found[1]

    # -------------------------------------------------------------- rules, accepted issues, what is left

    def ruled(self) -> Rulebook:
        """The rulebook with every ruling that was confirmed or replaced."""
        choices = {}
        for ruling, (decision, adopted) in self._by_kind.get("规则确认", {}).items():
            choices[str(ruling)] = str(adopted)
            self.met.add(decision)
        try:
            return with_rulings(self.rulebook, choices) if choices else self.rulebook
        except RulebookError:
            for decision, adopted in self._by_kind["规则确认"].values():
                self._issue(DECISION_UNCLEAR, decision, str(adopted), wanted="能同时成立的选项")
            return self.rulebook

    def accepted(self, issues: list[Issue]) -> list[Issue]:
        """The issues with those accepted that a 接受说明 names by id and quotes as they are."""
        result = []
        for issue in issues:
            found = self._look_up("接受说明", issue.id)
            if found:
                raw = found[0].values.get("raw", "")
                if narrowed(raw) == narrowed(issue.found):
                    issue = issue._replace(state="已接受")
                else:
                    self._issue(DECISION_OUTDATED, found[0], raw, now=issue.found or "空白")
            result.append(issue)
        return result

    def rows(self) -> list[dict[str, str]]:
        """Every decision as the outputs list it, in the order of the workbook."""
        rows = []
        for decision in self.known:
            about, decided = self._said(decision)
            rows.append(
                {
                    "kind": decision.kind,
                    "about": about,
                    "decided": decided,
                    **{column.id: decision.values.get(column.id, "") for column in SIGNED},
                    "state": "已采用" if decision in self.met else "没有起作用",
                    "where": str(decision.where),
                }
            )
        return rows

    def _said(self, decision: Decision) -> tuple[str, str]:
        """What a decision is about and what it says; a ruling by its topic and sentence, however it was written."""
        *about, decided = [decision.values.get(column.id, "") for column in SHEET_OF[decision.kind].columns]
        if decision.kind == "规则确认":
            key, choice = self._ruling(decision) or ("", "")
            ruling = next(entry for entry in self.rulebook.rulings if entry.id == key)
            sentence = next(entry.sentence for entry in ruling.alternatives if entry.id == choice)
            return ruling.topic, f"{sentence}（依据：{decided}）" if decided else sentence
        if not about:  # a sheet of one column, which says everything by its name
            return decided, decision.kind
        return ABOUT_JOINED.join(filter(None, about)), decided

    def left_over(self) -> list[Issue]:
        """D01 for every decision that met nothing, and everything said about decisions so far."""
        for decision in self.known:
            if decision not in self.met:
                about = next((text for text in decision.values.values() if text), "")
                self._issue(DECISION_WITHOUT_EFFECT, decision, about)
        return self.issues


def _as_decided(reading: Reading, value: float) -> Reading:
    rule = f"人工决定采用 {number_text(value)}"
    return reading._replace(value=value, state="ok", code="", facts={}, rule=rule, decided=True, read=reading.value)


def _settled(issue: Issue, indicator: str, parts: set[str], rulebook: Rulebook) -> bool:
    """True for an issue of the form that the adopted value of `parts` settles: what was said of those cells, what N and
    M are to each other, and, with all of the item decided, whatever was said of the item."""
    if issue.indicator != indicator:
        return False
    asked = {"N", "M"} if rulebook.indicator_of[indicator].m == "typed" else {"N"}
    return parts >= asked or issue.part in parts or issue.code in JUDGED


def choose_file(company: Company, file: str) -> str:
    """Makes the form, else the nomination, in `file` the one that counts; returns the code of the question that this
    settles, "" when no file was chosen or none of the company's is in it."""
    wanted = file.replace("\\", "/").strip("/")
    if not wanted:
        return ""
    for records, code in ((company.forms, ASSESSMENTS_CONFLICT), (company.nominations, NOMINATIONS_CONFLICT)):
        for record in list(records):
            where = record.anchor if isinstance(record, Assessment) else record.where
            if where.file == wanted or where.file.endswith(f"/{wanted}"):
                records.remove(record)
                records.insert(len(records) if code == ASSESSMENTS_CONFLICT else 0, record)
                company.disputed = company.disputed and code != NOMINATIONS_CONFLICT
                return code
    return ""
