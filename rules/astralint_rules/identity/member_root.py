"""AL126."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from astralint.rules.api import Platform, Resource, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Attached, Identity, Statement
from astralint_rules.guards import keys_of
from astralint_rules.policies import at_policy

ACTION, TASK = "sts:assumeroot", "sts:taskpolicyarn"


class Grant(NamedTuple):
    """Somebody is granted the root of members, by name."""

    role: Identity
    attached: Attached
    statement: Statement
    is_first: bool

    @property
    def resource(self) -> Resource:
        return self.attached.resource

    def __str__(self) -> str:
        return str(self.role)


def grants(platform: Platform) -> Iterator[Grant]:
    """Yield every statement that grants `sts:AssumeRoot` by its name, once for a holder."""
    seen: set[tuple[int, tuple[str | int, ...]]] = set()
    sets = list(platform.trust.directory.permission_sets.roles.values())
    first: Resource | None = None
    for role in (*sets, *platform.trust.identities):
        for attached in role.policies:
            for statement in attached.policy.statements:
                entries = statement.action.entries if statement.action is not None else ()
                named = any((known(one.text) or "").lower() == ACTION for one in entries)
                key = (id(role.resource), statement.path)
                if statement.effect != "Allow" or not named or key in seen:
                    continue
                seen.add(key)
                first = first or role.resource
                yield Grant(role, attached, statement, first is role.resource)


@rule(
    "AL126",
    "member-root",
    severity="error",
    each=grants,
    profiles=("astradot", "landing-zone", "aws-sra"),
    tags=("identity", "management"),
    security_severity="8.0",
)
def check(grant: Grant, platform: Platform) -> Iterator[Violation]:
    """The root of member accounts is reached by one permission set only, for one task at a time.

    ## Why

    `sts:AssumeRoot` makes its holder root of every member, which no policy of the member binds. Without a task policy
    it is root for whatever the holder likes.

    ## Bad

    ```hcl
    # workspaces/security
    statement {
      actions   = ["sts:AssumeRoot"]
      resources = ["*"]
    }
    ```

    ## Good

    ```hcl
    # the permission set for unlocking buckets
    statement {
      actions   = ["sts:AssumeRoot"]
      resources = ["*"]

      condition {
        test     = "ArnEquals"
        variable = "sts:TaskPolicyArn"
        values   = ["arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"]
      }
    }
    ```

    ## Exceptions

    Administrators of the management account, whose policies don't name the action. That members have no root credentials of their
    own is AL708.
    """
    place = grant.statement.path
    if grant.role.kind != "permission-set":
        yield at_policy(
            grant.attached,
            place,
            f"{grant.role.title} may become the root of members, and is no permission set",
            "the root of members",
        )
    elif not grant.is_first:
        yield at_policy(
            grant.attached,
            place,
            f"a second permission set, `{grant.role}`, may become the root of members",
            "one is enough",
        )
    if TASK not in keys_of(grant.statement) and not grant.statement.unknown:
        yield at_policy(
            grant.attached,
            place,
            f"`{grant.role}` may become the root of members for whatever task",
            "no `sts:TaskPolicyArn`",
        )
