"""`astralint inventory`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from astralint.cli.commands.inventory_adopt import adopt
from astralint.cli.commands.inventory_collect import collect
from astralint.cli.commands.inventory_states import states
from astralint.cli.options import FILE, paths_argument, scan_options
from astralint.cli.session import context, session_for
from astralint.cli.status import status_of
from astralint.cli.terminal import progress, wants_color, width_of, write

if TYPE_CHECKING:
    from astralint.api import Report
    from astralint.inventory.statistics import Statistics

RULES = ("AL409", "AL410", "AL411", "AL414")
FORMATS = ("text", "json", "sarif", "markdown")


@click.group()
def command() -> None:
    """Collect what exists in AWS, and judge it against all states and all code."""


command.add_command(collect)
command.add_command(states)
command.add_command(adopt)


@command.command()
@click.argument("inventory", type=FILE)
@paths_argument
@click.option("--format", "-f", "format_", type=click.Choice(FORMATS), default="text", help="What is written.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="warning",
    show_default=True,
    help="Status 1 for findings of this severity and above.",
)
@click.option("--events", type=FILE, multiple=True, metavar="FILE", help="Events of CloudTrail; repeatable.")
@click.option(
    "--earlier", type=FILE, multiple=True, metavar="FILE", help="An earlier inventory, to compare with; repeatable."
)
@click.option("--statistics", type=FILE, metavar="FILE", help="Write the figures there, as JSON.")
@click.option("--baseline", type=FILE, metavar="FILE", help="Keep back the findings that a baseline holds.")
@click.option("--show-undecided", is_flag=True, help="List what may be managed, and why that is open.")
@click.option("--show-excluded", is_flag=True, help="List what is left out, and why.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day by which exceptions expire.")
@scan_options
def judge(
    inventory: Path,
    paths: tuple[Path, ...],
    format_: str,
    fail_on: str,
    statistics: Path | None,
    *,
    show_undecided: bool,
    show_excluded: bool,
    color: str,
    **given: Any,
) -> int:
    """Say what exists by INVENTORY and is in no state and no code of the platform that PATHS belong to.

    Status 3 where a part of it could not be judged: an account that was not seen, a state that is broken.
    """
    from astralint.api import check
    from astralint.inventory.statistics import markdown_table
    from astralint.inventory.statistics import statistics as figures_of
    from astralint.report import render

    options = {**given, "color": color, "inventory": inventory, "select": RULES}
    with session_for(paths, options) as session:
        with progress("judging"):
            report = check(session)
        platform = report.platform
        inventories = [*platform.earlier, *([platform.inventory] if platform.inventory is not None else [])]
        figures = figures_of(platform.existing, platform, inventories)
        stream = sys.stdout
        shown = context(
            session,
            color=format_ == "text" and wants_color(color, stream),
            width=width_of(stream),
            wrap=stream.isatty(),
            show_undecided=show_undecided,
            show_instances=True,
        )
        write(render(report.result, format_, shown))
        if format_ == "text":
            click.echo("".join(f"{line}\n" for line in _figures(report, figures, excluded=show_excluded)), nl=False)
        elif format_ == "markdown":
            click.echo(markdown_table(figures), nl=False)
        if statistics is not None:
            write(msgspec.json.format(msgspec.json.encode(figures), indent=2).decode() + "\n", statistics)
        return status_of(report.result, fail_on, strict=False)


def _figures(report: Report, figures: Statistics, *, excluded: bool) -> list[str]:
    """Return what share of all that exists is managed; and what was left out, where that is asked for."""
    lines = ["", *(f"{name}: {share}" for name, share in figures.accounts.items())]
    worst = sorted(figures.types.items(), key=lambda one: (-one[1].unmanaged, one[0]))
    lines += [f"{name}: {share}" for name, share in worst[:10] if share.unmanaged]
    if len(figures.over_time) > 1:
        lines += [f"{when}: {share}" for when, share in figures.over_time.items()]
    if excluded:
        left_out = (one for one in report.platform.existing if one.verdict in ("excluded", "child"))
        lines += [f"left out: {one} ({one.by})" for one in left_out]
    return lines
