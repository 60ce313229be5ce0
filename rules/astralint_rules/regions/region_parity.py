"""AL903."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Account, Platform, Resource, Violation, rule
from astralint_rules.regions.facts import allowed, facts
from astralint_rules.security.administrators import is_central

CENTRAL = "aws_securityhub_organization_configuration"


class Foundation(NamedTuple):
    """What an account has of a type that it needs in each region."""

    account: Account
    type: str
    there: list[Resource]

    def __str__(self) -> str:
        return f"{self.type} of {self.account}"


def foundations(platform: Platform) -> Iterator[Foundation]:
    """Yield what each account has of what belongs into every region."""
    found: dict[tuple[str, str], Foundation] = {}
    for resource in platform.resources(*facts()["types"]):
        account = resource.account_or_none
        if account is not None:
            key = (account.name, resource.type)
            found.setdefault(key, Foundation(account, resource.type, [])).there.append(resource)
    yield from found.values()


@rule("AL903", "region-parity", severity="error", each=foundations, tags=("regions", "security"))
def check(foundation: Foundation, platform: Platform) -> Iterator[Violation]:
    """A region that is turned on has what the others have.

    ## Why

    Detectors, encryption by default and the like are per region. The region that was turned on
    last is the one where they are forgotten.

    ## Bad

    The platform has two regions, and only one of them an `aws_ebs_encryption_by_default`.

    ## Good

    A module with the foundation of a region, called once for each.

    ## Exceptions

    Administrators of Security Hub and GuardDuty are AL501's and AL502's, recorders AL508's. With central
    configuration, Security Hub needs one region. The argument `regions` of an account replaces the platform's list.
    """
    account, type_, there = foundation
    wanted = allowed(account, platform)
    if type_ == CENTRAL and is_central(platform, CENTRAL):
        return
    # One whose account is not known may be this account's: then it is undecided.
    if account not in {one.account for one in platform.resources(type_)}:
        return
    covered = {one.region for one in there if one.exists}
    missing = [region for region in wanted if region not in covered]
    if not missing or not covered & set(wanted):
        return
    platform.require_complete(type_, what=f"`{type_}` of `{account}`", workspaces=platform.workspaces_of(account))
    yield there[0].finding(
        f"`{account}` has `{type_}` in {', '.join(sorted(covered))}, but not in {', '.join(missing)}",
        label="not in every region of the platform",
    )
