"""Whether a folder is an input or lies in one, by what lies there: what a command writes must never be read as sent in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from pipeline.issues.phones import mask_phones
from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.display import on_one_line
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import CITY_LIST_PROPERTY, OUTPUT_PROPERTY
from pipeline.writers.publishing.contents import contents_of
from pipeline.writers.publishing.failures import PublishRefused
from pipeline.writers.publishing.proof import document_of, is_blank_form, shared_texts
from pipeline.writers.publishing.single_file import is_left_behind
from pipeline.writers.publishing.targets import PROJECT, is_home, is_output, is_shared, same

_SENT = (".xls", ".xlsx", ".xlsm", ".xltx", ".xlsb", ".et", ".ods", ".zip", ".rar", ".7z")
_LEVELS = 6  # folders above that are looked at
_ENTRIES, _WORKBOOKS = 2_000, 20  # of each of them
_COMPANY_HEADER = "企业名称"  # stands in every list and label of a company


def refuse_inputs(folder: Path, ours: Callable[[Path], bool]) -> None:
    """Raises PublishRefused when `folder` is an output, or holds anywhere a workbook or an archive that is not `ours`: then it
    is an input, or holds one. Raises OSError."""
    if is_output(folder):
        raise PublishRefused(f"文件夹“{folder}”中是汇总的结果，不能写在那里，请另选一个文件夹。")
    files = contents_of(folder).files if folder.is_dir() else []
    for name in files:
        if name.lower().endswith(_SENT) and not ours(folder / name) and not is_left_behind(folder / name):
            raise PublishRefused(
                f"文件夹“{folder}”里有别的材料（如“{mask_phones(on_one_line(name))}”），写在那里会与报送的材料混在一起，没有写入。请另选一个空文件夹。"
            )


def refuse_inside_inputs(folder: Path, rulebook: Rulebook) -> None:
    """Raises PublishRefused when a folder above `folder` looks like an input: it holds decisions, <市>/<区县>, or lists of
    companies."""
    regions = _regions_of(rulebook)
    for above in islice(folder.parents, _LEVELS):
        if not above.name or is_home(above) or is_shared(above) or same(above, PROJECT):
            return
        with suppress(OSError):  # one that this user may not look into
            sign = _sign_of_an_input(above, regions)
            if sign:
                raise PublishRefused(
                    f"“{folder}”在放报送材料的文件夹“{above}”里（那里有“{mask_phones(on_one_line(sign))}”），写在那里会被当作报送的材料。请另选一个文件夹。"
                )


def _regions_of(rulebook: Rulebook) -> dict[str, set[str]]:
    """How a city may be written -> how each of its counties may be."""
    counties: dict[str, set[str]] = {}
    for county in rulebook.counties:
        counties.setdefault(county.city, set()).update((county.name, *county.aliases))
    return {name: counties.get(city.name, set()) for city in rulebook.cities for name in (city.name, *city.aliases)}


def _sign_of_an_input(folder: Path, regions: dict[str, set[str]]) -> str:
    """What in `folder` shows that it is an input; "" for nothing. Raises OSError."""
    decisions = folder / WORKBOOK_NAME
    if os.path.lexists(decisions) and not is_blank_form(decisions):
        return WORKBOOK_NAME
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in islice(entries, _ENTRIES))
    for name in names:
        if name in regions and regions[name] & set(_folders_in(folder / name)):
            return name
    workbooks = (name for name in names if name.lower().endswith(".xlsx"))
    return next((name for name in islice(workbooks, _WORKBOOKS) if _lists_companies(folder / name)), "")


def _folders_in(folder: Path) -> Iterator[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        yield from (entry.name for entry in islice(entries, _ENTRIES) if entry.is_dir(follow_symlinks=False))


def _lists_companies(path: Path) -> bool:
    """True for a workbook with the header of companies that is neither a blank form nor a result of this program."""
    if _COMPANY_HEADER not in shared_texts(path) or is_blank_form(path):
        return False
    document = document_of(path)
    return document is None or not document.properties & {OUTPUT_PROPERTY, CITY_LIST_PROPERTY}
