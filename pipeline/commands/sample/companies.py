"""Made-up manufacturing companies: names, figures, answers and marks, each derived from its number and the seed alone.

Every name, person, phone and code is invented. Sizes are log-normal, and some companies lack some systems, as in
reality.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.writers.forms.filled import FormAnswer, Typed

# A brand is one character of each; both are rare in the names of real companies.
_BRAND_FIRST = "砚樾珩祎翊煜岚筠砾泓澄曜霁朔溯翎甄竑昕暄珞珈瑭璟瀚沅潼澜嵩岱峤峻绮纶缙缦芃芸苓荃菀葭蔚薇檀栩梓棠"
_BRAND_SECOND = "禾帆越舟川岳峦野原畴洲渚汀泽湾桥亭阁轩庭垣墨笺弦鼎钧铎锐铭衡辰星穹霄霖霓虹雁鹭鹏鲲骏骐麒麟岭屿棉"
_TRADES = (
    ("精密机械", "精密机床及关键零部件的研发、生产和销售"),
    ("智能装备", "自动化生产线和工业机器人集成"),
    ("汽车零部件", "汽车底盘与传动零部件制造"),
    ("电气科技", "低压电器与成套配电设备制造"),
    ("新材料", "高性能工程塑料和复合材料制造"),
    ("纺织科技", "功能性面料的织造与染整"),
    ("服饰", "服装设计、生产和销售"),
    ("医疗器械", "医用耗材与诊断设备制造"),
    ("生物制药", "化学原料药和制剂的生产"),
    ("光电科技", "光学元件与显示模组制造"),
    ("电子科技", "电子元器件与印制电路板制造"),
    ("轴承", "滚动轴承及其配件制造"),
    ("紧固件", "高强度紧固件制造"),
    ("阀门", "工业阀门和管件制造"),
    ("泵业", "水泵及供水设备制造"),
    ("化工", "精细化学品的生产和销售"),
    ("包装材料", "纸制品与软包装材料制造"),
    ("家居", "木制家具与定制家居制造"),
    ("厨具", "不锈钢厨具与小家电制造"),
    ("五金工具", "电动工具与手动工具制造"),
    ("玩具", "玩具与文教用品制造"),
    ("食品", "休闲食品与预制菜生产"),
    ("茶业", "茶叶精深加工"),
    ("农业机械", "小型农业机械与园林机械制造"),
    ("船舶设备", "船用设备及配件制造"),
    ("航空配件", "航空结构件与紧固件制造"),
    ("新能源", "储能电池与光伏组件制造"),
    ("环保设备", "水处理与废气治理设备制造"),
    ("仪器仪表", "流量仪表与传感器制造"),
    ("模具", "注塑模具与压铸模具制造"),
    ("铝业", "铝型材与铝制品加工"),
    ("铜业", "铜管、铜棒与铜合金材料加工"),
    ("橡塑制品", "橡胶密封件与塑料制品制造"),
    ("鞋业", "鞋类设计与制造"),
    ("箱包", "箱包与皮革制品制造"),
    ("眼镜", "眼镜架与光学镜片制造"),
    ("不锈钢制品", "不锈钢管材与制品制造"),
    ("电线电缆", "电线电缆与通信线缆制造"),
    ("缝制设备", "工业缝纫机及智能缝制设备制造"),
    ("印刷科技", "包装印刷与标签制造"),
)
_ENDINGS = ("有限公司", "有限公司", "有限公司", "股份有限公司")
_SURNAMES = "陈林黄周吴徐朱胡蒋沈章潘"
_GIVEN = "青安宁舒远和明佳语清然之"

# Unit -> a typical M of a medium-sized company, which is scaled by the company's size, and its decimals.
_TYPICAL = {"TB": (20.0, 1), "4核16G": (24.0, 1), "万元": (15.0, 1), "个": (3.0, 0), "台": (160.0, 0)}
# Item -> the share of companies that have none of what it asks for.
_HAS_NONE = {
    "other_business": 0.3,
    "research": 0.15,
    "device_management": 0.15,
    "cloud_database": 0.12,
    "supply_chain": 0.1,
}
_HAS_NONE_ELSE = 0.05
# Expert -> how far he marks above or below the panel, as a share of an item's points.
EXPERTS = {"赵某甲": -0.12, "钱某乙": -0.05, "孙某丙": 0.0, "李某丁": 0.06, "周某戊": 0.14}


Number = int | float


class Seat(NamedTuple):
    """Where a company belongs: its number, its number within the city, and the names of city and county. words: the city's
    and the county's short names, one of which begins the company's name."""

    number: int
    number_in_city: int
    city: str
    county: str
    county_code: str
    words: tuple[str, str]


@dataclass(frozen=True)
class MadeUpCompany:
    """One company as it fills 附件1 and as its county enters it in 附件2. maturity: how far it has moved to the cloud, 0 to 1;
    figures: in 万元; labelled: 附件1 has its name; copies: how many times 附件1 is handed in."""

    seat: Seat
    name: str
    credit_code: str
    maturity: float
    figures: Mapping[str, Number]
    business: str
    contact: str
    phone: str
    answers: Mapping[str, FormAnswer]
    recommendation: str = "推荐"
    labelled: bool = True
    nominated: bool = True
    assessed: bool = True
    copies: int = 1


def name_capacity() -> int:
    """How many different company names one city can have."""
    return len(_BRAND_FIRST) * len(_BRAND_SECOND) * len(_TRADES)


def name_of(seat: Seat, seed: int) -> tuple[str, str]:
    """A company's name and main business. Two companies of one city differ in brand or trade, two of different cities in
    the first word."""
    brands = len(_BRAND_FIRST) * len(_BRAND_SECOND)
    trade_shift, step = divmod(seat.number_in_city, brands)
    start = random.Random(f"{seed}:brand:{seat.city}").randrange(brands)
    brand = (step * 1009 + start) % brands
    choice = random.Random(f"{seed}:name:{seat.city}:{step}")
    trade, business = _TRADES[(choice.randrange(len(_TRADES)) + trade_shift) % len(_TRADES)]
    word = seat.words[choice.random() < 0.4]
    first, second = divmod(brand, len(_BRAND_SECOND))
    return f"{word}{_BRAND_FIRST[first]}{_BRAND_SECOND[second]}{trade}{choice.choice(_ENDINGS)}", business


def company_at(seat: Seat, seed: int, rulebook: Rulebook) -> MadeUpCompany:
    """The company of one seat, without any slip."""
    chance = random.Random(f"{seed}:company:{seat.number}")
    name, business = name_of(seat, seed)
    size = math.exp(0.9 * max(-2.5, min(2.5, chance.gauss(0, 1))))
    maturity = maturity_of(seat.number, seed)
    figures = _figures(chance, size, maturity)
    return MadeUpCompany(
        seat=seat,
        name=name,
        credit_code=credit_code(seat.county_code, seat.number),
        maturity=maturity,
        figures=figures,
        business=business,
        contact=f"{chance.choice(_SURNAMES)}某{chance.choice(_GIVEN)}",
        phone=f"1390000{chance.randrange(10_000):04d}",
        answers=_answers(chance, size, maturity, figures, rulebook),
    )


def maturity_of(number: int, seed: int) -> float:
    """How far a company has moved to the cloud, between 0 and 1."""
    return random.Random(f"{seed}:maturity:{number}").betavariate(2.4, 2.0)


def _figures(chance: random.Random, size: float, maturity: float) -> dict[str, Number]:
    """Revenue, profit, IT spend and cloud spend in 万元."""
    decimals = chance.choice((0, 0, 1, 2))
    revenue = tidy(18_000 * size, decimals)
    profit = tidy(revenue * max(-0.15, min(0.3, chance.gauss(0.07, 0.06))), decimals)
    it_spend = tidy(max(20.0, 250 * size**0.8 * math.exp(chance.gauss(0, 0.45))), decimals)
    cloud_spend = min(it_spend, tidy(it_spend * _share(chance, maturity, least=0.05), decimals))
    return {"revenue": revenue, "profit": profit, "it_spend": it_spend, "cloud_spend": cloud_spend}


def _share(chance: random.Random, maturity: float, least: float = 0.0) -> float:
    return max(least, min(1.0, maturity + chance.gauss(0, 0.18)))


def tidy(number: float, decimals: int) -> Number:
    """A number as a clerk writes it: rounded to `decimals` decimals, an int when it is whole."""
    rounded = round(number, decimals)
    return int(rounded) if rounded == int(rounded) else rounded


def _answers(
    chance: random.Random, size: float, maturity: float, figures: Mapping[str, Number], rulebook: Rulebook
) -> dict[str, FormAnswer]:
    """Indicator id -> the answer in 附件1. `numbers` keeps N and M of the items that a later item adds up."""
    numbers: dict[str, tuple[Number, Number | None]] = {}
    answers: dict[str, FormAnswer] = {}
    for item in rulebook.ratio_indicators:
        if item.categories:
            answers[item.id] = _ticked(chance, maturity, item)
            continue
        pair: tuple[Number, Number | None]
        if item.id == "cloud_spend":
            pair = (figures["cloud_spend"], figures["it_spend"])
        elif item.m == "sum":
            pair = (chance.randint(0, int(sum(numbers[part][0] for part in item.m_sum_of))), None)
        elif item.m == "fixed":
            pair = (round(item.m_fixed * _share(chance, maturity)), None)
        else:
            pair = _amounts(chance, size, maturity, item)
        numbers[item.id] = pair
        answers[item.id] = _typed(chance, pair, item, rulebook)
    return answers


def _amounts(chance: random.Random, size: float, maturity: float, item: Indicator) -> tuple[Number, Number]:
    """N and M of an item with a typed M; 0, 0 for a company that has none of it."""
    if chance.random() < _HAS_NONE.get(item.id, _HAS_NONE_ELSE):
        return 0, 0
    typical, decimals = _TYPICAL.get(item.unit, (10.0, 0))
    m = max(1, tidy(typical * size**0.6 * math.exp(chance.gauss(0, 0.45)), decimals))
    return min(m, tidy(m * _share(chance, maturity), decimals)), m


def _typed(
    chance: random.Random, pair: tuple[Number, Number | None], item: Indicator, rulebook: Rulebook
) -> FormAnswer:
    """N and M as clerks type them: mostly numbers, sometimes texts, with or without the unit, and often 无 for 0 of 0."""
    if pair == (0, 0) and chance.random() < 0.5:
        return FormAnswer("无", "无")
    way = chance.random()
    if way > 0.06 or not item.m_caption:
        return FormAnswer(*pair)
    unit = item.unit if way > 0.03 and not item.unit[0].isdigit() else ""
    n, m = (f"{number}{unit}" for number in pair)
    return FormAnswer(n, m)


def _ticked(chance: random.Random, maturity: float, item: Indicator) -> FormAnswer:
    count = max(1, round(len(item.categories) * _share(chance, maturity)))
    mark = chance.choice("√√√√✓")
    chosen = set(chance.sample(range(len(item.categories)), count))
    return FormAnswer(count, None, {name: mark for position, name in enumerate(item.categories) if position in chosen})


_CODE_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100 leaves out I, O, S, V and Z
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714


def credit_code(county_code: str, number: int) -> str:
    """A 统一社会信用代码 with valid check digits (GB 32100, GB 11714) and a body that no registry issues (YL……)."""
    body = f"YL{number:06d}"
    remainder = sum(int(mark, 36) * weight for mark, weight in zip(body, _BODY_WEIGHTS, strict=True)) % 11
    code = f"91{county_code}{body}{'0X987654321'[remainder]}"
    total = sum(_CODE_MARKS.index(mark) * pow(3, position, 31) for position, mark in enumerate(code))
    return code + _CODE_MARKS[-total % 31]


def marks_of(number: int, seed: int, rulebook: Rulebook, complete: bool = False) -> dict[str, dict[str, Typed]]:
    """What each expert writes for one company: expert -> indicator id -> mark, 回避 or None (not marked).

    At most one expert recuses himself and at most one leaves an item blank, so that every item has at least three
    marks; with `complete` every expert marks every item.
    """
    chance = random.Random(f"{seed}:marks:{number}")
    quality = 0.2 + 0.6 * maturity_of(number, seed) + chance.gauss(0, 0.08)
    recused = chance.choice(tuple(EXPERTS)) if chance.random() < 0.08 and not complete else ""
    marks: dict[str, dict[str, Typed]] = {expert: {} for expert in EXPERTS}
    for item in rulebook.expert_indicators:
        blank = chance.choice(tuple(EXPERTS)) if chance.random() < 0.03 and not complete else ""
        level = quality + chance.gauss(0, 0.08)
        for expert, leniency in EXPERTS.items():
            mark: Typed = _mark(level + leniency + chance.gauss(0, 0.06), item, rulebook)
            if expert == recused:
                mark = rulebook.vocabulary.recused[0]
            elif expert == blank:
                mark = None
            marks[expert][item.id] = mark
    return marks


def _mark(level: float, item: Indicator, rulebook: Rulebook) -> int | float:
    """A mark at `level` (0 to 1) of the item's points, rounded to the rulebook's step."""
    points, step = float(item.points), float(rulebook.experts.mark_step)
    mark = max(0.0, min(points, round(level * points / step) * step))
    return int(mark) if mark == int(mark) else mark
