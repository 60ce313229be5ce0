"""Evaluating expressions, as HCL's native syntax defines them and Terraform 1.11 behaves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from astralint.hcl import syntax
from astralint.hcl.syntax import Expression
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.access import attribute, elements, index
from astralint.terraform.expressions.calls import call
from astralint.terraform.expressions.comprehensions import STEPS, for_object, for_tuple
from astralint.terraform.expressions.scope import FATAL, Scope
from astralint.terraform.expressions.templates import template
from astralint.terraform.values.convert import ConversionError
from astralint.terraform.values.numbers import parse_number
from astralint.terraform.values.operations import bounds_of, merged_reasons, same, with_bounds
from astralint.terraform.values.text import normalized
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    EMPTY_TUPLE,
    NUMBER,
    STRING,
    AnyType,
    ListType,
    MapType,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import (
    FALSE,
    NULL,
    TRUE,
    EvaluationError,
    Reason,
    Unknown,
    Value,
    object_of,
    tuple_of,
    unknown,
)

Step = syntax.GetAttr | syntax.Index | syntax.Splat

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
        value = Evaluator(scope).value(expression)
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


class Evaluator:
    """One evaluation: a scope, and the names that `for` expressions and splats add to it.

    `watched` collects the values of references that are not wholly known, while
    `try` or `can` want to know. While `lenient`, what fails is unknown, with the
    type that HCL gives to it: that is how the branch of a conditional that is not
    taken has its say about the type of the result.
    """

    __slots__ = ("budget", "depth", "failures", "item", "lenient", "names", "scope", "watched")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.budget = scope.budget
        self.names: dict[str, Value] = {}
        self.item: Value | None = None
        self.depth = 0
        self.watched: list[Value] | None = None
        self.lenient = False
        self.failures = 0

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
            return unknown(Reason("error", error.message), self._type_of_failed(node))

    def _type_of_failed(self, node: Any) -> AnyType:
        """Return the type that HCL knows although the expression failed."""
        if isinstance(node, syntax.Binary):
            return NUMBER if node.operator in operators.ARITHMETIC else BOOL
        if isinstance(node, syntax.Unary):
            return NUMBER if node.operator == "-" else BOOL
        if isinstance(node, syntax.Template):
            return STRING
        if isinstance(node, syntax.Conditional):
            try:
                return operators.result_type(self.value(node.then), self.value(node.otherwise), node) or DYNAMIC
            except EvaluationError as error:
                if error.code in FATAL:
                    raise
        return DYNAMIC

    def supposed(self, run: Callable[[], Value]) -> Value:
        """Return what `run` gives; where it fails, what is known of it: a branch that is not taken raises no error."""
        saved = self.names, self.item, self.depth
        failures = self.failures
        if not self.lenient:
            try:
                return run()
            except EvaluationError as error:
                if error.code in FATAL:
                    raise
                self.names, self.item, self.depth = saved
        outer, self.lenient = self.lenient, True
        try:
            return run()
        finally:
            self.lenient, self.failures = outer, failures
            self.names, self.item, self.depth = saved

    # --- literals and structure --------------------------------------------------------

    def _literal(self, node: syntax.Literal) -> Value:
        content = node.value
        if type(content) is str:
            return Value(STRING, normalized(content))
        if content is None:
            return NULL
        return TRUE if content is True else FALSE

    def _number(self, node: syntax.Number) -> Value:
        number = parse_number(node.text)
        if number is None:
            message = "Invalid number literal: failed to recognize the value of this number literal"
            raise EvaluationError(message, node.start, node.end)
        return Value(NUMBER, number)

    def _parentheses(self, node: syntax.Parentheses) -> Value:
        return self.value(node.expression)

    def _tuple(self, node: syntax.TupleExpression) -> Value:
        return tuple_of([self.value(item) for item in node.items])

    def _object(self, node: syntax.ObjectExpression) -> Value:
        items: dict[str, Value] = {}
        marks = 0
        origins = None
        hidden: list[Value] = []
        for item in node.items:
            written = item.key
            if type(written) is syntax.Literal and type(written.value) is str:
                items[normalized(written.value)] = self.value(item.value)
                continue
            key = self._key(written, item.value)
            value = self.value(item.value)
            marks |= key.marks
            if key.origins:
                origins = origins | key.origins if origins else key.origins
            if isinstance(key.raw, Unknown):
                hidden.append(key)
            else:
                items[key.raw] = value
        if hidden:
            reasons = merged_reasons(*hidden)
            return unknown(reasons, DYNAMIC, not_null=True, origins=origins or frozenset(), marks=marks)
        made = object_of(items)
        if marks or origins:
            made = Value(made.type, made.raw, marks, origins or made.origins)
        return made

    def _key(self, node: Expression, place: Expression) -> Value:
        if isinstance(node, syntax.Variable):
            return Value(STRING, normalized(node.name))
        if isinstance(node, syntax.GetAttr | syntax.Index) and _is_reference(node):
            message = (
                "Ambiguous attribute key: if this expression is intended to be a reference, wrap it in parentheses. "
                "If it's instead intended as a literal name containing periods, wrap it in quotes to create a string "
                "literal"
            )
            raise EvaluationError(message, node.start, node.end)
        return operators.object_key(self.value(node), node, place)

    # --- references ----------------------------------------------------------------------

    def _variable(self, node: syntax.Variable) -> Value:
        local = self.names.get(node.name)
        if local is not None:
            return local
        value = self.scope.reference(node, (), self.value)[0]
        if self.watched is not None:
            self.watched.append(value)
        return value

    def _splat_item(self, node: syntax.SplatItem) -> Value:
        if self.item is None:
            raise EvaluationError("there is no element here", node.start, node.end)
        return self.item

    def _traversal(self, node: Step) -> Value:
        steps: list[Step] = []
        current: Any = node
        while True:
            kind = type(current)
            if kind is not syntax.GetAttr and kind is not syntax.Index and kind is not syntax.Splat:
                break
            steps.append(current)
            current = current.target
        steps.reverse()
        taken = 0
        failures = self.failures
        from_scope = kind is syntax.Variable and current.name not in self.names
        if from_scope:
            value, taken = self.scope.reference(current, steps, self.value)
        else:
            value = self.value(current)
        for step in steps[taken:]:
            kind = type(step)
            if kind is syntax.GetAttr:
                value = attribute(value, step)  # type: ignore[arg-type]
            elif kind is syntax.Index:
                value = index(value, self.value(step.key), step)  # type: ignore[union-attr, arg-type]
            elif failures != self.failures:
                value = unknown(merged_reasons(value), DYNAMIC)
            else:
                value = self._splat(value, step)  # type: ignore[arg-type]
        if from_scope and self.watched is not None:
            self.watched.append(value)
        return value

    # --- splats --------------------------------------------------------------------------

    def _splat(self, value: Value, node: syntax.Splat) -> Value:
        is_sequence = isinstance(value.type, ListType | SetType | TupleType)
        raw = value.raw
        if raw is None:
            if is_sequence:
                message = (
                    "Splat of null value: splat expressions (with the * symbol) cannot be applied to null sequences"
                )
                raise EvaluationError(message, node.target.start, node.target.end)
            return Value(EMPTY_TUPLE, (), value.marks, value.origins)
        if isinstance(raw, Unknown) and (is_sequence or value.type == DYNAMIC or not raw.not_null):
            return self._unknown_splat(value, raw, node)
        items = [item for _, item in elements(value)] if is_sequence else [Value(value.type, raw, 0, value.origins)]
        self.budget.spend(STEPS * len(items))
        failures = self.failures
        results = [self._each(item, node) for item in items]
        made = tuple_of(results)
        if isinstance(value.type, ListType | SetType):
            found = self._result_type(value.type.element, node) if not results else _common_type(made.type)
            if found is not None:
                made = Value(ListType(found), made.raw)
        if failures != self.failures:
            return unknown(merged_reasons(made), made.type)
        return Value(made.type, made.raw, value.marks, value.origins)

    def _each(self, item: Value, node: syntax.Splat) -> Value:
        outer = self.item
        self.item = item
        result = self.value(node.each)
        self.item = outer
        return result

    def _result_type(self, element: AnyType, node: syntax.Splat) -> AnyType:
        """Return what the steps of a splat make of an element's type; raises where there is no such attribute."""
        return self._each(unknown(_ANY_ELEMENT, element), node).type

    def _unknown_splat(self, value: Value, raw: Unknown, node: syntax.Splat) -> Value:
        type_ = value.type
        found: AnyType = DYNAMIC
        if isinstance(type_, ListType | SetType):
            found = ListType(self._result_type(type_.element, node))
        elif isinstance(type_, TupleType):
            found = TupleType(tuple(self._result_type(element, node) for element in type_.elements))
        elif type_ != DYNAMIC:
            # One element, or none where the value turns out to be null.
            self._result_type(type_, node)
        not_null = type_ != DYNAMIC
        return unknown(raw.reasons, found, not_null=not_null, origins=value.origins, marks=value.marks)

    # --- operations ----------------------------------------------------------------------

    def _unary(self, node: syntax.Unary) -> Value:
        return operators.unary(node, self.value(node.operand))

    def _binary(self, node: syntax.Binary) -> Value:
        failures = self.failures
        left, right = self.value(node.left), self.value(node.right)
        if failures != self.failures:
            return unknown(merged_reasons(left, right), self._type_of_failed(node))
        # What `try` and `can` look at may fail by an operand that is not known yet.
        return operators.binary(node, left, right, strict=self.watched is not None)

    def _conditional(self, node: syntax.Conditional) -> Value:
        condition = operators.condition(self.value(node.condition), node.condition)
        taken = condition.raw
        if isinstance(taken, Unknown):
            return self._open_conditional(node, condition)
        chosen = self.value(node.then if taken else node.otherwise)
        skipped = node.otherwise if taken else node.then
        other = self.supposed(lambda: self.value(skipped))
        marks = condition.marks | other.marks
        if chosen.type is not other.type:
            chosen = operators.conform(chosen, other, node, taken=taken)
        if condition.origins:
            chosen = chosen.with_origins(chosen.origins | condition.origins)
        return chosen.with_marks(marks) if marks else chosen

    def _open_conditional(self, node: syntax.Conditional, condition: Value) -> Value:
        branches = [self.supposed(lambda: self.value(node.then)), self.supposed(lambda: self.value(node.otherwise))]
        origins = condition.origins.union(*(branch.origins for branch in branches))
        marks = condition.marks | branches[0].marks | branches[1].marks
        type_ = operators.result_type(branches[0], branches[1], node)
        if type_ is not None:
            try:
                branches = [operators.to_common(branch, other, type_) for branch, other in (branches, branches[::-1])]
            except ConversionError:
                # Which of the branches fails depends on the condition.
                return unknown(merged_reasons(condition, *branches), type_, origins=origins, marks=marks)
        if branches[0].type == branches[1].type and self.watched is None and same(*branches):
            return Value(branches[0].type, branches[0].raw, marks, origins)
        not_null = all(
            branch.raw.not_null if isinstance(branch.raw, Unknown) else branch.raw is not None for branch in branches
        )
        reasons = merged_reasons(condition, *branches)
        bounds = _bounds(*branches) if not_null else None
        result = unknown(reasons, type_ or DYNAMIC, not_null=not_null, bounds=bounds, origins=origins, marks=marks)
        return with_bounds(result)

    def _call(self, node: syntax.Call) -> Value:
        return call(self, node)

    def _template(self, node: syntax.Template) -> Value:
        return template(self, node)

    def _for_tuple(self, node: syntax.ForTuple) -> Value:
        return for_tuple(self, node)

    def _for_object(self, node: syntax.ForObject) -> Value:
        return for_object(self, node)


