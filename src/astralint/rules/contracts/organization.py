"""The organization's tree, as its resources make it: units and tags of accounts."""

from __future__ import annotations

from functools import cached_property

from astralint.estate.model import Account, Resource
from astralint.estate.origins import resource_behind
from astralint.estate.views import Undecided
from astralint.platform.platform import Platform
from astralint.terraform.values.value import Reason, Value
from astralint.trust.implied import member_account

ACCOUNT = "aws_organizations_account"
UNIT = "aws_organizations_organizational_unit"
ORGANIZATION = "aws_organizations_organization"
NOT_MADE = "account-not-made"
MAXIMUM_DEPTH = 20
"""Deeper nesting than AWS allows (five) is a cycle."""


class Organization:
    """Units and tags of a platform's accounts; what is not known is Undecided."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    @cached_property
    def _made(self) -> dict[str, Resource]:
        found: dict[str, Resource] = {}
        for resource in self._platform.resources(ACCOUNT):
            account = member_account(self._platform, resource)
            if account is not None and not resource.instance.uncertain:
                found[account.name] = resource
        return found

    @cached_property
    def is_complete(self) -> bool:
        """True where the code makes accounts or units, and no other may be hidden."""
        made = list(self._platform.resources(ACCOUNT, UNIT))
        try:
            self._platform.require_complete(ACCOUNT, UNIT, what="an account")
        except Undecided:
            return False
        return bool(made) and not any(resource.instance.uncertain for resource in made)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all units, and the ways to them from the root, as far as they are known."""
        found: set[str] = set()
        for unit in self._platform.resources(UNIT):
            try:
                found |= set(self._ways(self._above(unit)))
            except Undecided:
                continue
        return tuple(sorted(found))

    def ways_of(self, account: Account) -> tuple[str, ...]:
        """Return every name of the units that an account is in: of `live` in `workloads` both, and `workloads/live`."""
        made = self._of(account)
        return self._ways(self._parents(made.value("parent_id"), made))

    def tag_of(self, account: Account, key: str) -> str | None:
        """Return the value of an account's tag; None where it has none."""
        tags = self._of(account)["tags"]
        value = tags[key] if tags is not None and key in tags else None
        return None if value is None else str(value)

    def _of(self, account: Account) -> Resource:
        made = self._made.get(account.name)
        if made is None:
            message = f"no code here makes the account `{account}`, so its organizational unit and tags are not known"
            raise Undecided(Reason(NOT_MADE, message))
        return made

    def _above(self, unit: Resource, depth: int = 0) -> tuple[str, ...]:
        """Return the names from the root to a unit."""
        if depth > MAXIMUM_DEPTH:
            raise Undecided(Reason("unit-not-known", f"`{unit.address}` lies in itself"))
        return (*self._parents(unit.value("parent_id"), unit, depth), str(unit["name"]))

    def _parents(self, parent: Value | None, of: Resource, depth: int = 0) -> tuple[str, ...]:
        if parent is None or parent.raw is None:
            return ()
        unit = resource_behind(self._platform, parent, UNIT)
        if unit is not None:
            return self._above(unit, depth + 1)
        if resource_behind(self._platform, parent, ORGANIZATION) is not None:
            return ()
        raise Undecided(Reason("unit-not-known", f"the unit that `{of.address}` is in is not known", of.header))

    @staticmethod
    def _ways(path: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*path, *("/".join(path[: end + 1]) for end in range(len(path))))))
