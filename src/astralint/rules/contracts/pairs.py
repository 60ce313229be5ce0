"""Pairs of accounts between which nothing may lead: what does, and what may be hidden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from astralint.aws.wildcard import match
from astralint.estate.model import Account, Violation
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.rules.contracts.dependencies import dependencies
from astralint.rules.contracts.names import Members
from astralint.rules.contracts.problems import EDGES
from astralint.rules.contracts.reach import Reach, Way
from astralint.rules.contracts.subject import Contract, Subject
from astralint.rules.contracts.ways import forbidden_dependency, forbidden_way
from astralint.terraform.values.value import Reason
from astralint.trust.identity import Identity

ROLES = ("aws_iam_role", "aws_iam_role_policy", "aws_iam_policy", "aws_iam_role_policy_attachment")


class Pairs:
    """Pairs of accounts between which nothing may lead, and where it was looked for."""

    def __init__(self, contract: Contract, platform: Platform, forbids: str) -> None:
        self.contract = contract
        self.platform = platform
        self.forbids = forbids
        self.reach = Reach(platform.trust)

    def trust(
        self, pairs: Iterable[tuple[Account, Account]], around: Iterable[str], *, direct: bool = False
    ) -> Iterator[Subject]:
        """Yield the ways between pairs of accounts, those that are `around` ending a way, and what hides others."""
        by_source: dict[str, dict[str, Account]] = {}
        for source, target in pairs:
            by_source.setdefault(source.name, {})[target.name] = target
        roles = self.contract.value("roles")
        around = frozenset(around)
        for name, targets in sorted(by_source.items()):
            for way in self.reach.ways(self.platform.accounts[name], around, direct=direct):
                role = way.last.role
                entered = role.account is not None and role.account.name in targets
                if entered and (roles is None or is_one_of(role, roles)):
                    yield self._way(way)
        everywhere = {target.name: target for targets in by_source.values() for target in targets.values()}
        for target in everywhere.values():
            yield self.hidden(target)

    def _way(self, way: Way) -> Subject:
        role = way.last.role
        return self.contract.subject(
            f"{way.source} -> {role.resource.address}",
            partial(forbidden_way, way, self.contract, self.forbids),
            resource=role.resource,
            evidence=way.last.evidence[0] if way.last.evidence else None,
        )

    def hidden(self, target: Account) -> Subject:
        """Return what asks whether roles of an account may be where nothing could be seen."""

        def judge() -> Iterator[Violation]:
            """Raise Undecided where a workspace of the account may hold a role that could not be seen."""
            self.platform.require_complete(
                *ROLES, what=f"trust in roles of `{target}`", workspaces=self.platform.workspaces_of(target)
            )
            return iter(())

        return self.contract.subject(target.name, judge)

    def others(self, pairs: set[tuple[str, str]], kinds: tuple[str, ...]) -> Iterator[Subject]:
        """Yield what leads between pairs of accounts besides trust."""
        for dependency in dependencies(self.platform, kinds):
            if (dependency.source.name, dependency.target.name) in pairs:
                yield self.contract.subject(
                    dependency.subject,
                    partial(forbidden_dependency, dependency, self.contract, self.forbids),
                    workspace=dependency.workspace,
                    evidence=dependency.evidence[0],
                )

    def every(self, pairs: list[tuple[Account, Account]], around: Iterable[str]) -> Iterator[Subject]:
        """Yield all that leads between pairs of accounts, by what the contract says (by default, by anything)."""
        kinds = tuple(self.contract.value("by", EDGES))
        if "trust" in kinds:
            yield from self.trust(pairs, around)
        yield from self.others({(source.name, target.name) for source, target in pairs}, kinds)


def is_one_of(role: Identity, patterns: Iterable[str]) -> bool:
    """Say whether a role's name fits, or may fit, one of the patterns."""
    return any(match(pattern, role.name) is not False for pattern in patterns)


def accounts_of(platform: Platform, members: Members) -> list[Account]:
    """Return the accounts that are meant for sure, in stable order."""
    return [account for account in platform.accounts.values() if account.name in members.certain]


def open_names(contract: Contract, members: Members) -> Iterator[Subject]:
    """Yield the accounts of which it is not known whether they are meant."""
    for name, reason in members.open.items():
        yield contract.subject(name, partial(_raise, reason))


def _raise(reason: Reason) -> Iterator[Violation]:
    raise Undecided(reason)
