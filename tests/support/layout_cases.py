"""Where an answer may stand in 附件1, one row a layout: what was done to the form and what must be read from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

import pandas as pd

from pipeline.model.display import number_text
from pipeline.readers.settling.gather import Gathered
from tests.support.arrivals import gathered
from tests.support.old_formats import ods, ods_row, xlsb
from tests.support.reading_cases import (
    COMPANY,
    FORM,
    RULEBOOK,
    Case,
    Files,
    answers_of,
    form_of,
    read_pair,
    visible,
)
from tests.support.workbooks import (
    Cell,
    Raw,
    assessment_form,
    form_rows,
    full_answers,
    workbook,
)

Rows = list[list[Cell]]
Bend = Callable[[Rows, dict[str, int]], Rows]
PROBE = "office"  # the item that is looked at, with N = 1 and M = 3; every other is 2 of 4
AS_SENT = "N=1，M=3；其余各项照读"


@cache
def _usual() -> dict[str, tuple[float, float]]:
    return _all_values(gathered(form_of(_rows()[0]), RULEBOOK))


def _rows(**answers: object) -> tuple[Rows, dict[str, int]]:
    return form_rows(RULEBOOK, full_answers(RULEBOOK, **{PROBE: (1, 3), **answers}))


def _all_values(tables: Gathered) -> dict[str, tuple[float, float]]:
    rows = tables.answers[tables.answers["key"] == COMPANY].to_dict("records")
    return {row["indicator"]: (row["n"], row["m"]) for row in rows if row["valid"]}


def _number(number: float) -> str:
    return "读不出" if pd.isna(number) else number_text(number)


def read_cells(item: str, cells: bool, tables: Gathered) -> str:
    """N and M of an item, their cells, and whether all the others are what they always are."""
    answer = answers_of(tables, item)
    said = []
    for part in "nm":
        where = f"（{answer[f'{part}_where'].cell}）" if cells else ""
        said.append(f"{part.upper()}={_number(answer[part])}{where}")
    known = _all_values(tables)
    labels = RULEBOOK.indicator_of
    odd = [labels[name].label for name, pair in _usual().items() if name != item and known.get(name) != pair]
    others = f"；{'、'.join(odd)}不计分或不同" if odd else "；其余各项照读"
    return "，".join(said) + ("" if answer["valid"] else "，本项不计分") + others


def bent(
    typed: str,
    bend: Bend,
    read: str = AS_SENT,
    codes: str = "",
    note: str = "",
    *,
    item: str = PROBE,
    cell: str = "",
    cells: bool = False,
    layout: Callable[[dict[str, int]], dict] | None = None,
    recorded: bool = False,
    **answers: object,
) -> Case:
    """The plain form with something changed. layout: merges, formats and the like, from the items' first rows."""

    def files() -> Files:
        rows, tops = _rows(**answers)
        return form_of(bend(rows, tops), **(layout(tops) if layout else {}))

    return Case(typed, files, partial(read_cells, item, cells), read, codes, note, cell, recorded)


# ---------------------------------------------------------------- what is done to the rows


def official() -> Files:
    return {FORM: assessment_form(full_answers(RULEBOOK, office=(1, 3)), company=COMPANY, county="上城区")}


def as_sent(rows: Rows, tops: dict[str, int]) -> Rows:
    return rows


def lower(rows: Rows, tops: dict[str, int]) -> Rows:
    return [[] for _ in range(7)] + rows


def further_right(rows: Rows, tops: dict[str, int]) -> Rows:
    return [[None] * 3 + row for row in rows]


def row_between(rows: Rows, tops: dict[str, int]) -> Rows:
    rows.insert(tops[PROBE], [])
    return rows


def column_between(rows: Rows, tops: dict[str, int]) -> Rows:
    return [[*row[:4], None, *row[4:]] for row in rows]


def block_moved(rows: Rows, tops: dict[str, int]) -> Rows:
    start, end = tops[PROBE] - 1, tops["device_access"] - 1
    block = rows[start:end]
    del rows[start:end]
    return [*rows[:3], *block, *rows[3:]]


def side_by_side(rows: Rows, tops: dict[str, int]) -> Rows:
    cut = tops[PROBE] - 1
    left, right = rows[:cut], [rows[0], *rows[cut:]]
    height = max(len(left), len(right))
    padded = [*left, *([None] * 9 for _ in range(height - len(left)))]
    return [[*line, *(right[number] if number < len(right) else [])] for number, line in enumerate(padded)]


def headless(rows: Rows, tops: dict[str, int]) -> Rows:
    return rows[1:]


