"""What a collection has so far: a file for each account and region, so that it can go on after it was ended."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from astralint.inventory.model import Covered, Live

FRESH = timedelta(hours=12)
"""An older part is collected anew: too much may have happened."""


class Part(msgspec.Struct, frozen=True):
    """What was found in an account and region; `complete` where calling once more would tell nothing else."""

    key: str
    account: str
    region: str
    collected_at: str
    complete: bool
    coverage: tuple[Covered, ...] = ()
    resources: tuple[Live, ...] = ()


def now_text(now: datetime | None = None) -> str:
    """Return a time as inventories write it."""
    return (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Parts:
    """The directory of parts beside an inventory. Each is written whole, or not at all."""

    def __init__(self, output: Path, key: str) -> None:
        self.directory = output.with_name(f"{output.name}.parts")
        self._key = key

    def write(self, part: Part) -> None:
        """Keep a part; raises OSError."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(part.account, part.region)
        write_whole(path, msgspec.json.encode(part))

    def read(self, account: str, region: str) -> Part | None:
        """Return what an earlier run found, where it asked for the same not long ago, and all was answered."""
        try:
            part = msgspec.json.decode(self._path(account, region).read_bytes(), type=Part)
            age = datetime.now(UTC) - datetime.fromisoformat(part.collected_at)
        except (OSError, ValueError, msgspec.MsgspecError):
            return None
        fits = part.key == self._key and part.complete and (part.account, part.region) == (account, region)
        return part if fits and timedelta() - timedelta(minutes=5) <= age <= FRESH else None

    def _path(self, account: str, region: str) -> Path:
        return self.directory / f"{account}-{region}.json"

    def remove(self) -> None:
        """Remove them all."""
        shutil.rmtree(self.directory, ignore_errors=True)


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file so that whoever reads it sees all of it or what was there before; raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
