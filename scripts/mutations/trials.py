"""Trials of mutants: the model platform, changed, as it is and with another name for everything."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from pathlib import Path

import msgspec
from scripts.mutations.mutants import Mutant, apply
from tests.platforms.renaming import Renaming

from astralint.api import ScanOptions, UsageError, scan

PLATFORM = Path(__file__).parents[2] / "fixtures" / "platforms" / "astradot"


class Trial(msgspec.Struct, frozen=True):
    """What rules said of a mutant, as it is and renamed."""

    mutant: Mutant
    found: tuple[str, ...]
    renamed: tuple[str, ...]
    problems: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether exactly the expected rules spoke, both times."""
        expected = tuple(sorted(self.mutant.expect))
        return self.found == expected == self.renamed and not self.problems


def tried(mutant: Mutant) -> Trial:
    """Try one mutant."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as scratch:
        changed, renamed = Path(scratch, "changed"), Path(scratch, "renamed")
        shutil.copytree(PLATFORM, changed)
        apply(mutant, changed)
        Renaming(PLATFORM).copy(changed, renamed)
        found, problems = _rules(changed, mutant.profile)
        return Trial(mutant, found, _rules(renamed, mutant.profile)[0], problems)


def _rules(platform: Path, profile: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        report = scan([platform], ScanOptions(jobs=1, rule_errors=True, profile=profile))
    except UsageError as error:
        return (), (str(error),)
    problems = tuple(f"{each.message}" for each in report.result.diagnostics if each.severity == "error")
    return tuple(sorted({finding.rule for finding in report.result.findings})), problems


def trials(mutants: Iterable[Mutant], processes: int) -> Iterator[Trial]:
    """Try all mutants, several at a time, in their order."""
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(tried, list(mutants))
