"""A revision of a git repository as a source tree: read from git's objects, nothing is checked out.

Nothing in the repository is run, and no file of the work tree is opened: git is asked
for trees and blobs by their ids alone. Submodules are read from their own repository
where it is on this machine; else they are empty directories, as in a fresh clone.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
import threading
import weakref
from pathlib import Path
from typing import IO, Literal

import msgspec

from astralint.source.names import machine, told
from astralint.source.tree import MAXIMUM_FILE_SIZE, MAXIMUM_LINKS, Entry, SourceError, TreePath

_OPTIONS = ("--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_TIMEOUT = 120
_LINK, _SUBMODULE = "120000", "160000"
_FILES = ("100644", "100755", "100664")
MAXIMUM_SUBMODULES = 100
MAXIMUM_REVISION = 4096

Kind = Literal["file", "directory", "other"]


class GitError(Exception):
    """Something that git could not tell; the message is one sentence."""


class _Item(msgspec.Struct, frozen=True):
    """What the tree of a revision holds at a path; `objects` reads it."""

    mode: str
    identifier: str
    size: int
    objects: _Objects


class _Objects:
    """Blobs of one repository, through one `git cat-file --batch`; it ends with this object."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, identifier: str) -> bytes:
        """Return a blob; raises GitError where it is not there."""
        with self._lock:
            process = self._started()
            stdin, stdout = process.stdin, process.stdout
            if stdin is None or stdout is None:
                raise GitError("git can't be talked to")
            try:
                stdin.write(identifier.encode() + b"\n")
                stdin.flush()
                header = stdout.readline().split()
                if len(header) != 3 or header[1] != b"blob":
                    raise GitError(f"git has no object {identifier}")
                return _exactly(stdout, int(header[2]) + 1)[:-1]
            except (OSError, ValueError) as error:
                raise GitError(f"git can't read the object {identifier}") from error

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = _command(self.repository, "cat-file", "--batch")
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
            )
            weakref.finalize(self, _end, self._process)
        return self._process


def _end(process: subprocess.Popen[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    process.wait()


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) != size:
        raise GitError("git ended in the middle of an object")
    return found


def _command(repository: Path, *arguments: str) -> list[str]:
    return ["git", *_OPTIONS, "-C", str(repository), *arguments]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # No prompt, no lock, nothing fetched on the way.
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "LC_ALL": "C",
    }


