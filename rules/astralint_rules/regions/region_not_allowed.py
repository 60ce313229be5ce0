"""AL901."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Platform, Resource, Undecided, Unknown, Violation, Workspace, rule, undecided
from astralint.rules.api.aws import has_region, is_global
from astralint.rules.api.code import ProviderContext
from astralint.rules.api.paths import values_at
from astralint.rules.api.purpose import Belonging


def workspaces(platform: Platform) -> Iterator[Workspace]:
    """Yield the workspaces, if the configuration names the regions."""
    return iter(platform.workspaces.values() if platform.regions else ())


@rule("AL901", "region-not-allowed", severity="error", each=workspaces, tags=("regions",))
def check(workspace: Workspace, platform: Platform) -> Iterator[Violation]:
    """Resources live only in the regions of the platform.

    ## Why

    A region that nobody set up has no GuardDuty, no Config, no alarms, and perhaps no
    data protection agreement. Regions are turned on for the whole platform, or not at all.

    ## Bad

    ```hcl
    provider "aws" {
      alias  = "sydney"
      region = "ap-southeast-2"
    }
    ```

    ## Good

    Add the region to `regions` of the `platform` block, with its foundation, or use one
    that is there.

    ## Exceptions

    Global services are reached through us-east-1 (and Global Accelerator through
    us-west-2); a provider configuration that only they use is not reported, nor what
    exists there only: certificates of CloudFront, metrics of Route 53 and billing with their
    alarms and topics, keys for DNSSEC, events of IAM and of sign-ins. Resources of other providers
    are not judged. The
    argument `regions` of an account replaces the platform's list.
    """
    allowed = _allowed(workspace, platform)
    open_: Undecided | None = None
    for provider in workspace.result.providers:
        if provider.type != "aws" or provider.span is None:
            continue
        try:
            yield from _of_provider(workspace, provider, allowed, platform)
        except Undecided as reason:
            open_ = reason
    for resource in workspace.resources:
        try:
            yield from _of_resource(resource, allowed, platform)
        except Undecided as reason:
            open_ = reason
    if open_ is not None:
        raise open_


def _of_provider(
    workspace: Workspace, provider: ProviderContext, allowed: tuple[str, ...], platform: Platform
) -> Iterator[Violation]:
    region = provider.region.raw
    if isinstance(region, Unknown):
        raise undecided(region)
    if not isinstance(region, str) or region in allowed:
        return
    own = [r for r in workspace.resources if r.instance.provider is not None]
    users = [r for r in own if r.instance.provider is not None and r.instance.provider.address == provider.address]
    if users and region in CENTRAL and all(_is_central(r, platform) for r in users):
        return
    if region in CENTRAL:
        # What can't be seen may be what is made there for services without a region, or what uses it.
        if not users:
            platform.require_complete(what=f"what `{provider.address}` is for", workspaces=[workspace])
        for user in users:
            _require_known_uses(user, platform)
    _may_be_allowed(workspace, region, platform)
    yield workspace.violation(
        f"`{workspace}` uses the region {region}, which is not one of the platform's",
        workspace.provider_span(provider, "region"),
        f"allowed: {', '.join(allowed)}",
        subject=provider.address,
    )


def _require_known_uses(resource: Resource, platform: Platform) -> None:
    """Raise Undecided where it is not known what a resource uses."""
    for name in sorted(resource.arguments):
        if not name.endswith(("actions", "arn", "arns")):
            continue
        for path in (name, f"{name}[]"):
            for _, value in values_at(resource, path):
                made = (one.type for one in platform.resources_behind(value))
                if isinstance(value.raw, Unknown) and not any(type_.startswith("aws_") for type_ in made):
                    raise undecided(value.raw)


def _may_be_allowed(workspace: Workspace, region: str, platform: Platform) -> None:
    """Raise Undecided where a workspace's account is not known, and one of the accounts may use a region."""
    if workspace.account_or_none is None and any(region in one.regions for one in platform.settings.accounts):
        _ = workspace.account


def _of_resource(resource: Resource, allowed: tuple[str, ...], platform: Platform) -> Iterator[Violation]:
    own = resource.value("region") if _sets_region(resource) else None
    if own is None or not has_region(resource.type, resource.mode):
        return
    if isinstance(own.raw, Unknown):
        raise undecided(own.raw)
    if not isinstance(own.raw, str) or own.raw in allowed:
        return
    if own.raw in CENTRAL and _is_central(resource, platform):
        return
    yield resource.finding(
        f"`{resource.address}` is in the region {own.raw}, which is not one of the platform's",
        at=("region",),
        label=f"allowed: {', '.join(allowed)}",
    )


CENTRAL = ("us-east-1", "us-west-2")
"""Where services that belong to no region are reached (Global Accelerator's in us-west-2)."""


@cache
def central() -> Belonging:
    """Return what exists in us-east-1 only, or is made there for services without a region."""
    text = files("astralint_rules").joinpath("data/us_east_1.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Belonging)


def _is_central(resource: Resource, platform: Platform) -> bool:
    """Say whether a resource is of a service without a region, or there for one; raises Undecided where that is open."""
    return is_global(resource.type) or bool(platform.purposes(central()).of(resource).belongs)


def _sets_region(resource: Resource) -> bool:
    """Say whether a resource of AWS has the `region` argument of the provider's version 6."""
    provider = resource.instance.provider
    if not resource.type.startswith("aws_") or (provider is not None and provider.type != "aws"):
        return False
    block = resource.block
    return block is not None and any(attribute.name == "region" for attribute in block.body.attributes)


def _allowed(workspace: Workspace, platform: Platform) -> tuple[str, ...]:
    account = workspace.account_or_none
    for settings in platform.settings.accounts:
        if account is not None and settings.name == account.name and settings.regions:
            return settings.regions
    return platform.regions
