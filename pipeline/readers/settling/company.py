"""A company of a run with everything that was read about it, and all companies by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.issues.where import Where
from pipeline.model.company_files import CompanyFile
from pipeline.model.names import name_key
from pipeline.model.records import NO_WHERE, Assessment, Nomination
from pipeline.readers.settling.arrived import ArrivedForm, FormKey
from pipeline.readers.settling.places import Place
from pipeline.readers.settling.region_claims import NOWHERE
from pipeline.readers.sheet.regions import Region


@dataclass(frozen=True)
class Company:
    """One company: its nominations, the first of which counts, and its forms, the last of which counts.

    nominated_in: the county that nominates it, None while that is open; place: of the nomination that counts. disputed:
    nothing of what is said about it counts. torn: its only nomination claims another county than its place.
    closed: no place lets the county speak that its forms claim. other_rows, other_forms: what does not count.
    region: NOWHERE until it is settled, and without a county while the county is open. excluded: a decision takes the
    company out of the ranking. files: every file with a form or a row of the company."""

    key: str
    name: str
    nominations: tuple[Nomination, ...] = ()
    forms: tuple[ArrivedForm, ...] = ()
    nominated_in: Region | None = None
    place: Place | None = None
    disputed: bool = False
    torn: bool = False
    closed: bool = False
    other_rows: tuple[Nomination, ...] = ()
    other_forms: tuple[ArrivedForm, ...] = ()
    region: Region = NOWHERE
    excluded: bool = False
    files: tuple[CompanyFile, ...] = ()

    @property
    def nomination(self) -> Nomination | None:
        return self.nominations[0] if self.nominations else None

    @property
    def form(self) -> Assessment | None:
        return self.forms[-1].content if self.forms else None

    @property
    def form_key(self) -> FormKey | None:
        """The key of `form`."""
        return self.forms[-1].key if self.forms else None

    @property
    def has_rivals(self) -> bool:
        """True for a company with several files of one form."""
        return len(self.files) > len({file.form for file in self.files})

    @property
    def credit_code(self) -> str:
        """The code in its form, else in 附件2; "" when neither has one."""
        typed = [self.form.credit_code if self.form else "", *(row.credit_code for row in self.nominations)]
        return next(filter(None, typed), "")

    @property
    def where(self) -> Where:
        """The cell of its name in 附件2, else the anchor of its form."""
        if self.nomination:
            return self.nomination.where
        return self.form.anchor if self.form else NO_WHERE


@dataclass(frozen=True)
class Companies:
    """Every company once, by key. other_keys: the key of another name that a credit code shows to be a company's → that
    company's key. inferred: the neutral forms whose company nothing in them names."""

    by_key: Mapping[str, Company] = field(default_factory=dict)
    other_keys: Mapping[str, str] = field(default_factory=dict)
    inferred: frozenset[FormKey] = frozenset()

    def __iter__(self) -> Iterator[Company]:
        return iter(self.by_key.values())

    def key_of(self, key: str) -> str:
        """The company's own key for any of its keys; an unknown key comes back unchanged."""
        return self.other_keys.get(key, key)

    def of_key(self, key: str) -> Company | None:
        """The company with this key or other key."""
        return self.by_key.get(self.key_of(key))

    def named(self, name: str) -> Company | None:
        """The company of this name, in any spelling with the same key."""
        return self.of_key(name_key(name))

    @cached_property
    def _by_form(self) -> dict[FormKey, Company]:
        return {form.key: company for company in self for form in company.forms}

    def of_form(self, key: FormKey) -> Company | None:
        """The company that a form is of, None when the form names none or does not count for the one it names."""
        return self._by_form.get(key)

    @cached_property
    def refused_forms(self) -> frozenset[FormKey]:
        """The forms that do not count for the company they name."""
        return frozenset(form.key for company in self for form in company.other_forms) - self._by_form.keys()

    @cached_property
    def counting_rows(self) -> frozenset[Where]:
        """The cells of the names of all nominations that count."""
        return frozenset(row.where for company in self if not company.disputed for row in company.nominations)
