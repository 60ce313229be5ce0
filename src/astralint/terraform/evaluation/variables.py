"""Input variables: where a value comes from, its type, its defaults."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from astralint.source.diagnostic import Label
from astralint.source.span import Span
from astralint.terraform.configuration.module import NamedDeclaration
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.environment import as_text, parsed_text
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import NoNames, Scope
from astralint.terraform.expressions.type_expressions import Defaults, apply_defaults, type_from_expression
from astralint.terraform.values.convert import convert
from astralint.terraform.values.secrets import sensitive_texts
from astralint.terraform.values.types import DYNAMIC, STRING, AnyType
from astralint.terraform.values.value import EPHEMERAL, SENSITIVE, EvaluationError, Reason, Value, unknown
from astralint.terraform.workspace import GivenVariable


class VariableType(msgspec.Struct, frozen=True, eq=False):
    """A type constraint and the defaults of its optional attributes."""

    type: AnyType
    defaults: Defaults | None


ANYTHING = VariableType(DYNAMIC, None)
_MADE = frozenset({"resource", "data"})
"""What is no secret elsewhere: it hides in the called module alone."""


def declared_type(declaration: NamedDeclaration, context: EvaluationContext) -> VariableType:
    """Return the type of a variable or output; a constraint that Terraform would refuse is reported and lets anything in."""
    argument = declaration.argument("type")
    if argument is None:
        return ANYTHING
    names = NoNames(context.spec.language)
    try:
        type_, defaults = type_from_expression(argument.expression, lambda expression: evaluate(expression, names))
    except EvaluationError as error:
        context.error(error, argument)
        return ANYTHING
    return VariableType(type_, defaults)


class Inputs:
    """The input variables of a module instance.

    `call_scope` is the scope of the call that gives them; the root has none, and
    what is given to it comes from files and settings.
    """

    def __init__(
        self,
        context: EvaluationContext,
        scope: Scope,
        call: NamedDeclaration | None,
        call_scope: Scope | None,
        given: Mapping[str, GivenVariable],
    ) -> None:
        self._context = context
        self._scope = scope
        self._call = call
        self._call_scope = call_scope
        self._given = given

    def value(self, declaration: NamedDeclaration) -> tuple[Value, Span | None]:
        """Return a variable's value and where it was given."""
        return self._of_root(declaration) if self._call_scope is None else self._of_call(declaration)

    def _of_root(self, declaration: NamedDeclaration) -> tuple[Value, Span | None]:
        """Return a root variable's value and where it was given."""
        given = self._given.get(declaration.name)
        if given is not None and given.environment:
            return self._of_environment(declaration, given), given.span
        if given is not None:
            return self._conform(declaration, given.value, given.span), given.span
        if "default" in declaration.body.arguments:
            return self._default(declaration), declaration.header
        reason = Reason("variable-without-value", f"variable `{declaration.name}` has no value", declaration.header)
        type_ = declared_type(declaration, self._context).type
        return unknown(reason, type_, marks=self._marks(declaration)), declaration.header

    def _of_environment(self, declaration: NamedDeclaration, given: GivenVariable) -> Value:
        """Return what a variable makes of a text in the environment: one of any type but `string` reads it as HCL."""
        value = given.value
        argument = declaration.argument("type")
        is_text = argument is None or declared_type(declaration, self._context).type == STRING
        try:
            value = as_text(value) if is_text else parsed_text(value)
        except EvaluationError as error:
            message = f"the text given to variable `{declaration.name}` is no expression: {error.message}"
            reason = self._context.problem("invalid-variable-value", message, given.span)
            return unknown(reason, declared_type(declaration, self._context).type)
        return self._conform(declaration, value, given.span)

    def _of_call(self, declaration: NamedDeclaration) -> tuple[Value, Span | None]:
        """Return a called module's variable from the call's argument, or its default."""
        call = self._call
        argument = call.argument(declaration.name) if call is not None else None
        if argument is None or self._call_scope is None:
            if "default" in declaration.body.arguments:
                return self._default(declaration), declaration.header
            where = call.header if call is not None else declaration.header
            reason = self._context.problem(
                "missing-argument",
                f"the module's variable `{declaration.name}` needs a value",
                where,
                labels=(Label(declaration.header, "declared here, without a default"),),
            )
            return unknown(reason, declared_type(declaration, self._context).type), where
        value = self._context.evaluate(argument, self._call_scope)
        return self._conform(declaration, value, argument.value_span), argument.span

    def _flag(self, declaration: NamedDeclaration, name: str, *, default: bool) -> bool:
        argument = declaration.argument(name)
        if argument is None:
            return default
        return self._context.evaluate(argument, self._scope).raw is True

    def _marks(self, declaration: NamedDeclaration) -> int:
        sensitive = SENSITIVE if self._flag(declaration, "sensitive", default=False) else 0
        return sensitive | (EPHEMERAL if self._flag(declaration, "ephemeral", default=False) else 0)

    def _default(self, declaration: NamedDeclaration) -> Value:
        argument = declaration.body.arguments["default"]
        value = self._context.evaluate(argument, self._scope)
        return self._conform(declaration, value, argument.value_span, is_default=True)

    def _conform(
        self,
        declaration: NamedDeclaration,
        value: Value,
        span: Span | None,
        *,
        is_default: bool = False,
    ) -> Value:
        """Convert to the constraint, apply defaults and marks, and validate."""
        context = self._context
        constraint = declared_type(declaration, context)
        marks = self._marks(declaration)
        if marks & SENSITIVE and (value.marks & SENSITIVE or not any(o.kind in _MADE for o in value.origins)):
            context.budget.secrets.update(sensitive_texts([value], marked=True))
        if value.raw is None and not is_default and "default" in declaration.body.arguments:
            nullable = self._flag(declaration, "nullable", default=True)
            if not nullable:
                value = self._default(declaration)
        try:
            if isinstance(value.raw, tuple | dict):
                # Each instance of a module converts what it is given.
                context.budget.spend(len(value.raw))
            if constraint.defaults is not None and value.raw is not None:
                value = apply_defaults(value, constraint.defaults)
            value = convert(value, constraint.type)
        except EvaluationError as error:
            reason = context.problem(
                "limit" if error.code == "limit" else "invalid-variable-value",
                f"inappropriate value for variable `{declaration.name}`: {error.message}",
                span,
                labels=(Label(declaration.header, "declared here"),),
            )
            return unknown(reason, constraint.type, marks=marks)
        if value.raw is None and not self._flag(declaration, "nullable", default=True):
            reason = context.problem(
                "invalid-variable-value",
                f"variable `{declaration.name}` must not be null",
                span,
                labels=(Label(declaration.header, "declared here with `nullable = false`"),),
            )
            return unknown(reason, constraint.type, marks=marks)
        return value.with_marks(marks)
