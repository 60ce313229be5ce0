"""Function calls, and the forms that look at an expression before it is evaluated: `try` and `can`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.hcl import syntax
from astralint.terraform.values.operations import reasons_in, wholly_known
from astralint.terraform.values.types import BOOL, DYNAMIC, ListType, SetType, TupleType
from astralint.terraform.values.value import FALSE, TRUE, EvaluationError, Unknown, Value, unknown

if TYPE_CHECKING:
    from astralint.terraform.expressions.evaluate import Evaluator


def call(evaluator: Evaluator, node: syntax.Call) -> Value:
    """Evaluate a call; raises EvaluationError at the argument that is at fault."""
    name = node.name.removeprefix("core::")
    if name == "try":
        return _try(evaluator, node)
    if name == "can":
        return _can(evaluator, node)
    from astralint.terraform import functions

    arguments = [evaluator.value(argument) for argument in node.arguments]
    if node.expand_final and arguments:
        last = arguments.pop()
        if isinstance(last.raw, Unknown):
            return unknown(last.raw.reasons, DYNAMIC, origins=last.origins, marks=last.marks)
        if last.raw is None or not isinstance(last.type, ListType | SetType | TupleType):
            final = node.arguments[-1]
            raise EvaluationError("`...` expands lists, sets and tuples only", final.start, final.end)
        arguments.extend(item.with_marks(last.marks).with_origins(item.origins | last.origins) for item in last.raw)
    evaluator.scope.budget.spend(1)
    try:
        return functions.call(node.name, arguments, evaluator.scope.functions)
    except EvaluationError as error:
        raise _placed(error, node) from error


def _placed(error: EvaluationError, node: syntax.Call) -> EvaluationError:
    start, end = node.start, node.end
    if error.argument is not None and node.arguments:
        at_fault = node.arguments[min(error.argument, len(node.arguments) - 1)]
        start, end = at_fault.start, at_fault.end
    elif error.code == "unknown-function":
        end = node.name_end
    return EvaluationError(error.message, start, end, code=error.code)


def _try(evaluator: Evaluator, node: syntax.Call) -> Value:
    if not node.arguments:
        raise EvaluationError("`try` needs at least one argument", node.start, node.end)
    names, item = evaluator.names, evaluator.item
    failure: EvaluationError | None = None
    for argument in node.arguments:
        try:
            return evaluator.value(argument)
        except EvaluationError as error:
            evaluator.names, evaluator.item = names, item
            if error.code in ("limit", "outside-boundary"):
                raise
            failure = error
    message = "no argument of `try` could be evaluated"
    if failure is not None:
        message += f"; the last one failed: {failure.message}"
    raise EvaluationError(message, node.start, node.end)


def _can(evaluator: Evaluator, node: syntax.Call) -> Value:
    if len(node.arguments) != 1:
        raise EvaluationError("`can` takes one argument", node.start, node.end)
    names, item = evaluator.names, evaluator.item
    try:
        value = evaluator.value(node.arguments[0])
    except EvaluationError as error:
        evaluator.names, evaluator.item = names, item
        if error.code in ("limit", "outside-boundary"):
            raise
        return FALSE
    if not wholly_known(value):
        return unknown(reasons_in((value,)), BOOL, not_null=True, origins=value.origins, marks=value.marks)
    return TRUE
