"""Record what plans show though configurations leave it out.

Usage: `python scripts/record_defaults.py SCHEMA.json [SCRATCH]` from the project's root, with the provider where
terraform's configuration has it; the schema is that of `terraform providers schema -json`. Asks the provider for a plan
of a made-up resource of each type, with each of its nested blocks and each of its arguments. Writes defaults.json and
dependences.json in src/astralint/aws/data (see `astralint.aws.defaults`). What was planned is kept in the directory
SCRATCH, where it is found the next time.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.planned_sweep import (
    Body,
    Place,
    Trials,
    Tried,
    attempt,
    body_at,
    schema_at,
    trials,
    with_argument,
    with_block,
    with_each_value,
)
from tests.oracle.aws.minimal import Minimal, minimal
from tests.oracle.aws.provider_process import UNKNOWN, Provider, provider_process

from astralint.aws.defaults import kept

DATA = Path(__file__).parents[1] / "src" / "astralint" / "aws" / "data"

Node = list[Any]


def observed(block: Body, found: Trials) -> dict[Place, dict[str, list[Any]]]:
    """Return for each nested block all that was planned for what is not configured in it."""
    seen: dict[Place, dict[str, list[Any]]] = {}
    for tried in found.all():
        for place in {(), *(path for path, _ in found.blocks), *_places(tried.body, block)}:
            given, planned = body_at(tried.body, place), body_at(tried.planned, place)
            if given is None or not isinstance(planned, dict):
                continue
            schema = schema_at(block, place)
            values = seen.setdefault(place, {})
            for name in (*schema.get("attributes", {}), *schema.get("block_types", {})):
                if name not in given and name != "timeouts":
                    values.setdefault(name, []).append(planned.get(name))
    return seen


def _places(body: Body, block: Body) -> Iterator[Place]:
    """Yield the paths of the blocks that a configuration has."""
    for name, nested in block.get("block_types", {}).items():
        if body.get(name) and name != "timeouts":
            yield (name,)
            inner = body[name][0] if isinstance(body[name], list) else body[name]
            yield from ((name, *path) for path in _places(inner, nested["block"]))


def node(schema: Body, values: dict[str, list[Any]], top: dict[str, Any] | None = None) -> Node:
    """Return what is planned always: attributes, and names of what is known only after apply.

    `top` is what the least configuration gives: other arguments change that, which is recorded apart.
    """
    attributes: Body = {}
    computed: list[str] = []
    for name, planned in sorted(values.items()):
        attribute = schema.get("attributes", {}).get(name)
        if attribute is not None and not attribute.get("optional"):
            continue
        value = top[name] if top is not None and name in top else planned[0]
        certain = top is not None or all(each == value for each in planned)
        if not certain or value == UNKNOWN or _made_of_others(value):
            if attribute is None or not attribute.get("computed"):
                computed.append(name)
        elif attribute is not None and (value not in ([], {}) if attribute.get("computed") else value is not None):
            attributes[name] = value
    return [attributes, {}, computed]


def _made_of_others(value: Any) -> bool:
    """Say whether a value comes of other arguments, or of the region: then it is no default."""
    text = json.dumps(value, default=str)
    return "example" in text or "eu-west-1" in text


def tree(block: Body, found: Trials) -> Node:
    """Return a type's defaults."""
    seen = observed(block, found)
    top = {name: value for name, value in found.base.planned.items() if name not in found.base.body}
    nodes: dict[Place, Node] = {
        place: node(schema_at(block, place), values, top if not place else None) for place, values in seen.items()
    }
    least = minimal(block)
    for name, nested in block.get("block_types", {}).items():
        # What the provider wanted although the schema does not was never seen to be absent.
        if name in found.base.body and name not in least and nested["nesting_mode"] in ("list", "set"):
            nodes[()][2].append(name)
    for place in sorted(nodes, key=len, reverse=True):
        if place:
            outer, inner = nodes.get(place[:-1]), _short(nodes[place])
            # Of a block in a set, it matters that nothing is planned; elsewhere that goes without saying.
            if outer is not None and (inner != [{}, {}] or _is_in_set(block, place)):
                outer[1][place[-1]] = inner
    return _short(nodes[()])


def _is_in_set(block: Body, place: Place) -> bool:
    nesting = [schema_at(block, place[:end])["block_types"][name]["nesting_mode"] for end, name in enumerate(place)]
    return "set" in nesting


def _short(found: Node) -> Node:
    return found if found[2] else found[:2]


