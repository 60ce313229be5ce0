"""AL213."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.aws import Arn
from astralint_rules.identity.third_parties import is_outside

PERMISSION, DISTRIBUTION = "aws_ami_launch_permission", "aws_imagebuilder_distribution_configuration"


@rule("AL213", "ami-share-scope", severity="error", each=(PERMISSION, DISTRIBUTION), tags=("artifact",))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """Machine images are shared within the organization only.

    ## Why

    An image is a whole disk: code, configuration, and what somebody forgot on it. Shared with everybody, anybody may
    start it and look.

    ## Bad

    ```hcl
    resource "aws_ami_launch_permission" "node" {
      image_id = aws_ami_copy.node.id
      group    = "all"
    }
    ```

    ## Good

    ```hcl
    resource "aws_ami_launch_permission" "node" {
      image_id         = aws_ami_copy.node.id
      organization_arn = local.organization_arn
    }
    ```

    ## Exceptions

    Vendors of the configuration. Organizations are compared with `organization_id` of the `platform` block, as far as it is there.
    """
    for place, kind, value in _shares(resource):
        wrong = _is_strange(kind, value, platform)
        if wrong:
            yield resource.finding(
                f"`{resource.address}` shares an image with {wrong}", at=place, label="not of the organization"
            )


def _shares(resource: Resource) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield with whom images are shared: `group`, `account` or `organization`, and where that stands."""
    if resource.type == PERMISSION:
        for name, kind in (("group", "group"), ("account_id", "account"), ("organization_arn", "organization")):
            if resource[name]:
                yield (name,), kind, str(resource[name])
        return
    names = (("user_groups", "group"), ("user_ids", "account"), ("organization_arns", "organization"))
    for number, distribution in enumerate(resource.blocks("distribution")):
        for inner, settings in enumerate(distribution.blocks("ami_distribution_configuration")):
            for last, permission in enumerate(settings.blocks("launch_permission")):
                base = ("distribution", number, "ami_distribution_configuration", inner, "launch_permission", last)
                for name, kind in names:
                    for value in permission.get(name) or ():
                        yield (*base, name), kind, str(value)


def _is_strange(kind: str, value: str, platform: Platform) -> str:
    """Return whom something is shared with that is not of the organization; "" for whoever is."""
    if kind == "group":
        return "everybody" if value == "all" else ""
    if kind == "account":
        strange = platform.account_of(value) is None and is_outside(value, platform)
        return f"the account {value}, which is not of the platform" if strange else ""
    own, arn = platform.settings.platform.organization_id, Arn.parse(value)
    strange = bool(own) and arn is not None and not value.endswith(f"/{own}")
    return f"the organization `{value.rpartition('/')[2]}`" if strange else ""
