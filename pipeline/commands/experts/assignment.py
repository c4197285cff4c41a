"""Which expert marks which company: even loads, no barred expert, overlapping panels; the same for the same names.

Even loads: a company is passed on as long as some chain of experts leads from one expert to another who has at least two
companies fewer. When no such chain is left, no assignment is more even (Harvey, Ladner, Lovász, Tamir: Semi-matchings
for bipartite graphs and load balancing, J. Algorithms 59, 2006). Overlap: the leniency of two experts can be compared
only through companies that both mark, so panels are chosen such that shared companies link all experts.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipeline.issues.words import listed
from pipeline.model.refusals import Refused

Panels = dict[str, set[str]]  # company -> its experts
Barred = Mapping[str, Collection[str]]  # expert -> the companies he may not mark


class TooFewExperts(Refused):
    """Some company cannot have as many experts as asked for."""


@dataclass(frozen=True)
class Assignment:
    """companies: expert -> his companies, in an order of his own; experts in the order given. groups: the experts linked
    by shared companies, largest group first; leniency can be compared only within a group."""

    companies: dict[str, tuple[str, ...]]
    groups: tuple[tuple[str, ...], ...]

    @property
    def loads(self) -> tuple[int, int]:
        """The fewest and the most companies of an expert."""
        numbers = [len(mine) for mine in self.companies.values()]
        return min(numbers), max(numbers)


def assign(
    companies: Sequence[str], experts: Sequence[str], barred: Barred, per_company: int | None = None
) -> Assignment:
    """Gives each company to `per_company` experts, or to all, except those who are barred from it. Raises TooFewExperts.

    The order of `companies` and `experts` does not change who gets what.
    """
    allowed = {
        company: [expert for expert in sorted(experts) if company not in barred.get(expert, ())]
        for company in sorted(companies)
    }
    _check_enough(allowed, len(experts), per_company)
    chance = random.Random("\n".join([*sorted(experts), "", *allowed]))
    panels = {company: set(mine) for company, mine in allowed.items()}
    if per_company:
        panels = _chosen(allowed, per_company, chance)
        _even_out(panels, allowed, sorted(experts))
        _link(panels, allowed)
    companies_of = {expert: [company for company in panels if expert in panels[company]] for expert in experts}
    shuffled = {expert: tuple(_shuffled(expert, mine)) for expert, mine in companies_of.items()}
    return Assignment(shuffled, groups_of(panels.values(), experts))


def _shuffled(expert: str, companies: list[str]) -> list[str]:
    """The companies in an order drawn from the expert's name, so that no company is the last one for every expert."""
    return random.Random(f"order:{expert}").sample(companies, len(companies))


def _check_enough(allowed: Mapping[str, list[str]], experts: int, per_company: int | None) -> None:
    wanted = per_company or 1
    if experts < wanted:
        raise TooFewExperts(
            f"专家名单里只有 {experts} 位专家，每家企业却要 {wanted} 位。请补充专家，或把 --per-company 改小。"
        )
    short = [company for company, mine in allowed.items() if len(mine) < wanted]
    if short:
        named = listed((f"“{company}”（还有 {len(allowed[company])} 位）" for company in short), "家")
        raise TooFewExperts(
            f"除去要回避的，这些企业的专家不够 {wanted} 位：{named}。请补充专家，或核对回避的企业和区县。"
        )


def _chosen(allowed: Mapping[str, list[str]], per_company: int, chance: random.Random) -> Panels:
    """Company -> its panel. Companies with the fewest allowed experts choose first, each the experts with the fewest
    companies so far, and among equals those who share the fewest companies with the rest of the panel."""
    order = sorted(allowed, key=lambda company: (len(allowed[company]), chance.random()))
    loads: Counter[str] = Counter()
    met: Counter[frozenset[str]] = Counter()
    panels: Panels = {}
    for company in order:
        panel: set[str] = set()
        turn = {expert: chance.random() for expert in allowed[company]}
        while len(panel) < per_company:
            panel.add(
                min(
                    (expert for expert in allowed[company] if expert not in panel),
                    key=lambda one: (loads[one], sum(met[frozenset((one, other))] for other in panel), turn[one]),
                )
            )
        loads.update(panel)
        met.update(map(frozenset, combinations(sorted(panel), 2)))
        panels[company] = panel
    return {company: panels[company] for company in allowed}


