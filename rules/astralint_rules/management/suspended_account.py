"""AL714."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Reason, Undecided, Violation, rule
from astralint_rules.environments.between import let_in
from astralint_rules.flows import flows
from astralint_rules.guards import control_policies, denies_all, is_bound, require_known, targets_of
from astralint_rules.identity.subjects import at_trust

SUSPENDED = re.compile(r"suspend|closed|closing|decommission|graveyard|retired", re.IGNORECASE)


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`units`: names of the units where closed accounts lie."""

    units: tuple[str, ...] = ()


@rule(
    "AL714",
    "suspended-account",
    severity="error",
    each="account",
    needs="suspended",
    profiles=("landing-zone", "aws-sra"),
    tags=("management", "organization"),
    options=Options,
)
def check(account: Account, platform: Platform, options: Options) -> Iterator[Violation]:
    """A closed account lies in a unit for such, may do nothing, and nothing depends on it.

    ## Why

    For ninety days a closed account can be opened again, by whoever has its root user, with all trusts that it had.

    ## Bad

    ```hcl
    # workspaces/production
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000013:root"] # closed last month
    }
    ```

    ## Good

    ```hcl
    resource "aws_organizations_account" "old" {
      name      = "old"
      email     = "aws+old@astradot.com"
      parent_id = aws_organizations_organizational_unit.suspended.id
    }
    ```

    ## Exceptions

    Accounts are suspended where the configuration says so: `kind = "suspended"`.

    ## Options

    `units` are the names of the units where closed accounts lie; without it, those that are called so.
    """
    if account.kind != "suspended":
        return
    yield from _dependencies(account, platform)
    way = platform.trust.guardrails.way_to(account)
    if way is None or account.span is None:
        raise Undecided(Reason("unit-not-known", f"in which unit `{account}` lies is not known"))
    names = [str(unit["name"] or "") for unit in way]
    if not any(name in options.units if options.units else SUSPENDED.search(name) for name in names):
        yield _at(account, f"the closed account `{account}` lies in no unit for such")
        return
    denying = [one for one, policy in control_policies(platform) if any(True for _ in denies_all(policy))]
    bound = [is_bound(account, targets_of(one, platform), platform) for one in denying]
    if True not in bound:
        if any("" in targets_of(one, platform) for one, _ in control_policies(platform)):
            raise Undecided(Reason("unit-not-known", "what a control policy is attached to is not known"))
        require_known(list(control_policies(platform)), platform)
        platform.require_complete("aws_organizations_policy", what=f"a policy that denies `{account}` everything")
        yield _at(account, f"no policy denies the closed account `{account}` everything")


def _at(account: Account, message: str) -> Violation:
    assert account.span is not None
    return Violation(
        message, Evidence(account.span, "a closed account"), subject=f"{account}: {message}", account=account.name
    )


def _dependencies(account: Account, platform: Platform) -> Iterator[Violation]:
    """Yield what trusts a closed account, lets it in, reads its state or is joined with it."""
    for trust in platform.trust.trusts:
        if trust.account is account and trust.role.account is not account and not trust.role.is_implied:
            yield at_trust(trust, f"{trust.role.title} trusts the closed account `{account}`", "a closed account")
    for access in platform.trust.accesses:
        if let_in(access, platform) is account and access.resource.account_or_none is not account:
            yield access.resource.workspace.violation(
                f"`{access.resource.address}` lets the closed account `{account}` in",
                access.evidence[0].span,
                "a closed account",
                subject=access.resource.address,
            )
    for flow in flows(platform):
        if flow.found is not None and flow.found.account_or_none is account:
            yield flow.reader.violation(
                f"`{flow.reader}` reads the state of the closed account `{account}`",
                flow.read.span,
                "a closed account",
                subject=flow.read.address,
            )
    for reference in platform.trust.references:
        if reference.account is account:
            yield reference.resource.workspace.violation(
                f"`{reference.resource.address}` is joined with the closed account `{account}`",
                reference.evidence.span,
                "a closed account",
                subject=reference.resource.address,
            )
