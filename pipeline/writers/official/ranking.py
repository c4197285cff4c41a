"""附件2_推荐排序表.xlsx, with 排名 and 说明, and 公示名单.xlsx."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline.model.display import long_date
from pipeline.model.forms import FILE_KINDS
from pipeline.model.results import Results
from pipeline.model.selected import SELECTED
from pipeline.model.stamps import CITY_LIST_PROPERTY, CITY_LIST_STAMP, OUTPUT_PROPERTY
from pipeline.model.tables import STATUS_ORDER
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import rows_of, with_distinct_totals, write_block, write_listing
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import output_book, stamp_line, titled
from pipeline.writers.book.workbook import Book
from pipeline.writers.layout.audit import FIRST_SCORE_ROW
from pipeline.writers.layout.common import RULINGS
from pipeline.writers.layout.companies import company_rows, item_scores
from pipeline.writers.layout.official import (
    CREDIT_CODE,
    PUBLIC_LIST,
    SIGNED_DECISIONS,
    TIES,
    nomination_columns,
    ranking_columns,
)
from pipeline.writers.layout.rules import ruling_rows, signed_decision_rows
from pipeline.writers.layout.selection import LINES, line_rows, public_sentence, selection_sentence
from pipeline.writers.official.form import CityList, write_official_form
from pipeline.writers.official.questioned import questioned_figures
from pipeline.writers.official.twins import write_list_twin, write_public_twin

_INTERNAL = "“附件2”表含联系人和电话，只供内部使用；可公开的是《公示名单》。各项得分见“排名”表。"

_FOR_THE_PROVINCE = "本表含联系人和电话，只供内部使用。报省时请把本文件原样放进省里收件文件夹中本市的文件夹；省里只读“附件2”表，不读“排名”“说明”。"
_EXPLANATION_WIDTH = 84  # narrow characters
_PROVISIONAL = "暂排"  # instead of a 序号, which would be read as one
_LISTED, _REFUSED = (
    ("已排名", "暂排", "未评分"),
    ("不予推荐",),
)  # the province has to know whom a city's counties refuse


def write_nomination(path: Path, results: Results) -> None:
    """Writes the workbook with 附件2 (the official form, with contacts), 排名 (every score and rank) and 说明."""
    companies = company_rows(results.totals, results.enterprises)
    city_list = _city_list(results)
    stamp = CITY_LIST_PROPERTY if city_list else OUTPUT_PROPERTY
    with output_book(path, results.date, results.rulebook.titles.nomination, results.standing, stamp=stamp) as book:
        listed = companies[companies["status"].isin([*_LISTED, *(_REFUSED if city_list else ())])]
        if city_list:
            listed = _handed_on(listed)
        columns = nomination_columns(results.rulebook)
        if city_list and listed["nominated_code"].any():
            columns = (*columns, CREDIT_CODE)
        questioned = questioned_figures(results.enterprises, results.issues, results.standing)
        note = f"{stamp_line(results.standing, CITY_LIST_STAMP)}{_FOR_THE_PROVINCE}" if city_list else ""
        write_official_form(
            book,
            results.rulebook,
            results.standing,
            listed,
            columns,
            questioned,
            city_list=city_list,
            date=results.date,
            note=note,
        )
        _write_ranking(book, results, companies)
        _write_explanation(book, results)
        write_list_twin(book, results, listed, columns)


def _handed_on(companies: pd.DataFrame) -> pd.DataFrame:
    """The companies as a city's list has them: without a number for those 暂排, and with the code that their counties' lists
    give, unless several have it. The codes of one sender's list say whose names are one company's: those of two counties
    may not say it because the city hands them on."""
    order = companies["order"].where(companies["status"] != _PROVISIONAL, _PROVISIONAL)
    codes = companies["nominated_code"].mask(companies["nominated_code"].duplicated(keep=False), "")
    return companies.assign(order=order, nominated_code=codes)


def _city_list(results: Results) -> CityList | None:
    """What the list of a city's run has for the province; None for a run of the province."""
    if not results.rulebook.scope.city:
        return None
    rank = results.rulebook.region_order.rank
    return CityList([county for _, county in sorted(results.nil_returns, key=lambda region: rank(*region))])


def _write_ranking(book: Book, results: Results, companies: pd.DataFrame) -> None:
    """Sheet 排名: every company with its scores, except those that nobody nominated, and whether it is selected."""
    nominated = companies[companies["status"] != "未推荐"]
    columns = ranking_columns(results.rulebook, not results.standing.final, results.selected.asked_for)
    frozen = [column.id for column in columns].index("company") + 1
    scores = item_scores(results.scores, nominated["key"], results.rulebook, ["score"])
    rows = [f"审计底稿 得分 第 {FIRST_SCORE_ROW + number} 行" for number in nominated.index]
    nominated = nominated.assign(audit_row=rows, **results.selected.fields_of(nominated["key"]))
    table = with_distinct_totals(pd.concat([nominated, scores], axis=1))
    write_listing(book, "排名", columns, rows_of(table, columns), results.standing, frozen_columns=frozen)


