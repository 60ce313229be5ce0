"""AL101."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside


@rule("AL101", "iam-user-outside-identity", severity="error", each="aws_iam_user", needs="identity", tags=("identity",))
def check(user: Resource, platform: Platform) -> Iterator[Violation]:
    """IAM users exist only in the identity account.

    ## Why

    The identity account is the only one that creates users; everybody else assumes
    roles. One place shows who has access to what, and revoking it there is enough. A
    user in another account has credentials that no central off-boarding reaches.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_iam_user" "deploy" {
      name = "deploy"
    }
    ```

    ## Good

    ```hcl
    # workspaces/production: the pipeline assumes a role instead
    resource "aws_iam_role" "deploy" {
      name               = "deploy"
      assume_role_policy = data.aws_iam_policy_document.trust_ci.json
    }
    ```

    ## Exceptions

    A break-glass user is declared with `except` in the configuration, with a reason.
    """
    yield from outside(user, platform, "identity", f"IAM user `{user.text('name') or user.name}`")
