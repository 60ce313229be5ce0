"""What rules share that ask which account a value names."""

from __future__ import annotations

import re

from astralint.rules.api import Account, Platform, Reason, Resource, Undecided
from astralint.rules.api.code import ProviderContext


def account_named(resource: Resource, attribute: str, platform: Platform) -> Account | None:
    """Return the account whose number an attribute holds; None where that is surely none of ours.

    Raises Undecided where the number is not known, or may be that of an account
    whose number is not in the code.
    """
    account = platform.account_of(resource.value(attribute))
    if account is not None:
        return account
    may_be_ours(resource[attribute], platform)
    return None


def may_be_ours(number: object, platform: Platform) -> None:
    """Raise Undecided where a number that is no account's may be that of one whose number is not in the code."""
    nameless = next((account for account in platform.accounts.values() if not account.number), None)
    if nameless is not None:
        reason = f"{number} may be the number of account `{nameless}`, which is not in the code"
        raise Undecided(Reason("account-number-not-known", reason))


def may_be_of(resource: Resource, kind: str) -> bool:
    """Say whether a resource is in an account of a kind, or may be."""
    account = resource.account_or_none
    return account is None or account.kind in ("", kind)


def is_surely_of(resource: Resource, kind: str) -> bool:
    """Say whether a resource is in an account of a kind for sure."""
    account = resource.account_or_none
    return account is not None and account.kind == kind


BOOTSTRAP = (
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_policy",
    "aws_iam_openid_connect_provider",
    "aws_iam_account_alias",
)
"""What a new account's pipeline begins with."""

MADE_BY_AWS = re.compile(r"(.*[:/])?(OrganizationAccountAccessRole|AWSControlTowerExecution|AWSAFTExecution)\Z")


def assumes(provider: ProviderContext) -> bool:
    """Say whether a provider configuration assumes a role."""
    raw = provider.values.raw
    blocks = raw.get("assume_role") if isinstance(raw, dict) else None
    return blocks is not None and bool(blocks.raw)


def is_bootstrap(resource: Resource, platform: Platform) -> bool:
    """Say whether a resource is what a new account's pipeline begins with, made by the role that AWS gave the account."""
    provider = resource.instance.provider
    if resource.type not in BOOTSTRAP or provider is None:
        return False
    own = [d for d in platform.trust.deployments if d.through == "provider" and d.workspace is resource.workspace]
    leads = [d for d in own if d.account is not None and d.account is resource.account_or_none]
    return bool(leads) and all(MADE_BY_AWS.match(str(d.arn)) for d in leads)
