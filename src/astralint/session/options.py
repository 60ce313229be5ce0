"""How a scan is done, and what is wrong with a call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from astralint.source.diagnostic import Diagnostic


class UsageError(Exception):
    """A call or a configuration that can't be carried out; `diagnostics` say why."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class ScanOptions(msgspec.Struct, frozen=True):
    """How a scan is done.

    `boundary` is the directory that nothing is read outside of (None: the enclosing
    git work tree, else the common parent of the paths). `config` is the
    configuration file (None: `astralint.hcl` found at or above the paths). `jobs` is
    the number of processes (None: as many as there are cores). `cache` is where
    parsed files are kept (None: nowhere). `profile` is one of the configuration's.
    `workspaces` and `accounts` are names: findings of these alone are reported, though the
    whole platform is judged. `states` are files and directories of states, `inventory` is a file of what exists, `events` files of CloudTrail's events,
    `earlier` inventories of other days. `baseline` is a file whose findings are kept back (see `astralint.rules.baseline`).

    Raises TypeError for a place that is no `Path`: `cache=False` is no directory called `False`.
    """

    boundary: Path | None = None
    config: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    jobs: int | None = None
    cache: Path | None = None
    allow_rule_code: bool = False
    today: date | None = None
    rule_errors: bool = False
    profile: str | None = None
    baseline: Path | None = None
    workspaces: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    states: tuple[Path, ...] = ()
    inventory: Path | None = None
    events: tuple[Path, ...] = ()
    earlier: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        for name in ("boundary", "config", "cache", "baseline", "inventory"):
            place = getattr(self, name)
            if place is not None and not isinstance(place, Path):
                raise TypeError(f"`{name}` is a Path or None, not {place!r}")


def judgement_day(given: date | None) -> date:
    """Return the day by which whatever expires is judged: the given one, SOURCE_DATE_EPOCH's, or today."""
    if given is not None:
        return given
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return now.date()
