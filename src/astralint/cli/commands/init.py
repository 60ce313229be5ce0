"""`astralint init`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from astralint.cli.options import path_argument, scan_options
from astralint.cli.session import require_configuration, say, session_for
from astralint.cli.status import status_of_input
from astralint.cli.terminal import progress, write


@click.command()
@path_argument
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print it instead of writing a file.")
@scan_options
def command(path: Path | None, *, force: bool, to_stdout: bool, color: str, **given: Any) -> int:
    """Write PATH/astralint.hcl: the accounts and workspaces that can be inferred, and what is left to fill in."""
    from astralint.api import UsageError
    from astralint.assembly.initial import initial_configuration
    from astralint.source.diagnostic import Diagnostic
    from astralint.source.visible import without_inline_commands

    directory = path if path is not None else Path()
    target = directory / "astralint.hcl"
    with session_for([directory], {**given, "color": color}) as session:
        require_configuration(session)
        if not to_stdout and not force and (target.exists() or target.is_symlink()):
            message = f"`{target}` exists already"
            help_ = "`--force` writes over it, `--stdout` prints instead"
            raise UsageError([Diagnostic("file-exists", "error", message, help=help_, usage=True)])
        with progress("evaluating"):
            build = session.build()
        text = session.secrets.text(initial_configuration(build.platform, session.starts[0]))
        say([d for d in build.diagnostics if d.broken], session, color)
        # Within a quoted text, what takes the place of the bracket is the bracket.
        text = without_inline_commands(text)
        if to_stdout:
            write(text)
        else:
            write(text, target)
            click.echo(
                f"wrote {target}: {len(build.platform.accounts)} accounts, {len(build.platform.workspaces)} workspaces"
            )
        return status_of_input(build.diagnostics)
