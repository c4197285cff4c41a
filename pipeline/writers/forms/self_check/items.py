"""The formulas of 自检 and 自评分 for the items of the blank 附件1."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model.form_checks import (
    BLANK,
    BOTH_BLANK,
    COUNT_DIFFERS,
    M_BLANK,
    M_IS_ZERO,
    MARK_UNKNOWN,
    N_BLANK,
    N_NOT_AS_TICKED,
    N_OVER_CATEGORIES,
    N_OVER_M,
    N_OVER_SUM,
    N_WITHOUT_TICKS,
    NO_TICKS_AND_NO_N,
    ONLY_N_BLANK,
    PAIR_CHECKS,
    REMARK,
    SOURCE_WRONG,
    SUM_CHECKS,
    SUM_IS_ZERO,
)
from pipeline.model.rulebook import Indicator
from pipeline.writers.forms.self_check.sheet import FINE, TO_LOOK_AT, TO_MEND, Checked
from pipeline.writers.forms.self_check.steps import cleaned, first_of, text

Verdict = tuple[str, str]  # a formula, and its result for a blank form


class Item(NamedTuple):
    """An item with its checked values; m is None where M is not typed."""

    indicator: Indicator
    n: Checked
    m: Checked | None


class Listed(NamedTuple):
    """Formulas that count the rows of 系统清单. all: 0 while a row is incomplete; of_kind: those of one item; on_cloud: those
    of the item that are on the cloud."""

    all: str
    of_kind: str
    on_cloud: str


def item_score(item: Indicator, verdict: str, n: str, m: str) -> str:
    """The formula of 自评分 in points; "" while the verdict is 要改."""
    points = f"{item.points:g}"
    return f'IF(LEFT({verdict},{len(TO_MEND)})={text(TO_MEND)},"",IF({m}=0,0,MIN({points},{points}*({n})/{m})))'


def item_verdict(item: Item, codes: str, listed: Listed | None) -> Verdict:
    """The verdict on a typed N and M: errors of N or M first, then of the pair, then remarks. codes: the list of sentences."""
    n, m = item.n, item.m
    assert m is not None
    blank = f"{TO_LOOK_AT}N、M 都没有填，将按“无”计 0；有的请补填，没有的填 0"
    sentences = {
        BOTH_BLANK: text(blank),
        M_BLANK: text(f"{TO_MEND}只填了 N，请补填 M；没有请填 0"),
        N_BLANK: text(f"{TO_MEND}只填了 M，请补填 N；没有请填 0"),
        M_IS_ZERO: text(f"{TO_MEND}N 有数，M 却是 0 或“无”；M 是总数，应不小于 N"),
        N_OVER_M: text(f"{TO_MEND}N 大于 M；N 是其中上云的部分，请核对是否填反"),
    }
    cells = {"n": n.value, "m": m.value, "n_state": n.verdict, "m_state": m.verdict}
    cases = [
        (_is_wrong(n), _wrong("N", n, codes)),
        (_is_wrong(m), _wrong("M", m, codes)),
        *((check.condition(**cells), sentences[check]) for check in PAIR_CHECKS),
        (
            f'OR({n.verdict}="{REMARK}",{m.verdict}="{REMARK}")',
            f'{text(TO_LOOK_AT + "将按 N=")}&{n.value}&"、M="&{m.value}&" 读取，最好只填数字"',
        ),
    ]
    return first_of(cases, _agreement(n, m, listed)), blank


def _agreement(n: Checked, m: Checked, listed: Listed | None) -> str:
    """The formula for a pair without a fault: 正常, or how 系统清单 differs."""
    if not listed:
        return text(FINE)
    of_kind = COUNT_DIFFERS.condition(count=listed.of_kind, typed=m.value)
    on_cloud = COUNT_DIFFERS.condition(count=listed.on_cloud, typed=n.value)
    sentence = f'{text(TO_LOOK_AT + "系统清单里这一类列了 ")}&{listed.of_kind}&" 个，其中上云 "&{listed.on_cloud}&" 个，与这里不同"'
    return f"IF(AND({listed.all}>0,OR({of_kind},{on_cloud})),{sentence},{text(FINE)})"


def summed_verdict(item: Item, total: str, sources: list[str], labels: str, codes: str) -> Verdict:
    """The verdict on 系统协同, whose M is the sum of other items' N. sources: the cells with the verdicts on those items."""
    n = item.n
    blank = f"{TO_LOOK_AT}N 没有填，按 0 计；没有的请填 0"
    wrong = "+".join(f"(LEFT({cell},{len(TO_MEND)})={text(TO_MEND)})" for cell in sources)
    sentences = {
        SOURCE_WRONG: text(f"{TO_MEND}M 是{labels}的 N 之和，请先改好这几项"),
        ONLY_N_BLANK: text(blank),
        SUM_IS_ZERO: text(f"{TO_MEND}N 有数，但{labels}的 N 之和是 0"),
        N_OVER_SUM: f'{text(TO_LOOK_AT + "N 大于上面几项 N 之和 ")}&{total}&"，自评分按满分计，请核对"',
    }
    cells = {"n": n.value, "n_state": n.verdict, "wrong": wrong, "total": total}
    cases = [
        (_is_wrong(n), _wrong("N", n, codes)),
        *((check.condition(**cells), sentences[check]) for check in SUM_CHECKS),
        (f'{n.verdict}="{REMARK}"', f'{text(TO_LOOK_AT + "将按 N=")}&{n.value}&" 读取，最好只填数字"'),
    ]
    return first_of(cases, text(FINE)), blank


