"""AL201."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside


@rule(
    "AL201", "ecr-outside-artifact", severity="error", each="aws_ecr_repository", needs="artifact", tags=("artifact",)
)
def check(repository: Resource, platform: Platform) -> Iterator[Violation]:
    """Container image repositories exist only in the artifact account.

    ## Why

    An image is built once and deployed everywhere. A repository in an environment
    ties the image to that environment, and what was tested in staging is then not
    what runs in production.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_ecr_repository" "api" {
      name = "api"
    }
    ```

    ## Good

    ```hcl
    # workspaces/artifact
    resource "aws_ecr_repository" "api" {
      name                 = "api"
      image_tag_mutability = "IMMUTABLE"
    }
    ```

    ## Exceptions

    Templates for pull-through caches (`aws_ecr_repository_creation_template`) are
    allowed in every account.
    """
    yield from outside(
        repository, platform, "artifact", f"image repository `{repository.text('name') or repository.name}`"
    )
