"""What a principal can do: every action of the catalogue, summarized by service and access level."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from astralint.aws.actions import Action, catalogue
from astralint.aws.evaluation import may_speak_of
from astralint.aws.policy import Statement
from astralint.aws.wildcard import match
from astralint.source.evidence import Evidence
from astralint.trust.access import Access
from astralint.trust.endpoints import NameProblem, endpoint
from astralint.trust.generic import generic_resources
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex
from astralint.trust.permissions import Permissions
from astralint.trust.targets import within

MAXIMUM_ACTIONS = 400


class Level(msgspec.Struct, frozen=True):
    """The actions of one service and access level; `conditional` are those that hang on something. `total`: of how many."""

    level: str
    allowed: tuple[str, ...]
    conditional: tuple[str, ...]
    total: int


class Service(msgspec.Struct, frozen=True):
    """A service, its levels from the strongest to the weakest, and the patterns of resources."""

    name: str
    levels: tuple[Level, ...]
    resources: tuple[str, ...]


class Granted(msgspec.Struct, frozen=True):
    """What the policy of a resource lets the principal do with it."""

    resource: str
    allowed: tuple[str, ...]
    conditional: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class Can(msgspec.Struct, frozen=True, eq=False):
    """The answer. `unknown` names the policies whose text is not in the code."""

    identity: Identity
    services: tuple[Service, ...]
    granted: tuple[Granted, ...]
    becomes: tuple[str, ...]
    unknown: tuple[str, ...]
    date: str


def can(index: TrustIndex, principal: str) -> Can:
    """Return what a role, user or permission set can do; raises NameProblem."""
    end = endpoint(index, principal)
    if end.kind == "account":
        names = ", ".join(f"`{end.account}/{one}`" for one in end.identities[:8])
        raise NameProblem(
            f"`{principal}` is an account",
            f"name one of its roles and users: {names}" if names else "name a role or user",
        )
    if len(end.identities) != 1:
        raise NameProblem(
            f"what `{principal}` can do is not in the code",
            "name a role, a user or a permission set that a workspace makes",
        )
    return _Summary(index, end.identities[0]).answer()


class _Summary:
    def __init__(self, index: TrustIndex, identity: Identity) -> None:
        self.index = index
        self.identity = identity
        self.permissions = Permissions(index)
        self._statements = [s for attached in identity.policies for s in attached.policy.statements]
        boundary = identity.boundary.statements if identity.boundary is not None else ()
        self._every = [*self._statements, *boundary, *index.guardrails.statements(identity.account)]

    def answer(self) -> Can:
        whole = catalogue()
        services = []
        for name in whole.services:
            found = self._service(name)
            if found is not None:
                services.append(found)
        becomes = dict.fromkeys(
            edge.role.title for edge in self.index.from_node(self.identity.node) if edge.decision.verdict != "denied"
        )
        return Can(
            self.identity, tuple(services), tuple(self._granted()), tuple(becomes), tuple(self._unknown()), whole.date
        )

    def _unknown(self) -> Iterator[str]:
        for attached in self.identity.policies:
            policy = attached.policy
            if policy.services is not None or any(s.unknown and s.action is None for s in policy.statements):
                yield policy.name or str(attached.arn or attached.resource)

    # --- by its own policies -----------------------------------------------------------

    def _service(self, name: str) -> Service | None:
        actions = catalogue().of(name)
        statements = [s for s in self._statements if s.effect != "Deny" and not _is_blank(s) and _touches(s, name)]
        if not statements:
            return None
        found: dict[str, tuple[list[str], list[str]]] = {}
        totals: dict[str, int] = {}
        resources: dict[str, None] = {}
        memory: dict[object, tuple[str, tuple[str, ...]]] = {}
        for action in actions.values():
            totals[action.level] = totals.get(action.level, 0) + 1
            verdict, on = self._remembered(action, statements, memory)
            if verdict != "denied":
                found.setdefault(action.level, ([], []))[verdict != "allowed"].append(action.name)
                resources.update(dict.fromkeys(on))
        if not found:
            return None
        levels = tuple(
            Level(level, tuple(sorted(found[level][0])), tuple(sorted(found[level][1])), totals[level])
            for level in reversed(catalogue().levels)
            if level in found
        )
        return Service(name, levels, tuple(resources))

    def _remembered(
        self, action: Action, statements: list[Statement], memory: dict[object, tuple[str, tuple[str, ...]]]
    ) -> tuple[str, tuple[str, ...]]:
        """Decide an action as another of the same resource types that the same statements are about, conditions apart."""
        lowered = str(action).lower()
        if not any(may_speak_of(statement, lowered) for statement in statements):
            return "denied", ()
        key = (action.types, tuple(may_speak_of(statement, lowered) for statement in self._every))
        if key not in memory:
            memory[key] = self._verdict(action)
        return memory[key]

    def _verdict(self, action: Action) -> tuple[str, tuple[str, ...]]:
        best, on = "denied", []
        for resource, shown, owner in generic_resources(self.identity, action):
            permission = self.permissions.of_identity(
                self.identity, self.permissions.generic(self.identity, action, resource, owner)
            )
            if permission.verdict == "denied" or not any(s.side == "identity" for s in permission.deciding):
                continue
            on.append(shown)
            if best != "allowed":
                best = permission.verdict
        return best, tuple(on)

    # --- by the policies of resources ------------------------------------------------

    def _granted(self) -> Iterator[Granted]:
        """Yield what resources let the principal do by name, decided over both sides."""
        named = {a.resource: a for a in self.index.accesses if a.principal == self.identity.node and not a.all_but}
        for one in self.permissions.targets:
            access = named.get(one.resource) if one.resource is not None else None
            if access is None:
                continue
            found: dict[str, dict[str, None]] = {"allowed": {}, "conditional": {}}
            evidence: dict[Evidence, None] = {}
            for action in self._actions(access):
                resource = within(one, action)
                if resource is None or resource == "*":
                    continue
                asked = self.permissions.asked(action, resource, one)
                permission = self.permissions.of_identity(self.identity, asked)
                if permission.verdict != "denied":
                    found[permission.verdict][str(action)] = None
                    evidence.update(dict.fromkeys(self.permissions.evidence(permission, self.identity, asked)))
            if found["allowed"] or found["conditional"]:
                yield Granted(str(one), tuple(found["allowed"]), tuple(found["conditional"]), tuple(evidence))

    @staticmethod
    def _actions(access: Access) -> Iterator[Action]:
        for pattern in access.actions:
            yield from islice(catalogue().matching(pattern), MAXIMUM_ACTIONS)


def _is_blank(statement: Statement) -> bool:
    """Say whether nothing is known of a statement: it would stand for every action there is."""
    return bool(statement.unknown) and statement.action is None


def _touches(statement: Statement, service: str) -> bool:
    """Say whether a statement may be about an action of a service."""
    element = statement.action
    if element is None or element.negated or element.unknown:
        return True
    for entry in element.entries:
        if not isinstance(entry.text, str):
            return True
        prefix = entry.text.partition(":")[0].lower()
        if prefix == service or match(prefix, service):
            return True
    return False