def titled(title: str) -> Bend:
    return lambda rows, tops: [[title], *rows]


def renamed(rows: Rows, tops: dict[str, int]) -> Rows:
    top = rows[tops[PROBE] - 1]
    top[1], top[3], top[4] = "行 政\u200b办公\n【权重 5 分】", "Ｎ ：数量", "　M:\u00a0总数"
    return rows


def beside(rows: Rows, tops: dict[str, int]) -> Rows:
    top = tops[PROBE]
    rows[top - 1][3:7] = ["N：云上系统数量", 1, "M：系统总数", 3]
    rows[top][3:7] = [None] * 4
    return rows


def over_each_other(rows: Rows, tops: dict[str, int]) -> Rows:
    top = tops[PROBE]
    rows[top - 1][3:7] = ["N：云上系统数量", 1, None, None]
    rows[top][3:7] = ["M：系统总数", 3, None, None]
    return rows


def below_and_beside(rows: Rows, tops: dict[str, int]) -> Rows:
    top = tops[PROBE]
    rows[top - 1][3:6] = ["N：云上系统数量", 8, "M：系统总数"]
    rows[top][3:6] = [1, None, 3]
    return rows


def caption(text: str) -> Bend:
    """The caption of M says this, and the cell under it is blank."""

    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        rows[tops[PROBE] - 1][4], rows[tops[PROBE]][4] = text, None
        return rows

    return bend


def wide_captions(rows: Rows, tops: dict[str, int]) -> Rows:
    top = tops[PROBE]
    rows[top - 1][3:8] = ["N：数量", None, "M：总数", None, None]
    rows[top][3:8] = [None, 1, None, None, 3]
    return rows


def spending_in(*columns: int) -> Bend:
    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        row = rows[tops["cloud_spend"] - 1]
        row[0], row[1] = ("上云投入（5）" if column in columns else None for column in (0, 1))
        return rows

    return bend


def dimension_again(rows: Rows, tops: dict[str, int]) -> Rows:
    rows[tops[PROBE]][0] = "云上管理\n（15）"
    return rows


def ended_by(word: str, column: int = 0) -> Bend:
    """上云投入 left blank, this word under it, and words under that which must not be taken for its answer."""

    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        top = tops["cloud_spend"]
        rows[top] = [*[None] * column, word]
        rows.insert(top + 1, [None, None, None, "张三", "李四"])
        return rows

    return bend


def explained(rows: Rows, tops: dict[str, int]) -> Rows:
    rows[tops[PROBE] - 1][8] = "M：系统总数：9"
    return rows


def without(item: str, following: str) -> Bend:
    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        del rows[tops[item] - 1 : tops[following] - 1]
        return rows

    return bend


def without_m(rows: Rows, tops: dict[str, int]) -> Rows:
    rows[tops[PROBE] - 1][4] = None
    return rows


def twice(filled: bool) -> Bend:
    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        copy = [list(row) for row in rows[tops[PROBE] - 1 : tops["device_access"] - 1]]
        if not filled:
            copy[1][3:5] = [None, None]
        cut = tops["device_management"] - 1
        return [*rows[:cut], *copy, *rows[cut:]]

    return bend


def stray(item: str, column: int, typed: Cell, below: int = 1) -> Bend:
    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        rows[tops[item] - 1 + below][column - 1] = typed
        return rows

    return bend


def own_column(rows: Rows, tops: dict[str, int]) -> Rows:
    for row in rows:
        row.append(4.5)
    rows[0][9] = "自评得分"
    return rows


def subtotal(column: int, *answer: Cell) -> Bend:
    """A row of totals under the answers of M and N, which say `answer`."""

    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        top = tops[PROBE]
        rows[top][3:5] = answer
        rows.insert(top + 1, [*[None] * column, "云上管理合计", *[None] * (2 - column), 102, 204])
        return rows

    return bend


def typed_as(item: str, n: Cell, m: Cell) -> Bend:
    """The cells under the captions of an item say this."""

    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        rows[tops[item]][3:5] = [n, m]
        return rows

    return bend


def second_caption(text: str) -> Bend:
    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        rows[tops[PROBE]][5] = text
        return rows

    return bend


def described(rows: Rows, tops: dict[str, int]) -> Rows:
    rows[tops[PROBE] - 1][2] = "办公系统3个，云上1个"
    rows[tops[PROBE]][3:5] = [None, None]
    return rows


