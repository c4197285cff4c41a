"""The way back: the output that was replaced last takes the place of OUTPUT again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipeline.writers.publishing.failures import PublishRefused, explained, locked
from pipeline.writers.publishing.history import HISTORY, History, Kept
from pipeline.writers.publishing.journal import journal_of
from pipeline.writers.publishing.manifest import read_manifest
from pipeline.writers.publishing.publish import exchange, look, settle
from pipeline.writers.publishing.targets import check_folder


def undo(output: Path, history: History) -> Kept:
    """Puts the output that was replaced last back in the place of OUTPUT, which is kept in 历史 instead; gives what was put
    back, with the folder it lay in.

    Raises PublishRefused when there is none, when somebody changed a file in either, or when a 试算 would replace a 正式;
    PublishBusy and PublishFailed."""
    output = check_folder(output)
    history.check()
    if not history.folder.is_dir():
        raise _nothing_kept(output)
    with explained(output), locked(output):
        settle(output)
        entry = history.newest()
        if entry is None:
            raise _nothing_kept(output)
        look(entry.folder)
        look(output)
        _refuse_trial_over_final(output, entry.folder)
        with journal_of(output) as journal:
            journal.add(entry.sha256)
            exchange(entry.folder, output, journal, history, undone=True)
            with suppress(OSError):  # a note of what is no longer there does no harm
                history.forget(entry.folder)
    return entry


def _nothing_kept(output: Path) -> PublishRefused:
    return PublishRefused(f"“{HISTORY}”里没有“{output}”以前的结果，没有可以换回的，什么都没有改动。")


def _refuse_trial_over_final(output: Path, before: Path) -> None:
    now, then = ((read_manifest(folder) or {}).get("standing", {}) for folder in (output, before))
    if now.get("final") and not then.get("final"):
        raise PublishRefused(
            f"输出文件夹“{output}”中是正式结果，“{before}”只是试算，没有换回。确要换回，请先把正式结果移到别处存档。"
        )
