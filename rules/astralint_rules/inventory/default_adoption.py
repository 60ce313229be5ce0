"""AL414."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Platform, Violation, rule
from astralint.rules.api.inventory import place


class Defaults(msgspec.Struct, frozen=True):
    """The default VPCs of an account that nobody manages, by their regions."""

    account: Account
    found: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.account.name


def defaults(platform: Platform) -> Iterator[Defaults]:
    """Yield the accounts that have default VPCs that nobody manages."""
    by_account: dict[str, list[tuple[str, str]]] = {}
    for one in platform.existing:
        is_default = one.live.type == "aws_vpc" and one.live.attributes.get("default") == "true"
        if is_default and one.verdict == "excluded" and one.account is not None:
            by_account.setdefault(one.account.name, []).append((one.live.region, one.live.id))
    for name, found in sorted(by_account.items()):
        yield Defaults(platform.accounts[name], tuple(sorted(found)))


@rule("AL414", "default-adoption", severity="note", each=defaults, tags=("inventory",))
def check(own: Defaults, platform: Platform) -> Iterator[Violation]:
    """AWS's default networks are removed, or adopted.

    Needs an inventory (`astralint inventory judge`, `--inventory`, or an `inventory` block).

    ## Why

    A default VPC has public subnets in every zone, and whoever starts something without a
    thought starts it there. No code knows of it.

    ## Bad

    ```hcl
    # The account has its default VPC in every region, and no workspace has `aws_default_vpc`.
    ```

    ## Good

    ```hcl
    resource "aws_default_vpc" "this" {
      force_destroy = true
    }
    ```

    ## Exceptions

    None. One finding names all regions of an account.
    """
    adopted = {r.region for r in platform.resources("aws_default_vpc") if r.account is own.account}
    found = [region for region, _ in own.found if region not in adopted]
    if not found:
        return
    workspaces = platform.workspaces_of(own.account)
    platform.require_complete("aws_default_vpc", what=f"the default VPC of `{own.account}`", workspaces=workspaces)
    regions = ", ".join(f"`{region}`" for region in found)
    yield Violation(
        f"the default VPC of `{own.account}` is there, and nobody manages it: {regions}",
        place(own.account, platform),
        subject=own.account.name,
        account=own.account.name,
        help="delete it, or adopt it as `aws_default_vpc`",
        apart=True,
    )
