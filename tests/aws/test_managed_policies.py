from __future__ import annotations

import pytest

from astralint.aws.context import EMPTY_CONTEXT
from astralint.aws.evaluation import identity_allows
from astralint.aws.managed_policies import is_managed_policy, managed_policy, managed_policy_names
from astralint.source.partial import Hole, PartialText

PREFIX = "arn:aws:iam::aws:policy/"
ROLE = "arn:aws:iam::111111111111:role/x"


def allows(name: str, action: str) -> bool | None:
    policy = managed_policy(PREFIX + name)
    assert policy is not None
    return identity_allows([policy], action, ROLE, EMPTY_CONTEXT).truth


@pytest.mark.parametrize(
    ("name", "action", "expected"),
    [
        ("AdministratorAccess", "sts:AssumeRole", True),
        ("AdministratorAccess", "s3:GetObject", True),
        ("PowerUserAccess", "sts:AssumeRole", True),
        ("PowerUserAccess", "iam:PassRole", False),
        ("PowerUserAccess", "iam:CreateServiceLinkedRole", True),
        ("PowerUserAccess", "organizations:DescribeOrganization", True),
        ("PowerUserAccess", "organizations:CreateAccount", False),
        ("IAMFullAccess", "iam:CreateRole", True),
        ("IAMFullAccess", "iam:PassRole", True),
        ("IAMFullAccess", "sts:AssumeRole", False),
        ("ReadOnlyAccess", "sts:AssumeRole", False),
        ("ReadOnlyAccess", "iam:CreateRole", False),
        ("ReadOnlyAccess", "iam:GetRole", True),
        ("SecurityAudit", "sts:AssumeRole", False),
        ("SecurityAudit", "s3:ListBucket", None),
        ("job-function/ViewOnlyAccess", "sts:AssumeRole", False),
        ("job-function/SystemAdministrator", "sts:AssumeRole", False),
        ("AWSOrganizationsFullAccess", "organizations:CreateAccount", True),
        ("AWSSSOMasterAccountAdministrator", "sso:CreateAccountAssignment", True),
        ("AmazonS3ReadOnlyAccess", "sts:AssumeRole", False),
        ("AmazonS3ReadOnlyAccess", "s3:GetObject", None),
        ("AWSDenyAll", "sts:AssumeRole", False),
        ("NoSuchPolicy", "sts:AssumeRole", None),
    ],
)
def test_what_managed_policies_allow(name: str, action: str, expected: bool | None) -> None:
    assert allows(name, action) is expected


def test_what_is_no_managed_policy() -> None:
    assert managed_policy("arn:aws:iam::111111111111:policy/AdministratorAccess") is None
    assert not is_managed_policy("AdministratorAccess")
    assert managed_policy("arn:aws-cn:iam::aws:policy/AdministratorAccess") is not None


def test_a_name_with_a_hole_is_unknown() -> None:
    policy = managed_policy(PartialText.of(PREFIX, Hole("variable `policy` has no value")))
    assert policy is not None
    assert policy.statements[0].unknown


def test_all_statements_are_understood() -> None:
    names = managed_policy_names()
    assert len(names) > 90
    for name in names:
        policy = managed_policy(f"arn:aws:iam::aws:policy{name}")
        assert policy is not None
        assert policy.problems == ()
