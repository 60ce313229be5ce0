"""AL711."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.text import known

CONTROL = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`policies`: names of policies, with `*`, that are there for single accounts."""

    policies: tuple[str, ...] = ()


def attached(platform: Platform) -> Iterator[tuple[Resource, Resource, str]]:
    """Yield the attachments of control policies, with what they are attached to."""
    for policy, attachment, target in platform.trust.guardrails.attachments:
        if (policy.text("type") or CONTROL[0]) in CONTROL:
            yield policy, attachment, target


@rule(
    "AL711",
    "policy-on-account",
    severity="warning",
    each=attached,
    needs="management",
    profiles=("landing-zone", "aws-sra"),
    tags=("management", "organization"),
    options=Options,
)
def check(subject: tuple[Resource, Resource, str], platform: Platform, options: Options) -> Iterator[Violation]:
    """Control policies are attached to units, not to single accounts.

    ## Why

    What binds an account is then told by where it lies. A policy on one account is forgotten with the
    next of its kind, and found by nobody who looks at the units.

    ## Bad

    ```hcl
    resource "aws_organizations_policy_attachment" "production" {
      policy_id = aws_organizations_policy.regions.id
      target_id = aws_organizations_account.production.id
    }
    ```

    ## Good

    ```hcl
    resource "aws_organizations_policy_attachment" "production" {
      policy_id = aws_organizations_policy.regions.id
      target_id = aws_organizations_organizational_unit.production.id
    }
    ```

    ## Exceptions

    Tag, backup and AI policies. A suppression with its reason where one account is meant.

    ## Options

    `policies` names those that are there for single accounts.
    """
    policy, attachment, target = subject
    kind, _, name = target.partition(":")
    title = known(policy.text("name") or "") or policy.name
    if kind == "account" and not any(fnmatchcase(title, pattern) for pattern in options.policies):
        yield attachment.finding(
            f"the control policy `{title}` is attached to the account `{name}` alone",
            at=("target_id",),
            label="a single account",
            evidence=(policy.evidence("the policy"),),
            help="attach it to the account's unit, or say why it is for this one only",
        )
