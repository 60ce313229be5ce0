"""Whether the new form of a policy allows a request that the old one doesn't."""

from __future__ import annotations

import time
from typing import Any

import pytest

from astralint.aws.inclusion.answer import Inclusion, compare_policies
from astralint.aws.inclusion.languages import Budget
from astralint.aws.policy import Policy, PolicyKind
from astralint.aws.policy_parser import parse_policy
from astralint.source.partial import Hole, PartialText

OWN, OTHER = "222222222222", "333333333333"
ROOT = f"arn:aws:iam::{OTHER}:root"


def policy(*statements: dict[str, Any], kind: PolicyKind = "identity", version: str = "2012-10-17") -> Policy:
    return parse_policy({"Version": version, "Statement": list(statements)}, kind=kind)


def allow(action: Any, resource: Any = "*", condition: Any = None, **others: Any) -> dict[str, Any]:
    found = {"Effect": "Allow", "Action": action, "Resource": resource, **others}
    return {**found, "Condition": condition} if condition else found


def deny(action: Any, resource: Any = "*", condition: Any = None, **others: Any) -> dict[str, Any]:
    return {**allow(action, resource, condition, **others), "Effect": "Deny"}


def trust(principal: Any, condition: Any = None) -> Policy:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return policy({**statement, "Condition": condition} if condition else statement, kind="trust")


def equals(key: str, *values: str, operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {key: list(values)}}


OBJECTS, DEEPER = "arn:aws:s3:::b/*", "arn:aws:s3:::b/x/*"
ALL_BUT_IAM = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
ALL_BUT_CREATION = {"Effect": "Allow", "NotAction": "iam:Create*", "Resource": "*"}


@pytest.mark.parametrize(
    ("old", "new", "back"),
    [
        pytest.param([allow("S3:GETobject")], [allow("s3:GetObject")], False, id="case"),
        pytest.param([allow("s3:*", OBJECTS)], [allow("s3:Get*", DEEPER)], True, id="narrower"),
        pytest.param(
            [allow(["s3:Get*", "s3:Put*"], OBJECTS)],
            [allow("s3:Put*", OBJECTS), allow("s3:Get*", OBJECTS)],
            False,
            id="two statements together",
        ),
        pytest.param(
            [allow(["a:x", "a:y"], ["arn:aws:a:::1", "arn:aws:a:::2"])],
            [allow("a:x", "arn:aws:a:::1"), allow("a:y", "arn:aws:a:::2")],
            True,
            id="not each action on each resource",
        ),
        pytest.param([allow("*")], [allow("*"), deny("iam:*")], True, id="a denial more"),
        pytest.param([allow("*"), deny("iam:Create*")], [allow("*"), deny("iam:*")], True, id="a wider denial"),
        pytest.param([allow("*"), deny("iam:*")], [ALL_BUT_IAM, deny("iam:*")], False, id="what is denied anyway"),
        pytest.param([ALL_BUT_CREATION], [ALL_BUT_IAM], True, id="all but more"),
        pytest.param(
            [allow("s3:*")], [allow("s3:*", "*", equals("aws:PrincipalOrgID", "o-1"))], True, id="a condition"
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:PrincipalTag/x", "a*", operator="StringLike"))],
            [allow("s3:*", "*", equals("aws:PrincipalTag/x", "ab", "ac"))],
            True,
            id="values within a pattern",
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:PrincipalTag/x", "AB", operator="StringEqualsIgnoreCase"))],
            [allow("s3:*", "*", equals("aws:PrincipalTag/x", "ab"))],
            True,
            id="case of a value",
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:SourceIp", "10.0.0.0/8", operator="IpAddress"))],
            [allow("s3:*", "*", equals("aws:SourceIp", "10.0.0.0/9", "10.128.0.0/9", operator="IpAddress"))],
            False,
            id="halves of a network",
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:MultiFactorAuthAge", "7200", operator="NumericLessThan"))],
            [allow("s3:*", "*", equals("aws:MultiFactorAuthAge", "3600", operator="NumericLessThan"))],
            True,
            id="a number",
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:CurrentTime", "2030-01-01T00:00:00Z", operator="DateLessThan"))],
            [allow("s3:*", "*", equals("aws:CurrentTime", "2029-01-01", operator="DateLessThanEquals"))],
            True,
            id="a date",
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:MultiFactorAuthPresent", "true", operator="BoolIfExists"))],
            [allow("s3:*", "*", equals("aws:MultiFactorAuthPresent", "true", operator="Bool"))],
            True,
            id="if it exists",
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:TagKeys", "a", "b", operator="ForAllValues:StringEquals"))],
            [allow("s3:*", "*", equals("aws:TagKeys", "a", operator="ForAllValues:StringEquals"))],
            True,
            id="all values",
        ),
        pytest.param(
            [allow("s3:*", "*", equals("aws:TagKeys", "a", operator="ForAnyValue:StringLike"))],
            [
                allow(
                    "s3:*",
                    "*",
                    {
                        "ForAnyValue:StringLike": {"aws:TagKeys": "a"},
                        "ForAllValues:StringLike": {"aws:TagKeys": ["a", "b"]},
                    },
                )
            ],
            True,
            id="any value",
        ),
        pytest.param(
            [allow("s3:*", "*", {"Null": {"aws:TagKeys": "false"}})],
            [allow("s3:*", "*", equals("aws:TagKeys", "a*", operator="ForAnyValue:StringLike"))],
            True,
            id="whether it is there",
        ),
        pytest.param(
            [allow("s3:*", "arn:aws:s3:::h/*")],
            [allow("s3:*", "arn:aws:s3:::h/${aws:username}/*")],
            True,
            id="a variable",
        ),
        pytest.param(
            [allow("s3:*", "arn:aws:s3:::h/${aws:username}/*")],
            [allow("s3:Get*", "arn:aws:s3:::h/${aws:username}/x")],
            True,
            id="within the same variable",
        ),
        pytest.param(
            [allow("iam:PassRole", "arn:aws:iam::*:role/*")],
            [allow("iam:PassRole", "arn:aws:iam::111111111111:role/x")],
            True,
            id="a star within an ARN",
        ),
    ],
)
def test_what_allows_no_more(old: list[dict[str, Any]], new: list[dict[str, Any]], back: bool) -> None:
    assert compare_policies(policy(*old), policy(*new)).verdict == "allows-no-more"
    assert compare_policies(policy(*new), policy(*old)).verdict == ("allows-more" if back else "allows-no-more")


