"""`count` and `for_each`: which instances there are."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from astralint.hcl.syntax import Expression, GetAttr, Index, Variable
from astralint.terraform.configuration.body import Argument, MergedBody
from astralint.terraform.evaluation.context import MAXIMUM_INSTANCES, MAXIMUM_INSTANCES_OF_ALL, EvaluationContext
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.results import InstanceKey
from astralint.terraform.values.candidates import open_collection
from astralint.terraform.values.convert import convert
from astralint.terraform.values.types import DYNAMIC, NUMBER, STRING, MapType, ObjectType, SetType
from astralint.terraform.values.value import (
    Candidate,
    EvaluationError,
    Reason,
    Unknown,
    Value,
    null,
    object_of,
    tuple_of,
    unknown,
)


class Repetition(msgspec.Struct, frozen=True, eq=False):
    """What `count.index`, `each.key` and `each.value` are in one instance."""

    count_index: Value | None = None
    each_key: Value | None = None
    each_value: Value | None = None


NO_REPETITION = Repetition()
TOO_MANY = f"this workspace has more than {MAXIMUM_INSTANCES_OF_ALL:,} instances; no more are evaluated"


class Expansion(msgspec.Struct, frozen=True, eq=False):
    """The instances of a resource or module call, by key.

    `kind` is `single`, `count`, `for_each`, or `disabled` (OpenTofu: then it is null). Where `uncertain` is not empty, the
    instances can't be told: then there is one entry under the key None that stands for any of them. `maybe`
    says of single instances why they may not be there; beside those, there are none.
    """

    kind: str
    instances: Mapping[InstanceKey, Repetition]
    uncertain: tuple[Reason, ...] = ()
    maybe: Mapping[InstanceKey, tuple[Reason, ...]] = {}

    def reasons(self, key: InstanceKey) -> tuple[Reason, ...]:
        """Return why an instance may not be there; nothing for what is there for sure."""
        return (*self.uncertain, *self.maybe.get(key, ()))


SINGLE = Expansion("single", {None: NO_REPETITION})
DISABLED = Expansion("disabled", {})


def expand(body: MergedBody, scope: Scope, context: EvaluationContext) -> Expansion:
    """Evaluate a block's `count` or `for_each`; problems are reported and leave it uncertain."""
    count = body.arguments.get("count")
    if count is not None:
        return _expand_count(count, scope, context)
    for_each = body.arguments.get("for_each")
    if for_each is not None:
        return _expand_for_each(for_each, scope, context)
    enabled = body.block_of("lifecycle")
    argument = enabled.body.arguments.get("enabled") if enabled is not None else None
    return SINGLE if argument is None else _expand_enabled(argument, scope, context)


def uncertain(body: MergedBody, reasons: tuple[Reason, ...]) -> Expansion:
    """Return what stands for a block's instances where they can't be told."""
    return _uncertain("count" if "count" in body.arguments else "for_each", reasons)


def _uncertain(kind: str, reasons: tuple[Reason, ...]) -> Expansion:
    if kind == "count":
        repetition = Repetition(count_index=unknown(reasons, NUMBER, not_null=True))
    else:
        repetition = Repetition(each_key=unknown(reasons, STRING, not_null=True), each_value=unknown(reasons))
    return Expansion(kind, {None: repetition}, reasons)


def _problem(
    kind: str, message: str, argument: Argument, context: EvaluationContext, code: str, scope: Scope | None = None
) -> Expansion:
    return _uncertain(kind, (context.refuse(code, message, argument, scope),))


def _expand_enabled(argument: Argument, scope: Scope, context: EvaluationContext) -> Expansion:
    value = context.evaluate(argument, scope)
    if isinstance(value.raw, Unknown):
        return Expansion("single", {None: NO_REPETITION}, value.raw.reasons)
    return DISABLED if value.raw is False else SINGLE


def _expand_count(argument: Argument, scope: Scope, context: EvaluationContext) -> Expansion:
    value = context.evaluate(argument, scope)
    try:
        value = convert(value, NUMBER)
    except EvaluationError as error:
        return _problem("count", f"invalid `count`: {error.message}", argument, context, "invalid-count", scope)
    if isinstance(value.raw, Unknown):
        return _uncertain("count", value.raw.reasons)
    if not isinstance(value.raw, int) or value.raw < 0:
        return _problem(
            "count", "`count` must be a whole number of at least 0", argument, context, "invalid-count", scope
        )
    if value.raw > MAXIMUM_INSTANCES:
        message = f"`count` is {value.raw}; more than {MAXIMUM_INSTANCES:,} instances are not evaluated"
        return _problem("count", message, argument, context, "limit")
    if not context.may_have_instances(value.raw):
        return _problem("count", TOO_MANY, argument, context, "limit")
    return Expansion("count", {i: Repetition(count_index=Value(NUMBER, i, 0, value.origins)) for i in range(value.raw)})


