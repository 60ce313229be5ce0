"""AL211."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.accounts import may_be_of

NAMED = {
    "aws_ecr_repository": "name",
    "aws_codeartifact_repository": "repository",
    "aws_s3_bucket": "bucket",
    "aws_imagebuilder_image_pipeline": "name",
    "aws_imagebuilder_image_recipe": "name",
}
ENVIRONMENTS = frozenset({"production", "prod", "staging", "stage", "sandbox", "dev", "development"})


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: names that only look like an environment's."""

    allowed: tuple[str, ...] = ()


@rule(
    "AL211",
    "artifact-env-specific",
    severity="warning",
    each=tuple(NAMED),
    needs="artifact",
    tags=("artifact",),
    options=Options,
)
def check(resource: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """Artifacts are of no environment.

    ## Why

    `api-staging` and `api-production` are two images: the one that was tested, and the one that runs. One
    image for all is what makes a test say something about production.

    ## Bad

    ```hcl
    # workspaces/artifact
    resource "aws_ecr_repository" "api_production" {
      name = "api-production"
    }
    ```

    ## Good

    ```hcl
    resource "aws_ecr_repository" "api" {
      name = "api"
    }
    ```

    ## Exceptions

    Roles and policies that let an environment in are called after it. The option `allowed` names what only looks
    like an environment.
    """
    if not may_be_of(resource, "artifact"):
        return
    name = str(resource[NAMED[resource.type]] or "")
    words = set(re.split(r"[^a-z0-9]+", name.lower()))
    found = next(iter(sorted(words & ENVIRONMENTS)), "")
    if found and name not in options.allowed and resource.kind == "artifact":
        yield resource.finding(
            f"`{resource.address}` is called after an environment: `{name}`",
            at=(NAMED[resource.type],),
            label=f"`{found}`",
        )
