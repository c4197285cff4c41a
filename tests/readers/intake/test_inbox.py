"""The input folder is searched for files: which are found, under which path, and which are left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.model.rulebook import Rulebook
from pipeline.readers.intake.inbox import NotRead, content_of, find_all, find_candidates
from pipeline.readers.intake.workers import read_files


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def test_every_file_at_any_depth_in_the_order_of_paths(tmp_path: Path):
    touched(tmp_path, "乙/b.xlsx", "甲/丙/丁/a.xlsx", "c.pdf")
    assert [found.path for found in find_candidates(tmp_path)] == ["c.pdf", "乙/b.xlsx", "甲/丙/丁/a.xlsx"]


@pytest.mark.parametrize(
    "name",
    [
        "~$表.xlsx",
        ".~表.xlsx",
        "._表.xlsx",
        ".DS_Store",
        "__MACOSX/表.xlsx",
        "Thumbs.db",
        "desktop.ini",
        "表.bak",
        "表.TMP",
        ".gitkeep",
    ],
)
def test_what_systems_leave_behind_is_ignored_and_counted(tmp_path: Path, name: str):
    (found,) = find_candidates(touched(tmp_path, name))
    assert found.ignored and found.path == name


def test_decomposed_names_are_shown_composed(tmp_path: Path):
    (found,) = find_candidates(touched(tmp_path, "Cafe\u0301/表.xlsx"))
    assert found.path == "Caf\u00e9/表.xlsx" and Path(found.source).exists()


def test_names_that_look_the_same_stay_apart(tmp_path: Path):
    touched(tmp_path, "Cafe\u0301.xlsx", "Caf\u00e9.xlsx")
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system knows one name only")
    found = find_candidates(tmp_path)
    assert len({one.path for one in found}) == 2 and {content_of(one.source) for one in found} == {
        "Cafe\u0301.xlsx".encode(),
        "Caf\u00e9.xlsx".encode(),
    }


def test_a_name_in_gbk_is_shown_as_it_was_meant(tmp_path: Path):
    raw = os.path.join(os.fsencode(tmp_path), "附件1.xlsx".encode("gb18030"))
    try:
        with open(raw, "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this file system takes no such name")
    (found,) = find_candidates(tmp_path)
    assert found.path == "附件1.xlsx" and content_of(found.source) == b"x"


# ---------------------------------------------------------------- links and what is no file


def test_links_out_of_the_input_are_not_followed(tmp_path: Path):
    touched(tmp_path, "外/表.xlsx", "内/a.xlsx")
    (tmp_path / "内/文件.xlsx").symlink_to(tmp_path / "外/表.xlsx")
    (tmp_path / "内/文件夹").symlink_to(tmp_path / "外")
    (tmp_path / "内/上层").symlink_to("..")
    found = {one.path: one.outside for one in find_candidates(tmp_path / "内")}
    assert found == {"a.xlsx": False, "文件.xlsx": True, "文件夹": True, "上层": True}


def test_links_inside_the_input(tmp_path: Path):
    touched(tmp_path, "甲/a.xlsx")
    (tmp_path / "b.xlsx").symlink_to("甲/a.xlsx")
    (tmp_path / "丙").symlink_to("甲")
    found = {one.path: (one.outside, one.ignored) for one in find_candidates(tmp_path)}
    assert found == {"甲/a.xlsx": (False, False), "b.xlsx": (False, False), "丙": (False, True)}


def test_a_link_to_a_folder_of_the_input_is_called_that(tmp_path: Path, rulebook: Rulebook):
    touched(tmp_path, "甲/a.txt", "~$a.xlsx")
    (tmp_path / "丙").symlink_to("甲")
    remarks = {
        one.path: one.remark for one in read_files(find_candidates(tmp_path), rulebook, 1) if one.kind == "ignored"
    }
    assert "链接" in remarks["丙"] and "原处" in remarks["丙"] and "临时文件" in remarks["~$a.xlsx"]


def test_the_input_may_itself_be_a_link(tmp_path: Path):
    touched(tmp_path, "甲/a.xlsx")
    (tmp_path / "乙").symlink_to("甲")
    assert [(one.path, one.outside) for one in find_candidates(tmp_path / "乙")] == [("a.xlsx", False)]


def test_what_has_no_bytes_says_why_in_chinese(tmp_path: Path):
    (tmp_path / "断.xlsx").symlink_to("没有.xlsx")
    (tmp_path / "圈.xlsx").symlink_to("圈.xlsx")
    os.mkfifo(tmp_path / "管.xlsx")
    for found in find_candidates(tmp_path):
        with pytest.raises(NotRead, match=r"^[\u4e00-\u9fff，]+$"):
            content_of(found.source)


def test_a_folder_that_cannot_be_opened_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    touched(tmp_path, "甲/a.xlsx", "乙/b.xlsx")
    scandir = os.scandir

    def refuse(path: str):
        if str(path).endswith("甲"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = {one.path: one.problem for one in find_candidates(tmp_path)}
    assert found["乙/b.xlsx"] == "" and "没有读取权限" in found["甲"]


# ---------------------------------------------------------------- several roots


def test_a_single_file_is_its_name(tmp_path: Path):
    touched(tmp_path, "甲/a.xlsx")
    assert [found.path for found in find_candidates(tmp_path / "甲/a.xlsx")] == ["a.xlsx"]


def test_files_of_one_name_from_several_places_stay_apart(tmp_path: Path):
    touched(tmp_path, "甲/a.xlsx", "乙/a.xlsx")
    found = find_all([tmp_path / "甲/a.xlsx", tmp_path / "乙/a.xlsx"])
    assert [one.path for one in found] == ["乙/a.xlsx", "甲/a.xlsx"]


def test_a_file_given_twice_is_read_once(tmp_path: Path):
    touched(tmp_path, "甲/a.xlsx", "甲/b.xlsx")
    found = find_all([tmp_path / "甲", tmp_path / "甲/a.xlsx"])
    assert [one.path for one in found] == ["a.xlsx", "b.xlsx"]
