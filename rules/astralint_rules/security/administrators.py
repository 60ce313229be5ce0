"""Delegated administrators: the security account watches over the whole organization, service by service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from astralint.rules.api import Check, Evidence, Platform, Resource, Severity, Violation, read_table, rule
from astralint_rules.accounts import account_named


class Administrator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: the security account is the administrator of a service, which resources of a type name.

    `central` is the type of the service's configuration for the whole organization:
    where it is central, the home region's administrator is enough.
    """

    id: str
    name: str
    severity: Severity
    service: str
    type: str
    documentation: str
    central: str = ""


def administrators(row: Administrator, platform: Platform) -> Iterator[Violation]:
    """Yield violations where a service's administrator is another account than security, or missing in a region."""
    security = platform.of_kind("security")
    management = [w for account in platform.of_kind("management") for w in platform.workspaces_of(account)]
    if not management:
        return
    named = [resource for resource in platform.resources(row.type) if resource.exists]
    for resource in named:
        account = account_named(resource, "admin_account_id", platform)
        if account not in security:
            shown = account.name if account is not None else resource["admin_account_id"]
            yield resource.finding(
                f"{row.service} is administered by `{shown}` instead of `{security[0]}`",
                at=("admin_account_id",),
                label=f"should be the account `{security[0]}`",
            )
    if named and row.central and is_central(platform, row.central):
        return
    if named and row.central:
        platform.require_complete(row.central, what=f"{row.service}'s central configuration")
    covered = {resource.region for resource in named}
    wanted = [region for region in platform.regions if region not in covered]
    if not platform.regions and not named:
        wanted = [""]
    if not wanted:
        return
    platform.require_complete(row.type, what=f"{row.service}'s administrator", workspaces=management)
    span = security[0].span or management[0].anchor
    for region in wanted:
        where = f" in {region}" if region else ""
        yield Violation(
            f"no workspace makes `{security[0]}` the administrator of {row.service}{where}",
            Evidence(span, "the security account"),
            (Evidence(management[0].anchor, f"`{row.type}` belongs here", management[0].name),),
            subject=f"{row.service} {region}".strip(),
            account=security[0].name,
        )


def is_central(platform: Platform, type_: str) -> bool:
    """Say whether a service is configured centrally; raises Undecided where that is not known."""
    configured = [resource for resource in platform.resources(type_) if _central(resource)]
    return any(resource.exists for resource in configured)


def _central(resource: Resource) -> bool:
    # Where nothing is said, AWS leaves each account and region to itself.
    return "organization_configuration" in resource.arguments and any(
        block["configuration_type"] == "CENTRAL" for block in resource.blocks("organization_configuration")
    )


def _declared(row: Administrator) -> Check:
    @rule(
        row.id,
        row.name,
        severity=row.severity,
        each="platform",
        needs=("management", "security"),
        tags=("security",),
        documentation=row.documentation,
    )
    def check(platform: Platform, _: Platform) -> Iterator[Violation]:
        yield from administrators(row, platform)

    return check


RULES = tuple(_declared(row) for row in read_table(Path(__file__).with_name("administrators.toml"), Administrator))
