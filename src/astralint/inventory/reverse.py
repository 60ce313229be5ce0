"""Managed but gone: what a state has, and a whole inventory has not."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.aws.arn import Arn
from astralint.estate.estate import Estate
from astralint.estate.model import Workspace
from astralint.inventory.divergence import Divergence
from astralint.inventory.model import GLOBAL, Inventory
from astralint.inventory.tables import collected_types
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.state.model import StateInstance


def gone(estate: Estate, inventory: Inventory) -> Iterator[Divergence]:
    """Yield the instances of states that exist no more.

    Only where all of the type, in the account and region, was seen: absence elsewhere says nothing.
    """
    whole = {(one.account, one.region, one.type) for one in inventory.coverage if one.status == "complete"}
    there = {(live.account, live.type, id_) for live in inventory.resources for id_ in (live.id, live.arn) if id_}
    groups = {also: name for name, row in collected_types().items() for also in row.also}
    for name, placed in estate.contents.states.items():
        workspace = estate.workspaces[name]
        in_code = {id(instance): address for address, instance in placed.here.items()}
        for instance in placed.state.managed:
            type_ = groups.get(instance.type, instance.type)
            row = collected_types().get(type_)
            address = in_code.get(id(instance))
            if row is None or address is None or row.scope == "home":
                continue
            account, region = _place(estate, workspace, instance, address)
            if (account, GLOBAL if row.scope == "global" else region, type_) not in whole:
                continue
            values = instance.values()
            ids = [values.get(one) for one in ("id", "arn")]
            known = [one for one in ids if isinstance(one, str) and one]
            if known and not any((account, type_, one) in there for one in known):
                yield Divergence("gone", workspace, address, placed, estate.find(name, address), instance)


def _place(estate: Estate, workspace: Workspace, instance: StateInstance, address: str) -> tuple[str, str]:
    """Return the account's number and the region of an instance, "" for what is not known."""
    arn = instance.values().get("arn")
    parsed = Arn.parse(arn) if isinstance(arn, str) and arn.startswith("arn:") else None
    account, region = (str(parsed.account or ""), str(parsed.region or "")) if parsed is not None else ("", "")
    resource = estate.find(workspace.name, address)
    if resource is None:
        return account, region
    own = resource.account_or_none
    provider = resource.instance.provider
    told = text_of(provider.region) if provider is not None else None
    return account or (own.number if own is not None else ""), region or (told if isinstance(told, str) else "")
