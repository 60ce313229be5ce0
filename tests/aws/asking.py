"""Principals, policies, and the question whether one may assume a role."""

from __future__ import annotations

from typing import Any

from astralint.aws.condition_keys import context_for
from astralint.aws.decision import (
    AssumeRoleRequest,
    Decision,
    decide,
)
from astralint.aws.policy import Policy
from astralint.aws.policy_parser import parse_policy
from astralint.aws.principals import Principal

HOME, AWAY = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{HOME}:role/target"
USER = f"arn:aws:iam::{HOME}:user/alice"
CALLER = f"arn:aws:iam::{HOME}:role/ci/caller"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/caller/run"
FOREIGN = f"arn:aws:iam::{AWAY}:role/caller"
GITHUB = f"arn:aws:iam::{HOME}:oidc-provider/token.actions.githubusercontent.com"
SUB = "token.actions.githubusercontent.com:sub"


def statement(principal: Any, action: Any = "sts:AssumeRole", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": action, **more}


def trust(*statements: dict[str, Any]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, kind="trust")


def policy(action: Any = "sts:AssumeRole", resource: Any = "*", effect: str = "Allow", **more: Any) -> Policy:
    return parse_policy(
        {"Version": "2012-10-17", "Statement": {"Effect": effect, "Action": action, "Resource": resource, **more}}
    )


GRANT = policy()
ADMINISTRATOR = policy("*")
NOTHING = policy("s3:GetObject")


def ask(principal: Any, trusted: Policy, *identity: Policy, **more: Any) -> Decision:
    found = principal if isinstance(principal, Principal) else Principal.parse(principal)
    assert found is not None
    more.setdefault("context", context_for(found))
    return decide(AssumeRoleRequest(found, more.pop("role", ROLE), trusted, identity=identity, **more))
