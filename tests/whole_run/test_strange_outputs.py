"""Whatever somebody puts into, or beside, an output: no command waits for it, reads it as ours or removes it; one sentence says
what to do, with the exit code of its kind."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import run
from pipeline.model.rulebook import Rulebook
from pipeline.writers.publishing.manifest import MANIFEST
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.command_line import Said
from tests.support.strange_files import STRANGE, no_waiting, put

pytestmark = pytest.mark.slow

HERE = "杭州市/上城区"
COMPANY = "杭州甲公司"
# What is put aside, a table that is read back, and two files that are only listed.
LISTED = ("数据/totals.csv", "报告.html", "审计底稿.xlsx")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY)), f"{HERE}/附件1.xlsx": form(COMPANY)}
    return laid_out(tmp_path_factory.mktemp("strange") / "in", files)


@pytest.fixture(scope="module")
def results(root: Path, rulebook: Rulebook) -> Path:
    run.report(root, root.parent / "out", rulebook, run.Options(1))
    return root.parent / "out"


@pytest.fixture
def output(results: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(results, tmp_path / "place" / "out"))


@pytest.fixture
def ends(pipeline: Callable[..., Said]) -> Callable[..., str]:
    """Runs a command, which has to end soon with this code and one sentence; gives what it said."""

    def called(code: int, *words: object) -> str:
        with no_waiting():
            said = pipeline(*words)
        assert said.code == code, (words, said)
        assert len(said.err.splitlines()) == (1 if code == 2 else 0), said.err
        assert "程序出错" not in said.err
        return said.out + said.err

    return called


def state_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every entry below a folder: what it is, and when and to what size it was written."""
    entries = {path: os.lstat(path) for path in folder.rglob("*")}
    return {str(path): (seen.st_ino, seen.st_mode, seen.st_size) for path, seen in entries.items()}


# ---------------------------------------------------------------- what is listed is no file


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", LISTED)
def test_what_takes_the_place_of_a_listed_file(
    ends: Callable[..., str], root: Path, output: Path, results: Path, kind: str, name: str
):
    put(kind, output / name)
    before = state_of(output)
    code_of_readers = 2 if name == "数据/totals.csv" else 0
    if kind != "folder":  # which holds nothing and is no file: the listed one is missing
        assert name in ends(1, "verify", output)
    ends(code_of_readers, "compare", output, results)
    ends(code_of_readers, "explain", COMPANY, "--output", output)
    if code_of_readers:
        assert name in ends(2, "report", root, "--output", output.parent / "new", "--previous", output)
    if kind != "folder":
        assert name in ends(2, "report", root, "--output", output)
    assert state_of(output) == before and not (output.parent / "new").exists()


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", [MANIFEST, "数据"])
def test_what_takes_the_place_of_the_manifest(
    ends: Callable[..., str], root: Path, output: Path, results: Path, kind: str, name: str
):
    put(kind, output / name)
    before = state_of(output.parent)
    ends(2, "verify", output)
    ends(2, "compare", results, output)
    ends(2, "explain", COMPANY, "--output", output)
    ends(2, "report", root, "--output", output.parent / "new", "--previous", output)
    ends(2, "report", root, "--output", output)
    assert {path: entry for path, entry in state_of(output.parent).items() if not path.endswith(".lock")} == before


def test_a_data_folder_elsewhere_is_not_looked_into(ends: Callable[..., str], output: Path, results: Path):
    (output / "数据").rename(output.parent / "数据")
    (output / "数据").symlink_to(output.parent / "数据")
    ends(2, "verify", output)
    ends(2, "compare", results, output)


