"""Values that reach Terraform as texts of the environment (`TF_VAR_name`)."""

from __future__ import annotations

from astralint.hcl import parse_expression
from astralint.source.partial import PartialText
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import NO_NAMES
from astralint.terraform.functions import call
from astralint.terraform.values.convert import convert
from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.types import BOOL, NUMBER, STRING
from astralint.terraform.values.value import EvaluationError, Unknown, Value


def as_text(value: Value) -> Value:
    """Return a value as the text that it is in the environment: what is no text is JSON."""
    if value.type in (STRING, NUMBER, BOOL):
        return convert(value, STRING)
    if isinstance(value.raw, Unknown) or value.raw is None:
        return value
    return call("jsonencode", [value], NO_NAMES.functions)


def parsed_text(value: Value) -> Value:
    """Return what a text in the environment means to a variable that is no string; raises EvaluationError.

    What was no text before it became one stays what it was.
    """
    raw = value.raw
    if not isinstance(raw, str) or isinstance(raw, PartialText) or not wholly_known(value):
        return value
    parsed = parse_expression(raw)
    if parsed.expression is None or parsed.errors:
        raise EvaluationError(parsed.errors[0].message if parsed.errors else "it is empty")
    found = evaluate(parsed.expression, NO_NAMES)
    return Value(found.type, found.raw, value.marks, value.origins)
