"""A page or workbook of its own replaces nothing but an earlier one of this program that nobody has saved since."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.model.stamps import FORM_PROPERTY, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, PAGE_GENERATOR
from pipeline.writers.book.workbook import open_book
from pipeline.writers.publishing.failures import PublishFailed, PublishRefused
from pipeline.writers.publishing.manifest import write_manifest
from pipeline.writers.publishing.proof import document_of, is_blank_form, is_result, is_sample, shared_texts
from pipeline.writers.publishing.single_file import check_file_target, replacing
from pipeline.writers.publishing.targets import PROJECT
from tests.support.strange_files import STRANGE, no_waiting, put

TITLE = "得分说明"
PAGE = f'<!DOCTYPE html>\n<html lang="zh-CN"><meta name="generator" content="{PAGE_GENERATOR}">\n<title>{TITLE}：甲</title>'


def write_book(path: Path, title: str = TITLE, stamp: str = OUTPUT_PROPERTY) -> None:
    with open_book(path, "2024-05-01", f"{title}：甲公司", {stamp: OUTPUT_PROPERTY_VALUE}) as book:
        book.sheet("表")


def write(path: Path, meanwhile: Callable[[], object] = lambda: None) -> None:
    """The workbook or page that a command would write."""
    with replacing(path, TITLE) as made:
        write_book(made) if path.suffix == ".xlsx" else made.write_text(PAGE, encoding="utf-8")
        meanwhile()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["a.xlsx", "a.html"])
def test_an_earlier_one_is_replaced(tmp_path: Path, name: str):
    for _ in range(2):
        check_file_target(tmp_path / name, TITLE)
        write(tmp_path / name)
    assert names_in(tmp_path) == {name}


def saved(path: Path) -> None:
    write_book(path)
    openpyxl.load_workbook(path).save(path)


def of_another_title(path: Path) -> None:
    write_book(path, title="变动情况")


def a_form(path: Path) -> None:
    write_book(path, stamp=FORM_PROPERTY)


def plain(path: Path) -> None:
    path.write_bytes(b"mine")


def nothing(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize("spoil", [saved, of_another_title, a_form, plain, nothing])
def test_anything_else_is_not(tmp_path: Path, spoil: Callable[[Path], None]):
    path = tmp_path / "a.xlsx"
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(PublishRefused, match="已经存在"):
        check_file_target(path, TITLE)
    with pytest.raises(PublishRefused, match="已经存在"):
        write(path)
    assert path.read_bytes() == before and names_in(tmp_path) == {"a.xlsx"}


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", ["a.xlsx", ".新.a.xlsx", ".旧.a.xlsx", ".a.xlsx.lock"])
def test_what_lies_there_or_beside_it(tmp_path: Path, kind: str, name: str):
    (tmp_path / "x" / "y").mkdir(parents=True)
    path = tmp_path / "x" / "y" / "a.xlsx"
    write(path)
    put(kind, path.parent / name)
    with no_waiting(), pytest.raises(PublishRefused):
        write(path)
    assert os.path.lexists(path.parent / name)


@pytest.mark.parametrize("name", [".新.a.xlsx", ".旧.a.xlsx"])
def test_a_file_of_somebody_beside_it_stays_and_what_a_killed_run_left_goes(tmp_path: Path, name: str):
    path, left = tmp_path / "a.xlsx", tmp_path / name
    left.write_bytes(b"mine")
    with pytest.raises(PublishRefused, match=name):
        write(path)
    assert left.read_bytes() == b"mine"
    left.unlink()
    write_book(left)
    write(path)
    assert names_in(tmp_path) == {"a.xlsx"}


@pytest.mark.parametrize("moment", ["before the look", "after it"])
def test_what_is_saved_there_meanwhile_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str):
    path, rename = tmp_path / "a.xlsx", os.rename
    write(path)

    def saved_first(source: Path, target: Path) -> None:
        if Path(source) == path and moment == "after it":
            path.write_bytes(b"mine")
        rename(source, target)

    monkeypatch.setattr(os, "rename", saved_first)
    meanwhile = (lambda: path.write_bytes(b"mine")) if moment == "before the look" else (lambda: None)
    with pytest.raises(PublishRefused):
        write(path, meanwhile)
    assert path.read_bytes() == b"mine" and names_in(tmp_path) == {"a.xlsx"}


def test_what_appears_where_nothing_was_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path, link = tmp_path / "a.xlsx", os.link

    def saved_first(source: Path, target: Path, **options: object) -> None:
        path.write_bytes(b"mine")
        link(source, target, **options)

    monkeypatch.setattr(os, "link", saved_first)
    with pytest.raises(PublishRefused):
        write(path)
    assert path.read_bytes() == b"mine" and names_in(tmp_path) == {"a.xlsx"}


def test_a_disk_without_links_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    for _ in range(2):
        write(tmp_path / "a.xlsx")
    assert names_in(tmp_path) == {"a.xlsx"}


def test_a_failure_leaves_the_earlier_one(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    write(path)
    before = path.read_bytes()

    def fail() -> None:
        raise OSError(28, "")

    with pytest.raises(PublishFailed):
        write(path, fail)
    assert path.read_bytes() == before and names_in(tmp_path) == {"a.xlsx"}


@pytest.mark.parametrize(
    "name", ["out/a.html", "out/返还/a.html", "in/a.html", "nowhere/a.html", "con.html", "a\x00.html"]
)
def test_where_no_file_belongs(tmp_path: Path, name: str):
    (tmp_path / "out" / "返还").mkdir(parents=True)
    (tmp_path / "in").mkdir()
    write_manifest(tmp_path / "out", {"rulebook": {}, "standing": {"final": False}})
    with pytest.raises(PublishRefused):
        check_file_target(tmp_path / name, TITLE, tmp_path / "in")


@pytest.mark.parametrize(
    "path", ["/dev/null", "/dev/a.html", "/proc/a.html", "/etc/a.html", PROJECT / "inbox" / "a.html"]
)
def test_where_no_file_belongs_on_any_machine(path: str | Path):
    with pytest.raises(PublishRefused):
        check_file_target(Path(path), TITLE)


# ---------------------------------------------------------------- what a file says of itself


def bomb(path: Path) -> None:
    """A workbook whose properties are a hundred megabytes of nothing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("docProps/core.xml", "docProps/custom.xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
            archive.writestr(part, b"\0" * 100 * 2**20)


def lying(path: Path) -> None:
    """The list of its parts is said to be four gigabytes long."""
    write_book(path)
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.rfind(b"PK\x05\x06") + 12, 0xFFFFFFFF)
    path.write_bytes(content)


def crowded(path: Path) -> None:
    """A hundred thousand parts."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100_000):
            archive.writestr(f"{number}", b"")


def encrypted(path: Path) -> None:
    """Every part is said to be encrypted."""
    write_book(path)
    content = path.read_bytes()
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content = content[: at + 8] + b"\x01\x00" + content[at + 10 :]
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)


def unknown_packing(path: Path) -> None:
    write_book(path)
    content = path.read_bytes()
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content = content[: at + 10] + b"\x63\x00" + content[at + 12 :]
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)


def cut(path: Path) -> None:
    write_book(path)
    path.write_bytes(path.read_bytes()[:-30])


@pytest.mark.parametrize("spoil", [bomb, lying, crowded, encrypted, unknown_packing, cut, plain, nothing])
def test_a_workbook_that_was_made_to_hurt_says_nothing(tmp_path: Path, spoil: Callable[[Path], None]):
    path = tmp_path / "a.xlsx"
    spoil(path)
    with no_waiting():
        assert document_of(path) is None
        assert not (is_result(path, TITLE) or is_blank_form(path) or is_sample(path))
        assert len(shared_texts(path)) <= 2**23
