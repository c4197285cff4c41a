"""Every check, in the order in which equal issues are numbered."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.issues.issue import Issue
from pipeline.stages.checks import forms, lists, size
from pipeline.stages.checks.material import Check, Material

CHECKS: tuple[Check, ...] = (*forms.CHECKS, *size.CHECKS, *lists.CHECKS)


def checked(material: Material, checks: Iterable[Check] = CHECKS) -> list[Issue]:
    """The issues that the checks find."""
    return [issue for check in checks for issue in check.find(material)]
