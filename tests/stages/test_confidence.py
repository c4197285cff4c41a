"""How sure a rank is: the quick model agrees with the scoring under every choice, and gives ranges, verdicts and levers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline import run
from pipeline.commands.sample.writing import write_sample
from pipeline.model.ranges import CRITICAL, STEADY, CompanyConfidence, Confidence
from pipeline.model.results import Results
from pipeline.model.rulebook import Cut, Rulebook, Ruling
from pipeline.model.rulebook_file import with_rulings
from pipeline.stages import merging, scoring
from pipeline.stages.confidence.experts import left_out, merged
from pipeline.stages.confidence.rules import choices_of
from pipeline.stages.confidence.scores import ScoreModel, competition_ranks
from pipeline.stages.confidence.study import confidence_of
from pipeline.stages.cuts import cut_lines, inside

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Results:
    folder = tmp_path_factory.mktemp("province")
    write_sample(folder, rulebook, companies=60, seed=5, jobs=1)
    return run.compute([folder], rulebook, run.Options(1))


@pytest.fixture(scope="module")
def confidence(results: Results) -> Confidence:
    return confident(results, draws=300)


def confident(results: Results, draws: int, rulebook: Rulebook | None = None) -> Confidence:
    rules = rulebook or results.rulebook
    return confidence_of(results.scores, results.totals, results.marks, results.enterprises, rules, draws)


def scored_again(results: Results, rulebook: Rulebook, answers=None, marks=None):
    """Totals of the same return under another rulebook, with other answers or marks."""
    answers = results.answers if answers is None else answers
    marks = results.marks if marks is None else marks
    merged_marks, _ = merging.merge_marks(marks, results.enterprises, rulebook)
    items = scoring.score_items(answers, results.enterprises, rulebook)
    scores = merging.add_expert_scores(items, merged_marks)
    return scoring.total(scores, results.enterprises, rulebook, has_marks=True)


def critical(confidence: Confidence) -> list[CompanyConfidence]:
    return [entry for entry in confidence.companies if entry.verdict == CRITICAL]


def ranks_of(totals) -> dict[str, int]:
    ranked = totals[totals["status"] == scoring.RANKED]
    return dict(zip(ranked["key"], ranked["rank"].astype(int), strict=True))


def test_the_adopted_places_are_those_of_the_list(results: Results, confidence: Confidence):
    assert {entry.key: entry.rank for entry in confidence.companies} == ranks_of(results.totals)
    assert len(confidence.companies) > 40 and confidence.draws == 300


def _moves_scores(ruling: Ruling) -> bool:
    keys = [key for alternative in ruling.alternatives for key in alternative.set]
    return not any(key.startswith(("selection.", "public_list.", "visits.")) for key in keys)


def test_every_alternative_gives_what_the_scoring_gives(results: Results):
    rulebook = results.rulebook
    model = ScoreModel(results.scores, results.totals, rulebook)
    choices = choices_of(rulebook)
    panel = left_out(results.marks, results.enterprises, model.keys, rulebook)
    by_sentence = {
        alternative.sentence: (ruling.id, alternative.id)
        for ruling in rulebook.rulings
        for alternative in ruling.alternatives
    }
    tried = 0
    for _, sentence, rules in choices.one_at_a_time():
        ruling, alternative = by_sentence[sentence]
        again = scored_again(results, with_rulings(rulebook, {ruling: alternative})).set_index("key")
        points = model.totals(rules, panel.scores(rules.method, None))
        assert np.abs(points - again.loc[list(model.keys), "total"].to_numpy()).max() < 1e-9, (ruling, alternative)
        tried += 1
    assert tried == sum(len(ruling.alternatives) - 1 for ruling in rulebook.rulings if _moves_scores(ruling))


def test_an_effect_is_how_far_the_places_of_the_list_move(results: Results, confidence: Confidence):
    places = ranks_of(results.totals)
    last_inside = [line.rank or 0 for line in cut_lines(len(places), results.rulebook)]
    alternatives = {
        alternative.sentence: (ruling.id, alternative.id)
        for ruling in results.rulebook.rulings
        for alternative in ruling.alternatives
    }
    for effect in [effect for effect in confidence.effects if effect.kind == "ruling"][:3]:
        ruling, alternative = alternatives[effect.choice]
        again = ranks_of(scored_again(results, with_rulings(results.rulebook, {ruling: alternative})))
        moves = [abs(again[key] - place) for key, place in places.items()]
        assert (effect.shift, effect.largest) == (pytest.approx(sum(moves) / len(moves)), max(moves))
        crossed = [key for key in places if any((again[key] <= last) != (places[key] <= last) for last in last_inside)]
        assert effect.crossing == len(crossed)


def test_other_weights_give_what_the_scoring_gives_with_other_points(results: Results):
    """7 and 3 points for two items of 5: the sum of all stays what it is."""
    more, less = (item.id for item in results.rulebook.ratio_indicators[:2])
    weights = {more: 1.4, less: 0.6}
    changed = tuple(
        item.model_copy(update={"points": type(item.points)(round(float(item.points) * weights.get(item.id, 1.0)))})
        for item in results.rulebook.indicators
    )
    assert sum(item.points for item in changed) == sum(item.points for item in results.rulebook.indicators)
    model = ScoreModel(results.scores, results.totals, results.rulebook)
    rules = choices_of(results.rulebook).adopted
    panel = left_out(results.marks, results.enterprises, model.keys, results.rulebook)
    drawn = np.array([weights.get(item.id, 1.0) for item in results.rulebook.indicators])
    points = model.totals(rules, panel.scores(rules.method, None), drawn)
    again = scored_again(results, results.rulebook.model_copy(update={"indicators": changed})).set_index("key")
    assert np.abs(points - again.loc[list(model.keys), "total"].to_numpy()).max() < 1e-9
    assert np.abs(points - model.totals(rules, panel.scores(rules.method, None), 2 * drawn)).max() < 1e-9


def test_a_panel_without_one_expert_gives_what_the_merging_gives(results: Results):
    model = ScoreModel(results.scores, results.totals, results.rulebook)
    adopted = choices_of(results.rulebook).adopted
    for method in ("trimmed", "mean", "median"):
        rulebook = with_rulings(results.rulebook, {"expert_mean": method})
        panel = left_out(results.marks, results.enterprises, model.keys, rulebook)
        assert set(panel.names) == set(results.marks["expert"]) and len(panel.names) == 5
        for number, name in enumerate(panel.names):
            again = scored_again(results, rulebook, marks=results.marks[results.marks["expert"] != name]).set_index(
                "key"
            )
            points = model.totals(adopted, panel.scores(method, number))
            complete = (again.loc[list(model.keys), "missing"] == 0).to_numpy()
            assert complete.sum() > 40
            difference = points - again.loc[list(model.keys), "total"].to_numpy()
            assert np.abs(difference[complete]).max() < 1e-9


@pytest.mark.parametrize(
    ("marks", "method", "expected"),
    [
        ([1, 2, 3, 4, 10], "trimmed", 3),
        ([1, 2, 3, 10, np.nan], "trimmed", 4),
        ([1, 2, 3, 10, np.nan], "median", 2.5),
        ([1, 2, 9, np.nan, np.nan], "median", 2),
        ([1, 2, 3, 4, 10], "mean", 4),
        ([np.nan] * 5, "mean", np.nan),
        ([np.nan] * 5, "median", np.nan),
        ([4, np.nan, np.nan, np.nan, np.nan], "trimmed", 4),
    ],
)
def test_merging_by_rows(marks: list[float], method: str, expected: float):
    assert merged(np.array([marks], dtype=float), method, 5)[0] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("method", ["mean", "median", "trimmed"])
def test_marks_of_one_expert_alone_are_the_scores(method: str):
    assert merged(np.array([[3.0], [0.0], [np.nan]]), method, 5) == pytest.approx([3, 0, np.nan], nan_ok=True)


def test_ranks_within_groups():
    values, groups = np.array([5.0, 7, 7, 1, 5, 9]), np.array([0, 0, 0, 1, 1, 1])
    assert competition_ranks(values).tolist() == [4, 2, 2, 6, 4, 1]
    assert competition_ranks(values, groups).tolist() == [3, 1, 1, 3, 2, 1]


def test_the_range_holds_the_place_and_is_the_same_every_time(results: Results, confidence: Confidence):
    assert confidence == confident(results, draws=300)
    for entry in confidence.companies:
        assert entry.best <= entry.low <= entry.high <= entry.worst
    within = [entry.best <= entry.rank <= entry.worst for entry in confidence.companies]
    assert all(within)


def test_a_company_on_a_line_is_critical_and_one_far_from_it_is_not(confidence: Confidence, results: Results):
    lines = cut_lines(len(confidence.companies), results.rulebook)
    assert {entry.verdict for entry in confidence.companies} == {CRITICAL, STEADY}
    at_the_limit = {entry.rank for entry in critical(confidence)}
    assert {line.rank for line in lines} <= at_the_limit
    assert confidence.companies[0].verdict == STEADY
    for entry in critical(confidence):
        assert 0.05 < entry.share_inside < 0.95 and entry.line in {line.label for line in lines}
    steady = [entry for entry in confidence.companies if entry.verdict == STEADY]
    assert {(entry.line, entry.inside, entry.share_inside, entry.lever) for entry in steady} == {("", False, 0.0, None)}


def test_the_lines_of_the_rulebook_count(results: Results):
    cuts = (Cut(label="前 5 名", within="province", place=5), Cut(label="各市第 1", within="city", place=1))
    rulebook = results.rulebook.model_copy(update={"cuts": cuts})
    unsure = critical(confident(results, 300, rulebook))
    assert {entry.line for entry in unsure} == {"前 5 名", "各市第 1"}


def test_companies_with_exactly_the_points_of_a_line_are_inside(results: Results):
    ranked, found = results.totals[results.totals["status"] == scoring.RANKED].sort_values("rank"), []
    for company in ranked.iloc[6:50:6].to_dict("records"):
        points = round(company["total"], results.rulebook.scoring.rank_decimals)
        cut = Cut(label="线", within="province", score=str(points))
        unsure = critical(confident(results, 40, results.rulebook.model_copy(update={"cuts": (cut,)})))
        found += [entry.inside for entry in unsure if entry.key == company["key"]]
    assert found == [True] * len(found) and len(found) >= 5


def test_the_same_list_has_the_same_ranges_after_every_change_of_the_program(results: Results):
    """Whoever looks at a published list later finds its ranges again: no draw is a matter of taste."""
    ranges = [(entry.best, entry.low, entry.high, entry.worst) for entry in confident(results, 40).companies]
    assert ranges[0:30:10] == [(1, 1, 3, 3), (7, 8, 12, 13), (16, 16, 26, 30)]


CUTS = (
    Cut(label="前 20 名", within="province", place=20),
    Cut(label="各市前 3 名", within="city", place=3),
    Cut(label="50 分", within="province", score="50"),
)


@pytest.mark.parametrize("cuts", [(), CUTS], ids=["quartiles", "cuts"])
def test_a_lever_takes_the_company_across_the_line(results: Results, cuts: tuple[Cut, ...]):
    """The scoring itself, with the one figure changed, finds the company on the line's other side."""
    rulebook = results.rulebook.model_copy(update={"cuts": cuts})
    confidence = confident(results, 300, rulebook)
    lines = {line.label: line for line in cut_lines(len(confidence.companies), rulebook)}
    tried = crossed = 0
    directions = set()
    for entry in critical(confidence):
        if entry.lever is None:
            continue
        answers = results.answers.copy()
        row = (answers["key"] == entry.key) & (answers["indicator"] == entry.lever.indicator)
        assert answers.loc[row, "n"].tolist() == [entry.lever.now]
        unit = rulebook.unit_of[rulebook.indicator_of[entry.lever.indicator].unit]
        assert entry.lever.needed != entry.lever.now and 0 <= entry.lever.needed <= answers.loc[row, "m"].item()
        assert entry.lever.needed == round(entry.lever.needed, 0 if unit.whole else 4)  # what somebody could type
        for sum_item in rulebook.ratio_indicators:
            if entry.lever.indicator in sum_item.m_sum_of:
                other = (answers["key"] == entry.key) & (answers["indicator"] == sum_item.id)
                answers.loc[other, "m"] += entry.lever.needed - entry.lever.now
        answers.loc[row, "n"] = entry.lever.needed
        totals = scored_again(results, rulebook, answers)
        sides = dict(zip(totals["key"], inside(totals, lines[entry.line], rulebook.scoring.rank_decimals), strict=True))
        tried += 1
        crossed += sides[entry.key] != entry.inside
        directions.add((entry.inside, entry.lever.needed < entry.lever.now))
    assert tried >= 5 and directions == {(True, True), (False, False)}
    assert crossed >= 0.9 * tried, (crossed, tried)  # a band of somebody else may move by the change


