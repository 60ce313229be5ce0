"""What is unknown stays unknown, for its reasons, and no further than it must."""

from __future__ import annotations

import pytest

from astralint.source.partial import Hole, PartialText
from astralint.terraform import functions
from astralint.terraform.functions.signatures import signatures
from astralint.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING, AnyType, ListType, MapType, ObjectType
from astralint.terraform.values.value import (
    NULL,
    EvaluationError,
    OpenAttributes,
    Origin,
    Reason,
    Value,
    list_of,
    map_of,
    object_of,
    string,
    symbolic,
    tuple_of,
    unknown,
)

from .evaluator import Files, evaluate

APPLY = Reason("known-after-apply", "known after apply")
OTHER = Reason("variable-without-value", "variable `x` has no value")
ROLE = Origin("resource", "aws_iam_role.deploy.arn", "production", None)

SCOPE: dict[str, Value] = {
    "text": unknown(APPLY, STRING, origins=frozenset({ROLE})),
    "other": unknown(OTHER, STRING),
    "number": unknown(APPLY, NUMBER),
    "flag": unknown(APPLY, BOOL),
    "any": unknown(APPLY, DYNAMIC),
    "texts": unknown(APPLY, ListType(STRING)),
    "map": unknown(APPLY, MapType(STRING)),
    "object": unknown(APPLY, ObjectType.of({"a": STRING, "b": NUMBER})),
    "open": Value(ObjectType.of({"a": STRING}), OpenAttributes({"a": string("x")}, OTHER)),
    "arn": unknown(APPLY, STRING, text=PartialText.of("arn:aws:iam::", Hole("known after apply"), ":role/deploy")),
    "account": symbolic("account:production", OTHER),
    "known": tuple_of([string("a"), unknown(APPLY, STRING)]),
    "list": list_of(STRING, [string("a"), unknown(APPLY, STRING)]),
    "entries": map_of(STRING, {"a": string("x"), "b": unknown(APPLY, STRING)}),
}