def _expand_for_each(argument: Argument, scope: Scope, context: EvaluationContext) -> Expansion:
    value = context.evaluate(argument, scope)
    if isinstance(value.raw, Unknown):
        return _expand_candidates(value, value.raw, context) or _uncertain("for_each", value.raw.reasons)
    if value.is_sensitive:
        return _problem("for_each", "`for_each` must not be sensitive", argument, context, "invalid-for-each", scope)
    if value.raw is None:
        return _problem("for_each", "`for_each` must not be null", argument, context, "invalid-for-each", scope)
    if isinstance(value.raw, tuple | dict) and len(value.raw) > MAXIMUM_INSTANCES:
        message = f"`for_each` has {len(value.raw)} elements; more than {MAXIMUM_INSTANCES:,} are not evaluated"
        return _problem("for_each", message, argument, context, "limit")
    if isinstance(value.raw, tuple | dict) and not context.may_have_instances(len(value.raw)):
        return _problem("for_each", TOO_MANY, argument, context, "limit")
    if isinstance(value.type, MapType | ObjectType):
        items = {
            key: Repetition(
                each_key=Value(STRING, key, 0, value.origins),
                each_value=item.with_origins(item.origins | value.origins) if value.origins else item,
            )
            for key, item in value.raw.items()
        }
        return Expansion("for_each", items)
    if isinstance(value.type, SetType):
        return _expand_set(value, argument, scope, context)
    message = "`for_each` must be a map, or a set of strings; a list can be converted by `toset()`"
    return _problem("for_each", message, argument, context, "invalid-for-each", scope)


def _expand_candidates(value: Value, raw: Unknown, context: EvaluationContext) -> Expansion | None:
    """Return the instances that there may be; None where others may be."""
    if raw.candidates is None or raw.open or value.is_sensitive or len(raw.candidates) > MAXIMUM_INSTANCES:
        return None
    items: dict[InstanceKey, Repetition] = {}
    maybe: dict[InstanceKey, tuple[Reason, ...]] = {}
    for candidate in raw.candidates:
        item = candidate.value.with_origins(candidate.value.origins | value.origins)
        if candidate.key is None and not isinstance(value.type, SetType):
            return None
        key = item if candidate.key is None else Value(STRING, candidate.key, 0, value.origins)
        if not isinstance(key.raw, str):
            return None
        items[key.raw] = Repetition(each_key=key, each_value=item)
        if candidate.maybe:
            maybe[key.raw] = candidate.maybe
    if not context.may_have_instances(len(items)):
        return None
    return Expansion("for_each", items, maybe=maybe)


def _expand_set(value: Value, argument: Argument, scope: Scope, context: EvaluationContext) -> Expansion:
    items: dict[InstanceKey, Repetition] = {}
    for item in value.raw:
        if isinstance(item.raw, Unknown):
            return _uncertain("for_each", item.raw.reasons)
        if item.type != STRING or item.raw is None:
            message = "`for_each` supports sets of strings, but this set holds something else"
            return _problem("for_each", message, argument, context, "invalid-for-each", scope)
        key = item if not value.origins else item.with_origins(item.origins | value.origins)
        items[item.raw] = Repetition(each_key=key, each_value=key)
    return Expansion("for_each", items)


def key_text(key: InstanceKey) -> str:
    """Return an instance key as it stands in an address: `[0]`, `["a"]`, or nothing."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f"[{quote(key)}]"


def without_keys(address: str) -> str:
    """Return an address without its instance keys."""
    return re.sub(r"\[(?:[0-9]+|\"(?:[^\"\\]|\\.)*\")\]", "", address)


def names_in(expression: Expression) -> list[str]:
    """Return the names of a reference in their order, without its indices; nothing for any other expression."""
    names: list[str] = []
    while isinstance(expression, GetAttr | Index):
        if isinstance(expression, GetAttr):
            names.append(expression.name)
        expression = expression.target
    return [expression.name, *reversed(names)] if isinstance(expression, Variable) else []


def quote(text: str) -> str:
    """Quote a string as an HCL literal, as addresses hold it."""
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'


def collect(expansion: Expansion, values: Mapping[InstanceKey, Value]) -> Value:
    """Put the values of instances together as a reference without instance key sees them.

    Terraform: a single object, a tuple for `count`, an object for `for_each`.
    """
    if expansion.uncertain:
        if expansion.kind == "single":
            return values[None]
        return unknown(expansion.uncertain, DYNAMIC, not_null=True)
    if expansion.kind == "single":
        return values[None]
    if expansion.kind == "disabled":
        return null()
    if expansion.maybe:
        candidates = [Candidate(str(key), value, expansion.reasons(key)) for key, value in values.items()]
        reasons = tuple(dict.fromkeys(reason for each in expansion.maybe.values() for reason in each))[:8]
        return open_collection(reasons, candidates, keyed=True)
    if expansion.kind == "count":
        return tuple_of(values.values())
    return object_of({str(key): value for key, value in values.items()})
