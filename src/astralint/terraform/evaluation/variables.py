"""Input variables: where a value comes from, its type, its defaults, its validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from astralint.source.diagnostic import Label
from astralint.source.span import Span
from astralint.terraform.configuration.module import NamedDeclaration
from astralint.terraform.values.convert import convert
from astralint.terraform.values.type_expressions import Defaults, apply_defaults, type_from_expression
from astralint.terraform.values.types import DYNAMIC, AnyType
from astralint.terraform.values.value import EPHEMERAL, SENSITIVE, EvaluationError, Reason, Value, unknown

if TYPE_CHECKING:
    from astralint.terraform.evaluation.context import EvaluationContext
    from astralint.terraform.evaluation.instance import ModuleInstance


class VariableType(msgspec.Struct, frozen=True, eq=False):
    """A variable's type constraint and the defaults of its optional attributes."""

    type: AnyType
    defaults: Defaults | None


ANYTHING = VariableType(DYNAMIC, None)


def variable_type(declaration: NamedDeclaration, context: EvaluationContext) -> VariableType:
    """Return a variable's type; a constraint that Terraform would refuse is reported and lets anything in."""
    argument = declaration.argument("type")
    if argument is None:
        return ANYTHING
    try:
        type_, defaults = type_from_expression(argument.expression)
    except EvaluationError as error:
        context.error(error, argument)
        return ANYTHING
    return VariableType(type_, defaults)


def root_variable(instance: ModuleInstance, declaration: NamedDeclaration) -> tuple[Value, Span | None]:
    """Return a root variable's value and where it was given."""
    given = instance.given.get(declaration.name)
    if given is not None:
        return _conform(instance, declaration, given.value, given.span), given.span
    if "default" in declaration.body.arguments:
        return _default(instance, declaration), declaration.header
    reason = Reason("variable-without-value", f"variable `{declaration.name}` has no value", declaration.header)
    type_ = variable_type(declaration, instance.context).type
    return unknown(reason, type_, marks=_marks(instance, declaration)), declaration.header


def call_variable(instance: ModuleInstance, declaration: NamedDeclaration) -> tuple[Value, Span | None]:
    """Return a called module's variable from the call's argument, or its default."""
    call = instance.call
    argument = call.argument(declaration.name) if call is not None else None
    if argument is None or instance.call_scope is None:
        if "default" in declaration.body.arguments:
            return _default(instance, declaration), declaration.header
        where = call.header if call is not None else declaration.header
        reason = instance.context.problem(
            "missing-argument",
            f"the module's variable `{declaration.name}` needs a value",
            where,
            labels=(Label(declaration.header, "declared here, without a default"),),
        )
        return unknown(reason, variable_type(declaration, instance.context).type), where
    value = instance.context.evaluate(argument, instance.call_scope)
    return _conform(instance, declaration, value, argument.value_span), argument.span


def _flag(instance: ModuleInstance, declaration: NamedDeclaration, name: str, *, default: bool) -> bool:
    argument = declaration.argument(name)
    if argument is None:
        return default
    return instance.context.evaluate(argument, instance.scope).raw is True


def _marks(instance: ModuleInstance, declaration: NamedDeclaration) -> int:
    sensitive = SENSITIVE if _flag(instance, declaration, "sensitive", default=False) else 0
    return sensitive | (EPHEMERAL if _flag(instance, declaration, "ephemeral", default=False) else 0)


def _default(instance: ModuleInstance, declaration: NamedDeclaration) -> Value:
    argument = declaration.body.arguments["default"]
    value = instance.context.evaluate(argument, instance.scope)
    return _conform(instance, declaration, value, argument.value_span, is_default=True)


def _conform(
    instance: ModuleInstance,
    declaration: NamedDeclaration,
    value: Value,
    span: Span | None,
    *,
    is_default: bool = False,
) -> Value:
    """Convert to the constraint, apply defaults and marks, and validate."""
    context = instance.context
    constraint = variable_type(declaration, context)
    if value.raw is None and not is_default and "default" in declaration.body.arguments:
        nullable = _flag(instance, declaration, "nullable", default=True)
        if not nullable:
            value = _default(instance, declaration)
    try:
        if constraint.defaults is not None and value.raw is not None:
            value = apply_defaults(value, constraint.defaults)
        value = convert(value, constraint.type)
    except EvaluationError as error:
        reason = context.problem(
            "invalid-variable-value",
            f"inappropriate value for variable `{declaration.name}`: {error.message}",
            span,
            labels=(Label(declaration.header, "declared here"),),
        )
        return unknown(reason, constraint.type, marks=_marks(instance, declaration))
    if value.raw is None and not _flag(instance, declaration, "nullable", default=True):
        reason = context.problem(
            "invalid-variable-value",
            f"variable `{declaration.name}` must not be null",
            span,
            labels=(Label(declaration.header, "declared here with `nullable = false`"),),
        )
        return unknown(reason, constraint.type, marks=_marks(instance, declaration))
    return value.with_marks(_marks(instance, declaration))


def validate(instance: ModuleInstance, declaration: NamedDeclaration) -> None:
    """Report each `validation` whose condition is known to be false."""
    context = instance.context
    for block in declaration.body.blocks_of("validation"):
        condition = block.body.arguments.get("condition")
        if condition is None or context.evaluate(condition, instance.scope).raw is not False:
            continue
        argument = block.body.arguments.get("error_message")
        text = context.evaluate(argument, instance.scope).raw if argument is not None else None
        value = instance.variable(declaration.name)
        given = next(iter(value.origins), None) if value is not None else None
        said = f": {text}" if isinstance(text, str) and text and not (value and value.is_sensitive) else ""
        context.problem(
            "invalid-variable-value",
            f"the value of variable `{declaration.name}` is not valid{said}",
            given.span if given is not None else declaration.header,
            labels=(Label(condition.span, "this condition is false"),),
        )
