"""The scope of a run: the whole province, or one city of it. A rulebook has one (`rulebook_file.narrowed_to`); whoever says
how far ranks and lists reach asks it, and nobody else asks whether a run is a city's."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

PROVINCE_WIDE, CITY_WIDE = "全省", "全市"


class Scope(BaseModel):
    """city: the one city that counts, "" for the whole province."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    city: str = ""

    def holds(self, city: str) -> bool:
        """True for a city of the scope."""
        return self.city in ("", city)

    def leaves_out(self, city: str) -> bool:
        """True for a city that is known and is none of the scope; what belongs to no city yet may be anybody's."""
        return city != "" and not self.holds(city)

    @property
    def whole(self) -> str:
        """How far the ranks of a run reach: 全省, or 全市 in a city's run."""
        return CITY_WIDE if self.city else PROVINCE_WIDE

    def worded(self, text: str) -> str:
        """A text of ours about the whole province, as it is said within the scope: 全省名次 is 全市名次 in a city's run."""
        return text.replace(PROVINCE_WIDE, self.whole)

    def titled(self, title: str) -> str:
        """A title of the province's, with the city's name in front, or instead of 全省."""
        if not self.city:
            return title
        return self.city + title.removeprefix(PROVINCE_WIDE)
