"""What stops somebody from becoming somebody else: the nearest miss first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from astralint.aws.decision import ASSUME_ROLE, Decision
from astralint.aws.text import known
from astralint.source.evidence import Evidence
from astralint.trust.assumption import policy_place
from astralint.trust.endpoints import Endpoint, is_issuer_of
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex

MAXIMUM_PAIRS = 4_000
MAXIMUM_SHOWN = 12
NAMED = 4

ObstacleKind = Literal["denied", "no-permission", "no-trust", "no-edge", "not-trusted"]


class Obstacle(msgspec.Struct, frozen=True, eq=False):
    """Something that stops a way, and where: a `Deny`, a missing permission, a missing trust, no edge out at all."""

    kind: ObstacleKind
    text: str
    evidence: tuple[Evidence, ...] = ()


def obstacles(index: TrustIndex, start: Endpoint, end: Endpoint, reached: Sequence[Identity]) -> list[Obstacle]:
    """Return what stops the source, in the order of how little is missing."""
    judge = _Judge(index, end, reached)
    found = [*judge.misses(), *_out(index, start, reached)]
    if start.kind == "subject":
        found += _providers(index, start)
    if not any(obstacle.kind == "no-permission" for obstacle in found):
        found += _trusted(index, start, end)
    order: tuple[ObstacleKind, ...] = ("denied", "no-permission", "no-trust", "no-edge", "not-trusted")
    found.sort(key=lambda obstacle: order.index(obstacle.kind))
    return found[:MAXIMUM_SHOWN]


class _Judge:
    """Judges each of those that the source can be against each role of the target."""

    def __init__(self, index: TrustIndex, end: Endpoint, reached: Sequence[Identity]) -> None:
        self.index = index
        self.end = end
        self.reached = reached
        self.roles = [identity for identity in end.identities if identity.trust is not None]

    def misses(self) -> Iterator[Obstacle]:
        """Yield, for each principal, what stops it."""
        pairs = 0
        # What AWS makes for the management account is no near miss of anybody else.
        for identity in [one for one in self.reached if not one.is_implied] or self.reached:
            distrusted: list[Identity] = []
            denied: tuple[Identity, Decision] | None = None
            for role in self.roles:
                pairs += 1
                if pairs > MAXIMUM_PAIRS:
                    return
                decision = self.index.decision_between(identity, role)
                if decision.verdict != "denied":
                    continue
                if decision.refused:
                    # A role that does not trust anyway is the lesser half of what stops it.
                    if denied is None or (decision.trust and not denied[1].trust):
                        denied = (role, decision)
                elif decision.trust is not False:
                    yield self._no_permission(identity, role, decision)
                elif decision.identity is not False and decision.identity is not None:
                    distrusted.append(role)
            if denied is not None:
                yield self._denied(identity, *denied)
            if distrusted:
                yield self._no_trust(identity, distrusted)

    def _denied(self, identity: Identity, role: Identity, decision: Decision) -> Obstacle:
        places: list[Evidence] = []
        for source in decision.deciding:
            label = f"denies it{f' (`{source.sid}`)' if source.sid else ''}"
            place = policy_place(identity, source, label) if source.side == "identity" else None
            if place is None and source.side == "trust" and role.trust is not None:
                place = role.trust.evidence(label, source.path)
            places += [place] if place is not None else []
        by = {source.side for source in decision.deciding}
        sides = {"identity": "its own policy", "trust": f"the trust policy of `{role}`", "boundary": "its boundary",
                 "scp": "a service control policy", "rcp": "a resource control policy"}  # fmt: skip
        who = " and ".join(sides.get(side, side) for side in sorted(by)) or "a policy"
        what = f"{role.title}" if len(self.roles) == 1 else f"the roles of `{self.end}`"
        return Obstacle("denied", f"{identity.title} is denied to assume {what} by {who}", tuple(places))

    def _no_permission(self, identity: Identity, role: Identity, decision: Decision) -> Obstacle:
        trusts = [
            t
            for t in self.index.read_of(role)
            if t.identity is identity or (t.account is not None and t.account is identity.account)
        ]
        text = f"{role.title} trusts {identity.title}, but {decision.explanation.partition(': ')[2]}"
        evidence = [trust.evidence for trust in trusts]
        evidence.append(identity.resource.evidence(f"no policy of `{identity}` lets it assume `{role}`"))
        return Obstacle("no-permission", text, tuple(evidence))

    def _no_trust(self, identity: Identity, roles: list[Identity]) -> Obstacle:
        grants = [g.evidence for g in self.index.grants if g.identity is identity and g.role in roles]
        if not grants:
            grants = list(self._permissions(identity, roles[0]))
        if len(roles) == 1:
            role = roles[0]
            place = role.resource.evidence(f"does not name `{identity}`", *(role.trust.path if role.trust else ()))
            return Obstacle(
                "no-trust", f"{identity.title} may assume {role.title}, which does not trust it", (*grants, place)
            )
        text = f"{identity.title} may assume roles, but none of the {len(roles)} roles of `{self.end}` trusts it"
        return Obstacle("no-trust", text, tuple(grants))

    def _permissions(self, identity: Identity, role: Identity) -> Iterator[Evidence]:
        for source in self.index.may(identity, ASSUME_ROLE, role.arn).sources:
            place = policy_place(identity, source, f"lets `{identity}` assume roles")
            if place is not None:
                yield place


def _out(index: TrustIndex, start: Endpoint, reached: Sequence[Identity]) -> Iterator[Obstacle]:
    """Yield that nothing of the source leads into any other account."""
    if start.kind not in ("account", "identity"):
        return
    out = [a for identity in reached for a in index.from_node(identity.node)
           if a.decision.verdict != "denied" and a.role.account is not start.account]  # fmt: skip
    if not out:
        what = f"nothing of `{start}`" if start.kind == "account" else f"`{start}`"
        places: tuple[Evidence, ...] = ()
        if start.account is not None and start.account.span is not None:
            places = (Evidence(start.account.span, f"no way leads out of `{start.account}`"),)
        yield Obstacle(
            "no-edge",
            f"{what} can become a role of any other account"
            if start.kind == "account"
            else f"{what} can become no role of any other account",
            places,
        )


def _providers(index: TrustIndex, start: Endpoint) -> Iterator[Obstacle]:
    """Yield which roles take tokens of the subject's issuer, for other subjects."""
    places = [
        trust.role.trust.evidence(f"`{trust.role}` takes other subjects", condition.path)
        for trust in index.trusts
        if trust.principal.form == "federated" and trust.role.trust is not None
        for condition in trust.principal.statement.conditions
        if (issuer := str(condition.key).removesuffix(":sub")) != str(condition.key)
        and is_issuer_of(issuer, start.name)
    ]
    places = list(dict.fromkeys(places))
    if places:
        text = f"{len(places)} conditions on the subject do not admit `{start}`, or lead elsewhere"
        yield Obstacle("no-trust", text, tuple(places[:NAMED]))


def _trusted(index: TrustIndex, start: Endpoint, end: Endpoint) -> Iterator[Obstacle]:
    """Yield whom the target trusts instead, from outside of its account."""
    named = [
        trust
        for identity in end.identities
        for trust in index.read_of(identity)
        if trust.account is not identity.account or end.kind == "identity"
    ]
    if start.kind in ("account", "identity"):
        # Who is no service can't become one, so that services are no near miss.
        named = [trust for trust in named if trust.principal.form != "service"] or named
    if not named:
        yield Obstacle("not-trusted", f"no role of `{end}` trusts anybody outside of its account")
        return
    shown = list(dict.fromkeys(
        trust.identity.title if trust.identity is not None else f"`{known(trust.principal.entry.text) or trust.principal.entry.text}`"
        for trust in named
    ))  # fmt: skip
    more = f" and {len(shown) - NAMED} more" if len(shown) > NAMED else ""
    text = f"`{end}` trusts {', '.join(shown[:NAMED])}{more}, not `{start}`"
    yield Obstacle("not-trusted", text, tuple(dict.fromkeys(trust.evidence for trust in named[:NAMED])))
