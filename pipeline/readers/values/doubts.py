"""Why the content of a cell is not taken, for messages: what a person sees there is no answer that counts."""

from __future__ import annotations

from typing import NamedTuple


class Doubt(NamedTuple):
    """why: what is wrong with the cell, and cure: how to put it right; both in Chinese."""

    why: str
    cure: str

    @property
    def facts(self) -> dict[str, str]:
        """The two as facts of an issue."""
        return {"why": self.why, "cure": self.cure}


# The kinds that `Grid.doubt_at` gives.
DOUBTS = {
    "struck": Doubt("被划去了（删除线）", "不要的请删去；仍然有效的，请取消删除线（设置单元格格式→字体→删除线）"),
}
