"""The story on one page: a folder of workbooks in, the province's ranking and every workbook out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.issues.issue import Issue, numbered, sort_key
from pipeline.issues.words import listed
from pipeline.model.decisions import NAMED_FILE, WORKBOOK_NAME
from pipeline.model.forms import READABLE_KINDS
from pipeline.model.refusals import NothingToWorkOn
from pipeline.model.results import Results, Standing
from pipeline.model.returns import counties_not_heard_from
from pipeline.model.rulebook import Rulebook
from pipeline.published import Published, check_scopes, published, snapshot_of_folder, snapshot_of_results
from pipeline.readers.intake.inbox import Candidate, find_all, with_distinct_paths
from pipeline.readers.intake.workers import read_files
from pipeline.readers.settling.gather import Gathered, gather
from pipeline.stages import merging, panel, progress, scoring
from pipeline.stages.checks.all import checked
from pipeline.stages.checks.material import Material
from pipeline.stages.checks.too_much import too_much
from pipeline.stages.comparison import compare
from pipeline.stages.confidence.study import confidence_of
from pipeline.stages.evidence import paper_demands, seen_papers
from pipeline.stages.orders import compare_orders
from pipeline.stages.selection import select, selection_issues
from pipeline.stages.statements import explain, noted
from pipeline.stages.unanswered import unanswered
from pipeline.stages.visits import Known, draw_visits
from pipeline.writers import output
from pipeline.writers.problems.workbook import write_problems
from pipeline.writers.publishing.failures import PublishFailed, PublishRefused
from pipeline.writers.publishing.history import History
from pipeline.writers.publishing.manifest import manifest_of, write_manifest
from pipeline.writers.publishing.publish import (
    check_target,
    publishing,
    recover,
    refuse_other_scope,
    refuse_trial_over_final,
    withdraw,
)
from pipeline.writers.publishing.targets import real

PROBLEMS = "问题清单.xlsx"

Progress = Callable[[str, int, int], None]  # step, files done, files in all


class NothingReadable(NothingToWorkOn):
    """The input holds no form that could be read; the issues of `results` say why, file by file."""

    def __init__(self, results: Results) -> None:
        super().__init__("输入文件夹里没有一份能读取的表。")
        self.results = results


class NotFinal(Exception):
    """A 正式 output was asked for and the results are only a 试算; `results.standing.reasons` say why."""

    def __init__(self, results: Results) -> None:
        super().__init__("还不能生成正式结果。")
        self.results = results


@dataclass(frozen=True)
class Options:
    """How a run is carried out. jobs: working processes, which never change a result. date: printed on every output;
    the rulebook's date when empty. decisions: the workbook of signed decisions when it lies outside the input. final:
    OUTPUT is written only as 正式. previous: an earlier output folder; what moved since is written too. history: where the
    output that is replaced is kept; without it that one is removed. instead: path
    inside the input -> file that is read instead of it, or in addition when the input has no such path."""

    jobs: int
    date: str = ""
    decisions: Path | None = None
    final: bool = False
    previous: Path | None = None
    history: History | None = None
    instead: Mapping[str, Path] = field(default_factory=dict)
    on_progress: Progress = lambda step, done, total: None

    @property
    def decisions_path(self) -> str:
        """What the file of decisions is called in every list: 人工决定.xlsx, or the name of the one that was named instead.
        No file is known by it."""
        return f"{NAMED_FILE}{self.decisions.name}" if self.decisions else WORKBOOK_NAME


def report(root: Path, target: Path, rulebook: Rulebook, options: Options) -> Results:
    """Reads `root`, computes the results, and replaces the folder `target` with the finished outputs.

    Raises NothingReadable; NotPublished, of `options.previous`; NotFinal, with `options.final`, after writing the open
    issues into the folder `refused_beside(target)`; PublishRefused, PublishBusy or PublishFailed when `target` cannot
    be replaced."""
    recover(target)
    with suppress(PublishRefused, PublishFailed):  # reported only if the folder has to be written
        recover(refused_beside(target))
    check_target(target, root)
    if options.history:
        options.history.check(root)
    previous = published(options.previous) if options.previous else None
    if previous:
        check_scopes(previous.scope, rulebook.scope_name)
    try:
        results = compute([root], rulebook, options)
        if options.final and not results.standing.final:
            raise NotFinal(results)
    except (NothingReadable, NotFinal) as refusal:
        if options.final:
            _publish_refusal(refused_beside(target), root, refusal.results)
        raise
    results = studied(results)
    if previous:
        results = _compared(results, previous)
    with publishing(target, options.history) as folder:
        refuse_other_scope(target, rulebook.scope_name)
        refuse_trial_over_final(target, results.standing)
        output.write_all(folder, results, options.jobs, options.on_progress)
    if options.final:
        withdraw(refused_beside(target))
    return results


def studied(results: Results) -> Results:
    """The results with what only a report shows and no score depends on: the comparison of the experts, the confidence of
    the ranks, and the companies to visit."""
    scores, totals, marks, rulebook = results.scores, results.totals, results.marks, results.rulebook
    experts = panel.compare_experts(marks, totals, rulebook) if len(marks) else None
    confidence = confidence_of(scores, totals, marks, results.enterprises, rulebook)
    known = Known(totals, results.demands, results.files, results.issues, results.signed, confidence)
    return replace(results, panel=experts, confidence=confidence, visits=draw_visits(known, rulebook))


def _compared(results: Results, previous: Published) -> Results:
    """The results with what moved since the output `previous`, its date and the SHA-256 of its manifest."""
    comparison = compare(snapshot_of_folder(previous), snapshot_of_results(results), results.rulebook)
    return replace(
        results, comparison=comparison, previous={"date": previous.manifest["date"], "manifest": previous.sha256}
    )


def refused_beside(target: Path) -> Path:
    """The folder beside `target` that gets 问题清单.xlsx when the results cannot be 正式."""
    target = real(target)
    return target.with_name(f"{target.name}_未通过")


def _publish_refusal(folder: Path, root: Path, results: Results) -> None:
    check_target(folder, root)
    with publishing(folder, keep_lock=False) as building:
        write_problems(building / PROBLEMS, results)
        write_manifest(building, manifest_of(results))


def compute(roots: list[Path], rulebook: Rulebook, options: Options) -> Results:
    """Reads the files below `roots` and works out every table and every issue; writes nothing. Raises NothingReadable."""
    readings = read_files(_candidates(roots, options), rulebook, options.jobs, partial(options.on_progress, "读取"))
    results = evaluate(gather(readings, rulebook, options.date), options)
    if not results.files["kind"].isin(READABLE_KINDS).any():
        raise NothingReadable(results)
    return results


def _candidates(roots: list[Path], options: Options) -> list[Candidate]:
    """The files to read, sorted by path; a workbook of decisions that was named separately comes last. Decisions count from
    that one, or without it from the one of their name in the top level; a file of the input that is called like the one
    that was named is another file."""
    candidates = [candidate for candidate in find_all(roots) if candidate.path not in options.instead]
    candidates += [Candidate(path, str(file)) for path, file in options.instead.items()]
    candidates.sort(key=lambda candidate: candidate.path)
    if options.decisions is None:
        return [replace(candidate, decisions=candidate.path == WORKBOOK_NAME) for candidate in candidates]
    named = {os.path.abspath(options.decisions), os.path.realpath(options.decisions)}
    if any(candidate.source in named for candidate in candidates):  # it lies in the input
        return [replace(candidate, decisions=candidate.source in named) for candidate in candidates]
    return with_distinct_paths([*candidates, Candidate(options.decisions_path, str(options.decisions), decisions=True)])


def evaluate(gathered: Gathered, options: Options) -> Results:
    """Merges the marks, scores, ranks and checks what was gathered; a pure function."""
    companies, rulebook = gathered.enterprises, gathered.rulebook
    marked, mark_issues = merging.merge_marks(gathered.marks, companies, rulebook)
    has_marks = merging.has_marks(gathered.marks)
    scores = merging.add_expert_scores(scoring.score_items(gathered.answers, companies, rulebook), marked)
    totals = scoring.total(scores, companies, rulebook, has_marks)
    selected = select(totals, rulebook)
    regions, pool_issues = progress.summarise(gathered.pool_counts, gathered.pool_names, rulebook)
    material = Material(
        rulebook,
        companies,
        gathered.answers,
        totals,
        tuple(gathered.pool_names),
        tuple(gathered.strangers),
        gathered.instead,
    )
    raised = [*gathered.issues, *checked(material), *mark_issues, *pool_issues, *selection_issues(selected)]
    issues, remarks = _settled_issues(gathered, [*raised, *unanswered(gathered.marks, companies)], rulebook)
    papers = seen_papers(gathered.papers, rulebook)
    return Results(
        rulebook=rulebook,
        date=options.date or rulebook.date.isoformat(),
        standing=_standing(gathered, issues, has_marks, rulebook),
        enterprises=scoring.ordered(companies, totals),
        answers=scoring.ordered(gathered.answers, totals, rulebook),
        marks=scoring.ordered(gathered.marks, totals, rulebook),
        scores=scoring.ordered(scores, totals, rulebook),
        totals=totals,
        selected=selected,
        regions=regions,
        recognised=gathered.recognised,
        files=noted(gathered.files, remarks),
        issues=issues,
        tie_notes=scoring.tie_notes(scores, totals, rulebook),
        nil_returns=gathered.nil_returns,
        lists=gathered.lists,
        strays=gathered.strays,
        senders=gathered.senders,
        orders=compare_orders(totals, companies, rulebook.region_order),
        decisions=gathered.decided.rows(),
        signed=gathered.decided.signed(),
        rivals=gathered.rivals,
        papers=papers,
        demands=paper_demands(papers, gathered.answers, totals, rulebook),
        whole_files=gathered.whole_files,
        originals=gathered.originals,
        costs=gathered.costs,
        sources=gathered.sources,
        further=gathered.further,
    )


def _settled_issues(gathered: Gathered, raised: list[Issue], rulebook: Rulebook) -> tuple[list[Issue], dict[str, str]]:
    """Every issue as it is listed: limited, numbered, accepted and explained, with those of decisions that met nothing; and
    what became of the explanations of each file."""
    key = partial(sort_key, rank_of_region=rulebook.region_order.rank)
    listed_issues = numbered(sorted([*raised, *too_much(raised, gathered.files)], key=key))
    explained = explain(gathered.decided.accepted(listed_issues), gathered.statements)
    left_over = numbered(sorted(gathered.decided.left_over(), key=key))
    return sorted([*explained.issues, *explained.said, *left_over], key=key), explained.remarks


def _standing(gathered: Gathered, issues: list[Issue], has_marks: bool, rulebook: Rulebook) -> Standing:
    """正式 when no 错误 is open, no expected county is missing and every assumed ruling is confirmed; else 试算."""
    reasons = []
    if errors := sum(issue.open_error for issue in issues):
        reasons.append(f"还有 {errors} 处错误没有改正")
    missing = counties_not_heard_from(gathered.enterprises, gathered.lists, gathered.nil_returns, rulebook)
    if missing:
        reasons.append(f"还有 {len(missing)} 个区县没有报送推荐排序表（{listed(missing, unit='')}）")
    if assumed := rulebook.assumed_rulings:
        reasons.append(f"还有 {len(assumed)} 条规则是暂定的，未经确认")
    return Standing(not reasons, tuple(reasons), has_marks, gathered.demo, tuple(missing))
