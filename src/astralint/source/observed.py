"""Trees that note what they are asked, so that another run can tell whether anything changed."""

from __future__ import annotations

import contextlib
import hashlib
from typing import Literal, Protocol

from astralint.source.secrets import Secrets
from astralint.source.tree import Entry, Seen, SourceError, SourceTree, TreePath


class Observed(SourceTree, Protocol):
    """A tree that notes what it is asked: this machine's own, or any other as an `ObservedTree`."""

    @property
    def seen(self) -> Seen:
        """All that the tree was asked, and what it said."""
        ...

    def digest(self, path: TreePath) -> bytes:
        """Return a digest of a file's content, or the error that reading it gives."""
        ...


class ObservedTree:
    """Any tree, asked once for each thing; the digests of its files are those that a `LocalTree` gives."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self.seen = Seen()

    @property
    def root(self) -> object:
        """The machine's directory that the tree's root stands for, as the tree has it."""
        return getattr(self._tree, "root", None)

    def entries(self, directory: TreePath) -> tuple[Entry, ...]:
        """See `SourceTree.entries`."""
        known = self.seen.entries.get(directory)
        if known is None:
            known = self.seen.entries[directory] = self._tree.entries(directory)
        return known

    def kind(self, path: TreePath) -> Literal["file", "directory", "other"] | None:
        """See `SourceTree.kind`."""
        if path not in self.seen.kinds:
            self.seen.kinds[path] = self._tree.kind(path)
        return self.seen.kinds[path]

    def read(self, path: TreePath) -> bytes:
        """See `SourceTree.read`."""
        try:
            content = self._tree.read(path)
        except SourceError as error:
            self.seen.contents[path] = f"{error.code}: {error.message}".encode()
            raise
        self.seen.contents[path] = hashlib.blake2b(content, digest_size=16).digest()
        return content

    def digest(self, path: TreePath) -> bytes:
        """See `Observed.digest`."""
        if path not in self.seen.contents:
            with contextlib.suppress(SourceError):
                self.read(path)
        return self.seen.contents[path]

    def real_path(self, path: TreePath) -> TreePath:
        """See `SourceTree.real_path`."""
        self.seen.real_paths[path] = None
        real = self.seen.real_paths[path] = self._tree.real_path(path)
        return real


def is_still(tree: Observed, seen: Seen) -> bool:
    """Say whether a tree is, in all that counts, as another one saw it."""
    return (
        all(tree.entries(path) == said for path, said in seen.entries.items())
        and all(tree.kind(path) == said for path, said in seen.kinds.items())
        and all(_real_path(tree, path) == said for path, said in seen.real_paths.items())
        and all(tree.digest(path) == said for path, said in seen.contents.items())
    )


def _real_path(tree: Observed, path: TreePath) -> TreePath | None:
    try:
        return tree.real_path(path)
    except SourceError:
        return None


class Material:
    """What the keys are made from by which things are sealed (see `astralint.source.seal`)."""

    def __init__(self, tree: Observed) -> None:
        self.tree = tree
        self._files: dict[TreePath, bytes] = {}

    def file(self, path: TreePath) -> bytes:
        """Return what a file adds: nothing that the cache's own digests tell."""
        known = self._files.get(path)
        if known is None:
            content = b""
            with contextlib.suppress(SourceError):
                content = self.tree.read(path)
            known = self._files[path] = hashlib.blake2b(content, digest_size=32, person=b"astralint file").digest()
        return known

    def is_told(self, path: TreePath, secrets: Secrets) -> bool:
        """Say whether a path itself tells a secret: it was made from one, for in the tree there is no such thing."""
        return secrets.stands_in(path.encode("utf-8", "surrogatepass")) and self.tree.kind(path) is None


__all__ = ["Material", "Observed", "ObservedTree"]