def with_units(item: str, n: Cell, m: Cell, caption_unit: str = "") -> Bend:
    """A column of units right of every N and M, those of `item` as given."""

    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        rows = [[*row[:4], None, row[4], *row[5:]] if len(row) > 4 else row for row in rows]
        for entry in RULEBOOK.ratio_indicators:
            row = rows[tops[entry.id]]
            row[4] = entry.unit
            if entry.m == "typed":
                row[6] = entry.unit
        row = rows[tops[item]]
        row[4], row[6] = n, m
        if caption_unit:
            rows[tops[item] - 1][3] = f"N：总量（单位：{caption_unit}）"
        return rows

    return bend


def signed(rows: Rows, tops: dict[str, int]) -> Rows:
    return [*rows, [], ["填表人：李四", None, "联系电话", 13911112222, "2024年5月20日"]]


def captioned(n: str, m: str) -> Bend:
    def bend(rows: Rows, tops: dict[str, int]) -> Rows:
        rows[tops["cloud_storage"] - 1][3:5] = [n, m]
        return rows

    return bend


def _at(item: str, column: str) -> str:
    """The cell under a caption, as `form_of` places it."""
    return f"{column}{_rows()[1][item] + 2}"


SPEND = "cloud_spend"
NO_SPEND = {SPEND: (None, None)}
BLANK_SPEND = "N=0，M=0；其余各项照读"
PLACES = [
    Case("照下发的附件1原样填写", official, partial(read_cells, PROBE, False), AS_SENT),
    bent(
        "没有合并单元格的附件1",
        as_sent,
        f"N=1（{_at(PROBE, 'D')}），M=3（{_at(PROBE, 'E')}）；其余各项照读",
        cells=True,
    ),
    bent("表的上方插入 7 行", lower),
    bent("表的左边插入 3 列", further_right),
    bent("说明格与答案之间插入一行", row_between),
    bent("N 与 M 之间插入一列", column_between),
    bent("把行政办公整块移到最前面", block_moved),
    bent("后半张表放到右边，左右并排", side_by_side),
    bent("没有表头一行", headless),
    bent("改了标题", titled("某县云上企业情况摸底表")),
    bent("标题写的是 2023 年", titled("2023年制造业“云上企业”用云水平评估表"), codes="T09"),
    bent("名称和说明格里有空格、换行、全角字符，权重写法不同", renamed),
    bent("答案填在说明格的右边", beside),
    bent("N 在上、M 在下，答案都在右边", over_each_other),
    bent(
        "下面和右边都有数",
        below_and_beside,
        "N=1，M=3，本项不计分；其余各项照读",
        "T03",
        "取下面的，右边的数是一个问题",
    ),
    bent("`M：系统总数（单位：个）：3`，下面空着", caption("M：系统总数（单位：个）：3"), codes="T11"),
    bent("`M：系统总数（单位：个）3个`，下面空着", caption("M：系统总数（单位：个）3个"), codes="T11"),
    bent("`M：3`，下面空着", caption("M：3"), codes="T11"),
    bent("`M：系统总数3`，下面空着", caption("M：系统总数3"), "N=1，M=读不出，本项不计分；其余各项照读", "T12"),
    *(
        bent(f"`{text}`，下面空着", caption(text), "N=1，M=读不出，本项不计分；其余各项照读", "T12")
        for text in (
            "M：系统总数（单位：个）共3个",
            "M：系统总数3个（单位：个）",
            "M：3（系统总数，单位：个）",
            "M：系统总数（单位：3个）",
            "M：系统总数_3_个",
            "M：系统总数（3个）",
            "M：系统总数 3 （单位：个）",
            "M：三个",
        )
    ),
    bent(
        "`M：2023年系统总数（单位：个）`，下面空着",
        caption("M：2023年系统总数（单位：个）"),
        "N=1，M=读不出，本项不计分；其余各项照读",
        "V02",
        "年份不是数",
    ),
    bent(
        "说明格下面填的是“N：1个”“M：3个”",
        typed_as(PROBE, "N：1个", "M：3个"),
        "N=读不出，M=读不出，本项不计分；其余各项照读",
        "T12 T12",
        cell=_at(PROBE, "D"),
    ),
    bent(
        "说明格下面填的是“N：1，M：3”，M 空着",
        typed_as(PROBE, "N：1，M：3", None),
        "N=读不出，M=读不出，本项不计分；其余各项照读",
        "T12 V02",
    ),
    bent(
        "说明格下面填的是“研发”，M 填 3",
        typed_as(PROBE, "研发", 3),
        "N=读不出，M=3，本项不计分；其余各项照读",
        "T12",
        cell=_at(PROBE, "D"),
    ),
    bent(
        "其他的 N 填的是“其他”，M 填 4",
        typed_as("other_business", "其他", 4),
        "N=读不出，M=4，本项不计分；系统协同不计分或不同",
        "T12 V28",
        item="other_business",
        cell=_at("other_business", "D"),
    ),
    bent(
        "块里另有一格“M：5个”",
        second_caption("M：5个"),
        "N=1，M=3，本项不计分；其余各项照读",
        "T03",
        cell=_at(PROBE, "F"),
    ),
    bent(
        "N、M 空着，具体说明改成了“办公系统3个，云上1个”",
        described,
        "N=0，M=0，本项不计分；其余各项照读",
        "T03",
        recorded=True,
    ),
    *(
        bent(
            f"N、M 空着，下面有一行“云上管理合计”（在第 {column + 1} 列）",
            subtotal(column, None, None),
            "N=读不出，M=读不出，本项不计分；其余各项照读",
            "T12 T12",
            "合计的数不当作答案",
        )
        for column in range(3)
    ),
    bent("N、M 都填了，下面另有一行“云上管理合计”", subtotal(1, 1, 3), "N=1，M=3，本项不计分；其余各项照读", "T03 T03"),
    bent(
        "N、M 右边各有一格单位", with_units("cloud_storage", "TB", "TB"), "N=2，M=4；其余各项照读", item="cloud_storage"
    ),
    bent(
        "右边的单位改成了“GB”",
        with_units("cloud_storage", "GB", "（GB）"),
        "N=0.001953125，M=0.00390625；其余各项照读",
        "V05 V05",
        item="cloud_storage",
    ),
    bent(
        "右边的单位改成了“元”",
        with_units("cloud_security", "元", "单位：元"),
        "N=0.0002，M=0.0004；其余各项照读",
        "V05 V05",
        item="cloud_security",
    ),
    bent(
        "右边的单位改成了“本”",
        with_units("cloud_storage", "本", "TB"),
        "N=读不出，M=4，本项不计分；其余各项照读",
        "T20",
        item="cloud_storage",
    ),
    bent(
        "右边的单位改成了“万元”",
        with_units("cloud_storage", "万元", "TB"),
        "N=读不出，M=4，本项不计分；其余各项照读",
        "T20",
        item="cloud_storage",
    ),
    bent(
        "说明格写“单位：GB”，右边的单位是“TB”",
        with_units("cloud_storage", "TB", "TB", "GB"),
        "N=读不出，M=4，本项不计分；其余各项照读",
        "T20",
        item="cloud_storage",
    ),
    bent(
        "单位一格是空的",
        with_units("cloud_storage", None, "4"),
        "N=2，M=4，本项不计分；其余各项照读",
        "T03",
        "单位格里的 4 是一个没有归属的数",
        item="cloud_storage",
    ),
    bent(
        "`M：系统总数（单位：个）`，下面空着",
        caption("M：系统总数（单位：个）"),
        "N=1，M=读不出，本项不计分；其余各项照读",
        "V02",
        "空着的答案，地址是说明格下面的那一格",
        cell=_at(PROBE, "E"),
    ),
    bent(
        "说明格横向合并，答案填在合并范围内的另一格",
        wide_captions,
        layout=lambda tops: {"merges": [area.format(tops[PROBE] + 1) for area in ("D{0}:E{0}", "F{0}:H{0}")]},
    ),
    bent("“上云投入”写在评价维度列", spending_in(0)),
    bent("“上云投入”写在指标列", spending_in(1)),
    bent("“上云投入”两列都写", spending_in(0, 1)),
    bent("维度名称“云上管理”写在别的行", dimension_again, note="维度名称不是指标"),
    *(
        bent(
            f"上云投入空着，下面是“{word}”",
            ended_by(word),
            BLANK_SPEND,
            "V03",
            "到这里为止，再往下的字不当作答案",
            item=SPEND,
            cell=_at(SPEND, "D"),
            **NO_SPEND,
        )
        for word in (
            "标杆示范（25）",
            "创新应用（13）",
            "典型示范",
            "信创应用示范",
            "绩效提升典型案例（4）",
            "填表说明：",
        )
    ),
    bent(
        "上云投入空着，下面的指标列是“云原生应用情况”",
        ended_by("云原生应用情况（4）", 1),
        BLANK_SPEND,
        "V03",
        item=SPEND,
        **NO_SPEND,
    ),
    bent("评分解释列里以“M：”开头的字", explained, note="这一列的字不是说明格"),
    bent("删掉了云服务器一块", without("cloud_server", "cloud_security"), "N=1，M=3；云服务器不计分或不同", "T01"),
    bent("删掉了营销一块", without("marketing", "other_business"), "N=1，M=3；营销、系统协同不计分或不同", "T01 V28"),
    bent(
        "删掉了行政办公的 M 说明格",
        without_m,
        "N=1，M=读不出，本项不计分；其余各项照读",
        "T03 T04",
        "M 下面的数没有了归属，也一并指出",
    ),
    bent("行政办公有两块，都填了数", twice(True), "N=1，M=3，本项不计分；其余各项照读", "T02"),
    bent("行政办公有两块，一块空着", twice(False)),
    bent(
        "行政办公块里另有一个没有归属的数 9",
        stray(PROBE, 6, 9),
        "N=1，M=3，本项不计分；其余各项照读",
        "T03",
        cell=_at(PROBE, "F"),
    ),
    bent("行政办公块里另有“9个”", stray(PROBE, 6, "9个"), "N=1，M=3，本项不计分；其余各项照读", "T03"),
    bent("标杆示范部分填了数", stray("cloud_native", 4, 4, 0), AS_SENT, "T03", "由专家评分，企业不用填；不影响其他项"),
    bent("自己加了一列“自评得分”", own_column),
    bent("表下有填表人、电话、日期", signed),
    bent(
        "云存储的说明格写“单位：GB”，填 2 和 4",
        captioned("N：总量（单位：GB）", "M：总量（单位：GB）"),
        "N=0.001953125，M=0.00390625；其余各项照读",
        "V05 V05",
        item="cloud_storage",
    ),
    bent(
        "云存储的说明格写“单位：本”",
        captioned("N：总量（单位：本）", "M：总量（单位：TB）"),
        "N=读不出，M=4，本项不计分；其余各项照读",
        "T20",
        item="cloud_storage",
    ),
    bent(
        "隐藏了填行政办公的一行",
        as_sent,
        codes="F09",
        layout=lambda tops: {"hidden_rows": {"附件1": [tops[PROBE] + 2]}},
    ),
    bent(
        "系统协同的评分解释以“M：”开头",
        as_sent,
        "N=2，M=10；其余各项照读",
        item="system_synergy",
        note="M 从不填写，是五项云上业务 N 之和",
    ),
]


