"""next-year: from a year's final output, next year's rulebook, blank forms, and a list of what a person must settle."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.commands.blank_forms import write_forms
from pipeline.commands.verify import Verdict, check_files
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.next_rulebook import Counts, NextYear, next_rulebook
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import RULEBOOKS, content_of, load_rulebook
from pipeline.model.selected import SELECTED, UNDECIDED
from pipeline.published import Published, published
from pipeline.writers.forms.next_year import POOL_START, TO_SETTLE, Start, Task, write_pool_start, write_to_settle
from pipeline.writers.publishing.failures import explained, locked
from pipeline.writers.publishing.targets import check_folder, overlap, real

FORMS_FOLDER = "空白表"
_RANKED = "已排名"


class NextYearRefused(Refused):
    """Next year cannot be made from this output, or not in this folder; the text says why."""


class Made(NamedTuple):
    """What was written. rulebook: next year's; file, forms, pool, to_settle: the names of what lies in the folder; tasks: how
    many things a person must settle."""

    rulebook: Rulebook
    tasks: int
    file: str
    forms: str = FORMS_FOLDER
    pool: str = POOL_START
    to_settle: str = TO_SETTLE


def make_next_year(output: Path, folder: Path, rulebook_path: Path | None = None) -> Made:
    """Writes next year's folder from the final output of this year. rulebook_path: the rulebook of the output; without
    it that of `pipeline/rulebooks/` with the fingerprint of the manifest.

    Raises NextYearRefused, NotPublished, RulebookError and NotShiftable; PublishRefused, PublishBusy and PublishFailed when
    the folder cannot be written. Then nothing is written."""
    verdict, manifest = check_files(output)
    _check_output(output, verdict, manifest)
    path = rulebook_path or _rulebook_of(manifest)
    this_year = load_rulebook(path)
    _check_rulebook(this_year, path, manifest, output)
    target = _checked_target(folder, output)
    results = published(output)
    start = _start_of(results, this_year)
    change = NextYear(this_year, _counts(results, this_year, start), _targets(results, this_year), _origin(results))
    text = next_rulebook(content_of(path).decode("utf-8-sig"), change)
    with explained(target), locked(target, keep_lock=False):
        return _written(target, text, change, start, results)


def _check_output(output: Path, verdict: Verdict, manifest: Mapping[str, Any]) -> None:
    """Raises NextYearRefused for an output that was changed, or that is no final one of the whole province."""
    if not verdict.whole:
        names = listed(map(mask_phones, (*verdict.changed, *verdict.missing, *verdict.surplus)), "个")
        raise NextYearRefused(
            f"“{output}”与生成时的清单不符（{names}），不能作为下一年的起点。请先用 verify 核对，恢复原样或重新生成。"
        )
    standing = manifest["standing"]
    if not standing.get("final"):
        raise NextYearRefused(
            f"“{output}”是{standing.get('label', '试算')}，不是正式结果，不能作为下一年的起点。请先用 --final 生成正式结果。"
        )


def _rulebook_of(manifest: Mapping[str, Any]) -> Path:
    """The rulebook of the program with the fingerprint of the manifest."""
    wanted = manifest["rulebook"].get("sha256")
    for path in sorted(RULEBOOKS.glob("*.toml")):
        if hashlib.sha256(content_of(path)).hexdigest() == wanted:
            return path
    raise NextYearRefused(
        f"这份结果用的规则文件“{manifest['rulebook'].get('id', '')}”不在程序里，或后来改过，请用 --rulebook 写明当时的规则文件。"
    )


def _check_rulebook(rulebook: Rulebook, path: Path, manifest: Mapping[str, Any], output: Path) -> None:
    if rulebook.sha256 != manifest["rulebook"].get("sha256"):
        raise NextYearRefused(
            f"“{path}”不是“{output}”当时用的规则文件（或后来改过），请用 --rulebook 写明当时的那一份。"
        )
    scope = manifest.get("scope", rulebook.province)
    if scope != rulebook.province:
        raise NextYearRefused(f"“{output}”只是{scope}的结果，下一年的规则文件要从全省的正式结果生成。")


def _checked_target(folder: Path, output: Path) -> Path:
    """The folder, links resolved. Raises NextYearRefused, and PublishRefused where no command may write."""
    if overlap(real(folder), real(output)):
        raise NextYearRefused(f"“{folder}”与结果文件夹“{output}”相同或互相包含，请另选一个空文件夹。")
    target = check_folder(folder)
    if target.exists() and any(os.scandir(target)):
        raise NextYearRefused(f"“{folder}”里已有文件，没有写入。请另选一个空文件夹。")
    return target


def _written(target: Path, text: str, change: NextYear, start: Start, results: Published) -> Made:
    """Builds the folder beside its place and puts it there whole."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as scratch:
        made = Path(scratch) / target.name
        made.mkdir()
        rulebook_path = made / f"{change.id}.toml"
        rulebook_path.write_text(text, encoding="utf-8", newline="\n")
        rulebook = load_rulebook(rulebook_path)
        tasks = list(_tasks(rulebook, change.rulebook, start, results))
        write_to_settle(made / TO_SETTLE, rulebook, tasks, start)
        write_pool_start(made / POOL_START, rulebook, start.demo)
        write_forms(made / FORMS_FOLDER, rulebook)
        for lock in made.glob(".*.lock"):
            lock.unlink()
        if target.exists():
            target.rmdir()
        shutil.move(made, target)
    return Made(rulebook, len(tasks), rulebook_path.name)


