"""Files in the wrong county's folder: both counties are told where they lie, and every error is counted once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipeline.model.results import Results
from pipeline.model.returns import city_returns, county_returns, error_counts
from pipeline.writers.page.report import _cities, _other_errors
from pipeline.writers.problems.reminders import all_reminders
from pipeline.writers.problems.workbook import _county_counts
from tests.support.arrivals import computed, form, nominated, nomination
from tests.support.small_province import marks

HERE, NEAR, FAR = "杭州市/上城区", "杭州市/余杭区", "宁波市/海曙区"
NAMES = ("杭州甲机械有限公司", "杭州乙机械有限公司")


def list_of(folder: str, county: str = "上城区", name: str = "附件2") -> dict[str, bytes]:
    return {f"{folder}/{name}.xlsx": nomination(*(nominated(at, one, county) for at, one in enumerate(NAMES, start=1)))}


def forms_of(folder: str, county: str = "上城区") -> dict[str, bytes]:
    return {f"{folder}/附件1/{name}.xlsx": form(name, county) for name in NAMES}


OWN = {
    f"{NEAR}/附件2.xlsx": nomination(nominated(1, "余杭丙机械有限公司", "余杭区")),
    f"{NEAR}/附件1.xlsx": form("余杭丙机械有限公司", "余杭区"),
}


def texts(results: Results) -> dict[tuple[str, str], str]:
    return {(one.city, one.county): one.text for one in all_reminders(results)}


@pytest.mark.parametrize(
    ("files", "lies_in", "kinds"),
    [
        (list_of(NEAR) | forms_of(NEAR), NEAR, "1 份附件2、2 份附件1"),
        (list_of(NEAR) | forms_of(HERE), NEAR, "1 份附件2"),
        (OWN | list_of(NEAR, name="附件2上城") | forms_of(HERE), NEAR, "1 份附件2"),
        (list_of(HERE) | forms_of(NEAR), NEAR, "2 份附件1"),
        (list_of(FAR) | forms_of(FAR), FAR, "1 份附件2、2 份附件1"),
    ],
)
def test_both_counties_are_told_where_the_files_lie(files: Mapping[str, bytes], lies_in: str, kinds: str):
    results = computed(files)
    told, other = texts(results), tuple(lies_in.split("/"))
    assert f"写着本区县的 {kinds}放在{''.join(other)}的文件夹里" in told["杭州市", "上城区"]
    assert f"本区县的文件夹里有 {kinds}写的是杭州市上城区" in told[other]
    assert sum("的文件夹里" in text and "注意" in text for text in told.values()) == 2
    assert "市里统一报送" not in "".join(told.values())
    assert "市里的名单" not in [label for label, _, _ in _county_counts(results)]


def test_files_in_their_own_folder_and_a_citys_list_are_no_strays():
    results = computed(OWN | list_of("杭州市") | forms_of(HERE))
    assert not results.strays and "注意" not in "".join(texts(results).values())


@pytest.mark.parametrize(
    "files",
    [
        OWN | list_of(NEAR, name="附件2上城") | forms_of(HERE),
        list_of(FAR) | forms_of(FAR),
        list_of("杭州市", county="无此区") | forms_of(HERE),
        OWN | {"专家评分/甲.xlsx": marks("余杭丙机械有限公司", mark=99), "表.xlsx": nomination(headers="甲|乙")},
        OWN | list_of(HERE) | {f"{FAR}/附件2.xlsx": nomination(nominated(1, NAMES[0], "海曙区", revenue="很多"))},
    ],
)
def test_every_open_error_is_counted_once_and_alike(files: Mapping[str, bytes]):
    results = computed(files)
    every = sum(issue.open_error for issue in results.issues)
    counts, cities = error_counts(results), city_returns(results, county_returns(results))
    assert every > 0
    assert sum(city.every_error for city in cities) + counts.experts + counts.others == every
    rows = _cities(results)
    assert sum(row["errors"] for row in rows) + sum(count for _, count in _other_errors(results, rows)) == every
    assert {row["city"]: row["errors"] for row in rows} == {city.city: city.every_error for city in cities}
