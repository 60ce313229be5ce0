"""A tree that is about to be scanned: configured, ready to be evaluated."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from astralint.assembly.cache import open_pack, open_store
from astralint.assembly.counting import CountingWorkers, Work
from astralint.assembly.workers import LocalWorkers, PoolWorkers, Workers
from astralint.config.settings import Settings
from astralint.inventory.given import NOTHING_GIVEN, Given, read_given
from astralint.layouts.find import find_evaluations, has_any_layout
from astralint.platform.build import Build, build_platform
from astralint.rules.finding import RuleDescription
from astralint.rules.housekeeping import HOUSEKEEPING
from astralint.rules.judgement import describe
from astralint.rules.loader import LoadedRules, load_rules
from astralint.rules.selection import Selected, choices
from astralint.session.ground import Ground
from astralint.session.options import ScanOptions, UsageError, judgement_day
from astralint.source.collector import collecting_rarely
from astralint.source.diagnostic import Diagnostic
from astralint.source.observed import ObservedTree
from astralint.source.secrets import NO_SECRETS
from astralint.source.tree import LocalTree, TreePath, is_within, parent
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import Directory

if TYPE_CHECKING:
    from astralint.assembly.cache import CachedWorkers
    from astralint.rules.recall import Recall
    from astralint.source.pack import Pack

PARALLEL_FROM = 400
"""Fewer workspaces than this are evaluated as fast in this process: what others found has to be sent back."""


class Session:
    """A scan's ground with its configuration.

    A tree that is not this machine's own is evaluated in this process, and rules that its
    configuration brings along are not loaded.
    """

    def __init__(self, ground: Ground, options: ScanOptions | None = None) -> None:
        self.options = options or ScanOptions()
        self.ground = ground
        self.given = ground.given
        self.root = ground.root
        self.tree = ground.tree
        self.starts = ground.starts
        self.prefix = ground.prefix
        self.store = open_store(self.options.cache, self.root)
        self.loader = ModuleLoader(self.tree, self.store)
        self.pack = self._open_pack()
        self.cached: CachedWorkers | None = None
        self._counting: CountingWorkers | None = None
        self.secrets = NO_SECRETS
        """The sensitive texts of what was evaluated: no output holds them."""
        self.settings, self.config_diagnostics = self._configure()
        self.whole = self._whole()

    def _whole(self) -> tuple[TreePath, ...]:
        """Return the directories that are read: the configuration's, whichever part of it was asked for."""
        path = self.settings.path
        if path is None or path.startswith("../"):
            return self.starts
        home = parent(path)
        return (home,) if all(is_within(start, home) for start in self.starts) else self.starts

    def _open_pack(self) -> Pack | None:
        if self.options.cache is None or not isinstance(self.tree, LocalTree | ObservedTree):
            return None
        return open_pack(self.options.cache, self.root)

    def _configure(self) -> tuple[Settings, tuple[Diagnostic, ...]]:
        from astralint.config.check import with_profile
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
        chosen = with_profile(settings, self.options.profile)
        if isinstance(chosen, Diagnostic):
            return settings, (*diagnostics, chosen)
        return chosen, diagnostics

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
            build = build_platform(self.loader, self.settings, self.whole, workers, self.beside())
        else:
            build = self._build(self.workers())
        self.secrets = build.secrets
        return build

    def _build(self, here: LocalWorkers) -> Build:
        jobs = self.options.jobs if self.options.jobs is not None else (os.cpu_count() or 1)
        with collecting_rarely(), PoolWorkers(jobs, here, PARALLEL_FROM) as pool:
            # Another tree than this machine's is read through one connection, which processes can't share.
            recording = self._counting = CountingWorkers(pool if isinstance(self.tree, LocalTree) else here)
            workers: Workers = recording
            if self.pack is not None and isinstance(self.tree, LocalTree | ObservedTree):
                from astralint.assembly.cache import CachedWorkers

                workers = self.cached = CachedWorkers(recording, self.pack, self.tree, self.settings)
            return build_platform(self.loader, self.settings, self.whole, workers, self.beside())

    def work(self) -> Work | None:
        """Return how much was evaluated; None where the whole result was kept."""
        if self._counting is None:
            return None
        done = self._counting.work()
        if self.cached is None:
            return done
        return Work(done.evaluations, done.workspaces, self.cached.recalled, dict(self.cached.missed))

    def beside(self) -> Given:
        """Return what is given beside the code; raises UsageError for paths that are not there."""
        own = self.options
        if not (own.states or own.inventory or own.events or self.settings.states or self.settings.inventory):
            return NOTHING_GIVEN
        given = read_given(own.states, self.settings, self.tree, own.inventory, own.events, own.earlier)
        wrong = [diagnostic for diagnostic in given.diagnostics if diagnostic.usage]
        if wrong:
            raise UsageError(wrong)
        return given

    def recall(self) -> Recall | None:
        """Return what finds the result of an earlier check that was asked for alike; None where nothing is kept.

        Rules that a configuration brings along may depend on anything; nor are files that
        options name beside the tree among what a kept result was concluded from.
        """
        own = msgspec.structs.asdict(self.options)
        beside = [value for name, value in own.items() if name not in ("boundary", "cache", "config")]
        named = self.settings.rule_paths or self.settings.states or self.options.states or self.settings.inventory
        named = named or self.options.events
        if self.pack is None or named or any(isinstance(value, Path) for value in beside):
            return None
        from astralint.rules.recall import Recall

        assert isinstance(self.tree, LocalTree | ObservedTree)
        asked = msgspec.structs.replace(
            self.options, jobs=None, cache=None, today=judgement_day(self.options.today), workspaces=(), accounts=()
        )
        return Recall(self.pack, self.tree, [asked, self.whole, self.settings, self.config_diagnostics])

    def save(self) -> None:
        """Write what the next run can do with."""
        self.store.save(self.secrets)
        if self.pack is not None and self.options.cache is not None:
            from astralint.assembly.cache import remove_old_packs

            if self.cached is not None:
                self.cached.save(self.secrets)
            self.pack.save()
            remove_old_packs(self.options.cache)

    def directories(self) -> tuple[Directory, ...]:
        """Return what each directory was taken for, and why."""
        return find_evaluations(self.loader, self.settings, self.whole).directories

    def _require_terraform(self) -> None:
        if self.settings.workspaces or has_any_layout(self.loader, self.settings, self.whole):
            return
        shown = ", ".join(f"`{path}`" for path in self.given)
        message = f"there is no Terraform file at or below {shown}"
        help_ = "Terraform files end in `.tf`, `.tf.json` or `.tofu`; hidden directories are not searched"
        raise UsageError([Diagnostic("no-terraform", "error", message, help=help_, usage=True)])

    def rules(self) -> LoadedRules:
        """Load the rules: installed packs, and the configuration's own where that is allowed."""
        return load_rules(self._rule_paths())

    @property
    def has_rules_not_loaded(self) -> bool:
        """True where the configuration brings rules along that may not be run."""
        return bool(self.settings.rule_paths) and not self._rule_paths()

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
        described = [
            describe(Selected(choice.rule, choice.severity)) for choice in choices(loaded.rules, self.settings)
        ]
        return tuple(sorted((*described, *HOUSEKEEPING), key=lambda rule: rule.id))

    def source_text(self, file: str) -> str | None:
        """Return a file's text for excerpts; None where it can't be read."""
        from astralint.source.tree import SourceError

        try:
            return self.tree.read(file).decode("utf-8-sig", "replace")
        except SourceError:
            return None
