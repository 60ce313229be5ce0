"""AL106."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Resource, Undecided, Violation, rule

SERVICE = "sso.amazonaws.com"
DELEGATION, ORGANIZATION = "aws_organizations_delegated_administrator", "aws_organizations_organization"


@rule(
    "AL106",
    "sso-delegated-admin",
    severity="error",
    each="platform",
    needs=("management", "identity"),
    tags=("identity",),
)
def check(_: Platform, platform: Platform) -> Iterator[Violation]:
    """Identity Center is delegated to the identity account.

    ## Why

    Without the delegation, permission sets and assignments are made from the management account: whoever gives
    access there works where no control policy applies.

    ## Bad

    Permission sets in the identity account's workspace, and no delegation of `sso.amazonaws.com` in the management account's.

    ## Good

    ```hcl
    # workspaces/management
    resource "aws_organizations_delegated_administrator" "sso" {
      service_principal = "sso.amazonaws.com"
      account_id        = local.account_ids["identity"]
    }
    ```

    ## Exceptions

    Platforms that don't use Identity Center in the identity account, and those whose organization no code makes (Control Tower
    may have delegated it), as long as the profile is not `astradot`. That another account is the administrator is AL706.
    """
    identity = platform.of_kind("identity")[0]
    management = [w for account in platform.of_kind("management") for w in platform.workspaces_of(account)]
    uses = any(r.account_or_none is identity for r in platform.resources("aws_ssoadmin_*"))
    is_code = any(True for _ in platform.resources("aws_organizations_*"))
    if not management or not ((uses and is_code) or platform.settings.profile == "astradot"):
        return
    made, open_ = False, None
    for delegation in platform.resources(DELEGATION):
        try:
            made = made or (delegation["service_principal"] == SERVICE and delegation.exists)
        except Undecided as undecided:
            open_ = undecided
    if not made:
        if open_ is not None:
            raise open_
        platform.require_complete(DELEGATION, what="the delegation of Identity Center", workspaces=management)
        yield Violation(
            f"no workspace makes `{identity}` the administrator of Identity Center",
            Evidence(identity.span or management[0].anchor, "the identity account"),
            (Evidence(management[0].anchor, f"`{DELEGATION}` belongs here", management[0].name),),
            subject="sso",
            account=identity.name,
        )
    for organization in platform.resources(ORGANIZATION):
        yield from _untrusted(organization)


def _untrusted(organization: Resource) -> Iterator[Violation]:
    """Yield where the organization lists the services that it trusts, and Identity Center is not one."""
    listed = "aws_service_access_principals" in organization.arguments
    if listed and SERVICE not in (organization["aws_service_access_principals"] or ()):
        yield organization.finding(
            f"`{organization.address}` does not trust `{SERVICE}`: Identity Center can't be delegated",
            at=("aws_service_access_principals",),
            label=f"without `{SERVICE}`",
        )