# ---------------------------------------------------------------- what this year added


def _start_of(results: Published, rulebook: Rulebook) -> Start:
    """How many companies of each city count for the pool: the selected, or all that are ranked when nobody was selected."""
    table = results.selection
    if table is None:
        ranked = results.totals[results.totals["status"] == _RANKED]
        cities, basis = ranked["city"].tolist(), f"{rulebook.year} 年没有设定拟认定名额或分数线，按全部已排名企业计。"
    else:
        cities = table.loc[table["state"] == SELECTED, "city"].tolist()
        basis = f"按 {rulebook.year} 年拟认定的企业计。"
        if open_names := table.loc[table["state"] == UNDECIDED, "company"].tolist():
            basis += f"名额线上待定的 {len(open_names)} 家没有计入：{listed(open_names, '家')}。"
    counted = Counter(cities)
    if unknown := sum(count for city, count in counted.items() if city not in rulebook.city_names):
        basis += f"另有 {unknown} 家没有写明所属的市，没有计入。"
    counts = {city: counted[city] for city in rulebook.city_names}
    return Start(rulebook.year, basis, counts, bool(results.manifest.get("demo")))


def _counts(results: Published, rulebook: Rulebook, start: Start) -> Counts:
    """Level -> next year's years of 附件3 -> city -> new companies: the earlier years as this year's output has them, and
    this year's own. A blank stays one."""
    counts: dict[str, dict[str, Mapping[str, int]]] = {}
    for level in rulebook.pool.levels:
        earlier = {str(year): _figures(results, rulebook, level.id, str(year)) for year in rulebook.pool.years[1:]}
        counts[level.id] = {year: figures for year, figures in earlier.items() if figures}
        if rulebook.pool.years[-1] + 1 == rulebook.year:
            counts[level.id][str(rulebook.year)] = dict(start.counts)
    return counts


def _targets(results: Published, rulebook: Rulebook) -> dict[str, Mapping[str, int]]:
    """Level -> city -> the target that this year's 附件3 has, or else that of the rulebook."""
    return {
        level.id: _figures(results, rulebook, level.id, "target") or level.targets for level in rulebook.pool.levels
    }


def _figures(results: Published, rulebook: Rulebook, level: str, item: str) -> dict[str, int]:
    """City -> the figure of this year's 附件3, in the notice's order; without the blank ones."""
    table = results.progress
    rows = table[(table["level"] == level) & (table["item"] == item)]
    values = dict(zip(rows["region"].tolist(), rows["value"].tolist(), strict=True))
    found = {city: values.get(city, float("nan")) for city in rulebook.city_names}
    return {city: int(value) for city, value in found.items() if not isnan(value)}


def _origin(results: Published) -> str:
    manifest = results.manifest
    return (
        f"from the final output of {manifest['rulebook'].get('id', '')} (SHA-256 of its manifest {results.sha256[:16]}). "
        f"Nothing here was checked against the new notice yet: see {TO_SETTLE}."
    )


# ---------------------------------------------------------------- what a person must settle


def _tasks(rulebook: Rulebook, before: Rulebook, start: Start, results: Published) -> Iterator[Task]:
    """Everything that a new year needs from a person. rulebook: next year's; before: this year's."""
    file = f"{rulebook.id}.toml"
    yield Task(
        "通知原文",
        rulebook.source,
        f"找到 {rulebook.year} 年的通知，逐项对照规则文件：指标、分值、填表说明、三张附件的栏目和文字是否有变。",
        f"{file} 全文",
    )
    yield Task(
        "年度和日期",
        f"{rulebook.year} 年，日期 {rulebook.date.isoformat()}",
        "核对年度；日期改为通知的日期。",
        f"{file} 最上面的 year、date",
    )
    for name, title in ((name, title) for name, title in rulebook.titles.model_dump().items() if title):
        changed = title != getattr(before.titles, name)
        task = "年份已顺延一年，请与通知核对。" if changed else "没有年份，照旧；请与通知核对。"
        yield Task("标题", title, task, f"{file} [titles] {name}")
    yield _chasing_task(rulebook, before)
    yield from _pool_tasks(rulebook, _targets(results, before), start)
    yield from _ruling_tasks(rulebook, before, results)
    yield _selection_task(rulebook, start)
    yield _papers_task(rulebook)
    yield Task(
        "区划和市县名单",
        f"{len(rulebook.city_names)} 个市，{len(rulebook.expected_counties)} 个应报区县",
        "核对区划有没有调整（撤并、更名、新设），各功能区是否单独报送。",
        f"{file} counties、zones、old_names、[[cities]]",
    )
    yield Task(
        "空白表",
        f"“{FORMS_FOLDER}”文件夹",
        "以上各项定下来、规则文件改好以后，重新生成空白表再下发。",
        f"python -m pipeline forms {FORMS_FOLDER} --rulebook {file}",
    )
    yield Task(
        "启用",
        file,
        "全部办结以后，由维护人员把规则文件放进程序的规则文件夹，程序就默认用它。上一年的规则文件不改动、不删除。",
        "pipeline/rulebooks/",
    )