def blank_in_ods(attributes: str = "", content: str = "") -> Files:
    """M of office in an .ods is a cell with these attributes and this content."""
    rows, _ = _rows(office=(1, Raw(attributes, content)))
    lines = [["企业名称：", COMPANY, *[None] * 7], *rows]
    table = "".join(ods_row(*(Raw("", "") if cell is None else cell for cell in line)) for line in lines)
    return {FORM.replace("xlsx", "ods"): ods(table)}


SHEETS = [
    Case(
        "一个工作簿里两张附件1",
        lambda: {
            FORM: workbook(
                {
                    "甲": [["企业名称：", COMPANY], *_rows()[0]],
                    "乙": [["企业名称：", "杭州丙公司"], *_rows(office=(2, 2))[0]],
                }
            )
        },
        partial(read_cells, PROBE, False),
        AS_SENT,
    ),
    Case(
        "一张工作表里上下两家企业",
        lambda: {
            FORM: workbook(
                {
                    "表": [
                        ["企业名称：", COMPANY],
                        *_rows()[0],
                        [],
                        ["企业名称：", "杭州丙公司"],
                        *_rows(office=(2, 2))[0],
                    ]
                }
            )
        },
        partial(read_cells, PROBE, False),
        AS_SENT,
        note="每家各读各的",
    ),
    Case(
        "两家的表交错在一起",
        lambda: {
            FORM: workbook({"表": [["企业名称：", COMPANY], *_rows()[0], *_rows()[0], ["企业名称：", "杭州丙公司"]]})
        },
        partial(read_pair, PROBE),
        "没有答案",
        "T21",
    ),
    Case(
        "另有一张“填写示例”",
        lambda: {
            FORM: workbook(
                {"附件1": [["企业名称：", COMPANY], *_rows()[0]], "填写示例": [["企业名称：", "示例公司"], *_rows()[0]]}
            )
        },
        partial(read_cells, PROBE, False),
        AS_SENT,
        "F10",
    ),
    Case(
        "只有一张附件1，工作表是隐藏的",
        lambda: {
            FORM: workbook(
                {"说明": [["说明"]], "附件1": [["企业名称：", COMPANY], *_rows()[0]]}, hidden_sheets=["附件1"]
            )
        },
        partial(read_cells, PROBE, False),
        AS_SENT,
        "F09",
    ),
    Case(
        "看得见的一张之外，还藏着去年的一张",
        lambda: {
            FORM: workbook(
                {
                    "附件1": [["企业名称：", COMPANY], *_rows()[0]],
                    "旧": [["企业名称：", COMPANY], *_rows(office=(2, 2))[0]],
                },
                hidden_sheets=["旧"],
            )
        },
        partial(read_cells, PROBE, False),
        AS_SENT,
        "F12",
    ),
    Case(
        "ods 文件里行政办公的 M 空着",
        blank_in_ods,
        partial(read_cells, PROBE, False),
        "N=1，M=读不出，本项不计分；其余各项照读",
        "V02",
    ),
    Case(
        "ods 文件里行政办公的 M 是公式，算出来是错误",
        partial(
            blank_in_ods,
            'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"',
            "<text:p>#DIV/0!</text:p>",
        ),
        partial(read_cells, PROBE, False),
        "N=1，M=读不出，本项不计分；其余各项照读",
        "V15",
    ),
    Case(
        "ods 文件里行政办公的 M 是公式，文件没有写结果是空的还是错误",
        partial(blank_in_ods, 'table:formula="of:=[.A1]" office:value-type="string" office:string-value=""'),
        partial(read_cells, PROBE, False),
        "N=1，M=读不出，本项不计分；其余各项照读",
        "V39",
    ),
]

