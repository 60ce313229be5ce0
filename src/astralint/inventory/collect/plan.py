"""What is to be collected: which accounts, by which roles, in which regions, which types."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from astralint.config.settings import InventorySettings, Settings
from astralint.inventory.tables import collected_types


class Target(msgspec.Struct, frozen=True):
    """An account that is to be collected; `regions` are those that the configuration names, the fallback."""

    id: str
    name: str
    kind: str = ""
    regions: tuple[str, ...] = ()


class Aggregator(msgspec.Struct, frozen=True):
    """AWS Config's aggregator."""

    account: str
    region: str
    name: str


class CollectionPlan(msgspec.Struct, frozen=True):
    """All that a collection is asked for."""

    targets: tuple[Target, ...]
    types: tuple[str, ...]
    regions: tuple[str, ...] = ()
    partition: str = "aws"
    role: str = ""
    external_id: str = ""
    aggregator: Aggregator | None = None
    explorer: str = ""
    organization_id: str = ""
    without_number: tuple[str, ...] = ()
    """Accounts whose number is not known: they can't be entered."""
    whole_organization: bool = True
    """Whether accounts of the organization that the configuration does not name are collected too."""

    @property
    def key(self) -> str:
        """What is the same for two plans whose parts fit together."""
        own = msgspec.structs.replace(self, targets=(), without_number=())
        return hashlib.sha256(msgspec.json.encode(own)).hexdigest()[:16]


class PlanError(Exception):
    """A collection that can't be asked for so."""


def make_plan(
    settings: Settings, accounts: Sequence[str], regions: Sequence[str], types: Sequence[str], role: str | None
) -> CollectionPlan:
    """Return the plan for a configuration, narrowed by what was asked for; raises PlanError."""
    block = settings.inventory
    known = {account.name: account for account in settings.accounts}
    by_id = {account.id: account.name for account in settings.accounts if account.id}
    chosen = []
    for name in accounts:
        found = name if name in known else by_id.get(name, name if _is_number(name) else "")
        if not found:
            raise PlanError(f"the configuration has no account `{name}`")
        chosen.append(found)
    wanted = chosen or list(known)
    targets = []
    for name in wanted:
        account = known.get(name)
        if account is None:
            targets.append(Target(name, ""))
        elif account.id:
            targets.append(Target(account.id, name, account.kind, account.regions or settings.platform.regions))
    return CollectionPlan(
        tuple(targets),
        _types(types),
        tuple(regions) or (block.regions if block is not None else ()),
        settings.platform.partition,
        role if role is not None else (block.role if block is not None else ""),
        block.external_id if block is not None else "",
        _aggregator(block),
        block.explorer if block is not None else "",
        settings.platform.organization_id,
        tuple(name for name in wanted if name in known and not known[name].id),
        not accounts,
    )


def _types(given: Iterable[str]) -> tuple[str, ...]:
    table = collected_types()
    wanted = list(given) or [name for name, row in table.items() if not row.helper]
    for name in wanted:
        if name not in table or table[name].helper:
            raise PlanError(f"`{name}` is no type that is collected")
    found = dict.fromkeys(wanted)
    for name in wanted:
        parent = table[name].of
        if parent:
            found[parent] = None
    if "aws_cloudformation_stack" in found:
        found["cloudformation_stack_resource"] = None
    return tuple(name for name in table if name in found)


def _aggregator(block: InventorySettings | None) -> Aggregator | None:
    if block is None or not block.aggregator:
        return None
    parts = block.aggregator.split("/")
    if len(parts) != 3 or not _is_number(parts[0]) or not all(parts):
        raise PlanError(f"the aggregator `{block.aggregator}` is not of the form ACCOUNT/REGION/NAME")
    return Aggregator(*parts)


def _is_number(text: str) -> bool:
    return len(text) == 12 and text.isascii() and text.isdigit()
