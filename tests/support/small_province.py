"""Two counties with a company of every status, an expert and a pool."""

from __future__ import annotations

from tests.support.arrivals import form, nominated, nomination
from tests.support.workbooks import workbook

HERE, THERE = "杭州市/上城区", "宁波市/鄞州区"
EXPERT = "欧阳评审"
ITEMS = "信创应用示范|云原生应用情况|云上管理能力建设|典型云平台应用情况|发展新制造典型应用情况|绩效提升典型案例"


def marks(*companies: str, mark: int = 3, expert: str = EXPERT) -> bytes:
    rows = "\n".join(f"{company}|" + "|".join([str(mark)] * 6) for company in companies)
    return workbook({"评分": f"专家：{expert}\n企业名称|{ITEMS}\n{rows}"})


def small_province() -> dict[str, bytes]:
    """Two counties with a company of every status that needs no decision, an expert and a pool."""
    listed = [
        nominated(1, "杭州甲公司"),
        nominated(2, "杭州乙公司", contact="钱七", phone="'13900000002"),
        nominated(3, "杭州缺项公司"),
        nominated(4, "杭州无表公司"),
        nominated(5, "杭州不荐公司", verdict="不同意"),
    ]
    pool = "市级培育库\n地区|2021年新增数|2022年新增数|2023年新增数\n杭州市|1|2|3\n区县级培育库\n地区|2021年新增数|2022年新增数|2023年新增数\n杭州市|1|2|3"
    return {
        f"{HERE}/附件2.xlsx": nomination(*listed),
        f"{HERE}/附件1/甲.xlsx": form("杭州甲公司"),
        f"{HERE}/附件1/乙.xlsx": form("杭州乙公司", answers={"research": (1, 4)}),
        f"{HERE}/附件1/缺.xlsx": form("杭州缺项公司", answers={"office": ("待定", 4)}),
        f"{HERE}/附件1/未荐.xlsx": form("杭州未荐公司"),
        f"{HERE}/附件1/照片.jpg": b"\xff\xd8\xff",
        f"{THERE}/附件2.xlsx": nomination(nominated(1, "宁波丁公司", "鄞州区", contact="孙八", phone="'13900000003")),
        f"{THERE}/附件1.xlsx": form("宁波丁公司", "鄞州区", city="宁波市"),
        "专家评分/一.xlsx": marks("杭州甲公司", "杭州乙公司", "杭州缺项公司", "宁波丁公司"),
        "培育库.xlsx": workbook({"Sheet1": pool}),
    }
