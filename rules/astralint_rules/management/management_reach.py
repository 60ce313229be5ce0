"""AL707."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, rule
from astralint.rules.api.trust import Deployment
from astralint_rules.accounts import MADE_BY_AWS, is_bootstrap


def standing(platform: Platform) -> Iterator[Deployment]:
    """Yield where providers act as a role that AWS gave the management account in a member."""
    for deployment in platform.trust.deployments:
        if deployment.through == "provider" and MADE_BY_AWS.match(str(deployment.arn)):
            yield deployment


@rule("AL707", "management-reach", severity="warning", each=standing, tags=("management", "trust"))
def check(deployment: Deployment, platform: Platform) -> Iterator[Violation]:
    """No pipeline works with the role that the management account has in every member.

    ## Why

    `OrganizationAccountAccessRole` and `AWSControlTowerExecution` may do everything and are
    bound to the management account. A pipeline that works with them has to be let into management
    first, and from there into every account.

    ## Bad

    ```hcl
    # workspaces/production
    provider "aws" {
      assume_role {
        role_arn = "arn:aws:iam::210000000007:role/OrganizationAccountAccessRole"
      }
    }
    ```

    ## Good

    The role of AWS makes the pipeline's own role once; from then on the provider assumes that.

    ## Exceptions

    Workspaces that make a new account's first roles. Where a pipeline leaves its own account, AL124 says so.
    """
    workspace = deployment.workspace
    made = [r for r in workspace.resources if r.account_or_none is deployment.account]
    if deployment.account is not workspace.account or not made or all(is_bootstrap(r, platform) for r in made):
        return
    yield workspace.violation(
        f"`{workspace}` works as `{deployment.arn}`, by which the management account reaches into `{deployment.account}`",
        deployment.span,
        "management's role in a member",
        subject=f"{workspace.name} -> {deployment.arn}",
        help="make a role for the pipeline with it, and assume that",
    )
