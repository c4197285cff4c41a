"""Which tests execute a changed line is known before any mutant runs, and nothing that could notice it is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import trials
from benchmarks.mutants import MARKED, NearestTests, Trial
from benchmarks.reached import SEEN, Changed, Reached, Watched, first_to_run, probed

MODULE = '''"""A scale."""
from __future__ import annotations

LIMIT = 3


class Scale:
    """Weighs."""

    def weigh(self, mark):
        if mark < LIMIT:
            return (
                mark,
                LIMIT,
            )
        return sorted([mark], key=lambda value: value)
'''


def seen_in(source: str, call: str = "") -> set[tuple[str, int]]:
    """(function, line) of the statements that run when the module is imported, or afterwards in a call."""
    seen: set[tuple[str, str, int, int]] = set()
    space: dict[str, object] = {SEEN: seen}
    exec(compile(probed("scale.py", source), "scale.py", "exec"), space)
    if call:
        seen.clear()
        eval(call, space)
    return {(function, line) for _, function, first, last in seen for line in range(first, last + 1)}


def test_a_probe_notes_the_lines_of_each_statement_that_runs():
    assert {("", 4), ("", 7), ("Scale", 10)} == seen_in(MODULE)
    assert {line for _, line in seen_in(MODULE, "Scale().weigh(2)")} == {11, 12, 13, 14, 15}
    assert seen_in(MODULE, "Scale().weigh(9)") == {("Scale.weigh", 11), ("Scale.weigh", 16)}


@pytest.mark.parametrize(
    "body",
    [
        "for n in (1,):\n    x = n\nelse:\n    y = 2",
        "try:\n    x = int('a')\nexcept ValueError:\n    x = 0\nfinally:\n    y = 1",
        "match 3:\n    case 3:\n        x = 1",
        "with open(__file__) as file:\n    x = 1",
        "if 0:\n    pass\nelif 1:\n    x = 2",
    ],
)
def test_a_module_with_probes_does_the_same(body: str):
    plain, noted = ({"__file__": __file__, SEEN: set()} for _ in range(2))
    exec(body, plain)
    exec(probed("m.py", body), noted)
    assert noted[SEEN] and {name: noted[name] for name in "xy" if name in noted} == {
        name: plain[name] for name in "xy" if name in plain
    }


def reached(seconds: float, *lines: int, function: str = "f") -> Reached:
    return Reached(seconds, frozenset(("m.py", line) for line in lines), frozenset([("m.py", function)]))


def test_the_cheapest_of_the_tests_that_execute_the_line_is_the_first():
    tests = {"dear": reached(9, 5), "cheap": reached(1, 5), "near": reached(0, 4), "far": reached(0, 8, function="g")}
    assert first_to_run(tests, Changed("m.py", 5, "f")) == ["cheap", "dear"]
    assert sorted(first_to_run(tests, Changed("m.py", 6, "f"))) == ["cheap", "dear", "near"]
    assert len(first_to_run(tests, Changed("m.py", 1, ""))) == 4
    assert first_to_run(tests, Changed("n.py", 5, "f")) == []


@pytest.mark.parametrize(
    ("changed", "unseen", "can"),
    [
        (Changed("m.py", 5, "f"), False, True),
        (Changed("m.py", 6, "f"), False, True),
        (Changed("m.py", 2, ""), False, True),
        (Changed("m.py", 8, "g"), False, False),
        (Changed("n.py", 5, "f"), False, False),
        (Changed("m.py", 8, "g"), True, True),
    ],
)
def test_only_tests_that_never_come_near_a_change_are_left_out(changed: Changed, unseen: bool, can: bool):
    seen = Watched({"test": reached(1, 5, function="f.inner")}, reached(1, 2, function=""), unseen)
    assert seen.can_notice(changed) == can


@pytest.mark.slow
def test_a_test_that_needs_an_earlier_one_is_refused(tmp_path: Path):
    (tmp_path / "scale.py").write_text(MODULE, encoding="utf-8")
    test = "made = []\n\ndef test_a():\n    made.append(1)\n\ndef test_b():\n    assert made\n"
    (tmp_path / "test_scale.py").write_text(test, encoding="utf-8")
    trials = NearestTests(tmp_path, {"scale.py": ["test_scale.py"]}).trials(Changed("scale.py", 11, "Scale.weigh"))
    with pytest.raises(SystemExit, match="fails without a mutant"):
        next(trials)


@pytest.mark.slow
def test_tests_that_come_near_run_first_and_others_not_at_all(tmp_path: Path):
    (tmp_path / "scale.py").write_text(MODULE, encoding="utf-8")
    near = "from scale import Scale\n\ndef test_it():\n    assert Scale().weigh(2)\n\ndef test_other():\n    pass\n"
    (tmp_path / "test_near.py").write_text(near, encoding="utf-8")
    (tmp_path / "test_far.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    nearest_tests = NearestTests(tmp_path, {"scale.py": ["test_far.py", "test_near.py"]})
    first, second = nearest_tests.trials(Changed("scale.py", 12, "Scale.weigh"))
    assert isinstance(first, Trial) and first.plugin and list(first.plugin.rank) == ["test_near.py::test_it"]
    assert first.tests == second.tests == trials.Tests(("test_near.py",), MARKED[0]) and second.plugin is None
    assert (tmp_path / "scale.py").read_text(encoding="utf-8") == MODULE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("pass", "passed"),
        ("assert False", "failed"),
        ("while True: pass", "timeout"),
        ("import time; time.sleep(3)", "passed"),
        ("import threading; threading.Event().wait()", "timeout"),
        ("import subprocess; subprocess.run(['sleep', '3'], check=True)", "passed"),
    ],
)
def test_processor_time_and_endless_sleep_end_a_trial_and_waiting_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, outcome: str
):
    monkeypatch.setattr("benchmarks.trials.LOOKS_ASLEEP", 8)
    (tmp_path / "test_it.py").write_text(f"def test_it():\n    {body}\n", encoding="utf-8")
    assert trials.run_tests(tmp_path, trials.Tests(("test_it.py",), MARKED[0]), 3) == outcome