def crosses(results: Results, rulebook: Rulebook, entry: CompanyConfidence, indicator: str, n: float) -> bool:
    """Whether the company is on its line's other side with this N."""
    answers = results.answers.copy()
    own = answers["key"] == entry.key
    row = own & (answers["indicator"] == indicator)
    for item in rulebook.ratio_indicators:
        if indicator in item.m_sum_of:
            answers.loc[own & (answers["indicator"] == item.id), "m"] += n - answers.loc[row, "n"].item()
    answers.loc[row, "n"] = n
    totals = scored_again(results, rulebook, answers)
    line = next(line for line in cut_lines(40, rulebook) if line.label == entry.line)
    sides = dict(zip(totals["key"], inside(totals, line, rulebook.scoring.rank_decimals), strict=True))
    return bool(sides[entry.key] != entry.inside)


def test_a_lever_is_no_longer_than_it_must_be(results: Results):
    """One step that a person could type less, and the company stays on its side; and nobody is shown more decimals than
    two where those do."""
    rulebook = results.rulebook.model_copy(update={"cuts": CUTS})
    levers = [(entry, entry.lever) for entry in critical(confident(results, 300, rulebook)) if entry.lever]
    short = 0
    for entry, lever in levers:
        whole = rulebook.unit_of[rulebook.indicator_of[lever.indicator].unit].whole
        step = (1 if whole else 0.011) * (-1 if lever.needed > lever.now else 1)
        short += not crosses(results, rulebook, entry, lever.indicator, max(0.0, lever.needed + step))
    assert len(levers) >= 5 and short >= 0.9 * len(levers)
    assert sum(lever.needed == round(lever.needed, 2) for _, lever in levers) >= 0.9 * len(levers)


