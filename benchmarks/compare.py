"""Measures astralint and its peers side by side on a directory: `python benchmarks/compare.py DIRECTORY`.

All are run in turn, several times over, and the best of each counts, so that what
else the machine does strikes all alike. Nothing is asserted: the figures are for
people, and for comparison with the last ones.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from measure import Measure, best, environment, measure

BUDGETS = {
    "cold": 1.5,
    "cold, 1 job": 1.5,
    "cold, 4 jobs": 1.5,
    "warm": 0.3,
    "changed: a leaf": 0.5,
    "changed: a module": 0.5,
    "changed: a producer": 0.5,
    "changed: shared variables": 0.5,
}
"""Time as a share of tfparse's, at most."""
FINE = (0, 3)
"""What a check ends with: 3 where the platform has faults of its own, such as files that are not in the tree."""


class Surroundings:
    """What a directory's root modules are, and which of its files are worth a change."""

    def __init__(self, directory: Path, config: Path | None) -> None:
        from astralint.api import ScanOptions, open_session

        session = open_session([directory], ScanOptions(boundary=directory, config=config))
        self.directory = directory
        self.platform = session.build().platform
        results = [workspace.result for workspace in self.platform.workspaces.values()]
        self.results = {result.name: result for result in results}
        self.roots = sorted({result.directory for result in results})

    def edits(self) -> dict[str, Path]:
        """Return the file to change, by the name of the change; the worst of its kind, the largest root among them."""
        readers: Counter[str] = Counter()
        modules: Counter[str] = Counter()
        files: Counter[str] = Counter()
        for result in self.results.values():
            reads = {self.platform.producers.get(read.request, "") for read in result.remote_state_reads}
            readers.update(reads & self.results.keys())
            modules.update({call.directory for call in result.module_calls if call.directory is not None})
            files.update(file for file in result.files if file.endswith(".tfvars"))
        leaves = [result for name, result in self.results.items() if name not in readers]
        found: dict[str, Path | None] = {
            "a leaf": self._largest(max(leaves, key=lambda r: (len(r.resources), r.name)).directory)
            if leaves
            else None,
            "a module": self._largest(_first(modules)) if modules else None,
            "a producer": self._largest(self.results[_first(readers)].directory) if readers else None,
            "shared variables": self.directory / _first(files) if files else None,
        }
        return {name: path for name, path in found.items() if path is not None}

    def _largest(self, directory: str) -> Path:
        return max(self.directory.joinpath(directory).glob("*.tf"), key=lambda file: (file.stat().st_size, file.name))


def _first(counted: Counter[str]) -> str:
    return min(counted, key=lambda name: (-counted[name], name))


def touched(file: Path) -> Callable[[], None]:
    """Return a function that changes a file's first line, another time each time, so that all others move."""
    text = file.read_text("utf-8")
    count = iter(range(1, 1_000_000))
    return lambda: file.write_text("# a change\n" * next(count) + text, "utf-8") and None


def tasks(
    directory: Path, given: argparse.Namespace, config: Path | None
) -> dict[str, tuple[Callable[[], object], list[str]]]:
    """Return what is run: by name, what comes before each run (unmeasured), and the command."""
    check = [sys.executable, "-m", "astralint", "check", str(directory), "--boundary", str(directory)]
    check += ["--fail-on", "never", *(["--config", str(config)] if config is not None else [])]
    nothing = lambda: None  # noqa: E731
    surroundings = Surroundings(directory, config)
    found: dict[str, tuple[Callable[[], object], list[str]]] = {
        "cold": (nothing, [*check, "--no-cache"]),
        "cold, 1 job": (nothing, [*check, "--no-cache", "--jobs", "1"]),
        "cold, 4 jobs": (nothing, [*check, "--no-cache", "--jobs", "4"]),
        "warm": (nothing, check),
        **{f"changed: {name}": (touched(file), check) for name, file in surroundings.edits().items()},
        "help": (nothing, [sys.executable, "-m", "astralint", "--help"]),
    }
    if "tfparse" in given.peer:
        peer = [sys.executable, str(Path(__file__).parent / "tfparse_roots.py"), str(directory)]
        found["tfparse"] = (nothing, [*peer, *surroundings.roots])
    if "checkov" in given.peer:
        found["checkov"] = (
            nothing,
            ["checkov", "--quiet", "--compact", "--framework", "terraform", "-d", str(directory)],
        )
    return found


def run(directory: Path, given: argparse.Namespace, config: Path | None, cache: Path) -> dict[str, Measure]:
    """Run everything `given.rounds` times in turn; return the best of each."""
    children = environment(cache)
    todo = tasks(directory, given, config)
    for name, (before, command) in todo.items():
        before()
        status = measure(command, children).status
        if status not in FINE and name != "checkov":
            sys.exit(f"`{' '.join(command)}` ends with status {status}")
    measures: dict[str, list[Measure]] = {name: [] for name in todo}
    for _ in range(given.rounds):
        for name, (before, command) in todo.items():
            if name == "warm":
                measure(command, children)
            before()
            measures[name].append(measure(command, children))
    return {name: best(found) for name, found in measures.items()}


def table(measures: dict[str, Measure]) -> str:
    """Return the figures as a table in Markdown, with the ratios to the peers."""
    peers = [name for name in ("tfparse", "checkov") if name in measures]
    head = ["run", "wall s", "CPU s", "MB", *(f"wall / {peer}" for peer in peers), *(f"CPU / {peer}" for peer in peers)]
    rows = [head, ["---"] * len(head)]
    for name, m in measures.items():
        walls = [f"{m.wall / measures[peer].wall:.2f}" for peer in peers]
        cpus = [f"{m.cpu / measures[peer].cpu:.2f}" for peer in peers]
        rows.append([name, f"{m.wall:.2f}", f"{m.cpu:.2f}", f"{m.memory / 1e6:.0f}", *walls, *cpus])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument(
        "--configure", type=Path, metavar="PROGRAM", help="writes the configuration: PROGRAM COPY -o FILE"
    )
    parser.add_argument("--peer", action="append", choices=["tfparse", "checkov"], help="default: those installed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    given = parser.parse_args()
    if given.peer is None:
        given.peer = [name for name in ("tfparse",) if importlib.util.find_spec(name)]
        given.peer += ["checkov"] if shutil.which("checkov") else []
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary, "tree")
        shutil.copytree(given.directory, copy, symlinks=True)
        config = Path(temporary, "astralint.hcl") if given.configure else None
        if config is not None:
            subprocess.run([sys.executable, str(given.configure), str(copy), "-o", str(config)], check=True)
        measures = run(copy, given, config, Path(temporary, "cache"))
    print(table(measures))
    if given.json:
        budgets = {name: budget for name, budget in BUDGETS.items() if name in measures}
        figures = {name: vars(m) for name, m in measures.items()}
        given.json.write_text(json.dumps({"measures": figures, "budgets": budgets}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
