"""Record what the provider computes after apply, for the types of which attributes are predicted.

Usage: `python scripts/record_computed.py SCHEMA.json [PREFIX…]` from the project's root, with moto[server] and a
terraform that can install the provider; the schema is that of `terraform providers schema -json`. Applies a made-up
resource of each type (of those with one of the prefixes) against a local moto server, as far as that supports it, and
adds those that are not there yet to tests/aws_facts/golden/computed.json.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.aws.minimal import APPLIED, KNOWN, Minimal, minimal
from tests.oracle.aws.terraform_run import Root, TerraformError, escape
from tests.oracle.roots.terraform_answers import moto_server

from astralint.aws.computed import predictable_attributes, predictable_types

GOLDEN = Path(__file__).parents[1] / "tests" / "aws_facts" / "golden" / "computed.json"
BATCH = 40
SECONDS = 60
REGION = "eu-west-1"
ROUNDS = 5

Key = tuple[str, str]


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


def provider(address: str, services: list[str]) -> dict[str, Any]:
    """Return a provider configuration that talks to a simulator."""
    return {
        "region": REGION,
        "access_key": "x",
        "secret_key": "x",
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "s3_use_path_style": True,
        "max_retries": 1,
        "default_tags": [{"tags": {"team": "platform"}}],
        "endpoints": [dict.fromkeys(services, address)],
    }


def applied(root: Root, seconds: int = SECONDS) -> list[dict[str, Any]]:
    """Apply twice, since some resources need others, for a limited time; return the resources that exist then."""
    for _ in range(2):
        process = subprocess.Popen(
            ["terraform", "apply", "-json", "-auto-approve", "-input=false", "-parallelism=8"],
            cwd=root.directory,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(90)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                break
    if not (root.directory / "terraform.tfstate").exists():
        return []
    values = root.show().get("values", {}).get("root_module", {}).get("resources", [])
    return [item for item in values if not item.get("tainted")]


def real(value: Any) -> bool:
    """Whether a value is not the simulator's own: it leaves out some tags and owners, and is itself in some URLs."""
    return bool(value) and "127.0.0.1" not in json.dumps(value)


def main() -> None:
    (schemas,) = json.loads(Path(sys.argv[1]).read_text())["provider_schemas"].values()
    blocks = {name: entry["block"] for name, entry in schemas["resource_schemas"].items()}
    services = sorted(schemas["provider"]["block"]["block_types"]["endpoints"]["block"]["attributes"])
    recorded: dict[str, dict[str, Any]] = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    prefixes = tuple(sys.argv[2:]) or ("aws_",)
    types = [kind for kind in predictable_types() if kind not in recorded and kind.startswith(prefixes)]
    with tempfile.TemporaryDirectory() as directory:
        made = {
            (kind, "x"): Minimal(
                blocks[kind], start={**minimal(blocks[kind]), **KNOWN.get(kind, {}), **APPLIED.get(kind, {})}
            )
            for kind in types
        }
        planned = plan_all(Root(Path(directory) / "plan"), made)
        print(len(planned), "of", len(types), "can be planned", flush=True)
        kinds = sorted(kind for kind, _ in planned)
        for start in range(0, len(kinds), BATCH):
            batch = kinds[start : start + BATCH]
            with moto_server() as address:
                root = Root(Path(directory) / f"apply{start}")
                body = {kind: {"x": escape(planned[kind, "x"][0])} for kind in batch}
                root.write({"resource": body}, provider(address, services))
                root.init()
                for item in applied(root):
                    values, kind = item["values"], item["type"]
                    names = [*predictable_attributes(kind), "tags_all"]
                    recorded[kind] = {
                        "config": planned[kind, "x"][0],
                        "values": {name: values[name] for name in names if real(values.get(name))},
                    }
            print(start, len(batch), len(recorded), flush=True)
            save(recorded)


def save(recorded: dict[str, dict[str, Any]]) -> None:
    """Write what was recorded, one type a line."""
    lines = [f' "{kind}": {json.dumps(entry)}' for kind, entry in sorted(recorded.items())]
    GOLDEN.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
