"""AL701."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.purpose import Belonging

SHOWN = 3


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: further resource types, with `*`, that the management account may hold."""

    allowed: tuple[str, ...] = ()


@cache
def belonging() -> Belonging:
    """Return what belongs into the management account."""
    text = files("astralint_rules").joinpath("data/management.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Belonging)


@rule(
    "AL701",
    "management-workload",
    severity="error",
    each="aws_*",
    needs="management",
    tags=("management",),
    options=Options,
)
def check(resource: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """The management account holds nothing but the organization, Control Tower and billing.

    ## Why

    Service control policies do not apply to the management account, and whoever
    controls it controls every other. Each workload in it is a way to it that nothing
    can fence off.

    ## Bad

    ```hcl
    # workspaces/management
    resource "aws_instance" "bastion" {
      ami           = data.aws_ami.base.id
      instance_type = "t3.micro"
    }
    ```

    ## Good

    The instance moves to an environment, or, if it builds things, to the artifact account.

    ## Exceptions

    Organizations, Control Tower, Service Catalog, account and billing resources;
    delegated administrators; Identity Center (where it belongs, AL104 says); what every
    account has (defaults, quotas, a detector). Buckets, roles, policies, keys, secrets, topics,
    log groups, alarms and event rules are judged by what they serve: the organization's trail,
    billing exports, Control Tower, whoever administers the account, its pipeline and
    its state, alarms on root use. The option `allowed` adds types.
    """
    if resource.kind != "management" or any(fnmatchcase(resource.type, pattern) for pattern in options.allowed):
        return
    if resource.type.startswith("aws_iam_user_") and platform.of_kind("identity"):
        return  # AL103 says where it belongs.
    purpose = platform.purposes(belonging()).of(resource)
    if purpose.belongs:
        return
    serving = any(fnmatchcase(resource.type, pattern) for pattern in belonging().serving)
    message = f"`{resource.address}` is a workload in the management account `{resource.account}`"
    if purpose.belongs is None:
        # Only what nothing is hidden of is used by nobody.
        platform.require_complete(what=f"what `{resource.address}` serves", workspaces=(resource.workspace,))
        message = (
            f"`{resource.address}` serves nothing of the organization in the management account `{resource.account}`"
        )
    yield resource.finding(
        message,
        label="not of Organizations, Control Tower or billing",
        evidence=purpose.evidence[:SHOWN] if serving else (),
        help="move it to the account that it is for",
        severity="warning" if purpose.belongs is None else None,
    )
