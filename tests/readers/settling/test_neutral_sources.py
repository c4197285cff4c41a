"""What counts from a file in nobody's folder is asked about where the staff file by folders."""

from __future__ import annotations

import pytest

from tests.support.arrivals import codes, form, gathered, nominated, nomination, one

HERE, THERE = "杭州市/上城区", "杭州市/余杭区"
ONE, TWO = "杭州甲公司", "余杭乙公司"
LISTS = {
    f"{HERE}/附件2.xlsx": nomination(nominated(1, ONE)),
    f"{THERE}/附件2.xlsx": nomination(nominated(1, TWO, "余杭区")),
}
THIRD = nomination(nominated(1, "萧山丙公司", "萧山区"))


@pytest.mark.parametrize(
    ("files", "county", "named"),
    [
        (LISTS | {"甲.xlsx": form(ONE)}, "上城区", "甲.xlsx"),
        (LISTS | {"收件/甲.xlsx": form(ONE)}, "上城区", "收件/甲.xlsx"),
        (LISTS | {"收件.zip/甲.xlsx": form(ONE)}, "上城区", "收件.zip/甲.xlsx"),
        (LISTS | {"收件/三.xlsx": THIRD}, "萧山区", "收件/三.xlsx"),
        (LISTS | {"无.xlsx": nomination("|临平区|无")}, "临平区", "无.xlsx"),
        ({f"{HERE}/甲.xlsx": form(ONE), "附件2.xlsx": nomination(nominated(1, ONE))}, "上城区", "附件2.xlsx"),
    ],
)
def test_what_counts_from_nobody_s_folder_is_said(files: dict[str, bytes], county: str, named: str):
    issue = one(gathered(files).issues, "X30")
    assert (issue.county, issue.facts["files"], issue.facts["count"]) == (county, f"“{named}”", "1")


def test_one_remark_per_county():
    files = LISTS | {"甲.xlsx": form(ONE), "乙.xlsx": form(TWO, "余杭区"), "收件/无.xlsx": nomination("|临平区|无")}
    issues = [issue for issue in gathered(files).issues if issue.code == "X30"]
    assert sorted(issue.county for issue in issues) == ["上城区", "临平区", "余杭区"]


@pytest.mark.parametrize(
    "files",
    [
        {"附件2.xlsx": nomination(nominated(1, ONE)), "甲.xlsx": form(ONE)},
        {"上城区.zip/附件2.xlsx": nomination(nominated(1, ONE)), "收件/三.xlsx": THIRD, "甲.xlsx": form(ONE)},
        LISTS | {f"{HERE}/甲.xlsx": form(ONE), f"{THERE}/包.zip/乙.xlsx": form(TWO, "余杭区")},
        LISTS | {"杭州市/甲.xlsx": form(ONE)},
        LISTS | {f"{HERE}/甲.xlsx": form(ONE), "甲.xlsx": form(ONE)},  # X09 says so
        LISTS | {"杭州市/无.xlsx": nomination("|临平区|无")},
        {f"{HERE}/附件2.xlsx": nomination(nominated(1, ONE)), "收件/三.xlsx": THIRD},
    ],
)
def test_flat_inputs_and_files_in_place_make_no_noise(files: dict[str, bytes]):
    assert "X30" not in codes(gathered(files).issues)
