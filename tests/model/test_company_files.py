"""Short names of a company's files: one for each, the same after a move, and never one of several."""

from __future__ import annotations

import hashlib

import pytest

from pipeline.issues.phones import mask_phones
from pipeline.model.company_files import ASSESSMENT, NOMINATION, CompanyFile, FileName, chosen_of, short_names

HERE = "杭州市/上城区"


def file(path: str, content: str = "", form: str = ASSESSMENT) -> CompanyFile:
    return CompanyFile(path, form, hashlib.sha256((content or path).encode()).hexdigest())


FILES = {
    "two names": [file(f"{HERE}/甲.xlsx"), file(f"{HERE}/甲（新）.xlsx")],
    "one name in two folders": [file(f"{HERE}/甲.xlsx"), file(f"{HERE}/更正/甲.xlsx"), file("甲.xlsx")],
    "names that differ in a number in brackets": [file("甲.xlsx"), file("甲(1).xlsx"), file("甲（2）.xlsx")],
    "an archive": [file(f"{HERE}/甲.zip/附件/甲.xlsx"), file(f"{HERE}/乙.zip/附件/甲.xlsx")],
    "a phone": [file("13900000001.xlsx"), file("13900000002.xlsx")],
    "hostile names": [file("=1+1|'!\n\t.xlsx"), file("甲\u202e\u0007.xlsx"), file("甲（附件1，ABCDEFGH）")],
    "both forms in one file": [file("全.xlsx"), file("全.xlsx", form=NOMINATION), file("二.xlsx", form=NOMINATION)],
    "long": [file("深/" * 60 + "甲.xlsx"), file("浅/" * 60 + "甲.xlsx")],
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_every_short_name_means_its_own_file(files: list[CompanyFile]):
    names = short_names(files)
    assert len(set(names)) == len(files)
    for one, name in zip(files, names, strict=True):
        assert chosen_of(FileName.of(name), files).path == one.path
        assert mask_phones(name) == name and "\n" not in name


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_a_file_may_be_moved_renamed_and_joined_by_others(files: list[CompanyFile]):
    names = short_names(files)
    moved = [each._replace(path=f"补报/改名{number}.xlsx") for number, each in enumerate(files)]
    others = [file(f"后来/{each.path}", f"后来的{number}", each.form) for number, each in enumerate(files)]
    for one, name in zip(moved, names, strict=True):
        assert chosen_of(FileName.of(name), [*others, *moved]).path == one.path


def test_a_file_whose_content_changed_is_not_the_chosen_one():
    files = FILES["two names"]
    name = FileName.of(short_names(files)[0])
    assert "换过" in chosen_of(name, [file(files[0].path, "改过"), files[1]]).problem
    assert "找不到" in chosen_of(name, [files[1]]).problem


def test_copies_of_one_file_have_their_own_names():
    files = [file(f"{HERE}/甲.xlsx", "同"), file(f"{HERE}/备份/甲.xlsx", "同")]
    paths = [chosen_of(FileName.of(name), files).path for name in short_names(files)]
    assert paths == [each.path for each in files]
    gone = [file("一/a.xlsx", "同"), file("二/b.xlsx", "同")]
    assert "对得上 2 个文件" in chosen_of(FileName.of(short_names(files)[0]), gone).problem


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        (f"{HERE}/更正/甲.xlsx", f"{HERE}/更正/甲.xlsx"),
        (f"/{HERE}\\更正\\甲.xlsx", f"{HERE}/更正/甲.xlsx"),
        ("更正/甲.xlsx", f"{HERE}/更正/甲.xlsx"),
        ("甲.xlsx", "甲.xlsx"),  # a whole path
        ("正/甲.xlsx", ""),
        ("", ""),
    ],
)
def test_a_path_may_be_typed(typed: str, path: str):
    choice = chosen_of(FileName.of(typed), FILES["one name in two folders"])
    assert choice.path == path and bool(choice.problem) == (not path)


def test_a_typed_end_that_fits_several_is_refused_with_their_names():
    choice = chosen_of(FileName.of("甲.xlsx"), FILES["one name in two folders"][:2])
    assert not choice.path and "更正/甲.xlsx" in choice.problem