def ticked_verdict(item: Item, ticked: str, unknown: str, codes: str) -> Verdict:
    """The verdict on 数据协同, where a typed N is used only without ticks. ticked, unknown: cells that count the ticked
    categories and the unknown marks."""
    n, most = item.n, item.indicator.m_fixed
    blank = f"{TO_LOOK_AT}没有勾选、也没有填 N，按 0 计"
    differs = f'{text(TO_LOOK_AT + "勾选了 ")}&{ticked}&" 类，N 填的不同，将按勾选的计"'
    approximate = f'{text(TO_LOOK_AT + "将按 N=")}&{n.value}&" 读取，最好只填数字"'
    cells = {"n": n.value, "n_state": n.verdict, "ticked": ticked, "unknown": unknown, "most": most}
    cases = [
        (MARK_UNKNOWN.condition(**cells), text(f"{TO_MEND}有的勾选记号看不懂；有就打“√”，没有请留空")),
        (_is_wrong(n), _wrong("N", n, codes)),
        (f'AND({ticked}>0,{n.verdict}="{BLANK}")', text(FINE)),
        (N_NOT_AS_TICKED.condition(**cells), differs),
        (N_OVER_CATEGORIES.condition(**cells), text(f"{TO_MEND}一共只有 {most} 类，N 不应大于 {most}")),
        (
            N_WITHOUT_TICKS.condition(**cells),
            f'{text(TO_LOOK_AT + "没有勾选类别，将按 N=")}&{n.value}&" 计，请打“√”"',
        ),
        (NO_TICKS_AND_NO_N.condition(**cells), text(blank)),
        (f'{n.verdict}="{REMARK}"', approximate),
    ]
    return first_of(cases, text(FINE)), blank


def _is_wrong(value: Checked) -> str:
    return f'LEFT({value.verdict},1)="V"'


def _wrong(part: str, value: Checked, codes: str) -> str:
    return f"{text(f'{TO_MEND}{part} ')}&VLOOKUP({value.verdict},{codes},2,FALSE)"


def code_text(cell: str) -> str:
    """The formula of a credit code without spaces, in capitals."""
    return f'UPPER(SUBSTITUTE({cleaned(cell)}," ",""))'
