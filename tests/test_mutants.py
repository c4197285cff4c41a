"""`make mutants` makes the mistakes it says, names each so that it is found again, and counts what the tests notice."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from benchmarks.mutants import KEY, ROOT, SETTINGS, Mutant, NearestTests, changes_of, fate, nearest

SOURCE = '''
LIMIT = 3

class Scale:
    def weighed(self, marks):
        """The marks that count."""
        return [mark for mark in marks if 0 <= mark < LIMIT and not mark == 2]
'''


def mutants_of(source: str) -> list[Mutant]:
    return [change.mutant() for change in changes_of("scale.py", source)]


def test_each_mutant_is_one_change_and_leaves_the_next_alone():
    mutants = mutants_of(SOURCE)
    assert len({mutant.source for mutant in mutants}) == len(mutants) == len({mutant.key for mutant in mutants})
    changed = {mutant.after.strip() for mutant in mutants}
    assert "LIMIT = 4" in changed and "LIMIT = 2" in changed and "return None" in changed
    for condition in (
        "0 < mark < LIMIT and (not mark == 2)",
        "0 <= mark <= LIMIT and (not mark == 2)",
        "not mark == 2",
    ):
        assert f"return [mark for mark in marks if {condition}]" in changed
    for mutant in mutants:
        compile(mutant.source, "scale.py", "exec")
        assert "The marks that count." in mutant.source


def test_a_mutant_keeps_its_name_when_lines_move():
    moved = mutants_of("\n\n" + SOURCE)
    assert [mutant.key for mutant in moved] == [mutant.key for mutant in mutants_of(SOURCE)]
    inside = next(mutant for mutant in moved if mutant.after == "return None")
    assert (inside.function, inside.line) == ("Scale.weighed", 9)


@pytest.mark.slow
def test_what_a_test_looks_at_is_killed_and_the_rest_survives(tmp_path: Path):
    (tmp_path / "scale.py").write_text(SOURCE, encoding="utf-8")
    test = "from scale import Scale\n\ndef test_it():\n    assert Scale().weighed([-1, 0, 2, 2.5]) == [0, 2.5]\n"
    (tmp_path / "test_scale.py").write_text(test, encoding="utf-8")
    nearest_tests = NearestTests(tmp_path, {"scale.py": ["test_scale.py"]})
    fates = {
        mutant.after: fate(mutant, tmp_path, nearest_tests.trials(mutant.changed)) for mutant in mutants_of(SOURCE)
    }
    assert fates["return None"] == fates["LIMIT = 2"] == "killed" and fates["LIMIT = 4"] == "survived"
    assert (tmp_path / "scale.py").read_text(encoding="utf-8") == SOURCE


def test_the_settings_name_files_that_exist_and_a_reason_for_each_equal_mutant():
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    assert all((ROOT / path).exists() for key, tests in settings["tests"].items() for path in (key, *tests))
    for entry in settings["equal"]:
        assert {*entry} == {*KEY, "reason"} and entry["reason"]
        assert (ROOT / entry["module"]).is_file() and nearest(entry["module"], settings["tests"])
