"""AL104."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside


@rule("AL104", "sso-outside-identity", severity="error", each="aws_ssoadmin_*", needs="identity", tags=("identity",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """IAM Identity Center is administered from the identity account.

    ## Why

    Permission sets and assignments say who may do what, everywhere. They are kept in
    the account that is the delegated administrator of Identity Center, where few
    people have access, and not in the management account.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_ssoadmin_permission_set" "admin" {
      name         = "admin"
      instance_arn = local.instance_arn
    }
    ```

    ## Good

    The same block in the identity account's workspace.

    ## Exceptions

    AWS does not let a delegated administrator touch what is provisioned in the
    management account: assignments whose target is the management account, and the
    permission sets that only they use, live in the management account.
    """
    if resource.kind == "management" and _targets_management(resource, platform):
        return
    yield from outside(resource, platform, "identity", f"`{resource.address}`")


def _targets_management(resource: Resource, platform: Platform) -> bool:
    """Say whether AWS wants it in the management account."""
    if resource.type == "aws_ssoadmin_account_assignment":
        account = platform.account_of(resource.value("target_id"))
        return account is not None and account.kind == "management"
    assigned = {
        assignment.text("permission_set_arn")
        for assignment in platform.resources("aws_ssoadmin_account_assignment")
        if assignment.workspace is resource.workspace and _targets_management(assignment, platform)
    }
    return bool(assigned)
