from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.aws.context import EMPTY_CONTEXT
from astralint.aws.decision import AssumeRoleRequest, decide
from astralint.aws.evaluation import identity_allows
from astralint.aws.policy import Policy, Unknowable
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Principal, trust_principals
from astralint.source.partial import Hole, PartialText

ROLE = "arn:aws:iam::111111111111:role/target"
ALLOW = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}


def allows(policy: Policy, action: str = "sts:AssumeRole", resource: str = ROLE) -> bool | None:
    return identity_allows([policy], action, resource, EMPTY_CONTEXT).truth


def messages(policy: Policy) -> list[str]:
    return [problem.message for problem in policy.problems]


def test_text_and_structure_are_the_same_policy() -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"sts:DurationSeconds": 3600}},
            }
        ],
    }
    policy = parse_policy(json.dumps(document))
    assert policy == parse_policy(document)
    assert policy.problems == ()
    (statement,) = policy.statements
    assert statement.action is not None
    assert [entry.path for entry in statement.action.entries] == [
        ("Statement", 0, "Action", 0),
        ("Statement", 0, "Action", 1),
    ]
    assert [entry.text for condition in statement.conditions for entry in condition.values] == ["true", "3600"]


def test_policies_can_be_kept_in_a_cache() -> None:
    statement = {**ALLOW, "Resource": PartialText.of("arn:aws:iam::", Hole("no number", "account:a"), ":*")}
    policy = parse_policy({"Statement": [{**statement, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, 1]})
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(policy), type=Policy) == policy


def test_a_single_statement_needs_no_list() -> None:
    policy = parse_policy({"Statement": ALLOW})
    assert (policy.statements[0].path, policy.variables) == (("Statement",), False)
    assert allows(policy) is True


def test_actions_are_compared_without_case_and_with_wildcards() -> None:
    for action in ("STS:assumerole", "sts:*", "*", "sts:Assume????", "sts:AssumeRole*", "sts:?*"):
        assert allows(parse_policy({"Statement": {**ALLOW, "Action": action}})) is True
    assert allows(parse_policy({"Statement": {**ALLOW, "Action": "sts:AssumeRoleWith*"}})) is False


@pytest.mark.parametrize("action", ["s*", "s*:AssumeRole", "sts", "sts:", "sts:${*}", "sts:Assume Role", "**", ""])
def test_what_is_no_action_is_a_problem(action: str) -> None:
    policy = parse_policy({"Statement": {**ALLOW, "Action": [action, "s3:GetObject"]}})
    assert [problem.path for problem in policy.problems] == [("Statement", "Action", 0)]
    assert "is no action" in messages(policy)[0]
    assert allows(policy) is None
    assert allows(policy, "s3:GetObject", "arn:aws:s3:::bucket") is True


@pytest.mark.parametrize("version", [2012, None, ["2012-10-17"], Unknowable("known after apply")])
def test_a_version_that_is_no_text_leaves_it_open(version: Any) -> None:
    policy = parse_policy({"Version": version, "Statement": {**ALLOW, "Resource": "arn:aws:s3:::x"}})
    assert allows(policy) is None
    assert bool(policy.problems) is not isinstance(version, Unknowable)


def test_not_action_and_not_resource() -> None:
    statement = {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "NotResource": "arn:aws:s3:::*"}
    policy = parse_policy({"Statement": statement})
    assert allows(policy) is True
    assert allows(policy, "iam:CreateRole") is False
    assert allows(policy, "s3:GetObject", "arn:aws:s3:::bucket/key") is False


BROKEN = [
    "",
    "{",
    "[]",
    "null",
    '"text"',
    '{"Statement": NaN}',
    "{}",
    '{"Statement": 1}',
    '{"Statement": ["x"]}',
    '{"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}',
    '{"Statement": {"Effect": "Allow", "Resource": "*"}}',
    '{"Statement": {"Effect": "Allow", "Action": "*"}}',
    '{"Statement": {"Effect": "Allow", "Action": {"a": 1}, "Resource": "*"}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Action": "*", "Resource": "*"}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Other": 1}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": []}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Foo": {"a:b": "c"}}}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": "x"}}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": {}}}}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": "x", "a:b": "y"}}}}',
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}}',
    '{"Version": "2020-01-01", "Statement": []}',
    "[" * 100_000,
    '{"Statement": ' + "[" * 5_000 + "]" * 5_000 + "}",
    '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Sid": ' + "9" * 5_000 + "}, 1: 2}",
]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_what_is_wrong_is_a_problem_and_unknown(text: str) -> None:
    policy = parse_policy(text)
    assert policy.problems
    assert allows(policy) is None
    assert all("\n" not in message for message in messages(policy))


@pytest.mark.parametrize(
    "principal",
    ["x", [], 1, None, {"AWS": 1}, {"Other": "x"}, {"AWS": ["*", {}]}, {"AWS": "*", "aws": "x"}],
)
def test_principals_of_wrong_shape(principal: Any) -> None:
    policy = parse_policy({"Statement": {"Effect": "Deny", "Principal": principal, "Action": "*"}}, kind="trust")
    assert policy.problems
    assert policy.statements[0].principal is not None
    assert policy.statements[0].principal.unknown


