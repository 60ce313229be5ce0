"""What rules share that ask which account a value names."""

from __future__ import annotations

from astralint.rules.api import Account, Platform, Reason, Resource, Undecided


def account_named(resource: Resource, attribute: str, platform: Platform) -> Account | None:
    """Return the account whose number an attribute holds; None where that is surely none of ours.

    Raises Undecided where the number is not known, or may be that of an account
    whose number is not in the code.
    """
    account = platform.account_of(resource.value(attribute))
    if account is not None:
        return account
    number = resource[attribute]
    nameless = next((account for account in platform.accounts.values() if not account.number), None)
    if nameless is not None:
        reason = f"{number} may be the number of `{nameless}`, which is not in the code"
        raise Undecided(Reason("account-number-not-known", reason))
    return None
