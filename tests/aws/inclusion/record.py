"""Records z3's answers to generated pairs of policies: `python -m tests.aws.inclusion.record FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from astralint.aws.inclusion.answer import Inclusion
from tests.aws.inclusion.generated import pair
from tests.aws.inclusion.ours import ours
from tests.aws.inclusion.referee import confirm, prove

PAIRS = 2_040


def answer(seed: int, found: Inclusion) -> str:
    """Return z3's answer to a pair as one character, given ours."""
    kind, old, new = pair(seed)
    if found.request is not None and confirm(old, new, found.request, denial=found.denial) == "sat":
        return "+"
    return {"sat": "+", "unsat": "="}.get(prove(kind, old, new), "?")


if __name__ == "__main__":
    text = "".join(answer(seed, ours(seed)) for seed in range(PAIRS))
    lines = [text[start : start + 100] for start in range(0, PAIRS, 100)]
    Path(sys.argv[1]).write_text("\n".join(lines) + "\n")
