"""AL130."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Violation, rule
from astralint.rules.api.escalation import Escalation, Route
from astralint.rules.api.trust import Assumption, Identity
from astralint_rules.identity.climbs import (
    RANK,
    at_statement,
    cause_of,
    entrances,
    is_above,
    require_written,
    route_of,
    told,
)


class Climb(msgspec.Struct, frozen=True, eq=False):
    """From an account somebody gets, by some steps and one statement, to those whom an escalation leads to."""

    source: Account
    steps: tuple[Assumption, ...]
    identity: Identity
    cause: Evidence
    edges: tuple[tuple[Escalation, Route], ...]

    def __str__(self) -> str:
        return f"{self.source} -> {self.edges[0][0].target}"


def climbs(platform: Platform) -> Iterator[Climb]:
    """Yield the escalations that lead from an account into one above it, together where one statement lets them."""
    if len({account.kind for account in platform.accounts.values() if account.kind in RANK}) < 2:
        return
    found: dict[tuple[str, str, str], Climb] = {}
    ways: dict[str, list[tuple[Assumption, ...]]] = {}
    for edge in platform.escalations.edges:
        route, identity = route_of(edge), edge.source
        cause = cause_of(route.proofs) if route is not None else None
        if route is None or cause is None or not isinstance(identity, Identity):
            continue
        starts: list[tuple[Account | None, tuple[Assumption, ...]]] = []
        if edge.target.account is not identity.account:
            starts = [(identity.account, ())] if is_above(edge.target.account, identity.account) else []
        else:
            if identity.node not in ways:
                ways[identity.node] = sorted(entrances(platform, identity), key=_weakness)
            starts = [(way[0].account, way) for way in ways[identity.node]]
        for account, way in starts:
            if account is None:
                continue
            key = (account.name, identity.node, str(cause.span))
            known = found.get(key)
            if known is None:
                found[key] = Climb(account, way, identity, cause, ((edge, route),))
            elif all(edge is not one for one, _ in known.edges):
                found[key] = msgspec.structs.replace(known, edges=(*known.edges, (edge, route)))
    yield from found.values()


def _weakness(way: tuple[Assumption, ...]) -> tuple[object, ...]:
    return any(step.decision.verdict != "allowed" for step in way), len(way), str(way[0])


@rule(
    "AL130",
    "escalation-upwards",
    severity="error",
    each=climbs,
    tags=("identity", "trust"),
    security_severity="9.3",
    by_kind=True,
)
def check(climb: Climb, platform: Platform) -> Iterator[Violation]:
    """Nobody of an account can make themselves somebody of an account above it.

    ## Why

    To become somebody else one need not assume a role. Whoever may replace the code of a
    function is the function's role, whoever may hand a role to a new machine is that role,
    and whoever may write policies is anybody. If a principal of a sandbox may do that in
    production, or may become a role there that may, production is as safe as the sandbox.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_lambda_permission" "sandbox" {
      action        = "lambda:UpdateFunctionCode"
      function_name = aws_lambda_function.billing.function_name
      principal     = "210000000009" # sandbox
    }
    ```

    ## Good

    The function takes its code from the artifact account, where only the pipeline writes,
    and no other account may change it.

    ## Exceptions

    From the lowest to the highest: sandbox, staging, production, and the accounts that all
    depend on. Accounts of other kinds are not compared. What hangs on a condition is a
    warning that shows it. Ways that lead through one statement are one finding: it is what
    has to change.
    """
    standing = platform.escalations.standing
    edge, route = min(
        climb.edges, key=lambda pair: (pair[1].verdict, pair[0].target.node not in standing, str(pair[0].target))
    )
    conditions = [*(c for step in climb.steps for c in step.conditions), *route.conditions]
    require_written(conditions)
    who = climb.identity.title if not climb.steps else climb.steps[0].identity
    who = who.title if isinstance(who, Identity) else who
    through = f" becomes {climb.identity.title}, which" if climb.steps else ""
    more = f" and {len(climb.edges) - 1} more" if len(climb.edges) > 1 else ""
    condition = f", if {' and '.join(dict.fromkeys(conditions))}" if conditions else ""
    lines = [
        *(item for step in climb.steps for item in step.evidence),
        *(proof.evidence for _, one in climb.edges[:3] for proof in one.proofs),
    ]
    yield at_statement(
        climb.identity,
        climb.cause,
        f"{who}{through} {told(route)} and so becomes {edge.target.title}{more}{condition}",
        climb.cause.text,
        f"{climb.source} -> {climb.identity.resource.address}: {edge.target}",
        lines,
        severity="warning" if conditions else None,
    )