def _even_out(panels: Panels, allowed: Mapping[str, list[str]], experts: Sequence[str]) -> None:
    """Passes companies on until no chain leads from an expert to one with at least two companies fewer."""
    loads = Counter(dict.fromkeys(experts, 0))
    loads.update(expert for panel in panels.values() for expert in sorted(panel))
    path: list[tuple[str, str, str]] | None = []
    while path is not None:
        path = None
        for giver in sorted(experts, key=lambda expert: (-loads[expert], expert)):
            path = _path_to_less(giver, panels, allowed, loads)
            if path:
                break
        for company, giver, taker in path or ():
            panels[company].remove(giver)
            panels[company].add(taker)
            loads[giver] -= 1
            loads[taker] += 1


def _path_to_less(
    start: str, panels: Panels, allowed: Mapping[str, list[str]], loads: Mapping[str, int]
) -> list[tuple[str, str, str]] | None:
    """The chain of (company, from, to) that takes one company from `start` and adds one to an expert with at least two
    companies fewer; None without one."""
    if min(loads.values()) > loads[start] - 2:
        return None
    came: dict[str, tuple[str, str]] = {}
    waiting, seen = deque([start]), {start}
    while waiting:
        giver = waiting.popleft()
        for company, panel in panels.items():
            if giver not in panel:
                continue
            for taker in allowed[company]:
                if taker in seen or taker in panel:
                    continue
                seen.add(taker)
                came[taker] = (company, giver)
                if loads[taker] <= loads[start] - 2:
                    return _walked(taker, start, came)
                waiting.append(taker)
    return None


def _walked(end: str, start: str, came: Mapping[str, tuple[str, str]]) -> list[tuple[str, str, str]]:
    path, taker = [], end
    while taker != start:
        company, giver = came[taker]
        path.append((company, giver, taker))
        taker = giver
    return path


def _link(panels: Panels, allowed: Mapping[str, list[str]]) -> None:
    """Swaps experts of different groups, loads unchanged, as long as that leaves fewer groups."""
    linked = True
    while linked:
        groups = groups_of(panels.values(), ())
        linked = len(groups) > 1 and _swap(panels, allowed, groups)


def _swap(panels: Panels, allowed: Mapping[str, list[str]], groups: Sequence[Sequence[str]]) -> bool:
    """Swaps two experts such that fewer groups are left; False when no swap does."""
    group_of = {expert: number for number, group in enumerate(groups) for expert in group}
    by_group = defaultdict(list)
    for company, panel in panels.items():
        by_group[group_of[min(panel)]].append(company)
    for first, second in combinations(range(len(groups)), 2):
        for one, other in _pairs(by_group[first], by_group[second]):
            for giver in sorted(panels[one]):
                for taker in sorted(panels[other]):
                    if taker not in allowed[one] or giver not in allowed[other]:
                        continue
                    changed = {
                        **panels,
                        one: panels[one] - {giver} | {taker},
                        other: panels[other] - {taker} | {giver},
                    }
                    if len(groups_of(changed.values(), ())) < len(groups):
                        panels.update(changed)
                        return True
    return False


_TRIED = 400  # swaps tried between two groups; where nobody is barred one of the first leaves fewer groups


def _pairs(first: list[str], second: list[str]) -> Iterable[tuple[str, str]]:
    pairs = ((one, other) for one in first for other in second)
    return (pair for pair, _ in zip(pairs, range(_TRIED), strict=False))


def groups_of(panels: Iterable[Collection[str]], experts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The experts linked by shared panels, largest group first; each of `experts` without a panel is a group of his own."""
    near: dict[str, set[str]] = {expert: set() for expert in experts}
    for panel in panels:
        first = min(panel)
        for expert in panel:
            near.setdefault(expert, set()).add(first)
            near.setdefault(first, set()).add(expert)
    groups, seen = [], set()
    for expert in sorted(near):
        if expert in seen:
            continue
        group, waiting = {expert}, [expert]
        while waiting:
            new = near[waiting.pop()] - group
            group |= new
            waiting += sorted(new)
        seen |= group
        groups.append(tuple(sorted(group)))
    return tuple(sorted(groups, key=lambda group: (-len(group), group)))
