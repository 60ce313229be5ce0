"""Ways through the trust graph: who can become whom over several steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from astralint.estate.model import Account
from astralint.trust.assumption import Assumption
from astralint.trust.index import TrustIndex

MAXIMUM_STEPS = 12


class Way(msgspec.Struct, frozen=True, eq=False):
    """A chain of assumptions from a principal of one account to a role of another.

    A way is as strong as its weakest step: `is_conditional` where one of them is.
    """

    source: Account
    target: Account
    steps: tuple[Assumption, ...]

    @property
    def is_conditional(self) -> bool:
        return any(step.decision.verdict == "conditional" for step in self.steps)

    def __str__(self) -> str:
        return " → ".join([str(self.steps[0].identity), *(str(step.role) for step in self.steps)])


def shortest_ways(index: TrustIndex, starts: list[str]) -> dict[str, tuple[Assumption, ...]]:
    """Return the shortest chain to every role that can be reached from the nodes; allowed steps go first.

    Breadth first, twice: chains of allowed steps alone win over those with a condition.
    """
    found: dict[str, tuple[Assumption, ...]] = {}
    for verdicts in (("allowed",), ("allowed", "conditional")):
        reached: dict[str, tuple[Assumption, ...]] = dict.fromkeys(starts, ())
        queue = deque(starts)
        while queue:
            node = queue.popleft()
            chain = reached[node]
            if len(chain) >= MAXIMUM_STEPS:
                continue
            for assumption in index.from_node(node):
                target = assumption.role.node
                if assumption.decision.verdict in verdicts and target not in reached:
                    reached[target] = (*chain, assumption)
                    queue.append(target)
        for target, chain in reached.items():
            if chain:
                found.setdefault(target, chain)
    return found


def ways_between_accounts(index: TrustIndex, source: Account, target: Account) -> Iterator[Way]:
    """Yield, for each role of one account that another's roles and users can reach, the shortest way.

    The ways are those of principals that the source account itself makes; a way that
    returns to the source in between is left to its shorter part.
    """
    yield from ways_from_account(index, source, [target])


def ways_from_account(index: TrustIndex, source: Account, targets: Iterable[Account]) -> Iterator[Way]:
    """Yield the ways from one account to each of others, as `ways_between_accounts` does, in the order of these."""
    starts = [
        identity.node
        for identity in index.identities
        if identity.account is source and identity.kind in ("role", "user")
    ]
    by_target: dict[str, list[tuple[Assumption, ...]]] = {}
    for _, chain in sorted(shortest_ways(index, starts).items()):
        account = chain[-1].role.account
        if account is not None and source not in (step.role.account for step in chain[:-1]):
            by_target.setdefault(account.name, []).append(chain)
    for target in targets:
        for chain in by_target.get(target.name, ()):
            if target not in (step.role.account for step in chain[:-1]):
                yield Way(source, target, chain)
