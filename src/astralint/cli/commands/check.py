"""`astralint check`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from astralint.cli.options import FILE, paths_argument, scan_options
from astralint.cli.session import context, session_for
from astralint.cli.status import status_of
from astralint.cli.terminal import progress, wants_color, width_of, write
from astralint.report import FORMATS

TEXTS = ("text", "concise", "full")


def _outputs(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> list[tuple[str, Path]]:
    """Return the format and the file of each `FORMAT=FILE`."""
    outputs: list[tuple[str, Path]] = []
    for text in given:
        format_, _, file = text.partition("=")
        if not file:
            raise click.BadParameter(f"{text!r} is not of the form FORMAT=FILE", ctx, param)
        if format_ not in FORMATS:
            raise click.BadParameter(f"{format_!r} is not one of {', '.join(FORMATS)}", ctx, param)
        outputs.append((format_, Path(file)))
    return outputs


@click.command()
@paths_argument
@click.option(
    "--format", "-f", "format_", type=click.Choice(FORMATS), default="text", help="What standard output gets."
)
@click.option(
    "--output",
    "-o",
    "outputs",
    multiple=True,
    callback=_outputs,
    metavar="FORMAT=FILE",
    help="A further report, into a file; repeatable.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="warning",
    show_default=True,
    help="Status 1 for findings of this severity and above.",
)
@click.option("--select", multiple=True, metavar="RULES", help="Only these: names, ids, beginnings of ids (AL1).")
@click.option("--ignore", multiple=True, metavar="RULES", help="All but these.")
@click.option("--profile", metavar="NAME", help="Lay a profile of the configuration over its rules.")
@click.option("--workspace", "-w", "workspaces", multiple=True, metavar="NAME", help="Show findings of it alone.")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Show findings of it alone.")
@click.option(
    "--baseline", type=FILE, metavar="FILE", help="Keep back the findings that `astralint baseline write` wrote down."
)
@click.option(
    "--inventory",
    type=FILE,
    metavar="FILE",
    help="Judge what exists, too: an inventory, as `astralint inventory judge` takes it.",
)
@click.option("--strict", is_flag=True, help="Status 3 where a rule could not decide something.")
@click.option("--show-undecided", is_flag=True, help="List what rules could not decide, and why.")
@click.option("--show-suppressed", is_flag=True, help="List the findings that were kept back, and by what.")
@click.option("--show-discovery", is_flag=True, help="List what each directory was taken for, and why.")
@click.option("--show-instances", is_flag=True, help="List all instances of a line that has findings.")
@click.option(
    "--statistics",
    is_flag=True,
    help="Count findings by rule, account and workspace instead of listing them; standard error says what was evaluated.",
)
@click.option(
    "--allow-rule-code", is_flag=True, help="Run the rules that a configuration found in the tree brings along."
)
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day by which suppressions expire."
)
@scan_options
def command(
    paths: tuple[Path, ...],
    format_: str,
    outputs: list[tuple[str, Path]],
    fail_on: str,
    *,
    strict: bool,
    show_undecided: bool,
    show_suppressed: bool,
    show_discovery: bool,
    show_instances: bool,
    statistics: bool,
    color: str,
    **given: Any,
) -> int:
    """Check the architecture of all workspaces together, and show what concerns PATHS [default: all below here].

    The whole platform is judged: all that lies below the directory of its configuration, else below PATHS.
    """
    from time import perf_counter

    from astralint.api import check
    from astralint.report import render

    start = perf_counter()
    with session_for(paths, {**given, "color": color}) as session:
        with progress("checking"):
            report = check(session)
        shown: dict[str, Any] = {
            "show_undecided": show_undecided,
            "show_suppressed": show_suppressed,
            "show_instances": show_instances,
            "statistics": statistics,
        }
        if show_discovery:
            shown["discovery"] = tuple((d.path, d.kind, d.reason) for d in session.directories())
        stream = sys.stdout
        text = context(
            session,
            color=format_ in TEXTS and wants_color(color, stream),
            width=width_of(stream),
            wrap=stream.isatty() or "COLUMNS" in os.environ,
            elapsed=perf_counter() - start if stream.isatty() else None,
            **shown,
        )
        plain = context(session, **shown)
        for other, file in outputs:
            write(render(report.result, other, plain), file, commands=other == "github")
        write(render(report.result, format_, text), commands=format_ == "github")
        if statistics:
            # What is in a cache changes no report, so this is none of it.
            work = session.work()
            for line in work.lines() if work is not None else ("nothing was evaluated: the whole result was kept",):
                click.echo(line, err=True)
        return status_of(report.result, fail_on, strict=strict)
