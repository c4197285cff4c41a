"""The story on one page: a folder of workbooks in, the province's ranking and every workbook out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.issues.issue import Issue, numbered, sort_key
from pipeline.model.decisions import NAMED_FILE, WORKBOOK_NAME
from pipeline.model.results import Results, Standing
from pipeline.model.rulebook import Rulebook
from pipeline.published import NotPublished, Published, published, snapshot_of_folder, snapshot_of_results
from pipeline.readers.intake.inbox import Candidate, find_all
from pipeline.readers.intake.workers import read_files
from pipeline.readers.settling.gather import Gathered, gather
from pipeline.stages import merging, panel, progress, scoring
from pipeline.stages.checks.all import checked
from pipeline.stages.checks.lists import counties_not_heard_from
from pipeline.stages.checks.material import Material
from pipeline.stages.comparison import compare
from pipeline.stages.confidence.study import confidence_of
from pipeline.stages.statements import explain, noted
from pipeline.writers import output
from pipeline.writers.problems.workbook import write_problems
from pipeline.writers.publishing.failures import PublishBusy, PublishFailed
from pipeline.writers.publishing.manifest import MANIFEST, manifest_of, sha256_of, write_manifest
from pipeline.writers.publishing.publish import (
    PublishRefused,
    check_target,
    publishing,
    recover,
    refuse_trial_over_final,
    withdraw,
)

__all__ = [
    "NotFinal",
    "NotPublished",
    "NothingReadable",
    "Options",
    "PublishBusy",
    "PublishFailed",
    "PublishRefused",
    "compute",
    "evaluate",
    "report",
]

PROBLEMS = "问题清单.xlsx"
READABLE = ("assessment", "nomination", "marks", "pool")  # one sheet of these, and there is something to report

Progress = Callable[[str, int, int], None]


class NothingReadable(Exception):
    """The input holds no form that could be read. `results` tell of every file all the same."""

    def __init__(self, results: Results) -> None:
        super().__init__("输入文件夹里没有一份能读取的表。")
        self.results = results


class NotFinal(Exception):
    """Only a 正式 output was wanted and this would be a 试算; `results.standing.reasons` say why."""

    def __init__(self, results: Results) -> None:
        super().__init__("还不能生成正式结果。")
        self.results = results


@dataclass(frozen=True)
class Options:
    """How a run goes about it; nothing here changes a result, `date` (shown on every output) apart.

    final: OUTPUT is written only as 正式. previous: an earlier output to compare with; the comparison is written too.
    instead: path inside the input -> file that is read in its place, or beside the others when nothing stands there."""

    jobs: int
    date: str = ""
    decisions: Path | None = None
    final: bool = False
    previous: Path | None = None
    instead: Mapping[str, Path] = field(default_factory=dict)
    on_progress: Progress = lambda step, done, total: None

    @property
    def decisions_path(self) -> str:
        """The path under which decisions count: 人工决定.xlsx in the top level, or the file that was named instead."""
        return f"{NAMED_FILE}{self.decisions.name}" if self.decisions else WORKBOOK_NAME


def report(root: Path, target: Path, rulebook: Rulebook, options: Options) -> Results:
    """The main job: reads `root`, computes, and puts the finished folder in `target`'s place.

    Raises NothingReadable, NotPublished (of `options.previous`) or NotFinal (with `options.final`; what keeps the
    results from being 正式 then lies beside `target`), and PublishRefused, PublishBusy or PublishFailed when `target`
    cannot be replaced."""
    recover(target)
    with suppress(PublishRefused, PublishFailed):  # what is in its way is told when it is needed
        recover(refused_beside(target))
    check_target(target, root)
    previous = published(options.previous) if options.previous else None
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
    with publishing(target) as folder:
        refuse_trial_over_final(target, results.standing)
        output.write_all(folder, results, options.jobs, options.on_progress)
    if options.final:
        withdraw(refused_beside(target))
    return results


def studied(results: Results) -> Results:
    """The results with what only a report shows and no score hangs on: the experts beside each other, how sure the
    places are."""
    scores, totals, marks, rulebook = results.scores, results.totals, results.marks, results.rulebook
    experts = panel.compare_experts(marks, totals, rulebook) if results.standing.has_marks else None
    return replace(
        results, panel=experts, confidence=confidence_of(scores, totals, marks, results.enterprises, rulebook)
    )


def _compared(results: Results, previous: Published) -> Results:
    comparison = compare(snapshot_of_folder(previous), snapshot_of_results(results), results.rulebook)
    fingerprint = sha256_of(previous.folder / MANIFEST)
    return replace(
        results, comparison=comparison, previous={"date": previous.manifest["date"], "manifest": fingerprint}
    )


def refused_beside(target: Path) -> Path:
    """Where 问题清单 is written when `target` was to be 正式 and cannot be."""
    target = target.resolve()
    return target.with_name(f"{target.name}_未通过")


def _publish_refusal(folder: Path, root: Path, results: Results) -> None:
    check_target(folder, root)
    with publishing(folder, keep_lock=False) as building:
        write_problems(building / PROBLEMS, results)
        write_manifest(building, manifest_of(results))


def compute(roots: list[Path], rulebook: Rulebook, options: Options) -> Results:
    """Everything of a run but the files: every table and every issue. Raises NothingReadable."""
    progress_of = partial(options.on_progress, "读取")
    found = [candidate for candidate in find_all(roots) if candidate.path not in options.instead]
    found += [Candidate(path, str(file)) for path, file in options.instead.items()]
    candidates = sorted(found, key=lambda candidate: candidate.path)
    if options.decisions:
        candidates.append(Candidate(options.decisions_path, str(options.decisions)))
    readings = read_files(candidates, rulebook, options.jobs, progress_of)
    results = evaluate(gather(readings, rulebook, options.decisions_path), options)
    if not results.files["kind"].isin(READABLE).any():
        raise NothingReadable(results)
    return results


def evaluate(gathered: Gathered, options: Options) -> Results:
    """Scores, ranks, merges and checks what was gathered; pure."""
    companies, rulebook = gathered.enterprises, gathered.rulebook
    marked, mark_issues = merging.merge_marks(gathered.marks, companies, rulebook)
    has_marks = merging.has_marks(gathered.marks)
    scores = merging.add_expert_scores(scoring.score_items(gathered.answers, companies, rulebook), marked)
    totals = scoring.total(scores, companies, rulebook, has_marks)
    regions, pool_issues = progress.summarise(gathered.pool_counts, gathered.pool_names, rulebook)
    material = Material(
        rulebook, companies, gathered.answers, totals, tuple(gathered.pool_names), tuple(gathered.strangers)
    )
    issues = numbered(
        sorted(
            [
                *gathered.issues,
                *checked(material),
                *mark_issues,
                *pool_issues,
            ],
            key=sort_key,
        )
    )
    issues = gathered.decided.accepted(issues)
    explained = explain(issues, gathered.explanations)
    issues = [*explained.issues, *explained.said, *numbered(sorted(gathered.decided.left_over(), key=sort_key))]
    return Results(
        rulebook=rulebook,
        date=options.date or rulebook.date.isoformat(),
        standing=_standing(gathered, issues, has_marks, rulebook),
        enterprises=scoring.ordered(companies, totals),
        answers=scoring.ordered(gathered.answers, totals, rulebook),
        marks=scoring.ordered(gathered.marks, totals, rulebook),
        scores=scoring.ordered(scores, totals, rulebook),
        totals=totals,
        regions=regions,
        recognised=gathered.recognised,
        files=noted(gathered.files, explained.remarks),
        issues=issues,
        tie_notes=scoring.tie_notes(scores, totals, rulebook),
        nil_returns=gathered.nil_returns,
        decisions=gathered.decided.rows(),
        whole_files=gathered.whole_files,
        originals=gathered.originals,
    )


def _standing(gathered: Gathered, issues: list[Issue], has_marks: bool, rulebook: Rulebook) -> Standing:
    """正式 needs no open 错误, no expected county missing and no assumed ruling unconfirmed."""
    reasons = []
    if errors := sum(issue.open_error for issue in issues):
        reasons.append(f"还有 {errors} 处错误没有改正")
    if missing := counties_not_heard_from(gathered.enterprises, gathered.nil_returns, rulebook):
        named = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
        reasons.append(f"还有 {len(missing)} 个区县没有报送推荐排序表（{named}）")
    if assumed := rulebook.assumed_rulings:
        reasons.append(f"还有 {len(assumed)} 条规则是暂定的，未经确认")
    return Standing(not reasons, tuple(reasons), has_marks, gathered.demo, tuple(missing))
