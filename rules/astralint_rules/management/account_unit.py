"""AL710."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Account, Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.organization import ENVIRONMENTS, kind_of_name, member_account
from astralint.rules.api.text import known

OUTSIDE = ("management", "suspended")
"""Kinds whose place in the organization is another rule's, or none."""


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`units`: by kind of account, the names of the units (with `*`) of which one has to be above it."""

    units: dict[str, tuple[str, ...]] = {}


@rule(
    "AL710",
    "account-unit",
    severity="error",
    each="aws_organizations_account",
    needs="management",
    profiles=("landing-zone", "aws-sra"),
    tags=("management", "organization"),
    options=Options,
)
def check(resource: Resource, platform: Platform, options: Options) -> Iterator[Violation]:
    """An account lies in a unit of its kind, and none right under the root.

    ## Why

    Control policies bind units. An account in the wrong unit has another one's limits, and one right under
    the root has none but the root's.

    ## Bad

    ```hcl
    resource "aws_organizations_account" "staging" {
      name      = "staging"
      email     = "aws+staging@astradot.com"
      parent_id = aws_organizations_organizational_unit.production.id
    }
    ```

    ## Good

    ```hcl
    resource "aws_organizations_account" "staging" {
      name      = "staging"
      email     = "aws+staging@astradot.com"
      parent_id = aws_organizations_organizational_unit.staging.id
    }
    ```

    ## Exceptions

    A unit says which accounts belong into it if it is called after production, staging, sandboxes or an account of the foundation;
    `Workloads` holds any. Accounts whose code names no parent may have been moved, and are undecided.

    ## Options

    `units` names the units for kinds of accounts, `{ security = ["Security", "Audit*"] }`, and counts instead of the names.
    """
    account = member_account(platform, resource)
    if account is None or account.kind in ("", *OUTSIDE):
        return
    way = platform.trust.guardrails.way_to(account)
    if way is None:
        raise Undecided(Reason("unit-not-known", f"in which unit `{account}` lies is not known"))
    if not way:
        yield resource.finding(
            f"the account `{account}` lies right under the organization's root",
            at=("parent_id",),
            label="in no unit",
        )
    elif not _fits(account, [str(unit["name"]) for unit in way], options):
        yield resource.finding(
            f"the account `{account}` of the kind `{account.kind}` lies in the unit `{known(way[0].text('name') or '')}`",
            at=("parent_id",),
            label="a unit for others",
            evidence=(way[0].evidence("the unit", "name"),),
        )


def _fits(account: Account, names: list[str], options: Options) -> bool:
    """Say whether one of the units above an account is there for its kind, or all of them are for any."""
    if account.kind in options.units:
        return any(fnmatchcase(name, pattern) for name in names for pattern in options.units[account.kind])
    kinds = {kind for name in names if (kind := kind_of_name(name)) is not None}
    if not kinds or account.kind in kinds:
        return True
    # A unit of the foundation (`Security`) holds several kinds of it; one of an environment only its own.
    return not account.is_environment and not kinds & ENVIRONMENTS
