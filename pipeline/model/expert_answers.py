"""Which experts have answered, and on how many of the companies that they were handed."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import pandas as pd

from pipeline.issues.where import Where


class ExpertAnswer(NamedTuple):
    """One expert. companies: those on the expert's sheets that are to be ranked; unmarked: the names of those without any
    mark or 回避; partial: of those with some items left blank; where: the first blank cell."""

    expert: str
    companies: int
    unmarked: tuple[str, ...]
    partial: tuple[str, ...]
    where: Where

    @property
    def silent(self) -> bool:
        """True for an expert who answered for none of the companies."""
        return len(self.unmarked) == self.companies


def unfinished_experts(marks: pd.DataFrame, enterprises: pd.DataFrame) -> list[ExpertAnswer]:
    """The experts who were handed companies and left some or all of them unmarked, by name. A company was handed to an
    expert when it stands on a sheet of marks of that name: a pack that comes back holds all of them. A mark that cannot be
    read is an answer (and an issue of its own); what is blank on one sheet and marked on another is marked. marks: MARKS."""
    ranked = enterprises[enterprises["nominated"] & ~enterprises["refused"] & ~enterprises["excluded"]]
    names = dict(zip(ranked["key"], ranked["company"], strict=True))
    handed = marks[marks["key"].isin(names)]
    if handed.empty:
        return []
    items = handed.assign(answered=handed["state"] != "blank").groupby(["expert", "key", "indicator"], sort=False)
    by_company = items["answered"].any().groupby(["expert", "key"], sort=False).agg(["sum", "size"]).reset_index()
    blank = handed.loc[handed["state"] == "blank"].groupby("expert")["where"].min().to_dict()
    companies: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for expert, key, answered, size in zip(*(by_company[name].tolist() for name in by_company), strict=True):
        companies[expert].append((names[key], answered, size))
    answers = (
        ExpertAnswer(
            expert,
            len(rows),
            tuple(name for name, answered, _ in rows if not answered),
            tuple(name for name, answered, size in rows if 0 < answered < size),
            blank.get(expert, Where()),
        )
        for expert, rows in sorted(companies.items())
    )
    return [answer for answer in answers if answer.unmarked or answer.partial]
