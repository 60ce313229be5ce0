"""Type constraints, defaults of optional attributes and conversions, as recorded from the real terraform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from astralint.hcl.syntax import Expression
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import NO_NAMES
from astralint.terraform.expressions.type_expressions import apply_defaults, type_from_expression
from astralint.terraform.values.convert import ConversionError, constraint_text, convert
from astralint.terraform.values.json_text import to_json
from astralint.terraform.values.value import EvaluationError, Value
from tests.terraform.expressions.console import parsed, type_text

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "types" / "constraints.jsonl").read_text().splitlines()
]
# Terraform 0.11's forms are read as well, and a name in quotes is a name.
LENIENT = ('"', 'object({"')


def constant(expression: Expression) -> Value:
    return evaluate(expression, NO_NAMES)


def converted(constraint: str, default: str) -> dict[str, Any]:
    try:
        type_, defaults = type_from_expression(parsed(constraint), constant)
        value = evaluate(parsed(default), NO_NAMES)
        if defaults is not None:
            value = apply_defaults(value, defaults)
        value = convert(value, type_)
    except EvaluationError as error:
        return {"error": error}
    return {"value": to_json(value), "type": type_text(value.type)}


def test_constraints_convert_as_terraform_does() -> None:
    wrong = []
    for case in CASES:
        given = converted(case["constraint"], case["default"])
        agrees = "error" in given if "error" in case else given == {key: case[key] for key in ("value", "type")}
        if agrees == case["constraint"].startswith(LENIENT):
            wrong.append(f"{case}\n  given {given}")
    assert len(CASES) > 100
    assert not wrong, "\n".join(wrong)


def test_messages_of_conversions_are_terraforms() -> None:
    compared = 0
    for case in CASES:
        _, found, expected = case.get("error", "").partition("is not compatible with the variable's type constraint: ")
        if found:
            error = converted(case["constraint"], case["default"])["error"]
            assert isinstance(error, ConversionError)
            # Terraform puts the path before what is wrong there.
            path = "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in error.path)
            shown = f"{path}: {error.message}" if error.path else error.message
            assert expected.removesuffix(".").replace('["', ".").replace('"]', "") == shown, case
            compared += 1
    assert compared > 15


def test_a_constraint_is_written_as_it_is_read() -> None:
    for case in CASES:
        try:
            type_, _ = type_from_expression(parsed(case["constraint"]), constant)
        except EvaluationError:
            continue
        again, _ = type_from_expression(parsed(constraint_text(type_)), constant)
        assert again == type_
