"""Evaluating expressions, as HCL's native syntax defines them and Terraform 1.11 behaves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from astralint.hcl import syntax
from astralint.hcl.syntax import Expression
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.calls import call
from astralint.terraform.expressions.comprehensions import for_object, for_tuple
from astralint.terraform.expressions.conditionals import conditional
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.expressions.logic import SIGNS, logical
from astralint.terraform.expressions.scope import FATAL, Scope
from astralint.terraform.expressions.structures import literal, number, object_expression, parentheses, tuple_expression
from astralint.terraform.expressions.templates import template
from astralint.terraform.expressions.traversals import splat_item, traversal, variable
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING, AnyType
from astralint.terraform.values.value import EvaluationError, Reason, Value, unknown

MAXIMUM_DEPTH = 400
"""How deeply expressions may be nested in each other."""

MAXIMUM_VALUE_DEPTH = 1_000
"""How deeply values may be nested in each other."""

_FRAMES = 20_000
"""Python's frames for an expression that leads through many others (local values, modules), each of them nested."""

_REFERENCES = frozenset({syntax.Variable, syntax.GetAttr, syntax.Index})
"""What gives a value that was looked at when it was made."""


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return an expression's value; raises EvaluationError (with the place) where Terraform refuses it."""
    if sys.getrecursionlimit() < _FRAMES:
        sys.setrecursionlimit(_FRAMES)
    try:
        value = _Walk(scope).value(expression)
    except RecursionError:
        message = "this expression leads through too many others"
        raise EvaluationError(message, expression.start, expression.end, code="limit") from None
    except EvaluationError as error:
        if error.start < 0:
            # What has to do with no part of it has to do with the whole expression.
            error.start, error.end = expression.start, expression.end
        raise
    kind = type(value.raw)
    if (kind is tuple or kind is dict) and type(expression) not in _REFERENCES:
        _check_depth(value, expression)
    return value


def _check_depth(value: Value, expression: Expression) -> None:
    """Raise where a value is nested so deeply that nobody could walk through it."""
    level = [value]
    for _ in range(MAXIMUM_VALUE_DEPTH):
        level = [
            item
            for parent in level
            for item in (parent.raw if type(parent.raw) is tuple else parent.raw.values())
            if type(item.raw) is tuple or type(item.raw) is dict
        ]
        if not level:
            return
    message = f"this value is nested in more than {MAXIMUM_VALUE_DEPTH} levels"
    raise EvaluationError(message, expression.start, expression.end, code="limit")


class _Walk(Evaluator):
    """The way through an expression, node by node: what a node is decides who evaluates it."""

    __slots__ = ()

    def value(self, node: Any) -> Value:
        """Evaluate a node."""
        depth = self.depth
        if depth > MAXIMUM_DEPTH:
            message = f"expressions are nested in more than {MAXIMUM_DEPTH} levels here"
            raise EvaluationError(message, node.start, node.end, code="limit")
        self.depth = depth + 1
        result = self._lenient_value(node) if self.lenient else _HANDLERS[type(node)](self, node)
        self.depth = depth
        return result

    def _lenient_value(self, node: Any) -> Value:
        saved = self.names, self.item, self.depth
        try:
            return _HANDLERS[type(node)](self, node)
        except EvaluationError as error:
            if error.code in FATAL:
                raise
            self.names, self.item, self.depth = saved
            self.failures += 1
            return unknown(Reason("error", error.message), _type_of_failed(self, node))


def _type_of_failed(evaluator: Evaluator, node: Any) -> AnyType:
    """Return the type that HCL knows although the expression failed."""
    if isinstance(node, syntax.Binary):
        return NUMBER if node.operator in operators.ARITHMETIC else BOOL
    if isinstance(node, syntax.Unary):
        return NUMBER if node.operator == "-" else BOOL
    if isinstance(node, syntax.Template):
        return STRING
    if isinstance(node, syntax.Conditional):
        try:
            return operators.result_type(evaluator.value(node.then), evaluator.value(node.otherwise), node) or DYNAMIC
        except EvaluationError as error:
            if error.code in FATAL:
                raise
    return DYNAMIC


def _unary(evaluator: Evaluator, node: syntax.Unary) -> Value:
    return operators.unary(node, evaluator.value(node.operand))


def _binary(evaluator: Evaluator, node: syntax.Binary) -> Value:
    if node.operator in SIGNS and evaluator.language.has("short-circuit"):
        return logical(evaluator, node)
    failures = evaluator.failures
    left, right = evaluator.value(node.left), evaluator.value(node.right)
    if failures != evaluator.failures:
        return unknown(merged_reasons(left, right), _type_of_failed(evaluator, node))
    # What `try` and `can` look at may fail by an operand that is not known yet.
    return operators.binary(node, left, right, strict=evaluator.watched is not None)


_HANDLERS: dict[type, Callable[[Evaluator, Any], Value]] = {
    syntax.Literal: literal,
    syntax.Number: number,
    syntax.Template: template,
    syntax.Variable: variable,
    syntax.GetAttr: traversal,
    syntax.Index: traversal,
    syntax.Splat: traversal,
    syntax.SplatItem: splat_item,
    syntax.Call: call,
    syntax.Conditional: conditional,
    syntax.Binary: _binary,
    syntax.Unary: _unary,
    syntax.Parentheses: parentheses,
    syntax.TupleExpression: tuple_expression,
    syntax.ObjectExpression: object_expression,
    syntax.ForTuple: for_tuple,
    syntax.ForObject: for_object,
}
