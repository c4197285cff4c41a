"""Which rulings of 规则确认 can stand together: 20 companies in all and 2 of each of 11 cities cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import RulebookError, with_rulings


class Conflict(NamedTuple):
    """Rulings, by id, of which any one left out lets the others stand. why: plain Chinese, "" where it is not told."""

    rulings: tuple[str, ...]
    why: str


class Fitting(NamedTuple):
    """The rulebook with the rulings that can stand together, and those that cannot."""

    rulebook: Rulebook
    conflicts: tuple[Conflict, ...]


def fitting_rulings(rulebook: Rulebook, choices: Mapping[str, str]) -> Fitting:
    """The rulebook with the choices, ruling id -> `choice_text`, without every ruling that has a part in a conflict: none
    of them is preferred to another."""
    kept = dict(choices)
    conflicts: list[Conflict] = []
    while kept:
        try:
            return Fitting(with_rulings(rulebook, kept), tuple(conflicts))
        except RulebookError:
            conflict = _conflict_within(rulebook, kept)
            conflicts.append(conflict)
            kept = {ruling: choice for ruling, choice in kept.items() if ruling not in conflict.rulings}
    return Fitting(rulebook, tuple(conflicts))


def _conflict_within(rulebook: Rulebook, choices: Mapping[str, str]) -> Conflict:
    """One conflict among choices that do not fit: whatever can be left out of it without making it fit is left out."""
    needed = dict(choices)
    for ruling in choices:
        fewer = {other: choice for other, choice in needed.items() if other != ruling}
        if fewer and _problem(rulebook, fewer) is not None:
            needed = fewer
    return Conflict(tuple(needed), _problem(rulebook, needed) or "")


def _problem(rulebook: Rulebook, choices: Mapping[str, str]) -> str | None:
    """Why the choices do not fit, in plain words or ""; None when they do."""
    try:
        with_rulings(rulebook, choices)
    except RulebookError as error:
        return error.plain
    return None
