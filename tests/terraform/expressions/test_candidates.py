"""Collections of which it is open what is in them: what can be is known, and what is made of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from astralint.hcl import parse_expression
from astralint.hcl.syntax import Variable
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import NO_NAMES, Budget, Evaluate, Step
from astralint.terraform.values.candidates import candidates_of
from astralint.terraform.values.types import BOOL, STRING
from astralint.terraform.values.value import EvaluationError, Reason, Unknown, Value, string, tuple_of, unknown

REASON = Reason("known-after-apply", "it is not known")
NAMES = {
    "open": unknown(REASON, BOOL),
    "text": unknown(REASON, STRING, not_null=True),
    "id": unknown(REASON, STRING, not_null=True, bounds=(1, None)),
    "list": tuple_of([string("a"), string("b")]),
}


class Scope:
    """A few names."""

    functions = NO_NAMES.functions
    budget = Budget()

    def reference(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:
        return NAMES[root.name], 0


def value_of(text: str) -> Value:
    expression = parse_expression(text).expression
    assert expression is not None
    return evaluate(expression, Scope())


def shown(text: str) -> dict[str, bool] | list[tuple[object, bool]] | None:
    """Return candidates, each with whether it is there for sure."""
    value = value_of(text)
    found = candidates_of(value)
    if found is None:
        return None
    if found and found[0].key is not None:
        return {each.key or "": not each.maybe for each in found}
    return [(None if isinstance(each.value.raw, Unknown) else each.value.raw, not each.maybe) for each in found]


MAP = '{ for k in list : k => upper(k) if open || k == "a" }'
LIST = '[for k in list : upper(k) if open || k == "a"]'


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (MAP, {"a": True, "b": False}),
        (LIST, [("A", True), ("B", False)]),
        (f"{{ for k, v in {MAP} : v => k }}", {"A": True, "B": False}),
        (f'{{ for k, v in {MAP} : v => k if k != "b" }}', {"A": True}),
        (f"toset({LIST})", [("A", True), ("B", False)]),
        (f"tomap({MAP})", {"a": True, "b": False}),
        (f"keys({MAP})", [("a", True), ("b", False)]),
        (f"values({MAP})", [("A", True), ("B", False)]),
        (f'merge({MAP}, {{ c = "C" }})', {"a": True, "b": False, "c": True}),
        (f'merge({{ b = "B" }}, {MAP})', {"a": True, "b": True}),
        (f'setsubtract({LIST}, ["A"])', [("B", False)]),
        (f'setsubtract(["A", "B", "C"], {LIST})', [("B", False), ("C", True)]),
        ("setsubtract(list, [text])", [("a", False), ("b", False)]),
        (f'setunion({LIST}, ["B"])', [("A", True), ("B", True)]),
        (f'concat({LIST}, ["C"])', [("A", True), ("B", False), ("C", True)]),
        (f"flatten([{LIST}, list])", [("A", True), ("B", False), ("a", True), ("b", True)]),
        ('compact(["a", "", text])', [("a", True), (None, False)]),
        ('compact(["a", "", id])', [("a", True), (None, True)]),
        ('distinct(["a", text, "a"])', [("a", True), (None, False)]),
        ('open ? toset(["a", "b"]) : toset(["b"])', [("a", False), ("b", True)]),
        ("open ? tolist(list) : tolist([])", [("a", False), ("b", False)]),
        ('open ? { a = "1" } : {}', {"a": False}),
        ('open ? { a = "1", b = "2" } : { b = "2", c = "3" }', None),
        ('merge({ z = "1" }, open ? { y = "1" } : {})', {"y": False, "z": True}),
        ('open ? toset(["a"]) : toset([text, "b"])', None),
        (f"flatten([text, {LIST}])", [(None, True), ("A", True), ("B", False)]),
        ("{ for k in list : (open ? k : text) => k if open }", None),
        ('{ for k in list : "same" => k if open }', None),
        ("{ for k in list : k => k... if open }", None),
    ],
)
def test_what_can_be_in_it_is_known(expression: str, expected: object) -> None:
    assert shown(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f'{MAP}["a"]', "A"),
        (f'{MAP}["b"]', "B"),
        (f"{MAP}.b", "B"),
        (f'lookup({MAP}, "a", "z")', "A"),
        (f'lookup({MAP}, "c", "z")', "z"),
        (f'contains({LIST}, "A")', True),
        (f'contains({LIST}, "C")', False),
        (f'contains(keys({MAP}), "c")', False),
        ("length({ for k in list : k => k if open && false })", 0),
        (f"length({LIST}) > 2", False),
        (f"length({LIST}) > 0", True),
        ('id == ""', False),
        ("length(slice([for x in list : x], 0, 1))", 1),
        (f'try({MAP}["a"], "z")', "A"),
        (f'can({MAP}["a"])', True),
        ('length(open ? tolist(["a"]) : tolist(["b"]))', 1),
    ],
)
def test_what_is_certain_is_known(expression: str, expected: object) -> None:
    assert value_of(expression).raw == expected


@pytest.mark.parametrize(
    "expression",
    [
        f'try({MAP}["b"], "z")',
        f'try({MAP}.b, "z")',
        f'can({MAP}["b"])',
        f'lookup({MAP}, "b", "z")',
        f'contains({LIST}, "B")',
        f"length({LIST})",
        f"length({LIST}) > 1",
        f"{MAP} == {{}}",
    ],
)
def test_what_is_open_stays_so(expression: str) -> None:
    assert value_of(expression).is_unknown


def test_what_may_not_be_there_may_be_impossible() -> None:
    assert shown("{ for k in list : k => tonumber(k) if open }") == {"a": False, "b": False}
    with pytest.raises(EvaluationError):
        value_of("{ for k in list : k => tonumber(k) if true }")