@pytest.mark.parametrize(
    ("old", "new", "request_"),
    [
        ([allow("s3:Get*", OBJECTS)], [allow("s3:*Object", OBJECTS)], "`s3:DeleteObject` on `arn:aws:s3:::b/example`"),
        (
            [allow("s3:GetObject", "arn:aws:s3:::a/*")],
            [allow("s3:GetObject", ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"])],
            "`s3:GetObject` on `arn:aws:s3:::b/example`",
        ),
        (
            [allow("iam:*"), deny("iam:PassRole", "arn:aws:iam::*:role/admin*")],
            [allow("iam:*"), deny("iam:PassRole", "arn:aws:iam::*:role/admin")],
            "`iam:PassRole` on `arn:aws:iam::123456789012:role/adminexample`",
        ),
        (
            [allow("sqs:SendMessage", "*", equals("aws:SourceVpce", "vpce-1"))],
            [allow("sqs:SendMessage")],
            "`sqs:SendMessage` on `arn:aws:sqs:eu-west-1:123456789012:example` without `aws:SourceVpce`",
        ),
        (
            [allow("sqs:SendMessage", "*", equals("aws:SourceIp", "10.0.0.0/8", operator="IpAddress"))],
            [allow("sqs:SendMessage", "*", equals("aws:SourceIp", "10.0.0.0/7", operator="IpAddress"))],
            '`sqs:SendMessage` on `arn:aws:sqs:eu-west-1:123456789012:example` with `aws:SourceIp` = "11.0.0.1"',
        ),
    ],
)
def test_the_request_that_is_newly_allowed(old: list[dict[str, Any]], new: list[dict[str, Any]], request_: str) -> None:
    found = compare_policies(policy(*old), policy(*new))
    assert (found.verdict, str(found.request), found.denial) == ("allows-more", request_, False)


def test_a_denial_that_is_gone() -> None:
    found = compare_policies(policy(allow("s3:*"), deny("iam:*")), policy(allow("s3:*")))
    assert found.verdict == "allows-more"
    assert found.denial
    assert found.request is not None
    assert found.request.action.startswith("iam:")


def test_control_policies_the_other_way_round() -> None:
    wide, narrow = policy(deny(["iam:*", "s3:*"]), kind="scp"), policy(deny("iam:*"), kind="scp")
    assert compare_policies(wide, narrow).verdict == "allows-more"
    assert compare_policies(narrow, wide).verdict == "allows-no-more"
    assert compare_policies(None, wide).verdict == "allows-no-more"
    assert compare_policies(wide, None).verdict == "allows-more"


@pytest.mark.parametrize(
    ("old", "new", "verdict", "who"),
    [
        (ROOT, f"arn:aws:iam::{OTHER}:role/x", "allows-no-more", None),
        (f"arn:aws:iam::{OTHER}:role/x", ROOT, "allows-more", f"arn:aws:iam::{OTHER}:role/example"),
        # In the own account who is named needs no permission; who is one of the account does.
        (f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{OWN}:role/x", "allows-more", f"arn:aws:iam::{OWN}:role/x"),
        (f"arn:aws:iam::{OWN}:role/x", f"arn:aws:iam::{OWN}:role/y", "allows-more", f"arn:aws:iam::{OWN}:role/y"),
        (ROOT, OTHER, "allows-no-more", None),
        ("*", ROOT, "allows-no-more", None),
        (ROOT, "*", "allows-more", f"arn:aws:iam::{OTHER}:role/example"),
        (ROOT, "arn:aws:iam::*:role/x", "allows-no-more", None),
    ],
)
def test_principals(old: str, new: str, verdict: str, who: str | None) -> None:
    found = compare_policies(trust({"AWS": old}), trust({"AWS": new}), owner=OWN)
    if (old, new) == (ROOT, "*"):
        verdict, who = "allows-more", "anybody else"
    assert (found.verdict, found.request and found.request.principal) == (verdict, who)


def test_a_principal_and_its_own_arn_as_a_condition() -> None:
    narrowed = trust({"AWS": ROOT}, equals("aws:PrincipalArn", f"arn:aws:iam::{OTHER}:role/x*", operator="ArnLike"))
    assert (
        compare_policies(narrowed, trust({"AWS": f"arn:aws:iam::{OTHER}:role/xy"}), owner=OWN).verdict
        == "allows-no-more"
    )
    found = compare_policies(narrowed, trust({"AWS": f"arn:aws:iam::{OTHER}:role/y"}), owner=OWN)
    assert found.verdict == "allows-more"


def account(name: str) -> PartialText:
    return PartialText.of("arn:aws:iam::", Hole("its number is not in the code", f"account:{name}"), ":root")


def test_accounts_without_a_number() -> None:
    def change(old: str, new: str) -> Inclusion:
        return compare_policies(trust({"AWS": account(old)}), trust({"AWS": account(new)}), owner=OWN)

    assert change("a", "a").verdict == "allows-no-more"
    assert str(change("a", "b").request) == "`sts:AssumeRole` by `arn:aws:iam::{b}:role/example`"


def unknown(reason: str, symbol: str | None = None) -> PartialText:
    return PartialText.of("arn:aws:s3:::", Hole(reason, symbol), "/*")


def test_what_is_not_known() -> None:
    old = policy(allow("s3:*", unknown("the bucket's name")))
    found = compare_policies(old, policy(allow("s3:*", unknown("another bucket's name"))))
    assert found == Inclusion("undecided", reason="another bucket's name; the bucket's name")
    assert compare_policies(old, old, same=lambda _old, _new: True).verdict == "allows-no-more"
    assert compare_policies(old, old).verdict == "undecided"
    assert compare_policies(policy(allow("s3:*", "arn:aws:s3:::*")), old).verdict == "allows-no-more"
    assert compare_policies(old, policy(allow("s3:*", "*"))).verdict == "allows-more"
    named = unknown("its name", "generated:bucket")
    narrower = compare_policies(policy(allow("s3:*", named)), policy(allow("s3:Get*", named)))
    assert narrower.verdict == "allows-no-more"


def test_what_is_not_known_of_a_denial() -> None:
    everything, denial = allow("s3:*"), deny("s3:*", unknown("the bucket's name"))
    assert compare_policies(policy(everything), policy(everything, denial)).verdict == "allows-no-more"
    assert compare_policies(policy(everything, denial), policy(everything)).verdict == "allows-more"
    other = deny("s3:*", unknown("another bucket's name"))
    assert compare_policies(policy(everything, denial), policy(everything, other)).verdict == "undecided"


def test_two_unknown_parts_may_be_the_same() -> None:
    """What is allowed and was denied, if both names are of one bucket, is newly allowed if they are."""
    first, second = unknown("a", "generated:a"), unknown("b", "generated:b")
    old = policy(allow("s3:*", first), deny("s3:*", second))
    assert compare_policies(old, policy(allow("s3:*", first), deny("ec2:*", second))).verdict != "allows-no-more"


def test_a_policy_that_is_not_known() -> None:
    opaque = Policy.unknown("its file could not be read")
    known = policy(allow("s3:*"))
    assert compare_policies(opaque, known).verdict == "undecided"
    assert compare_policies(known, opaque) == Inclusion("undecided", reason="its file could not be read")
    assert compare_policies(policy(allow("*")), opaque).verdict == "allows-no-more"


def test_a_stranger_can_not_make_it_take_long() -> None:
    pieces = [f"arn:aws:s3:::*{one}*{other}*" for one in "abcdefgh" for other in "mnopqrst"]
    old = policy(*[allow("s3:*", piece) for piece in pieces])
    new = policy(allow("s3:*", "*x*"), *[allow("s3:*", piece + "z") for piece in pieces])
    started = time.process_time()
    found = compare_policies(old, new, budget=Budget(20_000))
    assert found == Inclusion("undecided", reason="its patterns are too many, or too entangled")
    assert time.process_time() - started < 10
