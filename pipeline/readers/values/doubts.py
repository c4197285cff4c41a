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


_OPEN_AND_SAVE = "请用 Excel 或 WPS 打开文件，等公式算完后保存一次再报送，或不用公式、直接填写内容"

# The kinds that `Grid.doubt_at` gives, then the others that `Grid.answer_at` gives.
DOUBTS = {
    "struck": Doubt("被划去了（删除线）", "不要的请删去；仍然有效的，请取消删除线（设置单元格格式→字体→删除线）"),
    "unproven": Doubt("是公式，存下的结果没有重新算过、不能作数", _OPEN_AND_SAVE),
    "no_text": Doubt("是公式，存下的结果是空的，看不出是不是算出来就是空白", _OPEN_AND_SAVE),
    "unseen_zero": Doubt("存的是 0，表上却不显示", "确实是 0 的，请让 0 显示出来；没有填的，请删去这个 0"),
}
