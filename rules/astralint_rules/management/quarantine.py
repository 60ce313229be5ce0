"""AL713."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import document
from astralint_rules.guards import control_policies, denies_all, exempted, require_known, targets_of
from astralint_rules.policies import at_document

ARRIVING = re.compile(r"quarantine|onboarding|incoming|arrival|provisioning|new.?accounts?", re.IGNORECASE)
UNIT = "aws_organizations_organizational_unit"


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`units`: names of the units where accounts arrive; `exempt`: patterns of roles that may work there."""

    units: tuple[str, ...] = ()
    exempt: tuple[str, ...] = (
        "*break*glass*",
        "*baseline*",
        "AWSControlTowerExecution",
        "AWSAFT*",
        "stacksets-exec-*",
        "OrganizationAccountAccessRole",
    )


@rule(
    "AL713",
    "quarantine",
    severity="warning",
    each="platform",
    needs="management",
    profiles=("landing-zone", "aws-sra"),
    tags=("management", "organization"),
    options=Options,
)
def check(platform: Platform, _: Platform, options: Options) -> Iterator[Violation]:
    """A new account may do nothing until its baseline is applied.

    ## Why

    Between its creation and its baseline an account has no trail, no detector and no owner who looks.

    ## Bad

    A unit `Quarantine` without a policy, or one whose policy exempts `*Admin*`.

    ## Good

    ```hcl
    data "aws_iam_policy_document" "quarantine" {
      statement {
        effect    = "Deny"
        actions   = ["*"]
        resources = ["*"]

        condition {
          test     = "ArnNotLike"
          variable = "aws:PrincipalArn"
          values   = ["arn:aws:iam::*:role/break-glass", "arn:aws:iam::*:role/AWSControlTowerExecution"]
        }
      }
    }
    ```

    ## Exceptions

    A policy may leave out what the baseline needs by `not_actions`.

    ## Options

    `units` are the names of the units where accounts arrive; without it, those that are called so (`Quarantine`, `Onboarding`, …). `exempt`
    are patterns of the roles that may work there: break-glass, and who applies the baseline.
    """
    units = [unit for unit in platform.resources(UNIT) if _is_arrival(unit, options)]
    if not units:
        raise Undecided(Reason("not-configured", "the option `units` does not say in which unit new accounts arrive"))
    policies = list(control_policies(platform))
    for unit in units:
        target = platform.trust.guardrails.target_of(unit)
        at = {one: targets_of(one, platform) for one, _policy in policies}
        here = [(one, policy) for one, policy in policies if {target, "root"} & set(at[one])]
        if not any(True for _one, policy in here for _ in denies_all(policy)):
            yield from _open(unit, [one for one, _ in here], any("" in targets for targets in at.values()), platform)
        for one, _policy in here:
            yield from _let_off(one, options, platform)


def _is_arrival(unit: Resource, options: Options) -> bool:
    name = known(unit.text("name") or "") or ""
    return name in options.units if options.units else ARRIVING.search(name) is not None


def _open(unit: Resource, here: list[Resource], is_open: bool, platform: Platform) -> Iterator[Violation]:
    """Yield that accounts arrive in a unit where they may do anything; raises Undecided where that is not known."""
    if is_open:
        raise Undecided(Reason("unit-not-known", "what a control policy is attached to is not known"))
    require_known(list(control_policies(platform)), platform)
    platform.require_complete("aws_organizations_policy", "aws_organizations_policy_attachment", what="a quarantine")
    yield unit.finding(
        f"an account that arrives in `{unit['name']}` may do anything: no policy there denies everything",
        at=("name",),
        label="no quarantine",
        evidence=[one.evidence("denies something else") for one in here[:3]],
    )


def _let_off(one: Resource, options: Options, platform: Platform) -> Iterator[Violation]:
    """Yield whom a quarantine lets off who is neither for emergencies nor applies the baseline."""
    found = document(platform, one, one.value("content"), ("content",), "scp")
    for statement in denies_all(found.policy) if found is not None else ():
        for entry, condition in exempted(statement):
            told = known(entry.text)
            if told is None:
                raise Undecided(
                    Reason("policy-not-known", f"whom the quarantine `{one.address}` lets off is not known")
                )
            role = told.rpartition("/")[2]
            fits = any(fnmatchcase(role.lower(), pattern.lower()) for pattern in options.exempt)
            if found is not None and not fits:
                yield at_document(
                    found, condition.path, f"the quarantine `{one.address}` lets off `{entry.text}`", "not break-glass"
                )
