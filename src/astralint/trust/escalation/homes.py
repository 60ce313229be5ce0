"""Whose account is whose: also where no code says which one it is, what one provider configuration makes is in one."""

from __future__ import annotations

from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.trust.identity import Identity
from astralint.trust.policies import account_text


class Homes:
    """The accounts of resources and identities; an account that is not known is equal to itself alone."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._unknown: dict[str, Account] = {}

    def of(self, resource: Resource) -> Account | None:
        """Return the account of a resource; None where it is not even the same as that of anything else."""
        account = resource.account_or_none
        if account is not None:
            return account
        key = self._estate.account_key(account_text(resource))
        if key is None:
            return None
        found = self._unknown.get(key)
        if found is None:
            taken = {one.name for one in self._unknown.values()}
            name, number = f"the account of {resource.workspace.name}", 1
            while name in taken or name in self._estate.accounts:
                number += 1
                name = f"the account of {resource.workspace.name} ({number})"
            found = self._unknown[key] = Account(name)
        return found

    def of_identity(self, identity: Identity) -> Account | None:
        """Return the account of an identity."""
        return identity.account if identity.account is not None else self.of(identity.resource)

    def is_known(self, account: Account | None) -> bool:
        """Say whether it is said which account it is."""
        return account is not None and self._estate.accounts.get(account.name) is account
