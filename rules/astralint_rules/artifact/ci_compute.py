"""AL205."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.accounts import is_surely_of
from astralint_rules.placement import outside

BUILDS = ("aws_codebuild_project", "aws_codebuild_fleet")
PIPELINE = "aws_codepipeline"
MACHINES = ("aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_autoscaling_group")
CALLED = re.compile(
    r"(?<![a-z])(jenkins|buildkite|teamcity|bamboo|(github|gitlab|actions|ci|build)[-_ ]?(runner|agent)s?)(?![a-z])"
)


@rule(
    "AL205",
    "ci-compute-outside-artifact",
    severity="warning",
    each=(*BUILDS, PIPELINE, *MACHINES),
    home="artifact",
    tags=("artifact",),
)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """What builds artifacts runs only in the artifact account.

    ## Why

    A build runs code that nobody has reviewed yet: a pull request's, a dependency's. In an environment it
    stands beside the data of that environment, with a network and roles that lead there.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_codebuild_project" "api" {
      name         = "api"
      service_role = aws_iam_role.build.arn
      # …
    }
    ```

    ## Good

    The project stands in the artifact account, and publishes to its repositories.

    ## Exceptions

    Pipelines without a stage that builds, which only deploy. A project within a network of its account (`vpc_config`)
    tests what is deployed there. Machines count where their name or `Name` tag says that they are
    runners or agents of a CI system.
    """
    if is_surely_of(resource, "artifact") or not _builds(resource):
        return
    yield from outside(resource, platform, "artifact", f"`{resource.address}`")


def _builds(resource: Resource) -> bool:
    """Say whether something builds; raises Undecided where that is not known."""
    if resource.type == PIPELINE:
        stages = resource.blocks("stage")
        return any(action["category"] == "Build" for stage in stages for action in stage.blocks("action"))
    if resource.type in MACHINES:
        tags = resource.value("tags")
        name = tags.raw.get("Name") if tags is not None and isinstance(tags.raw, dict) else None
        told = [resource.name, resource.text("name"), name.raw if name is not None else None]
        return any(isinstance(one, str) and CALLED.search(one.lower()) for one in told)
    return "vpc_config" not in resource.arguments
