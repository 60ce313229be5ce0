"""Record the AWS provider's schema: `terraform providers schema -json | python scripts/record_schema.py VERSION`.

Run it in a directory whose only provider is hashicorp/aws. Writes src/astralint/aws/data/schema.bin.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections import Counter
from typing import Any

import msgspec

from astralint.aws.schema import COMPUTED, DATA, MAGIC, OPTIONAL, REQUIRED, SENSITIVE, WRITE_ONLY

FLAGS = {
    "required": REQUIRED,
    "optional": OPTIONAL,
    "computed": COMPUTED,
    "sensitive": SENSITIVE,
    "write_only": WRITE_ONLY,
}
# zlib looks back 32 kB at most.
DICTIONARY_SIZE = 32_000


class Encoder:
    """Numbers distinct attributes over all types, and distinct blocks within one type."""

    def __init__(self) -> None:
        self.attributes: dict[str, int] = {}
        self.attribute_list: list[tuple[Any, int]] = []

    def attribute(self, attribute: dict[str, Any]) -> int:
        if "nested_type" in attribute:
            raise SystemExit("the schema has nested attribute types, which the data file can't hold")
        flags = sum(bit for name, bit in FLAGS.items() if attribute.get(name))
        key = json.dumps([attribute["type"], flags])
        if key not in self.attributes:
            self.attributes[key] = len(self.attribute_list)
            self.attribute_list.append((attribute["type"], flags))
        return self.attributes[key]

    def record(self, block: dict[str, Any]) -> bytes:
        numbers: dict[str, int] = {}
        blocks: list[Any] = []

        def encode(block: dict[str, Any]) -> int:
            attributes = {name: self.attribute(value) for name, value in sorted(block.get("attributes", {}).items())}
            nested = {
                name: [value["nesting_mode"], encode(value["block"])]
                for name, value in sorted(block.get("block_types", {}).items())
            }
            key = json.dumps([attributes, nested])
            if key not in numbers:
                numbers[key] = len(blocks)
                blocks.append([attributes, nested])
            return numbers[key]

        encode(block)
        return msgspec.msgpack.encode(blocks)


def dictionary(records: list[bytes]) -> bytes:
    """Return the strings that most records share, the commonest last, where zlib finds them cheapest."""
    count: Counter[bytes] = Counter()
    for record in records:
        names: set[bytes] = set()
        for attributes, nested in msgspec.msgpack.decode(record):
            names.update(msgspec.msgpack.encode({name: value})[1:] for name, value in attributes.items())
            names.update(msgspec.msgpack.encode({name: value})[1:-1] for name, value in nested.items())
        count.update(names)
    result = b""
    for name, times in sorted(count.items(), key=lambda item: (-item[1], item[0])):
        if times < 2 or len(result) + len(name) > DICTIONARY_SIZE:
            break
        result = name + result
    return result


def main() -> None:
    version = sys.argv[1]
    (provider,) = json.load(sys.stdin)["provider_schemas"].values()
    sections = {
        "managed": provider["resource_schemas"],
        "data": provider["data_source_schemas"],
        "provider": {"aws": provider["provider"]},
        "ephemeral": provider.get("ephemeral_resource_schemas", {}),
    }
    encoder = Encoder()
    records = {
        (mode, name): encoder.record(schemas[name]["block"])
        for mode, schemas in sections.items()
        for name in sorted(schemas)
    }
    shared = dictionary(list(records.values()))
    index: dict[str, dict[str, tuple[int, int]]] = {mode: {} for mode in sections}
    body = bytearray()
    for (mode, name), record in records.items():
        deflate = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, shared)
        packed = deflate.compress(record) + deflate.flush()
        index[mode][name] = (len(body), len(packed))
        body += packed
    head = {"version": version, "dictionary": shared, "attributes": encoder.attribute_list, "index": index}
    header = zlib.compress(msgspec.msgpack.encode(head), 9)
    DATA.write_bytes(MAGIC + len(header).to_bytes(4, "big") + header + bytes(body))
    print({mode: len(names) for mode, names in index.items()}, DATA.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
