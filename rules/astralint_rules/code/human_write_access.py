"""AL412."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Assignment, Attached, Identity

GUARDED = frozenset({"production", "management", "identity", "security", "artifact", "dns", "email", "log-archive"})
BROAD = frozenset({"AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "SystemAdministrator"})
BREAK_GLASS = re.compile(r"break.?glass|emergency|incident", re.IGNORECASE)
HOUR = re.compile(r"PT(?:1H|60M|[1-5]?[0-9]M)\Z")


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`break_glass`: names of permission sets for emergencies, beside those that say so in their names."""

    break_glass: tuple[str, ...] = ()


def assignments(platform: Platform) -> Iterator[Assignment]:
    """Yield who may sign in with which permission set, once for a permission set in an account."""
    seen: set[str] = set()
    for one in platform.trust.directory.permission_sets.assignments:
        if one.role.node not in seen:
            seen.add(one.role.node)
            yield one


@rule(
    "AL412",
    "human-write-access",
    severity="warning",
    each=assignments,
    tags=("identity", "code"),
    options=Options,
    security_severity="5.0",
)
def check(assignment: Assignment, platform: Platform, options: Options) -> Iterator[Violation]:
    """People only look at production and at the foundation; what changes these is code.

    ## Why

    Who may click something together in production will, on the day when it is urgent. Nobody
    reviews it, and the next apply undoes it.

    ## Bad

    ```hcl
    resource "aws_ssoadmin_managed_policy_attachment" "admin" {
      instance_arn       = local.instance_arn
      permission_set_arn = aws_ssoadmin_permission_set.developer.arn # assigned in production
      managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    }
    ```

    ## Good

    A permission set that reads for every day, and one called break-glass, whose sessions
    last an hour.

    ## Exceptions

    Permission sets for emergencies with sessions of at most one hour. Staging and sandboxes are for trying things out.
    """
    role = assignment.role
    if role.account is None or role.account.kind not in GUARDED or _is_for_emergencies(role, options):
        return
    for attached in role.policies:
        what = _broad(attached)
        if what and known(role.name) is None:
            raise Undecided(Reason("name-not-known", f"what `{role.resource.address}` is called is not known"))
        if what:
            yield assignment.resource.finding(
                f"people may change whatever they like in `{role.account}`: `{role.name}` is assigned with {what}",
                label=f"writes in `{role.account}`",
                evidence=(attached.resource.evidence(what),),
                help="let people read there, and change it by code",
            )
            return


def _broad(attached: Attached) -> str:
    """Return what of a policy lets its holder change everything; "" where nothing does."""
    arn = known(attached.arn) if attached.arn is not None else None
    if arn is not None and arn.rpartition("/")[2] in BROAD:
        return f"`{arn.rpartition('/')[2]}`"
    for statement in attached.policy.statements:
        actions = statement.action.entries if statement.action is not None and not statement.action.negated else ()
        if statement.effect == "Allow" and any(known(entry.text) == "*" for entry in actions):
            return "every action"
    return ""


def _is_for_emergencies(role: Identity, options: Options) -> bool:
    name = known(role.name) or ""
    duration = role.resource.text("session_duration") or "PT1H"
    is_named = name in options.break_glass or BREAK_GLASS.search(name) is not None
    return is_named and HOUR.match(known(duration) or "PT1H") is not None
