"""`python -m benchmarks.mutants [--count N] [--seed S] [--only PART]`: whether the tests would notice changed code.

A mutant is the program with one small change: `<` for `<=`, one more than a constant, a statement less. Each of a
random sample of the mutants of what decides (the modules of mutants.toml) runs against the tests nearest to it, in a
copy of the project. A mutant that they pass has survived: a promise without a test. docs/mutants.md says what to do.
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from difflib import unified_diff
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from benchmarks.reached import Changed, InOrder, Timed, Traced, Watched, first_to_run, probed, unwatched, watched
from benchmarks.trials import ROOT, Tests, run_tests

SETTINGS = Path(__file__).with_suffix(".toml")
COPIED = ("pipeline", "tests", "benchmarks", "templates", "docs", "sample_inputs", "pyproject.toml")
KEY = ("module", "function", "before", "after")
PROMISE = 0.95  # of a sample
MARKED = ("not slow and not office and not browser", "(slow or office) and not browser")  # pytest's -m, in this order

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
TIDYING = frozenset(
    [
        "strip",
        "lstrip",
        "rstrip",
        "removeprefix",
        "removesuffix",
        "replace",
        "upper",
        "lower",
        "casefold",
        "drop_duplicates",
        "reset_index",
    ]
)
UNSEEN_FIELDS = frozenset(("annotation", "returns", "decorator_list", "type_params", "format_spec"))
UNSEEN_KEYWORDS = frozenset(("maxsize", "strict"))  # sizes of caches, guards against the program itself


class Mutant(NamedTuple):
    """A module with one change. function: its dotted name in the module, "" at the top; line: of the original; before,
    after: the changed lines of the function, as `ast.unparse` writes them; source: the whole module."""

    module: str
    function: str
    line: int
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names a mutant when lines move."""
        return self.module, self.function, self.before, self.after

    @property
    def changed(self) -> Changed:
        """Where it is."""
        return Changed(self.module, self.line, self.function)


