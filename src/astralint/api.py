"""The library: from paths to a report.

from astralint import scan

report = scan(["infrastructure"])
for finding in report.result.findings:
    print(finding.primary.span, finding.message)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from astralint.assembly.workers import LocalWorkers, PoolWorkers, Workers
from astralint.config.check import unusual_kinds
from astralint.config.settings import Settings
from astralint.estate.kinds import KINDS, kind_of_whole_name
from astralint.platform.build import Build, build_platform
from astralint.platform.platform import Platform
from astralint.rules.baseline import Baseline, BaselineError, read
from astralint.rules.finding import CheckResult, RuleDescription
from astralint.rules.fingerprint import lines_of
from astralint.rules.housekeeping import HOUSEKEEPING
from astralint.rules.judgement import describe, judge
from astralint.rules.loader import LoadedRules, load_rules
from astralint.rules.runner import Selected, select_rules
from astralint.source.collector import collecting_rarely
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import LocalTree, SourceTree, TreePath
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import find_directories

if TYPE_CHECKING:
    from astralint.assembly.cache import CachedWorkers
    from astralint.rules.recall import Recall
    from astralint.source.pack import Pack

if TYPE_CHECKING:
    from astralint.compare.comparison import Comparison

PARALLEL_FROM = 400
"""Fewer workspaces than this are evaluated as fast in this process: what others found has to be sent back."""


class UsageError(Exception):
    """A call or a configuration that can't be carried out; `diagnostics` say why."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class ScanOptions(msgspec.Struct, frozen=True):
    """How a scan is done.

    `boundary` is the directory that nothing is read outside of (None: the enclosing
    git work tree, else the common parent of the paths). `config` is the
    configuration file (None: `astralint.hcl` found at or above the paths). `jobs` is
    the number of processes (None: as many as there are cores). `cache` is where
    parsed files are kept (None: nowhere). `profile` is one of the configuration's.
    `baseline` is a file whose findings are kept back (see `astralint.rules.baseline`).

    Raises TypeError for a place that is no `Path`: `cache=False` is no directory called `False`.
    """

    boundary: Path | None = None
    config: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    jobs: int | None = None
    cache: Path | None = None
    allow_rule_code: bool = False
    today: date | None = None
    rule_errors: bool = False
    profile: str | None = None
    baseline: Path | None = None

    def __post_init__(self) -> None:
        for name in ("boundary", "config", "cache", "baseline"):
            place = getattr(self, name)
            if place is not None and not isinstance(place, Path):
                raise TypeError(f"`{name}` is a Path or None, not {place!r}")


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


