"""AL208."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.aws import known_account
from astralint_rules.accounts import is_surely_of
from astralint_rules.identity.third_parties import is_outside

PUBLISHERS = frozenset({"amazon", "aws-marketplace", "aws-backup-vault"})
CANONICAL = frozenset({"099720109477", "136693071363"})
"""The accounts from which Ubuntu and Debian publish their images."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: further owners of images, by number or alias."""

    allowed: tuple[str, ...] = ()


@rule(
    "AL208",
    "ami-source-not-artifact",
    severity="warning",
    each="data.aws_ami",
    home="artifact",
    tags=("artifact",),
    options=Options,
)
def check(image: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """Machine images are those of the artifact account, or of who publishes the operating system.

    ## Why

    A search for the newest image of a name finds the newest that anybody shared under it. Without an owner,
    that anybody is whoever wants to run code in the account.

    ## Bad

    ```hcl
    data "aws_ami" "node" {
      most_recent = true
      filter {
        name   = "name"
        values = ["astradot-node-*"]
      }
    }
    ```

    ## Good

    ```hcl
    data "aws_ami" "node" {
      most_recent = true
      owners      = [local.account_ids["artifact"]]
      filter {
        name   = "name"
        values = ["astradot-node-*"]
      }
    }
    ```

    ## Exceptions

    The images of Amazon, Debian and Ubuntu; the artifact account's own searches; vendors of the configuration. A literal id
    is AL401. The option `allowed` names further owners. Without any owner it is an error.
    """
    if is_surely_of(image, "artifact"):
        return
    owners = [str(owner) for owner in image["owners"] or ()]
    if not owners and image.kind != "artifact":
        yield image.finding(
            f"`{image.address}` takes the image of whoever shares one of that name",
            label="names no owner",
            help="set `owners` to the artifact account",
            severity="error",
        )
    for position, owner in enumerate(owners):
        whose = _strange(owner, image, platform) if owner not in {*options.allowed, *PUBLISHERS, *CANONICAL} else ""
        if whose and image.kind != "artifact":
            yield image.finding(
                f"`{image.address}` takes an image {whose}",
                at=("owners", position),
                label="should be the artifact account's",
            )


def _strange(owner: str, image: Resource, platform: Platform) -> str:
    """Say whose an image is that is neither the artifact account's nor AWS's; "" for these."""
    account = image.account if owner == "self" else platform.account_of(owner)
    if account is not None:
        return "" if account.kind == "artifact" else f"of the account `{account}`"
    public = known_account(owner)
    if public is not None and public.owner == "aws":
        return ""
    return f"of the account {owner}, which is not of the platform" if is_outside(owner, platform) else ""
