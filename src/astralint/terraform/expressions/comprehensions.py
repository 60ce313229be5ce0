"""`for` expressions."""

from __future__ import annotations

from astralint.hcl import syntax
from astralint.terraform.expressions.access import elements
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.expressions.open_loops import open_loop
from astralint.terraform.values.convert import ConversionError, convert, friendly
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.type_text import quoted
from astralint.terraform.values.types import BOOL, DYNAMIC, STRING, Primitive
from astralint.terraform.values.value import (
    EvaluationError,
    OpenAttributes,
    Origin,
    Reason,
    Unknown,
    Value,
    object_of,
    tuple_of,
    unknown,
)

_ANYTHING = unknown(Reason("pending", "it stands for any element"))
STEPS = 4
"""What one turn of a loop costs: its result takes memory too."""


class Loop:
    """What a `for` collects beside its elements: marks, origins, and why its result is not known."""

    __slots__ = ("evaluator", "marks", "node", "open", "origins")

    def __init__(
        self, evaluator: Evaluator, node: syntax.ForTuple | syntax.ForObject | syntax.TemplateFor, source: Value
    ) -> None:
        self.evaluator = evaluator
        self.node = node
        self.marks = source.marks
        self.origins: frozenset[Origin] = source.origins
        self.open: list[Value] = []

    def note(self, value: Value) -> None:
        """Take the marks and origins of a condition or key; where it is unknown, the whole result is."""
        self.marks |= value.marks
        if value.origins:
            self.origins = self.origins | value.origins
        if isinstance(value.raw, Unknown):
            self.open.append(value)

    def finish(self, made: Value) -> Value:
        """Return the result with all that was collected."""
        if self.open:
            reasons = merged_reasons(*self.open)
            return unknown(reasons, DYNAMIC, not_null=True, origins=self.origins, marks=self.marks)
        if self.marks or self.origins:
            return Value(made.type, made.raw, self.marks, self.origins)
        return made

    def finish_text(self, made: Value) -> Value:
        """Return a joined text with the marks and origins of what was gone through."""
        if self.marks or self.origins:
            return Value(STRING, made.raw, made.marks | self.marks, made.origins | self.origins)
        return made


def collection(evaluator: Evaluator, value: Value, node: syntax.Node) -> list[tuple[Value, Value]] | None:
    """Return what a `for` goes through; None where that is unknown; raises EvaluationError."""
    raw = value.raw
    if raw is None:
        message = "Iteration over null value: a null value cannot be used as the collection in a 'for' expression"
        raise EvaluationError(message, node.start, node.end)
    if isinstance(value.type, Primitive) and value.type != DYNAMIC:
        message = (
            f"Iteration over non-iterable value: a value of type {friendly(value.type)} cannot be used "
            "as the collection in a 'for' expression"
        )
        raise EvaluationError(message, node.start, node.end)
    if isinstance(raw, Unknown | OpenAttributes):
        return None
    evaluator.budget.spend(STEPS * len(raw))
    return list(elements(value))


def _included(loop: Loop, condition: syntax.Expression | None) -> bool:
    """Evaluate the `if` for the element at hand."""
    if condition is None:
        return True
    value = loop.evaluator.value(condition)
    if value.type is not BOOL or value.raw is None:
        value = _checked(value, condition)
    if value.marks or value.origins or value.is_unknown:
        loop.note(value)
        if value.is_unknown:
            return False
    return bool(value.raw)


def _checked(value: Value, condition: syntax.Expression) -> Value:
    if value.raw is None:
        message = "Invalid 'for' condition: the value of the 'if' clause must not be null"
        raise EvaluationError(message, condition.start, condition.end)
    try:
        return convert(value, BOOL)
    except ConversionError as error:
        message = f"Invalid 'for' condition: the 'if' clause value is invalid: {error.message}"
        raise EvaluationError(message, condition.start, condition.end) from None


def _rehearse(evaluator: Evaluator, node: syntax.ForTuple | syntax.ForObject) -> int:
    """Check the condition although there is no element, as HCL does; return its marks."""
    if node.condition is None:
        return 0
    outer = evaluator.names
    evaluator.names = names = dict(outer)
    if node.key is not None:
        names[node.key] = _ANYTHING
    names[node.value] = _ANYTHING
    value = evaluator.value(node.condition)
    if value.type is not BOOL or value.raw is None:
        _checked(value, node.condition)
    evaluator.names = outer
    return value.marks


def _source(
    evaluator: Evaluator, node: syntax.ForTuple | syntax.ForObject
) -> tuple[Value, list[tuple[Value, Value]] | None]:
    source = evaluator.value(node.collection)
    items = collection(evaluator, source, node.collection)
    if not items and source.type != DYNAMIC:
        marks = _rehearse(evaluator, node)
        if marks and items is None:
            source = source.with_marks(marks)
    return source, items


def for_tuple(evaluator: Evaluator, node: syntax.ForTuple) -> Value:
    """Evaluate `[for … : …]`."""
    source, items = _source(evaluator, node)
    if items is None:
        return open_loop(evaluator, node, source)
    loop = Loop(evaluator, node, source)
    results: list[Value] = []
    outer = evaluator.names
    evaluator.names = names = dict(outer)
    key_name, value_name, condition, result = node.key, node.value, node.condition, node.result
    for key, value in items:
        if key_name is not None:
            names[key_name] = key
        names[value_name] = value
        if condition is None or _included(loop, condition):
            results.append(evaluator.value(result))
    evaluator.names = outer
    if loop.open:
        return open_loop(evaluator, node, source)
    return loop.finish(tuple_of(results))


def for_object(evaluator: Evaluator, node: syntax.ForObject) -> Value:
    """Evaluate `{for … : … => …}`, with grouping by `...`."""
    source, items = _source(evaluator, node)
    if items is None:
        return open_loop(evaluator, node, source)
    loop = Loop(evaluator, node, source)
    results: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    outer = evaluator.names
    evaluator.names = names = dict(outer)
    for item_key, item in items:
        if node.key is not None:
            names[node.key] = item_key
        names[node.value] = item
        if not _included(loop, node.condition):
            continue
        key = _key(evaluator.value(node.result_key), node.result_key)
        if key.marks or key.origins or key.is_unknown:
            loop.note(key)
            if key.is_unknown:
                continue
        value = evaluator.value(node.result)
        name: str = key.raw
        if node.grouping:
            groups.setdefault(name, []).append(value)
        elif name in results:
            if evaluator.lenient:
                evaluator.failures += 1
                continue
            raise _duplicate(name, node.result_key)
        else:
            results[name] = value
    evaluator.names = outer
    if loop.open:
        return open_loop(evaluator, node, source)
    if node.grouping:
        results = {name: tuple_of(values) for name, values in groups.items()}
    return loop.finish(object_of(results))


def _key(value: Value, node: syntax.Node) -> Value:
    if value.type is STRING and value.raw is not None:
        return value
    if value.raw is None:
        message = "Invalid object key: key expression in 'for' expression must not produce a null value"
        raise EvaluationError(message, node.start, node.end)
    if isinstance(value.raw, Unknown):
        return value
    try:
        return convert(value, STRING)
    except ConversionError as error:
        message = f"Invalid object key: the key expression produced an invalid result: {error.message}"
        raise EvaluationError(message, node.start, node.end) from None


def _duplicate(name: str, node: syntax.Node) -> EvaluationError:
    message = (
        f"Duplicate object key: two different items produced the key {quoted(name)} in this 'for' expression. "
        "If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key"
    )
    return EvaluationError(message, node.start, node.end)
