"""AL511."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule

FILTER = "aws_guardduty_filter"
BROAD = frozenset({"severity", "region", "accountId", "service.archived", "updatedAt"})
"""Criteria that say nothing of what a finding is about."""


class Control(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An argument that switches something off."""

    type: str
    argument: str
    off: tuple[Any, ...]
    what: str
    reason: str = ""


@cache
def controls() -> dict[str, Control]:
    """Return what can be switched off, by type."""
    text = files("astralint_rules").joinpath("data/disabled.toml").read_text("utf-8")
    table = msgspec.convert(tomllib.loads(text)["control"], tuple[Control, ...])
    return {control.type: control for control in table}


def subjects(platform: Platform) -> Iterator[Resource]:
    """Yield what can be switched off, and the filters of GuardDuty."""
    return platform.resources(*controls(), FILTER)


@rule("AL511", "control-disabled", severity="warning", each=subjects, tags=("security",), security_severity="5.0")
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """Nobody switches off what security watches with, unless they say why.

    ## Why

    A detector that was switched off for a test stays off. Nothing shows it: there are no findings.

    ## Bad

    ```hcl
    resource "aws_guardduty_detector" "this" {
      enable = false
    }
    ```

    ## Good

    ```hcl
    resource "aws_securityhub_standards_control" "hardware_mfa" {
      standards_control_arn = local.control_arn
      control_status        = "DISABLED"
      disabled_reason       = "members have no root credentials"
    }
    ```

    ## Exceptions

    Controls of Security Hub with a reason; filters of GuardDuty that name what they archive.
    """
    if resource.type == FILTER:
        yield from _filter(resource)
        return
    control = controls()[resource.type]
    value = resource[control.argument]
    if any(value is off or (isinstance(off, str) and value == off) for off in control.off):
        if control.reason in resource.arguments and resource[control.reason]:
            return
        yield resource.finding(
            f"{control.what} by `{resource.address}` of `{resource.account}`", at=(control.argument,), label="off"
        )


def _filter(resource: Resource) -> Iterator[Violation]:
    """Yield a filter that archives whatever happens."""
    if resource["action"] != "ARCHIVE":
        return
    criteria = [one["field"] for block in resource.blocks("finding_criteria") for one in block.blocks("criterion")]
    if all(field in BROAD for field in criteria):
        yield resource.finding(
            f"the filter `{resource.address}` archives findings whatever they are about",
            at=("finding_criteria",),
            label="names no type of finding and no resource",
        )
