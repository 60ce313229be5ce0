"""What a workspace's evaluation read: a record by which another run tells whether anything changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from astralint.source.diagnostic import Diagnostic
from astralint.source.observed import Observed
from astralint.source.tree import Entry, SourceError, SourceTree, TreePath, join
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.configuration.loader import ModuleLoader, configuration_suffix
from astralint.terraform.configuration.module import Module


class Trace(msgspec.Struct, array_like=True):
    """What was read, as digests: modules with all their files, single files, listings, and what stands at a path."""

    modules: dict[TreePath, bytes] = {}
    contents: dict[TreePath, bytes] = {}
    entries: dict[TreePath, bytes] = {}
    kinds: dict[TreePath, Literal["file", "directory", "other"] | None] = {}
    real_paths: dict[TreePath, TreePath | None] = {}


class Digests:
    """Digests of what a tree holds now."""

    def __init__(self, tree: Observed) -> None:
        self.tree = tree
        self._modules: dict[TreePath, bytes] = {}
        self._entries: dict[TreePath, bytes] = {}

    def module(self, directory: TreePath) -> bytes:
        """Return a digest of all that makes a directory's module."""
        known = self._modules.get(directory)
        if known is None:
            digest = hashlib.blake2b(digest_size=16)
            for entry in self.tree.entries(directory):
                if configuration_suffix(entry.name) is not None:
                    content = self.tree.digest(join(directory, entry.name)) if entry.kind == "file" else b""
                    digest.update(msgspec.msgpack.encode((entry, content)))
            known = self._modules[directory] = digest.digest()
        return known

    def module_files(self, directories: Iterable[TreePath]) -> list[TreePath]:
        """Return the files that make the modules of these directories."""
        return [
            join(directory, entry.name)
            for directory in directories
            for entry in self.tree.entries(directory)
            if entry.kind == "file" and configuration_suffix(entry.name) is not None
        ]

    def entries(self, directory: TreePath) -> bytes:
        """Return a digest of a directory's listing."""
        known = self._entries.get(directory)
        if known is None:
            listing = msgspec.msgpack.encode(self.tree.entries(directory))
            known = self._entries[directory] = hashlib.blake2b(listing, digest_size=16).digest()
        return known

    def real_path(self, path: TreePath) -> TreePath | None:
        """Return a path with its links resolved; None where it leaves the boundary."""
        try:
            return self.tree.real_path(path)
        except SourceError:
            return None

    def hold(self, trace: Trace) -> bool:
        """Say whether everything is as it was when the trace was taken."""
        return (
            all(self.module(path) == said for path, said in trace.modules.items())
            and all(self.tree.digest(path) == said for path, said in trace.contents.items())
            and all(self.entries(path) == said for path, said in trace.entries.items())
            and all(self.tree.kind(path) == said for path, said in trace.kinds.items())
            and all(self.real_path(path) == said for path, said in trace.real_paths.items())
        )


class RecordingTree:
    """A tree that notes what it is asked."""

    def __init__(self, tree: SourceTree, digests: Digests, trace: Trace) -> None:
        self._tree = tree
        self._digests = digests
        self._trace = trace

    @property
    def root(self) -> object:
        """The machine's directory that the tree's root stands for, as the tree has it."""
        return getattr(self._tree, "root", None)

    def entries(self, directory: TreePath) -> tuple[Entry, ...]:
        """See `SourceTree.entries`."""
        self._trace.entries[directory] = self._digests.entries(directory)
        return self._tree.entries(directory)

    def kind(self, path: TreePath) -> Literal["file", "directory", "other"] | None:
        """See `SourceTree.kind`."""
        kind = self._trace.kinds[path] = self._tree.kind(path)
        return kind

    def read(self, path: TreePath) -> bytes:
        """See `SourceTree.read`."""
        self._trace.contents[path] = self._digests.tree.digest(path)
        return self._tree.read(path)

    def real_path(self, path: TreePath) -> TreePath:
        """See `SourceTree.real_path`."""
        self._trace.real_paths[path] = self._digests.real_path(path)
        return self._tree.real_path(path)


class RecordingLoader(ModuleLoader):
    """A loader that notes what one workspace reads, and shares what is read with all others."""

    def __init__(self, loader: ModuleLoader, digests: Digests, trace: Trace) -> None:
        super().__init__(RecordingTree(loader.tree, digests, trace), loader.store)
        self._loader = loader
        self._digests = digests
        self._trace = trace

    def module(self, directory: TreePath, *, tofu_files: bool = True) -> Module:
        """See `ModuleLoader.module`."""
        self._trace.modules[directory] = self._digests.module(directory)
        return self._loader.module(directory, tofu_files=tofu_files)

    def source(self, path: TreePath) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
        """See `ModuleLoader.source`."""
        self._trace.contents[path] = self._digests.tree.digest(path)
        return self._loader.source(path)


__all__ = ["Digests", "RecordingLoader", "RecordingTree", "Trace"]
