"""A workbook in a company's folder that is one of the papers asked for is evidence; any other unknown one is F03."""

from __future__ import annotations

import pytest

from tests.support.arrivals import codes, form, gathered, nominated, nomination
from tests.support.workbooks import workbook

HERE, THERE = "杭州市/上城区", "杭州市/余杭区"
COMPANY, OTHER = "杭州甲乙机械有限公司", "杭州丙丁机械有限公司"
SYSTEMS = workbook({"清单": "序号|系统|用途|数量\n1|MES|生产|3\n2|ERP|办公|1"})
BILLS = workbook({"台账": "序号|开票单位|发票号码|金额|备注\n1|某云公司|0001|12000|云数据库"})


def tables_with(path: str, content: bytes):
    lists = {
        f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY)),
        f"{HERE}/附件1.xlsx": form(COMPANY),
        f"{THERE}/附件2.xlsx": nomination(nominated(1, OTHER, "余杭区")),
    }
    return gathered(lists | {path: content})


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (f"{HERE}/{COMPANY}/系统清单.xlsx", SYSTEMS),
        (f"{HERE}/{COMPANY}/云数据库发票台账.xlsx", BILLS),
        (f"{HERE}/{COMPANY}/发票/2023.xlsx", BILLS),
        (f"{HERE}/佐证/{COMPANY}系统一览.xlsx", SYSTEMS),
        (f"{HERE}/佐证材料（合同）/{COMPANY}.xlsx", BILLS),
        (f"{HERE}/{COMPANY}/信创案例.xlsx", workbook({"案例": "名称|成效\n云上排产|好", "说明": "见正文"})),
        (f"{HERE}/{COMPANY}/登录页截图目录.xlsx", workbook({"图": "系统|图片\n研发|1.png\n生产|2.png\n办公|3.png"})),
    ],
)
def test_a_workbook_among_a_companys_papers_is_evidence(path: str, content: bytes):
    tables = tables_with(path, content)
    assert codes(tables.issues) == []
    row = tables.files[tables.files["path"] == path].to_dict("records")[0]
    assert (row["kind"], row["company"], row["remark"]) == ("evidence", COMPANY, "")
    assert path in tables.papers["path"].tolist()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (f"{HERE}/系统清单.xlsx", SYSTEMS),  # of no company
        (f"{THERE}/{COMPANY}/系统清单.xlsx", SYSTEMS),  # in a place that does not nominate it
        (f"{COMPANY}/系统清单.xlsx", SYSTEMS),  # in no place
        (f"{HERE}/杭州无此机械有限公司/系统清单.xlsx", SYSTEMS),
        (f"{HERE}/{COMPANY}/表.xlsx", SYSTEMS),  # no word of a paper
        (f"{HERE}/{COMPANY}/系统清单附件1.xlsx", SYSTEMS),  # called a form
        (f"{HERE}/{COMPANY}/系统清单.xlsx", workbook({"清单": ""})),
        (f"{HERE}/{COMPANY}/系统清单.xlsx", workbook({"清单": "制造业“云上企业”用云水平评估表\n研发|3|4"})),
        (f"{HERE}/{COMPANY}/系统清单.xlsx", workbook({"清单": "2023年制造业“云上企业”推荐排序表\n1|甲"})),
        (f"{HERE}/{COMPANY}/系统清单.xlsx", workbook({"清单": "云存储|N：已用|3"})),
        (f"{HERE}/{COMPANY}/系统清单.xlsx", workbook({"清单": "企业名称|联系电话\n甲|1"})),
    ],
)
def test_any_other_unknown_workbook_stays_a_question(path: str, content: bytes):
    tables = tables_with(path, content)
    assert codes(tables.issues) == ["F03"]
    assert tables.files.loc[tables.files["path"] == path, "kind"].tolist() == ["unrecognised"]
