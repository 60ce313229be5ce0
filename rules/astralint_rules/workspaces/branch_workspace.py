"""AL017."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.text import known

OF_BRANCH = re.compile(r"(^|[-_/])(pr|mr|pull|branch|feature|feat|preview|review)([-_/#]?\d+$|[-_/#].+)")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`branches`: the branches that workspaces may be planned from."""

    branches: tuple[str, ...] = ("main", "master", "trunk", "default", "production", "prod")


@rule("AL017", "branch-workspace", severity="warning", each="tfe_workspace", tags=("workspaces",), options=Options)
def check(workspace: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """No workspace is there for a branch or a pull request.

    ## Why

    An account for each branch is what sandboxes replace: a copy of everything that somebody has to pay for,
    patch, and remember to destroy.

    ## Bad

    ```hcl
    resource "tfe_workspace" "preview" {
      for_each = toset(var.branches)
      name     = "preview-${each.key}"
      vcs_repo {
        identifier = "astradot/infrastructure"
        branch     = each.key
      }
    }
    ```

    ## Good

    A workspace for each account, planned from the default branch; what a pull request changes is seen in
    its speculative plan.

    ## Exceptions

    Workspaces whose name says that they are a sandbox's. The option `branches` names the branches that
    workspaces may be planned from.
    """
    name = workspace.text("name")
    told = (known(name) if name is not None else None) or ""
    if "sandbox" in told.lower():
        return
    for block in workspace.blocks("vcs_repo") if _sets_branch(workspace) else ():
        branch = block["branch"]
        if branch and branch not in options.branches and workspace["name"]:
            yield workspace.finding(
                f"`{workspace.address}` is planned from the branch `{branch}`",
                at=("vcs_repo", 0, "branch"),
                label="should be the default branch",
            )
            return
    if OF_BRANCH.search(str(workspace["name"]).lower()):
        yield workspace.finding(
            f"`{workspace.address}` is there for a branch or pull request: `{told}`",
            at=("name",),
            label="a workspace for a branch",
        )


def _sets_branch(workspace: Resource) -> bool:
    """Say whether the code names the branch: without it, the default one is meant."""
    block = workspace.block
    nested = block.body.blocks if block is not None else ()
    found = [b for b in nested if "vcs_repo" in (b.type, *b.labels)]
    return any(a.name == "branch" for b in found for inner in (b, *b.body.blocks) for a in inner.body.attributes)
