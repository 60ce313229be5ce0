"""Fixtures of rules: tiny platforms whose lines say what is expected of them.

    resource "aws_iam_user" "deploy" { # expect: AL101
    resource "aws_iam_user" "admin" {  # ok: AL101
    resource "aws_iam_user" "maybe" {  # undecided: AL101

- `expect`: a finding's primary place is on this line; `AL101 x2` says how many are. A
  fixture gives exactly the findings that its lines expect, of every rule that is loaded.
- `ok`: neither a finding nor an undecided subject of the rule is on this line.
- `undecided`: a subject that the rule could not decide about, or what it could not
  know, is on this line. What concerns the whole platform stands on the first line of
  its configuration.
- `silent`: anywhere in the fixture: the rule had nothing to judge.
- `suppressed`: a finding on this line is kept back.
- `diagnostic`: the input is broken on this line; what follows is the diagnostic's code.

Several rules are separated by commas. Marks stand in comments of any form; where a line
can hold none, `expect-below` and its like on the line above speak of it, `expect-below(6)`
of the sixth line below.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from astralint.platform.platform import Platform
from astralint.rules.finding import CheckResult, UndecidedSubject, single
from astralint.rules.loader import LoadedRules, load_rules
from astralint.rules.selection import select_rules, settings_for
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import LocalTree

MARK = re.compile(
    r"(?:#|//|/\*|\") *(?P<kind>expect|ok|undecided|silent|suppressed|diagnostic)(?P<below>-below(?:\((?P<lines>\d{1,4})\))?)?: (?P<what>[\w, -]+)"
)
SUFFIXES = (".tf", ".tofu", ".hcl", ".tfvars", ".tf.json", ".yaml", ".yml", ".json")
TODAY = date(2026, 1, 1)
"""The day by which fixtures are judged, so that they stay what they are."""


class Mark(msgspec.Struct, frozen=True, order=True):
    """What a line says of a rule (or, of kind `diagnostic`, of a code); `count` is 0 where any number will do."""

    file: str
    line: int
    kind: str
    what: str
    count: int = 0

    def __str__(self) -> str:
        times = f" x{self.count}" if self.count else ""
        return f"{self.file}:{self.line}: {self.kind}: {self.what}{times}"


class FixtureResult(msgspec.Struct, frozen=True, eq=False):
    """How a fixture went: what is marked and did not come, what came and is not marked.

    `diagnostics` are broken input that no line is marked for, and mistakes of the
    configuration.
    """

    directory: Path
    missing: tuple[Mark, ...]
    unexpected: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    marks: tuple[Mark, ...]
    result: CheckResult | None

    @property
    def ok(self) -> bool:
        """Say whether everything came out as it is marked."""
        return not (self.missing or self.unexpected or self.diagnostics)

    def __str__(self) -> str:
        lines = [f"{self.directory}: {'as expected' if self.ok else 'not as expected'}"]
        lines += [f"  missing     {mark}" for mark in self.missing]
        lines += [f"  unexpected  {text}" for text in self.unexpected]
        lines += [
            f"  diagnostic  {d.span or ''} {d.code}: {d.message}" + (f" ({d.help})" if d.help else "")
            for d in self.diagnostics
        ]
        return "\n".join(lines)


def run_fixture(
    directory: Path, rules: LoadedRules | None = None, today: date = TODAY, *, select: Sequence[str] = ()
) -> FixtureResult:
    """Check a fixture with all rules (of the installed packs, where none are given) and compare with its marks.

    With `select` (ids of rules), these alone run, and those that marks speak of.
    Reads nothing outside of the directory. An exception that a rule raises is a diagnostic of the result.
    """
    from astralint.assembly.workers import LocalWorkers
    from astralint.config.check import with_profile
    from astralint.config.loader import find_configuration, load_configuration
    from astralint.hcl.store import SyntaxStore
    from astralint.inventory.given import read_given
    from astralint.platform.build import build_platform
    from astralint.rules.judgement import judge
    from astralint.terraform.configuration.loader import ModuleLoader

    loaded = rules if rules is not None else load_rules()
    marks = tuple(read_marks(directory))
    tree = LocalTree(directory)
    loader = ModuleLoader(tree, SyntaxStore(None))
    settings, said = load_configuration(tree, loader, find_configuration(tree, (".",), None), allow_rule_code=False)
    chosen = with_profile(settings, None)
    if isinstance(chosen, Diagnostic):
        return FixtureResult(directory, (), (), (chosen,), marks, None)
    settings = settings_for(chosen, loaded.rules)
    named = {mark.what for mark in marks if mark.kind != "diagnostic"} & {rule.id for rule in loaded.rules}
    selected, wrong = select_rules(loaded.rules, settings, sorted({*select, *named}) if select else ())
    usage = tuple(d for d in (*said, *loaded.diagnostics, *wrong) if d.usage or d.severity == "error")
    if usage:
        return FixtureResult(directory, (), (), usage, marks, None)
    build = build_platform(loader, settings, (".",), LocalWorkers(loader, settings), read_given((), settings, tree))
    result = judge(build, settings, selected, loaded.rules, lambda file: loader.source(file)[0], today)
    return compare(directory, marks, result, build.platform)


def compare(directory: Path, marks: tuple[Mark, ...], result: CheckResult, platform: Platform) -> FixtureResult:
    """Compare a result with the marks of a fixture."""
    found = Counter((f.primary.span.file, f.primary.span.line, f.rule) for f in single(result.findings))
    kept = {(s.finding.primary.span.file, s.finding.primary.span.line, s.finding.rule) for s in result.suppressed}
    open_ = {(file, line, u.rule) for u in result.undecided for file, line in _places(u, platform)}
    silent = {rule for s in result.silent for rule in (s.rule, s.name)}
    broken = [d for d in result.diagnostics if d.severity == "error"]
    said = {(d.span.file, d.span.line, d.code) for d in result.diagnostics if d.span is not None}
    missing: list[Mark] = []
    unexpected: list[str] = []
    for mark in marks:
        place = (mark.file, mark.line, mark.what)
        came = {
            "expect": found[place] == mark.count if mark.count else found[place] > 0,
            "ok": place not in open_ and not found[place],
            "undecided": place in open_,
            "silent": mark.what in silent,
            "suppressed": place in kept,
            "diagnostic": place in said,
        }[mark.kind]
        if not came:
            missing.append(mark)
    expected = {(mark.file, mark.line, mark.what) for mark in marks if mark.kind == "expect"}
    for finding in single(result.findings):
        span = finding.primary.span
        if (span.file, span.line, finding.rule) not in expected:
            unexpected.append(f"{span.file}:{span.line}: {finding.rule} {finding.message}")
    marked = {(mark.file, mark.line, mark.what) for mark in marks if mark.kind == "diagnostic"}
    problems = [d for d in broken if d.span is None or (d.span.file, d.span.line, d.code) not in marked]
    return FixtureResult(directory, tuple(missing), tuple(unexpected), tuple(problems), marks, result)


def _places(undecided: UndecidedSubject, platform: Platform) -> Iterator[tuple[str, int]]:
    """Yield the lines that an undecided subject stands for: what could not be known, and its own."""
    if undecided.span is not None:
        yield undecided.span.file, undecided.span.line
    if undecided.subject == "platform" and platform.settings.path is not None:
        yield platform.settings.path, 1
    resource = platform.find(undecided.workspace, undecided.subject)
    if resource is not None:
        yield resource.header.file, resource.header.line
    workspace = platform.workspaces.get(undecided.subject)
    if workspace is not None:
        yield workspace.anchor.file, workspace.anchor.line
    account = platform.accounts.get(undecided.subject)
    if account is not None and account.span is not None:
        yield account.span.file, account.span.line


def read_marks(directory: Path) -> Iterator[Mark]:
    """Yield the marks of all files below a directory, in order of files and lines."""
    for path in sorted(directory.rglob("*")):
        if path.name.endswith(SUFFIXES) and path.is_file():
            file = path.relative_to(directory).as_posix()
            for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
                yield from _marks(file, number, line)


def _marks(file: str, number: int, line: str) -> Iterator[Mark]:
    for match in MARK.finditer(line):
        for item in match["what"].split(","):
            name, _, times = item.strip().partition(" x")
            count = int(times) if times.isdecimal() else 0
            yield Mark(file, number + _lines_below(match), match["kind"], name.split(" ")[0], count)


def find_fixtures(directory: Path) -> Iterable[tuple[str, str, Path]]:
    """Return (rule name, `good` or `bad`, directory) of every case: `RULE/good/`, or each directory `RULE/good/CASE/`."""
    found: list[tuple[str, str, Path]] = []
    for rule in sorted(path for path in directory.iterdir() if path.is_dir()):
        for kind in ("bad", "good"):
            home = rule / kind
            if _is_case(home):
                found.append((rule.name, kind, home))
            elif home.is_dir():
                found += [(rule.name, kind, case) for case in sorted(home.iterdir()) if case.is_dir()]
    return found


def _is_case(directory: Path) -> bool:
    return directory.is_dir() and any(path.is_file() for path in directory.iterdir())


def _lines_below(match: re.Match[str]) -> int:
    return int(match["lines"] or 1) if match["below"] else 0
