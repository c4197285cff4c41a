"""Workbooks as LibreOffice works them out: stored results removed, converted, and read cell by cell."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path
from typing import NamedTuple

from python_calamine import load_workbook

_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v>(.*?)</v></c>', re.DOTALL)
_SHEET = re.compile(r'<sheet name="([^"]*)"')
_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)")

Address = tuple[str, str]  # sheet, cell


class FormulaCell(NamedTuple):
    """A formula and its stored result: a number, a text, or "" for a blank."""

    formula: str
    stored: float | str


def formula_cells(path: Path) -> dict[Address, FormulaCell]:
    """Every formula of a workbook of ours."""
    formulas = {}
    for name, part in _sheet_parts(path):
        for reference, attributes, formula, stored in _CELL.findall(part):
            value = unescape(stored) if 't="str"' in attributes or stored == "" else float(stored)
            formulas[name, reference] = FormulaCell(unescape(formula), value)
    return formulas


def _sheet_parts(path: Path) -> Iterable[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        names = _SHEET.findall(archive.read("xl/workbook.xml").decode())
        for number, name in enumerate(names, start=1):
            yield unescape(name), archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def strip_results(source: Path, target: Path, changes: Mapping[Address, float] | None = None) -> None:
    """A copy without stored results, other numbers in the cells of `changes`."""
    parts = dict(_sheet_parts(source))
    names = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(parts, start=1)}
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as copy:
        for member in archive.namelist():
            content = archive.read(member)
            if member in names:
                text = _CELL.sub(r'<c r="\1"><f>\3</f></c>', parts[names[member]])
                for (sheet, reference), value in (changes or {}).items():
                    if sheet == names[member]:
                        text = _with_value(text, reference, value)
                content = text.encode()
            copy.writestr(member, content)


def _with_value(part: str, reference: str, value: float) -> str:
    cell = f'<c r="{reference}"><v>{value!r}</v></c>'
    pattern = re.compile(rf'<c r="{reference}"(?:[^>]*/>|[^>]*[^/]>.*?</c>)', re.DOTALL)
    changed, count = pattern.subn(lambda _: cell, part, count=1)
    assert count == 1, reference
    return changed


def recalculated(paths: list[Path], folder: Path, libreoffice: str) -> list[dict[Address, float | str]]:
    """Every value of the workbooks after LibreOffice has worked them out, all in one call."""
    target = folder / "recalculated"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [libreoffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return [values_of(target / path.name) for path in paths]


def values_of(path: Path) -> dict[Address, float | str]:
    """Every filled cell of a workbook as stored."""
    workbook = load_workbook(path)
    values = {}
    for name in workbook.sheet_names:
        for row, cells in enumerate(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            for column, value in enumerate(cells):
                if value != "":
                    values[name, f"{_letters(column)}{row}"] = value
    return values


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text


def differences(cells: Mapping[Address, FormulaCell], values: Mapping[Address, float | str]) -> list[tuple]:
    """Address, formula, stored and worked-out result of every formula that comes to something else."""
    return [
        (*address, cell.formula, cell.stored, values.get(address, ""))
        for address, cell in cells.items()
        if not alike(cell.stored, values.get(address, ""))
    ]


def alike(one: float | str, other: float | str) -> bool:
    """Equal texts, or numbers that differ by the noise of calculation alone."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= 1e-9 * max(1.0, abs(one))
