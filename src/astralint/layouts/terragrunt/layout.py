"""Terragrunt's units as evaluations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from astralint.config.paths import STACK_FILE, UNIT_FILES
from astralint.layouts.protocol import Findings, Found, Ground, LayoutCoverage
from astralint.layouts.terragrunt.reader import Reader
from astralint.layouts.terragrunt.stacks import Stacks, StackUnit
from astralint.layouts.terragrunt.unit import Unit
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import SourceError, TreePath, join
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import EXAMPLE_PARTS, TEMPLATE_PARTS, TEST_PARTS, Directory, Root
from astralint.terraform.values.value import object_of
from astralint.terraform.workspace import WorkspaceSpec
from astralint.terraform.wrapper import Ask, Prepared

NAME = "terragrunt"
MAXIMUM_NOTES = 20
VALUES_FILE = "terragrunt.values.hcl"
_USES_VALUES = re.compile(rb"\bvalues\.[A-Za-z_]")
_HELP = "`module_source` in `astralint.hcl` says where in the tree a remote source is"


def prepare(spec: WorkspaceSpec, loader: ModuleLoader, ask: Ask, module_sources: Mapping[str, str]) -> Prepared:
    """Return the root that Terragrunt makes of a unit."""
    reader = Reader(
        loader, spec.directory, template=spec.template, name=spec.name, environment=spec.environment, ask=ask
    )
    if spec.values:
        reader.values = object_of({name: given.value for name, given in spec.values.items()})
    return Unit(reader, module_sources).prepared()


class Terragrunt:
    """See `astralint.layouts.protocol.Layout`."""

    def find(self, ground: Ground) -> Findings:
        """See `Layout.find`."""
        found = _Found(ground)
        return found.findings() if found.units or found.stacks or found.directories else Findings()


class _Found:
    """The units and stacks of a tree."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.environment = ground.settings.platform.environment
        self.directories: list[Directory] = []
        self.units: dict[TreePath, TreePath] = {}
        """The file of each unit, by its directory."""
        self.stacks: list[TreePath] = []
        self.made: dict[TreePath, StackUnit] = {}
        """The units that stacks generate, by their place."""
        self.diagnostics: dict[Diagnostic, None] = {}
        self.configured = {workspace.path for workspace in ground.settings.workspaces}
        for directory in ground.survey.directories_with(*UNIT_FILES, STACK_FILE):
            names = ground.survey.files[directory]
            if STACK_FILE in names:
                kind, reason = self._left_out(directory, join(directory, STACK_FILE), VALUES_FILE in names)
                if kind:
                    self.directories.append(
                        Directory(directory, "template" if kind == "template" else "example", reason)
                    )
                else:
                    self.stacks.append(directory)
            file = next((name for name in UNIT_FILES if name in names), None)
            if file is None:
                continue
            kind, reason = self._left_out(directory, join(directory, file), VALUES_FILE in names)
            if kind:
                self.directories.append(Directory(directory, "template" if kind == "template" else "example", reason))
            else:
                self.units[directory] = join(directory, file)

    def _left_out(self, directory: TreePath, file: TreePath, has_values: bool) -> tuple[str, str]:
        """Return what keeps a unit out, and why; two empty texts for one that counts."""
        parts = {part.lower() for part in directory.split("/")}
        for kind, names in (("example", EXAMPLE_PARTS), ("example", TEST_PARTS), ("template", TEMPLATE_PARTS)):
            if parts & names and not any(start != "." and directory.startswith(start) for start in self.ground.starts):
                return kind, f"`{min(parts & names)}` in its path"
        try:
            content = self.ground.survey.tree.read(file)
        except SourceError:
            return "", ""
        if b"{{" in content and b"}}" in content:
            return "template", "its Terragrunt file is a template"
        if _USES_VALUES.search(content) and not has_values:
            return "template", "it uses `values`, which only a stack gives"
        return "", ""

    def findings(self) -> Findings:
        read = {directory: self._read(directory) for directory in self.units}
        for each in self._generated():
            if each.place not in read:
                self.made[each.place] = each
                read[each.place] = self._read(each.place)
        included = self._included(read)
        evaluations: list[Found] = []
        undecided: Counter[str] = Counter()
        claimed: dict[TreePath, str] = {}
        units = 0
        for directory, unit in read.items():
            if directory in included and self._is_only_included(unit):
                reason = f"`{included[directory]}` includes it"
                self.directories.append(Directory(directory, "unused", reason))
                claimed.setdefault(directory, reason)
                continue
            units += 1
            claimed.setdefault(directory, "Terragrunt runs it")
            prepared = unit.prepared()
            unit.note_role()
            unit.reader.note_account_above()
            self.diagnostics.update(dict.fromkeys(prepared.diagnostics))
            source = unit.source()
            made = self.made.get(directory)
            if made is not None and made.reason:
                undecided[made.reason] += 1
            elif source.directory is None:
                undecided[_why(source.remote, source.error)] += 1
            else:
                claimed.setdefault(source.directory, f"the unit `{directory}` is made of it")
            self._check_dependencies(unit)
            if unit.is_excluded:
                message = f"the unit `{directory}` is kept out of every run; what it has made may be there all the same"
                self.diagnostics[Diagnostic("unit-excluded", "note", message, unit.span)] = None
            evaluations.append(self._evaluation(directory, unit))
        self._note_unknowns(read.values())
        if not units:
            # A catalogue: what is in it is for others, and is named all the same.
            units = len(self.directories)
            undecided.update(directory.reason for directory in self.directories)
        left = sum(undecided.values())
        coverage = LayoutCoverage(
            NAME,
            "Terragrunt",
            "unit",
            units,
            units - left,
            tuple(sorted(undecided.items(), key=lambda item: (-item[1], item[0]))),
            help=_HELP,
        )
        return Findings(
            tuple(evaluations),
            (coverage,) if units else (),
            tuple(self.diagnostics),
            tuple(self.directories),
            claimed,
        )

    def _note_unknowns(self, units: Iterable[Unit]) -> None:
        """Note what only whoever runs Terragrunt knows, and in how many units it counts."""
        counts: Counter[str] = Counter()
        for unit in units:
            if unit.reader.unit in self.configured:
                # Its workspaces say themselves what they know.
                continue
            counts.update(unit.reader.unknowns.keys())
        for message, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAXIMUM_NOTES]:
            said = f"{message}: values of {number:,} unit{'' if number == 1 else 's'} are unknown by it"
            self.diagnostics[Diagnostic("not-known-offline", "note", said)] = None

    def _generated(self) -> Iterator[StackUnit]:
        """Yield the units that stacks generate."""
        stacks = Stacks(self.ground.loader, self.ground.settings.module_sources, self.environment)
        for directory in self.stacks:
            yield from stacks.units(directory)
        self.diagnostics.update(stacks.diagnostics)

    def _read(self, directory: TreePath) -> Unit:
        made = self.made.get(directory)
        template = made.template if made is not None else ""
        reader = Reader(self.ground.loader, directory, template=template, environment=self.environment)
        if made is not None:
            reader.values = object_of({name: given.value for name, given in made.values.items()})
        return Unit(reader, self.ground.settings.module_sources)

    def _evaluation(self, directory: TreePath, unit: Unit) -> Found:
        made = self.made.get(directory)
        spec = WorkspaceSpec(
            directory,
            directory,
            layout=NAME,
            language=self.ground.language(unit.source().directory or directory),
            template=made.template if made is not None else "",
            values=made.values if made is not None else {},
            environment=self.environment,
        )
        name, number, evidence = "", "", ""
        if len(unit.reader.accounts) == 1:
            number, file = next(iter(unit.reader.accounts.items()))
            evidence = f"`{file}`"
        if len(unit.reader.account_names) == 1:
            name, file = next(iter(unit.reader.account_names.items()))
            evidence = f"`{file}`"
        return Found(spec, Root(directory), name, number, evidence)

    def _included(self, read: Mapping[TreePath, Unit]) -> dict[TreePath, TreePath]:
        """Return the units' directories whose file other units include, with one of these."""
        found: dict[TreePath, TreePath] = {}
        files = {file: directory for directory, file in self.units.items()}
        for directory, unit in read.items():
            for include in unit.evaluation.includes.values() if unit.evaluation is not None else ():
                target = files.get(include.file.path) if include.file is not None else None
                if target is not None and target != directory:
                    found.setdefault(target, directory)
        return found

    def _is_only_included(self, unit: Unit) -> bool:
        config = unit.config
        has_source = config is not None and config.source is not None
        return not has_source and not self.ground.loader.has_configuration(unit.reader.unit)

    def _check_dependencies(self, unit: Unit) -> None:
        """Report what units are said to depend on and is not there."""
        tree = self.ground.survey.tree
        for dependency in unit.config.dependencies.values() if unit.config is not None else ():
            path = dependency.path
            if path is None or not dependency.enabled or path in self.units or path in self.made:
                continue
            if any(tree.kind(join(path, name)) == "file" for name in (*UNIT_FILES, STACK_FILE)):
                continue
            message = f"dependency `{dependency.name}` leads to `{path}`, where there is no unit"
            self.diagnostics[Diagnostic("dependency-not-found", "error", message, dependency.span, broken=True)] = None


def _why(remote: str, error: str) -> str:
    if remote:
        return "its source is not in the tree"
    return error or "it could not be read"
