from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.aws.arn import Arn, iam_arn, is_account_id, match_arn, permission_set
from astralint.aws.text import join, split
from astralint.aws.wildcard import equal, match
from astralint.source.partial import Hole, PartialText

_LETTERS = "ab*?"


def _expected(pattern: str, value: str) -> bool:
    expression = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(expression, value, re.DOTALL) is not None


@given(st.text(_LETTERS, max_size=8), st.text("ab\n", max_size=8))
def test_known_texts_match_as_a_regular_expression_would(pattern: str, value: str) -> None:
    assert match(pattern, value) is _expected(pattern, value)


_PIECES = st.lists(st.one_of(st.text("ab", max_size=3), st.just(Hole("?")), st.just(Hole("?", "name:x"))), max_size=4)
_FILLINGS = ("", "a", "b", "ab", "bba")


@given(st.text(_LETTERS, max_size=6), _PIECES, st.lists(st.sampled_from(_FILLINGS), min_size=4, max_size=4))
def test_what_is_said_of_holes_holds_for_each_filling(
    pattern: str, pieces: list[str | Hole], fillings: list[str]
) -> None:
    said = match(pattern, PartialText.of(*pieces))
    filled = "".join(fillings[i] if isinstance(piece, Hole) else piece for i, piece in enumerate(pieces))
    if said is not None:
        assert _expected(pattern, filled) is said


@given(_PIECES, _PIECES, st.lists(st.sampled_from(_FILLINGS), min_size=8, max_size=8), st.sampled_from(_FILLINGS))
def test_equality_holds_for_each_filling(
    first: list[str | Hole], second: list[str | Hole], fillings: list[str], named: str
) -> None:
    def fill(pieces: list[str | Hole], start: int) -> str:
        return "".join(
            piece if isinstance(piece, str) else named if piece.symbol else fillings[start + i]
            for i, piece in enumerate(pieces)
        )

    said = equal(PartialText.of(*first), PartialText.of(*second))
    if said is not None:
        assert (fill(first, 0) == fill(second, 4)) is said


def test_exact_answers_on_holes() -> None:
    value = PartialText.of("arn:aws:iam::", Hole("?"), ":role/deploy")
    assert match("arn:aws:iam::*:role/deploy", value) is True
    assert match("arn:aws:iam::1*:role/deploy", value) is None
    assert match("arn:aws:iam::*:user/deploy", value) is False
    assert match("?", PartialText.of(Hole("?"))) is None
    assert match(PartialText.of(Hole("?")), "x") is None
    assert match(PartialText.of("a", Hole("?")), "b") is False
    assert equal(PartialText.of(Hole("?")), PartialText.of(Hole("?"))) is None


def test_symbolic_accounts() -> None:
    first, second = (PartialText.of(Hole("", f"account:{name}")) for name in ("one", "two"))
    again = PartialText.of(Hole("another reason", "account:one"))
    assert equal(first, again) is True
    assert equal(first, second) is False
    assert equal(first, "123456789012") is None
    assert equal(first, "12345678901") is False
    assert equal(first, "account") is False
    assert match("????????????", first) is True
    assert is_account_id(first) is True
    assert is_account_id("1234") is False
    assert is_account_id(PartialText.of(Hole("?"))) is None


@pytest.mark.parametrize("pattern", ["*a" * 500 + "b", "*?a" * 400 + "b", "?*" * 500 + "b", "a*" * 1000])
@pytest.mark.parametrize("value", ["a" * 2000, PartialText.of("a" * 1000, Hole("?"), "a" * 1000)])
def test_hostile_patterns_end(pattern: str, value: str | PartialText) -> None:
    assert match(pattern, value) in (True, False, None)


def test_arns() -> None:
    arn = Arn.parse("arn:aws:iam::111111111111:role/team/ci/deploy")
    assert arn is not None
    assert (arn.resource_type, arn.path, arn.name, arn.is_root) == ("role", "/team/ci/", "deploy", False)
    session = Arn.parse("arn:aws:sts::111111111111:assumed-role/deploy/run")
    assert session is not None
    assert session.session_role_name == "deploy"
    assert iam_arn("111111111111", "role", "deploy", "/team/ci/") == arn
    assert Arn.parse("role/x") is None
    assert Arn.parse(PartialText.of("arn:aws:iam::", Hole("?"))) is None
    assert permission_set(arn) is None


def test_an_arn_with_holes_keeps_its_fields() -> None:
    text = PartialText.of("arn:", Hole("?"), ":iam::", Hole("", "account:a"), ":role/", Hole("?"), "/x")
    arn = Arn.parse(text)
    assert arn is not None
    assert arn.text == text
    assert (arn.service, arn.resource_type, arn.name) == ("iam", "role", "x")
    assert str(arn.account) == "{a}"


@given(st.lists(st.one_of(st.text("a:", max_size=4), st.just(Hole("?"))), max_size=5), st.integers(-1, 3))
def test_split_and_join_are_inverse(pieces: list[str | Hole], limit: int) -> None:
    text = PartialText.of(*pieces)
    fields = split(text, ":", limit)
    together: list[str | Hole | PartialText] = []
    for index, field in enumerate(fields):
        together += [":", field] if index else [field]
    assert join(*together) == join(text)
    assert limit < 0 or len(fields) <= limit + 1


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", True),
        ("arn:aws:iam::*:role/*", True),
        ("arn:aws:iam*", True),
        ("arn:*", True),
        ("arn:aws:iam::111111111111:role/t*y", True),
        ("arn:aws:*deploy", False),
        # AWS: "if the * wildcard is the last character of a segment, it can expand to match beyond the colon
        # boundaries"; the simulator says that it does not.
        ("arn:*:role/team/deploy", None),
        ("arn:aws:iam:*:role/team/deploy", None),
        ("arn:aws:iam:*:role/team/other", False),
        ("arn:aws:i*m:*:user/*", False),
        ("arn:aws:iam::111111111111:role/DEPLOY", False),
        ("arn:aws:iam::222222222222:*", False),
    ],
)
def test_resources_are_matched_field_by_field(pattern: str, expected: bool | None) -> None:
    assert match_arn(pattern, "arn:aws:iam::111111111111:role/team/deploy") is expected