def _chasing_task(rulebook: Rulebook, before: Rulebook) -> Task:
    """The deadline, which is not handed on, and the persons to ask, who are."""
    due, chasing = before.chasing.deadline, rulebook.chasing
    known = [f"上一年截止 {due.isoformat()}，没有带入" if due else "没有写截止日期"]
    known += ["省里的联系人照旧"] if chasing.contact else []
    known += [f"各市联系人 {len(chasing.city_contacts)} 个，照旧"] if chasing.city_contacts else []
    task = "写上今年的截止日期，核对省里和各市的联系人；不写的，催报里就不说。"
    return Task("催报的截止日期和联系人", "；".join(known), task, f"{rulebook.id}.toml [chasing]")


def _papers_task(rulebook: Rulebook) -> Task:
    papers = "、".join(paper.label for paper in rulebook.papers)
    task = "与新通知的填表说明核对；核对现场核查的比例和理由。"
    return Task("佐证材料和核查", papers or "没有写", task, f"{rulebook.id}.toml [[papers]]、[visits]")


def _pool_tasks(rulebook: Rulebook, targets: Mapping[str, Mapping[str, int]], start: Start) -> Iterator[Task]:
    years = f"{rulebook.pool.years[0]}年-{rulebook.pool.years[-1]}年"
    for level in rulebook.pool.levels:
        where = f"{rulebook.id}.toml [[pool.levels]] {level.id}"
        yield Task(f"附件3标题（{level.id}）", level.title, "年份已顺延一年，请与通知核对。", f"{where} title")
        known = "，".join(f"{city} {target}" for city, target in targets[level.id].items()) or "无"
        target = rulebook.pool_words.label("target")
        yield Task(
            f"{target}（{level.id}）",
            "待定（空着）",
            f"填上各市 {years} 的{target}。上一年为：{known}。",
            f"{where} targets",
        )
        added = level.counts.get(str(start.year), {})
        counts = "，".join(f"{city} {count}" for city, count in added.items())
        task = f"{start.basis}请与认定文件核对；培育库以市、县实际入库为准的，改成实际的数。"
        yield Task(f"{start.year}年新增数（{level.id}）", counts or "没有", task, f"{where} counts；{POOL_START}")
        earlier_years = "、".join(year for year in level.counts if year != str(start.year))
        yield Task(
            f"以前各年新增数（{level.id}）",
            f"已带入：{earlier_years}" if earlier_years else "上一年没有收到，没有带入",
            "核对各市以前年度的新增数有没有更正。",
            f"{where} counts；{POOL_START}",
        )


def _ruling_tasks(rulebook: Rulebook, before: Rulebook, results: Published) -> Iterator[Task]:
    """Every ruling of next year, with what this year's output went by."""
    went_by = {entry["id"]: entry["adopted"] for entry in results.manifest.get("rulings", ())}
    decided = {
        entry["about"]: entry["decided"]
        for entry in results.manifest.get("decisions", ())
        if entry["kind"] == "规则确认"
    }
    for ruling in rulebook.rulings:
        used = decided.get(ruling.topic) or rulebook.adopted_alternative(ruling).sentence
        same = went_by.get(ruling.id, ruling.adopted) == ruling.adopted
        task = "新通知写明的，照通知改；没有写明的，由有权的人确认。"
        yield Task(
            f"规则：{ruling.topic}",
            ruling.sentence,
            f"{before.year} 年采用：{used}{'' if same else '（与左边不同，今年是否照旧请定）'}。{task}",
            f"{rulebook.id}.toml [[rulings]] {ruling.id}，或“规则确认”",
        )


def _selection_task(rulebook: Rulebook, start: Start) -> Task:
    selection = rulebook.selection
    quotas = {**selection.city_quotas, **selection.county_quotas}
    parts = [f"名额 {selection.places} 家"] if selection.places else []
    parts += [f"最低 {selection.least_score} 分"] if selection.least_score else []
    parts += ["，".join(f"{name} {quota} 家" for name, quota in quotas.items())] if quotas else []
    return Task(
        "拟认定的名额",
        "；".join(parts) or "没有设定",
        f"{start.year} 年计入 {sum(start.counts.values())} 家。定下新一年的名额或分数线、市县名额、并列怎样处理。",
        f"{rulebook.id}.toml [selection]，或“规则确认”",
    )
