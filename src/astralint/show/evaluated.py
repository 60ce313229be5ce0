"""Evaluated workspaces as plain data: what `astralint show` and `astralint eval` print.

What is not known is left out of values, and its path listed, as Terraform does with
`after_unknown`; sensitive values are masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from astralint.estate.model import Resource, Workspace
from astralint.show.predicted import Predictions, joined
from astralint.source import json_sink
from astralint.source.redact import redact_shapes
from astralint.source.span import Span
from astralint.terraform.results import OutputResult
from astralint.terraform.values.infinity import holds_infinity, is_infinite
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.operations import deep_marks, reasons_in, wholly_known
from astralint.terraform.values.types import (
    AnyType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import SENSITIVE, Origin, Unknown, Value

FORMAT_VERSION = "1"
OWN_KEYS = frozenset(
    [
        "format_version",
        "workspaces",
        "name",
        "path",
        "account",
        "resources",
        "outputs",
        "address",
        "mode",
        "type",
        "module",
        "index",
        "provider",
        "region",
        "values",
        "unknown",
        "location",
        "uncertain",
        "trace",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "depth",
        "kind",
        "workspace",
        "value",
        "reason",
        "error",
        "layout",
        "language",
        "variables",
        "state",
        "depends_on",
        "predicted",
        "backend",
        "bucket",
        "key",
        "organization",
    ]
)
"""The keys of our own documents."""
MASK = "(sensitive value)"
MAXIMUM_STEPS = 200


class Step(msgspec.Struct, frozen=True):
    """A step of a value's provenance: a named thing, how many steps before the value, and where it is defined."""

    depth: int
    kind: str
    address: str
    workspace: str
    span: Span | None


# --- values ------------------------------------------------------------------------------------------


def plain(value: Value) -> Any:
    """Return what is known of a value as plain data; numbers are exact. None also stands for an unknown element."""
    raw = value.raw
    if value.marks & SENSITIVE:
        return MASK
    if isinstance(raw, str):
        return redact_shapes(raw)
    if raw is None or isinstance(raw, bool | Unknown):
        return None if isinstance(raw, Unknown) else raw
    if isinstance(raw, tuple):
        return [plain(item) for item in raw]
    if isinstance(raw, dict):
        return {name: plain(item) for name, item in raw.items() if not _hidden(item)}
    if isinstance(raw, int) and abs(raw) < 1 << 53:
        return int(raw)
    if is_infinite(value):
        # JSON has no word for it; what Terraform would refuse has been said where it stands.
        return None
    return msgspec.Raw(format_number(raw).encode())


def _hidden(value: Value) -> bool:
    return isinstance(value.raw, Unknown) and not value.marks & SENSITIVE


def unknown_paths(value: Value, path: str = "") -> Iterator[str]:
    """Yield the paths (`ingress[0].cidr_blocks`, `tags["a b"]`) of all that is not known in a value."""
    raw = value.raw
    if isinstance(raw, Unknown):
        yield path
    elif isinstance(raw, dict):
        for name, item in raw.items():
            yield from unknown_paths(item, joined(path, name))
    elif isinstance(raw, tuple):
        for index, item in enumerate(raw):
            yield from unknown_paths(item, f"{path}[{index}]")


def type_data(type_: AnyType) -> Any:
    """Return a type as Terraform writes it in JSON: `"string"`, `["list", "string"]`, …"""
    if isinstance(type_, Primitive):
        return type_.name
    if isinstance(type_, ListType | SetType | MapType):
        word = {ListType: "list", SetType: "set", MapType: "map"}[type(type_)]
        return [word, type_data(type_.element)]
    if isinstance(type_, TupleType):
        return ["tuple", [type_data(element) for element in type_.elements]]
    assert isinstance(type_, ObjectType)
    return ["object", {name: type_data(item) for name, item in type_.attributes}]


def outcome(value: Value) -> dict[str, Any]:
    """Return `{"value", "type"}`, `{"unknown", "reason"}` or `{"error"}`."""
    if holds_infinity(value):
        return {"error": "it holds an infinite number, which JSON can't"}
    if not wholly_known(value):
        reasons = reasons_in([value])
        if isinstance(value.raw, Unknown) and reasons and reasons[0].code == "error":
            return {"error": reasons[0].message}
        return {"unknown": True, "reason": "; ".join(dict.fromkeys(r.message for r in reasons)) or "it is not known"}
    if deep_marks(value) & SENSITIVE and value.marks & SENSITIVE:
        return {"value": MASK, "type": type_data(value.type)}
    return {"value": plain(value), "type": type_data(value.type)}


# --- workspaces --------------------------------------------------------------------------------------


def show_data(workspaces: Iterable[Workspace], *, trace: bool = False) -> dict[str, Any]:
    """Return workspaces with their resource instances and outputs, as `astralint show --format json` prints them.

    With `trace`, resources and outputs have `trace` besides: the steps of each value's provenance.
    """
    return {
        "format_version": FORMAT_VERSION,
        "workspaces": [workspace_data(workspace, trace=trace) for workspace in workspaces],
    }


def workspace_data(workspace: Workspace, *, trace: bool = False) -> dict[str, Any]:
    """Return a workspace."""
    account = workspace.account_or_none
    predictions = Predictions(workspace.result)
    return {
        "name": workspace.name,
        "path": workspace.directory,
        "layout": workspace.spec.layout,
        "language": workspace.spec.language.name,
        "account": account.name if account is not None else None,
        "variables": {name: given_data(value) for name, value in workspace.result.variables.items()},
        "state": state_data(workspace),
        "depends_on": list(workspace.depends_on),
        "resources": [resource_data(resource, predictions, trace=trace) for resource in in_order(workspace)],
        "outputs": {
            name: output_data(output, trace=trace) for name, output in sorted(workspace.result.outputs.items())
        },
    }


