"""How long states take, and what they need: 500 workspaces with a state each, 100 MB together, and an inventory of them.

    python benchmarks/states.py [--workspaces 500] [--megabytes 100]

Prints processor time and peak memory of reading and judging them all; fails over 60 s or 1 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SECONDS, BYTES = 60, 1_000_000_000
INSTANCE = 2_000
"""About what an instance takes in a state."""


def write(directory: Path, workspaces: int, megabytes: int) -> None:
    """Write the platform, its states, and an inventory of what they hold, with one thing more for each."""
    each = max(1, megabytes * 1_000_000 // workspaces // INSTANCE)
    configuration, live = [], []
    (directory / "states").mkdir()
    for number in range(workspaces):
        name, account = f"root-{number:04}", f"{100_000_000_000 + number // 4}"
        if number % 4 == 0:
            own = "".join(
                f'  workspace "root-{n:04}" {{\n    path = "root-{n:04}"\n  }}\n'
                for n in range(number, min(number + 4, workspaces))
            )
            configuration.append(f'account "a{number // 4}" {{\n  kind = "production"\n  id = "{account}"\n{own}}}\n')
        (directory / name).mkdir()
        (directory / name / "main.tf").write_text(
            f'provider "aws" {{\n  region = "eu-west-1"\n  allowed_account_ids = ["{account}"]\n}}\n\n'
            f'resource "aws_sqs_queue" "this" {{\n  count = {each}\n  name = "q-{number}-${{count.index}}"\n}}\n'
        )
        instances = []
        for index in range(each):
            values = queue(account, f"q-{number}-{index}")
            instances.append({"index_key": index, "attributes": values})
            live.append(item(account, values["name"]))
        live.append(item(account, f"by-hand-{number}"))
        resources = [{"mode": "managed", "type": "aws_sqs_queue", "name": "this", "instances": instances}]
        state = {"version": 4, "serial": 1, "lineage": name, "resources": resources}
        (directory / "states" / f"{name}.tfstate").write_text(json.dumps(state, indent=2))
    (directory / "astralint.hcl").write_text("\n".join(configuration))
    inventory = {"format": "astralint-inventory", "format_version": "1.0", "resources": live}
    (directory / "inventory.json").write_text(json.dumps(inventory))


def queue(account: str, name: str) -> dict[str, Any]:
    """Return the attributes of a queue as a state has them."""
    url = f"https://sqs.eu-west-1.amazonaws.com/{account}/{name}"
    arn = f"arn:aws:sqs:eu-west-1:{account}:{name}"
    return {"arn": arn, "id": url, "url": url, "name": name, "policy": "x" * 1_400, "tags": {"Team": "data"}}


def item(account: str, name: str) -> dict[str, Any]:
    """Return a queue as an inventory has it."""
    values = queue(account, name)
    place = {"account": account, "region": "eu-west-1", "type": "aws_sqs_queue"}
    return {**place, "id": values["id"], "arn": values["arn"], "name": name}


def main() -> int:
    """Measure; returns 1 over the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspaces", type=int, default=500)
    parser.add_argument("--megabytes", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as text:
        directory = Path(text)
        write(directory, given.workspaces, given.megabytes)
        size = sum(path.stat().st_size for path in (directory / "states").iterdir())
        code = "from astralint.cli.main import main; main()"
        arguments = ["inventory", "judge", "inventory.json", ".", "--boundary", ".", "--no-cache", "--state", "states"]
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments, "--format", "json"],
            cwd=directory,
            capture_output=True,
            text=True,
            check=False,
        )
        elapsed = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = len(json.loads(done.stdout)["findings"])
    print(f"{given.workspaces} states of {size / 1e6:.0f} MB together: {found} unmanaged")
    print(f"{used.ru_utime:.1f} s user, {elapsed:.1f} s elapsed, {used.ru_maxrss / 1e3:.0f} MB")
    return 0 if found == given.workspaces and used.ru_utime <= SECONDS and used.ru_maxrss * 1024 <= BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
