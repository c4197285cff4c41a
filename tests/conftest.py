"""What every test shares. On a build machine (CI=true) a test that is skipped proves nothing, so it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings

from pipeline.model.rulebook import Rulebook
from tests.support.rulebooks import ZHEJIANG_2024, pin_rulebook, tested_rulebook

pin_rulebook()  # for commands that name no rulebook

pytest_plugins = ["tests.support.command_line"]

ON_BUILD_MACHINE = os.environ.get("CI", "").lower() in ("1", "true", "yes")

# No deadline: the machines are slow and noisy. On a build machine the examples are the same every time.
settings.register_profile("house", deadline=None, derandomize=ON_BUILD_MACHINE, max_examples=50)
settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[Any]:
    return _failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    return _failed_if_skipped((yield))


def _failed_if_skipped(report: Any) -> Any:
    if ON_BUILD_MACHINE and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: skipped on the build machine: {report.longrepr}"
    return report


# A fixture -> the marker of every test that uses it.
MARKERS = {"libreoffice": pytest.mark.office, "chromium": pytest.mark.browser}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what looks through other programs, and puts modules with slow tests first, so that no worker of xdist is
    left alone with one at the end."""
    for item in items:
        for fixture, marker in MARKERS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)
    slow = {item.path for item in items if any(map(item.get_closest_marker, ("slow", "office", "browser")))}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return tested_rulebook()


@pytest.fixture(scope="session")
def _parsed_rulebook() -> dict[str, Any]:
    return tomllib.loads(ZHEJIANG_2024.read_text(encoding="utf-8"), parse_float=Decimal)


@pytest.fixture
def rulebook_entries(_parsed_rulebook: dict[str, Any]) -> dict[str, Any]:
    """The published rulebook as parsed TOML, for a test to spoil."""
    return deepcopy(_parsed_rulebook)


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """The path of LibreOffice, for tests that look through it."""
    return _program("soffice", "libreoffice")


@pytest.fixture(scope="session")
def poppler() -> str:
    """The path of the program that tells the texts of a PDF and their sizes."""
    return _program("pdftohtml")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium, for tests that look at the page."""
    return _program("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chinese_fonts() -> None:
    """Some font that shows Chinese; without one every picture is empty boxes."""
    listing = subprocess.run([_program("fc-list"), ":lang=zh"], capture_output=True, text=True, check=True)
    if not listing.stdout.strip():
        pytest.skip("no Chinese font on this machine")


def _program(*names: str) -> str:
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        pytest.skip(f"{names[0]} is not on this machine")
    return found
