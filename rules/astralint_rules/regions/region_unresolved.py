"""AL902."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Unknown, Violation, Workspace, rule
from astralint_rules.regions.region_not_allowed import workspaces


@rule(
    "AL902",
    "region-unresolved",
    severity="note",
    each=workspaces,
    profiles=("astradot", "aws-sra", "landing-zone"),
    tags=("regions",),
)
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """The code says in which region each provider works.

    ## Why

    A region that comes from somewhere else can't be held to the list of regions, and a
    workspace that is run with another value makes everything a second time.

    ## Bad

    ```hcl
    variable "region" {
      type = string # given by nobody that the code knows
    }

    provider "aws" {
      region = var.region
    }
    ```

    ## Good

    ```hcl
    provider "aws" {
      region = "us-east-1"
    }
    ```

    ## Exceptions

    Provider configurations that make nothing. Where `astralint.hcl` gives the workspace its `region` or the variable,
    the region is known. Platforms without a list of regions are not judged.
    """
    used = {resource.instance.provider.address for resource in workspace.resources if resource.instance.provider}
    for provider in workspace.result.providers:
        region = provider.region.raw
        if (
            provider.type != "aws"
            or provider.address not in used
            or not (region is None or isinstance(region, Unknown))
        ):
            continue
        reason = region.reasons[0].message if isinstance(region, Unknown) and region.reasons else "nothing says it"
        yield workspace.violation(
            f"in which region `{workspace}` makes things is not known: {reason}",
            workspace.provider_span(provider, "region"),
            "which region?",
            subject=provider.address,
            help="write the region down, or give the workspace its `region` in `astralint.hcl`",
        )
