"""统一社会信用代码: a code decides over a name. Which names are one company's, and which codes make a question of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from pipeline.issues.catalogue import CREDIT_CODES_CONFLICT, NAMES_SHARE_CREDIT_CODE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.names import credit_code_valid


class Bearer(NamedTuple):
    """A record that carries a code: its company's key and name as written there, and where that and the code stand."""

    key: str
    code: str
    name: str
    where: Where
    code_where: Where


class Companies(dict[str, Any]):
    """Key → company, each once. With a key that a code shows to be another name of a company, `[]` and `get` find it."""

    def __init__(self) -> None:
        super().__init__()
        self.other_keys: dict[str, str] = {}

    def key_of(self, key: str) -> str:
        return self.other_keys.get(key, key)

    def __missing__(self, key: str) -> Any:
        return self[self.other_keys[key]]

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(self.key_of(key), default)


def valid_code(code: str) -> str:
    """The code when its check digit is right, else "": a wrong one decides nothing."""
    return code if credit_code_valid(code) else ""


def linked(
    bearers: Iterable[Bearer], nominated: Collection[str] = ()
) -> tuple[dict[str, str], list[Issue], list[Issue]]:
    """(other key → key of its company) where names share a code, an X16 for each; an X17 where a name carries several
    codes, or several of the `nominated` names share one: these are questions and link nothing."""
    by_name: dict[str, dict[str, Bearer]] = {}
    for bearer in bearers:
        if bearer.code:
            by_name.setdefault(bearer.key, {}).setdefault(bearer.code, bearer)
    by_code: dict[str, list[Bearer]] = {}
    questions = []
    for codes in by_name.values():
        if len(codes) > 1:
            questions.append(
                _question("同一个企业名称写了不同的统一社会信用代码", [*codes.values()][-1], codes.values())
            )
        for code, bearer in codes.items() if len(codes) == 1 else ():
            by_code.setdefault(code, []).append(bearer)
    other_keys, same = {}, []
    for sharing in by_code.values():
        known = [bearer for bearer in sharing if bearer.key in nominated]
        if len(known) > 1:
            for bearer in known:
                others = [other for other in known if other is not bearer]
                questions.append(_question("这个统一社会信用代码另有推荐企业也写了", bearer, others))
            continue
        first = (known or sharing)[0]
        for bearer in sharing:
            if bearer.key != first.key:
                other_keys[bearer.key] = first.key
                same.append(same_company(bearer, first.name, first.where))
    return other_keys, same, questions


def same_company(bearer: Bearer, name: str, where: Where) -> Issue:
    """X16: the company of `bearer` is the one that stands as `name` at `where`."""
    facts = {"other": _cell_text(where), "code": bearer.code, "name": name}
    return Issue(NAMES_SHARE_CREDIT_CODE, bearer.where, name, part=bearer.name, found=bearer.name, facts=facts)


def _question(reason: str, about: Bearer, named: Iterable[Bearer]) -> Issue:
    said = "；".join(f"“{bearer.name}”{bearer.code}（{_cell_text(bearer.code_where)}）" for bearer in named)
    return Issue(
        CREDIT_CODES_CONFLICT, about.code_where, about.name, found=about.code, facts={"reason": reason, "codes": said}
    )


def _cell_text(where: Where) -> str:
    return f"“{where.file}”工作表“{where.sheet}”单元格 {where.cell}"
