"""The live inventory: a plain, versioned file of what exists, and of what could not be seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

FORMAT = "astralint-inventory"
VERSION = "1.0"
GLOBAL = "global"
"""The region of what belongs to none."""
TAGS = "tags"
"""What stands for a type where it is said whether the tags of everything in an account and region were seen."""

Status = Literal["complete", "denied", "off", "failed"]


class Live(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that exists. `id` is Terraform's, `parents` are ids or names of what it belongs to.

    `arguments` are those of its resource, None where they are not known. The attribute `import_id` is what it is imported by where
    that is not its id.
    """

    account: str
    region: str
    type: str
    id: str
    arn: str = ""
    name: str = ""
    created: str = ""
    tags: dict[str, str] = {}
    attributes: dict[str, str] = {}
    parents: tuple[str, ...] = ()
    arguments: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.account}/{self.region}/{self.type}/{self.id}"


class Covered(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether all of a type in an account and region was seen, by which source, and else why not."""

    account: str
    region: str
    type: str
    status: Status
    source: str = ""
    message: str = ""


class InventoryAccount(msgspec.Struct, frozen=True, omit_defaults=True):
    """An account that was to be collected; with a status other than `complete` nothing is known of it."""

    id: str
    name: str = ""
    status: Status = "complete"
    message: str = ""


class Inventory(msgspec.Struct, frozen=True, eq=False):
    """What exists, as far as it was seen."""

    format: str = FORMAT
    format_version: str = VERSION
    collected_at: str = ""
    organization_id: str = ""
    partition: str = "aws"
    accounts: tuple[InventoryAccount, ...] = ()
    coverage: tuple[Covered, ...] = ()
    resources: tuple[Live, ...] = ()


class InventoryError(Exception):
    """A file that is no inventory that can be read; `code` is that of the diagnostic that says so."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read_inventory(content: bytes, file: str) -> Inventory:
    """Return the inventory that a file holds; raises InventoryError."""
    try:
        found = msgspec.json.decode(content, type=Inventory)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InventoryError("inventory-unreadable", f"`{file}` is no inventory: {error}") from None
    if found.format != FORMAT:
        raise InventoryError("inventory-unreadable", f"`{file}` is no inventory, but `{found.format}`")
    if found.format_version.partition(".")[0] != VERSION.partition(".")[0]:
        message = f"`{file}` is an inventory of version {found.format_version}; {VERSION} is the one that is known"
        raise InventoryError("inventory-newer", message)
    return found


def write_inventory(inventory: Inventory) -> bytes:
    """Return the file of an inventory, in stable order."""
    ordered = msgspec.structs.replace(
        inventory,
        accounts=tuple(sorted(inventory.accounts, key=lambda a: a.id)),
        coverage=tuple(sorted(inventory.coverage, key=lambda c: (c.account, c.region, c.type))),
        resources=tuple(sorted(inventory.resources, key=lambda r: (r.account, r.region, r.type, r.id))),
    )
    return msgspec.json.format(msgspec.json.encode(ordered), indent=1) + b"\n"


def by_place(inventory: Inventory) -> Mapping[tuple[str, str, str], Covered]:
    """Return the coverage by account, region and type."""
    return {(one.account, one.region, one.type): one for one in inventory.coverage}