def _run(repository: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            _command(repository, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            env=_environment(),
            check=False,
        )
    except FileNotFoundError as error:
        raise GitError("git is not installed") from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        reason = error.strerror or "it can't be started" if isinstance(error, OSError) else str(error)[:200]
        raise GitError(f"git failed: {reason}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(said[-1].removeprefix("fatal: ") if said else "git failed")
    return done.stdout


def work_tree_of(directory: Path) -> Path | None:
    """Return the root of the git work tree that a directory is in; None where it is in none.

    Raises GitError where there is one that git can't read: its configuration is broken, somebody else's.
    """
    try:
        return Path(os.fsdecode(_run(directory, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    except GitError as error:
        if "not a git repository" in str(error) or not directory.is_dir():
            return None
        raise


def resolve_revision(repository: Path, revision: str) -> str:
    """Return the id of the commit that a revision names; raises GitError where it names none."""
    if not revision or "\0" in revision or len(revision) > MAXIMUM_REVISION:
        raise GitError(f"`{revision[:100]}` is no revision")
    try:
        wanted = f"{revision}^{{commit}}"
        return _run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted).decode().strip()
    except GitError as error:
        shown = str(error)
        why = shown if "not a git repository" in shown or "installed" in shown or "dubious" in shown else ""
        raise GitError(why or f"there is no revision `{revision}` in the repository") from error


class GitTree:
    """A revision of a repository, or of a directory in it, as a `SourceTree`.

    `prefix` is the directory of the repository that is the tree's root ("." for all of
    it). No path leads out of it. Raises GitError where the revision can't be read.
    """

    def __init__(self, repository: Path, revision: str, prefix: TreePath = ".") -> None:
        self.repository = repository
        self.root = repository if prefix == "." else repository / prefix
        self.commit = resolve_revision(repository, revision)
        self.prefix = "" if prefix == "." else prefix.strip("/") + "/"
        self._items: dict[str, _Item] = {}
        self._children: dict[str, set[str]] = {"": set()}
        self._mounted = 0
        self._mount("", repository, self.commit)
        if self.prefix:
            start = self._follow(self.prefix.rstrip("/"))
            self.prefix = f"{start}/" if start else ""
            if start is None or start not in self._children:
                raise GitError(f"there is no directory `{prefix}` in the revision")

    # --- what there is -----------------------------------------------------------------

    def _mount(self, at: str, repository: Path, commit: str) -> None:
        """Take up all paths of a commit below a directory."""
        objects = _Objects(repository)
        submodules: list[tuple[str, str]] = []
        for line in _run(repository, "ls-tree", "-r", "-t", "-z", "-l", "--full-tree", commit).split(b"\0"):
            description, tab, raw = line.partition(b"\t")
            fields = description.decode("ascii", "replace").split()
            path = told(os.fsdecode(raw))
            if not tab or len(fields) != 4 or any(part in ("", ".", "..") for part in path.split("/")):
                continue
            mode, kind, identifier, size = fields
            place = f"{at}/{path}" if at else path
            self._children.setdefault(posixpath.dirname(place), set()).add(posixpath.basename(place))
            if kind == "tree":
                self._children.setdefault(place, set())
            elif mode == _SUBMODULE:
                self._children.setdefault(place, set())
                submodules.append((place, identifier))
            else:
                self._items[place] = _Item(mode, identifier, int(size) if size.isdecimal() else 0, objects)
        for place, identifier in submodules:
            self._submodule(place, identifier)

    def _submodule(self, place: str, commit: str) -> None:
        inner = self.repository / machine(place)
        self._mounted += 1
        # Only a repository of its own, not the outer one, may answer for it.
        if self._mounted > MAXIMUM_SUBMODULES or not (inner / ".git").exists() or not self._is_inside(inner):
            return
        try:
            self._mount(place, inner, resolve_revision(inner, commit))
        except GitError:
            return

    def _is_inside(self, directory: Path) -> bool:
        real, root = os.path.realpath(directory), os.path.realpath(self.repository)
        return real.startswith(root.rstrip(os.sep) + os.sep)

    # --- paths ---------------------------------------------------------------------------

    def _follow(self, path: str) -> str | None:
        """Return a path of the repository with all links resolved; None where it leads nowhere or outside."""
        pending = [part for part in reversed(path.split("/")) if part not in ("", ".")]
        done: list[str] = []
        links = 0
        while pending:
            part = pending.pop()
            if part == "..":
                if not done:
                    return None
                done.pop()
                continue
            place = "/".join([*done, part])
            item = self._items.get(place)
            if item is not None and item.mode == _LINK:
                links += 1
                target = self._target(item)
                if links > MAXIMUM_LINKS or target is None or target.startswith("/"):
                    return None
                pending.extend(inner for inner in reversed(target.split("/")) if inner not in ("", "."))
                continue
            if item is None and place not in self._children:
                return None
            if item is not None and pending:
                return None
            done.append(part)
        return "/".join(done)

    @staticmethod
    def _target(item: _Item) -> str | None:
        if item.size > 4096:
            return None
        try:
            return told(os.fsdecode(item.objects.read(item.identifier)))
        except GitError:
            return None

    def _real(self, path: TreePath) -> str | None:
        """Return where a tree path leads in the repository; None for nothing, and for outside of the boundary."""
        if path.startswith(("../", "/")) or path == ".." or "\0" in path:
            return None
        real = self._follow(self.prefix + ("" if path == "." else path))
        if real is None or not (real + "/").startswith(self.prefix):
            return None
        return real

    def _is_absent(self, path: TreePath) -> bool:
        """Say whether there is simply nothing at a path: no link on the way leads anywhere else."""
        if path.startswith(("../", "/")) or path == ".." or "\0" in path:
            return False
        parts = (self.prefix + path).split("/")
        places = ["/".join(parts[: number + 1]) for number in range(len(parts))]
        return not any(place in self._items and self._items[place].mode == _LINK for place in places)

    def _kind(self, real: str) -> Kind:
        item = self._items.get(real)
        if item is None:
            return "directory"
        return "file" if item.mode in _FILES else "other"

    # --- the protocol ----------------------------------------------------------------------

    def entries(self, directory: TreePath) -> tuple[Entry, ...]:
        """See `SourceTree.entries`."""
        real = self._real(directory)
        if real is None or real not in self._children:
            return ()
        return tuple(sorted(self._entry(real, name) for name in self._children[real]))

    def _entry(self, directory: str, name: str) -> Entry:
        place = f"{directory}/{name}" if directory else name
        item = self._items.get(place)
        if item is None or item.mode != _LINK:
            return Entry(name, self._kind(place))
        target = self._follow(place)
        if target is None:
            return Entry(name, "outside" if self._leaves(directory, item) else "broken-link", is_link=True)
        if not (target + "/").startswith(self.prefix):
            return Entry(name, "outside", is_link=True)
        return Entry(name, self._kind(target), is_link=True)

    def _leaves(self, directory: str, item: _Item) -> bool:
        target = self._target(item) or ""
        return target.startswith("/") or posixpath.normpath(posixpath.join(directory, target)).startswith("..")

    def kind(self, path: TreePath) -> Kind | None:
        """See `SourceTree.kind`."""
        real = self._real(path)
        return None if real is None else self._kind(real)

    def read(self, path: TreePath) -> bytes:
        """See `SourceTree.read`."""
        real = self._real(path)
        if real is None:
            if path.startswith(("../", "/")) or path == ".." or self._follow(self.prefix + path) is not None:
                raise SourceError("outside-boundary", f"`{path}` lies outside of the directory that is analysed")
            raise SourceError("file-not-readable", f"`{path}` can't be read: it is not in the revision")
        item = self._items.get(real)
        if item is None or item.mode not in _FILES:
            raise SourceError("not-a-file", f"`{path}` is not a regular file")
        if item.size > MAXIMUM_FILE_SIZE:
            size = item.size / (1024 * 1024)
            raise SourceError("file-too-large", f"`{path}` has {size:.1f} MB; files over 10 MB are not read")
        try:
            return item.objects.read(item.identifier)
        except GitError as error:
            raise SourceError("file-not-readable", f"`{path}` can't be read: {error}") from error

    def real_path(self, path: TreePath) -> TreePath:
        """See `SourceTree.real_path`."""
        real = self._real(path)
        if real is None:
            if self._is_absent(path):
                return path
            raise SourceError("outside-boundary", f"`{path}` lies outside of the directory that is analysed")
        return real[len(self.prefix) :] or "."
