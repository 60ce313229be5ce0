"""Reports how far layouts of real platforms are understood: `python benchmarks/layouts.py DIRECTORY…`.

For each directory a row: units, those that are evaluated, accounts, inputs and dependencies. Nothing is asserted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from astralint.api import ScanOptions, open_session
from astralint.show.evaluated import workspace_data


def is_known(value: Any) -> bool:
    """Say whether a value that `show` prints is known as a whole."""
    if isinstance(value, dict):
        return value.get("unknown") is not True and all(map(is_known, value.values()))
    return all(map(is_known, value)) if isinstance(value, list) else True


def row(directory: Path) -> str:
    """Return the row of a platform."""
    build = open_session([directory], ScanOptions(boundary=directory)).build()
    platform = build.platform
    data: list[Any] = [
        msgspec.json.decode(msgspec.json.encode(workspace_data(workspace)))
        for workspace in platform.workspaces.values()
    ]
    layouts = [each for each in build.discovery.layouts if each.name != "plain"] or list(build.discovery.layouts)
    units = ", ".join(f"{each.units:,} {each.title}" for each in layouts)
    evaluated = ", ".join(f"{each.evaluated:,}" for each in layouts)
    accounts = sum(workspace.account_or_none is not None for workspace in platform.workspaces.values())
    inputs = [is_known(value) for each in data for value in each["variables"].values()]
    reads = [read for workspace in platform.workspaces.values() for read in workspace.result.remote_state_reads]
    resolved = sum(bool(platform.producer(read.request)) for read in reads)
    return (
        f"| {directory.name.replace('__', '/')} | {units} | {evaluated} | {accounts} of {len(data)} "
        f"| {sum(inputs):,} of {len(inputs):,} | {resolved} of {len(reads)} |"
    )


def main() -> int:
    """Print the table."""
    print("| platform | units | evaluated | accounts known | inputs known | dependencies resolved |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for argument in sys.argv[1:]:
        print(row(Path(argument).resolve()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
