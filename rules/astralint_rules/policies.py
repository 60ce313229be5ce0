"""What rules share that ask what policies grant."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from astralint.rules.api import Platform, Reason, Undecided, Violation
from astralint.rules.api.text import known
from astralint.rules.api.trust import Attached, Document, Entry, Identity, Policy, Statement


def allowed(policy: Policy, service: str) -> Iterator[tuple[Statement, Entry]]:
    """Yield the entries of `Allow` statements that speak of a service by its name: `ses:SendEmail`, not `*`.

    Raises Undecided at the end, where more of the policy is not known.
    """
    open_ = ""
    for statement in policy.statements:
        if statement.unknown and statement.action is None:
            open_ = open_ or statement.unknown[0]
        if statement.effect != "Allow" or statement.action is None or statement.action.negated:
            continue
        for entry in statement.action.entries:
            told = known(entry.text)
            if told is None:
                open_ = open_ or "an action is not known"
            elif told.lower().startswith(f"{service}:"):
                yield statement, entry
        open_ = open_ or next(iter(statement.action.unknown), "")
    if open_:
        raise Undecided(Reason("policy-not-known", f"what `{policy.name}` allows is not known: {open_}"))


def is_action(entry: Entry, *patterns: str) -> bool:
    """Say whether an action is, or a pattern of actions covers, one of some: `ses:*` covers `ses:SendEmail`."""
    told = (known(entry.text) or "").lower()
    return any(fnmatchcase(pattern.lower(), told) or fnmatchcase(told, pattern.lower()) for pattern in patterns)


def at_policy(attached: Attached, path: tuple[str | int, ...], message: str, label: str, **more: Any) -> Violation:
    """Make a violation at a part of a policy that somebody holds; raises Undecided where it may not exist."""
    if attached.document is None:
        return attached.resource.finding(message, label=label, **more)
    return at_document(attached.document, path, message, label, **more)


def at_document(found: Document, path: tuple[str | int, ...], message: str, label: str, **more: Any) -> Violation:
    """Make a violation at a part of a policy document; raises Undecided where its resource may not exist."""
    resource = found.resource
    assert resource.exists
    return resource.workspace.violation(message, found.span(path), label, subject=resource.address, **more)


def conditions(statement: Statement) -> dict[str, tuple[str, ...]]:
    """Return the values of a statement's conditions by their keys in lower case; what is not known is left out."""
    found: dict[str, tuple[str, ...]] = {}
    for condition in statement.conditions:
        key = (known(condition.key) or "").lower()
        found[key] = (*found.get(key, ()), *(told for value in condition.values if (told := known(value.text))))
    return found


def kinds_that_become(role: Identity, platform: Platform) -> set[str]:
    """Return the kinds of the other accounts of the platform that a role's trust policy names."""
    return {
        trust.account.kind
        for trust in platform.trust.trusts_of(role)
        if trust.account is not None and trust.account is not role.account
    }