# ---------------------------------------------------------------- .ods and .xlsb: number formats


def _lines(typed: Cell) -> tuple[list[list[Cell]], int]:
    """The form's rows with this as N of PROBE (M is 1000), and that row's number, from 1."""
    rows, tops = _rows(**{PROBE: (typed, 1000)})
    lines = [["企业名称：", COMPANY, *[None] * 7], *rows]
    return [["" if cell is None else cell for cell in line] for line in lines], tops[PROBE] + 2


def ods_cell(kind: str, stored: str, screen: str, read: str, codes: str = "", shown: str = "", **more: str) -> Case:
    """N of PROBE in an .ods: its kind of value, what is stored and what stands on the screen."""

    def files() -> Files:
        name = "boolean-value" if kind == "boolean" else "value"
        given = "".join(f' office:{key}="{text}"' for key, text in more.items())
        cell = Raw(f'office:value-type="{kind}" office:{name}="{stored}"{given}', f"<text:p>{screen}</text:p>")
        lines = [
            ods_row(*(float(value) if type(value) is int else value for value in line)) for line in _lines(cell)[0]
        ]
        return {FORM.replace("xlsx", "ods"): ods("".join(lines))}

    typed = shown or f"ods 文件，存的是 {stored}，显示为“{screen}”"
    return Case(typed, files, partial(read_cells, PROBE, False), read, codes, cell=_at(PROBE, "D"))


