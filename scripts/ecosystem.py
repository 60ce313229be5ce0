"""Compares what two revisions of astralint make of the same trees: `python scripts/ecosystem.py OLD NEW`.

OLD and NEW are revisions of this repository, or directories that hold a working tree
(`.` is the one at hand). Each gets an environment of its own and looks at the fixtures
of NEW and, where there are any, at real platforms: the directories in the one that
ASTRALINT_CORPORA or --corpora names. Printed as Markdown: which outputs of check,
graph and show are the same bytes; findings by rule, edges by kind and values that
appeared, vanished or changed; time and memory.

A difference is no failure. Status 2 is for a side that can't be built.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.revisions.markdown import Compared, report
from scripts.revisions.reports import compare_outcomes
from scripts.revisions.runs import COMMANDS, Outcome, run_both
from scripts.revisions.sides import NotBuiltError, Side, settle
from scripts.revisions.trees import Tree, trees

ROOT = Path(__file__).parents[1]
LONGEST = 180.0
"""How long one command may take, in seconds."""


def compare(sides: tuple[Side, Side], tree: Tree, scratch: Path, deadline: float, rounds: int = 1) -> Compared | None:
    """Compare all outputs for one tree; None where there was no time left for that."""
    found = Compared(tree)
    for name, arguments in COMMANDS.items():
        tried = []
        for _ in range(rounds):
            left = deadline - time.monotonic()
            if left < 1:
                return None
            tried.append(run_both(sides, arguments, tree.directory, scratch, min(LONGEST, left)))
            if time.monotonic() > deadline:
                return None
        old, new = (least([pair[side] for pair in tried]) for side in (0, 1))
        found.outcomes[name] = (old, new)
        found.verdicts[name], changes = compare_outcomes(name, old, new)
        found.changes += changes
    return found


def least(outcomes: list[Outcome]) -> Outcome:
    """Return the outcome that took the least: what is above it is other processes' doing."""
    return min(outcomes, key=lambda outcome: (bool(outcome.problem), outcome.cpu))


def _warm_up(sides: tuple[Side, Side], work: Path) -> None:
    """Let each side prepare what it prepares once, such as compiled Python: that is none of the figures."""
    small = work / "small"
    small.mkdir()
    (small / "main.tf").write_text("locals {\n  a = 1\n}\n")
    for arguments in COMMANDS.values():
        run_both(sides, arguments, small, work / "scratch", LONGEST)


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    parser.add_argument("--corpora", type=Path, default=os.environ.get("ASTRALINT_CORPORA") or None, metavar="DIR")
    parser.add_argument("--fixtures", type=Path, metavar="DIR", help="other fixtures than those of NEW")
    parser.add_argument("--only", default="", metavar="TEXT", help="only trees whose name holds it")
    parser.add_argument("--old-python", type=Path, metavar="PYTHON", help="of an environment that has OLD already")
    parser.add_argument("--new-python", type=Path, metavar="PYTHON", help="of an environment that has NEW already")
    parser.add_argument("--environments", type=Path, metavar="DIR", help="keep environments there for the next time")
    parser.add_argument("--time-limit", type=float, default=float("inf"), metavar="S", help="leave out what is later")
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="measure N times; the least counts")
    return parser.parse_args(given)


def main(given: Iterable[str] | None = None) -> int:
    """Compare, and print the report; return the process's status."""
    chosen = _arguments(list(given) if given is not None else None)
    deadline = time.monotonic() + chosen.time_limit
    if chosen.corpora is not None and not chosen.corpora.is_dir():
        print(f"{chosen.corpora} is no directory", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="ecosystem-") as directory:
        work = Path(directory)
        kept = chosen.environments.absolute() if chosen.environments is not None else None
        try:
            old = settle(chosen.old, ROOT, work / "old", chosen.old_python, kept)
            new = settle(chosen.new, ROOT, work / "new", chosen.new_python, kept)
        except NotBuiltError as error:
            print(error, file=sys.stderr)
            return 2
        fixtures = chosen.fixtures or new.tree / "fixtures"
        compared, left_out = [], []
        _warm_up((old, new), work)
        for tree in trees(fixtures.absolute(), chosen.corpora.absolute() if chosen.corpora else None):
            if chosen.only not in tree.name:
                continue
            found = compare((old, new), tree, work / "scratch", deadline, chosen.rounds)
            if found is None:
                left_out.append(tree.name)
            else:
                compared.append(found)
    print(report((old.label, new.label), compared, left_out, chosen.time_limit), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
