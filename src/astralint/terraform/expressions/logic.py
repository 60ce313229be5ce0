"""`&&` and `||` where one operand may decide: the other one's error is then of no account.

Both operands are evaluated, and the rule is the same for either side. It is that of HCL 2.24, cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable

from astralint.hcl import syntax
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.expressions.scope import FATAL
from astralint.terraform.values.operations import merged_origins, merged_reasons
from astralint.terraform.values.types import BOOL
from astralint.terraform.values.value import EvaluationError, Reason, Unknown, Value, unknown

SIGNS = frozenset({"&&", "||"})
_STATIC = FATAL | {"unknown-function", "argument-count"}
"""Codes of errors that are found before anything is evaluated, whatever the other side is."""

Failure = Callable[[], Value]
"""An operand that failed: raises its error, or gives the unknown that stands for it where errors are not raised."""


def logical(evaluator: Evaluator, node: syntax.Binary) -> Value:
    """Evaluate `a && b` or `a || b`."""
    left = _operand(evaluator, node.left, "left operand")
    right = _operand(evaluator, node.right, "right operand")
    values = [side for side in (left, right) if isinstance(side, Value)]
    marks = 0
    for value in values:
        marks |= value.marks
    origins = merged_origins(values)
    decisive = node.operator == "||"
    raws = [_raw(side, decisive=decisive) for side in (left, right)]
    if decisive in raws:
        return Value(BOOL, decisive, marks, origins)
    first = next((side for side, raw in zip((left, right), raws, strict=True) if raw is _OPEN), None)
    if first is not None:
        if not isinstance(first, Value):
            return first()
        return unknown(merged_reasons(*values), BOOL, not_null=True, origins=origins, marks=marks)
    for side, operand in ((left, node.left), (right, node.right)):
        if isinstance(side, Value) and side.raw is None:
            message = "Operation failed: error during operation: argument must not be null"
            raise EvaluationError(message, operand.start, operand.end)
    return Value(BOOL, not decisive, marks, origins)


_OPEN = object()


def _raw(side: Value | Failure, *, decisive: bool) -> object:
    """Return what decides: a bool, or `_OPEN` for what is unknown or failed. To `&&`, null is as good as false."""
    if not isinstance(side, Value) or isinstance(side.raw, Unknown):
        return _OPEN
    if side.raw is None and not decisive:
        return False
    return side.raw


def _operand(evaluator: Evaluator, node: syntax.Expression, side: str) -> Value | Failure:
    saved = evaluator.names, evaluator.item, evaluator.depth
    failures = evaluator.failures
    try:
        value = evaluator.value(node)
    except EvaluationError as error:
        if error.code in _STATIC:
            raise
        evaluator.names, evaluator.item, evaluator.depth = saved
        caught = error

        def fail() -> Value:
            raise caught

        return fail
    if evaluator.failures != failures:
        seen, evaluator.failures = evaluator.failures, failures

        def note() -> Value:
            evaluator.failures = seen
            return unknown(Reason("error", "an operand is in error"), BOOL)

        return note
    return operators.operand(value, BOOL, node, side)
