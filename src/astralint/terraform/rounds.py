"""All workspaces together: evaluated in rounds until nobody has a question that is answered anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from astralint.terraform.codec import digest
from astralint.terraform.requests import Answer, Request
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.workspace import WorkspaceSpec

MAXIMUM_ROUNDS = 40

EvaluateAll = Callable[[Sequence[tuple[WorkspaceSpec, Mapping[Request, Answer]]]], Sequence[WorkspaceResult]]
"""Evaluates workspaces, each with the answers it has so far; results in the order of the input."""


class Answerer(Protocol):
    """Answers requests from the results of a round."""

    def __call__(self, request: Request) -> Answer:
        """Return the answer; never raises."""
        ...


class Rounds(msgspec.Struct, frozen=True, eq=False):
    """What the last round gave, by the workspaces' names: their results, and the answers that they had."""

    results: dict[str, WorkspaceResult]
    answers: dict[str, dict[Request, Answer]]


def evaluate_in_rounds(
    specs: Sequence[WorkspaceSpec],
    evaluate_all: EvaluateAll,
    answerer: Callable[[Mapping[str, WorkspaceResult]], Answerer],
    earlier: Rounds | None = None,
    changed: Sequence[WorkspaceSpec] = (),
) -> Rounds:
    """Evaluate all workspaces; only those whose answers changed run again.

    With what `earlier` gave, it goes on from there: at first only those that `changed` since run again.
    A value that goes in a circle between workspaces without ever settling is left
    as the last round gave it.
    """
    results: dict[str, WorkspaceResult] = dict(earlier.results) if earlier is not None else {}
    known_before = earlier.answers if earlier is not None else {}
    given: dict[str, dict[Request, tuple[Answer, str]]] = {
        spec.name: {request: (said, digest(said)) for request, said in known_before.get(spec.name, {}).items()}
        for spec in specs
    }
    waiting = list(specs if earlier is None else changed)
    # A chain of all workspaces settles one a round.
    for _ in range(max(MAXIMUM_ROUNDS, len(specs) + 2)):
        batch = [(spec, {request: answer for request, (answer, _) in given[spec.name].items()}) for spec in waiting]
        for result in evaluate_all(batch):
            results[result.name] = result
        answer = answerer(results)
        answers: dict[Request, tuple[Answer, str]] = {}
        waiting = []
        for spec in specs:
            fresh: dict[Request, tuple[Answer, str]] = {}
            for request in results[spec.name].requests:
                if request not in answers:
                    said = answer(request)
                    answers[request] = (said, digest(said))
                fresh[request] = answers[request]
            known = given[spec.name]
            if any(request not in known or known[request][1] != said[1] for request, said in fresh.items()):
                given[spec.name] = {**known, **fresh}
                waiting.append(spec)
        if not waiting:
            break
    answered = {name: {request: said for request, (said, _) in known.items()} for name, known in given.items()}
    return Rounds(results, answered)
