"""Tries inputs of all kinds; whatever escapes is written down, and made smaller.

    python -m tests.fuzz.run --inputs 1000000 --seed 1

Each number is one input, the same on every machine. Status 1 where an exception escaped.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from astralint.api import ScanOptions, UsageError, check, open_session
from astralint.hcl import parse, parse_expression, parse_template
from astralint.report import FORMATS, ReportContext, TreeTexts, render
from astralint.show.evaluated import json_text, show_data
from astralint.show.text import show_text
from astralint.source.redact import redact
from tests.fuzz import generators

CORPUS = Path(__file__).parent / "corpus"


def one_tree(files: dict[bytes, bytes | None], drawn: random.Random) -> None:
    """Scan a tree, and say all that there is to say of it."""
    with tempfile.TemporaryDirectory() as directory:
        base = os.fsencode(directory)
        for name, content in files.items():
            place = Path(os.fsdecode(base + b"/" + name))
            place.parent.mkdir(parents=True, exist_ok=True)
            if content is not None:
                place.write_bytes(content)
            elif not place.is_symlink() and not place.exists():
                place.symlink_to(drawn.choice(["/etc/passwd", "nowhere", ".", "../../..", "/dev/zero"]))
        root = Path(directory)
        cache = root / ".cache" if drawn.random() < 0.2 else None
        try:
            session = open_session([root], ScanOptions(boundary=root, jobs=1, cache=cache))
            report = check(session)
        except UsageError:
            return
        context = ReportContext(TreeTexts(session.tree), secrets=session.secrets)
        render(report.result, drawn.choice(FORMATS), context).encode()
        workspaces = report.platform.workspaces.values()
        json_text(show_data(workspaces)).encode()
        show_text(workspaces).encode()


def one(number: int) -> None:
    """Try the input of a number; raises what escapes."""
    drawn = random.Random(number)
    kind = number % 20
    if kind == 0:
        one_tree(generators.tree(drawn), drawn)
        return
    text = generators.damaged(drawn, generators.configuration(drawn) if kind % 2 else generators.expression(drawn, 6))
    if kind % 4 == 1:
        parse(text)
        redact(text)
    elif kind % 4 == 3:
        parse(text.replace("=", ":"), json=True)
    elif kind % 4 == 2:
        parse_expression(text)
    else:
        parse_template(text)


def main() -> int:
    """Try as many inputs as asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    escaped, slowest, start = 0, (0.0, 0), time.perf_counter()
    for number in range(given.seed * 10_000_000, given.seed * 10_000_000 + given.inputs):
        before = time.process_time()
        try:
            one(number)
        except Exception:
            escaped += 1
            CORPUS.mkdir(exist_ok=True)
            (CORPUS / f"{number}.txt").write_text(traceback.format_exc())
            traceback.print_exc()
        slowest = max(slowest, (time.process_time() - before, number))
    took = time.perf_counter() - start
    sys.stdout.write(
        f"{given.inputs:,} inputs in {took:,.0f} s, {escaped} escaped; "
        f"the slowest took {slowest[0]:.1f} s ({slowest[1]})\n"
    )
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())
