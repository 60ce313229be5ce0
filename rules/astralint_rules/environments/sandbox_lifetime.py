"""AL803."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Resource, Violation, rule

MAKING = ("aws_organizations_account", "aws_servicecatalog_provisioned_product")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`owner`, `expires`: the tags that say whose a sandbox is, and until when."""

    owner: str = "owner"
    expires: str = "expires"


def sandboxes(platform: Platform) -> Iterator[Account]:
    """Yield the sandboxes that a workspace here is for."""
    return (account for account in platform.of_kind("sandbox") if platform.workspaces_of(account))


@rule(
    "AL803",
    "sandbox-lifetime",
    severity="warning",
    each=sandboxes,
    tags=("environments",),
    options=Options,
    profiles="astradot",
)
def check(account: Account, platform: Platform, options: Options) -> Iterator[Violation]:
    """A sandbox says whose it is, and ends on a date.

    ## Why

    A sandbox without an end becomes somebody's production.

    ## Bad

    ```hcl
    resource "aws_organizations_account" "sandbox_karpenter" {
      name  = "sandbox-karpenter"
      email = "aws+sandbox-karpenter@astradot.com"
    }
    ```

    ## Good

    ```hcl
    resource "aws_organizations_account" "sandbox_karpenter" {
      name  = "sandbox-karpenter"
      email = "aws+sandbox-karpenter@astradot.com"
      tags  = { owner = "platform-team", expires = "2027-06-30" }
    }
    ```

    ## Exceptions

    The options `owner` and `expires` name other tags. Accounts that no code makes are undecided.
    """
    made = _made(account, platform)
    span = account.span or platform.workspaces_of(account)[0].anchor
    if made is None:
        platform.require_complete(*MAKING, what=f"the account `{account}`")
        return
    tags = made["tags"] or {}
    own = made.evidence("made here", "tags")
    for name in (options.owner, options.expires):
        if name not in tags:
            yield made.finding(f"the sandbox `{account}` has no tag `{name}`", label="whose is it, and until when?")
    until = tags.get(options.expires)
    if platform.today is not None and isinstance(until, str) and _is_past(until, platform.today):
        yield Violation(
            f"the sandbox `{account}` was to end on {until}",
            Evidence(span, "is still there"),
            (own,),
            subject=account.name,
            account=account.name,
        )


def _made(account: Account, platform: Platform) -> Resource | None:
    """Return the resource that makes an account."""
    for resource in platform.resources(*MAKING):
        if resource.text("name") == account.name or platform.account_of(resource.value("id")) is account:
            return resource
    return None


def _is_past(text: str, today: date) -> bool:
    try:
        return date.fromisoformat(text) < today
    except ValueError:
        return False
