"""AL125."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.text import Text, known, match
from astralint.rules.api.trust import Condition, Document, Entry, Identity, document
from astralint_rules.guards import (
    RESOURCE,
    SERVICE,
    bound_accounts,
    control_policies,
    exempted,
    require_known,
    targets_of,
)
from astralint_rules.policies import at_document

MADE_BY_AWS = re.compile(
    r"(aws-reserved|aws-service-role|AWSControlTower|aws-controltower|AWSAFT|AWSReservedSSO_|AWSServiceRole"
    r"|stacksets-exec-|OrganizationAccountAccessRole|AWSCloudFormationStackSet)"
)
CHANGING = ("iam:CreateRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy")
ROLE = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>[0-9*?]+):role/(?P<name>.+)")


class Hatch(NamedTuple):
    """A pattern of principals that a control policy lets off."""

    policy: Document
    entry: Entry
    condition: Condition
    others: tuple[Text, ...]

    @property
    def resource(self) -> Resource:
        return self.policy.resource

    def __str__(self) -> str:
        return f"{self.resource.address}: {self.entry.text}"


def hatches(platform: Platform) -> Iterator[Hatch]:
    """Yield whom the control policies of the platform let off."""
    for kind in (SERVICE, RESOURCE):
        for one, _ in control_policies(platform, kind):
            found = document(platform, one, one.value("content"), ("content",), "scp" if kind == SERVICE else "rcp")
            for statement in found.policy.statements if found is not None else ():
                let_off = list(exempted(statement))
                for entry, condition in let_off:
                    if found is not None:
                        yield Hatch(found, entry, condition, tuple(other.text for other, _ in let_off))


@rule(
    "AL125",
    "escape-hatch-unowned",
    severity="warning",
    each=hatches,
    profiles=("landing-zone", "aws-sra"),
    tags=("identity", "organization"),
    security_severity="8.0",
)
def check(hatch: Hatch, platform: Platform) -> Iterator[Violation]:
    """Whom a control policy lets off exists in code, and nobody whom it binds can become or make such a role.

    ## Why

    A policy that exempts `role/break-glass` binds nobody who may create a role of that name.

    ## Bad

    ```hcl
    condition {
      test     = "ArnNotLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::*:role/*admin*"] # whoever may create roles creates one called so
    }
    ```

    ## Good

    ```hcl
    statement {
      effect    = "Deny"
      actions   = ["iam:CreateRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy"]
      resources = ["arn:aws:iam::*:role/break-glass"]
    }
    ```

    beside a policy that exempts `role/break-glass`.

    ## Exceptions

    Roles that AWS makes (`AWSControlTowerExecution`, `stacksets-exec-…`) exist without code; nobody but AWS's own policies guards them,
    and they are not judged. Accounts as a whole (`arn:aws:iam::*:root`) are none of them.
    """
    told = known(hatch.entry.text)
    found = ROLE.fullmatch(told) if told is not None else None
    if told is None:
        raise Undecided(Reason("policy-not-known", f"whom `{hatch.resource.address}` lets off is not known"))
    if found is None or MADE_BY_AWS.search(found["name"]):
        return
    owned = [role for role in platform.trust.roles if match(told, role.arn)]
    if not owned:
        if any(match(told, role.arn) is None for role in platform.trust.roles):
            raise Undecided(Reason("role-not-known", f"whether some role is called `{told}` is not known"))
        platform.require_complete("aws_iam_role", what=f"a role `{told}`")
        yield at_document(
            hatch.policy,
            hatch.condition.path,
            f"`{hatch.resource.address}` lets off `{told}`, and no workspace makes such a role",
            "whoever makes it is bound no more",
        )
        return
    for identity, how in _intruders(hatch, found["name"], owned, platform):
        require_known(list(control_policies(platform)), platform)
        yield at_document(
            hatch.policy,
            hatch.condition.path,
            f"`{hatch.resource.address}` lets off `{told}`, and {identity.title} {how}",
            "whom it binds can escape",
            evidence=(identity.resource.evidence("may escape"), owned[0].resource.evidence("the role")),
        )
        return


def _intruders(hatch: Hatch, name: str, owned: list[Identity], platform: Platform) -> Iterator[tuple[Identity, str]]:
    """Yield who is bound by a policy, and can make, change or become what it lets off."""
    bound = bound_accounts(targets_of(hatch.resource, platform), platform)
    for identity in platform.trust.identities:
        account = identity.account
        if account not in bound or account is None or account.kind == "management" or identity.is_implied:
            continue
        if any(match(other, identity.arn) is not False for other in hatch.others):
            continue
        own = [role for role in owned if role.account is account]
        arn: Text = own[0].arn if own else f"arn:aws:iam::{account.number}:role/{re.sub('[*?]', 'x', name)}"
        action = next((one for one in CHANGING if platform.trust.may(identity, one, arn).truth), None)
        if action is not None and (own or account.number):
            yield identity, f"may do `{action}` with it"
        for edge in platform.trust.from_node(identity.node):
            if edge.role in owned and edge.decision.verdict == "allowed":
                yield identity, f"can become `{edge.role}`"
