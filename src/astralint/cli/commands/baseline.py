"""`astralint baseline`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import FILE, paths_argument, scan_options
from astralint.cli.session import say, session_for
from astralint.cli.status import FINDINGS, OK, status_of_input
from astralint.cli.terminal import progress

if TYPE_CHECKING:
    from astralint.api import Report
    from astralint.rules.baseline import Baseline, Fit

DEFAULT = Path("astralint-baseline.json")
WORDS = ("write", "check", "prune")


@click.command()
@click.argument("what", type=click.Choice(WORDS))
@paths_argument
@click.option(
    "--file", "-f", "file", type=FILE, default=DEFAULT, show_default=True, metavar="FILE", help="The baseline."
)
@click.option("--profile", metavar="NAME", help="Lay a profile over the configuration's rules.")
@click.option(
    "--allow-rule-code", is_flag=True, help="Run the rules that a configuration found in the tree brings along."
)
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day by which suppressions expire."
)
@click.option("--inventory", type=FILE, metavar="FILE", help="Judge what exists, too.")
@scan_options
def command(what: str, paths: tuple[Path, ...], file: Path, *, color: str, **given: Any) -> int:
    """Write, check or prune a baseline: the findings that `astralint check --baseline FILE` keeps back.

    `write` takes all findings of the platform that PATHS belong to, `check` says how the file fits (status 1 where
    findings are new or entries can be pruned), `prune` removes entries that nothing needs any more; it adds none.
    """
    from astralint.api import UsageError, check
    from astralint.rules.baseline import BaselineError, prune, read, write

    with session_for(paths, {**given, "color": color}) as session:
        try:
            known = read(file) if what != "write" else None
            with progress("checking"):
                report = check(session)
            say([d for d in report.result.diagnostics if d.broken or d.usage], session, color)
            if known is None:
                made = _made(report)
                write(file, made)
                click.echo(f"wrote {file}: {_counted(len(made.findings), 'finding')}")
                return status_of_input(report.result.diagnostics)
            fitted = _fit(report, known)
            if what == "prune" and fitted.stale:
                write(file, prune(known, fitted.stale))
        except BaselineError as error:
            raise UsageError([error.diagnostic]) from error
    return _say(what, file, fitted)


def _say(what: str, file: Path, fitted: Fit) -> int:
    for entry in fitted.stale:
        click.echo(f"{'pruned' if what == 'prune' else 'gone'}: {entry.rule} of {entry.subject or entry.file}")
    for finding in fitted.new if what == "check" else ():
        click.echo(f"new: {finding.rule} of {finding.subject or finding.workspace}: {finding.message}")
    stale = "can be pruned" if what == "check" else "were pruned"
    click.echo(
        f"{file}: {_counted(len(fitted.kept), 'finding')} kept back, {len(fitted.new):,} new, "
        f"{_counted(len(fitted.stale), 'entry', 'entries')} {stale}"
    )
    return FINDINGS if what == "check" and (fitted.new or fitted.stale) else OK


def _made(report: Report) -> Baseline:
    from astralint.rules.baseline import make
    from astralint.rules.fingerprint import lines_of

    return make(report.result.findings, lines_of(report.source_text))


def _fit(report: Report, known: Baseline) -> Fit:
    from astralint.rules.baseline import fit
    from astralint.rules.fingerprint import lines_of

    run = [rule.id for rule in report.result.rules]
    return fit(report.result.findings, known, lines_of(report.source_text), run=run)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
