"""Who of one account can become whom of another: ways through the trust graph, told apart by what is certain."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from astralint.aws.decision import Decision
from astralint.aws.outcome import Combined, Remainder, Remaining
from astralint.estate.model import Account
from astralint.estate.nodes import account_node, principal_node
from astralint.trust.assumption import Assumption
from astralint.trust.index import TrustIndex

MAXIMUM_STEPS = 12
CALLERS_SIDE = "an identity policy of "
SAME_ACCOUNT = "are the same account"
"""What a decision leaves open where the caller's own policies are not the platform's: the caller's account decides."""


class Way(msgspec.Struct, frozen=True, eq=False):
    """A chain of steps from a principal of one account to a role of another; `certain` where no step hangs on the unknown."""

    source: Account
    steps: tuple[Assumption, ...]
    certain: bool

    @property
    def last(self) -> Assumption:
        """The step that enters the role at the end."""
        return self.steps[-1]

    @property
    def conditions(self) -> tuple[str, ...]:
        """What stands in policies and has to hold on the way."""
        return tuple(dict.fromkeys(text for step in self.steps for text in written_conditions(step.decision)))

    @property
    def starts_with(self) -> str:
        """Who takes the first step, for messages."""
        return caller_of(self.steps[0], self.source)


def caller_of(step: Assumption, account: Account) -> str:
    """Return who takes a step, for messages."""
    if step.identity is not None:
        return step.identity.title
    if step.source == account_node(account.name):
        return f"the whole account `{account}`"
    return f"`{step.name or step.source.partition('/')[2]}` of `{account}`"


def is_certain(step: Assumption) -> bool:
    """Say whether nothing but conditions that stand in the code decides a step."""
    by_name = step.identity is None and step.account is not None and step.account is not step.role.account
    return open_part(step.decision, by_name=by_name) is None


def open_part(decision: Decision, *, by_name: bool) -> str | None:
    """Return what a decision hangs on that is no condition of the code; None where there is nothing.

    Whoever of another account is trusted `by_name`, or as a whole account, can: that the
    caller's own policies are not the platform's leaves it to the caller.
    """
    for leaf in _leaves(decision):
        if leaf.condition is not None and not leaf.condition.unknown:
            continue
        if not (by_name and (leaf.text.startswith(CALLERS_SIDE) or leaf.text.endswith(SAME_ACCOUNT))):
            return str(leaf)
    return None


def written_conditions(decision: Decision) -> tuple[str, ...]:
    """Return the conditions of the code that a decision hangs on."""
    return tuple(dict.fromkeys(str(leaf) for leaf in _leaves(decision) if leaf.condition is not None))


def _leaves(decision: Decision) -> Iterator[Remaining]:
    pending: list[Remainder] = list(decision.conditions)
    while pending:
        part = pending.pop(0)
        if isinstance(part, Combined):
            pending[:0] = part.parts
        else:
            yield part


class Reach:
    """Looks for ways between accounts."""

    def __init__(self, index: TrustIndex) -> None:
        self._index = index

    def ways(self, source: Account, around: Iterable[str], *, direct: bool = False) -> Iterator[Way]:
        """Yield the shortest way to each role of another account that somebody of an account can become.

        A way ends at the first of the accounts `around` that it enters. Certain ways
        win over those that hang on something unknown. With `direct`, a way is one step.
        """
        ends = frozenset(around)
        found: dict[str, Way] = {}
        for certain in (True, False):
            for chain in self._chains(source, ends, certain=certain, most=1 if direct else MAXIMUM_STEPS):
                found.setdefault(chain[-1].role.node, Way(source, chain, certain))
        for node in sorted(found):
            yield found[node]

    def _chains(
        self, source: Account, ends: frozenset[str], *, certain: bool, most: int
    ) -> Iterator[tuple[Assumption, ...]]:
        starts = [*self._starts.get(source.name, ()), *self._anyone]
        reached: dict[str, tuple[Assumption, ...]] = dict.fromkeys(starts, ())
        pending = deque(reached)
        while pending:
            node = pending.popleft()
            chain = reached[node]
            if len(chain) >= most:
                continue
            for step in self._index.from_node(node):
                target = step.role
                if step.decision.verdict == "denied" or target.node in reached or target.account is source:
                    continue
                if certain and not self._is_certain(step):
                    continue
                way = reached[target.node] = (*chain, step)
                if target.account is not None:
                    yield way
                if target.account is None or target.account.name not in ends:
                    pending.append(target.node)

    @staticmethod
    def _is_certain(step: Assumption) -> bool:
        if step.source.startswith(principal_node("wildcard", "")):
            # Whether a condition on anybody admits somebody of this account is another question.
            return step.decision.verdict == "allowed"
        return is_certain(step)

    @cached_property
    def _starts(self) -> dict[str, list[str]]:
        """The nodes that stand for somebody of an account, by its name."""
        found: dict[str, dict[str, None]] = {}
        for identity in self._index.identities:
            if identity.account is not None and identity.kind in ("role", "user", "permission-set"):
                found.setdefault(identity.account.name, {})[identity.node] = None
        for edge in self._index.edges:
            if edge.account is not None and edge.kind == "can-assume":
                found.setdefault(edge.account.name, {})[edge.source] = None
        return {name: list(nodes) for name, nodes in found.items()}

    @cached_property
    def _anyone(self) -> list[str]:
        """Principals that may be somebody of any account: everybody, and those that are not known."""
        nodes = {edge.source for edge in self._index.edges}
        kinds = tuple(principal_node(kind, "") for kind in ("wildcard", "unknown"))
        return sorted(node for node in nodes if node.startswith(kinds))
