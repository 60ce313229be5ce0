"""Parsed files by their content: in memory for this run, in one file for the next.

The file (`syntax.pack`) holds an index and the trees in msgpack, each with its own
checksum. It is read when first asked, tree by tree, and written anew as a whole, so
that it is complete or not there. Whatever does not look like ours is ignored.
"""

from __future__ import annotations

import hashlib
import os
import weakref
import zlib
from functools import cache
from pathlib import Path

import msgspec

from astralint.hcl import parse
from astralint.hcl.problem import Parsed, SyntaxProblem

MAGIC = b"astralint syntax pack 1\n"
PACK = "syntax.pack"
MAXIMUM_PACK = 256 * 1024 * 1024
SOURCES = ("*.py", "*.lark", "*.json")


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    offset: int
    length: int
    checksum: int


@cache
def format_version() -> bytes:
    """Return a digest of all that decides what a tree looks like: this package and its version."""
    from astralint import __version__

    digest = hashlib.sha256(__version__.encode())
    directory = Path(__file__).parent
    for path in sorted(path for pattern in SOURCES for path in directory.glob(pattern)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.digest()


class SyntaxStore:
    """Parses each distinct content once; with a directory, once for all runs.

    New trees are written by `save`, at the latest when the store goes away or the
    interpreter ends (a worker process that ends otherwise must call `save`). A
    directory that can't be used is as good as none.
    """

    def __init__(self, directory: str | None) -> None:
        self._memory: dict[bytes, Parsed] = {}
        self._pack = _Pack(Path(directory)) if directory is not None else None
        self._finalizer = weakref.finalize(self, self._pack.save) if self._pack is not None else None

    def parse(self, content: bytes, *, json: bool = False, attributes: bool = False) -> Parsed:
        """Return a content's tree, or what is wrong with it; see `astralint.hcl.parse`."""
        kind = b"%d%d" % (json, attributes and json)
        key = hashlib.sha256(kind + content).digest()
        known = self._memory.get(key)
        if known is None:
            known = self._pack.get(key) if self._pack is not None else None
            if known is None:
                known = parse_bytes(content, json=json, attributes=attributes)
                if self._pack is not None:
                    self._pack.add(key, known)
            self._memory[key] = known
        return known

    def save(self) -> None:
        """Write what is new; fails silently, because the next run can do without."""
        if self._pack is not None:
            self._pack.save()


def parse_bytes(content: bytes, *, json: bool = False, attributes: bool = False) -> Parsed:
    """Return a content's tree, or what is wrong with it, its encoding included."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        return Parsed(
            None,
            (
                SyntaxProblem(
                    f"byte {error.start + 1} (0x{content[error.start]:02x}, on line {line}) is not valid UTF-8",
                    len(before),
                    len(before),
                    "save the file as UTF-8",
                ),
            ),
        )
    return parse(text, json=json, attributes=attributes)


class _Pack:
    """The file of trees in a directory that belongs to this user alone."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.new: dict[bytes, bytes] = {}
        self.used: set[bytes] = set()
        self.index: dict[bytes, _Entry] | None = None
        self.content = memoryview(b"")
        self.decode = msgspec.msgpack.Decoder(Parsed).decode

    def get(self, key: bytes) -> Parsed | None:
        """Return a tree, or None where there is none that can be trusted."""
        if self.index is None:
            self.index, self.content = self._read()
        entry = self.index.get(key)
        if entry is None:
            return None
        blob = self._blob(self.content, entry)
        try:
            parsed = None if blob is None else self.decode(blob)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            parsed = None
        if parsed is None:
            del self.index[key]
            return None
        self.used.add(key)
        return parsed

    def add(self, key: bytes, parsed: Parsed) -> None:
        """Keep a tree for `save`."""
        try:
            self.new[key] = msgspec.msgpack.encode(parsed)
        except RecursionError:
            # A tree as deep as is allowed; it is parsed each time.
            return

    def save(self) -> None:
        """Write a new file with what is there and what is new, if anything is."""
        if not self.new or not self._own_directory():
            return
        # Read again: another process may have written since.
        index, content = self._read()
        blobs = {key: blob for key, entry in index.items() if (blob := self._blob(content, entry)) is not None}
        keep: dict[bytes, bytes | memoryview] = {key: blobs[key] for key in sorted(blobs) if key in self.used}
        keep.update(sorted(self.new.items()))
        size = sum(map(len, keep.values()))
        for key in sorted(blobs):
            if key not in keep and size + len(blobs[key]) <= MAXIMUM_PACK:
                keep[key] = blobs[key]
                size += len(blobs[key])
        if size <= 2 * MAXIMUM_PACK and self._write(keep):
            self.used |= self.new.keys()
        self.new = {}

    def _own_directory(self) -> bool:
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = self.directory.lstat()
            if hasattr(os, "getuid"):
                if status.st_uid != os.getuid() or self.directory.is_symlink():
                    return False
                if status.st_mode & 0o077:
                    self.directory.chmod(0o700)
        except OSError:
            return False
        return True

    def _trusted(self) -> bool:
        """Whether nobody else can have written what lies in the directory."""
        try:
            status = self.directory.lstat()
            if self.directory.is_symlink():
                return False
        except OSError:
            return False
        return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o022)

    def _read(self) -> tuple[dict[bytes, _Entry], memoryview]:
        nothing: dict[bytes, _Entry] = {}
        if not self._trusted():
            return nothing, memoryview(b"")
        try:
            content = (self.directory / PACK).read_bytes()
        except OSError:
            return nothing, memoryview(b"")
        header = MAGIC + format_version()
        start = len(header) + 8
        if not content.startswith(header) or len(content) < start:
            return nothing, memoryview(b"")
        length = int.from_bytes(content[len(header) : start], "big")
        view = memoryview(content)
        try:
            index = msgspec.msgpack.decode(view[start : start + length], type=dict[bytes, _Entry])
        except (msgspec.MsgspecError, ValueError):
            return nothing, memoryview(b"")
        return index, view[start + length :]

    @staticmethod
    def _blob(content: memoryview, entry: _Entry) -> memoryview | None:
        if entry.offset < 0 or entry.length < 0:
            return None
        blob = content[entry.offset : entry.offset + entry.length]
        if len(blob) != entry.length or zlib.crc32(blob) != entry.checksum:
            return None
        return blob

    def _write(self, blobs: dict[bytes, bytes | memoryview]) -> bool:
        import tempfile

        index: dict[bytes, _Entry] = {}
        offset = 0
        for key, blob in blobs.items():
            index[key] = _Entry(offset, len(blob), zlib.crc32(blob))
            offset += len(blob)
        encoded = msgspec.msgpack.encode(index)
        try:
            descriptor, temporary = tempfile.mkstemp(dir=self.directory, prefix=".syntax-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(MAGIC + format_version() + len(encoded).to_bytes(8, "big") + encoded)
                    file.writelines(blobs.values())
                Path(temporary).replace(self.directory / PACK)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                return False
        except OSError:
            return False
        return True