class Change(NamedTuple):
    """`new` in the place of a node of a module's tree. scope: the function or class around it, `function` its dotted
    name; parent, field, position: where the node hangs; line: of the node."""

    module: str
    tree: ast.Module
    scope: ast.AST
    function: str
    parent: ast.AST
    field: str
    position: int
    line: int
    new: ast.AST

    def mutant(self) -> Mutant:
        """The module with this change; the tree is as before afterwards."""
        before, old = ast.unparse(self.scope), self._put(self.new)
        ast.fix_missing_locations(self.tree)
        after, source = ast.unparse(self.scope), ast.unparse(self.tree)
        self._put(old)
        changed = list(unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
        gone, come = ("\n".join(text[1:].strip() for text in changed if text[0] == sign) for sign in "-+")
        return Mutant(self.module, self.function, self.line, gone, come, source)

    def _put(self, new: ast.AST) -> ast.AST:
        """Hangs `new` where the node hangs; the node that hung there."""
        siblings = getattr(self.parent, self.field)
        old: ast.AST = siblings[self.position] if isinstance(siblings, list) else siblings
        if isinstance(siblings, list):
            siblings[self.position] = new
        else:
            setattr(self.parent, self.field, new)
        return old


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that can stand in the place of `node`, each a small mistake."""
    yield from _other_conditions(node)
    yield from _other_values(node)
    yield from _other_statements(node)


def _other_conditions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, ops, others):
            for index, op in enumerate(ops):
                for other in COMPARED[type(op)]:
                    yield ast.Compare(left, [*ops[:index], other(), *ops[index + 1 :]], others)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for rest in _one_less(values):
                yield ast.BoolOp(op, rest) if len(rest) > 1 else rest[0]
        case ast.UnaryOp(ast.Not() | ast.Invert(), operand):
            yield operand
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.comprehension(target, over, conditions, is_async):
            for fewer in _one_less(conditions):
                yield ast.comprehension(target, over, fewer, is_async)


def _other_values(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.UnaryOp(ast.USub(), operand):
            yield operand
        case ast.BinOp(left, op, right) if type(op) in CALCULATED:
            yield ast.BinOp(left, CALCULATED[type(op)](), right)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Call(ast.Name(name), arguments, keywords) if name in CALLED:
            yield ast.Call(ast.Name(CALLED[name]), arguments, [] if name == "sorted" else keywords)
        case ast.Call(ast.Attribute(value, name)) if name in TIDYING:
            yield value
        case ast.Slice(lower, upper, step):
            yield from [ast.Slice(None, upper, step)] if lower else []
            yield from [ast.Slice(lower, None, step)] if upper else []


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.If(test, body, orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.While(_, body, orelse):
            yield ast.While(ast.Constant(False), body, orelse)
        case ast.Return(ast.expr() as value) if not (isinstance(value, ast.Constant) and not value.value):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break() | ast.Delete() | ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.Assign([ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()


def _one_less(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    yield from ([*nodes[:index], *nodes[index + 1 :]] for index in range(len(nodes)))


def changes_of(module: str, source: str) -> list[Change]:
    """Every change that makes a mutant of a module, in the order of its code."""
    tree = ast.parse(source)
    return list(_changes(Change(module, tree, tree, "", tree, "", 0, 0, tree)))


def _changes(below: Change) -> Iterator[Change]:
    """The changes of the nodes below the node `below.new`."""
    for field, value in ast.iter_fields(below.new):
        if field in UNSEEN_FIELDS:
            continue
        for index, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _is_unseen(node):
                continue
            line = getattr(node, "lineno", below.line)
            here = below._replace(parent=below.new, field=field, position=index, line=line)
            yield from (here._replace(new=new) for new in replacements(node))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                here = here._replace(scope=node, function=f"{below.function}.{node.name}".lstrip("."))
            yield from _changes(here._replace(new=node))


def _is_unseen(node: ast.AST) -> bool:
    """True for what no test should notice."""
    return isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.keyword) and node.arg in UNSEEN_KEYWORDS
    )


def modules_of(tests_of: Mapping[str, list[str]], root: Path) -> list[Path]:
    """Every module below the keys of `tests_of`, sorted by path."""
    keys = [(root / key, key.endswith(".py")) for key in tests_of]
    return sorted({path for key, is_module in keys for path in ([key] if is_module else key.rglob("*.py"))})


def all_changes(tests_of: Mapping[str, list[str]], only: str = "") -> list[Change]:
    """The changes of every such module whose path contains `only`."""
    modules = {path.relative_to(ROOT).as_posix(): path for path in modules_of(tests_of, ROOT)}
    return [
        change
        for module, path in modules.items()
        if only in module
        for change in changes_of(module, path.read_text(encoding="utf-8"))
    ]


def nearest(module: str, tests_of: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The test files of the longest key that the module's path begins with."""
    return tuple(tests_of[max((key for key in tests_of if module.startswith(key)), key=len)])


def fate(mutant: Mutant, copy: Path, trials: Iterable[Trial]) -> str:
    """killed, timeout or survived; the first trial that notices the mutant is the last that runs."""
    for trial in trials:
        with _in_place(mutant.module, mutant.source, copy):
            outcome = run_tests(copy, trial.tests, trial.seconds, trial.plugin)
        if outcome in ("failed", "timeout"):
            return "killed" if outcome == "failed" else outcome
    return "survived"


@contextmanager
def _in_place(module: str, source: str, copy: Path) -> Iterator[None]:
    """The copy with another source of a module; as it was afterwards."""
    path = copy / module
    original = path.read_text(encoding="utf-8")
    path.write_text(source, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()  # it would be taken for the mutant's, if that has the same size in the same second
    try:
        yield
    finally:
        path.write_text(original, encoding="utf-8")


class Trial(NamedTuple):
    """Tests that a mutant is tried against. seconds: of processor time that they may take, much more than with the
    program as it is; plugin: of pytest's, None without."""

    tests: Tests
    seconds: float
    plugin: InOrder | None = None


class NearestTests:
    """The tests of the copy that are nearest to a module."""

    def __init__(self, copy: Path, tests_of: Mapping[str, list[str]]) -> None:
        self.copy = copy
        self.tests_of = tests_of
        self.modules = frozenset(path.relative_to(copy).as_posix() for path in modules_of(tests_of, copy))
        self.watched = cache(self._watched)

    def trials(self, changed: Changed) -> Iterator[Trial]:
        """First the quick tests that execute the changed line, then file by file, quick tests before slow ones, all
        that can notice it. SystemExit when there is no test or one fails without any mutant."""
        files, none = nearest(changed.module, self.tests_of), True
        for marked in MARKED:
            found = {file: seen for file in files if (seen := self.watched(Tests((file,), marked))).tests}
            if marked == MARKED[0] and (first := _first(found, marked, changed)):
                yield first
            for file, seen in found.items():
                none = False
                if seen.can_notice(changed):
                    yield Trial(Tests((file,), marked), _limit(seen.seconds))
        if none:
            raise SystemExit(f"{' '.join(files)} hold no test")

    def _watched(self, tests: Tests) -> Watched:
        """Without tests when the file holds none with these marks. What slow tests execute is not looked at: it would
        take longer than it saves."""
        timed, traced = Timed(self.copy), Traced(self.copy)
        self._pass(tests, timed)
        for library in timed.written()[1]:
            with suppress(Exception):
                import_module(library)  # once for all the processes that are forked from this one
        if tests.marked != MARKED[0]:
            return unwatched(timed)
        with ExitStack() as probes:
            for module in self.modules:
                source = (self.copy / module).read_text(encoding="utf-8")
                probes.enter_context(_in_place(module, probed(module, source), self.copy))
            self._pass(tests, traced)
        return watched(timed, traced)

    def _pass(self, tests: Tests, plugin: Timed | Traced) -> None:
        """SystemExit when the tests fail."""
        outcome = run_tests(self.copy, tests, 600, plugin, bytecode=isinstance(plugin, Timed))
        if outcome not in ("passed", "none"):
            output = (self.copy / "last_output.txt").read_text(encoding="utf-8", errors="replace")
            raise SystemExit(f"{tests.files[0]} fails without a mutant:\n{output[-2000:]}")


def _first(found: Mapping[str, Watched], marked: str, changed: Changed) -> Trial | None:
    """The tests of all the files that execute the changed line, the cheapest first; None without any."""
    tests = {name: test for seen in found.values() for name, test in seen.tests.items()}
    if not (chosen := first_to_run(tests, changed)):
        return None
    files = tuple(file for file, seen in found.items() if not seen.tests.keys().isdisjoint(chosen))
    seconds = sum(tests[name].seconds for name in chosen) + sum(found[file].outside.seconds for file in files)
    return Trial(Tests(files, marked), _limit(seconds), InOrder(chosen))


def _limit(seconds: float) -> float:
    return 10 + 4 * seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="mutants to try (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="of the random sample (default 1)")
    parser.add_argument("--only", default="", help="a part of the paths of the modules to change")
    options = parser.parse_args()
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    tests_of, equal = settings["tests"], {tuple(entry[name] for name in KEY) for entry in settings["equal"]}
    changes = all_changes(tests_of, options.only)
    chosen = random.Random(options.seed).sample(range(len(changes)), min(options.count, len(changes)))
    sample = [changes[index].mutant() for index in sorted(chosen)]
    print(f"{len(sample)} of {len(changes)} mutants", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        counts = _fates(sample, Path(scratch).resolve(), tests_of, equal)
    noticed = counts["killed"] + counts["timeout"] + counts["equal"]
    print(" ".join(f"{fate}={counts[fate]}" for fate in ("killed", "timeout", "equal", "survived")))
    print(f"noticed or equal: {noticed / len(sample):.1%} (promised: at least {PROMISE:.0%})")
    sys.exit(noticed < PROMISE * len(sample))


def _fates(
    sample: list[Mutant], copy: Path, tests_of: Mapping[str, list[str]], equal: set[tuple[str, ...]]
) -> Counter[str]:
    """How many mutants of the sample had each fate; those that survive are printed."""
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
    shutil.rmtree(copy / ".hypothesis", ignore_errors=True)
    for bytecode in list(copy.rglob("__pycache__")):
        shutil.rmtree(bytecode)
    (copy / "tmp").mkdir()
    nearest_tests = NearestTests(copy, tests_of)
    counts: Counter[str] = Counter()
    for number, mutant in enumerate(sample):
        if number and number % 25 == 0:
            print(f"{number} done", flush=True)
        if mutant.key in equal:
            counts["equal"] += 1
            continue
        outcome = fate(mutant, copy, nearest_tests.trials(mutant.changed))
        counts[outcome] += 1
        if outcome != "killed":
            print(f"{outcome} {mutant.module}:{mutant.line} {mutant.function}")
            for sign, text in (("-", mutant.before), ("+", mutant.after)):
                print("\n".join(f"    {sign} {line}" for line in text.splitlines()), flush=True)
    return counts


if __name__ == "__main__":
    main()
