"""Service and resource control policies: which of them bind an account, as far as the code tells.

AWS attaches `FullAWSAccess` to everything, and Terraform only sees what it attaches
itself: so each level allows everything, and what counts are the `Deny` statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

import msgspec

from astralint.aws.context import Context
from astralint.aws.evaluation import Access, denies
from astralint.aws.limits import Levels
from astralint.aws.outcome import NO, YES, Outcome, undecided
from astralint.aws.policy import Policy, Statement, Unknowable
from astralint.aws.policy_parser import parse_policy
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Resource
from astralint.estate.nodes import account_node, principal_node, resource_node
from astralint.estate.origins import resource_behind
from astralint.source.evidence import Evidence
from astralint.source.partial import Text
from astralint.terraform.values.value import Value
from astralint.trust.documents import document
from astralint.trust.implied import member_account

Kind = Literal["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]
SIDES = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
_ACCOUNT, _ROOT = re.compile(r"[0-9]{12}"), re.compile(r"r-[a-z0-9]{4,32}")
ROOT = "root"
MAXIMUM_DEPTH = 20


class Bound(msgspec.Struct, frozen=True, eq=False):
    """The policies that bind an account for sure, and those that may because its unit is not known."""

    certain: tuple[Policy, ...]
    possible: tuple[Policy, ...]
    reason: str


class Guard(msgspec.Struct, frozen=True, eq=False):
    """A control policy that is attached to an account, an organizational unit or the organization's root."""

    policy: Resource
    target: str
    evidence: Evidence


