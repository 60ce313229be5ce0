"""Testing a pack: its rules are loaded, and its fixtures are run with the harness that runs ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from astralint.rules.harness import FixtureResult, find_fixtures, run_fixture
from astralint.rules.loader import LoadedRules, load_rules
from astralint.rules.selection import fits
from astralint.source.diagnostic import Diagnostic

PASSED_OVER = ("fixtures", "tests", "test", "build", "dist", "node_modules", "__pycache__")
NO_RULES = ("setup.py", "conftest.py")


class PackError(Exception):
    """A pack that can't be tested; `diagnostics` say why."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class TestedRule(msgspec.Struct, frozen=True, eq=False):
    """A rule with how its fixtures went; `kinds` are `good` or `bad`, in their order."""

    __test__ = False

    id: str
    name: str
    fixtures: tuple[FixtureResult, ...]
    kinds: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Say whether every fixture is as expected; a rule without any is not."""
        return bool(self.fixtures) and all(fixture.ok for fixture in self.fixtures)

    @property
    def marks(self) -> int:
        """How many marks speak of the rule."""
        return sum(mark.what == self.id for fixture in self.fixtures for mark in fixture.marks)

    def count(self, kind: str) -> int:
        """Return how many fixtures are of a kind."""
        return self.kinds.count(kind)


class PackTest(msgspec.Struct, frozen=True, eq=False):
    """How the rules of a pack went."""

    rules: tuple[TestedRule, ...]

    @property
    def ok(self) -> bool:
        """Say whether every rule has fixtures, and all are as expected."""
        return all(rule.ok for rule in self.rules)


def run_pack(path: Path, select: Sequence[str] = ()) -> PackTest:
    """Run the fixtures of the rules that stand below a directory; raises PackError where there are none."""
    if not path.is_dir():
        raise PackError([Diagnostic("path-not-found", "error", f"`{path}` is no directory", usage=True)])
    files = list(_rule_files(path))
    installed = load_rules()
    loaded = load_rules([file for file in files if not _is_installed(file, installed)])
    if loaded.diagnostics:
        raise PackError(loaded.diagnostics)
    own = {file.resolve() for file in files}
    rules = [rule for rule in loaded.rules if _file_of(rule.check) in own and (not select or fits(rule, select))]
    if not rules:
        help_ = "a rule is a function declared with `@rule`, in a Python file outside of `fixtures` and `tests`"
        raise PackError([Diagnostic("no-rules", "error", f"there is no rule below `{path}`", help=help_, usage=True)])
    ids = tuple(rule.id for rule in loaded.rules if _file_of(rule.check) in own)
    cases: dict[str, list[tuple[str, Path]]] = {}
    for home in sorted(p for p in path.rglob("fixtures") if p.is_dir() and not _is_hidden(p.relative_to(path))):
        for directory in (home, home / "rules"):
            for name, kind, case in find_fixtures(directory) if directory.is_dir() else ():
                cases.setdefault(name, []).append((kind, case))
    tested = []
    for rule in rules:
        found = [*cases.get(rule.name, ()), *cases.get(rule.id, ())]
        results = tuple(run_fixture(case, loaded, select=ids) for _, case in found)
        tested.append(TestedRule(rule.id, rule.name, results, tuple(kind for kind, _ in found)))
    return PackTest(tuple(tested))


def _rule_files(path: Path) -> Iterator[Path]:
    for file in sorted(path.rglob("*.py")):
        way = file.relative_to(path)
        passed_over = _is_hidden(way) or any(part in PASSED_OVER for part in way.parts[:-1])
        if not passed_over and file.name not in NO_RULES and not file.name.startswith("test_"):
            yield file


def _is_hidden(way: Path) -> bool:
    return any(part.startswith(".") for part in way.parts)


def _file_of(check: object) -> Path:
    code = getattr(check, "__code__", None)
    return Path(code.co_filename).resolve() if code is not None else Path()


def _is_installed(file: Path, installed: LoadedRules) -> bool:
    """Say whether a file is of a pack that is installed (in development mode): its rules are loaded already."""
    homes = {_file_of(rule.check) for rule in installed.rules}
    return any(file.resolve() == home or file.resolve().parent == home.parent for home in homes)
