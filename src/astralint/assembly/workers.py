"""Who evaluates workspaces: this process, or a pool of others; with the same results."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, cast

import msgspec

from astralint.assembly.knowledge import AwsKnowledge
from astralint.assembly.provider_versions import provider_version
from astralint.assembly.recording import Digests, RecordingLoader, Trace
from astralint.config.settings import Settings
from astralint.layouts.wrappers import Wrappers
from astralint.source.observed import Observed
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.evaluation.run import Evaluation
from astralint.terraform.expressions.scope import RunBudget
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.workspace import WorkspaceSpec

if TYPE_CHECKING:
    from concurrent.futures import Executor

Job = tuple[WorkspaceSpec, Mapping[Request, Answer]]


class Workers(Protocol):
    """Evaluates workspaces; results are in the order of the jobs, whoever does them."""

    def evaluate(self, jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
        """Evaluate each workspace with the answers that it has."""
        ...


class RecordingWorkers(Workers, Protocol):
    """Workers that say what an evaluation read."""

    def evaluate_recorded(self, jobs: Sequence[Job]) -> Sequence[tuple[WorkspaceResult, Trace]]:
        """Evaluate as `evaluate` does; each result comes with what it was concluded from."""
        ...


class LocalWorkers:
    """Evaluates in this process."""

    def __init__(self, loader: ModuleLoader, settings: Settings) -> None:
        self._loader = loader
        self._settings = settings
        self._knowledge: dict[int, AwsKnowledge] = {}
        self._module_sources = settings.module_sources
        self._wrapper = Wrappers(settings)
        self._budget = RunBudget()

    def _of_version(self, version: int) -> AwsKnowledge:
        if version not in self._knowledge:
            self._knowledge[version] = AwsKnowledge(self._settings, version)
        return self._knowledge[version]

    def evaluation(self, spec: WorkspaceSpec, answers: Mapping[Request, Answer]) -> Evaluation:
        """Return a workspace whose values can be asked for one by one."""
        return self._evaluated(self._loader, spec, answers)[0]

    def _evaluated(
        self, loader: ModuleLoader, spec: WorkspaceSpec, answers: Mapping[Request, Answer]
    ) -> tuple[Evaluation, WorkspaceResult]:
        knowledge = self._of_version(provider_version(loader, spec.template or spec.directory))
        evaluation = Evaluation(spec, loader, knowledge, answers, self._module_sources, self._wrapper, self._budget)
        result = evaluation.result()
        if spec.assumed_workspace is not None and any(diagnostic.broken for diagnostic in result.diagnostics):
            # It may be that the root is never run in the workspace that is assumed.
            other = Evaluation(
                msgspec.structs.replace(spec, assumed_workspace=None),
                loader,
                knowledge,
                answers,
                self._module_sources,
                self._wrapper,
                self._budget,
            )
            unassumed = other.result()
            if len(unassumed.diagnostics) < len(result.diagnostics):
                return other, unassumed
        return evaluation, result

    def evaluate(self, jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
        """See `Workers.evaluate`."""
        return [self._evaluated(self._loader, spec, answers)[1] for spec, answers in jobs]

    def evaluate_recorded(self, jobs: Sequence[Job]) -> Sequence[tuple[WorkspaceResult, Trace]]:
        """See `RecordingWorkers.evaluate_recorded`; the tree has to note what it is asked."""
        digests = Digests(cast("Observed", self._loader.tree))
        found: list[tuple[WorkspaceResult, Trace]] = []
        for spec, answers in jobs:
            trace = Trace()
            loader = RecordingLoader(self._loader, digests, trace)
            found.append((self._evaluated(loader, spec, answers)[1], trace))
        return found


_worker: LocalWorkers | None = None


def _work(jobs: Sequence[Job]) -> Sequence[tuple[WorkspaceResult, Trace]]:
    assert _worker is not None
    return _worker.evaluate_recorded(jobs)


class PoolWorkers:
    """Evaluates in copies of this process, which have all that it has read; workspaces are dealt out in shares.

    Batches smaller than `threshold`, and systems where processes can't be copied, are left
    to this process: starting others would take longer than they save.
    """

    def __init__(self, jobs: int, here: LocalWorkers, threshold: int) -> None:
        self._jobs = jobs
        self._here = here
        self._threshold = threshold if hasattr(os, "fork") and sys.platform != "darwin" else None
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
        if self._threshold is None or len(jobs) < self._threshold:
            return self._here.evaluate(jobs)
        return [result for result, _ in self._shared(jobs)]

    def evaluate_recorded(self, jobs: Sequence[Job]) -> Sequence[tuple[WorkspaceResult, Trace]]:
        """See `RecordingWorkers.evaluate_recorded`."""
        if self._threshold is None or len(jobs) < self._threshold:
            return self._here.evaluate_recorded(jobs)
        return self._shared(jobs)

    def _shared(self, jobs: Sequence[Job]) -> Sequence[tuple[WorkspaceResult, Trace]]:
        global _worker  # noqa: PLW0603 - what the copies of this process find
        if self._executor is None:
            # Imported where it is worth it: it takes as long as evaluating some workspaces.
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            _worker = self._here
            self._executor = ProcessPoolExecutor(self._jobs, mp_context=get_context("fork"))
        size = max(1, -(-len(jobs) // (self._jobs * 4)))
        shares = [jobs[start : start + size] for start in range(0, len(jobs), size)]
        return [pair for share in self._executor.map(_work, shares) for pair in share]