def given_data(value: Value) -> Any:
    """Return a variable's value as it is given: itself, or `{"unknown": true, "reason"}` where it is not wholly known."""
    said = outcome(value)
    return said.get("value", said)


def state_data(workspace: Workspace) -> dict[str, Any]:
    """Return where a workspace keeps its state, as far as that is known."""
    state = workspace.result.state
    known = {name: plain(value) for name, value in state.config.items() if wholly_known(value)}
    name = workspace.spec.terraform_workspace if state.backend != "stack" else None
    return {"backend": state.backend, **({"workspace": name} if name not in (None, "default") else {}), **known}


def in_order(workspace: Workspace) -> list[Resource]:
    """Return all resource instances and data sources by module, type, name and index."""
    return sorted((*workspace.resources, *workspace.data_sources), key=_order)


def _order(resource: Resource) -> tuple[Any, ...]:
    instance = resource.instance
    index = instance.index
    number = index if isinstance(index, int) else -1
    return (instance.module, instance.mode, instance.type, instance.name, number, str(index), instance.address)


def resource_data(resource: Resource, predictions: Predictions, *, trace: bool = False) -> dict[str, Any]:
    """Return a resource instance; `uncertain` is there only where it is not known whether it exists.

    `predicted` are the paths of values that only an apply makes, and that are foretold.
    """
    instance = resource.instance
    data: dict[str, Any] = {
        "address": instance.address,
        "mode": instance.mode,
        "type": instance.type,
        "name": instance.name,
        "module": instance.module,
        "index": instance.index,
        "provider": instance.provider.address if instance.provider is not None else None,
        "account": account_text(resource),
        "region": region_text(resource),
        "values": {} if isinstance(instance.values.raw, Unknown) else plain(instance.values),
        "unknown": [path or "*" for path in unknown_paths(instance.values)],
        "predicted": list(predictions.paths(instance)),
        "location": location(instance.span),
    }
    if instance.uncertain:
        data["uncertain"] = instance.uncertain[0].message
    if trace:
        raw = instance.values.raw
        attributes = raw if isinstance(raw, dict) else {"*": instance.values}
        data["trace"] = {name: trace_data(value) for name, value in attributes.items() if value.origins}
    return data


def account_text(resource: Resource) -> str | None:
    """Return the name of a resource's account, or the number of one that is not ours; None where it is not known."""
    account = resource.account_or_none
    if account is not None:
        return account.name
    provider = resource.instance.provider
    raw = provider.account.raw if provider is not None else None
    return raw if isinstance(raw, str) else None


def region_text(resource: Resource) -> str | None:
    """Return a resource's region; None where it is not known, or it has none."""
    provider = resource.instance.provider
    if provider is None:
        return None
    raw = resource.region_value.raw
    return raw if isinstance(raw, str) else None


def output_data(output: OutputResult, *, trace: bool = False) -> dict[str, Any]:
    """Return a root output; what is known in part is shown with the paths of what is not."""
    value = output.value
    if isinstance(value.raw, dict | tuple) and not wholly_known(value) and not value.marks & SENSITIVE:
        data = {"value": plain(value), "type": type_data(value.type), "unknown": list(unknown_paths(value))}
    else:
        data = outcome(value)
    return {**data, "trace": trace_data(output.value)} if trace else data


def trace_data(value: Value) -> list[dict[str, Any]]:
    """Return a value's provenance; a step with a greater `depth` than the one before is a source of it."""
    return [
        {
            "depth": step.depth,
            "kind": step.kind,
            "address": step.address,
            "workspace": step.workspace,
            "location": location(step.span) if step.span is not None else None,
        }
        for step in provenance(value)
    ]


def location(span: Span) -> dict[str, Any]:
    """Return a place."""
    return span.data()


def json_text(data: Any) -> str:
    """Return plain data as JSON, indented."""
    return json_sink.json_text(data) + "\n"


# --- provenance --------------------------------------------------------------------------------------


def provenance(value: Value) -> list[Step]:
    """Return the named things that a value came through, nearest first, each once; a step's sources follow it."""
    steps: list[Step] = []
    seen: set[tuple[str, str, str, Span | None]] = set()
    pending = [(1, origin) for origin in _sorted(_origins_in(value))]
    while pending and len(steps) < MAXIMUM_STEPS:
        depth, origin = pending.pop(0)
        key = _key(origin)
        if key in seen:
            continue
        seen.add(key)
        steps.append(Step(depth, origin.kind, origin.address, origin.workspace, origin.span))
        pending[:0] = [(depth + 1, source) for source in _sorted(origin.sources)]
    return steps


def _origins_in(value: Value) -> set[Origin]:
    """Return the origins of a value and of all that it holds."""
    found: set[Origin] = set()
    pending = [value]
    while pending:
        current = pending.pop()
        found.update(current.origins)
        if isinstance(current.raw, dict):
            pending.extend(current.raw.values())
        elif isinstance(current.raw, tuple):
            pending.extend(current.raw)
    return found


def _key(origin: Origin) -> tuple[str, str, str, Span | None]:
    return (origin.workspace, origin.kind, origin.address, origin.span)


def _sorted(origins: Any) -> list[Origin]:
    return sorted(
        origins, key=lambda o: (o.workspace, o.kind, o.address, o.span is not None, o.span or Span("", 0, 0, 0, 0))
    )
