"""What the rules about delegated administrators share."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Resource, Violation
from astralint_rules.accounts import account_named


def administrators(platform: Platform, type_: str, service: str) -> Iterator[Violation]:
    """Yield violations where a service's administrator is another account than security, or missing in a region."""
    security = platform.of_kind("security")
    management = [w for account in platform.of_kind("management") for w in platform.workspaces_of(account)]
    if not management:
        return
    named = [resource for resource in platform.resources(type_) if resource.exists]
    for resource in named:
        account = account_named(resource, "admin_account_id", platform)
        if account not in security:
            shown = account.name if account is not None else resource["admin_account_id"]
            yield resource.finding(
                f"{service} is administered by `{shown}` instead of `{security[0]}`",
                at=("admin_account_id",),
                label=f"should be the account `{security[0]}`",
            )
    if _is_central(platform) and named and service == "Security Hub":
        return
    covered = {resource.region for resource in named}
    wanted = [region for region in platform.regions if region not in covered]
    if not platform.regions and not named:
        wanted = [""]
    if not wanted:
        return
    platform.require_complete(type_, what=f"{service}'s administrator", workspaces=management)
    span = security[0].span or management[0].anchor
    for region in wanted:
        where = f" in {region}" if region else ""
        yield Violation(
            f"no workspace makes `{security[0]}` the administrator of {service}{where}",
            Evidence(span, "the security account"),
            (Evidence(management[0].anchor, f"`{type_}` belongs here", management[0].name),),
            subject=f"{service} {region}".strip(),
            account=security[0].name,
        )


def _is_central(platform: Platform) -> bool:
    """Say whether Security Hub is configured centrally: then the home region's administrator is enough."""
    return any(_central(resource) for resource in platform.resources("aws_securityhub_organization_configuration"))


def _central(resource: Resource) -> bool:
    return any(block.text("configuration_type") == "CENTRAL" for block in resource.blocks("organization_configuration"))
