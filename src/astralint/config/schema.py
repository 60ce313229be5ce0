"""What may stand in `astralint.hcl`: blocks, their labels and their arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["string", "strings", "bool", "number", "path", "paths", "regions", "mapping", "layers", "any"]
"""What an argument takes; `mapping` is an object or a map of anything, `layers` a list of strings and of lists of them."""


class BlockSchema(msgspec.Struct, frozen=True):
    """One type of block.

    `optional_label` names a label that may be left out. With `open`, arguments that
    are not listed are taken as they come. `single` blocks stand once.
    """

    labels: tuple[str, ...] = ()
    arguments: Mapping[str, Kind] = {}
    blocks: Mapping[str, BlockSchema] = {}
    optional_label: str = ""
    open: bool = False
    single: bool = False


_WORKSPACE_ARGUMENTS: dict[str, Kind] = {
    "path": "path",
    "workspace": "string",
    "var_files": "paths",
    "backend_files": "paths",
    "variables": "mapping",
    "environment": "mapping",
    "region": "string",
    "language": "string",
}
WORKSPACE = BlockSchema(("name",), _WORKSPACE_ARGUMENTS)
LONE_WORKSPACE = BlockSchema(("name",), {"account": "string", **_WORKSPACE_ARGUMENTS})
ACCOUNT = BlockSchema(
    ("name",),
    {
        "kind": "string",
        "id": "string",
        "domain": "string",
        "external": "bool",
        "profiles": "strings",
        "regions": "strings",
        "managed_by": "string",
        "workspaces": "mapping",
    },
    {"workspace": WORKSPACE},
)
PLATFORM = BlockSchema(
    (),
    {
        "organization": "string",
        "organization_id": "string",
        "root_domain": "string",
        "root_domains": "strings",
        "regions": "strings",
        "partition": "string",
        "layers": "bool",
        "profile": "string",
        "environment": "mapping",
    },
    single=True,
)
EXCEPT = BlockSchema(
    (),
    {
        "reason": "string",
        "subjects": "strings",
        "accounts": "strings",
        "workspaces": "strings",
        "until": "string",
    },
    optional_label="reason",
)
PATH = BlockSchema(("path",), {"severity": "string"})
RULE = BlockSchema(("name",), {"severity": "string"}, {"except": EXCEPT, "path": PATH}, open=True)
PROFILE = BlockSchema(("name",), {}, {"rule": RULE})
CONTRACT = BlockSchema(("type", "title"), {"severity": "string"}, {"except": EXCEPT, "path": PATH}, open=True)
MODULE_SOURCE = BlockSchema(("address",), {"directory": "path"})
VENDOR = BlockSchema(("name",), {"accounts": "strings"})
LANGUAGE = BlockSchema((), {"version": "string"}, single=True)
STATE = BlockSchema((), {"path": "path"}, optional_label="workspace")
INVENTORY = BlockSchema(
    (),
    {
        "path": "path",
        "events": "path",
        "role": "string",
        "external_id": "string",
        "aggregator": "string",
        "explorer": "string",
        "regions": "strings",
    },
    single=True,
)
LOCALS = BlockSchema((), open=True)
ROOT = BlockSchema(
    (),
    {"accounts": "mapping", "workspaces": "mapping", "exclude": "paths", "rule_paths": "paths"},
    {
        "locals": LOCALS,
        "platform": PLATFORM,
        "account": ACCOUNT,
        "workspace": LONE_WORKSPACE,
        "rule": RULE,
        "contract": CONTRACT,
        "module_source": MODULE_SOURCE,
        "vendor": VENDOR,
        "state": STATE,
        "inventory": INVENTORY,
        "profile": PROFILE,
        "terraform": LANGUAGE,
        "opentofu": LANGUAGE,
    },
)

CONTRACTS: Mapping[str, Mapping[str, tuple[Kind, bool]]] = {
    "placement": {
        "resources": ("strings", True),
        "accounts": ("strings", False),
        "kinds": ("strings", False),
        "not_in": ("strings", False),
        "regions": ("regions", False),
        "where": ("mapping", False),
    },
    "forbidden-trust": {
        "from": ("strings", True),
        "to": ("strings", True),
        "roles": ("strings", False),
        "direct": ("bool", False),
    },
    "layers": {"layers": ("layers", True), "by": ("strings", False)},
    "independence": {"members": ("strings", True), "by": ("strings", False)},
    "protected": {
        "to": ("strings", True),
        "only_from": ("strings", True),
        "roles": ("strings", False),
        "principals": ("strings", False),
        "by": ("strings", False),
    },
    "required": {
        "accounts": ("strings", True),
        "resources": ("strings", True),
        "regions": ("regions", False),
        "where": ("mapping", False),
    },
    "naming": {
        "resources": ("strings", True),
        "pattern": ("string", True),
        "attribute": ("string", False),
        "accounts": ("strings", False),
        "where": ("mapping", False),
    },
    "no-access": {
        "actions": ("strings", True),
        "resources": ("strings", True),
        "accounts": ("strings", False),
        "only": ("strings", False),
        "where": ("mapping", False),
    },
}
"""The arguments of each type of contract, and whether they are required; `reason` is one of all."""
