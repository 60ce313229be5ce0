"""Every recorded expression gives what the real terraform gave."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from astralint.hcl import syntax
from astralint.terraform.functions.signatures import signatures
from astralint.terraform.values.value import EvaluationError

from .agreement import Record, proved, same
from .console import GOLDEN, answer, parsed, value_of

FILES = sorted(path.stem for path in GOLDEN.glob("*.jsonl") if path.stem != "refinements")
# What Terraform gives for some expressions once their unknowns are known: there more is known here before.
REFINEMENTS: dict[str, list[Record]] = {
    case["expression"]: case["completions"]
    for case in map(json.loads, (GOLDEN / "refinements.jsonl").read_text().splitlines())
}
# The parser and the scope have words of their own, and some of Terraform's are of no use here.
OTHER_WORDS = (
    "Reference to ",
    "Invalid reference",
    "Unknown provider function",
    "Call to unknown function",
    "Splat of",
)


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / f"{name}.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("name", FILES)
def test_recorded_expressions_agree_with_terraform(name: str) -> None:
    wrong = []
    for case in cases(name):
        expression = case.pop("expression")
        given = answer(expression)
        if not same(given, case) and not proved(given, case, REFINEMENTS.get(expression, [])):
            wrong.append(f"{expression}\n  expected {case}\n  given    {given}")
    assert not wrong, "\n".join(wrong)


PARAMETER = re.compile(r'^invalid function argument: invalid value for "(?P<name>\w+)" parameter:', re.IGNORECASE)


def test_errors_stand_at_the_argument_that_terraform_names() -> None:
    compared = 0
    for case in cases("arguments"):
        named = PARAMETER.match(case.get("error", ""))
        if named is None or "file" in case["expression"]:
            continue
        node = parsed(case["expression"])
        assert isinstance(node, syntax.Call)
        signature = signatures()[node.name.removeprefix("core::")]
        with pytest.raises(EvaluationError) as caught:
            value_of(case["expression"])
        ours = PARAMETER.match(caught.value.message)
        assert ours is not None, (case, caught.value.message)
        assert ours["name"] == named["name"], (case, caught.value.message)
        positions = [
            number
            for number, _ in enumerate(node.arguments)
            if number < len(signature.parameters) or signature.variadic is not None
            if signature.parameter(number).name == named["name"]
        ]
        assert (caught.value.start, caught.value.end) in {
            (node.arguments[position].start, node.arguments[position].end) for position in positions or [-1]
        }, case
        compared += 1
    assert compared > 500


def test_refinements_are_recorded_and_refine() -> None:
    recorded = {case.pop("expression"): case for name in FILES for case in cases(name)}
    for expression in REFINEMENTS:
        assert not same(answer(expression), recorded[expression]), expression


def plain(message: str) -> str:
    return " ".join(message.lower().split()).rstrip(".")


def test_messages_are_terraforms() -> None:
    compared = 0
    wrong = []
    for name in ("collections", "numbers", "templates"):
        for case in cases(name):
            expected = case.get("error", "")
            if not expected or expected.startswith(OTHER_WORDS):
                continue
            try:
                parsed(case["expression"])
            except EvaluationError:
                continue
            given = answer(case["expression"])["error"]
            compared += 1
            # What helps beyond Terraform's words stands behind them.
            if not plain(given).startswith(plain(expected).split(": -")[0][:100]) and "function" not in expected:
                wrong.append(f"{case['expression']}\n  expected {expected}\n  given    {given}")
    assert compared > 90
    assert len(wrong) <= 4, "\n".join(wrong)
