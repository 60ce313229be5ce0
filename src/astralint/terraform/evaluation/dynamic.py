"""`dynamic` blocks: their content for each element, in a scope where the iterator is a name too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from astralint.hcl.syntax import Literal, Variable
from astralint.terraform.configuration.body import NestedBody
from astralint.terraform.evaluation.context import MAXIMUM_INSTANCES, EvaluationContext
from astralint.terraform.evaluation.doubt import MayNotBeThere
from astralint.terraform.expressions.scope import Evaluate, Scope, Step
from astralint.terraform.values.types import NUMBER, STRING, SetType
from astralint.terraform.values.value import EvaluationError, Reason, Unknown, Value, number, object_of

BLOCK_STEPS = 20
"""How many steps of the budget a generated block takes."""

Content = tuple[tuple[Scope, NestedBody] | None, Unknown | None]
"""A block and the scope of what is in it; or the Unknown that hides how many there are."""


class IteratorScope:
    """A scope with the iterator of a `dynamic` block added."""

    __slots__ = ("_name", "_value", "budget", "functions", "outer")

    def __init__(self, outer: Scope, name: str, key: Value, value: Value) -> None:
        self.outer = outer
        self.functions = outer.functions
        self.budget = outer.budget
        self._name = name
        self._value = object_of({"key": key, "value": value})

    @property
    def uncertain(self) -> tuple[Reason, ...]:
        """Why what holds the block may not be there."""
        return self.outer.uncertain if isinstance(self.outer, MayNotBeThere) else ()

    def provider_type(self, local_name: str) -> str | None:
        """See `Scope.provider_type`."""
        return self.outer.provider_type(local_name)

    def reference(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:
        """Resolve the iterator, and everything else in the scope around it."""
        if root.name == self._name:
            return self._value, 0
        return self.outer.reference(root, steps, evaluate)


def contents(block: NestedBody, scope: Scope, context: EvaluationContext) -> Iterator[Content]:
    """Yield the content of a `dynamic` block for each element; problems are reported."""
    for_each = block.body.arguments.get("for_each")
    content = block.body.block_of("content")
    if for_each is None or content is None:
        missing = "`for_each` argument" if for_each is None else "`content` block"
        context.problem("invalid-configuration", f"a `dynamic` block needs a {missing}", block.header)
        return
    iterator = block.block.labels[0]
    named = block.body.arguments.get("iterator")
    if named is not None and isinstance(named.expression, Variable):
        iterator = named.expression.name
    elif named is not None and isinstance(named.expression, Literal) and isinstance(named.expression.value, str):
        iterator = named.expression.value
    value = context.evaluate(for_each, scope)
    if isinstance(value.raw, Unknown):
        yield None, value.raw
        return
    if value.raw is None or not isinstance(value.raw, dict | tuple):
        message = "the `for_each` of a `dynamic` block must be a collection"
        context.refuse("invalid-for-each", message, for_each, scope)
        return
    if len(value.raw) > MAXIMUM_INSTANCES:
        message = f"more than {MAXIMUM_INSTANCES:,} blocks are not evaluated"
        reason = context.problem("limit", message, for_each.value_span)
        yield None, Unknown((reason,))
        return
    try:
        scope.budget.spend(len(value.raw) * BLOCK_STEPS)
    except EvaluationError as error:
        yield None, Unknown((context.error(error, for_each, scope),))
        return
    for key, item in _elements(value):
        inner: Scope = IteratorScope(scope, iterator, key, item)
        yield (inner, content), None


def _elements(value: Value) -> Iterator[tuple[Value, Value]]:
    origins, marks = value.origins, value.marks
    for key, item in value.raw.items() if isinstance(value.raw, dict) else enumerate(value.raw):
        element = item.with_origins(item.origins | origins).with_marks(marks) if origins or marks else item
        if isinstance(value.type, SetType):
            yield element, element
        elif isinstance(key, str):
            yield Value(STRING, key, marks, origins), element
        else:
            yield Value(NUMBER, number(key).raw, marks, origins), element
