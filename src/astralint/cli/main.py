"""The `astralint` command: which commands there are, and what becomes of errors."""

from __future__ import annotations

import errno
import gc
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from astralint.cli.status import BROKEN, INTERRUPTED, OK, USAGE
from astralint.version import __version__

COMMANDS = {
    "check": "Check the architecture of all workspaces together.",
    "graph": "Draw who is in which account, and who can become whom.",
    "why": "Explain how somebody can become somebody else, or what stops it.",
    "who-can": "List who can do something, by which lines.",
    "can": "Summarize what somebody can do.",
    "diff": "Compare findings and trust at two git revisions.",
    "show": "Show the evaluated resource instances and outputs.",
    "eval": "Evaluate expressions as `terraform console` does.",
    "rules": "List the rules.",
    "explain": "Explain a rule.",
    "test": "Run the fixtures of a pack of rules.",
    "baseline": "Keep back the findings that were there before.",
    "inventory": "Collect what exists in AWS, and judge it against states and code.",
    "init": "Write down in astralint.hcl what can be inferred.",
}
"""The commands in the order of the help; each has a module of its name in `astralint.cli.commands`."""


class ReaderGoneError(Exception):
    """Nobody reads any more what is written. Click would end with 1, which says that there are findings."""


class Commands(click.Group):
    """A group that imports a command when it is called, and lists them all without importing any."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """See `click.Command.make_context`; raises ReaderGoneError."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def invoke(self, ctx: click.Context) -> Any:
        """See `click.Command.invoke`; raises ReaderGoneError."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """See `click.Group.list_commands`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """See `click.Group.get_command`."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"astralint.cli.commands.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command, with a suggestion for one that does not exist."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the commands from the table, so that none has to be imported."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="astralint")
def cli() -> None:
    """Check the architecture of an AWS organization in the Terraform of all its workspaces.

    Exit status: 2 for a wrong call or configuration, else 1 for findings, else 3 for
    broken input, else 0.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its status; no error ends in a traceback."""
    _open_streams()
    status = run(arguments)
    if status == INTERRUPTED:
        # The work goes on on its own thread, and would keep the process alive.
        os._exit(status)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        _silence_streams()
    # What the interpreter collects when it ends would go through all that there is, for nothing.
    gc.freeze()
    sys.exit(status)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    try:
        outcome = cli.main(
            args=None if arguments is None else list(arguments), prog_name="astralint", standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("astralint: interrupted", err=True)
        return INTERRUPTED
    except ReaderGoneError:
        _silence_streams()
        return OK
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            return _internal_error(error)
        click.echo(f"astralint: the output can't be written: {error.strerror}", err=True)
        return USAGE
    except Exception as error:
        return _internal_error(error)
    return outcome if isinstance(outcome, int) else OK


def _open_streams() -> None:
    """Stand in for standard streams that were closed, so that no other file takes their place; read input as UTF-8."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open until the end
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


def _silence_streams() -> None:
    """Point the standard streams nowhere: whoever read them is gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue


def _internal_error(error: Exception) -> int:
    if os.environ.get("ASTRALINT_TRACEBACK") == "1":
        import traceback

        traceback.print_exception(error)
        return BROKEN
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""  # noqa: PTH119
    text = " ".join(str(error).split())[:300]
    click.echo(
        f"astralint: internal error{place}: {type(error).__name__}: {text}; please report it "
        "(ASTRALINT_TRACEBACK=1 shows more)",
        err=True,
    )
    return BROKEN
