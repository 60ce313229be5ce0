from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.aws.condition_keys import Facts, context_for, key_class
from astralint.aws.conditions import evaluate, judge
from astralint.aws.context import ABSENT, Context, Known
from astralint.aws.outcome import condition_text, opposite
from astralint.aws.policy_parser import OPERATORS, parse_policy
from astralint.aws.principals import Principal
from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from astralint.aws.policy import Condition

KEY = "sts:ExternalId"
PRESENT = PartialText.of(Hole("not known"))


def condition(operator: str, values: Any, key: Any = KEY) -> Condition:
    document = {
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {key: values}}}
    }
    (found,) = parse_policy(document).statements[0].conditions
    return found


def truth(operator: str, values: Any, given_values: Any, key: str = KEY) -> bool | None:
    context = Context() if given_values is None else Context({key: given_values})
    return evaluate(condition(operator, values, key), context)


@pytest.mark.parametrize(
    ("operator", "values", "value", "expected"),
    [
        ("StringEquals", ["a", "b"], "b", True),
        ("StringEquals", "a", "A", False),
        ("StringEqualsIgnoreCase", "a", "A", True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("StringNotEquals", ["a", "b"], "c", True),
        ("StringNotEqualsIgnoreCase", "a", "A", False),
        ("StringLike", "a*c?", "abcccd", True),
        ("StringLike", "a*", "ba", False),
        ("StringEquals", "a*", "ab", False),
        ("StringNotLike", ["a*", "b*"], "bc", False),
        ("stringequals", "a", "a", True),
        ("NumericEquals", "10", "10.0", True),
        ("NumericLessThan", 10, "9", True),
        ("NumericLessThanEquals", 10, "10", True),
        ("NumericGreaterThan", 10, "9", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("NumericGreaterThan", "-1.5", "-1", True),
        ("NumericEquals", "1e1", "10", None),
        ("NumericEquals", " 10", "10", None),
        ("NumericNotEquals", "10", "ten", None),
        ("NumericLessThan", "9" * 40, "1", True),
        ("NumericNotEquals", "10", "11", True),
        ("NumericEquals", "10", "ten", False),
        ("NumericNotEquals", "ten", "10", None),
        ("DateLessThan", "2030-01-01T00:00:00Z", "2026-01-01T00:00:00+02:00", True),
        ("DateGreaterThan", "2030-01-01", "2026-01-01T00:00:00Z", False),
        ("DateEquals", "0", "1970-01-01T00:00:00Z", True),
        ("DateLessThan", "1900000000", "2025-01-01T00:00:00Z", True),
        ("DateNotEquals", "yesterday", "2025-01-01T00:00:00Z", None),
        ("DateLessThan", "2026-01-01T00:00:00.25Z", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "1767225600", "2026-01-01T00:00:00Z", True),
        ("DateEquals", "2026", "2026-01-01T00:00:00Z", None),
        ("DateEquals", "2026-13-01", "2026-01-01T00:00:00Z", None),
        ("DateEquals", "999999999999", "2026-01-01T00:00:00Z", None),
        ("DateNotEquals", "2026-01-01", "tomorrow", None),
        ("Bool", True, "true", True),
        ("Bool", "TRUE", "true", True),
        ("Bool", "yes", "true", None),
        ("Bool", "False", "true", False),
        ("BinaryEquals", "QUJD", "QUJD", True),
        ("BinaryEquals", "QUJD", "QUJE", False),
        ("BinaryEquals", "no base64!", "QUJD", None),
        ("IpAddress", "10.0.0.0/8", "10.9.8.7", True),
        ("IpAddress", ["2001:db8::/32", "10.0.0.1"], "2001:db8::1", True),
        ("IpAddress", "10.0.0.0/8", "2001:db8::1", False),
        ("NotIpAddress", ["192.0.2.7"], "2001:db8::7", True),
        ("NotIpAddress", "10.0.0.0/33", "10.0.0.1", None),
        ("IpAddress", "10.0.0.0/255.0.0.0", "10.0.0.1", None),
        ("IpAddress", "10.0.0.5/8", "10.0.0.1", True),
        ("IpAddress", "2001:db8::/129", "2001:db8::1", None),
        ("IpAddress", "10.0.0.0/8", "somewhere", False),
        ("NotIpAddress", "10.0.0.0/8", "somewhere", None),
        ("ArnLike", "arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:role/a/b", True),
        ("ArnEquals", "arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:role/a/b", True),
        ("ArnLike", "arn:aws:*b", "arn:aws:iam::111111111111:role/a/b", False),
        ("ArnNotLike", "arn:aws:iam::1*:*", "arn:aws:iam::211111111111:user/a", True),
        ("ArnNotEquals", "arn:aws:iam::1:user/a", "arn:aws:iam::1:user/a", False),
        ("ArnLike", "*", "arn:aws:iam::1:user/a", None),
        ("ArnLike", "arn:aws:*:user/a", "arn:aws:iam::1:user/a", False),
        ("ArnNotLike", "arn:aws:iam::1:user/*", "no arn", None),
        ("ArnLike", "arn:aws:iam::1:user/*", "no arn", False),
        ("ArnEquals", "arn:aws:iam::1:user/?", "arn:aws:iam::1:user/a", True),
        ("StringEquals", [], "a", False),
        ("StringNotEquals", [], "a", True),
        ("StringEquals", "a", PRESENT, None),
        ("StringLike", "*", PRESENT, True),
        ("StringNotLike", "*", PRESENT, False),
        ("StringEquals", PRESENT, "a", None),
        ("StringLike", PartialText.of("repo:", Hole("?"), "/*"), "other", False),
        ("NumericLessThan", "3600", PRESENT, None),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), False),
        ("ForAllValues:StringEquals", ["a"], (), True),
        ("ForAllValues:StringNotEquals", ["a"], ("b", "a"), False),
        ("ForAnyValue:StringEquals", ["a", "b"], ("c", "b"), True),
        ("ForAnyValue:StringEquals", ["a"], (), False),
        ("ForAnyValue:StringNotEquals", ["a"], ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ["a"], ("a",), False),
        ("foranyvalue:stringlike", "o-*", ("o-1/r/",), True),
        ("StringEquals", "a", ("a", "b"), None),
        ("Null", "true", "x", False),
        ("Null", "false", "x", True),
        ("Null", "false", PRESENT, True),
        ("Null", "maybe", "x", None),
        ("StringFoo", "a", "a", None),
        ("ForSomeValues:StringEquals", "a", "a", None),
        ("NullIfExists", "true", "a", None),
    ],
)
def test_operators(operator: str, values: Any, value: Any, expected: bool | None) -> None:
    assert truth(operator, values, value) is expected