def dependences(block: Body, found: Trials, words: list[tuple[str, Tried]]) -> dict[str, list[Any]]:
    """Return what other attributes are planned as because one argument is set, for each value that was tried."""
    answer: dict[str, list[Any]] = {}
    blocks = [(path[0], tried) for path, tried in found.blocks if len(path) == 1 and path[0] not in found.base.body]
    for name, tried in (*found.arguments, *words, *blocks):
        if "." in name:
            continue
        alone = _without(tried.body, name) == _without(found.base.body, name)
        changed: Body = {}
        for other, planned in tried.planned.items():
            attribute = block["attributes"].get(other)
            if other in tried.body or other in found.base.body or other in ("timeouts", "tags_all"):
                continue
            if planned == found.base.planned.get(other) or (attribute is not None and not attribute.get("optional")):
                continue
            is_open = planned == UNKNOWN or not alone or _made_of_others(planned) or (attribute is None and planned)
            changed[other] = None if is_open or planned is None else planned
            if planned is None and alone:
                changed[other] = _NULL
        entry = [tried.body[name] if name in block["attributes"] else None, changed]
        if entry not in answer.setdefault(name, []):
            answer[name].append(entry)
    return {name: entries for name, entries in answer.items() if any(changed for _, changed in entries)}


def _without(body: Body, name: str) -> Body:
    return {key: value for key, value in body.items() if key != name}


_NULL = "null"
"""How a plan that says null is written, since null says that it is known only after apply."""


def lines(table: dict[str, Any]) -> str:
    """Return a table as JSON with a line for each type."""
    entries = [
        f' "{kind}": {json.dumps(entry, sort_keys=True, separators=(",", ":"))}'
        for kind, entry in sorted(table.items())
    ]
    return "{\n" + ",\n".join(entries) + "\n}\n"


def tried(schemas: Body, scratch: Path) -> Iterator[tuple[str, Body, Trials, list[tuple[str, Tried]]]]:
    """Yield each type with all that was planned of it, and of its words."""
    started = time.monotonic()
    with provider_process(schemas) as provider:
        for number, kind in enumerate(sorted(provider.schemas)):
            stored = scratch / f"{kind}.pickle"
            if not stored.exists():
                stored.write_bytes(pickle.dumps(trials(provider, kind)))
                if number % 50 == 0:
                    print(kind, round(time.monotonic() - started), "s", flush=True)
            found = pickle.loads(stored.read_bytes())
            if found is None:
                continue
            found.blocks.extend(_kept_blocks(provider, kind, found.base, scratch))
            words = scratch / f"{kind}.words.pickle"
            if not words.exists():
                words.write_bytes(pickle.dumps(list(with_each_value(provider, kind, found.base))))
            yield kind, provider.schemas[kind], found, pickle.loads(words.read_bytes())


def _kept_blocks(provider: Provider, kind: str, start: Tried, scratch: Path) -> list[tuple[Place, Tried]]:
    """Return plans of the blocks that count only where another argument beside them has a value."""
    wanted = {tuple(path.split(".")): beside for path, beside in kept(kind).items()}
    stored = scratch / f"{kind}.kept.pickle"
    if not stored.exists():
        found = []
        block = provider.schemas[kind]
        for path, (beside, value) in wanted.items():
            if path[-1] not in schema_at(block, path[:-1]).get("block_types", {}):
                continue
            body = with_argument(with_block(block, start.body, path), path[:-1], beside, value)
            tried = attempt(provider, kind, Minimal(block, start=body))
            if tried is not None and body_at(tried.planned, path) is not None:
                found.append((path, tried))
        stored.write_bytes(pickle.dumps(found))
    return list(pickle.loads(stored.read_bytes()))


def main() -> None:
    (schemas,) = json.loads(Path(sys.argv[1]).read_text())["provider_schemas"].values()
    defaults: dict[str, Node] = json.loads((DATA / "defaults.json").read_text())
    depending: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(sys.argv[2] if len(sys.argv) > 2 else directory)
        scratch.mkdir(exist_ok=True)
        for kind, block, found, words in tried(schemas, scratch):
            defaults[kind] = tree(block, found)
            if depends := dependences(block, found, words):
                depending[kind] = depends
    (DATA / "defaults.json").write_text(lines(defaults))
    (DATA / "dependences.json").write_text(lines(depending))
    print(len(defaults), "types, of which", len(depending), "plan other things by what is set")


if __name__ == "__main__":
    main()
