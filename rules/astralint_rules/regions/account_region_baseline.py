"""AL907."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Resource, Violation, rule
from astralint.rules.api.text import known
from astralint_rules.guards import is_bound, targets_of

POLICY = "aws_organizations_policy"
ANALYZER = "aws_accessanalyzer_analyzer"


class Item(msgspec.Struct, frozen=True):
    """Something that each account has, in each region or once; `attributes` are what it has to say.

    `declared` is the word by which a declarative policy has it instead.
    """

    type: str
    what: str
    attributes: dict[str, object] = {}
    is_regional: bool = False
    declared: str = ""


ITEMS = (
    Item(
        "aws_s3_account_public_access_block",
        "block of public access to S3",
        {
            "block_public_acls": True,
            "block_public_policy": True,
            "ignore_public_acls": True,
            "restrict_public_buckets": True,
        },
        declared="public_access_block_configuration",
    ),
    Item("aws_iam_account_password_policy", "password policy"),
    Item("aws_ebs_encryption_by_default", "encryption of volumes by default", {"enabled": True}, is_regional=True),
    Item(
        "aws_ec2_instance_metadata_defaults",
        "default of IMDSv2",
        {"http_tokens": "required"},
        is_regional=True,
        declared="instance_metadata_defaults",
    ),
    Item("aws_accessanalyzer_analyzer", "access analyzer", is_regional=True),
)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`without`: types of which accounts need none here."""

    without: tuple[str, ...] = ()


@rule(
    "AL907",
    "account-region-baseline",
    severity="warning",
    each="account",
    profiles=("landing-zone", "aws-sra"),
    tags=("regions", "security"),
    options=Options,
)
def check(account: Account, platform: Platform, options: Options) -> Iterator[Violation]:
    """Every account has its baseline, in every region that needs one.

    ## Why

    A new region, and a new account, begin with AWS's defaults: volumes that are not encrypted, metadata without a token,
    buckets that a policy can make public.

    ## Bad

    A platform of two regions whose accounts have `aws_ebs_encryption_by_default` in the first.

    ## Good

    ```hcl
    # a module that each workspace calls once a region
    resource "aws_ebs_encryption_by_default" "this" {
      enabled = true
    }

    resource "aws_ec2_instance_metadata_defaults" "this" {
      http_tokens = "required"
    }
    ```

    ## Exceptions

    A region that has nothing of what another has is AL903's. What a declarative policy sets for an account's unit, and analyzers of the whole organization. What is regional is judged in the
    regions of the configuration: without these, only what an account has once. Accounts without a workspace.

    ## Options

    `without` are types of which no account needs one.
    """
    workspaces = platform.workspaces_of(account)
    if not workspaces or account.external or account.kind in ("", "suspended"):
        return
    for item in ITEMS:
        if item.type in options.without or _is_declared(item, account, platform):
            continue
        missing = _missing(item, account, platform)
        if missing is None:
            continue
        what = f"the {item.what} of `{account}`"
        is_of_all = item.type == ANALYZER
        platform.require_complete(item.type, what=what, workspaces=None if is_of_all else workspaces)
        if item.declared:
            management = [w for one in platform.of_kind("management") for w in platform.workspaces_of(one)]
            platform.require_complete(POLICY, what=what, workspaces=management)
        yield Violation(
            f"the account `{account}` has no {item.what}{missing}",
            Evidence(account.span or workspaces[0].anchor, f"no `{item.type}`"),
            subject=f"{account}: {item.type}",
            account=account.name,
        )


def _missing(item: Item, account: Account, platform: Platform) -> str | None:
    """Return where an account lacks something; None where it has it everywhere."""
    every = [one for one in platform.resources(item.type) if _is_for(one, account) and one.exists]
    own = [one for one in every if _says(one, item)]
    if not item.is_regional:
        return None if own else ""
    regions = {one.region for one in own}
    lacking = [region for region in platform.regions if region not in regions]
    if own:
        # That a region has nothing of what another has is AL903's.
        lacking = [one.region for one in every if one.region in lacking]
    return f" in {', '.join(lacking)}" if lacking else None


def _is_for(resource: Resource, account: Account) -> bool:
    """Say whether a resource is an account's; an analyzer of the organization is everybody's."""
    is_wide = resource.type == ANALYZER and str(resource["type"]).startswith("ORGANIZATION")
    return is_wide or resource.account_or_none is account


def _says(resource: Resource, item: Item) -> bool:
    # What is not set is AWS's default: `enabled` is true there.
    return all(
        (name == "enabled" and name not in resource.arguments) or resource[name] == value
        for name, value in item.attributes.items()
    )


def _is_declared(item: Item, account: Account, platform: Platform) -> bool:
    """Say whether a declarative policy sets it for an account, or may."""
    for policy in platform.resources(POLICY) if item.declared else ():
        told = policy.text("type")
        if not isinstance(told, str) or told.startswith(("DECLARATIVE_POLICY", "S3_POLICY")):
            content = policy.text("content")
            texts = [text for text in policy.texts("content") if item.declared in text]
            is_open = content is not None and known(content) is None
            if (texts or is_open) and is_bound(account, targets_of(policy, platform), platform) is not False:
                return True
    return False
