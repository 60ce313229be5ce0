"""Where files are read from: one tree of paths, and nothing outside of it.

All of astralint speaks of files by `TreePath`: a path relative to the root of the
boundary, with `/` between its parts, normalized, `.` for the root itself; names that
are no UTF-8 are plain text in it, too (see `astralint.source.names`). Only a
`SourceTree` knows what stands behind: a directory (`LocalTree`), or a revision in
git. The scanned tree may come from a stranger: no path leads out of the boundary,
whatever links or `..` it holds, and nothing but regular files is ever opened.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import posixpath
import stat
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from astralint.source.names import machine, told

TreePath = str
MAXIMUM_FILE_SIZE = 10 * 1024 * 1024
MAXIMUM_LINKS = 40
MAXIMUM_DEPTH = 100
MAXIMUM_HELD = 32 * 1024 * 1024
"""How much of what was read for its digest is kept until it is asked for."""


class SourceError(Exception):
    """A path that can't be read; `code` is the code of the diagnostic that says so."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Entry(msgspec.Struct, frozen=True, order=True):
    """A name in a directory. Links are resolved: `kind` is that of their target."""

    name: str
    kind: Literal["file", "directory", "other", "outside", "broken-link"]
    is_link: bool = False


class Seen(msgspec.Struct):
    """What a tree was asked, and said: whatever was concluded from it alone holds while the tree says the same.

    `contents` are digests (see `LocalTree.digest`).
    """

    entries: dict[TreePath, tuple[Entry, ...]] = {}
    kinds: dict[TreePath, Literal["file", "directory", "other"] | None] = {}
    contents: dict[TreePath, bytes] = {}
    real_paths: dict[TreePath, TreePath | None] = {}


class SourceTree(Protocol):
    """A tree of files that may be read."""

    def entries(self, directory: TreePath) -> tuple[Entry, ...]:
        """Return what a directory holds, sorted by name; nothing where there is no such directory."""
        ...

    def kind(self, path: TreePath) -> Literal["file", "directory", "other"] | None:
        """Return what stands at a path, links followed; None for nothing, or outside the boundary."""
        ...

    def read(self, path: TreePath) -> bytes:
        """Return a file's content; raises SourceError (not there, too large, outside, not a file)."""
        ...

    def real_path(self, path: TreePath) -> TreePath:
        """Return the path with all links resolved; raises SourceError where it leaves the boundary."""
        ...


def join(directory: TreePath, *parts: str) -> TreePath:
    """Join and normalize; the result may begin with `..`, which no tree follows."""
    return posixpath.normpath(posixpath.join(directory, *parts))


def parent(path: TreePath) -> TreePath:
    """Return the directory that holds a path."""
    return posixpath.dirname(path) or "."


def is_within(path: TreePath, directory: TreePath) -> bool:
    """Say whether a path is a directory's own, or below it."""
    return directory == "." or path == directory or path.startswith(f"{directory}/")


def relative(path: TreePath, start: TreePath) -> TreePath:
    """Return `path` as seen from `start`."""
    if start.startswith(".."):
        # How the way back in is called is known to the file system alone.
        return posixpath.relpath(path, start)
    steps = [] if path == "." else path.split("/")
    back = [] if start == "." else start.split("/")
    shared = 0
    while shared < min(len(steps), len(back)) and steps[shared] == back[shared]:
        shared += 1
    return "/".join([".."] * (len(back) - shared) + steps[shared:]) or "."


def absolute_root(tree: object) -> str:
    """Return the machine's path of a tree's root, for values that are absolute paths; `/repository` where it has none."""
    root = getattr(tree, "root", None)  # a revision's is where it would be checked out
    return str(root) if isinstance(root, Path) else "/repository"


