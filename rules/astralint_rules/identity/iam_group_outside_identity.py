"""AL103."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside

TYPES = (
    "aws_iam_group*",
    "aws_iam_user_policies_exclusive",
    "aws_iam_user_policy*",
    "aws_iam_user_group_membership",
    "aws_iam_policy_attachment",
)


@rule("AL103", "iam-group-outside-identity", severity="error", each=TYPES, needs="identity", tags=("identity",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """IAM groups, and policies of IAM users, exist only in the identity account.

    ## Why

    Groups and user policies are only of use to users, and users live in the identity
    account alone. Elsewhere they prepare, or hide, users that should not be there.

    ## Bad

    ```hcl
    # workspaces/staging
    resource "aws_iam_group" "developers" {
      name = "developers"
    }
    ```

    ## Good

    ```hcl
    # workspaces/identity
    resource "aws_ssoadmin_permission_set" "developer" {
      name         = "developer"
      instance_arn = local.instance_arn
    }
    ```

    ## Exceptions

    `aws_iam_policy_attachment` counts only where it names users or groups.
    """
    if resource.type == "aws_iam_policy_attachment" and not (resource["users"] or resource["groups"]):
        return
    yield from outside(resource, platform, "identity", f"`{resource.address}`")
