"""What holds for every expression: it gives a value or an EvaluationError, always the same, and knows no less than Terraform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.hcl import syntax
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.values.console_text import render
from astralint.terraform.values.types import DYNAMIC, EMPTY_OBJECT
from astralint.terraform.values.value import EvaluationError, OpenAttributes, Reason, Unknown, Value

from .console import UNKNOWNS, Locals, configured, parsed
from .strategies import expressions, sensitive_expressions, unknown_expressions

# What the unknowns of golden/configuration.tf may turn out to be.
KNOWN = {
    "us": ['"a"', '"b"', '""', '"1"'],
    "un": ["0", "1", "2.5"],
    "ub": ["true", "false"],
    "ul": ["tolist([])", 'tolist(["a"])', 'tolist(["b", "c"])'],
    "ue": ['toset(["a", "b"])', "toset([])"],
    "um": ['tomap({ a = "b" })', "tomap({})"],
    "uo": ['{ a = "b", n = 1 }', '{ a = "", n = 0 }'],
    "ut": ['["a", 1]', '["", 0]'],
    "ud": ["1", '"x"', "null", "[]", "{ a = 1 }", 'tolist(["a"])'],
}


def outcome(text: str, names: dict[str, Value]) -> Value | str:
    try:
        return evaluate(parsed(text), Locals(names))
    except EvaluationError as error:
        return error.message or "no message"


@given(st.one_of(expressions, sensitive_expressions, unknown_expressions))
@settings(max_examples=300, deadline=None)
def test_nothing_but_evaluation_errors(text: str) -> None:
    first, second = outcome(text, configured()), outcome(text, configured())
    assert first != "no message"
    if isinstance(first, str) or isinstance(second, str):
        assert first == second
    else:
        assert render(first) == render(second)
        assert first.type == second.type


def known_parts_hold(before: Value, after: Value) -> bool:
    """Say whether nothing that was known is different now."""
    raw = before.raw
    if isinstance(raw, Unknown):
        if raw.not_null and after.raw is None:
            return False
        if raw.text is not None and isinstance(after.raw, str):
            position = 0
            for part in raw.text.parts:
                if isinstance(part, str):
                    position = after.raw.find(part, position)
                    if position < 0:
                        return False
                    position += len(part)
        return before.type == DYNAMIC or after.raw is None or type(before.type) is type(after.type)
    if isinstance(raw, tuple):
        if not isinstance(after.raw, tuple):
            return False
        # Unknown elements of a set may turn out to be equal to others.
        same_length = len(raw) == len(after.raw)
        return not same_length or all(map(known_parts_hold, raw, after.raw)) or "Set" in type(before.type).__name__
    if isinstance(raw, dict):
        return isinstance(after.raw, dict) and all(known_parts_hold(item, after.raw[key]) for key, item in raw.items())
    return bool(raw == after.raw)


def has_unknown_set(text: str) -> bool:
    return "toset(" in text or "local.ue" in text


@given(unknown_expressions, st.fixed_dictionaries({name: st.sampled_from(values) for name, values in KNOWN.items()}))
@settings(max_examples=400, deadline=None)
def test_knowing_more_changes_nothing_known(text: str, known: dict[str, str]) -> None:
    before = outcome(text, configured())
    names = configured() | {name: evaluate(parsed(value), Locals(configured())) for name, value in known.items()}
    after = outcome(text, names)
    if isinstance(before, str):
        # What fails with unknown values fails with every value.
        assert isinstance(after, str)
    elif isinstance(after, Value) and not has_unknown_set(text):
        assert known_parts_hold(before, after), (text, known, render(before), render(after))


def test_the_unknowns_of_the_properties_are_those_of_the_golden_data() -> None:
    assert set(KNOWN) == set(UNKNOWNS)


# --- limits -------------------------------------------------------------------------------


def nested(wrap: Callable[[syntax.Expression], syntax.Expression], depth: int) -> syntax.Expression:
    node: syntax.Expression = syntax.Number(0, 1, "1")
    for _ in range(depth):
        node = wrap(node)
    return node


def wraps() -> Iterator[tuple[str, Callable[[Any], syntax.Expression]]]:
    yield "parentheses", lambda node: syntax.Parentheses(0, 1, node)
    yield "tuple", lambda node: syntax.TupleExpression(0, 1, (node,))
    yield (
        "object",
        lambda node: syntax.ObjectExpression(0, 1, (syntax.ObjectItem(0, 1, syntax.Literal(0, 1, "a"), node),)),
    )
    yield "minus", lambda node: syntax.Unary(0, 1, "-", node)
    yield "sum", lambda node: syntax.Binary(0, 1, "+", node, syntax.Number(0, 1, "1"))
    yield (
        "condition",
        lambda node: syntax.Conditional(0, 1, syntax.Literal(0, 1, True), node, syntax.Literal(0, 1, None)),
    )
    yield (
        "untaken",
        lambda node: syntax.Conditional(0, 1, syntax.Literal(0, 1, False), node, syntax.Literal(0, 1, None)),
    )
    yield "template", lambda node: syntax.Template(0, 1, (syntax.Literal(0, 1, "a"), syntax.Interpolation(0, 1, node)))
    yield "for", lambda node: syntax.ForTuple(0, 1, None, "x", syntax.TupleExpression(0, 1, (node,)), node, None)
    yield "call", lambda node: syntax.Call(0, 1, "tostring", (node,), expand_final=False, name_end=1)
    yield "try", lambda node: syntax.Call(0, 1, "try", (node,), expand_final=False, name_end=1)
    yield "index", lambda node: syntax.Index(0, 1, syntax.TupleExpression(0, 1, (node,)), syntax.Number(0, 1, "0"))


def test_deeply_nested_expressions_end_with_a_limit() -> None:
    for name, wrap in wraps():
        if name != "for":
            value = evaluate(nested(wrap, 150), Locals({}))
            assert value.raw is not None or name == "untaken"
        with pytest.raises(EvaluationError) as caught:
            evaluate(nested(wrap, 5000), Locals({}))
        assert caught.value.code == "limit", name


def limited(text: str, names: dict[str, Value] | None = None) -> None:
    with pytest.raises(EvaluationError) as caught:
        evaluate(parsed(text), Locals(names or {}))
    assert caught.value.code == "limit", caught.value.message
    assert 0 <= caught.value.start < caught.value.end


def test_loops_and_texts_have_limits() -> None:
    limited("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]")
    text = evaluate(
        parsed('join("", [for x in range(1000) : "%{ for y in range(100) }0123456789%{ endfor }"])'), Locals({})
    )
    limited(
        '"${local.x}${local.x}${local.x}${local.x}${local.x}${local.x}${local.x}${local.x}${local.x}${local.x}!"',
        {"x": text},
    )
    limited("1e1000000")
    limited("1e1000000000 - 1")
    limited("1e" + "9" * 5000)
    limited('tonumber("1e999999999999")')
    limited("tostring(1e100000 * 1e100000 * 1e100000 * 1e100000 * 1e100000)")


def test_texts_known_in_part_do_not_grow_for_ever() -> None:
    names = dict(configured())
    for _ in range(40):
        names["x"] = evaluate(parsed('"${local.us}-${local.us}"'), Locals(names))
        names["us"] = names["x"]
        assert names["x"].is_unknown
        assert names["x"].raw.text is None or len(names["x"].raw.text.parts) <= 1_000


def test_values_do_not_grow_deeper_than_everything_can_walk() -> None:
    deeper = parsed("[local.x]")

    def grow() -> None:
        value = evaluate(parsed("[1]"), Locals({}))
        for _ in range(2000):
            value = evaluate(deeper, Locals({"x": value}))

    with pytest.raises(EvaluationError) as caught:
        grow()
    assert caught.value.code == "limit"


def test_an_object_with_more_attributes_than_are_known_stays_open() -> None:
    open_ = Value(EMPTY_OBJECT, OpenAttributes({}, Reason("unsupported", "its schema is not known")))
    for text in ("local.o.x", "[for k, v in local.o : k]", "local.o == {}", "tomap(local.o)", 'local.o["y"]'):
        found = outcome(text, {"o": open_})
        assert isinstance(found, Value), found
        assert found.is_unknown, text
        assert found.raw.reasons[0].code == "unsupported"
