"""AL512."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Evidence, Platform, Reason, Undecided, Violation, rule
from astralint_rules.guards import control_policies, denies, is_bound, require_known, targets_of
from astralint_rules.security.expected import is_expected


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`actions`: what a control policy has to deny in every member account."""

    actions: tuple[str, ...] = (
        "cloudtrail:StopLogging",
        "config:StopConfigurationRecorder",
        "guardduty:DeleteDetector",
        "organizations:LeaveOrganization",
        "securityhub:DisableSecurityHub",
    )


@rule(
    "AL512",
    "guardrail-scp",
    severity="warning",
    each="platform",
    needs="management",
    tags=("security", "management"),
    options=Options,
)
def check(platform: Platform, _: Platform, options: Options) -> Iterator[Violation]:
    """Control policies keep every account from switching security off, and from leaving.

    ## Why

    An administrator of a member account may stop its trail and its detector. Only a service
    control policy binds administrators.

    ## Bad

    Service control policies that limit regions, and none that keeps GuardDuty on.

    ## Good

    ```hcl
    data "aws_iam_policy_document" "guardrails" {
      statement {
        effect    = "Deny"
        actions   = ["guardduty:DeleteDetector", "organizations:LeaveOrganization"]
        resources = ["*"]
      }
    }
    ```

    attached to the organization's root, or to every unit.

    ## Exceptions

    Where no workspace has a control policy and no profile demands one, nothing is said. Roles that a
    policy exempts (`aws:PrincipalArn`) don't matter here. The option `actions` lists what is to be denied.
    """
    policies = [(one, policy) for one, policy in control_policies(platform) if one.kind == "management"]
    if not policies and not is_expected(platform):
        return
    members = [a for a in platform.accounts.values() if a.kind not in ("", "management", "suspended")]
    missing: list[str] = []
    for action in options.actions:
        targets = tuple(t for one, policy in policies if denies(policy, action) for t in targets_of(one, platform))
        bound = [is_bound(account, targets, platform) for account in members]
        if False in bound or not targets:
            missing.append(action)
        elif None in bound:
            raise Undecided(Reason("unit-not-known", f"whether every account is kept from {action} is not known"))
    if not missing:
        return
    require_known(policies, platform)
    platform.require_complete("aws_organizations_policy", what="a service control policy")
    management = platform.of_kind("management")[0]
    span = management.span or platform.workspaces_of(management)[0].anchor
    yield Violation(
        f"no service control policy keeps every account from {', '.join(missing)}",
        Evidence(span, "the management account"),
        tuple(one.evidence("says something else") for one, _ in policies[:3]),
        subject="guardrails",
        account=management.name,
    )