class Session:
    """A tree that is about to be scanned: found, configured, ready to be evaluated."""

    def __init__(self, paths: Iterable[str | os.PathLike[str]] = (), options: ScanOptions | None = None) -> None:
        self.options = options or ScanOptions()
        given = [Path(path) for path in paths] or [Path()]
        if not all(path.is_absolute() for path in given) and _current_directory() is None:
            raise UsageError([Diagnostic("path-not-found", "error", "the current directory is gone", usage=True)])
        self.given = tuple(given)
        self._require(given)
        self.root = self._boundary(given)
        tree = LocalTree(self.root)
        self.root = tree.root
        self._prepare(tree, self._starts(tree, given))

    @classmethod
    def over(
        cls, tree: SourceTree, root: Path, starts: Sequence[TreePath] = (".",), options: ScanOptions | None = None
    ) -> Session:
        """Return a session over any source tree.

        `root` is the machine's directory that the tree's root stands for, and `starts`
        are the directories of the tree that are looked into. It is evaluated in this
        process; rules that its configuration brings along are not loaded.
        """
        session = cls.__new__(cls)
        session.options = options or ScanOptions()
        session.root = root
        session.given = tuple(root / start for start in starts)
        session._prepare(tree, tuple(starts))  # noqa: SLF001 - the other constructor
        return session

    def _prepare(self, tree: SourceTree, starts: tuple[TreePath, ...]) -> None:
        from astralint.assembly.cache import open_store

        self.tree = tree
        self.starts = starts
        self.store = open_store(self.options.cache, self.root)
        self.loader = ModuleLoader(self.tree, self.store)
        self.pack = self._open_pack()
        self.cached: CachedWorkers | None = None
        self.settings, self.config_diagnostics = self._configure()

    def _open_pack(self) -> Pack | None:
        if self.options.cache is None or not isinstance(self.tree, LocalTree):
            return None
        from astralint.assembly.cache import open_pack

        return open_pack(self.options.cache, self.root)

    # --- where -------------------------------------------------------------------------

    @staticmethod
    def _require(paths: Sequence[Path]) -> None:
        missing = [path for path in paths if not path.exists()]
        if missing:
            raise UsageError(
                [Diagnostic("path-not-found", "error", f"`{path}` does not exist", usage=True) for path in missing]
            )

    def _boundary(self, paths: Sequence[Path]) -> Path:
        if self.options.boundary is not None:
            return self.options.boundary
        directories = [path.resolve() if path.is_dir() else path.resolve().parent for path in paths]
        tops = {_work_tree(directory) for directory in directories}
        if len(tops) == 1:
            top = tops.pop()
            if top is not None:
                return top
        return Path(os.path.commonpath([str(directory) for directory in directories]))

    def _starts(self, tree: LocalTree, paths: Sequence[Path]) -> tuple[TreePath, ...]:
        starts: list[TreePath] = []
        for path in paths:
            directory = path if path.is_dir() else path.parent
            found = tree.tree_path(directory)
            if found is None:
                message = f"`{path}` lies outside of the boundary `{self.root}`"
                raise UsageError([Diagnostic("outside-boundary", "error", message, usage=True)])
            starts.append(found)
        return tuple(dict.fromkeys(starts))

    def _configure(self) -> tuple[Settings, tuple[Diagnostic, ...]]:
        from astralint.config.loader import find_configuration, load_configuration

        explicit = self.options.config
        if explicit is not None and not explicit.is_file():
            message = f"the configuration `{explicit}` does not exist"
            raise UsageError([Diagnostic("path-not-found", "error", message, usage=True)])
        settings, diagnostics = load_configuration(
            self.tree,
            self.loader,
            find_configuration(self.tree, self.starts, explicit),
            allow_rule_code=self.options.allow_rule_code,
        )
        if self.options.profile is not None:
            from astralint.config.check import with_profile

            chosen = with_profile(settings, self.options.profile)
            if isinstance(chosen, Diagnostic):
                return settings, (*diagnostics, chosen)
            settings = chosen
        return settings, diagnostics

    def tree_path(self, absolute: Path) -> TreePath | None:
        """Return the tree path of one of this machine's, links resolved; None where it is outside."""
        return LocalTree(self.root).tree_path(absolute)

    # --- what ----------------------------------------------------------------------------

    def workers(self) -> LocalWorkers:
        """Return workers in this process."""
        return LocalWorkers(self.loader, self.settings)

    def build(self, workers: Workers | None = None) -> Build:
        """Evaluate everything; in several processes where that is worth it."""
        self._require_terraform()
        if workers is not None:
            return build_platform(self.tree, self.loader, self.settings, self.starts, workers)
        return self._build(self.workers())

    def _build(self, here: LocalWorkers) -> Build:
        workers: Workers = here
        jobs = self.options.jobs if self.options.jobs is not None else (os.cpu_count() or 1)
        with collecting_rarely(), PoolWorkers(jobs, here, PARALLEL_FROM) as pool:
            if isinstance(self.tree, LocalTree):
                workers = pool
                if self.pack is not None:
                    from astralint.assembly.cache import CachedWorkers

                    workers = self.cached = CachedWorkers(pool, self.pack, self.tree, self.settings)
            return build_platform(self.tree, self.loader, self.settings, self.starts, workers)

    def recall(self) -> Recall | None:
        """Return what finds the result of an earlier check that was asked for alike; None where nothing is kept.

        Rules that a configuration brings along may depend on anything; nor are files that
        options name beside the tree among what a kept result was concluded from.
        """
        own = msgspec.structs.asdict(self.options)
        beside = [value for name, value in own.items() if name not in ("boundary", "cache", "config")]
        if self.pack is None or self.settings.rule_paths or any(isinstance(value, Path) for value in beside):
            return None
        from astralint.rules.recall import Recall

        assert isinstance(self.tree, LocalTree)
        asked = msgspec.structs.replace(self.options, jobs=None, cache=None, today=judgement_day(self.options.today))
        return Recall(self.pack, self.tree, [asked, self.starts, self.settings, self.config_diagnostics])

    def save(self) -> None:
        """Write what the next run can do with."""
        self.store.save()
        if self.pack is not None and self.options.cache is not None:
            from astralint.assembly.cache import remove_old_packs

            self.pack.save()
            remove_old_packs(self.options.cache)

    def _require_terraform(self) -> None:
        if self.settings.workspaces or find_directories(self.tree, self.starts):
            return
        shown = ", ".join(f"`{path}`" for path in self.given)
        message = f"there is no Terraform file at or below {shown}"
        help_ = "Terraform files end in `.tf`, `.tf.json` or `.tofu`; hidden directories are not searched"
        raise UsageError([Diagnostic("no-terraform", "error", message, help=help_, usage=True)])

    def rules(self) -> LoadedRules:
        """Load the rules: installed packs, and the configuration's own where that is allowed."""
        return load_rules(self._rule_paths())

    def _rule_paths(self) -> list[Path]:
        tree = self.tree
        if not self.settings.rule_paths or not isinstance(tree, LocalTree):
            return []
        if not (self.options.allow_rule_code or self.options.config is not None):
            return []
        return [Path(tree.absolute(path)) for path in self.settings.rule_paths]

    def descriptions(self) -> tuple[RuleDescription, ...]:
        """Return the documentation of all rules with the severity in force; raises UsageError where one can't be loaded."""
        loaded = self.rules()
        if loaded.diagnostics:
            raise UsageError(loaded.diagnostics)
        configured = {setting.name: setting.severity for setting in self.settings.rules if setting.severity}
        described = [
            describe(Selected(rule, configured.get(rule.id) or configured.get(rule.name) or rule.severity))  # type: ignore[arg-type]
            for rule in loaded.rules
        ]
        return tuple(sorted((*described, *HOUSEKEEPING), key=lambda rule: rule.id))

    @property
    def prefix(self) -> str:
        """The way from the root of the repository to the boundary, "" where they are one or there is no repository."""
        top = _work_tree(self.root)
        if top is None or top == self.root:
            return ""
        return self.root.relative_to(top).as_posix()

    def source_text(self, file: str) -> str | None:
        """Return a file's text for excerpts; None where it can't be read."""
        from astralint.source.tree import SourceError

        try:
            return self.tree.read(file).decode("utf-8-sig", "replace")
        except SourceError:
            return None


