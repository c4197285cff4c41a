"""A file that anybody may have put there is opened only when it is a regular one of a bounded size; nothing waits."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.machine.regular_files import NotRegular, bytes_of, is_regular, sha256_of
from tests.support.strange_files import STRANGE, no_waiting, put


def test_a_regular_file_is_read(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"12345")
    assert bytes_of(tmp_path / "a", 5) == b"12345"
    assert sha256_of(tmp_path / "a", 5) == hashlib.sha256(b"12345").hexdigest()
    assert is_regular(tmp_path / "a")
    for read in (bytes_of, sha256_of):
        with pytest.raises(NotRegular, match="太大"):
            read(tmp_path / "a", 4)
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "b", 4)


@pytest.mark.parametrize("kind", STRANGE)
def test_anything_else_is_refused_in_words(tmp_path: Path, kind: str):
    (tmp_path / "x").mkdir()
    path = tmp_path / "x" / "a"
    put(kind, path)
    for read in (bytes_of, sha256_of):
        with no_waiting(), pytest.raises(NotRegular) as refusal:
            read(path, 2**20)
        assert "是一个" in str(refusal.value) or "太大" in str(refusal.value)
    assert is_regular(path) == (kind == "holes")


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/dev/tty", "/proc/self/mem", "/proc/self/fd/0"])
def test_no_device_is_read_without_end(path: str):
    with no_waiting(), pytest.raises((NotRegular, OSError)):
        bytes_of(Path(path), 2**20)


def test_a_named_file_may_be_a_link(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "link").symlink_to("a")
    assert bytes_of(tmp_path / "link", 1, follow=True) == b"1"
    (tmp_path / "zero").symlink_to("/dev/zero")
    with pytest.raises(NotRegular, match="设备"):
        bytes_of(tmp_path / "zero", 1, follow=True)


def test_what_becomes_a_pipe_between_the_look_and_the_opening_does_not_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path, look = tmp_path / "a", os.lstat
    path.write_bytes(b"1")

    def looks_and_loses(target: Path) -> os.stat_result:
        seen = look(target)
        path.unlink()
        os.mkfifo(path)
        return seen

    monkeypatch.setattr(os, "lstat", looks_and_loses)
    with no_waiting(), pytest.raises(NotRegular, match="管道"):
        bytes_of(path, 1)


@pytest.mark.parametrize("read", [bytes_of, sha256_of])
def test_what_has_more_bytes_than_the_system_says_is_cut_off(read: Callable[[Path, int], object]):
    """As a file that grows meanwhile; those of /proc are said to have none."""
    with pytest.raises(NotRegular, match="太大"):
        read(Path("/proc/self/smaps"), 100)
