"""A company of a run with everything that was read about it, and all companies by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.issues.where import Where
from pipeline.model.names import name_key
from pipeline.model.records import NO_WHERE, Assessment, Nomination
from pipeline.readers.settling.arrived import ArrivedForm, FormKey
from pipeline.readers.settling.region_claims import NOWHERE
from pipeline.readers.sheet.regions import Region


@dataclass(frozen=True)
class Company:
    """One company: its nominations, the first of which counts, and its forms, the last of which counts.

    disputed: two nominations claim different counties. region: NOWHERE until it is settled, and without a county while
    the county is open. excluded: a decision takes the company out of the ranking."""

    key: str
    name: str
    nominations: tuple[Nomination, ...] = ()
    forms: tuple[ArrivedForm, ...] = ()
    disputed: bool = False
    region: Region = NOWHERE
    excluded: bool = False

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
    company's key."""

    by_key: Mapping[str, Company] = field(default_factory=dict)
    other_keys: Mapping[str, str] = field(default_factory=dict)

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
        """The company that a form is of, None when the form names none."""
        return self._by_form.get(key)
