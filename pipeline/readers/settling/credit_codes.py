"""统一社会信用代码: which names a code shows to be one company's, and which codes are a question instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.issues.catalogue import CREDIT_CODES_CONFLICT, NAMES_SHARE_CREDIT_CODE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.names import credit_code_valid, name_key
from pipeline.model.records import Nomination
from pipeline.readers.settling.places import Place, Places
from pipeline.readers.settling.repeated import cell_text


class Bearer(NamedTuple):
    """A record that can carry a code: its company's key, the code ("" without a valid one), the name as written, the
    cells of name and code."""

    key: str
    code: str
    name: str
    where: Where
    code_where: Where


@dataclass
class Links:
    """What codes show. other_keys: key of another name → key of its company; same: an X16 for each of these names;
    questions: an X17 for each code that links nothing."""

    other_keys: dict[str, str] = field(default_factory=dict)
    same: list[Issue] = field(default_factory=list)
    questions: list[Issue] = field(default_factory=list)

    def key_of(self, key: str) -> str:
        return self.other_keys.get(key, key)


def valid_code(code: str) -> str:
    """The code when its check digit is right, else "": a wrong one decides nothing."""
    return code if credit_code_valid(code) else ""


def bearer_of_row(row: Nomination) -> Bearer:
    """A row of 附件2 as a bearer of its code."""
    return Bearer(name_key(row.company), valid_code(row.credit_code), row.company, row.where, row.credit_code_where)


@dataclass
class PlaceLinks:
    """What the codes of each sender's lists show about its own names. by_sender: a place's sender → its links."""

    by_sender: dict[tuple[str, ...], Links]

    def key_of(self, place: Place, key: str) -> str:
        """The key of the company that a name in this place is of."""
        links = self.by_sender.get(place.sender)
        return links.key_of(key) if links else key

    @property
    def same(self) -> list[Issue]:
        return [issue for links in self.by_sender.values() for issue in links.same]

    def agreed(self) -> dict[str, str]:
        """Key of another name → key of its company, where no two senders say otherwise."""
        said: dict[str, set[str]] = {}
        for links in self.by_sender.values():
            for other, key in links.other_keys.items():
                said.setdefault(other, set()).add(key)
        return {other: next(iter(keys)) for other, keys in said.items() if len(keys) == 1}


def linked_rows(rows: Iterable[Nomination], places: Places) -> PlaceLinks:
    """The names that share a code within one sender's lists: the codes of one sender say nothing of another's names."""
    by_sender: dict[tuple[str, ...], list[Bearer]] = {}
    for row in rows:
        by_sender.setdefault(places.of(row.where.file).sender, []).append(bearer_of_row(row))
    return PlaceLinks({sender: linked(bearers) for sender, bearers in by_sender.items()})


def linked(bearers: Iterable[Bearer], nominated: Collection[str] = ()) -> Links:
    """The names that share a code are one company's. A name that carries several codes and a code that several of the
    `nominated` keys carry link nothing and are questions."""
    codes_of_names: dict[str, dict[str, Bearer]] = {}
    for bearer in bearers:
        if bearer.code:
            codes_of_names.setdefault(bearer.key, {}).setdefault(bearer.code, bearer)
    links = Links()
    for codes in codes_of_names.values():
        if len(codes) > 1:
            reason = "同一个企业名称写了不同的统一社会信用代码"
            links.questions.append(_question(reason, [*codes.values()][-1], codes.values()))
    for sharing in _sharing_one_code(codes_of_names):
        known = [bearer for bearer in sharing if bearer.key in nominated]
        if len(known) > 1:
            links.questions += _shared_by_nominated(known)
        else:
            _link(links, (known or sharing)[0], sharing)
    return links


def _sharing_one_code(codes_of_names: Mapping[str, Mapping[str, Bearer]]) -> Iterable[list[Bearer]]:
    """For each code its bearers, one for each name; names with several codes left out."""
    bearers: dict[str, list[Bearer]] = {}
    for codes in codes_of_names.values():
        if len(codes) == 1:
            for code, bearer in codes.items():
                bearers.setdefault(code, []).append(bearer)
    return bearers.values()


def _link(links: Links, first: Bearer, sharing: Iterable[Bearer]) -> None:
    """Adds every other name in `sharing` to `links` as a name of the company of `first`."""
    for bearer in sharing:
        if bearer.key != first.key:
            links.other_keys[bearer.key] = first.key
            links.same.append(same_company(bearer, first.name, first.where))


def _shared_by_nominated(bearers: Sequence[Bearer]) -> Iterable[Issue]:
    for bearer in bearers:
        others = [other for other in bearers if other is not bearer]
        yield _question("这个统一社会信用代码另有推荐企业也写了", bearer, others)


def same_company(bearer: Bearer, name: str, where: Where) -> Issue:
    """X16: the company of `bearer` is the one that stands as `name` at `where`."""
    facts = {"other": cell_text(where), "code": bearer.code, "name": name}
    return Issue(NAMES_SHARE_CREDIT_CODE, bearer.where, name, part=bearer.name, found=bearer.name, facts=facts)


def _question(reason: str, about: Bearer, bearers: Iterable[Bearer]) -> Issue:
    codes = "；".join(f"“{bearer.name}”{bearer.code}（{cell_text(bearer.code_where)}）" for bearer in bearers)
    return Issue(
        CREDIT_CODES_CONFLICT, about.code_where, about.name, found=about.code, facts={"reason": reason, "codes": codes}
    )
