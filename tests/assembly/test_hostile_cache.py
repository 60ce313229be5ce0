"""Whatever lies in the cache, or hinders its writing: the run says what one without a cache says."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from astralint.assembly import cache
from astralint.source.pack import Pack

from .changing import MUTATIONS, said


def damaged_index(content: bytes) -> bytes:
    start = len(cache.MAGIC) + len(cache.code_version())
    return content[:start] + (2**63).to_bytes(8, "big") + content[start + 8 :]


def lying_entries(content: bytes) -> bytes:
    """Return a pack whose index leads before, behind and far beyond the blobs."""
    start = len(cache.MAGIC) + len(cache.code_version())
    length = int.from_bytes(content[start : start + 8], "big")
    index = msgspec.msgpack.decode(content[start + 8 : start + 8 + length])
    lies = [[-5, 10, 0], [0, -1, 0], [2**62, 2**62, 0], [0, 2**62, 0]]
    encoded = msgspec.msgpack.encode({key: lies[number % len(lies)] for number, key in enumerate(index)})
    return content[:start] + len(encoded).to_bytes(8, "big") + encoded + content[start + 8 + length :]


def nested_blobs(content: bytes) -> bytes:
    """Return a pack whose blobs are right by their checksums, and nested deeper than anything is read."""
    start = len(cache.MAGIC) + len(cache.code_version())
    length = int.from_bytes(content[start : start + 8], "big")
    index = msgspec.msgpack.decode(content[start + 8 : start + 8 + length])
    deep = b"\x91" * 100_000 + b"\xc0"
    encoded = msgspec.msgpack.encode({key: [0, len(deep), zlib.crc32(deep)] for key in index})
    return content[:start] + len(encoded).to_bytes(8, "big") + encoded + deep


@pytest.mark.parametrize("damage", [damaged_index, lying_entries, nested_blobs])
def test_a_hostile_file_counts_as_none(tree: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    for pack in kept.glob("evaluation-*.pack"):
        pack.write_bytes(damage(pack.read_bytes()))
    for pack in kept.glob("syntax-*.pack"):
        pack.write_bytes(b"\xff" * 1000)
    assert said(tree, kept) == before
    assert said(tree, kept) == before


def test_a_file_of_absurd_size_is_not_read(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    for pack in kept.iterdir():
        os.truncate(pack, 1 << 40)
    assert said(tree, kept) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a directory away")
def test_the_directory_of_somebody_else_is_not_used(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    before = said(tree, kept)
    content = {pack.name: pack.read_bytes() for pack in kept.iterdir()}
    os.chown(kept, 12345, 12345)
    MUTATIONS["content"](tree)
    assert said(tree, kept) == said(tree, None) != before
    assert {pack.name: pack.read_bytes() for pack in kept.iterdir()} == content


def no_space(*arguments: object, **more: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def read_only(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write everywhere, so that the refusal has to be played.
    monkeypatch.setattr("tempfile.mkstemp", lambda **_: (_ for _ in ()).throw(PermissionError(errno.EACCES, "no")))


def a_file_instead(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.write_text("not a directory", "utf-8")


def nothing_above(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "mkdir", no_space)


def full(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", no_space)


@pytest.mark.parametrize("hindrance", [read_only, a_file_instead, nothing_above, full])
def test_a_directory_that_cannot_be_written_changes_nothing(
    tree: Path, tmp_path: Path, hindrance: Callable[[Path, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(tree, None)
    kept = tmp_path / "cache"
    hindrance(kept, monkeypatch)
    assert said(tree, kept) == before
    assert said(tree, kept) == before
    assert not kept.is_dir() or not list(kept.iterdir())


def test_two_at_once_leave_something_whole(tree: Path, tmp_path: Path) -> None:
    kept = tmp_path / "cache"
    code = "import sys; from astralint.cli.main import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "check", str(tree), "--boundary", str(tree), "--format", "json"]
    environment = {**os.environ, "ASTRALINT_CACHE_DIR": str(kept), "SOURCE_DATE_EPOCH": "1900000000"}
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
    outputs = {process.communicate(timeout=120)[0] for process in running}
    assert len(outputs) == 1
    assert all(process.returncode in (0, 1, 3) for process in running)
    assert not [path.name for path in kept.iterdir() if path.name.startswith(".")]
    assert said(tree, kept) == said(tree, None)


def test_what_was_used_last_stays(tmp_path: Path) -> None:
    megabyte = bytes(1 << 20)
    for number in range(12):
        pack = Pack(tmp_path, "some.pack", b"header")
        pack.add(b"%d" % number, megabyte)
        pack.save()
    pack = Pack(tmp_path, "some.pack", b"header")
    assert [number for number in range(12) if pack.get(b"%d" % number) is not None] == [7, 8, 9, 10, 11]
    assert (tmp_path / "some.pack").stat().st_size < 6 << 20
