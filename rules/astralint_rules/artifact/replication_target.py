"""AL212."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.text import known, split
from astralint_rules.accounts import may_be_ours

CACHE = "aws_ecr_pull_through_cache_rule"
PRIVATE = re.compile(r"dkr\.ecr(-fips)?\.")


@rule(
    "AL212",
    "replication-target",
    severity="warning",
    each=("aws_ecr_replication_configuration", CACHE),
    home="artifact",
    tags=("artifact",),
)
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """Images are copied within the artifact account's registry, and cached from it.

    ## Why

    A copy in an environment's registry is that environment's to change and to delete, and nobody scans it. A
    cache of another environment's registry is a way for its images into this one.

    ## Bad

    ```hcl
    # workspaces/artifact
    resource "aws_ecr_replication_configuration" "this" {
      replication_configuration {
        rule {
          destination {
            region      = "eu-west-1"
            registry_id = local.account_ids["production"]
          }
        }
      }
    }
    ```

    ## Good

    The destinations are further regions of the artifact account's own registry.

    ## Exceptions

    Caches of public registries.
    """
    if resource.type == CACHE:
        yield from _upstream(resource, platform)
        return
    for number, settings in enumerate(resource.blocks("replication_configuration")):
        for position, one in enumerate(settings.blocks("rule")):
            for target, destination in enumerate(one.blocks("destination")):
                value = destination.raw("registry_id")
                account = platform.account_of(value)
                if account is None and destination["registry_id"] is None:
                    continue
                if account is not None and account.kind == "artifact":
                    continue
                if account is None:
                    may_be_ours(str(destination["registry_id"]), platform)
                shown = f"`{account}`" if account is not None else f"the account {destination['registry_id']}"
                yield resource.finding(
                    f"`{resource.address}` copies images into the registry of {shown}",
                    at=("replication_configuration", number, "rule", position, "destination", target, "registry_id"),
                    label="should be the artifact account's own registry",
                )


def _upstream(cache: Resource, platform: Platform) -> Iterator[Violation]:
    """Yield where a cache takes images from a registry of AWS that is not the artifact account's."""
    url = cache.text("upstream_registry_url")
    parts = split(url, ".", 1) if url is not None else []
    if len(parts) < 2 or not PRIVATE.match(known(parts[1]) or ""):
        return
    account = platform.account_of(parts[0])
    if account is None or account.kind == "artifact":
        return
    yield cache.finding(
        f"`{cache.address}` takes images from the registry of `{account}`",
        at=("upstream_registry_url",),
        label="should be the artifact account's",
    )