_NEGATED = [name for name in OPERATORS if "Not" in name]
_POSITIVE = [name for name in OPERATORS if "Not" not in name and name != "Null"]


@pytest.mark.parametrize("operator", _POSITIVE)
def test_a_positive_operator_on_an_absent_key(operator: str) -> None:
    assert truth(operator, "1", ABSENT) is False
    assert truth(f"{operator}IfExists", "1", ABSENT) is True
    assert truth(f"ForAllValues:{operator}", "1", ABSENT) is True
    assert truth(f"ForAnyValue:{operator}", "1", ABSENT) is False
    assert truth(f"ForAllValues:{operator}IfExists", "1", ABSENT) is True


@pytest.mark.parametrize("operator", [*_POSITIVE, *_NEGATED])
def test_any_value_does_not_hold_on_an_absent_key_even_if_it_exists(operator: str) -> None:
    # Somebody measured it: https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w
    assert truth(f"ForAnyValue:{operator}IfExists", "1", ABSENT) is False


@pytest.mark.parametrize("operator", _NEGATED)
def test_a_negated_operator_on_an_absent_key(operator: str) -> None:
    assert truth(operator, "1", ABSENT) is True
    assert truth(f"{operator}IfExists", "1", ABSENT) is True
    assert truth(f"ForAllValues:{operator}", "1", ABSENT) is True
    assert truth(f"ForAnyValue:{operator}", "1", ABSENT) is False


def test_null_on_an_absent_key() -> None:
    assert truth("Null", "true", ABSENT) is True
    assert truth("Null", "false", ABSENT) is False


