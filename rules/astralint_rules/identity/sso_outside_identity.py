"""AL104."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Undecided, Unknown, Violation, rule
from astralint.rules.api import undecided as as_undecided
from astralint_rules.accounts import account_named
from astralint_rules.placement import outside


@rule("AL104", "sso-outside-identity", severity="error", each="aws_ssoadmin_*", home="identity", tags=("identity",))
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
    permission sets that are assigned there with their policies, live in the management
    account.
    """
    if resource.kind == "management" and _targets_management(resource, platform):
        return
    yield from outside(resource, platform, "identity", f"`{resource.address}`")


SET = "aws_ssoadmin_permission_set"
ASSIGNMENT = "aws_ssoadmin_account_assignment"


def _targets_management(resource: Resource, platform: Platform) -> bool:
    """Say whether AWS wants it in the management account; raises Undecided where that is not known."""
    if resource.type == ASSIGNMENT:
        account = account_named(resource, "target_id", platform)
        return account is not None and account.kind == "management"
    own = {resource.address} if resource.type == SET else _sets(resource)
    if not own:
        # Of which permission set it is may be open.
        _ = resource["permission_set_arn"]
    undecided: Undecided | None = None
    for assignment in resource.workspace.resources:
        if assignment.type == ASSIGNMENT and (_sets(assignment) & own or _is_open(assignment)):
            try:
                if _targets_management(assignment, platform) and assignment.exists:
                    if _sets(assignment) & own:
                        return True
                    value = assignment.value("permission_set_arn")
                    undecided = as_undecided(value.raw) if value is not None else None
            except Undecided as reason:
                undecided = reason
    if undecided is not None:
        raise undecided
    return False


def _is_open(assignment: Resource) -> bool:
    """Say whether it is not known which permission set is assigned."""
    value = assignment.value("permission_set_arn")
    return value is not None and isinstance(value.raw, Unknown) and not _sets(assignment)


def _sets(resource: Resource) -> set[str]:
    """Return the addresses of the permission sets that `permission_set_arn` comes from."""
    value = resource.value("permission_set_arn")
    pending = list(value.origins) if value is not None else []
    seen = set(pending)
    while pending:
        for source in pending.pop().sources - seen:
            seen.add(source)
            pending.append(source)
    return {
        origin.address.rpartition(".")[0]
        for origin in seen
        if origin.kind == "resource" and origin.workspace == resource.workspace.name and f"{SET}." in origin.address
    }
