"""How much work a run was: evaluations, and what an earlier run had left in the cache."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from astralint.assembly.recording import Trace
from astralint.assembly.workers import Job, RecordingWorkers
from astralint.terraform.results import WorkspaceResult


class Work(msgspec.Struct, frozen=True):
    """What was evaluated, of how many workspaces, and what came from the cache instead.

    `missed` counts the evaluations by why no kept result served: an empty mapping where none was kept at all.
    """

    evaluations: int
    workspaces: int
    recalled: int = 0
    missed: dict[str, int] = {}

    def lines(self) -> Iterator[str]:
        """Yield it for people."""
        several = "" if self.workspaces == 1 else "s"
        yield f"{self.evaluations:,} evaluations of {self.workspaces:,} workspace{several}"
        if self.recalled or self.missed:
            yield f"{self.recalled:,} results from the cache"
        for reason, number in sorted(self.missed.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"  {number:,} not: {reason}"


class CountingWorkers:
    """Leaves all evaluations to other workers, and counts them."""

    def __init__(self, workers: RecordingWorkers) -> None:
        self._workers = workers
        self._evaluations: Counter[str] = Counter()

    def evaluate(self, jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
        """See `Workers.evaluate`."""
        self._evaluations.update(spec.name for spec, _ in jobs)
        return self._workers.evaluate(jobs)

    def evaluate_recorded(self, jobs: Sequence[Job]) -> Sequence[tuple[WorkspaceResult, Trace]]:
        """See `RecordingWorkers.evaluate_recorded`."""
        self._evaluations.update(spec.name for spec, _ in jobs)
        return self._workers.evaluate_recorded(jobs)

    def work(self) -> Work:
        """Return what was evaluated until now."""
        return Work(self._evaluations.total(), len(self._evaluations))
