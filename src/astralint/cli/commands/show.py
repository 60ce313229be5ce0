"""`astralint show`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from astralint.cli.options import path_argument, scan_options
from astralint.cli.session import require_configuration, say, session_for
from astralint.cli.status import status_of_input
from astralint.cli.terminal import progress, write
from astralint.cli.workspaces import chosen_workspaces


@click.command()
@path_argument
@click.option("--workspace", "-w", metavar="NAME", help="Only this workspace.")
@click.option(
    "--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="As what."
)
@click.option("--trace", is_flag=True, help="Say of each value where it comes from, and why it is not known.")
@scan_options
def command(path: Path | None, *, workspace: str | None, format_: str, trace: bool, color: str, **given: Any) -> int:
    """Show the evaluated resource instances and outputs below PATH [default: the current directory]."""
    from astralint.show.evaluated import OWN_KEYS, json_text, show_data
    from astralint.show.text import show_text

    with session_for([path] if path is not None else [], {**given, "color": color}) as session:
        require_configuration(session)
        with progress("evaluating"):
            build = session.build()
        chosen = chosen_workspaces(build, session, workspace)
        say([d for d in build.diagnostics if d.broken], session, color)
        if format_ == "json":
            write(json_text(session.secrets.data(show_data(chosen, trace=trace), OWN_KEYS)))
        else:
            write(session.secrets.text(show_text(chosen, trace=trace)))
        return status_of_input(build.diagnostics)
