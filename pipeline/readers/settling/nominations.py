"""Which companies are nominated, and what it means when two rows nominate the same one."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.issues.catalogue import NOMINATIONS_CONFLICT
from pipeline.issues.issue import Issue
from pipeline.model.names import name_key
from pipeline.model.records import Nomination
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.credit_codes import bearer_of_row, linked
from pipeline.readers.settling.region_claims import first_county
from pipeline.readers.settling.repeated import cell_text, different_figures, repeated_rows


def nominated_companies(rows: Iterable[Nomination], rulebook: Rulebook) -> tuple[Companies, list[Issue]]:
    """Every nominated company, under the name of its first nomination.

    A company nominated twice with the same county and figures is one, with one X07 per pair of files; with other ones
    X08. Two names that share a credit code are one company (X16)."""
    rows = list(rows)
    names: dict[str, str] = {}
    for row in rows:
        names.setdefault(name_key(row.company), row.company)
    links = linked(bearer_of_row(row) for row in rows)
    issues = list(links.same)
    nominations: dict[str, list[Nomination]] = {}
    disputed: set[str] = set()
    repeated: dict[tuple[str, str], list[tuple[Nomination, Nomination]]] = {}
    for row in rows:
        key = links.key_of(name_key(row.company))
        nominations.setdefault(key, []).append(row)
        first = nominations[key][0]
        if first is row:
            continue
        other_county = _other_county(first, row)
        differences = [*other_county, *different_figures(first, row, rulebook)]
        if other_county:
            disputed.add(key)
        if differences:
            facts = {"other": cell_text(first.where), "differences": "，".join(differences)}
            issues.append(Issue(NOMINATIONS_CONFLICT, row.where, names[key], part=row.where.file, facts=facts))
        else:
            repeated.setdefault((first.where.file, row.where.file), []).append((first, row))
    issues += [repeated_rows(other, pairs) for (other, _), pairs in repeated.items()]
    companies = {
        key: Company(key, names[key], tuple(same), disputed=key in disputed) for key, same in nominations.items()
    }
    return Companies(companies, links.other_keys), issues


def _other_county(first: Nomination, second: Nomination) -> list[str]:
    """The two counties in words, in a list of one; empty when they are one county or either is unknown."""
    counties = [first_county(row.claims) for row in (first, second)]
    if counties[0] == counties[1] or not all(counties):
        return []
    return [f"区县分别为“{'”“'.join(region.county for region in counties if region)}”"]
