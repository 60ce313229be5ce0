"""AL203."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside


@rule(
    "AL203",
    "codeartifact-outside-artifact",
    severity="error",
    each=("aws_codeartifact_domain", "aws_codeartifact_repository"),
    needs="artifact",
    tags=("artifact",),
)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """Package repositories exist only in the artifact account.

    ## Why

    Packages are artifacts like images: built once, used by every environment. A
    CodeArtifact domain elsewhere becomes a second source of truth with its own access
    rules.

    ## Bad

    ```hcl
    # workspaces/staging
    resource "aws_codeartifact_repository" "npm" {
      repository = "npm"
      domain     = "staging"
    }
    ```

    ## Good

    The same repository in the artifact account's workspace, with a domain policy that
    lets the organization read.
    """
    yield from outside(resource, platform, "artifact", f"`{resource.address}`")
