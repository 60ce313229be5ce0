"""AL108."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule


@rule("AL108", "assignment-to-user", severity="warning", each="aws_ssoadmin_account_assignment", tags=("identity",))
def check(assignment: Resource, platform: Platform) -> Iterator[Violation]:
    """Permission sets are assigned to groups, not to single users.

    ## Why

    Who joins or leaves a team joins or leaves its group, and has or loses all its access
    by that. An assignment to a person outlives the reason for it.

    ## Bad

    ```hcl
    resource "aws_ssoadmin_account_assignment" "alice" {
      principal_type = "USER"
      principal_id   = aws_identitystore_user.alice.user_id
      # …
    }
    ```

    ## Good

    ```hcl
    resource "aws_ssoadmin_account_assignment" "platform" {
      principal_type = "GROUP"
      principal_id   = aws_identitystore_group.platform.group_id
      # …
    }
    ```

    ## Exceptions

    A break-glass user is declared with `except` in the configuration, with a reason.
    """
    if assignment["principal_type"] == "USER":
        yield assignment.finding(
            f"`{assignment.address}` assigns a permission set to a single user",
            at=("principal_type",),
            label="should be a group",
        )
