"""Whatever the arguments, a call ends soon and within bounds, with a value or with one clear error."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.terraform import functions
from astralint.terraform.functions.globbing import compile_pattern
from astralint.terraform.functions.signatures import signatures
from astralint.terraform.functions.support import FunctionError
from astralint.terraform.values.types import NUMBER, STRING
from astralint.terraform.values.value import (
    FALSE,
    NULL,
    EvaluationError,
    Value,
    list_of,
    number,
    object_of,
    string,
    tuple_of,
)

from .evaluator import Files, evaluate

MANY = list_of(NUMBER, map(number, range(2_000)))
BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
)


def call(name: str, *arguments: Value) -> Value:
    return functions.call(name, list(arguments), Files())


def outcome(name: str, *arguments: Value) -> Value | EvaluationError:
    try:
        return call(name, *arguments)
    except EvaluationError as error:
        return error


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("setproduct", (MANY, MANY, MANY)),
        ("setproduct", tuple(list_of(NUMBER, map(number, range(10))) for _ in range(30))),
        ("format", (string("%1000000000s"), number(1))),
        ("format", (string("%10000000d!"), number(1))),
        ("format", (string("%.10000000f"), number(1))),
        ("format", (string("%[99999999999999]s"), number(1))),
        ("format", (string("%900000s" * 20), *(string("a") for _ in range(20)))),
        ("formatlist", (string("%900000s"), list_of(STRING, map(string, map(str, range(100)))))),
        ("indent", (number(1_000_000), string("\n" * 1_000_000))),
        ("indent", (number(2**62), string("a\nb"))),
        ("replace", (string("a" * 100_000), string("a"), string("b" * 1_000_000))),
        ("replace", (string("a" * 100_000), string("/a/"), string("b" * 1_000_000))),
        ("replace", (string("a" * 100_000), string(""), string("b" * 1_000_000))),
        ("join", (string("x" * 1_000_000), list_of(STRING, [string("a")] * 1_000))),
        ("yamldecode", (string(BOMB),)),
        ("yamldecode", (string("[" * 600 + "]" * 600),)),
        ("jsondecode", (string("[" * 600 + "]" * 600),)),
        ("jsondecode", (string('{"a":' * 100_000 + "1" + "}" * 100_000),)),
        ("jsondecode", (string("[" + "1," * 1_100_000 + "1]"),)),
        ("split", (string(","), string("," * 1_100_000))),
        ("concat", (Value(list_of(NUMBER, ()).type, (number(1),) * 600_000),) * 2),
        ("replace", (string("a" * 1_000_000), string("/.*?/"), string("b"))),
        ("regexall", (string("."), string("a" * 1_000_000))),
        ("jsondecode", (string("1e" + "9" * 5_000),)),
        ("tonumber", (string("1e-" + "9" * 5_000),)),
        ("regex", (string("((((a{50}){50}){50}){50})"), string("a"))),
        ("regex", (string("()" * 2_000), string("a"))),
        ("fileset", (string("tree"), string("*" * 10_000))),
        ("csvdecode", (string("a,b\n" * 600_000),)),
    ],
)
def test_hostile_arguments_are_refused(name: str, arguments: tuple[Value, ...]) -> None:
    with pytest.raises(EvaluationError) as caught:
        call(name, *arguments)
    assert caught.value.code in {"limit", "invalid-expression"}
    assert len(caught.value.message) < 1_000


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("range", (number(10**9),)),
        ("pow", (number(10**300), number(10**300))),
        ("parseint", (string("9" * 10_000_000), number(10))),
        ("parseint", (string("z" * 90_000), number(62))),
        ("regex", (string("(a*)*(a*)*(a*)*b"), string("a" * 100_000))),
        ("regexall", (string("(x+x+)+y"), string("x" * 20_000))),
        ("jsondecode", (string("9" * 1_000_000),)),
        ("yamldecode", (string("&a [" * 200 + "*a" + "]" * 200),)),
        ("tonumber", (string("1e999999999"),)),
        ("jsondecode", (string("1e999999999"),)),
        ("yamldecode", (string("1e999999999"),)),
        ("cidrhost", (string("::/0"), number(10**100))),
        ("cidrsubnet", (string("::/0"), number(2**62), number(1))),
        ("timeadd", (string("2020-01-01T00:00:00Z"), string("9" * 100_000 + "h"))),
        ("formatdate", (string("Y" * 1_000_000), string("2020-01-01T00:00:00Z"))),
        ("uuidv5", (string("x" * 1_000_000), string("y"))),
        ("trim", (string("ab" * 500_000), string("ba" * 1_000))),
        ("title", (string("é " * 300_000),)),
        ("distinct", (list_of(NUMBER, map(number, range(50_000))),)),
        ("matchkeys", (MANY, MANY, MANY)),
        ("setsubtract", (MANY, MANY)),
        ("nosuchfunction" * 10_000, ()),
    ],
)
def test_heavy_arguments_end(name: str, arguments: tuple[Value, ...]) -> None:
    given = outcome(name, *arguments)
    assert isinstance(given, Value) or len(given.message) < 1_000


def nested(depth: int) -> Value:
    value = string("x")
    for level in range(depth):
        value = object_of({"a": value}) if level % 2 else tuple_of([value])
    return value


@pytest.mark.parametrize("name", ["yamlencode", "flatten", "provider::terraform::encode_expr", "length", "issensitive"])
def test_deep_values_need_no_deep_stack(name: str) -> None:
    assert not call(name, nested(500) if name != "flatten" else tuple_of([nested(400)])).is_null


def test_decoded_nesting_comes_to_the_limit_and_no_further() -> None:
    assert call("jsondecode", string("[" * 400 + "]" * 400)).raw
    assert call("yamldecode", string("[" * 400 + "]" * 400)).raw


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab*?[]{}\\/,!^-.é", max_size=12), st.text(alphabet="ab/.é", max_size=12))
def test_globs_never_fail_otherwise_than_as_malformed(pattern: str, path: str) -> None:
    with contextlib.suppress(FunctionError):
        assert compile_pattern(pattern)(path) in {True, False}


SAMPLES: list[Value] = [
    NULL,
    FALSE,
    number(0),
    number(-3),
    number(2**70),
    string(""),
    string("a"),
    string("%s %d ${x} ~ é\u0301 /(/ 10.0.0.0/8 2020-01-01T00:00:00Z"),
    tuple_of([]),
    tuple_of([string("b"), NULL, number(1)]),
    object_of({}),
    object_of({"a": number(1), "b c": tuple_of([NULL])}),
    list_of(STRING, [string("x")]),
]


@settings(max_examples=1_500, deadline=None)
@given(
    st.sampled_from(sorted(set(signatures()) - {"try", "can", "type"})), st.lists(st.sampled_from(SAMPLES), max_size=4)
)
def test_any_call_gives_a_value_or_one_error(name: str, arguments: list[Value]) -> None:
    made = outcome(name, *arguments)
    if isinstance(made, EvaluationError):
        assert made.message
        assert made.argument is None or 0 <= made.argument <= len(arguments)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
        max_leaves=12,
    )
)
def test_what_is_encoded_is_decoded_again(plain: object) -> None:
    import json

    value = call("jsondecode", string(json.dumps(plain)))
    again = call("jsondecode", call("jsonencode", value))
    assert call("jsonencode", again).raw == call("jsonencode", value).raw
    written = call("yamlencode", value)
    assert call("yamlencode", call("yamldecode", written)).raw == written.raw


def test_errors_speak_as_terraform_does() -> None:
    def message(expression: str) -> str:
        with pytest.raises(EvaluationError) as caught:
            evaluate(expression)
        return caught.value.message

    assert message('uper("a")') == 'Call to unknown function: there is no function named "uper". Did you mean "upper"?'
    assert message("upper()").startswith("Not enough function arguments")
    assert message("upper(1, 2)").startswith("Too many function arguments")
    assert message("upper([])").startswith('Invalid function argument: invalid value for "str" parameter: ')
    assert (
        message("element([], 0)")
        == 'Error in function call: call to function "element" failed: cannot use element function with an empty list'
    )
    assert "outside" in message('file("../../../../etc/passwd")')


def test_names_of_functions() -> None:
    assert functions.is_function("upper")
    assert functions.is_function("core::upper")
    assert functions.is_function("provider::aws::arn_parse")
    assert not functions.is_function("uper")


def test_templatestring_gives_a_string() -> None:
    value = call("templatestring", string("${n}"), object_of({"n": number(5)}))
    assert (value.type, value.raw) == (STRING, "5")
    with pytest.raises(EvaluationError):
        functions.call("templatestring", [string("x"), object_of({})], Files(depth=1))