def ods_span(properties: str, shown: str, read: str, codes: str = "") -> Case:
    """N of PROBE in an .ods is the text 12, its 2 drawn with these properties."""

    def files() -> Files:
        cell = Raw('office:value-type="string"', '<text:p>1<text:span text:style-name="T1">2</text:span></text:p>')
        lines = [
            ods_row(*(float(value) if type(value) is int else value for value in line)) for line in _lines(cell)[0]
        ]
        style = f'<style:style style:name="T1" style:family="text"><style:text-properties {properties}/></style:style>'
        return {FORM.replace("xlsx", "ods"): ods("".join(lines), styles=style)}

    return Case(f"ods 文件，{shown}", files, partial(read_cells, PROBE, False), read, codes, cell=_at(PROBE, "D"))


def xlsb_cell(code: str, number: float, read: str, codes: str = "") -> Case:
    def files() -> Files:
        lines, row = _lines(number)
        cells = {
            (line + 1, column + 1): float(cell) if isinstance(cell, int) else cell
            for line, values in enumerate(lines)
            for column, cell in enumerate(values)
            if cell != ""
        }
        return {FORM.replace("xlsx", "xlsb"): xlsb(cells, formats={(row, 4): code})}

    typed = f"xlsb 文件，存的是 {number_text(number)}，单元格格式 `{code}`"
    return Case(typed, files, partial(read_cells, PROBE, False), read, codes, cell=_at(PROBE, "D"))


def _n(number: str) -> str:
    return f"N={number}，M=1000；其余各项照读"


