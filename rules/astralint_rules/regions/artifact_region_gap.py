"""AL906."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Unknown, Violation, rule, undecided
from astralint.rules.api.paths import values_at
from astralint.rules.api.text import text_of

CONSUMERS = (
    "aws_ecs_task_definition",
    "aws_eks_cluster",
    "aws_lambda_function",
    "aws_apprunner_service",
    "aws_batch_job_definition",
)
REPLICATION = "aws_ecr_replication_configuration"
REPOSITORY = "aws_ecr_repository"


@rule(
    "AL906", "artifact-region-gap", severity="warning", each="platform", needs="artifact", tags=("regions", "artifact")
)
def check(platform: Platform, _: Platform) -> Iterator[Violation]:
    """Images are in each region where an environment runs them.

    ## Why

    An image that is pulled from another region makes each start slower, costs transfer, and can't
    start at all while that region is down. Functions can't use one from another region.

    ## Bad

    The registry is in us-east-1, production runs in eu-west-1 as well, and nothing replicates.

    ## Good

    ```hcl
    resource "aws_ecr_replication_configuration" "this" {
      replication_configuration {
        rule {
          destination {
            region      = "eu-west-1"
            registry_id = local.account.id
          }
        }
      }
    }
    ```

    ## Exceptions

    Where environments pull through a cache of their own (`aws_ecr_pull_through_cache_rule`) in that region.
    """
    repositories = [one for one in platform.resources(REPOSITORY) if one.kind == "artifact"]
    if not repositories:
        return
    covered = {one.region for one in repositories}
    rules = [one for one in platform.resources(REPLICATION) if one.kind == "artifact" and one.exists]
    for one in rules:
        path = "replication_configuration[].rule[].destination[].region"
        for _place, value in values_at(one, path):
            if isinstance(value.raw, Unknown):
                raise undecided(value.raw)
            covered.add(str(text_of(value)))
    covered.update(one.region for one in platform.resources("aws_ecr_pull_through_cache_rule"))
    missing: dict[str, Resource] = {}
    for consumer in platform.resources(*CONSUMERS):
        if _runs_images(consumer) and consumer.region not in covered:
            missing.setdefault(consumer.region, consumer)
    if missing:
        accounts = [w for account in platform.of_kind("artifact") for w in platform.workspaces_of(account)]
        platform.require_complete(REPLICATION, REPOSITORY, what="a replication of images", workspaces=accounts)
    for region, consumer in sorted(missing.items()):
        yield (rules or repositories)[0].finding(
            f"the images of `{repositories[0].account}` are not in {region}, where `{consumer.account}` runs them",
            label=f"not replicated to {region}",
            evidence=(consumer.evidence("runs images there"),),
        )


def _runs_images(resource: Resource) -> bool:
    account = resource.account_or_none
    if account is None or not account.is_environment:
        return False
    return resource.type != "aws_lambda_function" or resource["package_type"] == "Image"
