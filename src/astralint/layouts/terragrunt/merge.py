"""Merging a configuration over one that it includes: shallow, deep, or not at all.

"Under" is the included side, "over" the one that wins.
"""

from __future__ import annotations

from collections.abc import Callable

from astralint.layouts.terragrunt.model import Config, Dependency, Given
from astralint.terraform.values.types import DYNAMIC, ListType, SetType, TupleType
from astralint.terraform.values.value import EvaluationError, Unknown, Value, object_of, tuple_of

Refuse = Callable[[str, Given], None]


def deep_merge(under: Value, over: Value) -> Value:
    """Merge as deep inputs are: maps by key, lists joined (the included side's first), else what is over counts.

    Raises EvaluationError for a list against something else.
    """
    if isinstance(under.raw, Unknown) or isinstance(over.raw, Unknown) or under.raw is None or over.raw is None:
        return over
    if isinstance(under.raw, dict) and isinstance(over.raw, dict):
        merged = dict(under.raw)
        for name, value in over.raw.items():
            merged[name] = deep_merge(merged[name], value) if name in merged else value
        result = object_of(merged)
        return Value(result.type, result.raw, under.marks | over.marks, under.origins | over.origins)
    lists = [isinstance(value.type, ListType | SetType | TupleType) for value in (under, over)]
    if all(lists):
        result = tuple_of((*under.raw, *over.raw))
        return Value(result.type, result.raw, under.marks | over.marks, under.origins | over.origins)
    if any(lists):
        raise EvaluationError("a list can't be merged with a value that is none")
    return over


def merge(over: Config, under: Config, strategy: str, refuse: Refuse) -> Config:
    """Return `over` laid over `under`; `refuse` is told what Terragrunt does not merge."""
    if strategy == "no_merge":
        return over
    deep = strategy == "deep"
    merged = Config(over.file, locals=over.locals)
    _inputs(merged, over, under, refuse, deep=deep)
    merged.has_terraform = over.has_terraform or under.has_terraform
    merged.source = over.source or under.source
    merged.arguments = {**under.arguments, **over.arguments}
    merged.hooks = {**under.hooks, **over.hooks}
    merged.remote_state = over.remote_state or under.remote_state
    for label in over.generated.keys() & under.generated.keys():
        if not deep:
            both = over.generated[label]
            refuse(
                f"`generate` blocks of the same label `{label}` stand in both files", Given(both.contents, both.span)
            )
    merged.generated = {**under.generated, **over.generated}
    merged.dependencies = {**under.dependencies, **over.dependencies}
    if deep:
        for name in over.dependencies.keys() & under.dependencies.keys():
            merged.dependencies[name] = _dependency(over.dependencies[name], under.dependencies[name])
    merged.order = [*under.order, *over.order]
    merged.features = {**under.features, **over.features}
    merged.exclusion = over.exclusion or under.exclusion
    merged.iam_role = over.iam_role or under.iam_role
    return merged


def _inputs(merged: Config, over: Config, under: Config, refuse: Refuse, *, deep: bool) -> None:
    merged.whole_inputs = over.whole_inputs or under.whole_inputs
    merged.inputs = dict(under.inputs)
    for name, own in over.inputs.items():
        given, below = own, under.inputs.get(name)
        if deep and below is not None:
            try:
                given = Given(deep_merge(below.value, given.value), given.span)
            except EvaluationError as error:
                refuse(f"input `{name}` can't be merged: {error.message}", given)
        merged.inputs[name] = given


def _dependency(over: Dependency, under: Dependency) -> Dependency:
    has_path = over.config_path.type != DYNAMIC and over.config_path.raw not in (None, "")
    first = over if has_path else under
    mocks = over.mocks
    if over.mocks is not None and under.mocks is not None:
        mocks = deep_merge(under.mocks, over.mocks)
    return Dependency(
        over.name,
        first.config_path,
        first.path,
        over.span,
        over.enabled,
        over.skip_outputs or under.skip_outputs,
        mocks or under.mocks,
        over.strategy if over.strategy != "no_merge" else under.strategy,
    )
