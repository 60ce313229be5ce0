"""AL006."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Resource, Undecided, Violation, rule
from astralint_rules.dns.zones import is_public, roots, zone_name, zones
from astralint_rules.management.organization_outside_management import TYPES as ORGANIZATION
from astralint_rules.placement import ROWS

SHOWN = 200
SINGLES = {"identity": ("aws_ssoadmin_*",), "management": ORGANIZATION}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`kinds`: kinds of accounts that are meant to be there: that one is missing is an error then."""

    kinds: tuple[str, ...] = ()


class Homeless(msgspec.Struct, frozen=True, eq=False):
    """A kind of account that the platform has none of, and what would belong there."""

    kind: str
    resources: tuple[Resource, ...]

    def __str__(self) -> str:
        return self.kind


def homeless(platform: Platform) -> Iterator[Homeless]:
    """Yield the kinds of accounts that are not there, with the resources that belong into one."""
    if platform.settings.missing_kinds != "together":
        return
    kinds = dict.fromkeys((*(row.home for row in ROWS), *SINGLES, "dns"))
    for kind in kinds:
        if not platform.of_kind(kind):
            found = {resource.header: resource for resource in _belonging(platform, kind)}
            yield Homeless(kind, tuple(sorted(found.values(), key=lambda r: r.header)))


def _belonging(platform: Platform, kind: str) -> Iterator[Resource]:
    """Yield what belongs into an account of a kind, and surely is in one of another."""
    for row in ROWS:
        if row.home == kind:
            yield from (r for r in platform.resources(*row.types) if _is_elsewhere(r) and _counts(row.counts, r))
    yield from filter(_is_elsewhere, platform.resources(*SINGLES.get(kind, ())))
    if kind == "dns":
        yield from (
            zone for zone in zones(platform) if _is_elsewhere(zone) and _counts(lambda z: _is_root(z, platform), zone)
        )


def _is_elsewhere(resource: Resource) -> bool:
    account = resource.account_or_none
    return account is not None and bool(account.kind) and not resource.instance.uncertain


def _counts(test: object, resource: Resource) -> bool:
    try:
        return bool(test(resource))  # type: ignore[operator]
    except Undecided:
        return False


def _is_root(zone: Resource, platform: Platform) -> bool:
    return is_public(zone) and zone_name(zone) in roots(platform)


@rule("AL006", "required-account-missing", severity="note", each=homeless, tags=("workspaces",), options=Options)
def check(subject: Homeless, platform: Platform, options: Options) -> Iterator[Violation]:
    """There is an account of each kind that resources of the platform belong into.

    ## Why

    Users, images, zones and mail have an account of their own because they outlive and
    outrank the environments. As long as there is none, they are in accounts that were
    made for something else.

    ## Bad

    ```hcl
    # workspaces/production, and no account of the kind `email`
    resource "aws_sesv2_email_identity" "main" {
      email_identity = "astradot.com"
    }
    ```

    ## Good

    ```hcl
    # astralint.hcl
    account "email" {
      kind = "email"
      id   = "210000000006"
      workspace "email" { path = "workspaces/email" }
    }
    ```

    ## Exceptions

    One finding a kind, a note: a platform may do without an account of its own. The option
    `kinds` names those that have to be there, then it is an error. With the profile
    `astradot` each of the resources is reported by the rule that places it; with
    `minimal` nothing is said.
    """
    resources = subject.resources
    if not resources:
        return
    accounts = dict.fromkeys(f"`{resource.account}`" for resource in resources)
    names = " and ".join(accounts) if len(accounts) < 4 else f"{len(accounts)} accounts"
    number = len(resources)
    first = resources[0]
    open_ = any(not account.kind for account in platform.accounts.values())
    there_is = "no account is known to be" if open_ else "there is no account"
    yield Violation(
        f"{there_is} of the kind `{subject.kind}`: {number} resource{'s' if number > 1 else ''} of {names} "
        f"would belong there",
        first.evidence(f"belongs into an account of the kind `{subject.kind}`"),
        tuple(resource.evidence(f"`{resource.address}`") for resource in resources[1:SHOWN]),
        subject=subject.kind,
        workspace=first.workspace.name,
        account=first.account.name,
        severity="error" if subject.kind in options.kinds else None,
        help="`--profile astradot` reports each of them, `--profile minimal` none",
    )
