"""AL901."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Resource, Undecided, Unknown, Violation, Workspace, rule, undecided
from astralint.rules.api.aws import is_global


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
    us-west-2); a provider configuration that only they use is not reported. The
    argument `regions` of an account replaces the platform's list.
    """
    allowed = _allowed(workspace, platform)
    open_: Undecided | None = None
    for provider in workspace.result.providers:
        region = provider.region.raw
        if provider.type == "aws" and isinstance(region, Unknown):
            open_ = undecided(region)
        if provider.type != "aws" or not isinstance(region, str) or region in allowed or provider.span is None:
            continue
        users = [
            r
            for r in workspace.resources
            if r.instance.provider is not None and r.instance.provider.address == provider.address
        ]
        if users and region in ("us-east-1", "us-west-2") and all(_may_be_anywhere(r.type) for r in users):
            continue
        yield workspace.violation(
            f"`{workspace}` uses the region {region}, which is not one of the platform's",
            workspace.provider_span(provider, "region"),
            f"allowed: {', '.join(allowed)}",
            subject=provider.address,
        )
    for resource in workspace.resources:
        own = resource.value("region") if _sets_region(resource) else None
        if own is not None and isinstance(own.raw, Unknown) and not is_global(resource.type):
            open_ = undecided(own.raw)
            continue
        if own is not None and isinstance(own.raw, str) and own.raw not in allowed and not is_global(resource.type):
            yield resource.finding(
                f"`{resource.address}` is in the region {own.raw}, which is not one of the platform's",
                at=("region",),
                label=f"allowed: {', '.join(allowed)}",
            )
    if open_ is not None:
        raise open_


def _sets_region(resource: Resource) -> bool:
    """Say whether a resource has the `region` argument of the provider's version 6."""
    block = resource.block
    return block is not None and any(attribute.name == "region" for attribute in block.body.attributes)


BESIDE_GLOBAL = (
    "aws_acm_certificate",
    "aws_wafv2_",
    "aws_ecrpublic_",
    "aws_route53",
    "aws_cur_",
    "aws_cloudwatch_log_",
    "aws_lambda_",
)


def _may_be_anywhere(type_: str) -> bool:
    """Say whether a type is global, or one that global services need beside them."""
    return is_global(type_) or type_.startswith(BESIDE_GLOBAL)


def _allowed(workspace: Workspace, platform: Platform) -> tuple[str, ...]:
    account = workspace.account_or_none
    for settings in platform.settings.accounts:
        if account is not None and settings.name == account.name and settings.regions:
            return settings.regions
    return platform.regions