@pytest.mark.parametrize("operator", [*OPERATORS, "ForAllValues:StringEquals", "ForAnyValue:StringEquals"])
def test_an_unknown_key_gives_unknown(operator: str) -> None:
    assert truth(operator, "true", None) is None


_VALUES = st.sampled_from(["a", "A", "ab", "*", "a*"])


@given(
    st.sampled_from(["StringEquals", "StringLike", "StringEqualsIgnoreCase"]), st.lists(_VALUES, min_size=1), _VALUES
)
def test_a_negated_operator_is_the_opposite(operator: str, values: list[str], value: str) -> None:
    negated = operator.replace("String", "StringNot")
    assert truth(negated, values, value) is (not truth(operator, values, value))


@given(st.sampled_from([name for name in OPERATORS if name != "Null"]), st.lists(_VALUES, max_size=3), _VALUES)
def test_unknown_is_never_surer_than_known(operator: str, values: list[str], value: str) -> None:
    for hidden in (PartialText.of(Hole("?")), PartialText.of(value[0], Hole("?"))):
        said = truth(operator, values, hidden)
        exact = truth(operator, values, value)
        assert said is None or said is exact


def test_variables() -> None:
    context = Context(
        {"aws:username": "alice", "aws:PrincipalTag/team": "*", "sts:ExternalId": "alice", "aws:x": ABSENT}
    )
    assert evaluate(condition("StringEquals", "${aws:username}"), context) is True
    assert evaluate(condition("StringLike", "${aws:PrincipalTag/team}"), context) is False
    assert evaluate(condition("StringEquals", "${aws:x, 'alice'}"), context) is True
    assert evaluate(condition("StringEquals", "${aws:x}"), context) is False
    assert evaluate(condition("StringNotEquals", "${aws:x}"), context) is False
    assert evaluate(condition("StringEquals", "${aws:unknown}"), context) is None
    assert evaluate(condition("StringLike", "${*}"), context) is False
    assert evaluate(condition("StringEquals", "${aws:username}"), context, variables=False) is False
    assert evaluate(condition("StringEquals", "${aws:x, alice}"), context) is None
    assert evaluate(condition("StringEquals", "${aws:x,'alice'}"), context) is None
    assert evaluate(condition("StringEquals", "${AWS:UserName}"), context) is True
    assert evaluate(condition("StringEquals", "${aws:x, 'alice'}-${aws:username}"), context) is False
    assert evaluate(condition("StringNotEquals", ["${aws:x}", "bob"]), context) is False
    assert evaluate(condition("StringEquals", ["${aws:x}", "alice"]), context) is True
    assert evaluate(condition("StringEquals", "${aws:x" + " " * 50_000 + ",}"), context) is None
    holed = PartialText.of("${aws:PrincipalTag/", Hole("?"), "}")
    assert evaluate(condition("StringEquals", holed), context) is None


@pytest.mark.parametrize(
    ("value", "request_value", "expected"),
    [
        ("a${*}c", "a*c", True),
        ("a${*}c", "abc", False),
        ("a${?}c", "a?c", True),
        ("a${?}c", "abc", False),
        ("a${$}{c}", "a${c}", True),
        ("${*}*", "*anything", True),
    ],
)
def test_special_characters(value: str, request_value: str, expected: bool) -> None:
    assert truth("StringLike", value, request_value) is expected
    assert truth("StringEquals", value, request_value) in (None, False)


@pytest.mark.parametrize(
    "operator", ["NumericEquals", "DateEquals", "Bool", "IpAddress", "BinaryEquals", "NumericNotEquals"]
)
def test_variables_are_for_strings_and_arns_only(operator: str) -> None:
    context = Context({KEY: "1", "aws:PrincipalTag/x": "1"})
    assert evaluate(condition(operator, "${aws:PrincipalTag/x}"), context) is None


def test_a_key_with_several_values_is_no_variable() -> None:
    context = Context({KEY: "a", "aws:TagKeys": ("a", "b")})
    assert evaluate(condition("StringEquals", "${aws:TagKeys}"), context) is None


