"""Renaming that waits for those who have a file open for a moment."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

_PAUSES = (0.1, 0.3, 0.6)  # seconds


def rename(source: Path, target: Path) -> None:
    """Renames a file or a folder. Tries again when refused: Windows refuses while a virus scanner reads a new file.
    Raises OSError."""
    for pause in _PAUSES:
        with suppress(PermissionError):
            source.rename(target)
            return
        time.sleep(pause)
    source.rename(target)
