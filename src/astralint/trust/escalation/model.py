"""Edges of escalation: from somebody to whom they can make themselves, each with the routes by which they can."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.estate.model import Account
from astralint.estate.nodes import principal_node
from astralint.source.evidence import Evidence
from astralint.trust.escalation.table import How
from astralint.trust.identity import Identity

Verdict = Literal["allowed", "conditional"]
Side = Literal["identity", "resource", "trust", "binding", "organization"]
ORDER: tuple[How, ...] = (
    "admin", "creates", "widens", "becomes", "acts-as", "code-as", "unguards", "gains", "reads", "stops",
)  # fmt: skip


class Proof(msgspec.Struct, frozen=True):
    """A line that makes a route possible, and whose side it is on."""

    side: Side
    evidence: Evidence


class Route(msgspec.Struct, frozen=True, eq=False):
    """One way by which an edge holds.

    `path` is the id of the table, `through` are the nodes of the resources that are changed or handed on;
    `cause` names the statement that would have to change to cut it.
    """

    path: str
    how: How
    verdict: Verdict
    conditions: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All lines, in the order in which they are needed."""
        return tuple(proof.evidence for proof in self.proofs)


class Goal(msgspec.Struct, frozen=True, eq=False):
    """Whom one can become and no workspace makes: an administrator of an account, a principal of one's own, a resource."""

    node: str
    kind: Literal["administrator", "created", "resource", "account", "subject"]
    name: str
    account: Account | None

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What it is called in messages."""
        if self.kind == "administrator":
            return f"an administrator of `{self.name}`"
        where = f" of `{self.account}`" if self.account is not None else ""
        if self.kind == "created":
            return f"a principal of its own{where} ({self.name})"
        if self.kind == "account":
            return f"the account `{self.name}`"
        return f"`{self.name}`{where}"


Target = Identity | Goal


class Escalation(msgspec.Struct, frozen=True, eq=False):
    """Somebody can make themselves somebody else; one for each ordered pair."""

    source: Identity | Goal
    target: Target
    routes: tuple[Route, ...]

    @property
    def best(self) -> Route:
        """The route that hangs on least."""
        return self.routes[0]

    @property
    def verdict(self) -> Verdict:
        return self.best.verdict

    @property
    def conditions(self) -> tuple[str, ...]:
        return self.best.conditions

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class Standing(msgspec.Struct, frozen=True, eq=False):
    """How far somebody is an administrator of their own account, and why."""

    verdict: Verdict
    by: Literal["rights", "widening", "way"]
    through: str = ""
    proofs: tuple[Proof, ...] = ()
    conditions: tuple[str, ...] = ()


class Removal(msgspec.Struct, frozen=True, eq=False):
    """Somebody may take away, or rewrite, the permissions boundary that it is under, by an action."""

    identity: Identity
    action: str
    proofs: tuple[Proof, ...]
    conditions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.identity}: {self.action}"


def administrator(account: Account) -> Goal:
    """Return whoever may do anything in an account."""
    return Goal(principal_node("administrator", account.name), "administrator", account.name, account)


def created(account: Account, limit: str) -> Goal:
    """Return a principal that somebody would make, under a permissions boundary."""
    return Goal(principal_node("created", f"{account.name}/{limit}"), "created", f"under `{limit}`", account)


def sorted_routes(routes: list[Route]) -> tuple[Route, ...]:
    """Return routes with those that hang on least first, each path and way once."""
    unique: dict[tuple[str, tuple[str, ...]], Route] = {}
    for route in sorted(routes, key=lambda r: (r.verdict, len(r.conditions), ORDER.index(r.how), r.path, r.through)):
        unique.setdefault((route.path, route.through), route)
    return tuple(unique.values())
