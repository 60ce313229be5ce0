"""Evaluated workspaces as a listing to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from astralint.estate.model import Resource, Workspace
from astralint.show.evaluated import MASK, Step, account_text, in_order, provenance, region_text
from astralint.source.redact import redact_shapes
from astralint.source.span import Span
from astralint.source.visible import visible, visible_lines
from astralint.terraform.values.console_text import render
from astralint.terraform.values.operations import reasons_in
from astralint.terraform.values.value import SENSITIVE, Unknown, Value


def show_text(workspaces: Iterable[Workspace], *, trace: bool = False) -> str:
    """Return workspaces with their resource instances and outputs.

    With `trace`, below each value stand the named things that it came through, and
    why it is not known.
    """
    return "".join(f"{row}\n" for workspace in workspaces for row in _workspace(workspace, trace=trace))


def _workspace(workspace: Workspace, *, trace: bool) -> Iterator[str]:
    account = workspace.account_or_none
    whose = f"account {account.name}" if account is not None else "account not known"
    yield visible(f"workspace {workspace.name} ({workspace.directory}, {whose}, {workspace.spec.language})")
    yield ""
    for resource in in_order(workspace):
        yield from _resource(resource, trace=trace)
    outputs = sorted(workspace.result.outputs.items())
    if outputs:
        yield "  outputs"
        for name, output in outputs:
            yield from _attribute(name, output.value, trace=trace)
        yield ""


def _resource(resource: Resource, *, trace: bool) -> Iterator[str]:
    instance = resource.instance
    about = [_place(instance.span)]
    account, region = account_text(resource), region_text(resource)
    if account:
        about.append(account)
    if region:
        about.append(region)
    if instance.uncertain:
        about.append(f"uncertain: {instance.uncertain[0].message}")
    yield visible(f"  {resource.address}  ({', '.join(about)})")
    raw = instance.values.raw
    if isinstance(raw, dict):
        for name, value in raw.items():
            if value.raw is not None or trace:
                yield from _attribute(name, value, trace=trace)
    else:
        yield from _attribute("*", instance.values, trace=trace)
    yield ""


def _attribute(name: str, value: Value, *, trace: bool) -> Iterator[str]:
    yield from (f"    {row}" for row in visible_lines(f"{name} = {shown(value)}").split("\n"))
    if trace:
        yield from (f"      {row}" for row in trace_rows(value))


def shown(value: Value) -> str:
    """Return a value as `terraform console` prints it; of an unknown one what is known, and why not more."""
    raw = value.raw
    if value.marks & SENSITIVE:
        return MASK
    if isinstance(raw, Unknown):
        reason = raw.reasons[0].message if raw.reasons else "not known"
        return f"{raw.text} (known in part: {reason})" if raw.text is not None else f"(unknown: {reason})"
    return redact_shapes(render(value))


def trace_rows(value: Value) -> Iterator[str]:
    """Yield where a value came from, step by step, and all reasons why something in it is not known."""
    for step in provenance(value):
        yield visible(_step(step))
    for reason in reasons_in([value]):
        at = f" at {_place(reason.span)}" if reason.span is not None else ""
        yield visible(f"! {reason.message} [{reason.code}]{at}")


def _step(step: Step) -> str:
    place = f"  {_place(step.span)}" if step.span is not None else ""
    workspace = f" (workspace {step.workspace})" if step.workspace else ""
    return f"{'  ' * (step.depth - 1)}<- {step.kind} {step.address}{workspace}{place}"


def _place(span: Span) -> str:
    return f"{span.file}:{span.line}"
