"""`astralint why`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import paths_argument, scan_options
from astralint.cli.session import require_configuration, say, session_for
from astralint.cli.status import status_of_input
from astralint.cli.terminal import progress, wants_color, write

if TYPE_CHECKING:
    from astralint.source.evidence import Evidence
    from astralint.trust.why import FoundWay, Step, Why

VERBS = {"deploys-as": "deploys as", "member-of": "is a member of", "can-assume-root": "can become"}


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@paths_argument
@click.option("--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@scan_options
def command(source: str, target: str, paths: tuple[Path, ...], format_: str, color: str, **given: Any) -> int:
    """Say how FROM can become TO: every shortest way with its lines of code, or what stops it.

    FROM and TO are accounts (by name, number, or a kind that only one has), roles and users
    (ARN, address, ACCOUNT/NAME), permission sets (ACCOUNT/NAME). FROM may also be a user or
    group of Identity Center, a service account (CLUSTER/NAMESPACE/NAME), a service
    (lambda.amazonaws.com), a subject of an identity provider
    (repo:astradot/app:ref:refs/heads/main), or * for anybody.
    """
    from astralint.api import UsageError
    from astralint.source.diagnostic import Diagnostic
    from astralint.trust.why import NameProblem

    with session_for(paths, {**given, "color": color}) as session:
        require_configuration(session)
        with progress("evaluating"):
            build = session.build()
        try:
            answer = build.platform.why(source, target)
        except NameProblem as problem:
            wrong = Diagnostic("unknown-principal", "error", problem.message, help=problem.help, usage=True)
            raise UsageError([wrong]) from problem
        say([d for d in build.diagnostics if d.severity == "error"], session, color)
        if format_ == "json":
            from astralint.source.json_sink import json_text

            write(json_text(session.secrets.data(as_json(answer))) + "\n")
        else:
            write(session.secrets.text(as_text(answer, color=wants_color(color, sys.stdout))))
        return status_of_input(build.diagnostics)


# --- JSON ----------------------------------------------------------------------------------


def as_json(answer: Why) -> dict[str, Any]:
    """Return the answer as plain data."""
    return {
        "format_version": "1.0",
        "from": {"name": str(answer.source), "kind": answer.source.kind},
        "to": {"name": str(answer.target), "kind": answer.target.kind},
        "ways": [_way(way) for way in answer.ways],
        "ways_left_out": answer.left_out,
        "obstacles": [
            {"kind": obstacle.kind, "text": obstacle.text, "evidence": [_place(item, "") for item in obstacle.evidence]}
            for obstacle in answer.obstacles
        ],
    }


def _way(way: FoundWay) -> dict[str, Any]:
    return {
        "verdict": way.verdict,
        "conditions": list(way.conditions),
        "steps": [
            {
                "kind": step.kind,
                "from": step.source,
                "to": step.target.node,
                "verdict": step.verdict,
                "conditions": list(step.conditions),
                "evidence": [
                    *(_place(item, "binding") for item in step.binding),
                    *(_place(item, "trust") for item in step.trust),
                    *(
                        _place(item, "provider" if step.kind == "deploys-as" else "identity")
                        for item in step.permission
                    ),
                ],
            }
            for step in way.steps
        ],
    }


def _place(item: Evidence, side: str) -> dict[str, Any]:
    return {
        **item.span.data(),
        "text": item.text,
        "side": side,
        "workspace": item.workspace,
    }


# --- text ----------------------------------------------------------------------------------


def as_text(answer: Why, *, color: bool) -> str:
    """Return the answer for people."""
    bold, red, dim = (_style(code, on=color) for code in ("1", "31", "2"))
    source, target = visible(str(answer.source)), visible(str(answer.target))
    lines: list[str] = []
    if answer.ways:
        count = len(answer.ways) + answer.left_out
        lines.append(bold(f"`{source}` can become `{target}`: {count} shortest way{'s' if count > 1 else ''}"))
        for number, way in enumerate(answer.ways, 1):
            lines += ["", bold(f"{number}. {_chain(way)}") + (" (conditional)" if way.verdict == "conditional" else "")]
            for step in way.steps:
                lines += [f"   {line}" for line in _step(step, dim)]
        if answer.left_out:
            lines += ["", f"{answer.left_out} more are left out"]
    else:
        lines.append(bold(f"`{source}` can't become `{target}`") + red(": there is no way"))
        for obstacle in answer.obstacles:
            lines += [
                "",
                f"- {visible(obstacle.text)}",
                *(f"    {line}" for line in _places("", obstacle.evidence, dim)),
            ]
    return "\n".join(lines) + "\n"


def _chain(way: FoundWay) -> str:
    return visible(" → ".join([way.steps[0].source_name, *(step.target.title for step in way.steps)]))


def _step(step: Step, dim: Any) -> Iterator[str]:
    yield visible(f"{step.source_name} {VERBS.get(step.kind, 'can assume')} {step.target.title}")
    yield from (f"  {line}" for line in _places("binding", step.binding, dim))
    yield from (f"  {line}" for line in _places("trust", step.trust, dim))
    yield from (
        f"  {line}" for line in _places("provider" if step.kind == "deploys-as" else "permission", step.permission, dim)
    )
    yield from (f"  if          {visible(condition)}" for condition in step.conditions)


def _places(side: str, evidence: Iterable[Evidence], dim: Any) -> Iterator[str]:
    for item in evidence:
        label = f"{side:<12}" if side else ""
        yield f"{label}{visible(str(item.span))} {dim(visible(item.text))}"


def _style(code: str, *, on: bool) -> Any:
    return (lambda text: f"\x1b[{code}m{text}\x1b[0m") if on else (lambda text: text)


def visible(text: str) -> str:
    """Return a text with nothing in it that moves a terminal's cursor."""
    from astralint.source.visible import visible as shown

    return shown(text)
