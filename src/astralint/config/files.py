"""Where a configuration is, and what its paths are relative to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from astralint.source.names import told
from astralint.source.tree import Entry, LocalTree, SourceTree, TreePath, join, parent

FILE_NAMES = ("astralint.hcl", "astralint.hcl.json")


class ConfigurationFile(msgspec.Struct, frozen=True):
    """A configuration that the user named.

    `path` is as seen from the boundary's root; it begins with `..` where the file
    lies outside. Being named, it is trusted: its `rule_paths` may leave the boundary.
    """

    path: TreePath


class SeveralConfigurations(msgspec.Struct, frozen=True):
    """Configurations of which none is meant for all of the paths that are scanned."""

    paths: tuple[TreePath, ...]


Found = TreePath | ConfigurationFile | SeveralConfigurations | None


def find_configuration(tree: SourceTree, starts: Sequence[TreePath], explicit: Path | None) -> Found:
    """Return the configuration that holds for the starts; None where there is none.

    It is the nearest one at or above the directory that all starts share, else the
    one at or above the single starts. An explicit one counts alone, wherever it is.
    """
    if explicit is not None:
        return ConfigurationFile(_from_root(tree, explicit))
    shared = _nearest(tree, _common(starts))
    if shared is not None:
        return shared
    found = tuple(sorted({path for start in starts if (path := _nearest(tree, start)) is not None}))
    if len(found) > 1:
        return SeveralConfigurations(found)
    return found[0] if found else None


def _from_root(tree: SourceTree, explicit: Path) -> TreePath:
    if not isinstance(tree, LocalTree):
        return explicit.as_posix()
    inside = tree.tree_path(explicit)
    if inside is not None:
        return inside
    # Relative to the root as it is written with its links resolved, so that `..` means what it says.
    return told(Path(os.path.relpath(os.path.realpath(explicit), tree.root)).as_posix())


def _common(starts: Sequence[TreePath]) -> TreePath:
    shared: list[str] | None = None
    for start in starts:
        parts = [] if start == "." else start.split("/")
        if shared is None:
            shared = parts
            continue
        length = 0
        while length < min(len(shared), len(parts)) and shared[length] == parts[length]:
            length += 1
        del shared[length:]
    return "/".join(shared or ()) or "."


def _nearest(tree: SourceTree, directory: TreePath) -> TreePath | None:
    while True:
        # A link that leads nowhere counts too: it is refused when it is read, not passed over in silence.
        names = {entry.name for entry in tree.entries(directory) if entry.kind != "directory"}
        for name in FILE_NAMES:
            if name in names:
                return join(directory, name)
        if directory == ".":
            return None
        directory = parent(directory)


class ConfigurationTree:
    """The boundary's tree, to which the directory of a configuration outside of it is added.

    Paths that lead from there back into the boundary arrive in it, whatever way they take.
    """

    def __init__(self, tree: LocalTree, directory: TreePath) -> None:
        self._tree = tree
        self._own = LocalTree(Path(tree.absolute(directory)))

    def _place(self, path: TreePath) -> tuple[LocalTree, TreePath]:
        if not path.startswith(".."):
            return self._tree, path
        absolute = os.path.normpath(self._tree.absolute(path))
        for tree in (self._tree, self._own):
            inside = tree.tree_path(absolute)
            if inside is not None:
                return tree, inside
        return self._tree, path

    def inside(self, path: TreePath) -> TreePath:
        """Return a path as the boundary's tree calls it; it begins with `..` where it is not in there."""
        tree, place = self._place(path)
        return place if tree is self._tree else path

    def entries(self, directory: TreePath) -> tuple[Entry, ...]:
        """See `SourceTree.entries`."""
        tree, place = self._place(directory)
        return tree.entries(place)

    def kind(self, path: TreePath) -> Literal["file", "directory", "other"] | None:
        """See `SourceTree.kind`."""
        tree, place = self._place(path)
        return tree.kind(place)

    def read(self, path: TreePath) -> bytes:
        """See `SourceTree.read`."""
        tree, place = self._place(path)
        return tree.read(place)

    def real_path(self, path: TreePath) -> TreePath:
        """See `SourceTree.real_path`."""
        tree, place = self._place(path)
        return tree.real_path(place)
