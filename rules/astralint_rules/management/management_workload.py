"""AL701."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allowed`: further resource types, with `*`, that the management account may hold."""

    allowed: tuple[str, ...] = ()


@cache
def _allowed() -> tuple[str, ...]:
    text = files("astralint_rules").joinpath("data/management.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["allowed"])


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
    delegated administrators; the IAM roles and policies of Control Tower and
    pipelines; the organization's trail with its bucket, key and log group; billing
    exports; Identity Center (where it belongs, AL104 says); alarms on root use.
    The option `allowed` adds types.
    """
    if resource.kind != "management":
        return
    if any(fnmatchcase(resource.type, pattern) for pattern in (*_allowed(), *options.allowed)):
        return
    yield resource.finding(
        f"`{resource.address}` is a workload in the management account `{resource.account}`",
        label="not of Organizations, Control Tower or billing",
        help="move it to the account that it is for",
    )
