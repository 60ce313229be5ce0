"""AL121."""

from __future__ import annotations

import tomllib
from collections import deque
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Evidence, Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.text import Hole, join
from astralint.rules.api.trust import Assumption, Identity
from astralint_rules.identity.certainty import hangs_on_the_unknown

HIGH = ("management", "identity")


class Entrance(msgspec.Struct, frozen=True, eq=False):
    """A step from another account into one from which a role can be reached that may write access.

    `steps` begin with that step; `powers` say what the role at their end may do.
    """

    steps: tuple[Assumption, ...]
    powers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.steps[0].identity} -> {self.steps[-1].role}"


@cache
def powers() -> dict[str, tuple[str, ...]]:
    """Return the actions by which access is given, by what they write."""
    text = files("astralint_rules").joinpath("data/access_writers.toml").read_text("utf-8")
    return {name: tuple(actions) for name, actions in tomllib.loads(text)["powers"].items()}


def powers_of(platform: Platform, identity: Identity) -> tuple[str, ...]:
    """Return what of `powers` an identity has for sure, on everything."""
    found = []
    for name, actions in powers().items():
        for action in actions:
            service = action.partition(":")[0]
            anything = join(f"arn:aws:{service}::", Hole("whatever it is about"))
            if platform.trust.may(identity, action, anything).truth:
                found.append(name)
                break
    return tuple(found)


def entrances(platform: Platform) -> Iterator[Entrance]:
    """Yield, for each role that another account can enter by, the surest and shortest way on from there."""
    best: dict[tuple[str, str], Entrance] = {}
    for role in platform.trust.roles:
        if role.account is None or role.account.kind not in HIGH:
            continue
        ways = list(_ways_in(platform, role))
        able = powers_of(platform, role) if ways else ()
        for way in ways if able else ():
            entered, source = way[0].role.node, way[0].account
            key = (entered, source.name if source is not None else "")
            if key not in best or _weakness(way) < _weakness(best[key].steps):
                best[key] = Entrance(way, able)
    return iter(best.values())


def _ways_in(platform: Platform, role: Identity) -> Iterator[tuple[Assumption, ...]]:
    """Yield the shortest way from each principal of another account to a role, all but the first step within its own."""
    ways: dict[str, tuple[Assumption, ...]] = {role.node: ()}
    pending = deque((role,))
    while pending:
        current = pending.popleft()
        for assumption in platform.trust.into(current):
            source = assumption.identity
            if source is None or source.account is None or assumption.decision.verdict == "denied":
                continue
            way = (assumption, *ways[current.node])
            if source.account is not role.account:
                if source.account.kind not in HIGH:
                    yield way
            elif source.node not in ways:
                ways[source.node] = way
                pending.append(source)


def _weakness(way: tuple[Assumption, ...]) -> tuple[object, ...]:
    verdicts = [step.decision.verdict == "allowed" for step in way]
    return any(map(hangs_on_the_unknown, way)), not all(verdicts), len(way), str(way[0]), str(way[-1])


@rule(
    "AL121",
    "identity-admin-path",
    severity="error",
    each=entrances,
    tags=("identity", "trust"),
    security_severity="9.4",
    by_kind=True,
)
def check(entrance: Entrance, platform: Platform) -> Iterator[Violation]:
    """From no other account can anybody become who may write access: IAM, Identity Center, the organization.

    ## Why

    The identity and management accounts say who may do what, everywhere. A role there
    that may change this is worth every other role; if a build in another account can
    become it, whoever may merge a change to that build owns the organization.

    ## Bad

    ```hcl
    # workspaces/identity: a role with iam:* and sso:* trusts
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000004:role/ci-build"]
    }
    ```

    ## Good

    The job runs in the identity account itself, in its own pipeline, whose changes are
    reviewed by those who may give access.

    ## Exceptions

    Ways between the management and the identity account. Rights over single roles or
    permission sets do not count: only those over all of them. A way that hangs on a
    condition is a warning that shows it.
    """
    first, last = entrance.steps[0], entrance.steps[-1]
    source, role = first.identity, last.role
    if source is None or not first.evidence:
        return
    if source.account is not None and not source.account.kind:
        reason = f"the kind of the account `{source.account}` is not known"
        raise Undecided(Reason("account-kind-not-known", reason))
    if not powers_of(platform, platform.trust.with_all_that_may_be_its(role)):
        raise Undecided(Reason("policy-not-known", f"a policy that may be {role.title}'s may deny it"))
    through = (
        "" if len(entrance.steps) == 1 else " through " + ", ".join(f"`{step.role}`" for step in entrance.steps[:-1])
    )
    conditions = [condition for step in entrance.steps for condition in step.conditions]
    condition = f", if {' and '.join(conditions)}" if conditions else ""
    place = first.evidence[0]
    others = [item for step in entrance.steps for item in step.evidence if item != place]
    policies = [attached.resource.evidence("gives it these rights") for attached in role.policies]
    yield first.role.resource.workspace.violation(
        f"{source.title} can become {role.title}{through}, which may write {_listed(entrance.powers)}{condition}",
        place.span,
        place.text,
        subject=f"{source.account}/{source} -> {role.resource.address}",
        evidence=(*others, *(Evidence(p.span, p.text, p.workspace) for p in policies)),
        path=tuple(item for step in entrance.steps for item in reversed(step.evidence)),
        severity="warning" if conditions else None,
    )


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
