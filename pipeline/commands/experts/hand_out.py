"""experts: writes one workbook per expert from the nominated companies and a list of experts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import run
from pipeline.commands.experts.assignment import Assignment, assign
from pipeline.commands.experts.names import Expert, ExpertNamesRefused, read_expert_names
from pipeline.issues.words import listed
from pipeline.model.names import name_key
from pipeline.model.refusals import NothingToWorkOn
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.stages.checks.names import Named, near_names
from pipeline.writers.forms.expert_overview import OVERVIEW, OverviewRow, write_overview
from pipeline.writers.forms.expert_pack import PackCompany, pack_names, write_pack
from pipeline.writers.publishing.failures import PublishRefused
from pipeline.writers.publishing.manifest import HANDED_OUT, manifest_of, write_manifest
from pipeline.writers.publishing.publish import (
    check_target,
    publishing,
    recover,
    refuse_results_folder,
)
from pipeline.writers.publishing.targets import real, within


class NobodyNominated(NothingToWorkOn):
    """The input has no nominated company that could be marked."""


@dataclass(frozen=True)
class HandOut:
    """What was written. companies: how many are to be marked; remarks: Chinese sentences for the office; demo: the input is
    演示数据."""

    companies: int
    assignment: Assignment
    remarks: tuple[str, ...]
    demo: bool


def hand_out(
    root: Path, folder: Path, names: Path, rulebook: Rulebook, options: run.Options, per_company: int | None = None
) -> HandOut:
    """Replaces `folder` with a pack for every expert of the workbook `names` and 分配表.xlsx. Each company goes to
    `per_company` experts, or to all who may mark it.

    Raises ExpertNamesRefused, TooFewExperts, NobodyNominated, run.NothingReadable, and PublishRefused, PublishBusy or
    PublishFailed when `folder` cannot be replaced, for example because somebody has filled in a pack in it."""
    recover(folder)
    check_target(folder, root)
    refuse_results_folder(folder)
    if within(real(names), real(folder)):
        raise PublishRefused(f"专家名单“{names.name}”放在了要写入的文件夹里，请移到别处再运行。")
    experts = read_expert_names(names, rulebook)
    results = run.compute([root], rulebook, options)
    companies = _to_be_marked(results)
    barred, remarks = _barred(experts, companies, results, names)
    by_key = {company.key: company for company in companies}
    assignment = assign(list(by_key), [expert.name for expert in experts], barred, per_company)
    remarks = (*_on_comparing(assignment, per_company), *remarks)
    packs = {
        expert: tuple(PackCompany(*by_key[key][1:]) for key in keys) for expert, keys in assignment.companies.items()
    }
    with publishing(folder) as building:
        _write(building, experts, packs, assignment, remarks, results)
    return HandOut(len(companies), assignment, remarks, results.standing.demo)


def _write(
    building: Path,
    experts: Sequence[Expert],
    packs: dict[str, tuple[PackCompany, ...]],
    assignment: Assignment,
    remarks: Sequence[str],
    results: Results,
) -> None:
    rulebook, demo = results.rulebook, results.standing.demo
    files = pack_names([expert.name for expert in experts])
    group_of = {name: number for number, group in enumerate(assignment.groups, start=1) for name in group}
    rows = []
    for expert in experts:
        write_pack(building / files[expert.name], expert.name, packs[expert.name], rulebook, demo)
        regions = [f"{region.city}{region.county}" for region in expert.regions]
        barred = "、".join([*expert.companies, *regions])
        row = (expert.name, expert.employer, barred, files[expert.name], group_of[expert.name], packs[expert.name])
        rows.append(OverviewRow(*row))
    write_overview(building / OVERVIEW, rows, remarks, rulebook, demo)
    standing = {"label": results.standing.label, "final": False, "reasons": []}
    write_manifest(building, {**manifest_of(results), "standing": standing, HANDED_OUT: True})


def _to_be_marked(results: Results) -> list[Named]:
    """The companies that are nominated, not refused and not 剔除. Raises NobodyNominated."""
    table = results.enterprises
    table = table[table["nominated"] & ~table["refused"] & ~table["excluded"]]
    if table.empty:
        raise NobodyNominated("材料里没有推荐的企业（附件2没有收到，或全部不予推荐、已剔除），没有可评的，没有写出。")
    return [Named(*row) for row in table[list(Named._fields)].itertuples(index=False)]


def _barred(
    experts: Sequence[Expert], companies: Sequence[Named], results: Results, names: Path
) -> tuple[dict[str, set[str]], tuple[str, ...]]:
    """Expert -> keys of the companies he may not mark: his employer, those named, and those of the regions named; and
    a remark for every unknown name. Raises ExpertNamesRefused for an unknown name that resembles a nominated company's."""
    known, every = {company.key for company in companies}, set(results.enterprises["key"])
    unknown = sorted({name for expert in experts for name in expert.companies if name_key(name) not in every})
    asked = [Named(name_key(name), name) for name in unknown]
    near = near_names(asked, companies, results.rulebook)
    doubtful = [f"「{one.company}」（相近的有：{listed(near[one.key], '家')}）" for one in asked if near.get(one.key)]
    if doubtful:
        raise ExpertNamesRefused(
            f"专家名单“{names.name}”中要回避的企业，推荐名单里没有完全一样的：{listed(doubtful, '家', separator='；')}。"
            "请改成与附件2完全一致的名称；确实不是同一家的，请从名单中删去。"
        )
    _ask_about_employers(experts, companies, results.rulebook, names)
    barred: dict[str, set[str]] = {}
    for expert in experts:
        named = {name_key(name) for name in (expert.employer, *expert.companies)}
        regions = set(expert.regions)
        barred[expert.name] = named & known | {
            row.key for row in companies if {(row.city, row.county), (row.city, "")} & regions
        }
    remarks = [f"专家名单中要回避的企业“{name}”不在推荐名单里，没有用上。" for name in unknown]
    return barred, tuple(remarks)


