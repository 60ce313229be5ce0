"""What Terraform itself provides: `terraform_remote_state` and `terraform_data`; and `tfe_outputs`, its kin."""

from __future__ import annotations

from collections.abc import Callable

from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.configuration.module import Resource
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.decode import decode
from astralint.terraform.evaluation.state_file import state_outputs
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.requests import Answer, RemoteStateRequest
from astralint.terraform.results import RemoteStateRead
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING, ObjectType
from astralint.terraform.values.value import (
    SENSITIVE,
    OpenAttributes,
    Origin,
    Reason,
    StateOutputs,
    Unknown,
    Value,
    null,
    object_of,
    unknown,
)


def text_of(value: Value) -> Text | None:
    """Return a scalar as a request holds it; None for null and for what is no scalar."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return raw.text or PartialText((Hole(raw.reasons[0].message if raw.reasons else "it is not known"),))
    if raw is None:
        return None
    if value.type == STRING:
        return str(raw)
    if value.type == BOOL:
        return "true" if raw else "false"
    return format_number(raw) if value.type == NUMBER else None


def flatten(value: Value, prefix: str = "") -> dict[str, Text]:
    """Return the scalars of an object by their dotted path; lists of one block count as the block."""
    found: dict[str, Text] = {}
    raw = value.raw
    if isinstance(raw, dict):
        for name, item in raw.items():
            found.update(flatten(item, f"{prefix}.{name}" if prefix else name))
    elif isinstance(raw, tuple):
        if len(raw) == 1 and isinstance(raw[0].raw, dict):
            found.update(flatten(raw[0], prefix))
    else:
        text = text_of(value)
        if text is not None:
            found[prefix] = text
    return found


def remote_state(declaration: Resource, address: str, scope: Scope, context: EvaluationContext) -> Value:
    """Evaluate `data.terraform_remote_state`: its outputs are those of the workspace whose state it names."""
    values = decode(declaration.body, None, scope, context)
    backend = text_of(values.get("backend", null(STRING)))
    config = values.get("config", null())
    flat = flatten(config) if not config.is_unknown else {}
    workspace = text_of(values["workspace"]) if "workspace" in values else None
    if not isinstance(backend, str):
        reason = Reason("remote-state-unmatched", "the `backend` of the remote state is not known", declaration.header)
        outputs = unknown(reason)
    else:
        if backend == "local":
            # A local path starts at the directory of the root that reads it.
            flat[""] = context.spec.directory
        request = RemoteStateRequest(backend, tuple(sorted(flat.items())), workspace)
        outputs = _ask(declaration, address, context, request)
        if backend == "local" and not config.is_unknown:
            outputs = _stored(outputs, state_outputs(flat, workspace, context), declaration)
    outputs = _with_defaults(outputs, values.get("defaults"))
    values = {name: values.get(name, null()) for name in ("backend", "config", "defaults", "workspace")}
    return object_of({**values, "outputs": outputs})


def _stored(outputs: Value, stored: Value | None, declaration: Resource) -> Value:
    """Return outputs with those of a state file: all of them, or those that the code leaves open."""
    if stored is None:
        return outputs
    raw = outputs.raw
    if not isinstance(raw, OpenAttributes | StateOutputs):
        reason = Reason("remote-state-output-missing", "the state file has no such output", declaration.header)
        return _object(StateOutputs(stored.raw, reason))
    known = {name: value for name, value in raw.items() if wholly_known(value)}
    return _object(type(raw)({**raw, **stored.raw, **known}, raw.reason))


def tfe_outputs(declaration: Resource, address: str, scope: Scope, context: EvaluationContext) -> Value:
    """Evaluate `data.tfe_outputs`: `values` are sensitive as a whole, as the provider marks them."""
    values = decode(declaration.body, None, scope, context)
    config: dict[str, Text] = {}
    for argument, name in (("organization", "organization"), ("workspace", "workspaces.name")):
        text = text_of(values.get(argument, null(STRING)))
        if text is not None:
            config[name] = text
    outputs = _ask(declaration, address, context, RemoteStateRequest("remote", tuple(sorted(config.items()))))
    values.setdefault("organization", null(STRING))
    return object_of({**values, "values": outputs.with_marks(SENSITIVE), "nonsensitive_values": _open(outputs)})


def _open(outputs: Value) -> Value:
    """Return the outputs that are not sensitive: the provider gives them apart."""
    raw = outputs.raw
    if not isinstance(raw, OpenAttributes | StateOutputs):
        return outputs
    return _object(type(raw)({name: value for name, value in raw.items() if not value.is_sensitive}, raw.reason))


def _ask(declaration: Resource, address: str, context: EvaluationContext, request: RemoteStateRequest) -> Value:
    context.remote_state_reads.append(RemoteStateRead(address, request, declaration.header))
    answer: Answer = context.ask(request)
    if answer.value is None:
        reason = answer.reason or Reason("remote-state-unmatched", "no workspace keeps this state")
        return unknown(reason, DYNAMIC)
    raw = answer.value.raw
    outputs: dict[str, Value] = {}
    for name, value in raw.items():
        span = next((origin.span for origin in value.origins), answer.span)
        origin = Origin("remote-state", f"{answer.producer}: output.{name}", context.spec.name, span, value.origins)
        outputs[name] = value.with_origins(frozenset((origin,)))
    if answer.complete:
        message = f"the workspace `{answer.producer}` declares no such output"
        return _object(StateOutputs(outputs, Reason("remote-state-output-missing", message, answer.span)))
    message = f"the workspace `{answer.producer}` could not be read as a whole"
    return _object(OpenAttributes(outputs, Reason("remote-state-output-unknown", message, answer.span)))


def _object(outputs: OpenAttributes | StateOutputs) -> Value:
    return Value(ObjectType(tuple((name, value.type) for name, value in outputs.items())), outputs)


def _with_defaults(outputs: Value, defaults: Value | None) -> Value:
    raw = outputs.raw
    if defaults is None or not isinstance(defaults.raw, dict) or not isinstance(raw, OpenAttributes | StateOutputs):
        return outputs
    return _object(type(raw)({**defaults.raw, **raw}, raw.reason))


def terraform_data(declaration: Resource, address: str, scope: Scope, context: EvaluationContext) -> Value:
    """Evaluate `terraform_data`: `output` is what `input` is, the id comes with apply."""
    values = decode(declaration.body, None, scope, context)
    given = values.get("input", null())
    reason = Reason("known-after-apply", f"`{address}.id` is known only after apply", declaration.header)
    return object_of(
        {
            "id": unknown(reason, STRING, not_null=True),
            "input": given,
            "output": given,
            "triggers_replace": values.get("triggers_replace", null()),
        }
    )


Evaluator = Callable[[Resource, str, Scope, EvaluationContext], Value]
"""What evaluates an instance, given its declaration, its address and the scope within it."""

FORETOLD: dict[str, tuple[str, ...]] = {"terraform_data": ("output",)}
"""What is told of these types' attributes although only an apply makes it."""

EVALUATORS: dict[tuple[str, str], Evaluator] = {
    ("data", "terraform_remote_state"): remote_state,
    ("data", "tfe_outputs"): tfe_outputs,
    ("managed", "terraform_data"): terraform_data,
}
