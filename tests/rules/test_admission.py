"""Rules about trust judge conditions by whom they admit, over the whole policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astralint.api import scan
from astralint.rules.finding import CheckResult

CONFIGURATION = """
platform {
  organization_id = "o-abcdefghij"
}
vendor "collector" {
  accounts = ["390000000001"]
}
account "identity" {
  kind     = "identity"
  id       = "210000000002"
  external = true
}
account "production" {
  kind = "production"
  id   = "210000000007"
  workspace "production" { path = "production" }
}
"""
GITHUB = "token.actions.githubusercontent.com"
OURS = {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}


def judged(directory: Path, *statements: dict[str, Any], hole: bool = False) -> CheckResult:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2).replace('"HOLE"', "var.unknown")
    policy = policy.replace("${", "$${").replace("$${var.unknown}", "${var.unknown}")
    root = f"""
provider "aws" {{ region = "eu-west-1" }}
variable "unknown" {{ type = string }}
resource "aws_iam_openid_connect_provider" "github" {{
  url            = "https://{GITHUB}"
  client_id_list = ["sts.amazonaws.com"]
}}
resource "aws_iam_role" "subject" {{
  name               = "subject"
  assume_role_policy = jsonencode({policy})
}}
"""
    (directory / "production").mkdir(exist_ok=True)
    (directory / "astralint.hcl").write_text(CONFIGURATION)
    (directory / "production" / "main.tf").write_text(root)
    return scan([directory]).result


def allow(principal: Any, action: str = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Principal": principal}
    return statement | ({"Condition": condition} if condition else {})


def deny(condition: dict[str, Any], principal: Any = "*") -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "sts:AssumeRole", "Principal": principal, "Condition": condition}


EVERYBODY = {"AWS": "*"}
CASES: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "everybody": ([allow(EVERYBODY)], {"AL110"}),
    "our organization": ([allow(EVERYBODY, **OURS)], set()),
    "any organization": ([allow(EVERYBODY, StringLike={"aws:PrincipalOrgID": "o-*"})], {"AL110"}),
    "whoever is in none": ([allow(EVERYBODY, StringEqualsIfExists=OURS["StringEquals"])], {"AL110"}),
    "a role's name anywhere": ([allow(EVERYBODY, ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/x"})], {"AL110"}),
    "a role of ours": (
        [allow(EVERYBODY, ArnLike={"aws:PrincipalArn": "arn:aws:iam::210000000002:role/x"})],
        set(),
    ),
    "a denial for others": (
        [allow(EVERYBODY), deny({"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})],
        set(),
    ),
    "a denial for somebody": (
        [allow(EVERYBODY), deny({"StringEquals": {"aws:PrincipalOrgID": "o-zzzzzzzzzz"}})],
        {"AL110"},
    ),
    "a denial that is no denial for others": (
        [allow(EVERYBODY), deny({"StringNotLike": {"aws:PrincipalOrgID": "o-*"}})],
        {"AL110"},
    ),
    "somebody else's organization": (
        [allow(EVERYBODY, StringEquals={"aws:PrincipalOrgID": "o-zzzzzzzzzz"})],
        {"AL109"},
    ),
    "somebody else's account": ([allow(EVERYBODY, StringEquals={"aws:PrincipalAccount": "999988887777"})], {"AL109"}),
    "somebody else's role": (
        [allow(EVERYBODY, ArnLike={"aws:PrincipalArn": "arn:aws:iam::999988887777:role/*"})],
        {"AL109"},
    ),
    "an account of the organization": (
        [allow(EVERYBODY, StringEquals={"aws:PrincipalAccount": "999988887777", **OURS["StringEquals"]})],
        set(),
    ),
    "an account of the organization as principal": ([allow({"AWS": "999988887777"}, **OURS)], set()),
    "an account as principal": ([allow({"AWS": "999988887777"})], {"AL109"}),
    "a vendor": ([allow({"AWS": "390000000001"})], {"AL116"}),
    "a vendor with an id": ([allow({"AWS": "390000000001"}, StringEquals={"sts:ExternalId": "x-1"})], set()),
    "a vendor with any id": ([allow({"AWS": "390000000001"}, StringLike={"sts:ExternalId": "*"})], {"AL116"}),
    "a vendor, others denied": (
        [allow({"AWS": "390000000001"}), deny({"StringNotEquals": {"sts:ExternalId": "x-1"}})],
        set(),
    ),
    "another root": ([allow({"AWS": "arn:aws:iam::210000000002:root"})], {"AL122"}),
    "another root, all of it": (
        [allow({"AWS": "210000000002"}, ArnLike={"aws:PrincipalArn": "arn:aws:iam::210000000002:*"})],
        {"AL122"},
    ),
    "another root, one role": (
        [allow({"AWS": "210000000002"}, ArnLike={"aws:PrincipalArn": "arn:aws:iam::210000000002:role/deploy*"})],
        set(),
    ),
    "a service for anybody": ([allow({"Service": "scheduler.amazonaws.com"})], {"AL123"}),
    "a service for any account": (
        [
            allow(
                {"Service": "scheduler.amazonaws.com"},
                ArnLike={"aws:SourceArn": "arn:aws:scheduler:*:*:schedule/*"},
            )
        ],
        {"AL123"},
    ),
    "a service for somebody else": (
        [allow({"Service": "scheduler.amazonaws.com"}, StringEquals={"aws:SourceAccount": "999988887777"})],
        {"AL123"},
    ),
    "a service for us": (
        [
            allow(
                {"Service": "scheduler.amazonaws.com"},
                ArnLike={"aws:SourceArn": "arn:aws:scheduler:*:210000000007:schedule/*"},
            )
        ],
        set(),
    ),
    "a service, others denied": (
        [
            allow({"Service": "scheduler.amazonaws.com"}),
            deny({"StringNotEquals": {"aws:SourceAccount": "210000000007"}}),
        ],
        set(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_whom_a_trust_admits(name: str, tmp_path: Path) -> None:
    statements, expected = CASES[name]
    found = {finding.rule for finding in judged(tmp_path, *statements).findings}
    assert {rule for rule in found if rule not in ("AL112", "AL113")} == expected


def token(**condition: Any) -> dict[str, Any]:
    provider = {"Federated": f"arn:aws:iam::210000000007:oidc-provider/{GITHUB}"}
    return allow(provider, "sts:AssumeRoleWithWebIdentity", **condition)


AUDIENCE = {f"{GITHUB}:aud": "sts.amazonaws.com"}
MAIN = {f"{GITHUB}:sub": "repo:acme/api:ref:refs/heads/main"}
TOKENS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "named": (token(StringEquals=AUDIENCE | MAIN), set()),
    "no audience": (token(StringEquals=MAIN), {"AL118"}),
    "every token has these claims": (
        token(**{"ForAllValues:StringEquals": AUDIENCE | MAIN}),
        set(),
    ),
    "a star that is no wildcard": (
        token(StringEquals=AUDIENCE | {f"{GITHUB}:sub": "repo:acme/api:*"}),
        {"AL119"},
    ),
    "a wildcard": (token(StringEquals=AUDIENCE, StringLike={f"{GITHUB}:sub": "repo:acme/api:*"}), set()),
    "no subject": (token(StringEquals=AUDIENCE), {"AL117"}),
}


@pytest.mark.parametrize("name", TOKENS)
def test_whose_tokens_a_trust_takes(name: str, tmp_path: Path) -> None:
    statement, expected = TOKENS[name]
    assert {finding.rule for finding in judged(tmp_path, statement).findings} == expected


KEYS = st.sampled_from(
    ["aws:PrincipalOrgID", "aws:PrincipalAccount", "aws:PrincipalArn", "sts:ExternalId", "aws:SourceAccount"]
)
OPERATORS = st.sampled_from(["StringEquals", "StringLike", "StringEqualsIfExists", "ForAllValues:StringLike"])
PRINCIPALS = st.sampled_from(
    [EVERYBODY, {"AWS": "999988887777"}, {"AWS": "390000000001"}, {"Service": "scheduler.amazonaws.com"}]
)


@given(principal=PRINCIPALS, operator=OPERATORS, key=KEYS, denied=st.booleans())
def test_an_unknown_value_never_makes_a_violation_that_a_known_one_would_not(
    tmp_path_factory: pytest.TempPathFactory, principal: Any, operator: str, key: str, denied: bool
) -> None:
    """Whatever stands for the hole: what is found with it is found with every value tried."""
    negated = operator.replace("Equals", "NotEquals", 1).replace("Like", "NotLike", 1)

    def rules(value: str) -> set[str]:
        statements = (
            [allow(principal), deny({negated: {key: value}})]
            if denied
            else [allow(principal, **{operator: {key: value}})]
        )
        result = judged(tmp_path_factory.mktemp("trust"), *statements)
        return {f.rule for f in result.findings if f.rule in ("AL109", "AL110", "AL116", "AL123")}

    unknown = rules("HOLE")
    for value in ("o-abcdefghij", "210000000007", "arn:aws:iam::210000000007:role/x", "x-1"):
        assert unknown <= rules(value)
