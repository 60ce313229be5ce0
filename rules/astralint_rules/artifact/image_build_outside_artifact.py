"""AL204."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.placement import outside

TYPES = ("aws_imagebuilder_*", "aws_ami", "aws_ami_from_instance", "aws_ami_copy")


@rule("AL204", "image-build-outside-artifact", severity="error", each=TYPES, needs="artifact", tags=("artifact",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """Machine images are built only in the artifact account.

    ## Why

    Machine images are shared artifacts. Built in an environment, they carry that
    environment's access and can't be promoted unchanged.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_imagebuilder_image_pipeline" "base" {
      name                             = "base"
      image_recipe_arn                 = aws_imagebuilder_image_recipe.base.arn
      infrastructure_configuration_arn = aws_imagebuilder_infrastructure_configuration.base.arn
    }
    ```

    ## Good

    The pipeline stands in the artifact account, and shares its images with the
    organization by a distribution configuration.

    ## Exceptions

    A copy that re-encrypts an image (`aws_ami_copy` with `encrypted = true`) with an
    account's own key is allowed.
    """
    if resource.type == "aws_ami_copy" and resource["encrypted"]:
        return
    yield from outside(resource, platform, "artifact", f"`{resource.address}`")
