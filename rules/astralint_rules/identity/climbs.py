"""What rules about escalation share: which account is above which, and who enters an account to escalate there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from astralint.rules.api import Account, Evidence, Platform, Reason, Undecided, Violation
from astralint.rules.api.escalation import ENTERING, Escalation, Goal, Proof, Route, path
from astralint.rules.api.trust import Assumption, Identity

_FOUNDATION = ("management", "identity", "security", "artifact", "dns", "email")
RANK = {"sandbox": 0, "staging": 1, "production": 2, **dict.fromkeys(_FOUNDATION, 3)}
"""How much depends on an account of a kind; accounts of other kinds are not compared."""


def is_above(account: Account | None, other: Account | None) -> bool:
    """Say whether more depends on an account than on another one."""
    if account is None or other is None or account.kind not in RANK or other.kind not in RANK:
        return False
    return RANK[account.kind] > RANK[other.kind]


def route_of(edge: Escalation) -> Route | None:
    """Return the best route by which one becomes the other; None where nobody is become."""
    if isinstance(edge.target, Goal):
        return edge.best if edge.target.kind == "administrator" else None
    return next((route for route in edge.routes if route.how in ENTERING), None)


def cause_of(proofs: Iterable[Proof]) -> Evidence | None:
    """Return the statement that would have to change: the first one of an identity's policies, else the first line."""
    every = list(proofs)
    return next((proof.evidence for proof in every if proof.side == "identity"), every[0].evidence if every else None)


def entrances(platform: Platform, identity: Identity) -> Iterator[tuple[Assumption, ...]]:
    """Yield the shortest way from each principal of an account below to an identity, all but its first step within."""
    ways: dict[str, tuple[Assumption, ...]] = {identity.node: ()}
    pending = deque((identity,))
    while pending:
        current = pending.popleft()
        for step in platform.trust.into(current):
            source = step.identity
            if source is None or source.account is None or step.decision.verdict == "denied":
                continue
            way = (step, *ways[current.node])
            if source.account is not identity.account:
                if is_above(identity.account, source.account):
                    yield way
            elif source.node not in ways:
                ways[source.node] = way
                pending.append(source)


_OPEN = (" covers ", "{?}", "not known", "known only after apply", "has no value", "is not in the", "is read from")
"""What conditions say that stand in no code."""


def require_written(conditions: Iterable[str]) -> None:
    """Raise Undecided where a condition is none that stands in the code: something is not known."""
    for condition in conditions:
        if any(sign in condition for sign in _OPEN):
            raise Undecided(Reason("policy-not-known", f"it is not known whether {condition}"))


def told(route: Route) -> str:
    """Return what a route does, in words."""
    return path(route.path).does


def at_statement(
    identity: Identity,
    cause: Evidence,
    message: str,
    label: str,
    subject: str,
    others: Iterable[Evidence],
    **more: object,
) -> Violation:
    """Make a violation at the statement that would have to change, in the workspace of whoever has it."""
    rest = tuple(dict.fromkeys(item for item in others if item.span != cause.span))
    return identity.resource.workspace.violation(message, cause.span, label, subject=subject, evidence=rest, **more)
