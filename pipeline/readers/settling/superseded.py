"""Marked copies that come back: a corrected copy counts instead of the file that it was made from, and a later copy
instead of an earlier one.

A copy carries the SHA-256 of its original and of that one's originals. Anybody can write such a property, so it opens no
door: it makes a file be read as less only where one sender is known to have sent both, and both are about the same
company, or the same list. What differs is said cell by cell. See docs/security.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.issues.catalogue import MARKED_COPY_TAKEN
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.forms import ASSESSMENT, NOMINATION
from pipeline.model.names import name_key
from pipeline.model.records import Assessment, Nomination, SheetReading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.arrived import Arrived, ArrivedFile
from pipeline.readers.settling.changed_cells import changed_cells
from pipeline.readers.settling.decided import Decided
from pipeline.readers.settling.places import NEUTRAL, Places
from pipeline.readers.settling.saved import saved_on

MOST_CHANGES = 200  # that one remark lists
_KINDS = (ASSESSMENT.id, NOMINATION.id)

SheetKey = tuple[str, int]  # path of the file, index of the sheet


def without_superseded(arrived: Arrived, places: Places, decided: Decided, rulebook: Rulebook, latest: str) -> Arrived:
    """What arrived, without what copies supersede, and with X22 on each sheet that supersedes another. A file that a
    decision (采用文件) names is never superseded. latest: the run's day, after which nothing can have been saved."""
    if not any(file.reading.made_from for file in arrived.files):
        return arrived
    found = _Superseding(arrived, places, latest)
    for copy in found.copies:
        for original in found.originals_of(copy):
            if not decided.chooses_file(original.path, original.reading.sha256):
                found.supersede(copy, original)
    for earlier, later in found.versions():
        if not decided.chooses_file(earlier.path, earlier.reading.sha256):
            found.supersede(later, earlier)
    return found.result(rulebook)


