"""`astralint eval`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import path_argument, scan_options
from astralint.cli.session import require_configuration, say, session_for
from astralint.cli.status import status_of_input
from astralint.cli.terminal import progress, write
from astralint.cli.workspaces import chosen_workspaces

if TYPE_CHECKING:
    from astralint.api import Session
    from astralint.source.diagnostic import Diagnostic
    from astralint.terraform.evaluation.run import Evaluation
    from astralint.terraform.language.language import Language
    from astralint.terraform.values.value import Value

LONGEST = 1_000_000
OF_VALUES = frozenset({"invalid-expression", "condition-failed", "limit", "outside-boundary"})
"""Codes of what is wrong with values that the expression may not need; all else is wrong with declarations."""


@click.command()
@path_argument
@click.argument("expression", required=False)
@click.option("--workspace", "-w", metavar="NAME", help="The workspace whose names the expression uses.")
@click.option(
    "--language", metavar="NAME", help="Evaluate as `terraform@1.11` or `opentofu@1.9` [default: the root's own]."
)
@click.option("--trace", is_flag=True, help="Say where the value comes from, and why it is not known.")
@scan_options
def command(
    path: Path | None,
    expression: str | None,
    *,
    workspace: str | None,
    language: str | None,
    trace: bool,
    color: str,
    **given: Any,
) -> int:
    """Evaluate EXPRESSION in the root module at PATH, as `terraform console` does.

    Without an EXPRESSION, each line of standard input is one. Where standard output
    is no terminal, each result is a JSON object on a line of its own.
    """
    if path is not None and expression is None and not path.exists():
        path, expression = None, str(path)
    with session_for([path] if path is not None else [], {**given, "color": color}) as session:
        require_configuration(session)
        evaluation, diagnostics = _evaluation(session, workspace, language)
        diagnostics = [d for d in diagnostics if d.broken and d.code not in OF_VALUES]
        say(diagnostics, session, color)
        for text in [expression] if expression is not None else _lines(sys.stdin):
            write(_said(text, evaluation, trace=trace, terminal=sys.stdout.isatty()))
        return status_of_input(diagnostics)


def _lines(stream: Iterable[str]) -> Iterator[str]:
    for line in stream:
        text = line.strip()
        if text:
            yield text


def _language(given: str | None) -> Language | None:
    from astralint.api import UsageError
    from astralint.source.diagnostic import Diagnostic
    from astralint.terraform.language.language import parse_language

    if given is None:
        return None
    language = parse_language(given)
    if language is None:
        message = f"there is no language `{given}`"
        help_ = "a language is a dialect and a version, as in `terraform@1.14` or `opentofu@1.9`"
        raise UsageError([Diagnostic("unknown-language", "error", message, help=help_, usage=True)])
    return language


def _evaluation(session: Session, name: str | None, given: str | None) -> tuple[Evaluation, Sequence[Diagnostic]]:
    """Return the workspace's evaluation, with all answers of the others; an empty one where there is no workspace.

    What is wrong with the declarations comes with it: Terraform evaluates nothing beside them.
    """
    import msgspec

    from astralint.api import UsageError
    from astralint.source.diagnostic import Diagnostic
    from astralint.terraform.discovery import find_directories
    from astralint.terraform.language.language import TERRAFORM
    from astralint.terraform.workspace import WorkspaceSpec

    language = _language(given)
    nowhere = WorkspaceSpec("default", session.starts[0], language=language or session.settings.language or TERRAFORM)
    if name is None and not session.settings.workspaces and not find_directories(session.tree, session.starts):
        return session.workers().evaluation(nowhere, {}), ()
    with progress("evaluating"):
        build = session.build()
    chosen = chosen_workspaces(build, session, name)
    if not chosen:
        return session.workers().evaluation(nowhere, {}), build.diagnostics
    if len(chosen) > 1:
        message = f"{len(chosen)} workspaces are below the path"
        help_ = "choose one with `--workspace`: " + ", ".join(f"`{workspace.name}`" for workspace in chosen[:12])
        raise UsageError([Diagnostic("several-workspaces", "error", message, help=help_, usage=True)])
    workspace = chosen[0]
    spec = workspace.spec if language is None else msgspec.structs.replace(workspace.spec, language=language)
    return session.workers().evaluation(spec, build.answers.get(workspace.name, {})), build.diagnostics


def _said(text: str, evaluation: Evaluation, *, trace: bool, terminal: bool) -> str:
    from astralint.show.evaluated import OWN_KEYS, outcome, trace_data
    from astralint.show.text import trace_rows
    from astralint.source.secrets import Secrets
    from astralint.source.visible import visible_lines
    from astralint.terraform.values.console_text import render

    value = _value(text, evaluation)
    secrets = Secrets(evaluation.context.budget.secrets)
    if terminal:
        if isinstance(value, str):
            return f"error: {visible_lines(secrets.text(value))}\n"
        rows = [visible_lines(render(value)), *(f"  {row}" for row in trace_rows(value) if trace)]
        return secrets.text("\n".join(rows)) + "\n"
    from astralint.source.json_sink import json_text

    said: dict[str, Any] = {}
    if isinstance(value, str):
        said["error"] = value
    else:
        said.update(outcome(value))
        if trace:
            said["trace"] = trace_data(value)
    return json_text({"expression": text, **secrets.data(said, OWN_KEYS)}, indent=None) + "\n"


def _value(text: str, evaluation: Evaluation) -> Value | str:
    """Return the expression's value, or why it has none."""
    from astralint.hcl import parse_expression
    from astralint.terraform.expressions.evaluate import evaluate
    from astralint.terraform.values.value import EvaluationError

    if len(text) > LONGEST:
        return f"the expression has more than {LONGEST} characters"
    parsed = parse_expression(text)
    if parsed.expression is None or parsed.errors:
        return "; ".join(problem.message for problem in parsed.errors) or "this is not an expression"
    try:
        return evaluate(parsed.expression, evaluation.root.scope)
    except EvaluationError as error:
        return error.message
    except RecursionError:
        return "this expression leads through too many others"
