"""A command run inside the test's own process."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from pipeline import cli


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def pipeline(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs a command in this process."""

    def called(*words: object) -> Said:
        with pytest.raises(SystemExit) as ended:
            cli.main(args=[str(word) for word in words], prog_name="python -m pipeline")
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(ended.value.code or 0, said.out, said.err)

    return called
