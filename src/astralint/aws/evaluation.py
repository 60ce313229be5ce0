"""Which statements of a policy apply to a request, and what the policies then say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from astralint.aws.arn import match_arn, match_arn_tokens
from astralint.aws.conditions import judge_all
from astralint.aws.kleene import Truth, any_of, negate
from astralint.aws.outcome import NO, YES, Outcome, Source, both, either, opposite, undecided
from astralint.aws.text import Text, lower, quoted, reasons
from astralint.aws.variables import expanded, has_variables
from astralint.aws.wildcard import literal_tokens, match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from astralint.aws.context import Context
    from astralint.aws.policy import Effect, Element, Entry, Policy, Statement


class Access(msgspec.Struct, frozen=True):
    """An action on a resource, and the context in which it is asked for."""

    action: str
    resource: Text
    context: Context


def allows(policies: Iterable[Policy], access: Access, side: str) -> Outcome:
    """Return whether a statement of one of the policies allows an action, `Deny` apart."""
    return either(_applying(policies, "Allow", access, side))


def denies(policies: Iterable[Policy], access: Access, side: str) -> Outcome:
    """Return whether a statement of one of the policies denies an action."""
    return either(_applying(policies, "Deny", access, side))


def identity_allows(policies: Iterable[Policy], action: str, resource: Text, context: Context) -> Outcome:
    """Return whether identity policies allow an action on a resource and none of them denies it.

    The truth, what it hangs on where it is not known, and the statements that decided.
    """
    given, access = tuple(policies), Access(action, resource, context)
    refused = denies(given, access, "identity")
    if refused.truth:
        return Outcome(truth=False, sources=refused.sources)
    allowed = allows(given, access, "identity")
    if refused.truth is False:
        return allowed
    return both((allowed, opposite(refused)))


def applies(policy: Policy, statement: Statement, effect: Effect, access: Access, side: str) -> Outcome:
    """Return whether a statement applies to a request, its principal apart."""
    if statement.effect not in (effect, None):
        return NO
    source = Source(side, policy.name, statement.path, statement.effect, statement.sid)
    about = _action(statement, access.action)
    if about.truth is False:
        return NO
    parts = [about, _resource(statement, access, policy.variables)]
    if parts[1].truth is False:
        return NO
    if statement.unknown:
        parts.append(undecided(f"the {side} policy's statement is not known ({'; '.join(statement.unknown)})"))
    elif statement.effect is None:
        parts.append(undecided(f"whether the {side} policy's statement allows or denies is not known"))
    parts.append(judge_all(statement.conditions, access.context, variables=policy.variables))
    found = both(parts)
    return found if found.truth is False else Outcome(found.truth, found.remainder, (source,))


def may_speak_of(statement: Statement, action: str) -> bool:
    """Say whether a statement may be about an action, named in lower case."""
    element = statement.action
    if element is None:
        return True
    fits = [match(lower(entry.text), action) for entry in element.entries]
    if element.negated:
        return True not in fits or bool(element.unknown)
    return any(fit is not False for fit in fits) or bool(element.unknown)


def _applying(policies: Iterable[Policy], effect: Effect, access: Access, side: str) -> Iterable[Outcome]:
    for policy in policies:
        if policy.services is not None and access.action.split(":", 1)[0].lower() not in policy.services:
            yield undecided(f"what {quoted(policy.name)} says of {access.action} is not known")
            continue
        for statement in policy.statements:
            yield applies(policy, statement, effect, access, side)


def _action(statement: Statement, action: str) -> Outcome:
    element = statement.action
    if element is None:
        return YES
    wanted = action.lower()
    truth = _element(element, [match(lower(entry.text), wanted) for entry in element.entries])
    return _outcome(truth, "Action", element, action)


def _resource(statement: Statement, access: Access, variables: bool) -> Outcome:
    element = statement.resource
    if element is None:
        return YES
    fits = [_resource_match(entry, element, access, variables) for entry in element.entries]
    return _outcome(_element(element, fits), "Resource", element, access.resource)


def _resource_match(entry: Entry, element: Element, access: Access, variables: bool) -> Truth:
    if not (variables and has_variables(entry.text)):
        return match_arn(entry.text, access.resource)
    tokens = expanded(entry.text, access.context, wildcards=True)
    if tokens is None:
        # A variable without a value fits nothing; that it makes `NotResource` fit, AWS does not say.
        return None if element.negated else False
    return match_arn_tokens(tokens, literal_tokens(access.resource))


def _element(element: Element, fits: list[Truth]) -> Truth:
    found = any_of([*fits, *([None] if element.unknown else [])])
    return negate(found) if element.negated else found


def _outcome(truth: Truth, name: str, element: Element, wanted: Text) -> Outcome:
    if truth is not None:
        return YES if truth else NO
    why = [*element.unknown, *(reason for entry in element.entries for reason in reasons(entry.text))]
    shown = f" ({'; '.join(dict.fromkeys(why))})" if why else ""
    form = f"Not{name}" if element.negated else name
    entries = ", ".join(quoted(entry.text) for entry in element.entries[:3])
    return undecided(f"`{form}` {entries or 'that is not known'} covers {wanted}{shown}")