def _current_directory() -> Path | None:
    try:
        return Path.cwd()
    except OSError:
        return None


def _work_tree(directory: Path) -> Path | None:
    for candidate in (directory, *directory.parents):
        if (candidate / ".git").exists():
            return candidate
    return None


def judgement_day(given: date | None) -> date:
    """Return the day by which whatever expires is judged: the given one, SOURCE_DATE_EPOCH's, or today."""
    if given is not None:
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return now.date()


def check(session: Session) -> Report:
    """Evaluate a session's tree and run its rules; raises UsageError for what the user has to mend first."""
    with collecting_rarely():
        return _check(session)


def _check(session: Session) -> Report:
    options = session.options
    recall = session.recall()
    earlier = recall.find() if recall is not None else None
    if earlier is not None:
        return Report(lambda: session.build().platform, earlier, session.root, session.source_text)
    loaded = session.rules()
    selected, problems = select_rules(loaded.rules, session.settings, options.select, options.ignore)
    usage = [d for d in (*session.config_diagnostics, *loaded.diagnostics, *problems) if d.usage]
    if usage:
        raise UsageError(usage)
    baseline = _baseline(options.baseline) if options.baseline is not None else None
    build = session.build()
    kinds = unusual_kinds(session.settings, KINDS, kind_of_whole_name)
    result = judge(
        build,
        session.settings,
        selected,
        loaded.rules,
        lambda file: session.loader.source(file)[0],
        judgement_day(options.today),
        ignore=options.ignore,
        diagnostics=(*session.config_diagnostics, *kinds),
        strict_errors=options.rule_errors,
        baseline=baseline,
        line=lines_of(session.source_text),
    )
    if recall is not None:
        recall.keep(result, session.cached.unkept.values() if session.cached is not None else ())
    session.save()
    return Report(lambda: build.platform, result, session.root, session.source_text)


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
    return check(Session(many, options))


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
    top = repository or work_tree_of(paths[0] if paths else Path())
    if top is None:
        raise UsageError([Diagnostic("not-a-repository", "error", "this is no git work tree", usage=True)])
    now = LocalTree(chosen.boundary or top)
    within = LocalTree(top).tree_path(now.root)
    starts = tuple(dict.fromkeys(now.tree_path(path) for path in paths)) or (now.tree_path(Path.cwd()) or ".",)
    known = [start for start in starts if start is not None]
    if within is None or len(known) < len(starts):
        message = f"the paths lie outside of the boundary `{now.root}`, or it outside of the repository"
        raise UsageError([Diagnostic("outside-boundary", "error", message, usage=True)])

    def side(name: str, tree: SourceTree) -> Side:
        report = check(Session.over(tree, now.root, known, chosen))
        return Side(name, report.platform, report.result, TreeTexts(tree))

    try:
        before = side(base, GitTree(top, base, within))
        after = side(head or "the work tree", GitTree(top, head, within) if head is not None else now)
    except GitError as error:
        raise UsageError([Diagnostic("unknown-revision", "error", str(error), usage=True)]) from error
    return compare(before, after), "" if within == "." else within
