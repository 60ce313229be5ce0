"""Templates: text, interpolations, `%{ if }` and `%{ for }`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from astralint.hcl import syntax
from astralint.terraform.expressions import operators
from astralint.terraform.expressions.comprehensions import collection
from astralint.terraform.values.convert import convert, friendly
from astralint.terraform.values.operations import reasons_in
from astralint.terraform.values.text import joined, normalized
from astralint.terraform.values.types import STRING
from astralint.terraform.values.value import EvaluationError, Unknown, Value, unknown

if TYPE_CHECKING:
    from astralint.terraform.expressions.evaluate import Evaluator


def template(evaluator: Evaluator, node: syntax.Template) -> Value:
    """Evaluate a template; a single interpolation passes its value on unchanged."""
    parts = node.parts
    if len(parts) == 1 and isinstance(parts[0], syntax.Interpolation):
        return evaluator.value(parts[0].expression)
    return joined(_texts(evaluator, parts))


def _texts(evaluator: Evaluator, parts: Sequence[syntax.TemplatePart]) -> list[Value]:
    return [_text(evaluator, part) for part in parts]


def _text(evaluator: Evaluator, part: syntax.TemplatePart) -> Value:
    if isinstance(part, syntax.Literal):
        return Value(STRING, normalized(str(part.value)))
    if isinstance(part, syntax.Interpolation):
        return _string(evaluator.value(part.expression), part.expression)
    if isinstance(part, syntax.TemplateIf):
        return _if(evaluator, part)
    return _for(evaluator, part)


def _string(value: Value, node: syntax.Node) -> Value:
    if value.raw is None:
        raise EvaluationError("a null value can't stand in a string template", node.start, node.end)
    if value.type == STRING:
        return value
    try:
        return convert(value, STRING)
    except EvaluationError:
        message = f"a {friendly(value.type)} can't stand in a string template: a string is needed"
        raise EvaluationError(message, node.start, node.end) from None


def _if(evaluator: Evaluator, part: syntax.TemplateIf) -> Value:
    condition = operators.condition(evaluator.value(part.condition), part.condition)
    if isinstance(condition.raw, Unknown):
        branches = [joined(_texts(evaluator, part.then)), joined(_texts(evaluator, part.otherwise))]
        origins = condition.origins.union(*(branch.origins for branch in branches))
        return unknown(
            reasons_in((condition, *branches)), STRING, not_null=True, origins=origins, marks=condition.marks
        )
    chosen = joined(_texts(evaluator, part.then if condition.raw else part.otherwise))
    return chosen.with_marks(condition.marks).with_origins(chosen.origins | condition.origins)


def _for(evaluator: Evaluator, part: syntax.TemplateFor) -> Value:
    source = evaluator.value(part.collection)
    items = collection(evaluator, source, part.collection)
    if items is None:
        raw = source.raw
        reasons = raw.reasons if isinstance(raw, Unknown) else ()
        return unknown(reasons, STRING, not_null=True, origins=source.origins, marks=source.marks)
    texts: list[Value] = []
    outer = evaluator.names
    evaluator.names = names = dict(outer)
    try:
        for key, value in items:
            if part.key is not None:
                names[part.key] = key
            names[part.value] = value
            texts.extend(_texts(evaluator, part.body))
    finally:
        evaluator.names = outer
    made = joined(texts)
    return made.with_marks(source.marks).with_origins(made.origins | source.origins)