def _ask_about_employers(
    experts: Sequence[Expert], companies: Sequence[Named], rulebook: Rulebook, names: Path
) -> None:
    """Raises ExpertNamesRefused for an employer that contains or resembles a nominated company's name, unless the expert
    is barred from that company: the employer may be a part of it, and nobody may mark the company he works for."""
    keys = {company.key for company in companies}
    employers = {name_key(expert.employer): expert.employer for expert in experts if expert.employer}
    strange = {key: name for key, name in employers.items() if key not in keys}
    asked = [Named(key, name) for key, name in sorted(strange.items())]
    near = near_names(asked, companies, rulebook)
    doubtful = []
    for expert in experts:
        key = name_key(expert.employer)
        if key not in strange:
            continue
        contained = [row.company for row in companies if row.key in key]
        barred = {name_key(name) for name in expert.companies}
        candidates = [name for name in dict.fromkeys([*contained, *near.get(key, ())]) if name_key(name) not in barred]
        if candidates:
            named = listed(candidates, "家")
            doubtful.append(f"{expert.cell} {expert.name}的单位「{expert.employer}」（相近的有：{named}）")
    if doubtful:
        raise ExpertNamesRefused(
            f"专家名单“{names.name}”中，有的单位与推荐的企业名称相近，看不出要不要回避：{listed(doubtful, '位', separator='；')}。"
            "要回避的，请把企业全称写进“回避企业”；确实无关的，请清空“单位”一格。"
        )


def _on_comparing(assignment: Assignment, per_company: int | None) -> tuple[str, ...]:
    """Remarks on how even the loads are and whether the panels allow the experts' leniency to be compared."""
    fewest, most = assignment.loads
    remarks = []
    if per_company and most - fewest > 1:
        remarks.append(f"因为要回避的企业多，各专家评的家数不能更平均：最少 {fewest} 家，最多 {most} 家。")
    groups = len(assignment.groups)
    if groups == 1:
        remarks.append("各专家评的企业互有重叠，汇总时可以比较各专家打分的宽严。")
    else:
        remarks.append(
            f"各专家评的企业没有都连起来，分成互不重叠的 {groups} 组，汇总时只能在组内比较宽严；每家企业多安排一位专家（--per-company）可以改善。"
        )
    return tuple(remarks)
