"""AL706."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint_rules.accounts import account_named


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`services`: for further service principals, or in place of what is expected, the kind of account."""

    services: dict[str, str] = {}


@cache
def expected() -> dict[str, str]:
    """Return the kind of account that administers each service."""
    return tomllib.loads(files("astralint_rules").joinpath("data/delegations.toml").read_text("utf-8"))


@rule(
    "AL706",
    "delegated-admin-map",
    severity="error",
    each="aws_organizations_delegated_administrator",
    needs="management",
    tags=("management", "security"),
    options=Options,
    security_severity="7.0",
)
def check(delegation: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """Each service of the organization is administered by the account that is there for it.

    ## Why

    A delegated administrator reads, and often changes, what every account has of a service.
    Given to another account, whoever works there administers the organization.

    ## Bad

    ```hcl
    resource "aws_organizations_delegated_administrator" "sso" {
      service_principal = "sso.amazonaws.com"
      account_id        = local.accounts.production
    }
    ```

    ## Good

    Identity Center is identity's; Security Hub, GuardDuty, Config, Inspector, Macie, Access
    Analyzer, Firewall Manager and Detective are security's.

    ## Exceptions

    Services that are not in the list may be anybody's. The option `services` adds some
    (`{ "ipam.amazonaws.com" = "network" }`), or says otherwise of those that are.
    """
    service = delegation["service_principal"]
    kind = options.services.get(service) or expected().get(service)
    if kind is None or not platform.of_kind(kind):
        return
    account = account_named(delegation, "account_id", platform)
    if account is not None and account.kind == kind:
        return
    home = platform.account_of_kind(kind)
    shown = f"`{account}`" if account is not None else f"the account {delegation['account_id']}"
    yield delegation.finding(
        f"{service} is administered by {shown} instead of `{home}`",
        at=("account_id",),
        label=f"should be the account `{home}`",
    )
