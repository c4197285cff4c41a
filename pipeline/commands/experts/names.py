"""Reads the list of experts: one name a row, and the companies each may not mark (单位, 回避企业, 回避区县)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.names import clean_name, expert_name
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import is_blank, label_of
from pipeline.readers.formats.encryption import PasswordProtected
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.intake.inbox import NotRead, content_of
from pipeline.readers.intake.sniff import sniff
from pipeline.readers.sheet.grid import Grid, address_text
from pipeline.readers.sheet.headers import HeaderReader, MergedValues, header_key, names_of
from pipeline.readers.sheet.regions import Region, RegionIndex

_HEADERS = names_of(
    [
        ("name", ("专家姓名", "专家", "姓名", "评审专家", "专家名单")),
        ("employer", ("单位", "工作单位", "所在单位", "专家单位", "任职单位")),
        ("companies", ("回避企业", "需回避企业", "回避单位", "应回避企业")),
        ("regions", ("回避区县", "需回避区县", "回避地区", "应回避区县")),
    ]
)
_SEPARATORS = re.compile(r"[、，,；;\n]+")
_NOTHING = ("无", "-", "—", "没有")
_LONGEST_NAME = 30  # characters


class ExpertNamesRefused(Refused):
    """The list of experts cannot be used; the text says what is wrong and where."""


@dataclass(frozen=True)
class Expert:
    """One row of the list. companies: names as typed, without the employer; regions: (city, county), county "" for a
    whole city; cell: that of the name."""

    name: str
    employer: str
    companies: tuple[str, ...]
    regions: tuple[Region, ...]
    cell: str


def read_expert_names(path: Path, rulebook: Rulebook) -> list[Expert]:
    """The experts of the workbook at `path`, in its order, from the first visible sheet with a column of names. Raises
    ExpertNamesRefused."""
    grids = [grid for grid in _grids(path) if grid.cells]
    visible = [grid for grid in grids if not grid.hidden] or grids
    for grid in visible:
        columns, first_row = _columns(grid)
        if columns:
            experts = list(_experts(grid, columns, first_row, path, RegionIndex(rulebook)))
            _check(experts, path)
            return experts
    raise ExpertNamesRefused(
        f"专家名单“{path.name}”里没有找到“专家姓名”一栏。请在第一行写“专家姓名”，下面每行一位专家。"
    )


def _grids(path: Path) -> list[Grid]:
    named = f"专家名单“{path.name}”"
    try:
        content = content_of(str(path))
        format_of = sniff(path.name.lower(), content).format
        if format_of not in WORKBOOK_READERS:
            raise ExpertNamesRefused(f"{named}不是 Excel 工作簿。请用 Excel 或 WPS 另存为“Excel 工作簿（*.xlsx）”。")
        return WORKBOOK_READERS[format_of](content).grids
    except NotRead as error:
        raise ExpertNamesRefused(f"{named}打不开：{error}。") from error
    except PasswordProtected as error:
        raise ExpertNamesRefused(f"{named}设了打开密码。请取消密码、另存后再运行。") from error
    except (UnreadableWorkbook, WorkbookTooLarge) as error:
        raise ExpertNamesRefused(f"{named}读不出来（{error}）。请用 Excel 或 WPS 打开，另存后再运行。") from error


def _columns(grid: Grid) -> tuple[dict[str, int], int]:
    """Column id -> column, and the first row under the header. A sheet with texts in a single column is a list of names
    without a header; ({}, 0) for a sheet without names."""
    reader = HeaderReader(grid, _HEADERS)
    for row in grid.rows:
        columns = reader.columns(row)
        if "name" in columns:
            return columns, row + 1
    used = {column for _, column in grid.cells}
    texts = all(isinstance(value, str) for value in grid.cells.values())
    return ({"name": used.pop()}, min(grid.rows)) if len(used) == 1 and texts else ({}, 0)


def _experts(grid: Grid, columns: dict[str, int], first_row: int, path: Path, index: RegionIndex) -> Iterator[Expert]:
    merged = MergedValues(grid)
    for row in (row for row in grid.rows if row >= first_row):
        texts = {field: merged.text(row, column) for field, column in columns.items()}
        cell = address_text((row, columns["name"]))
        name = expert_name(texts["name"])
        if not name:
            if any(not is_blank(texts.get(field, "")) for field in ("companies", "regions")):
                raise ExpertNamesRefused(
                    f"专家名单“{path.name}”第 {row} 行写了要回避的，却没有专家姓名。请在 {cell} 补上姓名。"
                )
            continue
        if header_key(name) in _HEADERS:  # the header, repeated on a further printed page
            continue
        if len(name) > _LONGEST_NAME or mask_phones(texts["name"]) != texts["name"]:
            raise ExpertNamesRefused(
                f"专家名单“{path.name}”的 {cell} 不像一个姓名。请每格只写一位专家的姓名，不写电话和说明。"
            )
        companies = tuple(clean_name(piece) for piece in _pieces(texts.get("companies", "")))
        yield Expert(name, clean_name(texts.get("employer", "")), companies, _regions(texts, row, path, index), cell)


def _pieces(text: str) -> list[str]:
    pieces = (piece.strip() for piece in _SEPARATORS.split(text))
    return [piece for piece in pieces if not is_blank(piece) and piece not in _NOTHING]


def _regions(texts: dict[str, str], row: int, path: Path, index: RegionIndex) -> tuple[Region, ...]:
    """The regions whose companies an expert may not mark. Raises ExpertNamesRefused for an unknown or ambiguous one, since
    the expert might be given a company that he must not mark."""
    regions = []
    for piece in _pieces(texts.get("regions", "")):
        meant = index.resolve(piece)
        if len(meant) != 1 or label_of(piece) in index.ambiguous:
            said = f"可能是{'、'.join(f'{one.city}{one.county}' for one in meant)}" if meant else "不是本省的市或区县"
            raise ExpertNamesRefused(
                f"专家名单“{path.name}”第 {row} 行的回避区县「{piece}」{said}。请写全称（如“杭州市萧山区”），几个区县之间用“、”隔开。"
            )
        regions += meant
    return tuple(regions)


def _check(experts: list[Expert], path: Path) -> None:
    """Raises ExpertNamesRefused for an empty list, and for a name that occurs twice, since marks know only the name."""
    if not experts:
        raise ExpertNamesRefused(f"专家名单“{path.name}”里没有一位专家。请在“专家姓名”下面每行写一位。")
    cells: dict[str, list[str]] = {}
    for expert in experts:
        cells.setdefault(expert.name.casefold(), []).append(expert.cell)
    twice = [(name, where) for name, where in cells.items() if len(where) > 1]
    if twice:
        named = listed((f"“{name}”在 {'、'.join(where)}" for name, where in twice), "个", separator="；")
        raise ExpertNamesRefused(
            f"专家名单“{path.name}”里有重复的姓名：{named}。重复的请删去；确是同名的两位专家，请加单位区分，如“张三（浙江大学）”。"
        )
