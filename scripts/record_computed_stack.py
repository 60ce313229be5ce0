"""Record what the provider computes after apply, for types whose resources need others to exist.

Usage: `python scripts/record_computed_stack.py SCHEMA.json` from the project's root, with moto[server] and a terraform
that can install the provider; the schema is that of `terraform providers schema -json`. Applies the root module
tests/oracle/aws/stack against a local moto server, as far as that supports it, and adds the types that are not there
yet to tests/aws_facts/golden/computed.json.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.record_computed import GOLDEN, applied, provider, real, save
from tests.oracle.aws.terraform_run import Root
from tests.oracle.roots.terraform_answers import moto_server

from astralint.aws.computed import predictable_attributes, predictable_types

STACK = Path(__file__).parents[1] / "tests" / "oracle" / "aws" / "stack"


def main() -> None:
    """Apply, and record."""
    (schemas,) = json.loads(Path(sys.argv[1]).read_text())["provider_schemas"].values()
    services = sorted(schemas["provider"]["block"]["block_types"]["endpoints"]["block"]["attributes"])
    recorded: dict[str, dict[str, Any]] = json.loads(GOLDEN.read_text())
    with tempfile.TemporaryDirectory() as directory, moto_server() as address:
        root = Root(Path(directory))
        for file in STACK.glob("*.tf"):
            shutil.copy(file, directory)
        root.write({}, provider(address, services))
        configured = {
            resource["type"]: resource.get("expressions", {})
            for resource in root.plan()["configuration"]["root_module"]["resources"]
            if resource["name"] == "x"
        }
        for item in applied(root, seconds=600):
            kind, values = item["type"], item["values"]
            if kind in recorded or kind not in predictable_types() or item["name"] != "x":
                continue
            predicted = [*predictable_attributes(kind), "tags_all"]
            recorded[kind] = {
                "config": {name: values[name] for name in configured[kind] if isinstance(values[name], str)},
                "values": {name: values[name] for name in predicted if real(values.get(name))},
            }
    save(recorded)
    print(len(recorded), "types")


if __name__ == "__main__":
    main()