@dataclass
class _Superseding:
    """replaced: sheet → the sheet that supersedes it; it grows."""

    arrived: Arrived
    places: Places
    latest: str
    replaced: dict[SheetKey, SheetKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.copies = [file for file in self.arrived.files if file.reading.made_from]
        self.nominated = {name_key(row.company) for content in self.arrived.contents for row in content.nominations}
        self._by_sha: dict[str, list[ArrivedFile]] = {}
        for file in self.arrived.files:
            self._by_sha.setdefault(file.reading.sha256, []).append(file)

    def originals_of(self, copy: ArrivedFile) -> Iterator[ArrivedFile]:
        """The files that a copy was made from, the nearest first, that its own sender sent."""
        for sha in copy.reading.made_from:
            for file in self._by_sha.get(sha, ()):
                if file.path != copy.path and self._one_sender(copy, file):
                    yield file

    def versions(self) -> Iterator[tuple[ArrivedFile, ArrivedFile]]:
        """(earlier, later) for the copies of one original that one sender sent, of which nothing but the time they were
        saved tells which is the later. The last one saved is later than each other; none where two were saved last."""
        groups: dict[tuple[object, ...], list[ArrivedFile]] = {}
        for file in self.copies:
            if any((file.path, sheet.index) not in self.replaced for sheet in file.sheets):
                groups.setdefault((self.places.of(file.path).sender, file.reading.made_from[0]), []).append(file)
        for files in groups.values():
            saved = sorted(files, key=lambda file: (saved_on(file.reading.saved, self.latest), file.path))
            times = [saved_on(file.reading.saved, self.latest) for file in saved]
            if len(saved) > 1 and times[-1] > times[-2]:
                yield from ((file, saved[-1]) for file in saved[:-1] if self._one_sender(file, saved[-1]))

    def _one_sender(self, one: ArrivedFile, other: ArrivedFile) -> bool:
        places = self.places.of(one.path), self.places.of(other.path)
        return places[0].sender == places[1].sender

    def supersede(self, copy: ArrivedFile, original: ArrivedFile) -> None:
        """Notes the original's sheets of forms that the copy has too and that are about the same."""
        for sheet in original.sheets:
            kind = sheet.content.kind
            if kind not in _KINDS or (original.path, sheet.index) in self.replaced:
                continue
            alike = [other for other in copy.sheets if other.content.kind == kind]
            named = [other for other in alike if other.content.sheet == sheet.content.sheet]
            only = alike if len(alike) == sum(each.content.kind == kind for each in original.sheets) == 1 else []
            for other in (named or only)[:1]:
                if self._about_the_same(sheet.content, other.content, original.path):
                    self.replaced[original.path, sheet.index] = (copy.path, other.index)

    def _about_the_same(self, original: SheetReading, copy: SheetReading, path: str) -> bool:
        neutral = self.places.of(path).kind == NEUTRAL
        if neutral and _counties(original) != _counties(copy):
            return False
        if original.kind == NOMINATION.id:
            return _same_list(original.nominations, copy.nominations, neutral)
        ours, theirs = _labelled(original), _labelled(copy)
        if ours == theirs:
            return bool(ours) or not neutral
        if neutral or (ours and len(original.assessments) > 1):
            return False
        return not (ours and theirs) or (not ours & self.nominated and bool(theirs & self.nominated))

    def result(self, rulebook: Rulebook) -> Arrived:
        """The files with what was noted: superseded sheets without contents, remarks on those that supersede."""
        contents = {(sheet.path, sheet.index): sheet.content for sheet in self.arrived.sheets}
        remarks: dict[SheetKey, list[SheetKey]] = {}
        for original in self.replaced:
            if (last := self._last(original)) != original:
                remarks.setdefault(last, []).append(original)
        new = dict(contents)
        for copy, originals in remarks.items():
            nearest = next((one for one in originals if self.replaced[one] == copy), originals[0])
            issue = _remark(copy[0], contents[copy], contents[nearest], [path for path, _ in originals], rulebook)
            new[copy] = replace(contents[copy], issues=[*contents[copy].issues, issue])
        for original in self.replaced:
            content, path = contents[original], self._last(original)[0]
            remark = f"已由改好的标注副本“{path}”代替，没有采用"
            new[original] = SheetReading(
                content.sheet, content.kind, claims=content.claims, remark=remark, superseded=True
            )
        arrived = self.arrived.with_contents(new[sheet.path, sheet.index] for sheet in self.arrived.sheets)
        return replace(arrived, files=tuple(map(_without_issues, arrived.files)))

    def _last(self, sheet: SheetKey) -> SheetKey:
        """The sheet that counts in the end instead of this one."""
        seen = {sheet}
        while sheet in self.replaced and self.replaced[sheet] not in seen:
            sheet = self.replaced[sheet]
            seen.add(sheet)
        return sheet


def _same_list(original: Sequence[Nomination], copy: Sequence[Nomination], strictly: bool) -> bool:
    """True for two versions of one list: more than half of the companies stand in the copy too, by their name or, renamed,
    in the same cell with the same figures. strictly: every company of either."""
    ours, theirs = ({name_key(row.company) for row in rows} for rows in (original, copy))
    if strictly:
        return ours == theirs and bool(ours)
    cells = {(row.where.cell, _typed(row)) for row in copy}
    kept = sum(name_key(row.company) in theirs or (row.where.cell, _typed(row)) in cells for row in original)
    return 2 * kept > len(original) or not original


def _typed(row: Nomination) -> tuple[str, ...]:
    return tuple(reading.raw for reading in row.figures.values())


def _labelled(content: SheetReading) -> set[str]:
    """Keys of the companies that the forms of a sheet name in a labelled cell."""
    texts = (text for form in content.assessments for text, source, _ in form.names if source == "label")
    return {key for text in texts if (key := name_key(text))}


def _counties(content: SheetReading) -> set[tuple[str, str]]:
    records: list[Assessment | Nomination] = [*content.assessments, *content.nominations]
    claims = (claim for record in records for claim in record.claims if claim.source != "folder")
    return {(claim.city, claim.county) for claim in claims}


def _remark(path: str, copy: SheetReading, original: SheetReading, paths: Sequence[str], rulebook: Rulebook) -> Issue:
    """X22 at the copy, with what changed since the nearest of its originals."""
    changes = changed_cells(original, copy, rulebook)
    count = f"改动 {len(changes)} 处：" if changes else "内容没有改动"
    facts = {
        "other": listed((f"“{path}”" for path in dict.fromkeys(paths)), "份"),
        "changes": count + listed(changes, separator="；", most=MOST_CHANGES),
    }
    where, name = Where(path, copy.sheet), ""
    if copy.assessments:
        form = copy.assessments[0]
        where, name = form.anchor, next((text for text, source, _ in form.names if source == "label"), "")
    elif copy.nominations:
        where = copy.nominations[0].where
    return Issue(MARKED_COPY_TAKEN, where, name, part=paths[0], facts=facts)


def _without_issues(file: ArrivedFile) -> ArrivedFile:
    """The file; one of which nothing counts any more without the issues about it as a whole."""
    if not file.sheets or not all(sheet.content.superseded for sheet in file.sheets):
        return file
    return replace(file, reading=replace(file.reading, issues=[]))