REFUSED_N = "N=读不出，M=1000，本项不计分；其余各项照读"
SHOWN_CELLS = [
    ods_cell("float", "12", "12", _n("12")),
    ods_cell("float", "12", "12.00", _n("12")),
    ods_cell("currency", "12", "¥12.00", _n("12"), currency="CNY"),
    ods_cell("float", "1000", "1,000", _n("1000")),
    ods_cell("float", "1000", "1E+03", _n("1000")),
    ods_cell("percentage", "0.5", "50%", REFUSED_N, "V21"),
    ods_cell("boolean", "true", "TRUE", REFUSED_N, "V14"),
    ods_cell("float", "1", "TRUE", REFUSED_N, "V14"),
    ods_cell("currency", "12", "$12.00", _n("12"), currency="USD"),
    ods_cell("float", "12", "12套", _n("12"), "V22"),
    ods_cell("float", "12", "12GB", REFUSED_N, "V20"),
    ods_cell("float", "200", "0.02万", _n("200"), "V23"),
    ods_cell("float", "200", "", _n("200"), "V23"),
    ods_cell("float", "0", "¥-", _n("0")),
    ods_cell("currency", "0", " - ¥", _n("0"), currency="CNY"),
    ods_cell("float", "132.48", "132.47999999999999", REFUSED_N, "V09"),
    ods_cell("float", "0.5", "5.00E−01", REFUSED_N, "V09"),
    ods_span('style:text-line-through-style="solid"', "1，后面有划去的 2", REFUSED_N, "V01"),
    ods_span('style:text-position="super 58%"', "1，右上角有 2", REFUSED_N, "V01"),
    ods_span('style:text-line-through-type="none"', "12，其中 2 的字体不同", _n("12")),
    xlsb_cell("0.00", 12.0, _n("12")),
    xlsb_cell("0%", 1.0, REFUSED_N, "V21"),
    xlsb_cell('0"套"', 12.0, _n("12"), "V22"),
    xlsb_cell('0.00,,"万"', 200.0, _n("200"), "V23"),
    xlsb_cell('"US$"0', 12.0, REFUSED_N, "V21"),
]


# ---------------------------------------------------------------- 数据协同: ticks

NAMES = RULEBOOK.indicator_of["data_synergy"].categories
TICKS = (
    "√",
    "✓",
    "✔",
    "☑",
    "■",
    "●",
    "✅",
    "是",
    "有",
    "对",
    "Y",
    "V",
    "v",
    1,
    "TRUE",
    True,
    "R",
    "P",
    "þ",
    "ü",
    "√√",
    " √ ",
    "√ √",
)
NO_TICKS = ("□", "○", "×", "✗", "否", "无", "N", 0, "FALSE", False, None, "　")


def ticked(
    typed: str,
    block: Sequence[Sequence[Cell]],
    read: str,
    codes: str = "",
    note: str = "",
    *,
    captions: bool = True,
    recorded: bool = False,
) -> Case:
    """数据协同 with these rows under its captions, from column D (N) on."""

    def files() -> Files:
        rows, tops = _rows()
        top, end = tops["data_synergy"] - 1, tops["cloud_spend"] - 1
        if not captions:
            rows[top][4] = None
        rows[top + 1 : end] = [[None, None, None, *row] for row in block]
        return form_of(rows)

    return Case(typed, files, _ticked_n, read, codes, note, recorded=recorded)


def _ticked_n(tables: Gathered) -> str:
    answer = answers_of(tables, "data_synergy")
    return f"N={_number(answer['n'])}" + ("" if answer["valid"] else "，本项不计分")


def in_pairs(n: Cell, *marks: Cell, right: bool = False) -> Rows:
    """N, then mark and name (or name and mark), two to a row and read down, as in the form."""
    pairs = [[name, mark] if right else [mark, name] for name, mark in zip(NAMES, marks, strict=True)]
    return [[n if row == 0 else None, *pairs[row], *pairs[row + 3]] for row in range(3)]


def in_names(n: Cell, *names: str) -> Rows:
    return [[n if row == 0 else None, names[row], names[row + 3]] for row in range(3)]


