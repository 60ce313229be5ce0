"""AL520 and AL521: what surrounds the organization."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from astralint.rules.api import Check, Evidence, Platform, Reason, Resource, Undecided, Violation, read_table, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Condition, Policy, Statement, document
from astralint_rules.guards import SERVICE, control_policies, is_bound, require_known, targets_of
from astralint_rules.policies import at_document

IS_SERVICE = ("aws:principalisawsservice", "aws:principalservicename", "aws:viaawsservice")


class Perimeter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule: policies of the kind deny every account what is not the organization's by the key."""

    id: str
    name: str
    kind: str
    key: str
    missing: str
    documentation: str


def _declared(row: Perimeter) -> Check:
    @rule(
        row.id,
        row.name,
        severity="warning",
        each="platform",
        needs="management",
        profiles=("aws-sra",),
        tags=("security", "perimeter"),
        documentation=row.documentation,
    )
    def check(platform: Platform, _: Platform) -> Iterator[Violation]:
        policies = list(control_policies(platform, row.kind))
        drawn = [(one, policy) for one, policy in policies if any(_draws(s, row, platform) for s in policy.statements)]
        targets = tuple(target for one, _ in drawn for target in targets_of(one, platform))
        members = [a for a in platform.accounts.values() if a.kind not in ("", "management", "suspended")]
        bound = [is_bound(account, targets, platform) for account in members]
        if not targets or False in bound:
            yield _missing(row, policies, platform)
        elif None in bound:
            raise Undecided(Reason("unit-not-known", f"whether {row.name} binds every account is not known"))
        for one, _policy in drawn:
            yield from _without_exceptions(one, row, platform)

    return check


def _missing(row: Perimeter, policies: list[tuple[Resource, Policy]], platform: Platform) -> Violation:
    """Return that the perimeter is not there; raises Undecided where it may be in what is not known."""
    require_known(policies, platform)
    platform.require_complete("aws_organizations_policy", "aws_organizations_policy_attachment", what=row.name)
    management = platform.of_kind("management")[0]
    span = management.span or platform.workspaces_of(management)[0].anchor
    return Violation(row.missing, Evidence(span, "the management account"), subject=row.name, account=management.name)


def _draws(statement: Statement, row: Perimeter, platform: Platform) -> bool:
    """Say whether a statement denies what is not the organization's."""
    return statement.effect == "Deny" and any(_is_foreign(one, row, platform) for one in statement.conditions)


def _is_foreign(condition: Condition, row: Perimeter, platform: Platform) -> bool:
    if (known(condition.key) or "").lower() != row.key or not condition.operator.startswith("StringNot"):
        return False
    own = platform.settings.platform.organization_id
    told = [known(value.text) for value in condition.values]
    return not own or any(one is None or one in (own, "${aws:PrincipalOrgID}") for one in told)


def _without_exceptions(policy: Resource, row: Perimeter, platform: Platform) -> Iterator[Violation]:
    """Yield the statements that deny what AWS's services do, or what AWS owns."""
    is_scp = row.kind == SERVICE
    found = document(platform, policy, policy.value("content"), ("content",), "scp" if is_scp else "rcp")
    for statement in found.policy.statements if found is not None else ():
        if found is None or not _draws(statement, row, platform):
            continue
        keys = {(known(one.key) or "").lower() for one in statement.conditions}
        if not is_scp and not keys & set(IS_SERVICE):
            message = "denies AWS's own services, which belong to no organization"
        elif is_scp and not _excepts(statement, keys, row):
            message = "denies what AWS owns, which belongs to no organization"
        else:
            continue
        yield at_document(found, statement.path, f"`{policy.address}` {message}", "no exception")


def _excepts(statement: Statement, keys: set[str], row: Perimeter) -> bool:
    """Say whether a statement leaves something out: actions, resources, or by another condition."""
    elements = [one for one in (statement.action, statement.resource) if one is not None]
    if keys - {row.key} or any(one.negated for one in elements):
        return True
    return all(known(entry.text) != "*" for entry in (statement.action.entries if statement.action else ()))


RULES = tuple(map(_declared, read_table(Path(__file__).with_name("perimeters.toml"), Perimeter)))
