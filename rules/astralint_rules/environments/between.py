"""What rules share that ask whether one environment reaches another."""

from __future__ import annotations

from astralint.rules.api import Account, Platform
from astralint.rules.api.aws import Arn
from astralint.rules.api.trust import Access


def let_in(access: Access, platform: Platform) -> Account | None:
    """Return the account of whom a resource lets in; None where that is none of ours, or no single one."""
    identity = platform.trust.by_node.get(access.principal)
    if identity is not None:
        return identity.account
    if access.principal.startswith("account:"):
        return platform.accounts.get(access.principal.removeprefix("account:"))
    arn = Arn.parse(access.name)
    return platform.account_of(arn.account if arn is not None else access.name)


def crosses(own: Account | None, other: Account | None) -> bool:
    """Say whether two accounts are different environments; what leads from elsewhere into a sandbox is AL804's."""
    if own is None or other is None or own is other or not (own.is_environment and other.is_environment):
        return False
    return other.kind != "sandbox" or own.kind == "sandbox"
