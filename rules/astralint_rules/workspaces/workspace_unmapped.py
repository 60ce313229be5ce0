"""AL001."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation, Workspace, rule


def configured(platform: Platform) -> Iterator[Workspace]:
    """Yield the workspaces, if the configuration says which accounts there are."""
    return iter(platform.workspaces.values() if platform.settings.accounts else ())


@rule("AL001", "workspace-unmapped", severity="error", each=configured, tags=("workspaces",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """Each workspace is for one known account.

    ## Why

    As long as nobody knows which account a workspace deploys into, none of the
    architecture's rules can be applied to it.

    ## Bad

    ```hcl
    provider "aws" {
      assume_role { role_arn = var.deploy_role_arn } # no value in the code
    }
    ```

    ## Good

    ```hcl
    # astralint.hcl
    account "data" {
      kind = "data"
      id   = "210000000012"
      workspace "data-lake" { path = "workspaces/data-lake" }
    }
    ```

    ## Exceptions

    Roots that use no AWS provider, and those whose resources are all made by
    provider configurations of known accounts. Without a configuration, unmapped workspaces are
    one note of the summary.
    """
    if workspace.account_or_none is not None:
        return
    if not any(provider.type == "aws" for provider in workspace.result.providers):
        return
    made = [resource for resource in workspace.resources if resource.type.startswith("aws_")]
    if made and workspace.is_complete and all(resource.account_or_none is not None for resource in made):
        return  # What the default provider makes is nothing.
    yield workspace.violation(
        f"nothing says which account the workspace `{workspace}` is for",
        workspace.anchor,
        "the account of this provider can't be known",
        help="add a `workspace` block to the account's block in `astralint.hcl`",
    )