def result(expression: str) -> Value:
    return evaluate(expression, SCOPE, Files())


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ("upper(any)", STRING),
        ("length(texts)", NUMBER),
        ("length(any)", NUMBER),
        ("length(open)", NUMBER),
        ("length(toset(list))", NUMBER),
        ("keys(map)", ListType(STRING)),
        ("values(map)", ListType(STRING)),
        ("element(texts, 0)", STRING),
        ("element(any, 0)", DYNAMIC),
        ('lookup(map, "a")', STRING),
        ("lookup(entries, text)", STRING),
        ('lookup(open, "z", 1)', DYNAMIC),
        ('contains(list, "z")', BOOL),
        ('index(list, "z")', NUMBER),
        ('coalesce(text, "z")', STRING),
        ("concat(texts, texts)", ListType(STRING)),
        ("merge(map, map)", MapType(STRING)),
        ("merge(map, {z = 1})", DYNAMIC),
        ("flatten([texts])", DYNAMIC),
        ("reverse(texts)", ListType(STRING)),
        ("distinct(list)", ListType(STRING)),
        ("sort(texts)", ListType(STRING)),
        ("issensitive(text)", BOOL),
        ("alltrue([true, flag])", BOOL),
        ("anytrue([false, flag])", BOOL),
        ("sum([1, number])", NUMBER),
        ("jsonencode({a = text})", STRING),
        ("jsonencode(open)", STRING),
        ("yamlencode([text])", STRING),
        ("jsondecode(text)", DYNAMIC),
        ('regex("a(b)", text)', None),
        ("format(text)", STRING),
        ('formatlist("%s", texts)', ListType(STRING)),
        ('split(",", text)', ListType(STRING)),
        ("zipmap(list, [1, 2])", DYNAMIC),
        ("tolist(any)", ListType(DYNAMIC)),
        ("tonumber(text)", NUMBER),
        ("cidrsubnet(text, 8, 1)", STRING),
        ("timestamp()", STRING),
        ("uuid()", STRING),
        ("plantimestamp()", STRING),
        ('bcrypt("x")', STRING),
        ('base64gzip("x")', STRING),
        ('abspath("x")', STRING),
        ('pathexpand("~/x")', STRING),
        ('provider::aws::arn_build("aws", "iam", "", account, "role/x")', STRING),
    ],
)
def test_the_result_is_unknown(expression: str, type_: AnyType | None) -> None:
    value = result(expression)
    assert value.is_unknown
    assert value.raw.reasons
    if type_ is not None:
        assert value.type == type_


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("length(known)", 2),
        ("length(list)", 2),
        ("length(object)", 2),
        ('contains(list, "a")', True),
        ('lookup(entries, "a", "z")', "x"),
        ("element(known, 0)", "a"),
        ('coalesce("a", text)', "a"),
        ("anytrue([true, flag])", True),
        ("alltrue([false, flag])", False),
        ('startswith(arn, "arn:aws:iam")', True),
        ('startswith(arn, "arn:aws:s3")', False),
        ('endswith(arn, ":role/deploy")', True),
        ('endswith(arn, "user")', False),
        ('strcontains(arn, "role")', True),
        ('join(",", keys(object))', "a,b"),
        ("keys(entries)[1]", "b"),
        ("length(sort(list))", 2),
        ("length(tolist(toset([text])))", 1),
        ('abspath("/a/../b")', "/b"),
        ('pathexpand("x")', "x"),
        ('provider::aws::arn_parse("arn:aws:iam::1:role/x").service', "iam"),
    ],
)
def test_what_can_be_known_is_known(expression: str, expected: object) -> None:
    value = result(expression)
    assert value.raw == expected


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ('format("arn:aws:iam::%s:role/%s", text, "x")', "arn:aws:iam::{?}:role/x"),
        ('format("%v-%5d", account, 7)', "{production}-    7"),
        ('format("%5s-x", account)', "{?}-x"),
        ('format("%q", text)', None),
        ('format("a%d", number)', "a{?}"),
        ('join(":", ["arn", text, "x"])', "arn:{?}:x"),
        ('join(text, ["a", "b"])', "a{?}b"),
        ('replace(arn, ":", "/")', "arn/aws/iam//{?}/role/deploy"),
        ('replace(arn, ":role", "")', None),
        ('replace(arn, ":", text)', "arn{?}aws{?}iam{?}{?}{?}{?}role/deploy"),
        ("upper(arn)", "ARN:AWS:IAM::{?}:ROLE/DEPLOY"),
        ("lower(account)", None),
        ('trimprefix(arn, "arn:")', "aws:iam::{?}:role/deploy"),
        ('trimsuffix(arn, "/deploy")', "arn:aws:iam::{?}:role"),
        ('trimprefix(arn, "x")', "arn:aws:iam::{?}:role/deploy"),
        ('trimprefix(text, "x")', None),
        ('provider::aws::arn_build("aws", "iam", "", account, "role/x")', "arn:aws:iam::{production}:role/x"),
        ('formatlist("%s/x", list)[1]', "{?}/x"),
    ],
)
def test_known_parts_of_texts_survive(expression: str, shown: str | None) -> None:
    value = result(expression)
    assert value.is_unknown
    assert (None if value.raw.text is None else str(value.raw.text)) == shown


def test_an_arn_with_a_symbolic_account_is_taken_apart() -> None:
    parsed = result('provider::aws::arn_parse(format("arn:aws:iam::%s:role/x", account))').raw
    assert parsed["service"].raw == "iam"
    assert parsed["resource"].raw == "role/x"
    assert parsed["account_id"].raw.symbol == "account:production"


def test_a_hole_without_identity_may_hold_several_sections() -> None:
    parsed = result("provider::aws::arn_parse(arn)").raw
    assert parsed["service"].raw == "iam"
    assert parsed["account_id"].is_unknown
    assert parsed["resource"].is_unknown


