"""Results come back from bytes as they were, sensitive ones are not written, and damage is noticed."""

from __future__ import annotations

from typing import Any

import gmpy2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.source.partial import Hole, PartialText
from astralint.source.span import Span
from astralint.terraform.codec import fingerprint
from astralint.terraform.requests import OrganizationRequest, RemoteStateRequest
from astralint.terraform.result_codec.decode import ResultDecoder
from astralint.terraform.result_codec.encode import encode_result, is_sensitive
from astralint.terraform.results import OutputResult, StateIdentity, WorkspaceResult
from astralint.terraform.values.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType
from astralint.terraform.values.value import (
    SENSITIVE,
    OpenAttributes,
    Origin,
    Reason,
    Unknown,
    Value,
    list_of,
    map_of,
    object_of,
    string,
    tuple_of,
)

SPAN = Span("a.tf", 1, 1, 1, 2)
ORIGIN = Origin("local", "local.a", "w", SPAN)
LATER = Origin("output", "output.b", "w", None, frozenset((ORIGIN,)))
ORIGINS = st.sampled_from([frozenset(), frozenset((ORIGIN,)), frozenset((ORIGIN, LATER))])
REASON = Reason("error", "é", SPAN)
UNKNOWNS = st.sampled_from(
    [
        Unknown((REASON,)),
        Unknown((REASON, Reason("pending", "later")), PartialText(("a", Hole("h", "account:x"))), not_null=True),
    ]
)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=-(2**70), max_value=2**511),
    st.sampled_from(
        [gmpy2.mpfr("0.1", 512), gmpy2.mpfr("-0", 512), gmpy2.inf(-1), gmpy2.mpfr("1e-300", 512), gmpy2.inf(1)]
    ),
)
SCALARS = st.one_of(
    st.builds(Value, st.just(STRING), st.text(), st.sampled_from([0, 2]), ORIGINS),
    st.builds(Value, st.just(NUMBER), NUMBERS, st.just(0), ORIGINS),
    st.builds(Value, st.just(BOOL), st.booleans(), st.just(0), ORIGINS),
    st.builds(Value, st.sampled_from([STRING, DYNAMIC, ListType(STRING), MapType(BOOL)]), st.none()),
    st.builds(Value, st.sampled_from([STRING, SetType(NUMBER)]), UNKNOWNS, st.sampled_from([0, SENSITIVE]), ORIGINS),
)
NAMES = st.dictionaries(st.text(max_size=3), SCALARS, max_size=3)


def opened(attributes: dict[str, Value]) -> Value:
    raw = OpenAttributes(attributes, REASON)
    return Value(object_of(attributes).type, raw)


VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple_of),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(object_of),
        st.dictionaries(st.text(max_size=3), inner, max_size=3).map(opened),
        st.lists(st.text(), max_size=3).map(lambda texts: list_of(STRING, map(string, texts))),
        st.dictionaries(st.text(), st.text(), max_size=2).map(
            lambda texts: map_of(STRING, {key: string(text) for key, text in texts.items()})
        ),
    ),
    max_leaves=10,
)


def result(*values: Value, **more: Any) -> WorkspaceResult:
    outputs = {f"o{number}": OutputResult(f"o{number}", value, SPAN) for number, value in enumerate(values)}
    plain = WorkspaceResult(
        "w", "d", (), outputs, (), StateIdentity("local", {}, None), (), (), (OrganizationRequest("x"),), (), (), ("a",)
    )
    return msgspec.structs.replace(plain, **more)


@given(st.lists(VALUES, max_size=3))
def test_values_come_back_as_they_were(values: list[Value]) -> None:
    before = result(*values)
    data = encode_result(before)
    assert data is not None
    after = ResultDecoder().decode(data)
    assert fingerprint(after) == fingerprint(before)
    for old, new in zip(before.outputs.values(), after.outputs.values(), strict=True):
        assert type(new.value.raw) is type(old.value.raw)
        assert new.value.type == old.value.type


def test_a_number_and_a_truth_are_two() -> None:
    data = encode_result(result(tuple_of([Value(DYNAMIC, 1), Value(DYNAMIC, True)])))
    assert data is not None
    first, second = ResultDecoder().decode(data).outputs["o0"].value.raw
    assert (first.raw, second.raw) == (1, True)
    assert type(first.raw) is int
    assert second.raw is True


def test_shared_origins_stay_shared() -> None:
    one = Value(STRING, "x", 0, frozenset((ORIGIN,)))
    other = Value(STRING, "y", 0, frozenset((LATER,)))
    data = [encode_result(result(one)), encode_result(result(other))]
    decoder = ResultDecoder()
    first, second = (decoder.decode(item) for item in data if item is not None)
    (origin,), (later,) = first.outputs["o0"].value.origins, second.outputs["o0"].value.origins
    assert later.sources == {origin}


@pytest.mark.parametrize(
    "value",
    [
        Value(STRING, "secret", SENSITIVE),
        tuple_of([Value(NUMBER, 5, SENSITIVE)]),
        object_of({"a": Value(ListType(STRING), (), SENSITIVE)}),
    ],
)
def test_sensitive_values_are_not_written(value: Value) -> None:
    assert is_sensitive(value)
    assert encode_result(result(value)) is None


def test_what_hides_nothing_is_written() -> None:
    for value in (Value(STRING, None, SENSITIVE), Value(STRING, Unknown((REASON,)), SENSITIVE)):
        assert not is_sensitive(value)
        assert encode_result(result(value)) is not None


def test_credentials_of_backends_are_not_written() -> None:
    request = RemoteStateRequest("s3", (("bucket", "b"), ("secret_key", "x")))
    assert encode_result(result(requests=(request,))) is None


@pytest.mark.parametrize("data", [b"", b"\x90", b"\x00" * 20, msgspec.msgpack.encode(["x"] * 22)])
def test_what_is_no_result_raises(data: bytes) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        ResultDecoder().decode(data)
