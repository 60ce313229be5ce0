"""Expressions evaluated here in the way in which `scripts/record_expressions.py` records terraform's answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from astralint.hcl import parse, parse_expression, parse_template
from astralint.hcl.syntax import Expression, GetAttr, Index, Splat, Variable
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Budget, NoFiles
from astralint.terraform.language.language import Language
from astralint.terraform.values.json_text import to_json
from astralint.terraform.values.operations import wholly_known
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import EvaluationError, Reason, Value, unknown

# What evaluation raises it to; hypothesis warns where it changes under way.
sys.setrecursionlimit(20_000)

GOLDEN = Path(__file__).parent / "golden"
ASKED = Language("terraform", (1, 11, 4))
"""The version whose answers are recorded."""
REASON = Reason("known-after-apply", "it is known after apply")

# What the resources of golden/configuration.tf are in a plan: their types are known, their values are not.
UNKNOWNS: dict[str, AnyType] = {
    "us": STRING,
    "un": NUMBER,
    "ub": BOOL,
    "ul": ListType(STRING),
    "ue": SetType(STRING),
    "um": MapType(STRING),
    "uo": ObjectType.of({"a": STRING, "n": NUMBER}),
    "ut": TupleType((STRING, NUMBER)),
    "ud": DYNAMIC,
}


class Context(NoFiles):
    """An empty directory, and templates that see nothing but their variables."""

    def read(self, path: str, argument: int) -> bytes:
        raise EvaluationError(f"no file exists at {path}", argument=argument, code="file-not-readable")

    def exists(self, path: str) -> bool:
        return False

    def glob(self, directory: str, pattern: str) -> list[str]:
        return []

    def render_template(self, text: str, name: str, variables: Mapping[str, Value], depth: int) -> Value:
        found = parse_template(text)
        if found.expression is None or found.errors:
            raise EvaluationError(f"{name} is not a template")
        return evaluate(found.expression, Locals(dict(variables), root=""))


class Locals:
    """The scope of golden/configuration.tf: `local` and nothing else; or, without a root, the names themselves."""

    def __init__(self, names: dict[str, Value], root: str = "local") -> None:
        self.names = names
        self.root = root
        self.functions = Context(ASKED)
        self.budget = Budget()

    def provider_type(self, local_name: str) -> str | None:
        return None

    def reference(
        self, root: Variable, steps: Sequence[GetAttr | Index | Splat], evaluate: Callable[[Expression], Value]
    ) -> tuple[Value, int]:
        first = steps[0] if steps else None
        if not self.root and root.name in self.names:
            return self.names[root.name], 0
        if root.name == "path" and isinstance(first, GetAttr) and first.name in {"module", "root"}:
            return Value(STRING, "."), 1
        if root.name == "terraform" and isinstance(first, GetAttr) and first.name == "workspace":
            return Value(STRING, "default"), 1
        if root.name != self.root or not isinstance(first, GetAttr) or first.name not in self.names:
            raise EvaluationError(f"{root.name} is not declared", root.start, root.end, code="undeclared-reference")
        return self.names[first.name], 1


def parsed(text: str) -> Expression:
    """Return an expression's tree; raises EvaluationError where it does not parse."""
    found = parse_expression(text)
    if found.expression is None or found.errors:
        problem = found.errors[0]
        raise EvaluationError(problem.message)
    return found.expression


@cache
def configured() -> dict[str, Value]:
    """Return the locals of golden/configuration.tf."""
    file = parse((GOLDEN / "configuration.tf").read_text()).file
    assert file is not None
    names = {
        name: unknown(REASON, type_, not_null=name == "us") if name != "ud" else unknown(REASON, DYNAMIC)
        for name, type_ in UNKNOWNS.items()
    }
    for block in file.body.blocks:
        if block.type == "locals":
            for attribute in block.body.attributes:
                if attribute.name not in names:
                    names[attribute.name] = evaluate(attribute.expression, Locals(names))
    return names


def value_of(text: str) -> Value:
    """Evaluate an expression in the scope of golden/configuration.tf."""
    return evaluate(parsed(text), Locals(configured()))


def type_text(type_: AnyType) -> str:
    """Return a type as the console's `type` prints it, without spaces but those after a comma."""
    if isinstance(type_, Primitive):
        return type_.name
    if isinstance(type_, TupleType):
        return f"tuple([{','.join(type_text(element) for element in type_.elements)}])"
    if isinstance(type_, ObjectType):
        return f"object({{{','.join(f'{name}: {type_text(item)}' for name, item in type_.attributes)}}})"
    word = {ListType: "list", SetType: "set", MapType: "map"}[type(type_)]
    return f"{word}({type_text(type_.element)})"


def answer(text: str) -> dict[str, Any]:
    """Return what the recorder would write, `error` as a flag."""
    try:
        value = value_of(text)
    except EvaluationError as error:
        return {"error": error.message}
    entry: dict[str, Any] = {}
    if wholly_known(value) and not is_infinite(value):
        entry["value"] = to_json(value)
    else:
        entry["unknown"] = True
    entry["type"] = type_text(value.type)
    if value.is_sensitive:
        entry["sensitive"] = True
    return entry


def is_infinite(value: Value) -> bool:
    """Say whether a value holds what JSON can't: the recorder shows it like an unknown."""
    if isinstance(value.raw, tuple):
        return any(map(is_infinite, value.raw))
    if isinstance(value.raw, dict):
        return any(map(is_infinite, value.raw.values()))
    return value.type == NUMBER and str(value.raw).lstrip("-") == "inf"
