"""Who evaluates workspaces: this process, or a pool of others; with the same results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Protocol

from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.platform.knowledge import AwsKnowledge
from astralint.source.tree import LocalTree
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.evaluation.run import Evaluation
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.workspace import WorkspaceSpec

Job = tuple[WorkspaceSpec, Mapping[Request, Answer]]


class Workers(Protocol):
    """Evaluates workspaces; results are in the order of the jobs, whoever does them."""

    def evaluate(self, jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
        """Evaluate each workspace with the answers that it has."""
        ...


class LocalWorkers:
    """Evaluates in this process."""

    def __init__(self, loader: ModuleLoader, settings: Settings) -> None:
        self._loader = loader
        self._knowledge = AwsKnowledge(settings)
        self._module_sources = settings.module_sources

    def evaluation(self, spec: WorkspaceSpec, answers: Mapping[Request, Answer]) -> Evaluation:
        """Return a workspace whose values can be asked for one by one."""
        return Evaluation(spec, self._loader, self._knowledge, answers, self._module_sources)

    def evaluate(self, jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
        """See `Workers.evaluate`."""
        return [self.evaluation(spec, answers).result() for spec, answers in jobs]


_worker: LocalWorkers | None = None


def _start(root: Path, cache: str | None, settings: Settings) -> None:
    global _worker  # noqa: PLW0603 - the state of a worker process
    _worker = LocalWorkers(ModuleLoader(LocalTree(root), SyntaxStore(cache)), settings)


def _work(jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
    assert _worker is not None
    return _worker.evaluate(jobs)


class PoolWorkers:
    """Evaluates in other processes; the workspaces are dealt out in contiguous shares.

    Batches smaller than `threshold` are done in this process: starting others would take longer.
    """

    def __init__(
        self, root: Path, cache: str | None, settings: Settings, jobs: int, here: LocalWorkers, threshold: int
    ) -> None:
        self._jobs = jobs
        self._here = here
        self._threshold = threshold
        self._start = (root, cache, settings)
        self._executor: Executor | None = None

    def __enter__(self) -> PoolWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)

    def evaluate(self, jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
        """See `Workers.evaluate`."""
        if len(jobs) < self._threshold:
            return self._here.evaluate(jobs)
        if self._executor is None:
            self._executor = ProcessPoolExecutor(self._jobs, initializer=_start, initargs=self._start)
        size = max(1, -(-len(jobs) // (self._jobs * 4)))
        shares = [jobs[start : start + size] for start in range(0, len(jobs), size)]
        return [result for share in self._executor.map(_work, shares) for result in share]
