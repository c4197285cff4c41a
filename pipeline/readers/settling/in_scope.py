"""What of a run's material is the city's that the run is about; without such a city, everything.

Files, companies and counties are settled as in a run of the whole province, so that a city's run knows whose each thing is;
then what is surely another city's is left out, and every file of which something is left out is told of: those in the folders of
other cities by one remark for the run, any other file, which only says so itself, by an error of its own. What belongs
to no city yet stays: it may be this one's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipeline.issues.catalogue import FILES_OF_OTHER_CITIES, POOL_OF_OTHER_CITIES, SAYS_ANOTHER_CITY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.records import PoolCount, PoolName, Statement
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.arrived import Arrived, ArrivedFile
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.nil_returns import NilReturns
from pipeline.readers.settling.owners import Owners
from pipeline.readers.settling.places import NEUTRAL

_UNREAD = ("ignored", "own_output")


@dataclass(frozen=True)
class InScope:
    """Chooses what belongs to the scope of a rulebook."""

    rulebook: Rulebook

    def companies(self, companies: Companies) -> Companies:
        """The companies that are not surely another city's."""
        leaves_out = self.rulebook.scope.leaves_out
        kept = {key: company for key, company in companies.by_key.items() if not leaves_out(company.region.city)}
        return companies if len(kept) == len(companies.by_key) else replace(companies, by_key=kept)

    def nil_returns(self, returns: NilReturns) -> NilReturns:
        """The counties of the scope that nominate nobody, and what is said about them."""
        counties = tuple(county for county in returns.counties if self.rulebook.scope.holds(county.city))
        return replace(returns, counties=counties)

    def issues(self, issues: Iterable[Issue]) -> list[Issue]:
        """The issues that are not surely another city's."""
        return [issue for issue in issues if not self.rulebook.scope.leaves_out(issue.city)]

    def statements(self, statements: Iterable[Statement]) -> list[Statement]:
        """What is said about issues of the scope."""
        return [entry for entry in statements if not self.rulebook.scope.leaves_out(entry.city)]

    def pool_counts(self, counts: Iterable[PoolCount]) -> list[PoolCount]:
        """The pool's figures of the rows of 附件3."""
        return [count for count in counts if not self._is_of_other_rows(count.region)]

    def pool_names(self, names: Iterable[PoolName]) -> list[PoolName]:
        """The pool's companies of the cities of the scope."""
        return [name for name in names if not self.rulebook.scope.leaves_out(name.city)]

    def remark(self, city: str) -> str:
        """What 收件台账 says beside a file of this city, "" for one of the scope."""
        return f"不属于{self.rulebook.scope.city}，没有采用" if self.rulebook.scope.leaves_out(city) else ""

    def _is_of_other_rows(self, region: str) -> bool:
        return bool(self.rulebook.scope.city) and region not in self.rulebook.pool_regions

    # -------------------------------------------------------------- what is said about the rest

    def left_out(self, arrived: Arrived, owners: Owners) -> list[Issue]:
        """One remark for all files in the folders of other cities, one for each pool workbook with rows of others, and one
        error for each further file that speaks for another city."""
        if not self.rulebook.scope.city:
            return []
        of_others: list[str] = []  # for each file its city
        issues: list[Issue] = []
        for file in arrived.files:
            city = owners.places.of(file.path).city
            if self.rulebook.scope.leaves_out(city):
                if file.reading.kind not in _UNREAD:
                    of_others.append(city)
            else:
                issues += [*self._says_another_city(file, owners), *self._pool_of_others(file)]
        if of_others:
            cities = [city for city in self.rulebook.city_names if city in set(of_others)]
            facts = {"others": listed(cities, unit="个市"), "city": self.rulebook.scope.city}
            facts["count"] = str(len(of_others))
            issues.append(Issue(FILES_OF_OTHER_CITIES, Where(), facts=facts))
        return issues

    def _says_another_city(self, file: ArrivedFile, owners: Owners) -> Iterator[Issue]:
        """F45 for a file in no city's folder whose rows or forms say another city."""
        if owners.places.of(file.path).kind != NEUTRAL:
            return
        others = dict.fromkeys(
            region
            for sheet in file.sheets
            for region in sorted({*owners.regions_in(sheet), owners.region_of_sheet(sheet)})
            if self.rulebook.scope.leaves_out(region.city)
        )
        if others:
            names = listed(("".join(region) for region in others), unit="处")
            facts = {"others": names, "city": self.rulebook.scope.city}
            yield Issue(SAYS_ANOTHER_CITY, Where(file.path), facts=facts)

    def _pool_of_others(self, file: ArrivedFile) -> Iterator[Issue]:
        """P19 for a pool workbook with figures or companies of other cities."""
        contents = [sheet.content for sheet in file.sheets]
        regions = [count.region for content in contents for count in content.pool_counts]
        regions += [name.city for content in contents for name in content.pool_names]
        cities = [city for city in self.rulebook.city_names if city in set(regions)]
        others = [city for city in cities if self.rulebook.scope.leaves_out(city)]
        if others:
            facts = {"others": listed(others, unit="个市"), "city": self.rulebook.scope.city}
            yield Issue(POOL_OF_OTHER_CITIES, Where(file.path), facts=facts)
