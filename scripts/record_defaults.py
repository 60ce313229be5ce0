"""Record what plans show though configurations leave it out.

Usage: `python scripts/record_defaults.py SCHEMA.json [BODIES.json]` from the project's root, with a terraform that can
install the provider; the schema is that of `terraform providers schema -json`, the bodies are configurations by
type to begin with. Makes up a minimal configuration for each resource type, and one more for each of its nested
blocks, plans them all, and writes src/astralint/aws/data/defaults.json: for each type
`[attributes, {nested block: [attributes, …]}]`, with what was planned for attributes that are not configured.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.aws.minimal import KNOWN, Minimal, minimal
from tests.oracle.aws.terraform_run import Root, TerraformError, escape

DATA = Path(__file__).parents[1] / "src" / "astralint" / "aws" / "data" / "defaults.json"
ROUNDS = 5
BATCH = 400

Key = tuple[str, str]
Node = list[Any]


def plan_all(root: Root, resources: dict[Key, Minimal]) -> dict[Key, tuple[dict[str, Any], dict[str, Any]]]:
    """Return configuration and planned values of the resources that the provider accepts."""
    accepted: dict[Key, tuple[dict[str, Any], dict[str, Any]]] = {}
    left = dict(resources)
    for _ in range(ROUNDS):
        if not left:
            break
        body: dict[str, Any] = {}
        for (kind, name), resource in left.items():
            body.setdefault(kind, {})[name] = escape(resource.body)
        root.write({"resource": body})
        complaints: dict[Key, list[str]] = {}
        try:
            plan = root.plan()
        except TerraformError as error:
            for item in error.diagnostics:
                address = root.address(item)
                if address:
                    kind, _, name = address.partition(".")
                    complaints.setdefault((kind, name), []).append(f"{item['summary']} {item.get('detail') or ''}")
            if not complaints:
                print("all refused:", error.diagnostics or str(error)[:500])
                return accepted
            for key, texts in complaints.items():
                if not left[key].correct_all(texts):
                    del left[key]
            # The accepted ones are planned once more, since a failed plan shows nothing.
            good = {key: resource for key, resource in left.items() if key not in complaints}
            if good:
                accepted |= plan_all(root, good)
                left = {key: resource for key, resource in left.items() if key in complaints}
            continue
        for change in plan["resource_changes"]:
            key = (change["type"], change["name"])
            accepted[key] = (left[key].body, change["change"]["after"])
        break
    return accepted


def unconfigured(block: dict[str, Any], body: dict[str, Any], after: dict[str, Any]) -> Node:
    """Return what was planned for what is not configured: attributes, and the same for nested blocks."""
    attributes = {}
    for name, attribute in block.get("attributes", {}).items():
        value = after.get(name)
        text = json.dumps(value)
        # What the provider made of other arguments, or of the region, is no default.
        if name in body or value is None or "example" in text or "eu-west-1" in text or not attribute.get("optional"):
            continue
        if attribute.get("computed") and value in ([], {}):
            continue
        attributes[name] = value
    blocks = {}
    for name, nested in block.get("block_types", {}).items():
        planned = after.get(name)
        if name in body and planned:
            first = planned[0] if isinstance(planned, list) else planned
            found = unconfigured(nested["block"], body[name][0], first)
            if found != [{}, {}]:
                blocks[name] = found
    return [attributes, blocks]


def merge(first: Node, second: Node) -> Node:
    """Return what both say; of attributes only those that are planned alike in both."""
    attributes = {name: value for name, value in first[0].items() if second[0].get(name) == value}
    blocks = dict(first[1])
    for name, node in second[1].items():
        blocks[name] = merge(blocks[name], node) if name in blocks else node
    return [attributes, blocks]


def save(defaults: dict[str, Node]) -> None:
    lines = [
        f' "{kind}": {json.dumps(node, sort_keys=True, separators=(",", ":"))}'
        for kind, node in sorted(defaults.items())
    ]
    DATA.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main() -> None:
    (provider,) = json.loads(Path(sys.argv[1]).read_text())["provider_schemas"].values()
    schemas = {name: entry["block"] for name, entry in provider["resource_schemas"].items()}
    seeds = json.loads(Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else {}
    defaults: dict[str, Node] = json.loads(DATA.read_text()) if DATA.exists() else {}
    first = {
        (kind, "x"): Minimal(block, start=seeds.get(kind, {**minimal(block), **KNOWN.get(kind, {})}))
        for kind, block in schemas.items()
        if kind not in defaults
    }
    with tempfile.TemporaryDirectory() as directory:
        root = Root(Path(directory))
        accepted = plan_all(root, first)
        for (kind, _), (body, after) in accepted.items():
            defaults[kind] = unconfigured(schemas[kind], body, after)
        save(defaults)
        print(len(accepted), "of", len(schemas), "types", flush=True)
        wanted = [
            (kind, name)
            for kind, _ in sorted(accepted)
            for name in sorted(schemas[kind].get("block_types", {}))
            if name != "timeouts" and name not in accepted[kind, "x"][0]
        ]
        for start in range(0, len(wanted), BATCH):
            started = time.monotonic()
            batch = {
                (kind, name): Minimal(schemas[kind], name, start=accepted[kind, "x"][0])
                for kind, name in wanted[start : start + BATCH]
            }
            found = plan_all(root, batch)
            for (kind, name), (body, after) in found.items():
                # Only what the block itself shows: it may change what stands beside it.
                node = unconfigured(schemas[kind], body, after)
                inner = {name: node[1][name]} if name in node[1] else {}
                defaults[kind] = merge(defaults[kind], [defaults[kind][0], inner])
            save(defaults)
            print(start, len(batch), len(found), round(time.monotonic() - started), "s", flush=True)
    print(len(defaults), "types,", DATA.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
