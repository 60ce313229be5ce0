"""AL501."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint_rules.security.delegation import administrators


@rule(
    "AL501",
    "securityhub-admin",
    severity="error",
    each="platform",
    needs=("management", "security"),
    tags=("security",),
)
def check(platform: Platform, _: Platform) -> Iterator[Violation]:
    """The security account is the delegated administrator of Security Hub.

    ## Why

    Findings of all accounts come together where the administrator is. In the
    management account too many could read them, and elsewhere nobody looks.

    ## Bad

    ```hcl
    # workspaces/management
    resource "aws_securityhub_organization_admin_account" "this" {
      admin_account_id = data.aws_caller_identity.current.account_id
    }
    ```

    ## Good

    ```hcl
    # workspaces/management, once a region (or once, with central configuration)
    resource "aws_securityhub_organization_admin_account" "this" {
      admin_account_id = local.accounts.security
    }
    ```

    ## Exceptions

    With central configuration, the home region's registration is enough.
    """
    yield from administrators(platform, "aws_securityhub_organization_admin_account", "Security Hub")