def test_a_resource_in_a_trust_policy_is_reported() -> None:
    document = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}
    assert [problem.path for problem in parse_policy(document, kind="trust").problems] == [("Statement", "Resource")]


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.sampled_from(["*", "Allow", "Deny"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["Statement", "Effect", "Action", "Resource", "Principal", "Condition", "AWS", "Bool", "a:b", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(_JSON, st.sampled_from(["trust", "identity", "scp"]))
def test_no_document_is_too_strange(document: Any, kind: Any) -> None:
    policy = parse_policy(document, kind=kind)
    assert policy == parse_policy(json.dumps(document), kind=kind) or isinstance(document, str)
    trust_principals(policy)
    principal = Principal("user", "arn:aws:iam::111111111111:user/x")
    decide(AssumeRoleRequest(principal, ROLE, policy, identity=(policy,), scps=((policy,),)))


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    parse_policy(text)
    parse_policy(PartialText.of(text, Hole("?"), text))


def test_holes_in_strings_keep_what_is_known() -> None:
    hole = Hole("no number", "account:prod")
    text = PartialText.of(
        '{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::', hole, ':role/x"}}'
    )
    policy = parse_policy(text)
    assert policy.problems == ()
    assert policy.statements[0].resource is not None
    assert policy.statements[0].resource.entries[0].text == PartialText.of("arn:aws:iam::", hole, ":role/x")
    assert allows(policy, resource="arn:aws:iam::111111111111:role/x") is None
    assert allows(policy, resource="arn:aws:iam::111111111111:role/y") is False


def test_a_hole_in_the_place_of_a_value_is_unknown() -> None:
    policy = parse_policy(PartialText.of('{"Statement": [', Hole("not read"), ", ", json.dumps(ALLOW), "]}"))
    assert policy.problems == ()
    assert policy.statements[0].unknown == ("not read",)
    assert policy.statements[1].effect == "Allow"
    assert allows(policy) is None
    assert allows(parse_policy(PartialText.of(Hole("not read")))) is None
    assert parse_policy(PartialText.of('{"Statement": {', Hole("not read"), "}}")).statements[0].unknown == (
        "not read",
    )


def test_escapes_before_and_in_holes() -> None:
    private = "\ue000\\ue001"
    text = PartialText.of(
        '{"Statement": {"Sid": "\\"', private, '", "Effect": "Allow", "Action": "', Hole("?"), '", "Resource": "*"}}'
    )
    (statement,) = parse_policy(text).statements
    assert statement.sid == '"\ue000\ue001'
    assert statement.action is not None
    assert isinstance(statement.action.entries[0].text, PartialText)


def test_unknowable_parts_of_structures() -> None:
    reason = Unknowable("known after apply")
    for statement in (
        reason,
        {**ALLOW, "Action": reason},
        {**ALLOW, "Effect": reason},
        {**ALLOW, "Resource": [reason]},
    ):
        policy = parse_policy({"Statement": [statement]})
        assert policy.problems == ()
        assert allows(policy) is None
    assert allows(parse_policy(reason)) is None
    known = parse_policy({"Statement": [{**ALLOW, "Action": ["sts:AssumeRole", reason]}]})
    assert allows(known) is True
    refused = parse_policy({"Statement": [ALLOW, {**ALLOW, "Effect": "Deny", "Condition": reason}]})
    assert allows(refused) is None


def test_a_condition_key_with_a_hole_is_said() -> None:
    key = PartialText.of(Hole("the provider's url is not known"), ":sub")
    trusted = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {key: "x"}},
    }
    principal = Principal("anyone", "*")
    decision = decide(AssumeRoleRequest(principal, ROLE, parse_policy({"Statement": trusted}, kind="trust")))
    assert decision.verdict == "conditional"
    assert "the provider's url is not known" in str(decision.conditions[0])


@pytest.mark.parametrize("fits", [True, False])
def test_ten_thousand_statements_are_decided(fits: bool) -> None:
    principal = "arn:aws:iam::111111111111:user/last"
    names = [f"arn:aws:iam::111111111111:user/u{index}" for index in range(9_999)] + [principal if fits else "x"]
    condition = {"StringLike": {"aws:PrincipalTag/x": "${aws:username}*"}}
    trusted = [
        {"Effect": "Allow", "Principal": {"AWS": name}, "Action": "sts:AssumeRole", "Condition": condition}
        for name in names
    ]
    text = json.dumps({"Version": "2012-10-17", "Statement": trusted})
    grants = [{**ALLOW, "Resource": f"arn:aws:iam::111111111111:role/*{index}"} for index in range(10_000)]
    trust, identity = parse_policy(text, kind="trust"), parse_policy({"Statement": grants})
    decision = decide(AssumeRoleRequest(Principal("user", principal), ROLE, trust, identity=(identity,)))
    assert decision.verdict == ("conditional" if fits else "denied")


def test_names_with_quotes_and_line_ends() -> None:
    strange = 'arn:aws:iam::111111111111:role/a"b\nc\u202e'
    trusted = {"Effect": "Allow", "Principal": {"AWS": strange}, "Action": "sts:AssumeRole"}
    condition = {"StringEquals": {"sts:ExternalId": 'x"\ny'}}
    policy = parse_policy({"Statement": {**trusted, "Condition": condition}}, kind="trust", name='p"\n')
    decision = decide(AssumeRoleRequest(Principal("role", strange), ROLE, policy))
    assert decision.verdict == "conditional"
    assert "\n" not in str(decision.conditions[0])
