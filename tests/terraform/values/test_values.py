"""Numbers, texts, equality, sets, conversions of what is unknown, and how values are shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.source.partial import Hole, PartialText
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.values import numbers
from astralint.terraform.values.bounds import order_of
from astralint.terraform.values.console_text import go_quoted, render
from astralint.terraform.values.convert import ConversionError, convert, type_text, unify
from astralint.terraform.values.equality import equal, same
from astralint.terraform.values.json_text import to_json
from astralint.terraform.values.operations import merged_reasons
from astralint.terraform.values.sets import set_of
from astralint.terraform.values.text import joined
from astralint.terraform.values.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
)
from astralint.terraform.values.value import (
    SENSITIVE,
    EvaluationError,
    Origin,
    Reason,
    Unknown,
    Value,
    list_of,
    null,
    object_of,
    string,
    symbolic,
    tuple_of,
    unknown,
)
from tests.terraform.expressions.console import Locals, parsed

CONSOLE = json.loads((Path(__file__).parent / "golden" / "console.json").read_text())
REASON = Reason("variable-without-value", "it has no value")
OTHER = Reason("known-after-apply", "it is known after apply")
ACCOUNT = symbolic("account:production", REASON)
SANDBOX = symbolic("account:sandbox", REASON)
OPEN = unknown(OTHER, STRING, not_null=True)


def origin(address: str) -> frozenset[Origin]:
    return frozenset({Origin("local", address, "w", None)})


def value_of(text: str, **names: Value) -> Value:
    return evaluate(parsed(text), Locals(names))


# --- as the console shows them ----------------------------------------------------------------


def test_values_are_shown_as_the_console_shows_them() -> None:
    for name in ("value", "text"):
        assert render(value_of(CONSOLE[name]["expression"])) == CONSOLE[name]["shown"]


def test_types_are_shown_as_the_console_shows_them() -> None:
    assert type_text(value_of(CONSOLE["type"]["expression"]).type) == CONSOLE["type"]["shown"]


def test_the_known_parts_of_a_text_are_shown() -> None:
    text = value_of('"arn:aws:iam::${local.a}:role/x"', a=ACCOUNT)
    assert render(text) == '"arn:aws:iam::{production}:role/x"'
    assert render(text.with_marks(SENSITIVE)) == "(known after apply)"
    assert render(OPEN) == "(known after apply)"


# --- numbers --------------------------------------------------------------------------------------


@given(st.integers(-(10**40), 10**40), st.integers(-(10**40), 10**40))
def test_whole_numbers_are_exact(a: int, b: int) -> None:
    assert numbers.add(a, b) == a + b
    assert numbers.multiply(a, b) == a * b
    if b:
        assert numbers.modulo(a, b) == abs(a) % abs(b) * (-1 if a < 0 else 1)
        assert numbers.multiply(numbers.divide(a * b, b), 1) == a


@given(st.decimals(allow_nan=False, allow_infinity=False, places=20, min_value=-(10**20), max_value=10**20))
def test_decimal_texts_come_back(number: object) -> None:
    plain = f"{number:f}"
    parsed_ = numbers.parse_number(plain)
    assert parsed_ is not None
    assert numbers.parse_number(numbers.format_number(parsed_)) == parsed_
    assert numbers.format_number(parsed_) == (plain.rstrip("0").rstrip(".") if float(plain) else "0") or parsed_ == 0


@pytest.mark.parametrize("text", ["", "-", "1_0", "0x1", " 1", "1 ", "١", "NaN", "infinity", "1e", "e1", ".", "1.2.3"])
def test_what_is_no_number(text: str) -> None:
    assert numbers.parse_number(text) is None


# --- equality -----------------------------------------------------------------------------------------


def test_symbols_are_equal_to_themselves_only() -> None:
    assert same(ACCOUNT, ACCOUNT) is True
    assert same(ACCOUNT, symbolic("account:production", OTHER)) in (True, None)
    assert same(ACCOUNT, SANDBOX) is None
    assert same(ACCOUNT, string("111111111111")) is None
    assert same(OPEN, OPEN) is None
    assert same(ACCOUNT, null()) is False


def test_texts_known_in_part_differ_where_their_parts_do() -> None:
    role = value_of('"arn:aws:iam::${local.a}:role/x"', a=ACCOUNT)
    assert same(role, value_of('"arn:aws:iam::${local.a}:role/x"', a=ACCOUNT)) is True
    assert same(role, value_of('"arn:aws:iam::${local.a}:role/y"', a=ACCOUNT)) is False
    assert same(role, string("arn:aws:iam::111111111111:role/x")) is None
    assert same(role, string("arn:aws:iam::111111111111:user/x")) is False
    assert same(role, string("arn:aws:s3:::x")) is False
    assert same(role, string("arn:aws:iam:::role/x")) is None
    assert same(value_of('"a${local.a}a"', a=OPEN), string("a")) is False


def test_an_unknown_outcome_keeps_reasons_marks_and_origins() -> None:
    left = Value(STRING, OPEN.raw, SENSITIVE, origin("local.a"))
    found = equal(left, string("x").with_origins(origin("local.b")))
    assert found.raw == Unknown((OTHER,), not_null=True)
    assert found.marks == SENSITIVE
    assert {item.address for item in found.origins} == {"local.a", "local.b"}


def test_order() -> None:
    one, two = value_of("1"), value_of("2.5")
    assert (order_of(one, two), order_of(two, one), order_of(one, one), order_of(one, OPEN)) == (-1, 1, 1, None)


# --- sets -----------------------------------------------------------------------------------------------


def test_sets_keep_equal_symbols_once_and_marks_outside() -> None:
    made = set_of(STRING, [ACCOUNT, string("b"), ACCOUNT, OPEN, string("a").with_marks(SENSITIVE), string("a"), OPEN])
    assert [item.raw for item in made.raw[:2]] == ["a", "b"]
    assert len(made.raw) == 4
    assert made.marks == SENSITIVE
    assert not any(item.marks for item in made.raw)


def test_equal_elements_keep_all_their_origins() -> None:
    made = set_of(STRING, [string("a").with_origins(origin("local.x")), string("a").with_origins(origin("local.y"))])
    assert {item.address for item in made.raw[0].origins} == {"local.x", "local.y"}


# --- conversions ------------------------------------------------------------------------------------------


def test_conversions_keep_what_is_known_of_the_unknown() -> None:
    text = Value(STRING, Unknown((REASON,), PartialText(("a", Hole("?"))), not_null=True), SENSITIVE, origin("local.a"))
    made = convert(tuple_of([text, string("b")]), ListType(STRING))
    assert made.raw[0] is text
    number = convert(unknown(REASON, STRING), NUMBER)
    assert number.type == NUMBER
    assert number.raw == Unknown((REASON,))
    assert convert(unknown(REASON, NUMBER, not_null=True), STRING).raw == Unknown((REASON,), not_null=True)
    with pytest.raises(ConversionError, match="bool"):
        convert(unknown(REASON, NUMBER), BOOL)
    assert convert(unknown(REASON, TupleType((STRING, NUMBER))), ListType(DYNAMIC)).type == ListType(STRING)
    assert convert(null(), MapType(STRING)).type == MapType(STRING)


def test_the_path_of_a_failed_conversion() -> None:
    with pytest.raises(ConversionError) as caught:
        convert(value_of('{ a = [{ b = "x" }] }'), ObjectType.of({"a": ListType(ObjectType.of({"b": NUMBER}))}))
    assert caught.value.path == ("a", 0, "b")
    assert caught.value.message == "a number is required"


def test_common_types() -> None:
    assert unify([NUMBER, STRING, BOOL]) == STRING
    assert unify([NUMBER, BOOL]) is None
    assert unify([]) == DYNAMIC
    assert unify([DYNAMIC, NUMBER], unsafe=True) == NUMBER
    assert unify([DYNAMIC, NUMBER]) == DYNAMIC
    assert unify([ListType(NUMBER), TupleType((STRING,))]) == ListType(STRING)
    assert unify([ListType(NUMBER), SetType(NUMBER)], unsafe=True) == ListType(NUMBER)
    assert unify([ObjectType.of({"a": NUMBER}), ObjectType.of({"b": STRING})]) == MapType(STRING)
    assert unify([ObjectType.of({"a": NUMBER}), TupleType(())]) is None
    assert unify([TupleType((NUMBER,)), TupleType((STRING,))]) == TupleType((STRING,))
    assert unify([MapType(NUMBER), ObjectType.of({"b": STRING})]) == MapType(STRING)


# --- texts ------------------------------------------------------------------------------------------------------


def test_texts_are_joined_with_their_holes() -> None:
    made = joined([string("a"), OPEN, string("e"), string("\u0301"), ACCOUNT])
    assert isinstance(made.raw, Unknown)
    assert made.raw.not_null
    assert made.raw.text is not None
    assert [part if isinstance(part, str) else part.symbol for part in made.raw.text.parts] == [
        "a",
        None,
        "\u00e9",
        "account:production",
    ]
    assert made.raw.reasons == (OTHER, REASON)


def test_reasons_are_few_and_each_is_there_once() -> None:
    many = [unknown(Reason("error", f"reason {i % 20}")) for i in range(100)]
    assert [reason.message for reason in merged_reasons(*many)] == [f"reason {i}" for i in range(8)]


@given(st.text())
def test_json_strings_are_read_back(text: str) -> None:
    assert json.loads(to_json(string(text))) == text
    assert go_quoted(text).startswith('"')


def test_what_is_not_known_has_no_json() -> None:
    with pytest.raises(EvaluationError):
        to_json(tuple_of([unknown(REASON)]))


# --- origins --------------------------------------------------------------------------------------------------------


def test_elements_bring_the_origins_of_their_containers() -> None:
    inner = string("x").with_origins(origin("local.inner"))
    listed = Value(ListType(STRING), (inner,), 0, origin("local.list"))
    keyed = object_of({"a": listed})
    found = value_of('[local.o.a[0], "${local.o.a[0]}!", [for x in local.o.a : x][0], (local.o.a[*])[0]]', o=keyed)
    for item in found.raw:
        assert {each.address for each in item.origins} == {"local.inner", "local.list"}


def test_operations_unite_origins() -> None:
    a = value_of("1").with_origins(origin("local.a"))
    b = value_of("2").with_origins(origin("local.b"))
    for text in (
        "local.a + local.b",
        "local.a < local.b",
        "local.a == local.b",
        '"${local.a}${local.b}"',
        "[5, 6, 7][local.a] + local.b",
    ):
        assert {each.address for each in value_of(text, a=a, b=b).origins} == {"local.a", "local.b"}, text
    chosen = value_of("local.c ? local.a : local.b", a=a, b=b, c=value_of("true").with_origins(origin("local.c")))
    assert {each.address for each in chosen.origins} == {"local.a", "local.c"}


def test_nothing_is_copied_where_nothing_is_carried() -> None:
    items = list_of(STRING, [string("a")])
    assert value_of("local.l[0]", l=items) is items.raw[0]


def test_try_keeps_what_is_known_of_a_symbol_and_forgets_what_may_fail() -> None:
    role = object_of({"arn": value_of('"arn:aws:iam::${local.a}:role/x"', a=ACCOUNT)})
    assert value_of('try(local.r.arn, "")', r=role).raw.text is not None
    assert value_of('try("${local.r.arn}/*", "")', r=role).raw.text is not None
    assert value_of("can(local.r.arn)", r=role).raw is True
    assert value_of('try(local.r.name, "none")', r=role).raw == "none"
    guessed = value_of('try(tonumber(local.a), "none")', a=OPEN)
    assert guessed.type == DYNAMIC
    assert guessed.is_unknown
    partly = value_of('try({ a = 1, b = tonumber(local.a) }, "none")', a=OPEN)
    assert partly.is_unknown
