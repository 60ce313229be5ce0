"""Why, or why not, somebody can become somebody else: every shortest way, or what stops it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec

from astralint.aws.arn import Arn
from astralint.aws.text import known, split
from astralint.estate.nodes import workspace_node
from astralint.source.evidence import Evidence
from astralint.trust.endpoints import Endpoint, NameProblem, endpoint, is_issuer_of
from astralint.trust.identity import Identity
from astralint.trust.index import TrustIndex
from astralint.trust.obstacles import Obstacle, obstacles

MAXIMUM_WAYS = 50
MAXIMUM_STEPS = 12


class Step(msgspec.Struct, frozen=True, eq=False):
    """One edge of a way.

    `kind` is that of the graph's edge; `verdict` is `allowed` or `conditional`,
    `conditions` what it hangs on. `trust` are the lines of the target's side,
    `permission` those of the source's, `binding` those that hand the target to the source.
    """

    kind: str
    source: str
    target: Identity
    source_name: str
    verdict: str
    conditions: tuple[str, ...]
    trust: tuple[Evidence, ...]
    permission: tuple[Evidence, ...]
    binding: tuple[Evidence, ...] = ()


class FoundWay(msgspec.Struct, frozen=True, eq=False):
    """A chain of steps, as strong as its weakest."""

    steps: tuple[Step, ...]

    @property
    def verdict(self) -> str:
        return "allowed" if all(step.verdict == "allowed" for step in self.steps) else "conditional"

    @property
    def conditions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(condition for step in self.steps for condition in step.conditions))


class Why(msgspec.Struct, frozen=True, eq=False):
    """The answer: ways, or, where there is none, what stops it, the nearest miss first.

    `left_out` counts ways beyond the first fifty.
    """

    source: Endpoint
    target: Endpoint
    ways: tuple[FoundWay, ...]
    obstacles: tuple[Obstacle, ...] = ()
    left_out: int = 0


def why(index: TrustIndex, source: str, target: str) -> Why:
    """Return every shortest way from one to the other; raises NameProblem for names that fit nobody, or several.

    An account as source stands for all that is in it, as target for each of its roles
    that can be entered. Ways of allowed steps alone win over those with a condition.
    """
    start, end = endpoint(index, source), endpoint(index, target)
    if end.kind not in ("account", "identity"):
        raise NameProblem(
            f"nobody can become `{target}`", "a way ends at an account, a role or a permission set: name one of these"
        )
    if start.nodes & end.nodes:
        raise NameProblem(f"`{source}` and `{target}` are the same", "name two different ones")
    search = _Search(index, start, end)
    found = list(search.ways())
    if found:
        return Why(start, end, tuple(found[:MAXIMUM_WAYS]), (), max(0, len(found) - MAXIMUM_WAYS))
    return Why(start, end, (), tuple(obstacles(index, start, end, search.reached())))


class _Search:
    def __init__(self, index: TrustIndex, start: Endpoint, end: Endpoint) -> None:
        self.index = index
        self.start = start
        self.goals = {identity.node for identity in end.identities if identity.kind != "user"}
        self._first = list(_first_steps(index, start))

    def ways(self) -> Iterator[FoundWay]:
        """Yield the ways in stable order: by their target, those without conditions first."""
        seen: set[str] = set()
        every: list[FoundWay] = []
        for verdicts in (("allowed",), ("allowed", "conditional")):
            before = self._predecessors(verdicts)
            for goal in sorted(self.goals & before.keys() - seen):
                seen.add(goal)
                every.extend(_chains(goal, before))
        return iter(sorted(every, key=lambda way: (way.verdict, len(way.steps), [str(s.target) for s in way.steps])))

    def _predecessors(self, verdicts: tuple[str, ...]) -> dict[str, list[Step]]:
        """Return, for each role, all steps by which a shortest way enters it."""
        distance: dict[str, int] = {}
        before: dict[str, list[Step]] = {}
        queue: deque[str] = deque()

        def visit(step: Step, at: int) -> None:
            node = step.target.node
            if step.verdict not in verdicts or node in self.start.nodes:
                return
            if node not in distance:
                distance[node] = at
                queue.append(node)
            if distance[node] == at:
                before.setdefault(node, []).append(step)

        for step in self._first:
            visit(step, 1)
        while queue:
            node = queue.popleft()
            if node not in self.goals and distance[node] < MAXIMUM_STEPS:
                for step in _steps_from(self.index, node):
                    visit(step, distance[node] + 1)
        return before

    def reached(self) -> tuple[Identity, ...]:
        """Return whom the source is or can become, by whatever condition."""
        reached = sorted(self._predecessors(("allowed", "conditional")))
        others = [identity for node in reached if (identity := self.index.target(node)) is not None]
        return tuple(one for one in (*self.start.identities, *others) if one.kind not in ("group", "root"))


def _chains(goal: str, before: dict[str, list[Step]]) -> Iterator[FoundWay]:
    """Yield every chain that ends at a node, as many as will ever be shown and one more."""
    pending: list[tuple[Step, ...]] = [(step,) for step in reversed(before[goal])]
    count = 0
    while pending and count <= MAXIMUM_WAYS:
        chain = pending.pop()
        earlier = before.get(chain[0].source)
        if earlier is None:
            count += 1
            yield FoundWay(chain)
        else:
            pending.extend((step, *chain) for step in reversed(earlier))


def _first_steps(index: TrustIndex, start: Endpoint) -> Iterator[Step]:
    if start.kind == "subject":
        yield from _steps_of_subject(index, start.name)
        return
    for node in sorted(start.nodes):
        yield from _steps_from(index, node)
    if start.kind == "account" and start.account is not None:
        for workspace in index.estate.workspaces_of(start.account):
            yield from _deployments(index, workspace.name)


def _steps_from(index: TrustIndex, node: str) -> Iterator[Step]:
    for assumption in index.from_node(node):
        if assumption.decision.verdict != "denied":
            name = f"`{assumption.name or _shown(node)}`"
            name = assumption.identity.title if assumption.identity is not None else name
            yield Step(
                assumption.kind,
                node,
                assumption.role,
                name,
                assumption.decision.verdict,
                assumption.conditions,
                tuple(trust.evidence for trust in assumption.trusts),
                assumption.permissions,
                assumption.bindings,
            )


def _deployments(index: TrustIndex, workspace: str) -> Iterator[Step]:
    for deployment in index.deployments:
        if deployment.workspace.name == workspace and deployment.role is not None:
            node, name = workspace_node(workspace), f"the workspace `{workspace}`"
            yield Step("deploys-as", node, deployment.role, name, "allowed", (), (), (deployment.evidence,))


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


def _shown(node: str) -> str:
    return node.partition(":")[2].partition("/")[2] if node.startswith("principal:") else node.partition(":")[2]


__all__ = ["Endpoint", "FoundWay", "NameProblem", "Obstacle", "Step", "Why", "endpoint", "why"]
