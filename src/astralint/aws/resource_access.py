"""Whom a resource's policy lets in: the resource's side of an access, statement by statement.

A principal of another account needs a policy of its own besides ("Cross-account policy evaluation logic", IAM User
Guide); that side is not looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from astralint.aws.arn import Arn, match_arn
from astralint.aws.conditions import judge_all
from astralint.aws.kleene import Truth, all_of, any_of
from astralint.aws.outcome import Outcome, both, opposite, undecided
from astralint.aws.policy import Element, Policy, Statement
from astralint.aws.principals import Principal, TrustedPrincipal, match_entry, principal_grade, trust_principals
from astralint.aws.text import Text, lower
from astralint.aws.wildcard import match

if TYPE_CHECKING:
    from astralint.aws.context import Context


MAXIMUM_PAIRS = 100_000


class ResourceAccess(msgspec.Struct, frozen=True):
    """A statement lets a principal in.

    `outcome` is true or open, never false. `actions` are the statement's, all others with `all_but`.
    """

    principal: TrustedPrincipal
    actions: tuple[Text, ...]
    all_but: bool
    outcome: Outcome


def resource_access(policy: Policy, context: Callable[[Principal], Context]) -> Iterator[ResourceAccess]:
    """Yield the principals that a resource's policy names in `Allow` statements, as far as no `Deny` takes all away.

    `context` gives what is known of a principal's requests.
    """
    refusals = [statement for statement in policy.statements if statement.effect != "Allow"]
    allowed = trust_principals(policy)
    too_many = len(allowed) * len(refusals) > MAXIMUM_PAIRS
    for named in allowed:
        principal = principal_of(named)
        known = context(principal)
        statement = named.statement
        parts = [judge_all(statement.conditions, known, variables=policy.variables)]
        if statement.unknown or statement.effect is None:
            parts.append(undecided(f"the statement lets in ({'; '.join(statement.unknown) or 'or refuses'})"))
        if too_many:
            parts.append(undecided(f"none of {len(refusals):,} other statements refuses it"))
        else:
            parts += [opposite(_refused(refusal, statement, principal, known, policy)) for refusal in refusals]
        outcome = both(parts)
        if outcome.truth is not False:
            action = statement.action
            actions = tuple(entry.text for entry in action.entries) if action is not None else ()
            yield ResourceAccess(named, actions, action is not None and action.negated, outcome)


def principal_of(named: TrustedPrincipal) -> Principal:
    """Return who asks where a statement names a principal."""
    text = named.entry.text
    if named.form in ("service", "federated"):
        return Principal("service" if named.form == "service" else "federated", text)
    return Principal.parse(text) or Principal("role", text)


def _refused(refusal: Statement, allowed: Statement, principal: Principal, context: Context, policy: Policy) -> Outcome:
    """Return whether a `Deny` takes away all that an `Allow` gives to a principal."""
    named = _names(refusal, principal)
    covered = all_of((_covers(refusal.action, allowed.action), _covers(refusal.resource, allowed.resource)))
    if named is False or covered is False or refusal is allowed:
        return Outcome(truth=False)
    parts = [judge_all(refusal.conditions, context, variables=policy.variables)]
    if named is None or covered is None or refusal.unknown or refusal.effect is None:
        parts.append(undecided(f"a `Deny` of the policy is about {principal.text}"))
    return both(parts)


def _names(refusal: Statement, principal: Principal) -> Truth:
    element = refusal.principal
    if element is None:
        return None if refusal.unknown else False
    if element.negated:
        found = any_of(match_entry(entry, principal).truth for entry in element.entries)
        return None if found is None else not found
    # A `Deny` that names a principal of an account says nothing of the rest of it.
    if principal.kind in ("account", "anyone"):
        return any_of(entry.text == "*" or (entry.text == principal.text) for entry in element.entries)
    return principal_grade(refusal, principal).truth


def _covers(refused: Element | None, allowed: Element | None) -> Truth:
    """Return whether one element holds all that another one does."""
    if refused is None or allowed is None:
        return True
    if refused.unknown or allowed.unknown or refused.negated or allowed.negated:
        return True if [entry.text for entry in refused.entries] == ["*"] and not refused.negated else None
    return all_of(any_of(_fits(one.text, other.text) for one in refused.entries) for other in allowed.entries)


def _fits(pattern: Text, text: Text) -> Truth:
    if Arn.parse(pattern) is not None and Arn.parse(text) is not None:
        return match_arn(pattern, text)
    return match(lower(pattern), lower(text))
