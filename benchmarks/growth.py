"""Measures how a check grows with the number of workspaces: `python benchmarks/growth.py [COUNT…]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from measure import best, environment, measure
from write_platform import write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=[100, 300, 1000])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    print("| workspaces | cold s | CPU s | CPU ms a workspace | MB | warm s |\n| --- | --- | --- | --- | --- | --- |")
    for count in given.counts:
        with tempfile.TemporaryDirectory() as temporary:
            tree = Path(temporary, "tree")
            write(tree, count)
            children = environment(Path(temporary, "cache"))
            check = [sys.executable, "-m", "astralint", "check", str(tree), "--fail-on", "never"]
            check += ["--jobs", str(given.jobs)]
            measure([*check, "--version"], children)
            cold = best([measure([*check, "--no-cache"], children) for _ in range(given.rounds)])
            measure(check, children)
            warm = best([measure(check, children) for _ in range(given.rounds)])
        share = 1000 * cold.cpu / count
        row = [f"{count:,}", f"{cold.wall:.1f}", f"{cold.cpu:.1f}", f"{share:.1f}", f"{cold.memory / 1e6:.0f}"]
        print("| " + " | ".join([*row, f"{warm.wall:.1f}"]) + " |", flush=True)


if __name__ == "__main__":
    main()