class LocalTree:
    """A directory of this machine, seen from its root."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self._root = str(self.root)
        self._prefix = self._root.rstrip(os.sep) + os.sep
        self.seen = Seen()
        """All that this tree was asked."""
        self._real: dict[TreePath, str] = {".": self._root}
        self._held: dict[TreePath, bytes] = {}
        self._held_size = 0

    def absolute(self, path: TreePath) -> str:
        """Return the machine's path, for messages and for opening files."""
        return self._root if path == "." else self._prefix + machine(path).replace("/", os.sep)

    def tree_path(self, absolute: Path | str) -> TreePath | None:
        """Return the tree path of a machine's path, links resolved; None where it is outside."""
        return self._called(os.path.realpath(absolute))

    def _called(self, real: str) -> TreePath | None:
        if real == self._root:
            return "."
        if not real.startswith(self._prefix):
            return None
        return told(real[len(self._prefix) :].replace(os.sep, "/"))

    def _inside(self, path: TreePath) -> bool:
        return not (path.startswith(("../", "/")) or path == ".." or "\0" in path)

    def _resolved(self, path: TreePath) -> str:
        """Return the machine's path with all links resolved, whether it is inside or not; the tree path has to be."""
        directory, _, name = path.rpartition("/")
        above = self._resolved_directory(directory or ".")
        if name not in ("", ".", ".."):
            absolute = above.rstrip(os.sep) + os.sep + machine(name)
            try:
                if not stat.S_ISLNK(os.lstat(absolute).st_mode):
                    return absolute
            except (OSError, ValueError):
                pass
        return os.path.realpath(self.absolute(path))

    def _resolved_directory(self, path: TreePath) -> str:
        """Return what `_resolved` does, and remember it for what lies below."""
        known = self._real.get(path)
        if known is None:
            deep = path.count("/") > MAXIMUM_DEPTH
            known = self._real[path] = os.path.realpath(self.absolute(path)) if deep else self._resolved(path)
        return known

    def _holds(self, real: str) -> bool:
        return real == self._root or real.startswith(self._prefix)

    def _kind_of(self, absolute: str) -> Literal["file", "directory", "other"]:
        mode = os.stat(absolute).st_mode  # noqa: PTH116 - called for every file of a platform
        if stat.S_ISREG(mode):
            return "file"
        return "directory" if stat.S_ISDIR(mode) else "other"

    def entries(self, directory: TreePath) -> tuple[Entry, ...]:
        """See `SourceTree.entries`."""
        known = self.seen.entries.get(directory)
        if known is None:
            known = self.seen.entries[directory] = tuple(self._scan(directory))
        return known

    def _scan(self, directory: TreePath) -> list[Entry]:
        found: list[Entry] = []
        try:
            real = self._resolved_directory(directory) if self._inside(directory) else ""
            if not self._holds(real):
                return []
            with os.scandir(real) as listing:
                for item in listing:
                    found.append(self._entry(item))
        except (OSError, ValueError):
            return []
        found.sort()
        return found

    def _entry(self, item: os.DirEntry[str]) -> Entry:
        name = told(item.name)
        if not item.is_symlink():
            if item.is_file(follow_symlinks=False):
                return Entry(name, "file")
            return Entry(name, "directory" if item.is_dir(follow_symlinks=False) else "other")
        try:
            real = os.path.realpath(item.path, strict=True)
            kind = self._kind_of(real)
        except OSError:
            return Entry(name, "broken-link", is_link=True)
        if not self._holds(real):
            return Entry(name, "outside", is_link=True)
        return Entry(name, kind, is_link=True)

    def kind(self, path: TreePath) -> Literal["file", "directory", "other"] | None:
        """See `SourceTree.kind`."""
        try:
            return self.seen.kinds[path]
        except KeyError:
            pass
        result: Literal["file", "directory", "other"] | None = None
        if self._inside(path):
            try:
                real = self._resolved(path)
                if self._holds(real):
                    result = self._kind_of(real)
            except (OSError, ValueError):
                result = None
        self.seen.kinds[path] = result
        return result

    def read(self, path: TreePath) -> bytes:
        """See `SourceTree.read`."""
        content = self._held.pop(path, None)
        if content is not None:
            self._held_size -= len(content)
            return content
        try:
            content = self._read(path)
        except SourceError as error:
            self.seen.contents[path] = f"{error.code}: {error.message}".encode()
            raise
        self.seen.contents[path] = hashlib.blake2b(content, digest_size=16).digest()
        return content

    def digest(self, path: TreePath) -> bytes:
        """Return a digest of a file's content, or the error that reading it gives."""
        known = self.seen.contents.get(path)
        if known is None:
            with contextlib.suppress(SourceError):
                content = self.read(path)
                if self._held_size + len(content) <= MAXIMUM_HELD:
                    # Who asks for a digest mostly reads the file next.
                    self._held[path] = content
                    self._held_size += len(content)
            known = self.seen.contents[path]
        return known

    def _read(self, path: TreePath) -> bytes:
        if not self._inside(path):
            raise SourceError("outside-boundary", f"`{path}` lies outside of the directory that is analysed")
        try:
            descriptor = self._open(path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it can't be opened"
            raise SourceError("file-not-readable", f"`{path}` can't be read: {reason}") from error
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise SourceError("not-a-file", f"`{path}` is not a regular file")
        if status.st_size > MAXIMUM_FILE_SIZE:
            os.close(descriptor)
            size = status.st_size / (1024 * 1024)
            raise SourceError("file-too-large", f"`{path}` has {size:.1f} MB; files over 10 MB are not read")
        with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - it is open already
            return _all_of(file, status.st_size)

    def _open(self, path: TreePath) -> int:
        """Open a file that is inside once all links are resolved; raises SourceError, OSError, ValueError."""
        # Not to be held up by a FIFO, and judged on what was opened, not on what stood there before.
        flags = os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0)
        no_follow = getattr(os, "O_NOFOLLOW", 0)
        directory, _, name = path.rpartition("/")
        if no_follow and name not in ("", ".", ".."):
            real = self._resolved_directory(directory or ".")
            if self._holds(real):
                with contextlib.suppress(OSError):
                    return os.open(real.rstrip(os.sep) + os.sep + machine(name), flags | no_follow)
        real = os.path.realpath(self.absolute(path))
        if not self._holds(real):
            raise SourceError("outside-boundary", f"`{path}` is a link that leaves the directory that is analysed")
        return os.open(real, flags)

    def real_path(self, path: TreePath) -> TreePath:
        """See `SourceTree.real_path`."""
        resolved = self._called(self._resolved(path)) if self._inside(path) else None
        self.seen.real_paths[path] = resolved
        if resolved is None:
            raise SourceError("outside-boundary", f"`{path}` lies outside of the directory that is analysed")
        return resolved


def _all_of(file: io.FileIO, expected: int) -> bytes:
    """Return a file's content, at most what is ever read; in one call where its size is as expected."""
    content = file.read(expected + 1)
    while len(content) > expected and len(content) <= MAXIMUM_FILE_SIZE:
        more = file.read(MAXIMUM_FILE_SIZE + 1 - len(content))
        if not more:
            break
        content += more
    return content
