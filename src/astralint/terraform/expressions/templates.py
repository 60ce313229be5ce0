"""Templates: text, interpolations, `%{ if }` and `%{ for }`."""

from __future__ import annotations

from collections.abc import Sequence

from astralint.hcl import syntax
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.comprehensions import Loop, collection
from astralint.terraform.expressions.evaluator import Evaluator
from astralint.terraform.expressions.scope import FATAL
from astralint.terraform.values.convert import ConversionError, convert
from astralint.terraform.values.equality import same
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.text import joined
from astralint.terraform.values.types import STRING, Primitive
from astralint.terraform.values.value import EvaluationError, Reason, Unknown, Value, unknown

_NOT_TEXT = "Invalid template interpolation value: cannot include the given value in a string template"


def template(evaluator: Evaluator, node: syntax.Template) -> Value:
    """Evaluate a template; a single interpolation passes its value on unchanged."""
    parts = node.parts
    if len(parts) == 1 and isinstance(parts[0], syntax.Interpolation):
        return evaluator.value(parts[0].expression)
    return _joined(evaluator, parts)


def _joined(evaluator: Evaluator, parts: Sequence[syntax.TemplatePart]) -> Value:
    texts: list[Value] = []
    for part in parts:
        kind = type(part)
        if kind is syntax.Literal:
            texts.append(Value(STRING, part.value))  # type: ignore[union-attr]
        elif kind is syntax.Interpolation:
            expression = part.expression  # type: ignore[union-attr]
            value = evaluator.value(expression)
            is_text = value.type is STRING and value.raw is not None
            texts.append(value if is_text else _interpolated(evaluator, value, expression))
        elif isinstance(part, syntax.TemplateIf):
            texts.append(_if(evaluator, part))
        elif isinstance(part, syntax.TemplateFor):
            texts.append(_for(evaluator, part))
    made = joined(texts)
    if type(made.raw) is str and len(made.raw) > 1000:
        evaluator.budget.spend(len(made.raw) >> 4)
    return made


def _interpolated(evaluator: Evaluator, value: Value, node: syntax.Node) -> Value:
    """Return a value as text; where failing is allowed, what fails leaves its marks behind, as in HCL."""
    try:
        return _string(value, node)
    except EvaluationError as error:
        if not evaluator.lenient or error.code in FATAL:
            raise
        return unknown(Reason("error", error.message), STRING, not_null=True, marks=value.marks)


def _string(value: Value, node: syntax.Node) -> Value:
    if value.raw is None:
        message = (
            "Invalid template interpolation value: the expression result is null. "
            "Cannot include a null value in a string template"
        )
        raise EvaluationError(message, node.start, node.end)
    if isinstance(value.raw, Unknown) and not isinstance(value.type, Primitive):
        raise EvaluationError(f"{_NOT_TEXT}: string required", node.start, node.end)
    try:
        return convert(value, STRING)
    except ConversionError as error:
        raise EvaluationError(f"{_NOT_TEXT}: {error.message}", node.start, node.end, code=error.code) from None


def _if(evaluator: Evaluator, part: syntax.TemplateIf) -> Value:
    condition = operators.condition(evaluator.value(part.condition), part.condition)
    if isinstance(condition.raw, Unknown):
        return _open_if(evaluator, part, condition)
    taken, other = (part.then, part.otherwise) if condition.raw else (part.otherwise, part.then)
    chosen = _joined(evaluator, taken)
    marks = condition.marks
    if other:
        marks |= evaluator.supposed(lambda: _supposed_text(evaluator, other)).marks
    origins = chosen.origins | condition.origins if condition.origins else chosen.origins
    return Value(STRING, chosen.raw, chosen.marks | marks, origins)


def _open_if(evaluator: Evaluator, part: syntax.TemplateIf, condition: Value) -> Value:
    branches = [
        evaluator.supposed(lambda: _supposed_text(evaluator, part.then)),
        evaluator.supposed(lambda: _supposed_text(evaluator, part.otherwise)),
    ]
    marks = condition.marks | branches[0].marks | branches[1].marks
    origins = condition.origins.union(*(branch.origins for branch in branches))
    # Within `try` and `can` it counts that the condition itself may yet fail.
    if evaluator.watched is None and same(*branches):
        return Value(STRING, branches[0].raw, marks, origins)
    reasons = merged_reasons(condition, *branches)
    return unknown(reasons, STRING, not_null=True, origins=origins, marks=marks)


def _supposed_text(evaluator: Evaluator, parts: Sequence[syntax.TemplatePart]) -> Value:
    """Return a text that may not be needed; raises EvaluationError unless the evaluator is lenient."""
    try:
        return _joined(evaluator, parts)
    except EvaluationError as error:
        if not evaluator.lenient or error.code in FATAL:
            raise
        return unknown(Reason("error", error.message), STRING, not_null=True)


def _for(evaluator: Evaluator, part: syntax.TemplateFor) -> Value:
    source = evaluator.value(part.collection)
    items = collection(evaluator, source, part.collection)
    if items is None:
        return unknown(merged_reasons(source), STRING, not_null=True, origins=source.origins, marks=source.marks)
    texts: list[Value] = []
    outer = evaluator.names
    evaluator.names = names = dict(outer)
    for key, value in items:
        if part.key is not None:
            names[part.key] = key
        names[part.value] = value
        texts.append(_joined(evaluator, part.body))
    evaluator.names = outer
    return Loop(evaluator, part, source).finish_text(joined(texts))
