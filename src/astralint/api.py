"""The library: from paths to a report.

from astralint import scan

report = scan(["infrastructure"])
for finding in report.result.findings:
    print(finding.primary.span, finding.message)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from astralint.config.check import unusual_kinds
from astralint.estate.kinds import KINDS, kind_of_whole_name
from astralint.platform.platform import Platform
from astralint.rules.baseline import Baseline, BaselineError, read
from astralint.rules.finding import CheckResult
from astralint.rules.fingerprint import lines_of
from astralint.rules.judgement import judge
from astralint.rules.selection import select_rules, settings_for
from astralint.rules.shown import Shown, below, only, unknown_names
from astralint.session.ground import Ground, ground_at
from astralint.session.options import ScanOptions, UsageError, judgement_day
from astralint.session.session import Session
from astralint.source.collector import collecting_rarely
from astralint.source.diagnostic import Diagnostic
from astralint.source.observed import ObservedTree
from astralint.source.secrets import Secrets
from astralint.source.tree import LocalTree, SourceTree

if TYPE_CHECKING:
    from astralint.compare.comparison import Comparison


class Report:
    """A scan's outcome. `root` is the boundary's directory."""

    def __init__(
        self,
        platform: Callable[[], Platform],
        result: CheckResult,
        root: Path,
        source_text: Callable[[str], str | None],
    ) -> None:
        self._platform = platform
        self.result = result
        self.root = root
        self.source_text = source_text

    @cached_property
    def platform(self) -> Platform:
        """The platform; it is evaluated now where the result is an earlier run's."""
        return self._platform()


def open_session(paths: Iterable[str | os.PathLike[str]] = (), options: ScanOptions | None = None) -> Session:
    """Return a session over what lies at the paths; raises UsageError for paths that are not there."""
    chosen = options or ScanOptions()
    return Session(ground_at(paths, chosen.boundary), chosen)


def check(session: Session) -> Report:
    """Evaluate a session's tree and run its rules; raises UsageError for what the user has to mend first."""
    with collecting_rarely():
        return _check(session)


def _check(session: Session) -> Report:
    report = _judged(session)
    shown = Shown(below(session.starts, session.whole), session.options.workspaces, session.options.accounts)
    wrong = unknown_names(report.result, shown)
    if wrong:
        raise UsageError(wrong)
    report.result = only(report.result, shown)
    return report


def _judged(session: Session) -> Report:
    """Judge the whole platform that a session's paths belong to."""
    options = session.options
    recall = session.recall()
    earlier = recall.find() if recall is not None else None
    if recall is not None and earlier is not None:
        session.secrets = recall.secrets
        return Report(lambda: session.build().platform, earlier, session.root, session.source_text)
    loaded = session.rules()
    missing = session.has_rules_not_loaded
    settings = settings_for(session.settings, loaded.rules)
    selected, problems = select_rules(loaded.rules, settings, options.select, options.ignore, some_not_loaded=missing)
    usage = [d for d in (*session.config_diagnostics, *loaded.diagnostics, *problems) if d.usage]
    if usage:
        raise UsageError(usage)
    baseline = _baseline(options.baseline) if options.baseline is not None else None
    build = session.build()
    kinds = unusual_kinds(session.settings, KINDS, kind_of_whole_name)
    result = judge(
        build,
        settings,
        selected,
        loaded.rules,
        lambda file: session.loader.source(file)[0],
        judgement_day(options.today),
        ignore=options.ignore,
        diagnostics=(*session.config_diagnostics, *kinds),
        strict_errors=options.rule_errors,
        baseline=baseline,
        line=lines_of(session.source_text),
        some_not_loaded=missing,
    )
    result = masked(result, build.secrets)
    if recall is not None:
        recall.keep(result, build.secrets)
    session.save()
    return Report(lambda: build.platform, result, session.root, session.source_text)


def masked(result: CheckResult, secrets: Secrets) -> CheckResult:
    """Return a result in which nothing sensitive stands; what rules say of themselves is no secret."""
    if not secrets:
        return result
    return msgspec.structs.replace(secrets.data(msgspec.structs.replace(result, rules=())), rules=result.rules)


def _baseline(path: Path) -> Baseline:
    try:
        return read(path)
    except BaselineError as error:
        raise UsageError([error.diagnostic]) from error


def scan(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str] = (), options: ScanOptions | None = None
) -> Report:
    """Read all Terraform below the paths as one platform, and check it.

    Raises UsageError for paths that do not exist and for a wrong configuration; all
    else that is wrong with the input is among the report's diagnostics.
    """
    many = [paths] if isinstance(paths, str | os.PathLike) else paths
    return check(open_session(many, options))


def compare_revisions(
    base: str,
    head: str | None,
    paths: Sequence[Path] = (),
    repository: Path | None = None,
    options: ScanOptions | None = None,
) -> tuple[Comparison, str]:
    """Check a repository at two revisions and compare; the second string leads from its root to the boundary.

    `head` None stands for the files as they are now. `repository` is the root of the
    work tree (None: the one that the paths are in). Nothing is checked out. Raises
    UsageError for revisions and paths that are not there.
    """
    from astralint.compare.comparison import compare
    from astralint.compare.side import Side
    from astralint.report.context import TreeTexts
    from astralint.source.git_tree import GitError, GitTree, work_tree_of

    chosen = options or ScanOptions()
    try:
        top = repository or work_tree_of(paths[0] if paths else Path())
    except GitError as error:
        raise UsageError([Diagnostic("not-a-repository", "error", str(error), usage=True)]) from error
    if top is None:
        raise UsageError([Diagnostic("not-a-repository", "error", "this is no git work tree", usage=True)])
    now = LocalTree(chosen.boundary or top)
    within = LocalTree(top).tree_path(now.root)
    starts = tuple(dict.fromkeys(now.tree_path(path) for path in paths)) or (now.tree_path(Path.cwd()) or ".",)
    known = tuple(start for start in starts if start is not None)
    if within is None or len(known) < len(starts):
        message = f"the paths lie outside of the boundary `{now.root}`, or it outside of the repository"
        raise UsageError([Diagnostic("outside-boundary", "error", message, usage=True)])

    def side(name: str, tree: SourceTree) -> Side:
        session = Session(Ground(tree, now.root, known, tuple(now.root / start for start in known)), chosen)
        report = check(session)
        platform = report.platform
        session.save()
        return Side(name, platform, report.result, TreeTexts(tree), session.secrets)

    try:
        before = side(base, ObservedTree(GitTree(top, base, within)))
        after = side(head or "the work tree", ObservedTree(GitTree(top, head, within)) if head is not None else now)
    except GitError as error:
        raise UsageError([Diagnostic("unknown-revision", "error", str(error), usage=True)]) from error
    return compare(before, after).masked(), "" if within == "." else within


__all__ = ["Report", "ScanOptions", "Session", "UsageError", "check", "compare_revisions", "open_session", "scan"]
