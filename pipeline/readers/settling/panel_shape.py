"""What stands out in who marked what: nothing in a file proves that an expert of that name is on the panel."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from pipeline.issues.catalogue import SEVERAL_EXPERTS_IN_FILE, UNUSUALLY_MANY_EXPERTS
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.names import name_key
from pipeline.model.records import Mark

_FEWEST = 4  # companies, below which no number of experts is usual


def panel_questions(marks: Iterable[Mark]) -> list[Issue]:
    """E24, one per run, for the companies with more experts than is usual that have experts nobody else has; E25 for each
    workbook with several experts' marks where most others hold one expert's.

    A number is usual that at least half of the marked companies have. An expert counts for a company once, by what is
    given."""
    given = [mark for mark in marks if mark.state == "given"]
    return [*_too_many(given), *_several_in_one_file(given)]


def _too_many(given: Iterable[Mark]) -> list[Issue]:
    experts: dict[str, set[str]] = defaultdict(set)
    companies: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    files: dict[str, set[str]] = defaultdict(set)
    for mark in given:
        key = name_key(mark.company)
        experts[key].add(mark.expert)
        companies[mark.expert].add(key)
        names.setdefault(key, mark.company)
        files[mark.expert].add(mark.where.file)
    usual = _usual(experts)
    above = {key for key, known in experts.items() if usual and len(known) > usual}
    strange = sorted(expert for expert, marked in companies.items() if marked <= above)
    concerned = [names[key] for key in names if key in above and experts[key] & set(strange)]
    if not concerned:
        return []
    paths = sorted({file for expert in strange for file in files[expert]})
    facts = {
        "usual": str(usual),
        "count": str(len(concerned)),
        "companies": listed(concerned, "家"),
        "experts": listed(strange, "位"),
        "files": listed([f"“{path}”" for path in paths], "份"),
    }
    return [Issue(UNUSUALLY_MANY_EXPERTS, Where(), facts=facts)]


def _usual(experts: Mapping[str, set[str]]) -> int:
    """How many experts at least half of the companies have; 0 where no number is usual."""
    numbers = Counter(len(known) for known in experts.values())
    if len(experts) < _FEWEST:
        return 0
    number, times = max(numbers.items(), key=lambda item: (item[1], item[0]))
    return number if 2 * times >= len(experts) else 0


def _several_in_one_file(given: Iterable[Mark]) -> list[Issue]:
    experts: dict[str, set[str]] = defaultdict(set)
    for mark in given:
        experts[mark.where.file].add(mark.expert)
    several = [file for file, names in experts.items() if len(names) > 1]
    alone = len(experts) - len(several)
    if alone < 2 or alone <= len(several):
        return []
    return [
        Issue(
            SEVERAL_EXPERTS_IN_FILE,
            Where(file),
            facts={
                "count": str(len(experts[file])),
                "experts": listed(sorted(experts[file]), "位"),
                "others": str(alone),
            },
        )
        for file in sorted(several)
    ]
