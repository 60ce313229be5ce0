"""`astralint test`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from astralint.cli.options import color_option
from astralint.cli.status import FINDINGS, OK
from astralint.cli.terminal import progress, write

if TYPE_CHECKING:
    from astralint.rules.pack_test import PackTest


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path(), metavar="[PATH]")
@click.option("--select", multiple=True, metavar="RULES", help="Only these: names, ids, beginnings of ids.")
@color_option
def command(path: Path, select: tuple[str, ...], color: str) -> int:  # noqa: ARG001 - every command takes it
    """Run the fixtures of the rules below PATH, and print how each went [default: the current directory].

    The Python files below PATH are imported, as pytest imports tests: run it on code that you trust. A fixture is a
    directory RULE/good or RULE/bad, or one below it, whose lines say what is expected (`# expect: ORG001`).
    """
    from astralint.api import UsageError
    from astralint.cli.session import say
    from astralint.cli.status import USAGE
    from astralint.rules.pack_test import PackError, run_pack

    try:
        with progress("testing"):
            tested = run_pack(path, tuple(name for text in select for name in text.split(",")))
    except (PackError, UsageError) as error:
        say(error.diagnostics, None, "auto")
        return USAGE
    write(_table(tested))
    return OK if tested.ok else FINDINGS


def _table(tested: PackTest) -> str:
    heads = ("rule", "name", "good", "bad", "marks", "result")
    rows = [heads]
    for rule in tested.rules:
        result = "as expected" if rule.ok else "NOT as expected"
        if not rule.fixtures:
            result = "has no fixtures"
        rows.append((rule.id, rule.name, str(rule.count("good")), str(rule.count("bad")), str(rule.marks), result))
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    text = "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in rows
    )
    wrong = "\n".join(str(fixture) for rule in tested.rules for fixture in rule.fixtures if not fixture.ok)
    number = sum(len(rule.fixtures) for rule in tested.rules)
    total = (
        f"{len(tested.rules)} rules, {number} fixtures: {'all as expected' if tested.ok else 'not all as expected'}\n"
    )
    return text + (f"\n{wrong}\n" if wrong else "") + f"\n{total}"
