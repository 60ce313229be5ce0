"""AL207."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Account, Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.text import known, split
from astralint.rules.api.uses import ImageUse, image_uses
from astralint_rules.artifact.registries import registry_of
from astralint_rules.identity.third_parties import is_outside


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: images, with `*`, that may come from elsewhere."""

    allowed: tuple[str, ...] = ()


@rule(
    "AL207",
    "image-ref-not-artifact",
    severity="error",
    each=image_uses,
    home="artifact",
    tags=("artifact",),
    options=Options,
)
def check(use: ImageUse, platform: Platform, options: Options) -> Iterator[Violation]:
    """What runs is an image of the artifact account.

    ## Why

    The artifact account is where images are built, scanned and kept. An image of another
    environment is another environment's to change; one of somebody else's registry can be gone, or another
    one, tomorrow.

    ## Bad

    ```hcl
    # workspaces/production
    resource "aws_lambda_function" "mailer" {
      function_name = "mailer"
      role          = aws_iam_role.mailer.arn
      package_type  = "Image"
      image_uri     = "210000000008.dkr.ecr.eu-west-1.amazonaws.com/mailer:1.4.0" # staging's
    }
    ```

    ## Good

    ```hcl
    locals {
      image_uri = "${data.terraform_remote_state.artifact.outputs.repository_urls["mailer"]}:1.4.0"
    }
    ```

    ## Exceptions

    Images that AWS itself publishes; those that a pull-through cache of the account fetches; what
    the artifact account runs itself. An image of a public registry is a note. That a repository is in the
    wrong account is AL201 alone. The option `allowed` names images that may come from elsewhere.
    """
    if any(fnmatchcase(str(use.image), pattern) for pattern in options.allowed):
        return
    registry = registry_of(use, platform)
    own = use.resource.account
    if registry.is_aws or own.kind == "artifact" or (registry.owner is not None and registry.owner.kind == "artifact"):
        return
    if registry.owner is not None:
        if registry.owner is own and (_is_made(use, own, platform) or _is_cached(use, own, platform)):
            return
        whose = f"of the account `{registry.owner}`"
    elif registry.host:
        whose = f"of {registry.host}"
    elif is_outside(registry.number, platform):
        whose = f"of the account {registry.number}, which is not of the platform"
    else:
        return
    yield use.resource.finding(
        f"`{use.resource.address}` runs `{use.image}`, an image {whose}",
        at=use.place,
        label="should be the artifact account's",
        help="push the image to the artifact account, or fetch it by a pull-through cache",
        severity="note" if registry.host else None,
    )


def _is_made(use: ImageUse, own: Account, platform: Platform) -> bool:
    """Say whether the account makes the repository itself, of which AL201 tells."""
    name = known(split(_path(use), ":", 1)[0])
    made = [r for r in platform.resources("aws_ecr_repository") if r.account_or_none is own]
    if any(repository.text("name") == name for repository in made):
        return True
    if any(not isinstance(repository.text("name"), str) for repository in made):
        raise Undecided(Reason("name-not-known", f"a repository of `{own}` whose name is not known may be `{name}`"))
    return False


def _is_cached(use: ImageUse, own: Account, platform: Platform) -> bool:
    """Say whether a pull-through cache of the account fetches the image."""
    path = str(_path(use))
    for cache in platform.resources("aws_ecr_pull_through_cache_rule"):
        if cache.account_or_none is own and cache.exists:
            prefix = str(cache["ecr_repository_prefix"])
            if prefix == "ROOT" or path.startswith(f"{prefix}/"):
                return True
    return False


def _path(use: ImageUse) -> str:
    return str(use.image).partition("/")[2].partition("@")[0]
