"""What the answers of `who-can` and `can` have in common: asking the platform, places as text and as data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from astralint.cli.session import require_configuration, say, session_for
from astralint.cli.status import status_of_input
from astralint.cli.terminal import progress, wants_color, write
from astralint.source.visible import visible

if TYPE_CHECKING:
    from astralint.platform.platform import Platform
    from astralint.source.evidence import Evidence

A = TypeVar("A")
Style = Callable[[str], str]


def answer(
    paths: tuple[Path, ...],
    given: dict[str, Any],
    ask: Callable[[Platform], A],
    format_: str,
    as_json: Callable[[A], dict[str, Any]],
    as_text: Callable[[A, bool], str],
    code: str,
) -> int:
    """Evaluate, ask, and write the answer; a name that fits nothing is an error of that code."""
    from astralint.api import UsageError
    from astralint.source.diagnostic import Diagnostic
    from astralint.trust.endpoints import NameProblem

    with session_for(paths, given) as session:
        require_configuration(session)
        with progress("evaluating"):
            build = session.build()
        try:
            found = ask(build.platform)
        except NameProblem as problem:
            wrong = Diagnostic(code, "error", problem.message, help=problem.help, usage=True)
            raise UsageError([wrong]) from problem
        say([d for d in build.said if d.severity == "error"], session, given["color"])
        if format_ == "json":
            from astralint.source.json_sink import json_text

            write(json_text(session.secrets.data(as_json(found))) + "\n")
        else:
            write(session.secrets.text(as_text(found, wants_color(given["color"], sys.stdout))))
        return status_of_input(build.said)


def place_data(item: Evidence) -> dict[str, Any]:
    """Return a place as plain data."""
    return {
        **item.span.data(),
        "text": item.text,
        "workspace": item.workspace,
    }


def place_lines(evidence: Iterable[Evidence], dim: Style) -> Iterator[str]:
    """Yield places, a line each."""
    for item in evidence:
        yield f"{visible(str(item.span))} {dim(visible(item.text))}"


def style(code: str, *, on: bool) -> Style:
    """Return what puts a text into a style of the terminal."""
    return (lambda text: f"\x1b[{code}m{text}\x1b[0m") if on else (lambda text: text)