@pytest.mark.parametrize(
    "name", ["/dev/zero", "../../secret.txt", "数据/../../secret.txt", "报告.html/..", "", "a\x00b"]
)
def test_a_manifest_that_names_files_elsewhere_opens_none(
    ends: Callable[..., str], root: Path, output: Path, name: str
):
    secret = output.parent.parent / "secret.txt"
    secret.write_text("x")
    manifest = json.loads((output / MANIFEST).read_bytes())
    manifest["outputs"][name] = hashlib.sha256(b"x").hexdigest()
    (output / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert "缺少的文件 1 个" in ends(1, "verify", output)
    assert secret.read_text() == "x"


@pytest.mark.parametrize(
    "manifest",
    [
        "[" * 100_000,
        "{}",
        "null",
        "\ud800".encode("utf-8", "surrogatepass"),
        "9" * 10_000,
        '{"outputs": {}, "rulebook": {}, "standing": {"final": 1}}',
        '{"outputs": [], "rulebook": {}, "standing": {"final": true}}',
        '{"outputs": {"a": 1}, "rulebook": {}, "standing": {"final": true}}',
        '{"outputs": {}, "rulebook": {"id": []}, "standing": {"final": true}}',
        '{"outputs": {}, "rulebook": {}, "standing": {"final": true, "reasons": [[]]}}',
        '{"outputs": {}, "rulebook": {}, "standing": {"final": true}, "decisions": [1]}',
        '{"outputs": {}, "rulebook": {}, "standing": {"final": true}, "decisions": [{}]}',
        '{"outputs": {}, "rulebook": {}, "standing": {"final": true}, "rulings": [{"id": [], "adopted": ""}]}',
        '{"outputs": {}, "rulebook": {}, "standing": {"final": true}, "program": {"libraries": 1}}',
        '{"outputs": {}, "rulebook": {}, "standing": {"final": true}, "inputs": [], "date": 1}',
    ],
)
def test_a_manifest_of_another_shape_is_none(
    ends: Callable[..., str], output: Path, results: Path, manifest: str | bytes
):
    (output / MANIFEST).write_bytes(manifest if isinstance(manifest, bytes) else manifest.encode())
    ends(2, "verify", output)
    ends(2, "compare", output, results)
    ends(2, "explain", COMPANY, "--output", output)


@pytest.mark.parametrize("content", [b"", b"a,b\r\n1,2\r\n", b"\xff\xfe\x00", b'company\r\n"', b"\x00" * 100])
@pytest.mark.parametrize("name", ["数据/totals.csv", "数据/scores.csv", "数据/issues.csv"])
def test_a_table_of_another_shape_that_the_manifest_vouches_for(
    ends: Callable[..., str], output: Path, results: Path, name: str, content: bytes
):
    (output / name).write_bytes(content)
    manifest = json.loads((output / MANIFEST).read_bytes())
    manifest["outputs"][name] = hashlib.sha256(content).hexdigest()
    (output / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert name in ends(2, "compare", output, results)
    ends(2, "explain", COMPANY, "--output", output)


# ---------------------------------------------------------------- what was changed, or put there


def test_an_edited_result_is_named_and_never_lost(ends: Callable[..., str], root: Path, output: Path):
    edited = output / "附件2_推荐排序表.xlsx"
    content = edited.read_bytes() + b"typed in"
    edited.write_bytes(content)
    for _ in range(2):
        said = ends(2, "report", root, "--output", output)
        assert edited.name in said and "移到别处" in said and "人工决定.xlsx" in said
    assert edited.read_bytes() == content
    edited.rename(output.parent / edited.name)
    ends(0, "report", root, "--output", output, "--jobs", "1", "--quiet")
    assert edited.exists() and (output.parent / edited.name).read_bytes() == content


def test_a_result_that_is_edited_while_the_next_is_made(
    root: Path, output: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    edited, write_all = output / "公示名单.xlsx", run.output.write_all

    def meanwhile(*arguments: object) -> None:
        write_all(*arguments)
        edited.write_bytes(b"mine")

    monkeypatch.setattr(run.output, "write_all", meanwhile)
    with pytest.raises(run.PublishRefused, match=re.escape("公示名单.xlsx")):
        run.report(root, output, rulebook, run.Options(1))
    assert edited.read_bytes() == b"mine"
    assert {path.name for path in output.parent.iterdir()} == {"out", ".out.lock"}


@pytest.mark.parametrize("name", ["我的.xlsx", "返还/新.docx", "数据/a.csv", "~$大.xlsx", "Thumbs.db/a", ".gitkeep/a"])
def test_a_file_of_somebody_is_never_lost(ends: Callable[..., str], root: Path, output: Path, name: str):
    laid_out(output, {name: b"x" * 5_000})
    assert name in ends(2, "report", root, "--output", output)
    assert (output / name).read_bytes() == b"x" * 5_000


@pytest.mark.parametrize("kind", ["pipe", "endless", "link", "holes"])
def test_what_looks_like_litter_and_is_not(ends: Callable[..., str], root: Path, output: Path, kind: str):
    put(kind, output / ".gitkeep")
    assert ".gitkeep" in ends(2, "report", root, "--output", output)
    assert os.path.lexists(output / ".gitkeep")