def test_a_lever_to_a_number_of_points_is_exact(results: Results):
    """Nobody else's points count for such a line: the figure takes the company across, one step less does not. Who is
    inside has to lose, who is outside to gain."""
    directions, sides = set(), []
    for score in ("30", "40", "50", "60"):
        rulebook = results.rulebook.model_copy(update={"cuts": (Cut(label="线", within="province", score=score),)})
        for entry in critical(confident(results, 40, rulebook)):
            if lever := entry.lever:
                unit = rulebook.unit_of[rulebook.indicator_of[lever.indicator].unit]
                step = (1 if unit.whole else 0.01) * (-1 if lever.needed > lever.now else 1)
                tried = lever.needed, round(lever.needed + step, 4)
                sides.append([crosses(results, rulebook, entry, lever.indicator, n) for n in tried])
                directions.add((entry.inside, lever.needed < lever.now))
    assert sides == [[True, False]] * len(sides) and len(sides) >= 20
    assert directions == {(True, True), (False, False)}


def test_no_other_figure_does_it_with_a_smaller_share(results: Results):
    rulebook = results.rulebook.model_copy(update={"cuts": CUTS})
    levers = [(entry, entry.lever) for entry in critical(confident(results, 300, rulebook)) if entry.lever]
    answers = results.answers.set_index(["key", "indicator"])
    smaller = []
    for entry, lever in levers[::3]:
        share = 0.95 * abs(lever.needed - lever.now) / (lever.now or answers.loc[entry.key, lever.indicator]["m"])
        for item in rulebook.ratio_indicators:
            n, m = answers.loc[(entry.key, item.id), ["n", "m"]]
            typed = n + share * (n or m) * (1 if lever.needed > lever.now else -1)
            if rulebook.unit_of[item.unit].whole:
                typed = n + np.trunc(typed - n)
            if m > 0 and 0 <= typed <= m and typed != n:
                smaller.append(crosses(results, rulebook, entry, item.id, typed))
    assert len(smaller) >= 20 and sum(smaller) <= 0.05 * len(smaller)