REST = ("供应链数据", "销售数据", "服务数据")
TWO = ("√", None, "√", None, None, None)
TICK_CASES = [
    ticked("记号在类别名称的左边，勾 2 类，N 填 2", in_pairs(2, *TWO), "N=2"),
    ticked("记号在类别名称的右边", in_pairs(2, *TWO, right=True), "N=2"),
    ticked(
        "记号在名称的格子里、名称之前：`√研发数据`", in_names(2, "√研发数据", "设计数据", "√生产数据", *REST), "N=2"
    ),
    ticked(
        "记号在名称的格子里、名称之后：`研发数据√`、`生产数据（√）`",
        in_names(2, "研发数据√", "设计数据", "生产数据（√）", *REST),
        "N=2",
    ),
    ticked(
        "记号与名称之间插入了一个空列",
        [
            [2, "√", None, "研发数据", "供应链数据"],
            [None, None, None, "设计数据", "销售数据"],
            [None, "√", None, "生产数据", "服务数据"],
        ],
        "N=2",
    ),
    ticked(
        "记号与名称之间的列里另有字",
        [
            [2, "√", None, "研发数据", "供应链数据"],
            [None, None, "选填", "设计数据", "销售数据"],
            [None, None, None, "生产数据", "服务数据"],
        ],
        "N=读不出，本项不计分",
        "T10",
    ),
    ticked(
        "一格里六类，记号在前：`√研发数据 □设计数据 √生产数据 …`",
        [[2, "√研发数据 □设计数据 √生产数据 □供应链数据 □销售数据 □服务数据"]],
        "N=2",
    ),
    ticked(
        "一格里六类，记号在后：`研发数据√、设计数据、生产数据√、…`",
        [[2, "研发数据√、设计数据、生产数据√、供应链数据、销售数据、服务数据"]],
        "N=2",
    ),
    ticked("一格里六类，分行写", [[2, "√研发数据\n设计数据\n√生产数据\n供应链数据\n销售数据\n服务数据"]], "N=2"),
    ticked(
        "一格里既有记号在前、又有记号在后",
        [[2, "√研发数据 设计数据 生产数据 供应链数据 销售数据 服务数据√"]],
        "N=读不出，本项不计分",
        "V33",
    ),
    ticked(
        "名称格里和旁边都有记号",
        [
            [2, "√", "研发数据√", None, "供应链数据"],
            [None, None, "设计数据", None, "销售数据"],
            [None, None, "生产数据", None, "服务数据"],
        ],
        "N=读不出，本项不计分",
        "T10",
    ),
    ticked(
        "一个记号旁边有两个类别",
        [[1, "√", "研发数据、设计数据"], [None, None, "生产数据、供应链数据"], [None, None, "销售数据、服务数据"]],
        "N=读不出，本项不计分",
        "T10",
    ),
    ticked(
        "少了两个类别",
        [[1, "√", "研发数据", None, "供应链数据"], [None, None, "设计数据", None, "销售数据"]],
        "N=读不出，本项不计分",
        "T10",
    ),
    ticked("没有“具体协同类别”一格，记号在名称旁边", in_pairs(2, *TWO), "N=读不出，本项不计分", "T10", captions=False),
    ticked(
        "没有“具体协同类别”一格，记号在名称的格子里",
        in_names(2, "√研发数据", "设计数据", "√生产数据", *REST),
        "N=2",
        captions=False,
    ),
    *(ticked(f"勾选写作 {visible(mark)}", in_pairs(2, mark, None, mark, None, None, None), "N=2") for mark in TICKS),
    *(ticked(f"不勾选写作 {visible(mark)}", in_pairs(1, "√", *[mark] * 5), "N=1") for mark in NO_TICKS),
    ticked("记号写作 `？`", in_pairs(1, "√", "？", *[None] * 4), "N=读不出，本项不计分", "V33"),
    ticked("记号写作 `部分`", in_pairs(1, "√", "部分", *[None] * 4), "N=读不出，本项不计分", "V33"),
    ticked("记号写作 `√×`", in_pairs(1, "√", "√×", *[None] * 4), "N=读不出，本项不计分", "V33"),
    ticked("勾 2 类，N 填 3", in_pairs(3, *TWO), "N=2", "V30"),
    ticked("勾 2 类，N 空着", in_pairs(None, *TWO), "N=2", recorded=True),
    ticked("没有勾，N 填 4", in_pairs(4, *[None] * 6), "N=4", "V31"),
    ticked("没有勾，N 也空着", in_pairs(None, *[None] * 6), "N=0", "V32"),
    ticked("没有勾，N 填 `无`", in_pairs("无", *[None] * 6), "N=0", recorded=True),
    ticked("没有勾，N 填 0", in_pairs(0, *[None] * 6), "N=0"),
    ticked("没有勾，N 填 7", in_pairs(7, *[None] * 6), "N=7，本项不计分", "V25 V31"),
    ticked("勾满 6 类", in_pairs(6, *["√"] * 6), "N=6"),
]

LAYOUT_GROUPS = {
    "附件1：答案在哪里": PLACES,
    "附件1：几张表、几家企业": SHEETS,
    "附件1：ods、xlsb 文件里显示的与存的不同": SHOWN_CELLS,
    "附件1：数据协同的勾选": TICK_CASES,
}
