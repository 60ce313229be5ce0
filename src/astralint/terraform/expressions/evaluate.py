"""Evaluating expressions, as HCL's native syntax defines them and Terraform 1.11 behaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from astralint.hcl import syntax
from astralint.hcl.syntax import Expression
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.access import attribute, elements, index
from astralint.terraform.expressions.calls import call
from astralint.terraform.expressions.comprehensions import for_object, for_tuple
from astralint.terraform.expressions.scope import Scope
from astralint.terraform.expressions.templates import template
from astralint.terraform.values.convert import unify
from astralint.terraform.values.numbers import parse_number
from astralint.terraform.values.operations import reasons_in, same
from astralint.terraform.values.text import normalized
from astralint.terraform.values.types import (
    DYNAMIC,
    EMPTY_TUPLE,
    NUMBER,
    STRING,
    ListType,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import (
    FALSE,
    NULL,
    TRUE,
    EvaluationError,
    Unknown,
    Value,
    list_of,
    object_of,
    tuple_of,
    unknown,
)

Step = syntax.GetAttr | syntax.Index | syntax.Splat


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Return an expression's value; raises EvaluationError (with the place) where Terraform refuses it."""
    return Evaluator(scope).value(expression)


class Evaluator:
    """One evaluation: a scope, and the names that `for` expressions and splats add to it."""

    __slots__ = ("item", "names", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names: dict[str, Value] = {}
        self.item: Value | None = None

    def value(self, node: Any) -> Value:
        """Evaluate a node."""
        return _HANDLERS[type(node)](self, node)

    # --- literals and structure --------------------------------------------------------

    def _literal(self, node: syntax.Literal) -> Value:
        content = node.value
        if content is None:
            return NULL
        if content is True:
            return TRUE
        return FALSE if content is False else Value(STRING, normalized(content))

    def _number(self, node: syntax.Number) -> Value:
        number = parse_number(node.text)
        if number is None:
            raise EvaluationError("this is not a number", node.start, node.end)
        return Value(NUMBER, number)

    def _parentheses(self, node: syntax.Parentheses) -> Value:
        return self.value(node.expression)

    def _tuple(self, node: syntax.TupleExpression) -> Value:
        return tuple_of([self.value(item) for item in node.items])

    def _object(self, node: syntax.ObjectExpression) -> Value:
        items: dict[str, Value] = {}
        marks = 0
        for item in node.items:
            key = self._key(item.key)
            value = self.value(item.value)
            if isinstance(key.raw, Unknown):
                return unknown(reasons_in((key,)), DYNAMIC, not_null=True, origins=key.origins, marks=key.marks)
            marks |= key.marks
            items[key.raw] = value.with_origins(value.origins | key.origins) if key.origins else value
        made = object_of(items)
        return made.with_marks(marks) if marks else made

    def _key(self, node: Expression) -> Value:
        if isinstance(node, syntax.Literal) and isinstance(node.value, str):
            return Value(STRING, normalized(node.value))
        if isinstance(node, syntax.Variable):
            return Value(STRING, normalized(node.name))
        return operators.object_key(self.value(node), node)

    # --- references ----------------------------------------------------------------------

    def _variable(self, node: syntax.Variable) -> Value:
        local = self.names.get(node.name)
        if local is not None:
            return local
        return self.scope.reference(node, (), self.value)[0]

    def _splat_item(self, node: syntax.SplatItem) -> Value:
        if self.item is None:
            raise EvaluationError("there is no element here", node.start, node.end)
        return self.item

    def _traversal(self, node: Step) -> Value:
        steps: list[Step] = []
        current: Any = node
        while isinstance(current, syntax.GetAttr | syntax.Index | syntax.Splat):
            steps.append(current)
            current = current.target
        steps.reverse()
        taken = 0
        if isinstance(current, syntax.Variable) and current.name not in self.names:
            value, taken = self.scope.reference(current, steps, self.value)
        else:
            value = self.value(current)
        for step in steps[taken:]:
            value = self._step(value, step)
        return value

    def _step(self, value: Value, step: Step) -> Value:
        if isinstance(step, syntax.GetAttr):
            return attribute(value, step)
        if isinstance(step, syntax.Index):
            return index(value, self.value(step.key), step)
        return self._splat(value, step)

    def _splat(self, value: Value, node: syntax.Splat) -> Value:
        is_sequence = isinstance(value.type, ListType | SetType | TupleType)
        raw = value.raw
        if raw is None:
            if is_sequence:
                raise EvaluationError("a splat can't be applied to a null list", node.start, node.end)
            return Value(EMPTY_TUPLE, (), value.marks, value.origins)
        if isinstance(raw, Unknown):
            return unknown(raw.reasons, DYNAMIC, not_null=is_sequence, origins=value.origins, marks=value.marks)
        items = [item for _, item in elements(value)] if is_sequence else [value]
        self.scope.budget.spend(len(items))
        outer = self.item
        results: list[Value] = []
        try:
            for item in items:
                self.item = item
                results.append(self.value(node.each))
        finally:
            self.item = outer
        marks = value.marks if is_sequence else 0
        if isinstance(value.type, ListType | SetType):
            types = {result.type for result in results}
            if len(types) == 1:
                return list_of(types.pop(), results).with_marks(marks).with_origins(value.origins)
        return tuple_of(results).with_marks(marks).with_origins(value.origins)

    # --- operations ----------------------------------------------------------------------

    def _unary(self, node: syntax.Unary) -> Value:
        return operators.unary(node, self.value(node.operand))

    def _binary(self, node: syntax.Binary) -> Value:
        return operators.binary(node, self.value(node.left), self.value(node.right))

    def _conditional(self, node: syntax.Conditional) -> Value:
        condition = operators.condition(self.value(node.condition), node.condition)
        if isinstance(condition.raw, Unknown):
            return self._open_conditional(node, condition)
        chosen = self.value(node.then if condition.raw else node.otherwise)
        try:
            other: Value | None = self.value(node.otherwise if condition.raw else node.then)
        except EvaluationError:
            # HCL: the diagnostics of the branch that is not taken do not count.
            other = None
        if other is not None and chosen.type != other.type:
            chosen = operators.conform(chosen, other, node, swapped=not condition.raw)
        origins = condition.origins
        if origins:
            chosen = chosen.with_origins(chosen.origins | origins)
        return chosen.with_marks(condition.marks) if condition.marks else chosen

    def _open_conditional(self, node: syntax.Conditional, condition: Value) -> Value:
        branches = [self.value(node.then), self.value(node.otherwise)]
        origins = condition.origins.union(*(branch.origins for branch in branches))
        marks = condition.marks | branches[0].marks | branches[1].marks
        if branches[0].type == branches[1].type and same(*branches):
            return Value(branches[0].type, branches[0].raw, marks, origins)
        type_ = unify([branch.type for branch in branches])
        if type_ is None:
            raise operators.inconsistent(branches[0], branches[1], node)
        not_null = all(branch.raw is not None and not branch.is_unknown for branch in branches)
        reasons = reasons_in((condition, *(branch for branch in branches if branch.is_unknown)))
        return unknown(reasons, type_, not_null=not_null, origins=origins, marks=marks)

    def _call(self, node: syntax.Call) -> Value:
        return call(self, node)

    def _template(self, node: syntax.Template) -> Value:
        return template(self, node)

    def _for_tuple(self, node: syntax.ForTuple) -> Value:
        return for_tuple(self, node)

    def _for_object(self, node: syntax.ForObject) -> Value:
        return for_object(self, node)


_HANDLERS: dict[type, Callable[[Evaluator, Any], Value]] = {
    syntax.Literal: Evaluator._literal,
    syntax.Number: Evaluator._number,
    syntax.Template: Evaluator._template,
    syntax.Variable: Evaluator._variable,
    syntax.GetAttr: Evaluator._traversal,
    syntax.Index: Evaluator._traversal,
    syntax.Splat: Evaluator._traversal,
    syntax.SplatItem: Evaluator._splat_item,
    syntax.Call: Evaluator._call,
    syntax.Conditional: Evaluator._conditional,
    syntax.Binary: Evaluator._binary,
    syntax.Unary: Evaluator._unary,
    syntax.Parentheses: Evaluator._parentheses,
    syntax.TupleExpression: Evaluator._tuple,
    syntax.ObjectExpression: Evaluator._object,
    syntax.ForTuple: Evaluator._for_tuple,
    syntax.ForObject: Evaluator._for_object,
}

__all__ = ["Evaluator", "evaluate"]
