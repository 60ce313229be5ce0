"""What rules share that ask what control policies deny, and whom they bind."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Platform, Reason, Resource, Undecided
from astralint.rules.api.text import Hole, PartialText, Text, known
from astralint.rules.api.trust import Condition, Entry, Policy, Statement, document
from astralint_rules.policies import is_action

SERVICE, RESOURCE = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
EXEMPTING = ("aws:principal", "aws:userid", "aws:viaawsservice", "aws:calledvia", "ec2:", "sts:")
"""Conditions of a `Deny` that let single principals off; others limit what it is about."""


def require_known(policies: list[tuple[Resource, Policy]], platform: Platform) -> None:
    """Raise Undecided where what is missed may be in a policy, or in an attachment, that is not known whole."""
    for resource in platform.resources("aws_organizations_policy"):
        # Reading what is not known raises.
        _ = resource["type"], resource.exists
    for attachment in platform.resources("aws_organizations_policy_attachment"):
        of_code = platform.resource_behind(attachment.value("policy_id"), "aws_organizations_policy") is not None
        if attachment.exists and not of_code:
            assert attachment["policy_id"]
    if any(is_open(statement) for _, policy in policies for statement in policy.statements):
        raise Undecided(Reason("policy-not-known", "what a control policy says is not known"))


def control_policies(platform: Platform, kind: str = SERVICE) -> Iterator[tuple[Resource, Policy]]:
    """Yield the control policies of a kind, with what they say."""
    for resource in platform.resources("aws_organizations_policy"):
        if (resource.text("type") or SERVICE) == kind:
            content = resource.value("content")
            found = document(platform, resource, content, ("content",), "scp" if kind == SERVICE else "rcp")
            if found is not None:
                yield resource, found.policy


def targets_of(policy: Resource, platform: Platform) -> tuple[str, ...]:
    """Return what a policy is attached to: `root`, `unit:…`, `account:NAME`, "" where that is not known."""
    return tuple(target for one, _, target in platform.trust.guardrails.attachments if one is policy)


def denies(policy: Policy, action: str) -> bool:
    """Say whether a policy denies an action whatever it is about, to all but those whom it exempts."""
    return any(covers(statement, action) for statement in policy.statements)


def is_open(statement: Statement) -> bool:
    """Say whether a statement may say more than is known of it."""
    action = statement.action
    if statement.unknown or statement.effect is None or action is None:
        return True
    conditions = [value.text for one in statement.conditions for value in one.values]
    open_ = bool(action.unknown) or any(one.unknown or not one.operator for one in statement.conditions)
    return open_ or any(_is_open(text) for text in (*(entry.text for entry in action.entries), *conditions))


def _is_open(text: Text) -> bool:
    return isinstance(text, PartialText) and any(isinstance(p, Hole) and p.symbol is None for p in text.parts)


def covers(statement: Statement, action: str) -> bool:
    """Say whether a `Deny` is about an action, with no condition but those that exempt principals."""
    if statement.effect != "Deny" or statement.action is None:
        return False
    hit = any(is_action(entry, action) for entry in statement.action.entries)
    if hit is statement.action.negated:
        return False
    return all(_exempts(condition) for condition in statement.conditions)


def denies_all(policy: Policy) -> Iterator[Statement]:
    """Yield the statements that deny everything, or all but a list of actions, to all but those whom they exempt."""
    for statement in policy.statements:
        if statement.effect != "Deny" or statement.action is None or statement.unknown:
            continue
        everything = statement.action.negated or any(known(one.text) == "*" for one in statement.action.entries)
        if everything and all(key.startswith(EXEMPTING) for key in keys_of(statement)):
            yield statement


def keys_of(statement: Statement) -> list[str]:
    """Return the keys of a statement's conditions in lower case, "" for one that is not known."""
    return [(known(condition.key) or "").lower() for condition in statement.conditions]


def exempted(statement: Statement) -> Iterator[tuple[Entry, Condition]]:
    """Yield the patterns of principals whom a `Deny` lets off, one with a hole where there may be more."""
    for condition in statement.conditions:
        is_exempting = condition.operator in ("ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals")
        if statement.effect == "Deny" and is_exempting and (known(condition.key) or "").lower() == "aws:principalarn":
            yield from ((value, condition) for value in condition.values)
            for reason in condition.unknown[:1]:
                yield Entry(PartialText((Hole(reason),)), condition.path), condition


def bound_accounts(targets: tuple[str, ...], platform: Platform) -> list[Account]:
    """Return the accounts that a policy with these targets surely binds."""
    return [account for account in platform.accounts.values() if is_bound(account, targets, platform)]


def _exempts(condition: Condition) -> bool:
    """Say whether a condition of a `Deny` lets some principals off, where another names the few that it is for."""
    if not (known(condition.key) or "").lower().startswith(EXEMPTING):
        return False
    if condition.operator == "Bool":
        return [known(entry.text) for entry in condition.values] == ["false"]
    return condition.operator == "Null" or "Not" in condition.operator


def is_bound(account: Account, targets: tuple[str, ...], platform: Platform) -> bool | None:
    """Say whether a policy that is attached to some targets binds an account; None where that is not known."""
    if "root" in targets or f"account:{account.name}" in targets:
        return True
    units = platform.trust.guardrails.units_of(account)
    if units is None:
        return None
    return True if units & set(targets) else (None if "" in targets else False)