def test_what_remains_is_said_and_kept() -> None:
    left = judge(condition("StringEquals", ["a", 'b"\n']), Context())
    assert str(left.remainder) == 'sts:ExternalId StringEquals ["a", "b\\"\\n"]'
    assert str(opposite(left).remainder) == 'sts:ExternalId StringNotEquals ["a", "b\\"\\n"]'
    assert str(opposite(judge(condition("Bool", "true"), Context())).remainder) == 'not (sts:ExternalId Bool "true")'
    assert (
        condition_text(condition("foranyvalue:stringlikeifexists", "x"))
        == 'sts:ExternalId ForAnyValue:StringLikeIfExists "x"'
    )
    assert left.remainder is not None
    assert left.remainder.condition.values[1].path[-1] == 1


_GITHUB_CLAIMS = (
    *("repository", "repository_id", "repository_owner_id", "environment", "ref", "job_workflow_ref", "workflow"),
    *("actor", "actor_id", "enterprise_id", "sub", "aud"),
)
_KEY_CLASSES = {
    "computable": (
        *("aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"),
        *("aws:PrincipalTag/team", "AWS:principaltag/Team", "aws:PrincipalIsAWSService", "saml:aud"),
    ),
    "caller": ("sts:ExternalId", "sts:RoleSessionName", "sts:SourceIdentity", "aws:RequestTag/x", "aws:TagKeys"),
    "run-time": (
        "aws:SourceIp",
        "aws:MultiFactorAuthPresent",
        "aws:MultiFactorAuthAge",
        "aws:CurrentTime",
        "aws:SourceVpce",
    ),
    "service": ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID"),
    "identity-provider": (
        *(f"token.actions.githubusercontent.com:{claim}" for claim in _GITHUB_CLAIMS),
        *("saml:sub", "gitlab.com:project_path", "oidc.circleci.com/org/1:sub", "agent.buildkite.com:pipeline_slug"),
        *("app.terraform.io:sub", "oidc.eks.eu-west-1.amazonaws.com/id/A:sub", "id.example.org:sub"),
    ),
    "unknown": ("x:y",),
}


@pytest.mark.parametrize(("key", "expected"), [(key, name) for name, keys in _KEY_CLASSES.items() for key in keys])
def test_who_decides_a_key(key: str, expected: str) -> None:
    assert key_class(key) == expected


def test_the_context_of_principals() -> None:
    role = Principal("role", "arn:aws:iam::111111111111:role/a/b")
    facts = Facts(organization="o-1", tags={"Team": "red"}, organization_paths=("o-1/r-1/",))
    context = context_for(role, facts)
    assert context.get("aws:principalarn") == Known((role.text,))
    assert context.get("aws:PrincipalAccount") == Known(("111111111111",))
    assert context.get("aws:PrincipalOrgID") == Known(("o-1",))
    assert context.get("aws:PrincipalTag/team") == Known(("red",))
    assert context.get("aws:PrincipalTag/other") == ABSENT
    assert context.get("aws:username") == ABSENT
    assert context_for(role).get("aws:PrincipalTag/team") != ABSENT
    assert context_for(role, Facts(organization="")).get("aws:PrincipalOrgID") == ABSENT
    service = context_for(Principal("service", "ec2.amazonaws.com"))
    assert service.get("aws:PrincipalIsAWSService") == Known(("true",))
    assert service.get("aws:PrincipalOrgID") == ABSENT
    session = context_for(Principal("session", "arn:aws:sts::111111111111:assumed-role/b/s"))
    assert evaluate(condition("ArnLike", "arn:aws:iam::*:role/*", "aws:PrincipalArn"), session) is True
    assert evaluate(condition("ArnEquals", "arn:aws:iam::111111111111:role/b", "aws:PrincipalArn"), session) is None
    account = context_for(Principal("account", "arn:aws:iam::111111111111:root"))
    assert evaluate(condition("ArnLike", "arn:aws:iam::222222222222:*", "aws:PrincipalArn"), account) is False
    user = context_for(Principal("user", "arn:aws:iam::111111111111:user/alice"))
    assert user.get("aws:username") == Known(("alice",))
