"""Every recorded call gives what the real terraform gave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astralint.terraform.functions.signatures import signatures
from astralint.terraform.functions.support import is_wholly_known
from astralint.terraform.language.language import table
from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.types import ListType, MapType, ObjectType, Primitive, SetType, TupleType
from astralint.terraform.values.value import EvaluationError, Value

from .evaluator import Files as Evaluated
from .evaluator import evaluate

HERE = Path(__file__).parent
# The special forms are the evaluator's: they get expressions, not values.
SPECIAL = {"can", "try", "type"}


def cases() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted((HERE / "golden").glob("*.jsonl")):
        for line in path.read_text().rstrip("\n").split("\n"):
            case = json.loads(line)
            found.append((f"{path.stem}: {case['expression']}", case))
    return found


CASES = cases()
DEVIATIONS: dict[str, str] = json.loads((HERE / "deviations.json").read_text())


def plain_type(type_: object) -> Any:
    if isinstance(type_, Primitive):
        return type_.name
    if isinstance(type_, ListType):
        return ["list", plain_type(type_.element)]
    if isinstance(type_, SetType):
        return ["set", plain_type(type_.element)]
    if isinstance(type_, MapType):
        return ["map", plain_type(type_.element)]
    if isinstance(type_, TupleType):
        return ["tuple", [plain_type(element) for element in type_.elements]]
    assert isinstance(type_, ObjectType)
    return ["object", {name: plain_type(attribute) for name, attribute in type_.attributes}]


def plain(value: Value) -> Any:
    raw = value.raw
    if raw is None or isinstance(raw, bool | str):
        return raw
    if isinstance(raw, tuple):
        return [plain(item) for item in raw]
    if isinstance(raw, dict):
        return {key: plain(item) for key, item in raw.items()}
    return {"number": format_number(raw)}


def answer(expression: str) -> dict[str, Any]:
    try:
        value = evaluate(expression)
    except EvaluationError as error:
        return {"limit": True} if error.code in {"limit", "outside-boundary"} else {"error": bool(error.message)}
    if not is_wholly_known(value):
        return {"unknown": True}
    shown = {"value": plain(value), "type": plain_type(value.type)}
    return {"infinite": True} if 'Inf"}' in json.dumps(shown["value"]) else shown


@pytest.mark.parametrize("chunk", range(20))
def test_every_recorded_call_agrees_with_terraform(chunk: int) -> None:
    wrong = []
    for name, case in CASES[chunk::20]:
        expected = {key: case[key] for key in case if key != "expression"}
        given = answer(case["expression"])
        if expected.get("type") == "dynamic":
            # The type of a null that Terraform does not tell.
            expected = {**expected, "type": given.get("type")}
        if (given == expected) == (case["expression"] in DEVIATIONS):
            wrong.append(f"{name}\n  expected {expected}\n  given    {given}")
    assert not wrong, "\n".join(wrong)


def test_deviations_are_few_and_recorded_calls() -> None:
    assert len(DEVIATIONS) <= 5
    assert set(DEVIATIONS) <= {case["expression"] for _, case in CASES}


def test_every_function_is_recorded() -> None:
    recorded = "\n".join(case["expression"] for _, case in CASES)
    impure = {"timestamp", "plantimestamp", "uuid", "bcrypt", "base64gzip"}
    asked = Evaluated.language
    known = [name for name in signatures() if (since := table().functions.get(name)) is None or asked.knows(since)]
    missing = [name for name in known if f"{name}(" not in recorded]
    assert set(missing) <= SPECIAL | impure | {"templatestring", "ephemeralasnull", "nonsensitive"}
