"""The rulebook that the tests are written against, whichever is the latest."""

from __future__ import annotations

from pipeline.model import rulebook_file
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import RULEBOOKS, load_rulebook

ZHEJIANG_2024 = RULEBOOKS / "zhejiang_2024.toml"


def pin_rulebook() -> None:
    """Makes it the default of this process; to be called before the command line is imported."""
    rulebook_file.DEFAULT_RULEBOOK = ZHEJIANG_2024


def tested_rulebook() -> Rulebook:
    """浙江 2024, loaded anew."""
    return load_rulebook(ZHEJIANG_2024)
