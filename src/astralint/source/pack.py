"""A file of blobs by their keys, from one run to the next.

The file holds an index and the blobs, each with its own checksum. It is read when
first asked, and written anew as a whole, so that it is complete or not there. It
lies in a directory of the user's own; whatever does not look like ours, or could
have been written by somebody else, is ignored.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

MAXIMUM_PACK = 512 * 1024 * 1024
VARIANTS = 4
"""How many states of one thing are kept: a branch and what it is compared with, and what both become next."""
MINIMUM_UNUSED = 4 * 1024 * 1024
"""What nobody asked for in a run is kept up to this size, or up to the size of what was asked for."""


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    offset: int
    length: int
    checksum: int


def _regular_file(path: Path) -> bytes:
    """Return a file's content; raises OSError for what is no regular file, or larger than any of ours."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > 2 * MAXIMUM_PACK:
            raise OSError("it is no file of ours")
        return file.read(status.st_size)


class _Blob(msgspec.Struct, frozen=True, eq=False):
    data: memoryview
    checksum: int


def _variants(key: bytes) -> list[bytes]:
    return [key + bytes([number]) for number in range(VARIANTS)]


class Pack:
    """The file `name` in a directory that belongs to this user alone.

    `header` begins the file: one that begins otherwise, because it is another
    version's, counts as none. A directory that can't be used is as good as none.
    """

    def __init__(self, directory: Path, name: str, header: bytes) -> None:
        self.directory = directory
        self.name = name
        self._header = header
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._index: dict[bytes, _Entry] | None = None
        self._content = memoryview(b"")
        self._state: tuple[int, ...] | None = None

    def get(self, key: bytes) -> memoryview | None:
        """Return a blob, or None where there is none that can be trusted."""
        blob = self._found(key)
        if blob is not None:
            self._used.add(key)
        return blob

    def variants(self, key: bytes) -> Iterator[tuple[bytes, memoryview]]:
        """Yield the blobs of a key that stands for several states of something, each with its own key.

        Who takes one says so by `use`.
        """
        for name in _variants(key):
            blob = self._found(name)
            if blob is not None:
                yield name, blob

    def use(self, key: bytes) -> None:
        """Count a blob as asked for."""
        self._used.add(key)

    def _found(self, key: bytes) -> memoryview | None:
        if self._index is None:
            self._index, self._content = self._read()
        entry = self._index.get(key)
        return self._blob(self._content, entry) if entry is not None else None

    def forget(self, key: bytes) -> None:
        """Count a blob as not there, because it can't be made sense of."""
        if self._index is not None:
            self._index.pop(key, None)
        self._used.discard(key)

    def add(self, key: bytes, blob: bytes) -> None:
        """Keep a blob for `save`."""
        self._new[key] = blob

    def add_variant(self, key: bytes, blob: bytes) -> None:
        """Keep one more state of something for `save`, in place of one that nobody asked for where there are many."""
        names = _variants(key)
        there = self._new.keys() | (self._index or {}).keys()
        free = [name for name in names if name not in there] or [name for name in names if name not in self._used]
        self.add(free[0] if free else names[zlib.crc32(blob) % VARIANTS], blob)

    def save(self) -> None:
        """Write a new file with what is there and what is new, if anything is; fails silently."""
        if not self._new or not self._own_directory():
            return
        index, content = self._index or {}, self._content
        if self._state is None or self._state != self._state_now():
            # Another process may have written since.
            index, content = self._read()
        found = {
            key: _Blob(content[entry.offset : entry.offset + entry.length], entry.checksum)
            for key, entry in index.items()
            if entry.offset >= 0 and entry.length >= 0 and entry.offset + entry.length <= len(content)
        }
        keep = {key: _Blob(memoryview(blob), zlib.crc32(blob)) for key, blob in sorted(self._new.items())}
        keep.update((key, blob) for key, blob in found.items() if key in self._used and key not in keep)
        size = sum(len(blob.data) for blob in keep.values())
        left = max(size, MINIMUM_UNUSED)
        for key, blob in found.items():
            # In the order of the file: what was asked for lately comes first.
            if key not in keep and len(blob.data) <= left:
                keep[key] = blob
                left -= len(blob.data)
        if size <= MAXIMUM_PACK and self._write(keep):
            self._used |= self._new.keys()
        self._new = {}

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

    def _state_now(self) -> tuple[int, ...] | None:
        try:
            status = (self.directory / self.name).stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _read(self) -> tuple[dict[bytes, _Entry], memoryview]:
        self._state = self._state_now()
        nothing: dict[bytes, _Entry] = {}
        if not self._trusted():
            return nothing, memoryview(b"")
        if self._state is None or self._state[1] > 2 * MAXIMUM_PACK:
            return nothing, memoryview(b"")
        try:
            content = _regular_file(self.directory / self.name)
        except (OSError, ValueError):
            return nothing, memoryview(b"")
        start = len(self._header) + 8
        if not content.startswith(self._header) or len(content) < start:
            return nothing, memoryview(b"")
        length = int.from_bytes(content[len(self._header) : start], "big")
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

    def _write(self, blobs: dict[bytes, _Blob]) -> bool:
        import tempfile

        index: dict[bytes, _Entry] = {}
        offset = 0
        for key, blob in blobs.items():
            index[key] = _Entry(offset, len(blob.data), blob.checksum)
            offset += len(blob.data)
        encoded = msgspec.msgpack.encode(index)
        try:
            descriptor, temporary = tempfile.mkstemp(dir=self.directory, prefix=f".{self.name}-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(self._header + len(encoded).to_bytes(8, "big") + encoded)
                    file.writelines(blob.data for blob in blobs.values())
                Path(temporary).replace(self.directory / self.name)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
                return False
        except OSError:
            return False
        return True
