"""Who is selected (拟认定), and by which line, as one value."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.model.tables import SELECTION, SELECTION_LINES, SELECTION_STEPS, frame

SELECTED, UNDECIDED, NOT_SELECTED = "拟认定", "待定", "未入选"
BY_SCORE, BY_COUNTY, BY_CITY, BY_PROVINCE = "最低分", "县名额", "市名额", "名额"


@dataclass(frozen=True)
class Selected:
    """The tables of companies (SELECTION), of lines (SELECTION_LINES) and of the steps between them (SELECTION_STEPS); all
    empty when nobody is selected."""

    companies: pd.DataFrame = field(default_factory=lambda: frame([], SELECTION))
    lines: pd.DataFrame = field(default_factory=lambda: frame([], SELECTION_LINES))
    steps: pd.DataFrame = field(default_factory=lambda: frame([], SELECTION_STEPS))

    @property
    def asked_for(self) -> bool:
        """Whether the rulebook selects at all."""
        return len(self.lines) > 0

    def in_state(self, state: str) -> pd.DataFrame:
        """The companies that are 拟认定, 待定 or 未入选."""
        return self.companies[self.companies["state"] == state]

    def fields_of(self, keys: pd.Series[str]) -> dict[str, list[str]]:
        """selected (拟认定, 待定, 未入选; "" for a company that is not ranked) and selected_by of each company."""
        table = self.companies.set_index("key")[["state", "by"]].reindex(keys.tolist()).fillna("")
        return {"selected": table["state"].tolist(), "selected_by": table["by"].tolist()}


def line_name(line: Mapping[Hashable, Any]) -> str:
    """A line in words: 全省名额, 杭州市名额, 杭州市西湖区名额, 最低分."""
    if line["kind"] == BY_SCORE:
        return BY_SCORE
    return f"{line['city']}{line['county']}名额" if line["city"] else "全省名额"
