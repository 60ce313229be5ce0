"""Accounts outside of the organization: whether a number is one, and which vendor's it is."""

from __future__ import annotations

from astralint.rules.api import Platform, Reason, Undecided
from astralint.rules.api.aws import known_account
from astralint.rules.api.trust import ABSENT, Known, Trust, admissions, principal_itself
from astralint_rules.identity.subjects import opens

FORMS = ("account", "role", "user", "session", "federated-user")


def is_outside(number: str, platform: Platform) -> bool:
    """Say whether an account is neither ours nor a vendor's; raises Undecided where it may be ours."""
    if number in platform.settings.vendor_accounts or platform.account_of(number) is not None:
        return False
    if not platform.settings.accounts:
        reason = f"{number} may be an account of the organization: the configuration names none"
        raise Undecided(Reason("account-not-known", reason))
    nameless = [account.name for account in platform.accounts.values() if not account.number]
    if nameless or not platform.accounts:
        names = ", ".join(f"`{name}`" for name in nameless[:3]) or "the platform's accounts"
        reason = f"{number} may be one of {names}, whose numbers are not in the code"
        raise Undecided(Reason("account-number-not-known", reason))
    return True


def vendor(number: str, platform: Platform) -> str:
    """Return the name of the third party whose account it is; "" where it is none that is known, or AWS itself."""
    named = platform.settings.vendor_accounts.get(number)
    if named is not None:
        return named
    public = known_account(number)
    return public.name if public is not None and public.owner != "aws" else ""


def lacks_external_id(trust: Trust, platform: Platform) -> bool:
    """Say whether a third party gets in for another customer: without the ExternalId that it gave to us alone.

    Raises Undecided where that is not known. Who has to go through multi-factor authentication is a person.
    """
    asked = ({"sts:ExternalId": ABSENT}, {"sts:ExternalId": Known(("another customer's",))})
    person = {"aws:MultiFactorAuthPresent": ABSENT, "aws:MultiFactorAuthAge": ABSENT}
    callers = [caller for keys in asked for caller in principal_itself(platform, trust, keys={**keys, **person})]
    return opens(admissions(platform, trust, callers), f"whether the trust of `{trust.role}` requires an ExternalId")
