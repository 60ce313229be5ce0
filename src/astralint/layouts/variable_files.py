"""Variable files that roots share, and the backend files of environments: paired by their names and by what is in them.

A file beside several roots fits one whose variables it sets: each of its keys is declared there. A pairing is
taken only where the nearest directory that holds variable files has some that fit; nothing is run to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from astralint.layouts.commands.runs import CommandRuns
from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Span
from astralint.source.tree import TreePath, join, parent
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import VARIABLE_DIRECTORIES, Root, does_something, runs_of

SUFFIXES = (".tfvars", ".tfvars.json")
BACKEND_SUFFIXES = (".hcl", ".tfbackend", ".conf", ".tfvars")
BACKEND_DIRECTORIES = ("backend", "backends", *VARIABLE_DIRECTORIES)
BACKEND_KEYS = frozenset(
    {
        "bucket",
        "key",
        "region",
        "profile",
        "encrypt",
        "dynamodb_table",
        "kms_key_id",
        "role_arn",
        "assume_role",
        "workspace_key_prefix",
        "use_lockfile",
        "path",
        "prefix",
        "resource_group_name",
        "storage_account_name",
        "container_name",
        "organization",
        "hostname",
        "workspaces",
    }
)
COMMON = frozenset({"common", "global", "shared", "default", "defaults", "base"})
"""Files that are of no environment: they go before those of each."""
GENERIC = COMMON | {"terraform", "main", "variables", "vars", "account", "region", "env", "environment", "settings"}
"""What files are called where their directory tells whose they are."""
MAXIMUM_CLIMB = 4
MAXIMUM_SPARE = 1_000
_SPLIT = re.compile(r"[-_./]+")


class Pairing(msgspec.Struct, frozen=True):
    """A way in which a root is run, with its backend files."""

    root: Root
    backend_files: tuple[TreePath, ...] = ()
    account_name: str = ""
    evidence: str = ""


class VariableFiles:
    """Pairs roots with variable files, and knows which files no root uses."""

    def __init__(self, loader: ModuleLoader, commands: CommandRuns | None = None) -> None:
        self._loader = loader
        self._commands = commands
        self._used: set[TreePath] = set()
        self._several: dict[TreePath, list[TreePath]] = {}
        """Roots with several backend files, and no variable files to tell their environments."""

    def runs_of(self, directory: TreePath) -> list[Pairing]:
        """Return the ways in which a root is run."""
        runs = runs_of(self._loader, directory)
        said = self._commanded(directory, runs[0])
        if said:
            for pairing in said:
                self._used.update((*pairing.root.variable_files, *pairing.backend_files))
            return said
        if len(runs) == 1 and not runs[0].variable_files:
            runs = self._shared(runs[0])
        pairings = [Pairing(root, self._backend_files(root)) for root in runs]
        for pairing in pairings:
            self._used.update((*pairing.root.variable_files, *pairing.backend_files))
        return pairings

    def _commanded(self, directory: TreePath, root: Root) -> list[Pairing]:
        """Return the ways in which Makefiles, scripts and workflows say that a root is run."""
        runs = self._commands.of(directory) if self._commands is not None else []
        found: list[Pairing] = []
        for run in runs:
            several = len(runs) > 1
            one = Root(
                directory,
                run.environment if several else "",
                run.variable_files,
                root.cloud_name,
                run.workspace
                or (run.environment if several and root.terraform_workspace is None else root.terraform_workspace),
                root.assumed_workspace if not run.workspace else None,
            )
            backend = run.backend_files or self._backend_files(one)
            names = self._commands is not None and self._commands.names_environments(run, directory)
            evidence = f"`{run.span.file}`, line {run.span.line}"
            found.append(Pairing(one, backend, run.environment if names else "", evidence if names else ""))
        return found

    # --- variable files --------------------------------------------------------------------------

    def _shared(self, root: Root) -> list[Root]:
        """Return a root once for each shared file that fits it, as it is where none does."""
        if not self._loader.module(root.path).variables:
            return [root]
        own = self._fitting(root.path)
        if len(own) < 2:
            return [msgspec.structs.replace(root, variable_files=files) for files in own.values()] or [root]
        return [
            Root(
                root.path,
                stem,
                files,
                root.cloud_name,
                stem if root.terraform_workspace is None else root.terraform_workspace,
            )
            for stem, files in sorted(own.items())
        ]

    def _fitting(self, directory: TreePath) -> dict[str, tuple[TreePath, ...]]:
        """Return the files of each environment, common ones first, in the nearest place that has any for the root."""
        name = directory.rpartition("/")[2]
        others = {entry.name for entry in self._loader.tree.entries(parent(directory)) if entry.kind == "directory"}
        for place in self._places_above(directory, (*VARIABLE_DIRECTORIES, "variables")):
            found = {stem: path for stem, path in self._files(place) if self._fits(path, directory)}
            if name in found:
                # A file for each root: what the others are called is no environment.
                found = {stem: path for stem, path in found.items() if stem == name or stem in COMMON}
                return {name: tuple(found[stem] for stem in sorted(found, key=lambda stem: stem == name))}
            common = tuple(path for stem, path in found.items() if stem in COMMON)
            own = {stem: (*common, path) for stem, path in found.items() if stem not in COMMON and stem not in others}
            own = own or dict(self._by_environment(place, common, directory, others))
            if own:
                return own
        inherited = self._inherited(directory)
        return {"": inherited} if inherited else {}

    def _inherited(self, directory: TreePath) -> tuple[TreePath, ...]:
        """Return what lies in the directories above a root for all that is below them, outermost first."""
        found: list[TreePath] = []
        current = directory
        for _ in range(MAXIMUM_CLIMB):
            if current == ".":
                break
            current = parent(current)
            if not does_something(self._loader.module(current)):
                files = self._files(current, every=True)
                found[:0] = [path for stem, path in files if stem in GENERIC and self._fits(path, directory)]
        return tuple(found)

    def _places_above(self, directory: TreePath, names: Iterable[str]) -> Iterator[TreePath]:
        """Yield the directories of these names beside a root and above, nearest first, in which nothing is run."""
        current = directory
        for _ in range(MAXIMUM_CLIMB):
            if current == ".":
                return
            current = parent(current)
            for name in names:
                place = join(current, name)
                if not does_something(self._loader.module(place)):
                    yield place

    def _by_environment(
        self, place: TreePath, common: tuple[TreePath, ...], directory: TreePath, others: set[str]
    ) -> Iterator[tuple[str, tuple[TreePath, ...]]]:
        """Yield files of the shape `<environment>/<root>.tfvars`, or with a name that says nothing in its place."""
        name = directory.rpartition("/")[2]
        for entry in self._loader.tree.entries(place):
            inner = join(place, entry.name)
            if entry.kind != "directory" or inner == directory or does_something(self._loader.module(inner)):
                continue
            every = dict(self._files(inner, every=True))
            if name not in every and every.keys() & others:
                # Files for each root, and none for this one.
                continue
            files = {stem: path for stem, path in every.items() if self._fits(path, directory)}
            own = [files[name]] if name in files else []
            generic = sorted((stem not in COMMON, path) for stem, path in files.items() if stem in GENERIC)
            named = [path for stem, path in files.items() if stem == entry.name and stem != name]
            chosen = (*common, *(path for _, path in generic), *named, *own)
            if len(chosen) > len(common):
                yield entry.name, chosen

    def _files(self, place: TreePath, *, every: bool = False) -> Iterator[tuple[str, TreePath]]:
        """Yield variable files that Terraform does not load by itself, by their stem; `every` where it never runs there."""
        for entry in self._loader.tree.entries(place):
            suffix = next((each for each in SUFFIXES if entry.name.endswith(each)), None)
            if suffix is not None and entry.kind == "file" and ".auto." not in entry.name:
                stem = entry.name.removesuffix(suffix)
                is_loaded = stem == "terraform" and not every
                if not is_loaded and stem and "example" not in stem and "backend" not in stem:
                    yield stem, join(place, entry.name)

    def _keys(self, path: TreePath) -> frozenset[str]:
        source, _ = self._loader.source(path)
        return frozenset(attribute.name for attribute in source.file.body.attributes) if source else frozenset()

    def _fits(self, path: TreePath, directory: TreePath) -> bool:
        """Say whether a file is one for a root: it declares what is set, or all that it must be given is set.

        Terraform only warns of values for variables that are not declared.
        """
        keys, variables = self._keys(path), self._loader.module(directory).variables
        if not keys & variables.keys():
            return False
        needed = {name for name, variable in variables.items() if "default" not in variable.body.arguments}
        known = len(keys & variables.keys())
        return 2 * known > len(keys) or (bool(needed) and needed <= keys)

    # --- backend files ---------------------------------------------------------------------------

    def _backend_files(self, root: Root) -> tuple[TreePath, ...]:
        """Return the backend file of an environment, if exactly one is called after it; the only one of a root."""
        if self._loader.module(root.path).backend is None:
            return ()
        every = list(self._backends(root.path)) or self._shared_backends(root.path)
        wanted = set(_tokens(root.variant))
        fitting = [path for path in every if wanted <= set(_tokens(path.rpartition("/")[2]))]
        if len(fitting) > 1 and not root.variant:
            self._several[root.path] = fitting
        return (fitting[0],) if len(fitting) == 1 else ()

    def _shared_backends(self, directory: TreePath) -> list[TreePath]:
        """Return the backend files in the nearest place above that has any."""
        for place in self._places_above(directory, BACKEND_DIRECTORIES):
            found = list(self._backends(place, inner=()))
            if found:
                return found
        return []

    def _backends(self, directory: TreePath, inner: Iterable[str] = BACKEND_DIRECTORIES) -> Iterator[TreePath]:
        for place in (directory, *(join(directory, name) for name in inner)):
            for entry in self._loader.tree.entries(place):
                path = join(place, entry.name)
                if entry.kind != "file" or not entry.name.endswith(BACKEND_SUFFIXES):
                    continue
                is_named = any(word in entry.name for word in ("backend", "state")) or "backend" in place
                if is_named and (keys := self._keys(path)) and keys <= BACKEND_KEYS:
                    yield path

    # --- what is left ------------------------------------------------------------------------------

    def undecided(self) -> Iterator[Diagnostic]:
        """Yield a note for each root of which it is not in the tree with which values each of its environments is run."""
        for directory, files in self._several.items():
            names = ", ".join(f"`{path.rpartition('/')[2]}`" for path in files[:8])
            message = f"`{directory}` has several backend files and no variable files: {names}"
            help_ = "a `workspace` block in `astralint.hcl` for each, with `backend_files`, tells them apart"
            yield Diagnostic("several-backends", "note", message, Span(files[0], 1, 1, 1, 1), help=help_)

    def unused(self, files: Iterable[tuple[TreePath, Iterable[str]]]) -> Iterator[Diagnostic]:
        """Yield a note for each directory with variable files that no workspace uses."""
        for directory, names in files:
            left = [
                name
                for _, path in self._files(directory, every=True)
                if path not in self._used and (name := path.rpartition("/")[2]) in names
            ]
            if left and not does_something(self._loader.module(directory)):
                shown = ", ".join(f"`{name}`" for name in left[:5]) + ("" if len(left) <= 5 else ", …")
                message = f"variable files in `{directory}` are used by no workspace: {shown}"
                help_ = "`var_files` of a `workspace` block in `astralint.hcl` says whose they are"
                place = Span(join(directory, left[0]), 1, 1, 1, 1)
                yield Diagnostic("variable-files-not-used", "note", message, place, help=help_)

    def spare(self, files: Iterable[tuple[TreePath, Iterable[str]]]) -> dict[TreePath, frozenset[str]]:
        """Return the variable files that no workspace uses, and what each sets."""
        found: dict[TreePath, frozenset[str]] = {}
        for directory, names in files:
            if not any(name.endswith(SUFFIXES) for name in names):
                continue
            for _, path in self._files(directory):
                if path not in self._used and len(found) < MAXIMUM_SPARE:
                    found[path] = self._keys(path)
        return found

    def note_used(self, paths: Iterable[TreePath]) -> None:
        """Note files that the configuration gives to a workspace."""
        self._used.update(paths)


def _tokens(text: str) -> list[str]:
    return [token for token in _SPLIT.split(text.lower()) if token]
