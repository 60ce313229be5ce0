"""AL904."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Condition, Statement, document
from astralint_rules.guards import control_policies, targets_of
from astralint_rules.policies import at_document

KEY = "aws:requestedregion"
GLOBAL = frozenset({"us-east-1", "us-west-2"})
"""Where services without a region are reached: a policy may let them through."""
LANDING_ZONE = "aws_controltower_landing_zone"


def lists(platform: Platform) -> Iterator[Resource]:
    """Yield what keeps a list of regions beside the configuration."""
    if platform.regions:
        yield from (one for one, _ in control_policies(platform) if "root" in targets_of(one, platform))
        yield from platform.resources(LANDING_ZONE)


@rule("AL904", "region-scp-consistency", severity="error", each=lists, tags=("regions", "management"))
def check(resource: Resource, platform: Platform) -> Iterator[Violation]:
    """The regions of the configuration, of control policies and of Control Tower are the same.

    ## Why

    A region that only the policy forgets can't be used; one that only the policy allows is
    used by whoever broke in, and watched by nobody.

    ## Bad

    ```hcl
    condition {
      test     = "StringNotEquals"
      variable = "aws:RequestedRegion"
      values   = ["us-east-1"] # the platform has eu-west-1, too
    }
    ```

    ## Good

    ```hcl
    condition {
      test     = "StringNotEquals"
      variable = "aws:RequestedRegion"
      values   = local.platform.regions
    }
    ```

    ## Exceptions

    Policies that are attached to single units may be narrower. Regions through which services
    without one are reached (us-east-1, us-west-2) may be allowed besides.
    """
    if resource.type == LANDING_ZONE:
        yield from _landing_zone(resource, platform)
        return
    found = document(platform, resource, resource.value("content"), ("content",), "scp")
    for statement in found.policy.statements if found is not None else ():
        for condition in statement.conditions:
            if statement.effect != "Deny" or (known(condition.key) or "").lower() != KEY or found is None:
                continue
            for message in _differs(condition, statement, platform):
                yield at_document(found, condition.path, f"`{resource.address}` {message}", "another list of regions")


def _differs(condition: Condition, statement: Statement, platform: Platform) -> Iterator[str]:
    told = [known(value.text) for value in condition.values]
    if condition.unknown or statement.unknown or None in told:
        raise Undecided(Reason("regions-not-known", "the regions of a control policy are not all known"))
    regions = [one for one in told if one is not None]
    if condition.operator.startswith("StringNot"):
        denied = [region for region in platform.regions if region not in regions]
        more = [one for one in regions if one not in platform.regions and one not in GLOBAL and "*" not in one]
        if denied:
            yield f"denies {', '.join(denied)}, which the platform has"
        if more:
            yield f"allows {', '.join(more)}, which the platform has not"
    elif denied := [region for region in platform.regions if region in regions]:
        yield f"denies {', '.join(denied)}, which the platform has"


def _landing_zone(resource: Resource, platform: Platform) -> Iterator[Violation]:
    told = resource["manifest_json"]
    try:
        manifest = msgspec.json.decode(told) if isinstance(told, str) else {}
    except msgspec.DecodeError:
        return
    governed = manifest.get("governedRegions") if isinstance(manifest, dict) else None
    missing = [region for region in platform.regions if isinstance(governed, list) and region not in governed]
    if missing:
        yield resource.finding(
            f"Control Tower does not govern {', '.join(missing)}, which the platform has",
            at=("manifest_json",),
            label="`governedRegions` without them",
        )
