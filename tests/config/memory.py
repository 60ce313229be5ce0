"""A tree of files in memory, and configurations read from it."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any

from astralint.config.loader import find_configuration, load_configuration
from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.source.diagnostic import Diagnostic
from astralint.source.tree import Entry, LocalTree, SourceError
from astralint.terraform.configuration.loader import ModuleLoader


class MemoryTree:
    """Files by their paths."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.directories: dict[str, dict[str, str]] = {".": {}}
        for path in files:
            kind, below = "file", path
            while below != ".":
                above = posixpath.dirname(below) or "."
                self.directories.setdefault(above, {})[posixpath.basename(below)] = kind
                kind, below = "directory", above

    def entries(self, directory: str) -> tuple[Entry, ...]:
        found: Any = self.directories.get(directory, {})
        return tuple(sorted(Entry(name, kind) for name, kind in found.items()))

    def kind(self, path: str) -> Any:
        return "file" if path in self.files else "directory" if path in self.directories else None

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise SourceError("file-not-readable", f"`{path}` can't be read")
        return self.files[path].encode("utf-8", "surrogatepass")

    def real_path(self, path: str) -> str:
        return path


FILES = {
    "workspaces/production/main.tf": "",
    "workspaces/production/production.tfvars": "",
    "workspaces/staging/main.tf": "",
    "empty/README.md": "",
    "attic/main.tf": "",
    "common.tfvars": "",
    "rules/mine.py": "",
    "accounts.yaml": "production:\n  id: '210000000007'\nbad:\n  id: 012345678901\n",
}


def loaded(
    text: str, *, name: str = "astralint.hcl", files: dict[str, str] | None = None
) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """Load a configuration that stands among FILES."""
    tree = MemoryTree({**FILES, **(files or {}), name: text})
    loader = ModuleLoader(tree, SyntaxStore(None))
    return load_configuration(tree, loader, find_configuration(tree, [posixpath.dirname(name) or "."], None))


def settings_of(text: str, **more: Any) -> Settings:
    """Load a configuration without any problem."""
    settings, diagnostics = loaded(text, **more)
    assert diagnostics == ()
    return settings


def local(root: Path, explicit: Path | None, **more: Any) -> tuple[Settings, tuple[Diagnostic, ...]]:
    """Load the configuration of a directory."""
    tree = LocalTree(root)
    found = find_configuration(tree, ["."], explicit)
    return load_configuration(tree, ModuleLoader(tree, SyntaxStore(None)), found, **more)
