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
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import Measure, best, environment, measure

BUDGETS = {
    "cold": 1.5,
    "cold, 1 job": 1.5,
    "cold, 4 jobs": 1.5,
    "warm": 0.3,
    "one file changed": 0.5,
}
"""Wall time as a share of tfparse's, at most."""


def roots_of(directory: Path) -> list[str]:
    """Return the root modules that astralint finds, relative to the directory."""
    from astralint.api import ScanOptions, Session
    from astralint.platform.build import discover

    session = Session([directory], ScanOptions(boundary=directory))
    found = discover(session.tree, session.loader, session.settings, session.starts)
    return sorted({spec.directory for spec in found.specs})


def touched(directory: Path) -> Callable[[], None]:
    """Return a function that changes one configuration file of a directory a little, another time each time."""
    file = max(directory.rglob("*.tf"), key=lambda path: (path.name == "locals.tf", str(path)))
    text = file.read_text("utf-8")
    count = iter(range(1_000_000))
    return lambda: file.write_text(f"{text}\n# change {next(count)}\n", "utf-8") and None


def tasks(directory: Path, given: argparse.Namespace) -> dict[str, tuple[Callable[[], object], list[str]]]:
    """Return what is run: by name, what comes before each run (unmeasured), and the command."""
    check = [sys.executable, "-m", "astralint", "check", str(directory), "--fail-on", "never"]
    if given.config:
        check += ["--config", str(given.config)]
    nothing = lambda: None  # noqa: E731
    found: dict[str, tuple[Callable[[], object], list[str]]] = {
        "cold": (nothing, [*check, "--no-cache"]),
        "cold, 1 job": (nothing, [*check, "--no-cache", "--jobs", "1"]),
        "cold, 4 jobs": (nothing, [*check, "--no-cache", "--jobs", "4"]),
        "warm": (nothing, check),
        "one file changed": (touched(directory), check),
        "help": (nothing, [sys.executable, "-m", "astralint", "--help"]),
    }
    if "tfparse" in given.peer:
        peer = [sys.executable, str(Path(__file__).parent / "tfparse_roots.py"), str(directory)]
        found["tfparse"] = (nothing, [*peer, *roots_of(directory)])
    if "checkov" in given.peer:
        found["checkov"] = (
            nothing,
            ["checkov", "--quiet", "--compact", "--framework", "terraform", "-d", str(directory)],
        )
    return found


def run(directory: Path, given: argparse.Namespace, cache: Path) -> dict[str, Measure]:
    """Run everything `given.rounds` times in turn; return the best of each."""
    children = environment(cache)
    todo = tasks(directory, given)
    for before, command in todo.values():
        before()
        measure(command, children)
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
    parser.add_argument("--config", type=Path, help="a configuration outside of the directory")
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
        measures = run(copy, given, Path(temporary, "cache"))
    print(table(measures))
    if given.json:
        budgets = {name: budget for name, budget in BUDGETS.items() if name in measures}
        figures = {name: vars(m) for name, m in measures.items()}
        given.json.write_text(json.dumps({"measures": figures, "budgets": budgets}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
