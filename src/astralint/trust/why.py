"""Why, or why not, somebody can become somebody else: every shortest way, or what stops it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cached_property

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.text import known, split
from astralint.trust.endpoints import Endpoint, NameProblem, administrators, endpoint, is_issuer_of
from astralint.trust.escalation.index import Escalations
from astralint.trust.escalation.model import Goal
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex
from astralint.trust.obstacles import Obstacle, obstacles
from astralint.trust.steps import ESCALATING, Step, administered, assumptions, deployments, escalations

MAXIMUM_WAYS = 50
MAXIMUM_STEPS = 12
_Place = tuple[str, bool]
"""A node, and whether an escalation lies before it."""


class FoundWay(msgspec.Struct, frozen=True, eq=False):
    """A chain of steps, as strong as its weakest."""

    steps: tuple[Step, ...]

    @property
    def verdict(self) -> str:
        return "allowed" if all(step.verdict == "allowed" for step in self.steps) else "conditional"

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(condition for step in self.steps for condition in step.conditions))

    @property
    def escalates(self) -> bool:
        """Whether a step of it is no assumption."""
        return any(step.kind in ESCALATING for step in self.steps)


class Why(msgspec.Struct, frozen=True, eq=False):
    """The answer: ways, or, where there is none, what stops it, the nearest miss first.

    `ways` are those by assuming alone, `escalations` those with a step by which somebody makes themselves somebody
    else. `left_out` and `escalations_left_out` count those beyond the first fifty.
    """

    source: Endpoint
    target: Endpoint
    ways: tuple[FoundWay, ...]
    obstacles: tuple[Obstacle, ...] = ()
    left_out: int = 0
    escalations: tuple[FoundWay, ...] = ()
    escalations_left_out: int = 0


def why(index: TrustIndex, source: str, target: str, found: Escalations | None = None) -> Why:
    """Return every shortest way from one to the other; raises NameProblem for names that fit nobody, or several.

    `found` are the edges of escalation, where ways through these are asked for.

    An account as source stands for all that is in it, as target for each of its roles
    that can be entered. Ways of allowed steps alone win over those with a condition.
    """
    start = endpoint(index, source)
    end = (administrators(index, target) if found is not None else None) or endpoint(index, target)
    if end.kind not in ("account", "identity", "administrator"):
        raise NameProblem(
            f"nobody can become `{target}`", "a way ends at an account, a role or a permission set: name one of these"
        )
    if start.nodes & end.nodes:
        raise NameProblem(f"`{source}` and `{target}` are the same", "name two different ones")
    search = _Search(index, start, end)
    ways = list(search.ways())
    more = list(_Search(index, start, end, found).ways()) if found is not None else []
    stops = () if ways else tuple(obstacles(index, start, end, search.reached()))
    return Why(
        start, end, tuple(ways[:MAXIMUM_WAYS]), stops, max(0, len(ways) - MAXIMUM_WAYS),
        tuple(more[:MAXIMUM_WAYS]), max(0, len(more) - MAXIMUM_WAYS),
    )  # fmt: skip


class _Search:
    """Looks for shortest ways: by assuming alone, or, where escalations are given, those with one of these at least."""

    def __init__(self, index: TrustIndex, start: Endpoint, end: Endpoint, found: Escalations | None = None) -> None:
        self.index = index
        self.start = start
        self.found = found
        # Nobody assumes a user.
        self.goals = {one.node for one in end.identities if found is not None or one.kind != "user"}
        if end.kind == "administrator":
            self.goals = set(end.nodes)
        self._first = list(self._first_steps())

    def ways(self) -> Iterator[FoundWay]:
        """Yield the ways in stable order: by their target, those without conditions first."""
        seen: set[str] = set()
        every: list[FoundWay] = []
        for verdicts in (("allowed",), ("allowed", "conditional")):
            before = self._predecessors(verdicts)
            wanted = {place for place in before if place[0] in self.goals and place[1] == (self.found is not None)}
            for goal in sorted(place for place in wanted if place[0] not in seen):
                seen.add(goal[0])
                every.extend(_chains(goal, before))
        return iter(sorted(every, key=lambda way: (way.verdict, len(way.steps), [str(s.target) for s in way.steps])))

    def _predecessors(self, verdicts: tuple[str, ...]) -> dict[_Place, list[tuple[_Place, Step]]]:
        """Return, for each place, all steps by which a shortest way enters it, with where they begin."""
        distance: dict[_Place, int] = {}
        before: dict[_Place, list[tuple[_Place, Step]]] = {}
        queue: deque[_Place] = deque()

        def visit(origin: _Place, step: Step, at: int) -> None:
            place = (step.target.node, origin[1] or step.kind in ESCALATING)
            if step.verdict not in verdicts or step.target.node in self.start.nodes:
                return
            if place not in distance:
                distance[place] = at
                queue.append(place)
            if distance[place] == at:
                before.setdefault(place, []).append((origin, step))

        for step in self._first:
            visit((step.source, False), step, 1)
        while queue:
            place = queue.popleft()
            if place[0] not in self.goals and distance[place] < MAXIMUM_STEPS:
                for step in self._steps_from(place[0]):
                    visit(place, step, distance[place] + 1)
        return before

    def _first_steps(self) -> Iterator[Step]:
        if self.start.kind == "subject":
            yield from _steps_of_subject(self.index, self.start.name)
            return
        for node in sorted(self.start.nodes):
            yield from self._steps_from(node)
        if self.start.kind == "account" and self.start.account is not None:
            for workspace in self.index.estate.workspaces_of(self.start.account):
                yield from deployments(self.index, workspace.name)

    def _steps_from(self, node: str) -> Iterator[Step]:
        yield from assumptions(self.index, node)
        if self.found is None:
            return
        yield from escalations(self.found, node)
        goal = self._administrators.get(node)
        if goal is not None:
            yield from administered(self.found, goal, frozenset(self.goals))

    @cached_property
    def _administrators(self) -> dict[str, Goal]:
        return self.found.administrators if self.found is not None else {}

    def reached(self) -> tuple[Identity, ...]:
        """Return whom the source is or can become, by whatever condition."""
        reached = sorted({node for node, _ in self._predecessors(("allowed", "conditional"))})
        others = [identity for node in reached if (identity := self.index.target(node)) is not None]
        return tuple(one for one in (*self.start.identities, *others) if one.kind not in ("group", "root"))


def _chains(goal: _Place, before: dict[_Place, list[tuple[_Place, Step]]]) -> Iterator[FoundWay]:
    """Yield every chain that ends at a place, as many as will ever be shown and one more."""
    pending: list[tuple[_Place, tuple[Step, ...]]] = [(origin, (step,)) for origin, step in reversed(before[goal])]
    count = 0
    while pending and count <= MAXIMUM_WAYS:
        place, chain = pending.pop()
        earlier = before.get(place)
        if earlier is None:
            count += 1
            yield FoundWay(chain)
        else:
            pending.extend((origin, (step, *chain)) for origin, step in reversed(earlier))


def _steps_of_subject(index: TrustIndex, subject: str) -> Iterator[Step]:
    for trust in index.trusts:
        arn = Arn.parse(trust.principal.entry.text)
        if trust.principal.form != "federated" or (arn is not None and known(arn.resource_type) != "oidc-provider"):
            continue
        issuer = split(arn.resource, "/", 1)[1] if arn is not None else trust.principal.entry.text
        name = known(issuer)
        if name is None or not is_issuer_of(name, subject):
            continue
        decision = index.decision_of_subject(trust, {f"{name}:sub": subject})
        if decision.verdict != "denied":
            conditions = tuple(str(condition) for condition in decision.conditions)
            yield Step(
                "can-assume", subject, trust.role, f"`{subject}`", decision.verdict, conditions, (trust.evidence,), ()
            )


__all__ = ["Endpoint", "FoundWay", "NameProblem", "Obstacle", "Step", "Why", "endpoint", "why"]
