"""Write docs/mutations.md: for each change of the model platform, the rules that say so.

    python scripts/write_mutations.py [--only TEXT]

`scripts/mutations/*.toml` hold the changes. Each is tried on the model platform and on a copy of it
in which everything has another name. Status 1 says that a change was caught by other rules than
expected; `--only` tries those whose name holds the text, and writes nothing.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.mutations.mutants import Mutant, mutants
from scripts.mutations.trials import PLATFORM, Trial, trials

PAGE = Path(__file__).parents[1] / "docs" / "mutations.md"
INTRODUCTION = """\
# What catches which mistake

The model platform (`fixtures/platforms/astradot`) keeps the architecture, and every rule is silent about it. Each row
is one change that breaks one sentence, and the rules that have to say so: these, and no other, on the platform as it
is and on a copy in which every directory, workspace, account, module and role has another name.
`python scripts/write_mutations.py` tries them all and writes this page.
"""


def main() -> int:
    """Try the mutants and write the page."""
    chosen = sys.argv[2] if sys.argv[1:2] == ["--only"] else ""
    found = [mutant for mutant in mutants(PLATFORM) if chosen in mutant.id]
    done: list[Trial] = []
    for trial in trials(found, os.cpu_count() or 1):
        done.append(trial)
        if not trial.is_right:
            print(_wrong(trial), flush=True)
    wrong = sum(not trial.is_right for trial in done)
    print(f"{len(done)} mutants, {wrong} not caught as they should be")
    if not chosen:
        PAGE.write_text(page(done), "utf-8")
    return 1 if wrong else 0


def _wrong(trial: Trial) -> str:
    mutant = trial.mutant
    said = f"{mutant.id}: expected {' '.join(mutant.expect)}; found {' '.join(trial.found) or 'nothing'}"
    if trial.renamed != trial.found:
        said += f"; renamed {' '.join(trial.renamed) or 'nothing'}"
    return "\n  ".join([said, *trial.problems])


def page(done: list[Trial]) -> str:
    """Return the page."""
    wrong = sum(not trial.is_right for trial in done)
    rules = Counter(rule for trial in done for rule in trial.mutant.expect)
    lines = [INTRODUCTION]
    lines.append(f"{len(done)} changes, {len(rules)} rules; {wrong} not caught as they should be.\n")
    lines.append("| sentence | change | profile | caught by |\n| --- | --- | --- | --- |")
    lines += [_row(trial) for trial in done]
    return "\n".join(lines) + "\n"


def _row(trial: Trial) -> str:
    mutant: Mutant = trial.mutant
    caught = ", ".join(sorted(mutant.expect))
    if not trial.is_right:
        caught += f" (wrong: {', '.join(trial.found) or 'nothing'}; renamed: {', '.join(trial.renamed) or 'nothing'})"
    return f"| {mutant.sentence} | {mutant.id} | {mutant.profile or ''} | {caught} |"


if __name__ == "__main__":
    sys.exit(main())
