"""Whether a single page or workbook may be written to a path that a user gave."""

from __future__ import annotations

import os
import zipfile
from contextlib import suppress
from pathlib import Path

from pipeline.model.stamps import OUTPUT_PROPERTY, PAGE_GENERATOR
from pipeline.writers.publishing.manifest import read_manifest
from pipeline.writers.publishing.publish import PublishRefused, within

_HEAD = 4096  # bytes at the start of a page that hold its title and generator


def check_file_target(path: Path, title: str, input_path: Path | None = None) -> None:
    """Raises PublishRefused when `path` must not be written to: its folder is missing or lies in an output or in the input,
    or `path` exists and is not an earlier page or workbook of this program with this title."""
    target = path.resolve()
    folder = target.parent
    if not folder.is_dir():
        raise PublishRefused(f"没有“{folder}”这个文件夹，请先建好，或换一个位置。")
    if input_path is not None and within(folder, input_path.resolve()):
        raise PublishRefused(f"“{path}”在报送材料的文件夹里，不能写在那里，请换一个位置。")
    output = next((above for above in (folder, *folder.parents) if _is_output(above)), None)
    if output:
        raise PublishRefused(f"“{path}”在输出文件夹“{output}”里，写在那里会使它与清单不符，请换一个位置。")
    if os.path.lexists(path) and not _is_ours(path, title):
        raise PublishRefused(f"“{path}”已经存在，而且不是本程序写成的“{title}”。为避免误删，没有写入；请换一个文件名。")


def _is_output(folder: Path) -> bool:
    with suppress(OSError):  # a folder that this user may not read
        return read_manifest(folder) is not None
    return False


def _is_ours(path: Path, title: str) -> bool:
    """True for a page or a workbook of this program with this title."""
    with suppress(OSError, KeyError, zipfile.BadZipFile):
        if not path.is_file() or path.is_symlink():
            return False
        if not zipfile.is_zipfile(path):
            with path.open("rb") as page:
                head = page.read(_HEAD)
            return (
                f'name="generator" content="{PAGE_GENERATOR}"'.encode() in head and f"<title>{title}".encode() in head
            )
        with zipfile.ZipFile(path) as archive:
            core, custom = (archive.read(f"docProps/{part}.xml") for part in ("core", "custom"))
        return f"<dc:title>{title}".encode() in core and f'name="{OUTPUT_PROPERTY}"'.encode() in custom
    return False
