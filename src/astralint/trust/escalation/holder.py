"""Whoever may escalate: an identity, with its policies made ready to be asked about many actions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec

from astralint.aws.condition_keys import Facts, context_for
from astralint.aws.context import ABSENT, Context, KeyState
from astralint.aws.kleene import any_of
from astralint.aws.managed_policies import whole_managed_policy
from astralint.aws.operators import compare
from astralint.aws.policy import Condition, Element, Policy, Statement
from astralint.aws.text import Text, known, lower
from astralint.aws.wildcard import literal_tokens, match
from astralint.trust.decider import principal_of_identity
from astralint.trust.escalation.table import actions
from astralint.trust.identity import Identity
from astralint.trust.sessions import has_no_mfa, session_tags

NOW = "2026-11-01T00:00:00Z"
"""What counts as now for constants of the past: runs of one release judge alike."""

_TIMES = frozenset({"aws:currenttime", "aws:epochtime", "aws:tokenissuetime"})
_LATER = frozenset({"DateGreaterThan", "DateGreaterThanEquals", "DateNotEquals"})


class Holder(msgspec.Struct, frozen=True, eq=False):
    """An identity and what decides for it.

    `allowing` are its policies without the statements of which nothing is known, `denying` all of them. `bits` says
    which of the table's actions it may be allowed at all. `is_guarded` False leaves control policies out.
    """

    identity: Identity
    allowing: tuple[Policy, ...]
    denying: tuple[Policy, ...]
    boundary: Policy | None
    context: Context
    bits: int
    unknown: tuple[str, ...] = ()
    is_guarded: bool = True
    known: dict[str, tuple[tuple[Policy, ...], tuple[Policy, ...]]] = msgspec.field(default_factory=dict)

    def about(self, action: str) -> tuple[tuple[Policy, ...], tuple[Policy, ...]]:
        """Return `allowing` and `denying` with the statements alone that may be about an action of the table."""
        found = self.known.get(action)
        if found is None:
            number = _numbers().get(action)
            allowing, denying = self.allowing, self.denying
            if number is not None:
                bit = 1 << number
                allowing = tuple(_about(policy, bit) for policy in self.allowing)
                denying = tuple(_about(policy, bit) for policy in self.denying)
            found = self.known[action] = (allowing, denying)
        return found

    def may_at_all(self, action: str) -> bool:
        """Say whether a statement may allow an action, on whatever resource."""
        return bool(self.bits >> _number(action) & 1)

    def unbound(self) -> Holder:
        """Return the holder without its permissions boundary."""
        return msgspec.structs.replace(self, boundary=None, bits=_bits(self.allowing, self.denying, None), known={})

    def without(self, *gone: Policy) -> Holder:
        """Return the holder without some of its policies."""
        names = {policy.name for policy in gone}
        allowing = tuple(policy for policy in self.allowing if policy.name not in names)
        denying = tuple(policy for policy in self.denying if policy.name not in names)
        bits = _bits(allowing, denying, self.boundary)
        return msgspec.structs.replace(self, allowing=allowing, denying=denying, bits=bits, known={})

    def with_keys(self, keys: dict[str, KeyState | Text]) -> Holder:
        """Return the holder with other condition keys."""
        return msgspec.structs.replace(self, context=self.context.with_keys(keys))


def holder_of(identity: Identity, organization: Text | None, granted: Iterable[str] = ()) -> Holder:
    """Return an identity as a holder; `granted` are actions that the policies of resources give it."""
    policies = tuple(_whole(policy, identity) for policy in _policies(identity))
    allowing = tuple(_with_known_statements(policy) for policy in policies)
    boundary = identity.boundary
    if boundary is not None:
        arn = identity.resource.text("permissions_boundary")
        boundary = (
            whole_managed_policy(arn) if arn is not None and boundary.services is not None else None
        ) or boundary
    facts = Facts(
        organization=organization,
        tags=session_tags(identity),
        mfa=False if has_no_mfa(identity) else None,
    )
    keys: dict[str, KeyState | Text] = {
        "iam:PassedToService": ABSENT,
        "iam:PermissionsBoundary": ABSENT,
        "iam:PolicyARN": ABSENT,
        "aws:SecureTransport": "true",
    }
    if identity.kind in ("user", "group"):
        # Long-term keys are what a user has by itself.
        keys["aws:TokenIssueTime"] = ABSENT
    context = context_for(principal_of_identity(identity), facts).with_keys(keys)
    bits = _bits(allowing, policies, boundary)
    for action in granted:
        bits |= 1 << _number(action)
    unknown = tuple(
        dict.fromkeys(
            reason for policy in policies for statement in policy.statements for reason in _unknown(statement)
        )
    )
    return Holder(identity, allowing, policies, boundary, context, bits, unknown)


def is_about_everything(element: Element | None) -> bool:
    """Say whether an `Action` or a `Resource` covers all there are."""
    return (
        element is not None
        and not element.negated
        and any(known(entry.text) in ("*", "*:*", "**") for entry in element.entries)
    )


def allows_everything(holder: Holder) -> tuple[Policy, Statement] | None:
    """Return the statement that allows any action on any resource, whatever else denies; None where there is none."""
    for policy in holder.allowing:
        for statement in policy.statements:
            if (
                statement.effect == "Allow"
                and not statement.conditions
                and not statement.unknown
                and is_about_everything(statement.action)
                and is_about_everything(statement.resource)
            ):
                return policy, statement
    return None


# --- policies -----------------------------------------------------------------------------


def _policies(identity: Identity) -> list[Policy]:
    found = []
    for attached in identity.policies:
        policy = attached.policy
        if policy.services is not None and attached.arn is not None:
            policy = _renamed(whole_managed_policy(attached.arn) or policy, policy.name)
        found.append(policy)
    return found


def _renamed(policy: Policy, name: str) -> Policy:
    return policy if policy.name == name else msgspec.structs.replace(policy, name=name)


def _whole(policy: Policy, identity: Identity) -> Policy:
    is_user = identity.kind in ("user", "group")
    if not any(condition.operator.startswith("Date") for s in policy.statements for condition in s.conditions):
        return policy
    return msgspec.structs.replace(policy, statements=tuple(_timeless(policy.statements, is_user)))


def _timeless(statements: Iterable[Statement], is_user: bool) -> Iterable[Statement]:
    """Yield statements less the conditions on time that are decided for ever."""
    for statement in statements:
        left: list[Condition] = []
        holds = True
        for condition in statement.conditions:
            decided = _for_ever(condition, is_user)
            if decided is None:
                left.append(condition)
            holds = holds and decided is not False
        if holds:
            yield msgspec.structs.replace(statement, conditions=tuple(left))


def _for_ever(condition: Condition, is_user: bool) -> bool | None:
    key = (known(condition.key) or "").lower()
    if key not in _TIMES or not condition.operator.startswith("Date") or condition.unknown or not condition.values:
        return None
    if is_user and key == "aws:tokenissuetime":
        return None
    if all(compare("DateGreaterThan", literal_tokens(value.text), NOW) for value in condition.values):
        return condition.operator in _LATER
    return None


def _with_known_statements(policy: Policy) -> Policy:
    kept = tuple(s for s in policy.statements if not (s.unknown and s.action is None and s.resource is None))
    return policy if len(kept) == len(policy.statements) else msgspec.structs.replace(policy, statements=kept)


def _unknown(statement: Statement) -> tuple[str, ...]:
    return statement.unknown if statement.unknown and statement.action is None and statement.resource is None else ()


def _about(policy: Policy, bit: int) -> Policy:
    kept = tuple(statement for statement in policy.statements if _covered(statement.action) & bit)
    return policy if len(kept) == len(policy.statements) else msgspec.structs.replace(policy, statements=kept)


# --- which actions at all -------------------------------------------------------------------


@cache
def _numbers() -> dict[str, int]:
    return {action: number for number, action in enumerate(actions())}


def _number(action: str) -> int:
    return _numbers()[action]


def _bits(allowing: Iterable[Policy], denying: Iterable[Policy], boundary: Policy | None) -> int:
    found = 0
    for policy in allowing:
        for statement in policy.statements:
            if statement.effect != "Deny":
                found |= _covered(statement.action)
    for policy in denying:
        for statement in policy.statements:
            is_sure = statement.effect == "Deny" and not statement.conditions and not statement.unknown
            if is_sure and is_about_everything(statement.resource) and statement.action is not None:
                found &= ~_surely_covered(statement.action)
    if boundary is not None:
        limit = 0
        for statement in boundary.statements:
            if statement.effect != "Deny":
                limit |= _covered(statement.action)
        found &= limit
    return found


def _covered(element: Element | None) -> int:
    if element is None or (element.unknown and not element.negated):
        return (1 << len(actions())) - 1
    return _of(tuple(entry.text for entry in element.entries), element.negated, False)


def _surely_covered(element: Element) -> int:
    if element.unknown and element.negated:
        return 0
    return _of(tuple(entry.text for entry in element.entries), element.negated, True)


@lru_cache(maxsize=4096)
def _of(texts: tuple[Text, ...], negated: bool, surely: bool) -> int:
    bits = 0
    # Managed policies name thousands of actions; each is compared with those of its service alone.
    anywhere: list[Text] = []
    of_service: dict[str, list[Text]] = {}
    for text in texts:
        pattern = lower(text)
        service, colon, _ = pattern.partition(":") if isinstance(pattern, str) else ("", "", "")
        if colon and "*" not in service and "?" not in service:
            of_service.setdefault(service, []).append(pattern)
        else:
            anywhere.append(pattern)
    for number, name in enumerate(actions()):
        action = name.lower()
        patterns = [*anywhere, *of_service.get(action.partition(":")[0], ())]
        fits = any_of(match(pattern, action) for pattern in patterns)
        if negated:
            fits = None if fits is None else not fits
        if fits or (fits is None and not surely):
            bits |= 1 << number
    return bits