def write_public_list(path: Path, results: Results) -> None:
    """Writes what may be published: order, city, county and name of the companies selected, or 已排名 when the rulebook
    selects nobody."""
    listed = _public(results)
    columns = PUBLIC_LIST
    title = results.rulebook.titles.public_list
    with output_book(path, results.date, title, results.standing) as book:
        sheet = book.sheet("公示名单", header_rows=(2, 2))
        book.merge(sheet, (0, 0, 0, 3), titled(title, results.standing, ranking=True), "title", height=34)
        book.merge(sheet, (1, 0, 1, 3), long_date(results.date), "dated", height=20)
        book.header(sheet, 2, columns, height=24)
        sheet.freeze_panes(3, 0)
        listed = listed.assign(order=range(1, len(listed) + 1))
        last = book.rows(sheet, 3, columns, rows_of(listed, columns))
        if not len(listed):
            empty = "没有拟认定的企业" if results.selected.asked_for else "没有已排名的企业"
            book.merge(sheet, (last, 0, last, 3), empty, "center", height=22)
        _write_public_explanation(book, results)
        write_public_twin(book, results, listed, columns)


def _write_public_explanation(book: Book, results: Results) -> None:
    """Sheet 说明 of 公示名单: where it comes from and whom it lists."""
    sheet = book.sheet("说明")
    book.widths(sheet, [_EXPLANATION_WIDTH])
    for row, text in enumerate((stamp_line(results.standing), public_sentence(results))):
        book.put(sheet, row, 0, text, "plain")
        sheet.set_row(row, 17 * lines_in(text, _EXPLANATION_WIDTH))


def _public(results: Results) -> pd.DataFrame:
    """The companies that may be published, by city and county and within it by name, or by rank."""
    totals = results.totals[results.totals["status"] == STATUS_ORDER[0]]
    if results.selected.asked_for:
        totals = totals[totals["key"].isin(results.selected.in_state(SELECTED)["key"])]
    if results.rulebook.public_list.order == "rank":
        return totals
    rank = results.rulebook.region_order.rank
    names = zip(*(totals[name].tolist() for name in ("city", "county", "company", "key")), strict=True)
    keys = [(rank(city, county), company, key) for city, county, company, key in names]
    return totals.iloc[sorted(range(len(keys)), key=keys.__getitem__)]


def _write_explanation(book: Book, results: Results) -> None:
    """Sheet 说明: 试算 or 正式 and why, counts, the rulings in force, decisions, ties across the limits of bands."""
    sheet = book.sheet("说明", landscape=True)
    title = titled(results.rulebook.titles.nomination, results.standing, ranking=True)
    book.merge(sheet, (0, 0, 0, 4), f"{title}说明", "title", height=34)
    row = _write_lines(book, sheet, 1, _sentences(results))
    row = write_block(book, sheet, row + 1, "评分规则", RULINGS, ruling_rows(results.rulebook))
    if results.decisions:
        row = write_block(book, sheet, row, "人工决定", SIGNED_DECISIONS, signed_decision_rows(results))
    if results.selected.asked_for:
        row = write_block(book, sheet, row, "拟认定的名额和分数线", LINES, line_rows(results.selected))
    labels = results.rulebook.labels
    ties = [(labels[note.indicator], note.part.upper(), note.band, note.rank, note.size) for note in results.tie_notes]
    if ties:
        write_block(book, sheet, row, "跨越等级界限的并列企业（数值相同的名次并列，同得一个等级）", TIES, ties)
    else:
        book.put(sheet, row, 0, "没有并列企业跨越等级界限。", "stamp")


def _write_lines(book: Book, sheet: LiveSheet, top: int, sentences: list[str]) -> int:
    """Writes each sentence into a line merged over the sheet's five columns; returns the row after the last."""
    width = sum(column.width for column in RULINGS)
    for row, sentence in enumerate(sentences, start=top):
        book.merge(sheet, (row, 0, row, 4), sentence, "plain", height=17 * lines_in(sentence, width))
    return top + len(sentences)


def _sentences(results: Results) -> list[str]:
    rulebook, standing = results.rulebook, results.standing
    counts = results.totals["status"].value_counts()
    statuses = "，".join(f"{status} {counts[status]} 家" for status in STATUS_ORDER if status in counts)
    kinds = results.files.groupby("kind", sort=True)["path"].nunique()
    files = "，".join(f"{label}（{kinds[kind]} 个）" for kind, label in FILE_KINDS.items() if kind in kinds)
    marks = (
        f"专家评分已计入总分（{rulebook.total_points} 分）。"
        if standing.has_marks
        else f"没有收到专家评分，按客观分（{rulebook.objective_points} 分）排名。"
    )
    return [
        stamp_line(standing),
        _INTERNAL,
        f"性质：{standing.label}。" + ("；".join(standing.reasons) + "。" if standing.reasons else ""),
        f"企业：{statuses or '没有企业'}。{marks}",
        selection_sentence(results),
        f"来源文件：{files or '没有文件'}。",
        f"规则文件：{rulebook.id}（版本 {rulebook.version}），依据{rulebook.source}。",
        "序号为全部已排名企业由高到低的顺序；暂排企业有未得分的项，列在其后，括号内是按现有得分可排到的名次。",
    ]
