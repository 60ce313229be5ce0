"""AL008."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, Workspace, rule
from astralint_rules.workspaces.backends import cloud_name, is_cloud, is_open, uses_cloud, with_aws

SEVERAL = ("workspaces.tags", "workspaces.prefix", "workspaces.project")


def kept(platform: Platform) -> Iterator[Workspace]:
    """Yield the workspaces for AWS, where states are meant to be in HCP Terraform."""
    return with_aws(platform) if uses_cloud(platform) else iter(())


@rule("AL008", "backend-not-tfc", severity="error", each=kept, tags=("workspaces",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """Every state is in HCP Terraform, in a workspace that the code names.

    ## Why

    A state elsewhere is planned by whoever has it, with credentials of their own: no run is recorded, no
    policy is asked, and no other workspace can read its outputs.

    ## Bad

    ```hcl
    terraform {
      backend "s3" {
        bucket = "astradot-state"
        key    = "production.tfstate"
      }
    }
    ```

    ## Good

    ```hcl
    terraform {
      cloud {
        organization = "astradot"
        workspaces { name = "production" }
      }
    }
    ```

    ## Exceptions

    Platforms without any state in HCP Terraform are not judged, unless the profile is `astradot`.
    A backend of which arguments come with `-backend-config` keeps its kind, and is judged by it. Tags and prefixes are one
    workspace as long as they are evaluated as one.
    """
    state = workspace.result.state
    if is_cloud(workspace):
        if cloud_name(workspace) is not None or state.partial or workspace.spec.terraform_workspace != "default":
            return
        if is_open(workspace, "workspaces.name"):
            raise Undecided(Reason("backend-not-known", f"the name of `{workspace}` in HCP Terraform is not known"))
        if not any(name.startswith(SEVERAL) for name in state.config):
            return  # `TF_WORKSPACE` gives it.
        yield workspace.violation(
            f"`{workspace}` names no single workspace of HCP Terraform",
            state.span or workspace.anchor,
            "tags or a prefix stand for several",
            help="name the workspace: `workspaces { name = … }`",
        )
        return
    kind = f"in the backend `{state.backend}`" if state.span is not None else "where Terraform is run"
    yield workspace.violation(
        f"`{workspace}` keeps its state {kind}, not in HCP Terraform",
        state.span or workspace.anchor,
        "should be a `cloud` block",
    )
