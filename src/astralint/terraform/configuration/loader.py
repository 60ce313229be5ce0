"""Directories to modules: which files count, and reading each of them once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from astralint.source.diagnostic import Diagnostic
from astralint.source.span import Lines, Span
from astralint.source.tree import Entry, SourceError, SourceTree, TreePath, join
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.merge import merge_files
from astralint.terraform.configuration.module import Module
from astralint.terraform.language.language import table

if TYPE_CHECKING:
    from astralint.hcl import Parsed
    from astralint.hcl.store import SyntaxStore

_OPENTOFU_CALLS = tuple(
    f"{name}(".encode() for name, since in table().functions.items() if since.opentofu and not since.terraform
)

SUFFIXES = (".tf.json", ".tofu.json", ".tf", ".tofu")


def configuration_suffix(name: str) -> str | None:
    """Return the suffix that makes a file part of a module, or None.

    As Terraform does, names that begin with a dot or look like an editor's
    backup (`x~`, `#x#`) are left out.
    """
    if name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#")):
        return None
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix) and name != suffix), None)


def is_override(name: str, suffix: str) -> bool:
    """Say whether a file is an override file (`override.tf`, `x_override.tf`)."""
    stem = name.removesuffix(suffix)
    return stem == "override" or stem.endswith("_override")


class ModuleLoader:
    """Reads and merges modules of one source tree; each directory and each file once."""

    def __init__(self, tree: SourceTree, store: SyntaxStore) -> None:
        self.tree = tree
        self.store = store
        self._modules: dict[tuple[TreePath, bool], Module] = {}
        self._sources: dict[TreePath, tuple[SourceFile | None, tuple[Diagnostic, ...]]] = {}
        self._manifests: dict[TreePath, dict[str, str]] = {}
        self.read_files: set[TreePath] = set()
        self.workspace_files: set[TreePath] = set()
        """The files whose text mentions `terraform.workspace`."""
        self.opentofu_files: set[TreePath] = set()
        """The files whose text calls functions that only OpenTofu has."""

    def has_configuration(self, directory: TreePath) -> bool:
        """Say whether a directory holds any Terraform file."""
        return any(configuration_suffix(entry.name) for entry in self.tree.entries(directory))

    def module(self, directory: TreePath, *, tofu_files: bool = True) -> Module:
        """Return a directory's module; one without files is empty (see `Module.is_empty`).

        Without `tofu_files` it is the module that Terraform sees, which reads no `.tofu` files.
        """
        key = (directory, tofu_files or not self._has_tofu_files(directory))
        module = self._modules.get(key)
        if module is None:
            module = self._modules[key] = self._load(directory, tofu_files=key[1])
        return module

    def _has_tofu_files(self, directory: TreePath) -> bool:
        return any(".tofu" in (configuration_suffix(entry.name) or "") for entry in self.tree.entries(directory))

    def source(self, path: TreePath) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
        """Read and parse one file: its tree, or None with the diagnostics that say why."""
        known = self._sources.get(path)
        if known is None:
            known = self._sources[path] = self._read(path)
        return known

    def _load(self, directory: TreePath, *, tofu_files: bool) -> Module:
        names, diagnostics = self._file_names(directory, tofu_files=tofu_files)
        primary: list[SourceFile] = []
        overrides: list[SourceFile] = []
        incomplete: list[str] = []
        for name, suffix in names:
            path = join(directory, name)
            source, problems = self.source(path)
            diagnostics.extend(problems)
            if source is None:
                incomplete.append(f"`{path}` could not be read")
                continue
            if problems:
                incomplete.append(f"`{path}` does not parse")
            (overrides if is_override(name, suffix) else primary).append(source)
        module = merge_files(directory, primary, overrides)
        module.diagnostics[:0] = diagnostics
        module.incomplete[:0] = incomplete
        return module

    def _file_names(self, directory: TreePath, *, tofu_files: bool) -> tuple[list[tuple[str, str]], list[Diagnostic]]:
        found: dict[str, str] = {}
        diagnostics: list[Diagnostic] = []
        for entry in self.tree.entries(directory):
            suffix = configuration_suffix(entry.name)
            if suffix is None or (".tofu" in suffix and not tofu_files):
                continue
            if entry.kind == "file":
                found[entry.name] = suffix
            else:
                diagnostics.append(_not_a_file(directory, entry))
        for name, suffix in list(found.items()):
            # OpenTofu: `x.tofu` stands in for `x.tf` beside it.
            preferred = name.removesuffix(suffix) + suffix.replace(".tf", ".tofu")
            if ".tf" in suffix and preferred in found:
                del found[name]
        return list(found.items()), diagnostics

    def _read(self, path: TreePath) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
        try:
            content = self.tree.read(path)
        except SourceError as error:
            return None, (Diagnostic(error.code, "error", error.message, Span(path, 1, 1, 1, 1), broken=True),)
        self.read_files.add(path)
        if b"terraform.workspace" in content:
            self.workspace_files.add(path)
        if any(call in content for call in _OPENTOFU_CALLS):
            self.opentofu_files.add(path)
        values_only = path.endswith(".tfvars.json")
        # Files of variables and backends hold what is not in the repository, passwords among it.
        keep = configuration_suffix(path.rpartition("/")[2]) is not None
        parsed = self.store.parse(content, json=path.endswith(".json"), attributes=values_only, keep=keep)
        problems = _problems(path, content, parsed)
        return (SourceFile(path, parsed.file) if parsed.file is not None else None), problems

    def manifest(self, root: TreePath) -> dict[str, str]:
        """Return the modules that `terraform init` or `get` put beside a root: key -> directory.

        Keys are as in `.terraform/modules/modules.json`: the call's names joined by
        dots. A manifest that can't be read counts as none; calls are then not read,
        which is said where they stand.
        """
        known = self._manifests.get(root)
        if known is None:
            known = self._manifests[root] = self._read_manifest(root)
        return known

    def _read_manifest(self, root: TreePath) -> dict[str, str]:
        path = join(root, ".terraform/modules/modules.json")
        if self.tree.kind(path) != "file":
            return {}
        try:
            data = json.loads(self.tree.read(path))
            entries = data["Modules"]
            pairs = [(entry["Key"], entry["Dir"]) for entry in entries]
        except (SourceError, ValueError, KeyError, TypeError, RecursionError):
            return {}
        return {key: directory for key, directory in pairs if isinstance(key, str) and isinstance(directory, str)}


def _not_a_file(directory: TreePath, entry: Entry) -> Diagnostic:
    path = join(directory, entry.name)
    what = {
        "directory": "is a directory, not a file",
        "outside": "is a link that leaves the directory that is analysed",
        "broken-link": "is a link that leads nowhere",
        "other": "is not a regular file",
    }[entry.kind]
    code = "outside-boundary" if entry.kind == "outside" else "not-a-file"
    return Diagnostic(code, "error", f"`{path}` {what}", Span(path, 1, 1, 1, 1), broken=True)


def _problems(path: TreePath, content: bytes, parsed: Parsed) -> tuple[Diagnostic, ...]:
    if not parsed.errors:
        return ()
    lines = Lines.of(content.decode("utf-8-sig", "replace"))
    return tuple(
        Diagnostic(
            "syntax-error",
            "error",
            error.message,
            lines.span(path, error.start, error.end),
            help=error.help,
            broken=True,
        )
        for error in parsed.errors
    )
