"""What leads from one account to another besides trust: states that are read, and resources that let somebody in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from astralint.aws.arn import Arn
from astralint.estate.model import Account, Workspace
from astralint.estate.nodes import account_node
from astralint.platform.platform import Platform
from astralint.source.evidence import Evidence
from astralint.trust.access import Access

Kind = Literal["state", "access"]


class Dependency(msgspec.Struct, frozen=True, eq=False):
    """Something of one account that leads to another; `what` says it with both their names.

    `conditions` has what an access hangs on. `workspace` is where it is mended.
    """

    kind: Kind
    source: Account
    target: Account
    what: str
    subject: str
    workspace: Workspace
    evidence: tuple[Evidence, ...]
    conditions: tuple[str, ...] = ()


def dependencies(platform: Platform, kinds: tuple[str, ...]) -> Iterator[Dependency]:
    """Yield the dependencies between known accounts, of these kinds."""
    if "state" in kinds:
        yield from _states(platform)
    if "access" in kinds:
        yield from _accesses(platform)


def _states(platform: Platform) -> Iterator[Dependency]:
    for reader in platform.workspaces.values():
        for read in reader.result.remote_state_reads:
            producer = platform.workspaces.get(platform.producers.get(read.request, ""))
            source = reader.account_or_none
            target = producer.account_or_none if producer is not None else None
            if producer is None or source is None or target is None or source is target:
                continue
            yield Dependency(
                "state",
                source,
                target,
                f"`{reader}` of `{source}` reads the state of `{producer}` of `{target}`",
                read.address,
                reader,
                (
                    Evidence(read.span, f"reads the state of `{producer}`", reader.name),
                    Evidence(producer.anchor, f"the workspace `{producer}`", producer.name),
                ),
            )


def _accesses(platform: Platform) -> Iterator[Dependency]:
    for access in platform.trust.accesses:
        source = account_of_access(platform, access)
        target = access.resource.account_or_none
        if source is None or target is None or source is target or access.resource.instance.uncertain:
            continue
        yield Dependency(
            "access",
            source,
            target,
            f"`{access.resource}` of `{target}` lets `{access.name}` of `{source}` in",
            access.resource.address,
            access.resource.workspace,
            access.evidence,
            access.conditions,
        )


def account_of_access(platform: Platform, access: Access) -> Account | None:
    """Return the account of whom a resource lets in; None where that is no one of ours."""
    return account_of_node(platform, access.principal)


def account_of_node(platform: Platform, node: str) -> Account | None:
    """Return the account that a principal's node belongs to; None where that is none of ours."""
    for account in platform.accounts.values():
        if node == account_node(account.name):
            return account
    identity = platform.trust.by_node.get(node)
    if identity is not None:
        return identity.account
    kind, _, rest = node.partition("/")
    if kind in ("principal:role", "principal:user"):
        arn = Arn.parse(rest)
        return platform.account_of(arn.account) if arn is not None else None
    return platform.account_of(rest) if kind == "principal:root" else None
