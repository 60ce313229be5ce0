"""What a caller asks for beside the role: session tags and a source identity, where it is let in with these alone.

A trust statement whose conditions look for a source identity or for tags of the request is met only by a
request that sets them, and that takes `sts:SetSourceIdentity` or `sts:TagSession` on both sides
(AWS's "Monitor and control actions taken with assumed roles" and "Passing session tags in AWS STS").
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.aws.decision import AssumeRoleRequest, Decision, decide
from astralint.aws.operators import NEGATED
from astralint.aws.policy import Condition, Policy, Statement
from astralint.aws.text import known

_SOURCE_IDENTITY = ("sts:sourceidentity",)
_TAGS = ("aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys")
_ORDER = ("allowed", "conditional", "denied")


def decide_any(request: AssumeRoleRequest) -> Decision:
    """Return the best that the caller can make of it: with or without tags and a source identity, as it takes.

    What the request says that it sets, it sets in any case: a session may carry it on.
    """
    policies = (request.trust, *(request.identity or ()))
    needs_identity = any(_needs(statement, _SOURCE_IDENTITY) for policy in policies for statement in policy.statements)
    needs_tags = any(_needs(statement, _TAGS) for policy in policies for statement in policy.statements)
    if not needs_identity and not needs_tags:
        return decide(request)
    found = [decide(one) for one in _variants(request, needs_identity, needs_tags)]
    # The plainest of the best; where all are denied, the one that comes nearest tells what is missing.
    best = min(found, key=lambda decision: _ORDER.index(decision.verdict))
    return found[-1] if best.verdict == "denied" else best


def _variants(request: AssumeRoleRequest, identity: bool, tags: bool) -> Iterator[AssumeRoleRequest]:
    for with_identity in (False, True) if identity and not request.source_identity else (request.source_identity,):
        for with_tags in (False, True) if tags and not request.session_tags else (request.session_tags,):
            unmet = (() if with_identity else _SOURCE_IDENTITY) + (() if with_tags else _TAGS)
            yield msgspec.structs.replace(
                request,
                trust=_without(request.trust, unmet),
                identity=tuple(_without(policy, unmet) for policy in request.identity)
                if request.identity is not None
                else None,
                source_identity=with_identity,
                session_tags=with_tags,
            )


def _without(policy: Policy, keys: tuple[str, ...]) -> Policy:
    """Return a policy without what it allows only to those that set these keys."""
    kept = tuple(s for s in policy.statements if s.effect != "Allow" or not _needs(s, keys))
    return policy if len(kept) == len(policy.statements) else msgspec.structs.replace(policy, statements=kept)


def _needs(statement: Statement, keys: tuple[str, ...]) -> bool:
    """Say whether a statement applies only to requests that have one of these keys."""
    return bool(keys) and any(
        _needs_presence(condition) and (known(condition.key) or "").lower().startswith(keys)
        for condition in statement.conditions
    )


def _needs_presence(condition: Condition) -> bool:
    if condition.operator == "Null":
        return all((known(entry.text) or "").lower() == "false" for entry in condition.values)
    if not condition.operator or condition.if_exists or condition.unknown:
        return False
    if condition.quantifier is not None:
        return condition.quantifier == "ForAnyValue"
    return condition.operator not in NEGATED