_ANY_ELEMENT = Reason("pending", "it stands for any element")


def _bounds(then: Value, otherwise: Value) -> tuple[Any, Any] | None:
    """Return between which numbers both results lie, or their lengths; None where nothing is known of that."""
    type_ = then.type
    if type_ != otherwise.type or not (type_ == NUMBER or isinstance(type_, ListType | SetType | MapType)):
        return None
    lows, highs = zip(bounds_of(then), bounds_of(otherwise), strict=True)
    low = None if None in lows else min(lows)
    high = None if None in highs else max(highs)
    return None if low is None and high is None else (low, high)


def _common_type(type_: AnyType) -> AnyType | None:
    """Return the one type of a tuple's elements (those of unknown type do not count), or None."""
    types = set(type_.elements) if isinstance(type_, TupleType) else set()
    if len(types) > 1:
        types.discard(DYNAMIC)
    return types.pop() if len(types) == 1 else None


def _is_reference(node: Any) -> bool:
    """Say whether an expression is a name with attributes and constant indices."""
    while isinstance(node, syntax.GetAttr | syntax.Index):
        if isinstance(node, syntax.Index) and not isinstance(node.key, syntax.Literal | syntax.Number):
            return False
        node = node.target
    return isinstance(node, syntax.Variable)


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
