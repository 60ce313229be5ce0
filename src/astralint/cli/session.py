"""A session of the command line: opened, and what is wrong with the call or the configuration said."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import make_options
from astralint.cli.status import USAGE
from astralint.cli.terminal import wants_color, width_of
from astralint.source.names import told

if TYPE_CHECKING:
    from astralint.api import Session
    from astralint.report.context import ReportContext
    from astralint.source.diagnostic import Diagnostic


class Nothing:
    """No sources: for diagnostics that speak of the call itself."""

    def text(self, file: str) -> str | None:  # noqa: ARG002 - see SourceTexts
        """See `astralint.report.context.SourceTexts.text`."""
        return None


@contextmanager
def session_for(paths: Iterable[Path], given: dict[str, Any]) -> Iterator[Session]:
    """Open a session; a UsageError inside or on the way is printed, and the command ends with status 2."""
    from astralint.api import UsageError, open_session

    session: Session | None = None
    try:
        session = open_session(paths, make_options(given))
        yield session
        session.save()
    except UsageError as error:
        say(error.diagnostics, session, given.get("color", "auto"))
        raise click.exceptions.Exit(USAGE) from error


def require_configuration(session: Session) -> None:
    """Raise UsageError where the configuration is wrong."""
    from astralint.api import UsageError

    wrong = [diagnostic for diagnostic in session.config_diagnostics if diagnostic.usage]
    if wrong:
        raise UsageError(wrong)


def say(diagnostics: Sequence[Diagnostic], session: Session | None, color: str) -> None:
    """Print diagnostics on standard error, with the lines that they speak of."""
    from astralint.report.full import render_diagnostics

    if not diagnostics:
        return
    stream = sys.stderr
    shown = context(session, color=wants_color(color, stream), width=width_of(stream))
    if session is not None:
        diagnostics = session.secrets.data(tuple(diagnostics))
    click.echo(render_diagnostics(diagnostics, shown), err=True, nl=False, color=True)


def context(session: Session | None, *, color: bool = False, width: int = 100, **more: Any) -> ReportContext:
    """Return how a report of a session is to be written."""
    from astralint.report.context import ReportContext, TreeTexts
    from astralint.version import __version__

    if session is None:
        return ReportContext(Nothing(), version=__version__, color=color, width=width)
    return ReportContext(
        TreeTexts(session.tree),
        version=__version__,
        color=color,
        width=width,
        prefix=session.prefix,
        working_directory_prefix=_from_here(session.root),
        working_directory=_inside(session),
        secrets=session.secrets,
        **more,
    )


def _inside(session: Session) -> str:
    """Return the current directory as seen from the boundary's root, "" where it is not inside, or the root itself."""
    try:
        place = session.tree_path(Path.cwd())
    except OSError:
        return ""
    return "" if place is None or place == "." else place


def _from_here(root: Path) -> str:
    """Return the way from the current directory to a root, "" where they are one."""
    try:
        way = os.path.relpath(root, os.path.realpath(Path.cwd()))
    except (OSError, ValueError):
        return told(str(root))
    return "" if way == "." else told(Path(way).as_posix())