def test_all_reasons_and_origins_are_kept() -> None:
    value = result('format("%s-%s", text, other)')
    assert set(value.raw.reasons) == {APPLY, OTHER}
    assert value.origins == {ROLE}
    assert result("jsonencode([{a = text}])").origins == {ROLE}
    assert result("element([text, 1], 0)").origins == {ROLE}


def test_partly_known_collections_keep_what_is_known() -> None:
    merged = result("merge({a = 1}, object)")
    assert merged.raw["b"].is_unknown
    assert merged.raw["b"].type == NUMBER
    opened = result("merge({z = 1}, open)")
    assert isinstance(opened.raw, OpenAttributes)
    assert opened.raw["a"].raw == "x"
    assert [item.raw for item in result('concat(known, ["b"])').raw][::2] == ["a", "b"]
    assert result("flatten([known, [1]])").raw[1].is_unknown


def test_a_wrong_call_is_an_error_even_with_unknown_arguments() -> None:
    for expression in (
        "upper(text, text)",
        "element(text, 0)",
        "merge(text)",
        "keys(texts)",
        "slice(texts, -1, 2)",
        'regex("(", text)',
    ):
        with pytest.raises(EvaluationError):
            result(expression)


@pytest.mark.parametrize("name", sorted(set(signatures()) - {"try", "can", "type"}))
def test_every_function_takes_unknown_arguments(name: str) -> None:
    signature = signatures()[name]
    arguments = [unknown(APPLY, parameter.type) for parameter in signature.parameters]
    if signature.variadic is not None:
        arguments += [unknown(APPLY, signature.variadic.type)] * 2
    if name in {"bcrypt", "lookup"}:
        # They take fewer arguments than their signatures tell.
        arguments.pop()
    if name == "templatefile":
        arguments[0] = string("greet.tftpl")
    value = functions.call(name, arguments, Files())
    if name not in {"issensitive", "provider::aws::arn_parse"}:
        assert value.is_unknown
        assert APPLY in value.raw.reasons or not arguments
        assert signature.returns in {value.type, DYNAMIC} or not isinstance(signature.returns, type(STRING))


@pytest.mark.parametrize("name", sorted(set(signatures()) - {"try", "can", "type"}))
def test_every_function_takes_nulls_as_terraform_does(name: str) -> None:
    signature = signatures()[name]
    for position, parameter in enumerate(signature.parameters):
        arguments = [unknown(APPLY, each.type) for each in signature.parameters]
        arguments[position] = NULL
        if parameter.nullable:
            continue
        with pytest.raises(EvaluationError) as caught:
            functions.call(name, arguments, Files())
        assert caught.value.argument == position
        assert "argument must not be null" in caught.value.message


def test_values_with_marks_give_values_with_marks() -> None:
    secret = string("x").with_marks(1)
    value = evaluate("upper(secret)", {"secret": secret})
    assert value.raw == "X"
    assert value.is_sensitive
    assert evaluate("nonsensitive(secret)", {"secret": secret}).marks == 0
    assert evaluate("sensitive(1)").marks == 1
    ephemeral = object_of({"a": string("x").with_marks(2), "b": string("y")})
    kept = evaluate("ephemeralasnull(value)", {"value": ephemeral})
    assert kept.raw["a"].is_null
    assert kept.raw["b"].raw == "y"
    assert evaluate("jsonencode(value)", {"value": ephemeral}).marks == 2


def test_errors_do_not_tell_what_is_sensitive() -> None:
    secret = {"secret": string("hunter2").with_marks(1), "base": tuple_of([string("hunter2").with_marks(1)])}
    for expression in (
        "lookup({}, secret)",
        "tonumber(secret)",
        "parseint(secret, 10)",
        "cidrhost(secret, 1)",
        "sum(base)",
    ):
        with pytest.raises(EvaluationError) as caught:
            evaluate(expression, secret)
        assert "hunter2" not in caught.value.message
