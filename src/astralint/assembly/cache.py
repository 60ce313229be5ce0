"""Evaluated workspaces from one run to the next.

A result is found by what the workspace was given (its specification, the settings
that evaluation heeds, this very code, the answers of the others) and holds while all
that its evaluation read is as it was.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import msgspec

from astralint.assembly.kept import KeptResults
from astralint.assembly.recording import Digests, Trace
from astralint.assembly.workers import Job, RecordingWorkers
from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.source.names import told
from astralint.source.observed import Observed
from astralint.source.pack import Pack
from astralint.source.secrets import Secrets
from astralint.terraform.codec import digest, fingerprint
from astralint.terraform.expressions.scope import RUN_EXHAUSTED
from astralint.terraform.requests import Answer, Request
from astralint.terraform.result_codec.encode import is_sensitive
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.workspace import WorkspaceSpec

MAGIC = b"astralint evaluation pack 2\n"
NAMES = ("evaluation-", "syntax-")
MAXIMUM_PACKS = 32
"""How many files of each name are kept."""
UNHEEDED = frozenset(
    {
        "path",
        "workspaces",
        "rules",
        "contracts",
        "profiles",
        "rule_paths",
        "excluded",
        "language",
        "states",
        "inventory",
    }
)
"""The settings that evaluation does not look at, but for what is in a workspace's specification."""


def code_signature(directories: Iterable[Path]) -> tuple[object, ...]:
    """Return what tells one state of the code below these directories, and of what it runs on, from another."""
    files = [
        (str(directory), os.path.relpath(os.path.join(top, name), directory), *_signature(os.path.join(top, name)))  # noqa: PTH118
        for directory in directories
        for top, inner, names in os.walk(directory)
        if inner is not None and not top.endswith("__pycache__")
        for name in names
    ]
    return (sys.version, *sorted(files), *_distributions())


def _signature(file: str) -> tuple[int, int]:
    try:
        status = os.stat(file)  # noqa: PTH116 - called for every file of the package
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def _distributions() -> list[str]:
    """Return the names of all installed distributions; they hold their versions."""
    found: list[str] = []
    for directory in sys.path:
        with contextlib.suppress(OSError):
            found += [name for name in os.listdir(directory) if name.endswith((".dist-info", ".egg-info"))]  # noqa: PTH208
    return sorted(found)


@cache
def code_version() -> bytes:
    """Return a digest of this package's own code and data, and of what it runs on."""
    from astralint.version import __version__

    return fingerprint(__version__, code_signature([Path(__file__).parent.parent]))


def open_pack(directory: Path, root: Path) -> Pack:
    """Return the file in which runs over a tree keep what they found."""
    return Pack(directory, f"{NAMES[0]}{_of_root(root)}.pack", MAGIC + code_version())


def open_store(directory: Path | None, root: Path) -> SyntaxStore:
    """Return the store of a tree's parsed files; one that ends with the run where there is no directory."""
    return SyntaxStore(str(directory), NAMES[1] + _of_root(root)) if directory is not None else SyntaxStore(None)


def _of_root(root: Path) -> str:
    return fingerprint(told(str(root))).hex()


def remove_old_packs(directory: Path) -> None:
    """Leave only the files of the trees that were looked at last."""
    for name in NAMES:
        with contextlib.suppress(OSError):
            packs = sorted(directory.glob(f"{name}*.pack"), key=lambda path: path.stat().st_mtime, reverse=True)
            for pack in packs[MAXIMUM_PACKS:]:
                pack.unlink(missing_ok=True)


class _Answered(msgspec.Struct, frozen=True, eq=False):
    answer: Answer
    digest: str
    is_sensitive: bool


class CachedWorkers:
    """Gives results of earlier runs where they still hold, and leaves the others to other workers."""

    def __init__(self, workers: RecordingWorkers, pack: Pack, tree: Observed, settings: Settings) -> None:
        self._workers = workers
        self._digests = Digests(tree)
        self._results = KeptResults(pack, self._digests)
        self._heeded = [getattr(settings, name) for name in Settings.__struct_fields__ if name not in UNHEEDED]
        self._settings = fingerprint(self._heeded)
        self._specs: dict[str, bytes] = {}
        self._requests: dict[Request, bytes] = {}
        self._answers: dict[int, _Answered] = {}
        self.recalled = 0
        """How many results came from the cache."""
        self.missed: Counter[str] = Counter()
        """Why the others did not."""
        self.unkept: dict[str, WorkspaceResult] = {}
        """The results that are not kept, by the workspaces' names, as they came last."""

    def evaluate(self, jobs: Sequence[Job]) -> Sequence[WorkspaceResult]:
        """See `Workers.evaluate`."""
        keys = [self._key(spec, answers) for spec, answers in jobs]
        found = [self._results.find(key, partial(self._given, job)) for key, job in zip(keys, jobs, strict=True)]
        missing = [number for number, result in enumerate(found) if isinstance(result, str)]
        self.recalled += len(found) - len(missing)
        self.missed.update(str(found[number]) for number in missing)
        fresh = self._workers.evaluate_recorded([jobs[number] for number in missing]) if missing else ()
        for number, (result, trace) in zip(missing, fresh, strict=True):
            found[number] = result
            self._keep(keys[number], jobs[number], result, trace)
        return [result for result in found if not isinstance(result, str)]

    def save(self, secrets: Secrets) -> None:
        """Hand what is new to the pack, sealed where one of these stands in it."""
        self._results.save(secrets)

    def _key(self, spec: WorkspaceSpec, answers: Mapping[Request, Answer]) -> bytes:
        known = self._specs.get(spec.name)
        if known is None:
            known = self._specs[spec.name] = fingerprint(spec)
        given = sorted((self._request(request), self._answer(answer).digest) for request, answer in answers.items())
        return fingerprint(self._settings, known, given)

    def _request(self, request: Request) -> bytes:
        found = self._requests.get(request)
        if found is None:
            found = self._requests[request] = fingerprint(request)
        return found

    def _answer(self, answer: Answer) -> _Answered:
        found = self._answers.get(id(answer))
        if found is None:
            told = answer.value is not None and is_sensitive(answer.value)
            found = self._answers[id(answer)] = _Answered(answer, digest(answer), told)
        return found

    def _given(self, job: Job) -> bytes:
        """Return what seals a workspace's result beside its files: what it was given, by a digest that is written nowhere."""
        spec, answers = job
        told = [answer for answer in map(self._answer, answers.values()) if answer.is_sensitive]
        told.sort(key=lambda answer: answer.digest)
        return fingerprint(self._heeded, spec, [answer.answer for answer in told], person=b"astralint given")

    def _keep(self, key: bytes, job: Job, result: WorkspaceResult, trace: Trace) -> None:
        # What is said of the tree now counts for the run as a whole, too.
        self._digests.hold(trace)
        exhausted = any(d.message == RUN_EXHAUSTED for d in result.diagnostics)
        told = any(self._answer(answer).is_sensitive for answer in job[1].values())
        if not exhausted and self._results.add(key, trace, result, partial(self._given, job), told=told):
            self.unkept.pop(result.name, None)
        else:
            self.unkept[result.name] = result


__all__ = ["CachedWorkers", "code_signature", "code_version", "open_pack", "open_store", "remove_old_packs"]