def test_what_is_confirmed_no_longer_varies(results: Results, confidence: Confidence):
    settled = with_rulings(results.rulebook, {ruling.id: ruling.adopted for ruling in results.rulebook.rulings})
    sure = confident(results, 300, settled)
    assert [effect.kind for effect in sure.effects] == ["expert"] * 5
    assert {effect.kind for effect in confidence.effects} == {"ruling", "expert"}
    spread = [sum(entry.high - entry.low for entry in found.companies) for found in (sure, confidence)]
    assert spread[0] < 0.7 * spread[1]


def test_nothing_ranked_is_nothing_to_be_sure_of(results: Results, rulebook: Rulebook):
    nobody = results.totals.assign(status=scoring.UNSCORED)
    assert confidence_of(results.scores, nobody, results.marks, results.enterprises, rulebook) == Confidence()


def test_no_marks_no_experts(tmp_path: Path, results: Results):
    nothing = results.marks.iloc[:0]
    found = confidence_of(results.scores, results.totals, nothing, results.enterprises, results.rulebook, 50)
    assert {effect.kind for effect in found.effects} == {"ruling"} and len(found.companies) > 40


def test_no_figure_is_drawn_farther_off_than_the_spread(rulebook: Rulebook):
    choices, random = choices_of(rulebook), np.random.default_rng(3)
    shares = [
        changes.get("shares", choices.adopted.shares)[:-1]
        for _, options in choices.alternatives
        for _, changes in options
    ]
    least, most = (bound(bound(some) for some in (*shares, choices.adopted.shares[:-1])) for bound in (min, max))
    drawn = [choices.drawn(random, 0.2).shares for _ in range(300)]
    assert "shares" in choices.touched and len({*drawn}) > 200
    assert all(0.8 * least <= share <= min(1.0, 1.2 * most) for some in drawn for share in some[:-1])
    assert all(list(some) == sorted(some) and some[-1] == 1.0 for some in drawn)