class Guardrails:
    """All control policies of the organization."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._policies: dict[str, list[tuple[str, Policy]]] = {kind: [] for kind in SIDES}
        self._attachments: list[tuple[Resource, Resource, str]] = []
        self._units = {unit: self._target(unit.value("parent_id")) for unit in self._of("organizational_unit")}
        self._parents = dict(self._accounts())
        self._bound: dict[tuple[Kind, str], Bound] = {}
        for attachment in self._of("policy_attachment"):
            policy = resource_behind(self._estate, attachment.value("policy_id"), "aws_organizations_policy")
            if policy is not None:
                target = self._target(attachment.value("target_id"))
                self._attach(policy, target)
                self._attachments.append((policy, attachment, target))

    @property
    def exist(self) -> bool:
        """Say whether any control policy is known."""
        return any(self._policies.values())

    @property
    def attachments(self) -> tuple[tuple[Resource, Resource, str], ...]:
        """Each policy with its attachment and the target: `root`, `unit:…`, `account:NAME`, "" where that is not known."""
        return tuple(self._attachments)

    def units_of(self, account: Account) -> frozenset[str] | None:
        """Return the units above an account as targets name them; None where they are not all known."""
        return self._path(account)

    def way_to(self, account: Account) -> tuple[Resource, ...] | None:
        """Return the units above an account, the nearest first; none right under the root, None where they are not all known."""
        units = {_unit(resource): resource for resource in self._units}
        way: list[Resource] = []
        target = self.parent_of(account)
        while target != ROOT:
            if target not in units or len(way) > MAXIMUM_DEPTH:
                return None
            way.append(units[target])
            target = self._units[units[target]]
        return tuple(way)

    def target_of(self, unit: Resource) -> str:
        """Return a unit as targets name it."""
        return _unit(unit)

    def parent_of(self, account: Account) -> str:
        """Return the target right above an account: `root`, `unit:…`, "" where that is not known."""
        return self._parents.get(account.name, "")

    def guards(self) -> Iterator[Guard]:
        """Yield which policy is attached where, of those whose target is known."""
        units = {_unit(unit): resource_node(unit.workspace.name, unit.address) for unit in self._units}
        for policy, attachment, target in self._attachments:
            kind, _, name = target.partition(":")
            node = account_node(name) if kind == "account" else units.get(target, "")
            if kind == ROOT:
                node = principal_node("organization", "root")
            if node:
                yield Guard(policy, node, attachment.evidence(f"`{policy.text('name')}` is attached", "target_id"))

    def levels(
        self, kind: Kind, account: Account | None, action: str, role: Text, context: Context
    ) -> Levels | Unknowable | None:
        """Return what `decide` takes: None where no policy is known; Unknowable where one that may bind might deny."""
        if not self._policies[kind]:
            return None
        bound = self._of_account(kind, account)
        access = Access(action, role, context)
        if bound.possible and denies(bound.possible, access, SIDES[kind]).truth is not False:
            return Unknowable(bound.reason)
        return ((_full(kind), *bound.certain),)

    def leaves(self, account: Account | None, action: str, resource: Text, context: Context) -> Outcome:
        """Say whether the service control policies of an account leave an action to its principals."""
        if account is not None and account.kind == "management":
            return YES  # No control policy binds it.
        bound = self._of_account("SERVICE_CONTROL_POLICY", account)
        access = Access(action, resource, context)
        if denies(bound.certain, access, "scp").truth:
            return NO
        told = denies((*bound.certain, *bound.possible), access, "scp")
        return YES if told.truth is False else undecided(bound.reason if bound.possible else "a control policy")

    def statements(self, account: Account | None) -> tuple[Statement, ...]:
        """Return the statements of all policies that bind an account, or may."""
        kinds: tuple[Kind, ...] = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
        bound = [self._of_account(kind, account) for kind in kinds]
        policies = [policy for one in bound for policy in (*one.certain, *one.possible)]
        return tuple(statement for policy in policies for statement in policy.statements)

    def _of_account(self, kind: Kind, account: Account | None) -> Bound:
        name = account.name if account is not None else ""
        known = self._bound.get((kind, name))
        if known is None:
            known = self._bound[kind, name] = self._find(kind, account)
        return known

    def _find(self, kind: Kind, account: Account | None) -> Bound:
        path = self._path(account)
        certain: list[Policy] = []
        possible: list[Policy] = []
        for target, policy in self._policies[kind]:
            if target == ROOT or (account is not None and target == f"account:{account.name}"):
                certain.append(policy)
            elif target.startswith("account:"):
                possible += [] if account is not None else [policy]
            elif path is None or target == "":
                possible.append(policy)
            elif target in path:
                certain.append(policy)
        what = f"of `{account}`" if account is not None else "of the account"
        return Bound(tuple(certain), tuple(possible), f"the organizational unit {what} is not known")

    def _path(self, account: Account | None) -> frozenset[str] | None:
        """Return the units above an account; None where they are not all known."""
        way = self.way_to(account) if account is not None else None
        return frozenset(map(_unit, way)) if way is not None else None

    # --- from the code -----------------------------------------------------------------

    def _of(self, name: str) -> Iterator[Resource]:
        found = self._estate.resources(f"aws_organizations_{name}")
        return (resource for resource in found if not resource.instance.uncertain)

    def _attach(self, resource: Resource, target: str) -> None:
        kind = str(resource.text("type") or "SERVICE_CONTROL_POLICY")
        if kind in SIDES:
            side: Literal["scp", "rcp"] = "scp" if SIDES[kind] == "scp" else "rcp"
            parsed = document(self._estate, resource, resource.value("content"), ("content",), side)
            if parsed is not None:
                self._policies[kind].append((target, parsed.policy))

    def _accounts(self) -> Iterator[tuple[str, str]]:
        for resource in self._of("account"):
            account = member_account(self._estate, resource)
            if account is not None:
                # An account whose code names no parent may have been moved since it was made: it is as open.
                yield account.name, self._target(resource.value("parent_id"))

    def _target(self, value: Value | None) -> str:
        """Return what a target is: `root`, `unit:…`, `account:NAME`, or "" where that is not known."""
        if value is None:
            return ""
        if isinstance(value.raw, str):
            if _ROOT.fullmatch(value.raw):
                return ROOT
            account = self._estate.account_of(value.raw) if _ACCOUNT.fullmatch(value.raw) else None
            if account is not None:
                return f"account:{account.name}"
        unit = resource_behind(self._estate, value, "aws_organizations_organizational_unit")
        if unit is not None:
            return _unit(unit)
        if resource_behind(self._estate, value, "aws_organizations_organization") is not None:
            return ROOT
        made = resource_behind(self._estate, value, "aws_organizations_account")
        found = member_account(self._estate, made) if made is not None else None
        return f"account:{found.name}" if found is not None else ""


def _unit(resource: Resource) -> str:
    return f"unit:{resource.workspace.name}/{resource.address}"


@cache
def _full(kind: Kind) -> Policy:
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    return parse_policy(everything, kind="scp" if kind == "SERVICE_CONTROL_POLICY" else "rcp", name="FullAWSAccess")
