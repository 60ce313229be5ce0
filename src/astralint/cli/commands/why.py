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
from astralint.report.words import counted

if TYPE_CHECKING:
    from astralint.source.evidence import Evidence
    from astralint.trust.steps import Step
    from astralint.trust.why import FoundWay, Why

VERBS = {
    "deploys-as": "deploys as",
    "member-of": "is a member of",
    "can-assume-root": "can become",
    "is-administrator": "is",
    "administers": "can become",
}
GETS = {"becomes": "becomes", "acts-as": "acts as", "code-as": "has its code run as"}
"""What somebody gets by an escalation."""


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@paths_argument
@click.option("--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--escalation/--no-escalation",
    default=True,
    show_default=True,
    help="Say as well who can make themselves somebody else by what they may change.",
)
@scan_options
def command(
    source: str, target: str, paths: tuple[Path, ...], format_: str, escalation: bool, color: str, **given: Any
) -> int:
    """Say how FROM can become TO: every shortest way with its lines of code, or what stops it.

    Ways by assuming roles come first; apart from them those of escalation: whoever may rewrite a
    trust policy, hand a role to a new function or replace the code of one becomes that role, too.

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
            answer = build.platform.why(source, target, escalation=escalation)
        except NameProblem as problem:
            wrong = Diagnostic("unknown-principal", "error", problem.message, help=problem.help, usage=True)
            raise UsageError([wrong]) from problem
        say([d for d in build.said if d.severity == "error"], session, color)
        if format_ == "json":
            from astralint.source.json_sink import json_text

            write(json_text(session.secrets.data(as_json(answer))) + "\n")
        else:
            write(session.secrets.text(as_text(answer, color=wants_color(color, sys.stdout))))
        return status_of_input(build.said)


# --- JSON ----------------------------------------------------------------------------------


def as_json(answer: Why) -> dict[str, Any]:
    """Return the answer as plain data."""
    return {
        "format_version": "1.0",
        "from": {"name": str(answer.source), "kind": answer.source.kind},
        "to": {"name": str(answer.target), "kind": answer.target.kind},
        "ways": [_way(way) for way in answer.ways],
        "ways_left_out": answer.left_out,
        "escalations": [_way(way) for way in answer.escalations],
        "escalations_left_out": answer.escalations_left_out,
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
                **_escalation(step),
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


def _escalation(step: Step) -> dict[str, Any]:
    if not step.path:
        return {}
    return {"path": step.path, "does": step.does, "how": step.how, "through": list(step.through)}


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
        count = counted(len(answer.ways) + answer.left_out, "shortest way")
        lines.append(bold(f"`{source}` can become `{target}`: {count}"))
        lines += _ways(answer.ways, answer.left_out, bold, dim)
    if answer.escalations:
        count = counted(len(answer.escalations) + answer.escalations_left_out, "shortest way")
        said = f"`{source}` can make itself `{target}`" + (
            "" if answer.ways else ", though not by assuming roles alone"
        )
        lines += [*([""] if lines else []), bold(f"{said}: {count} of escalation")]
        lines += _ways(answer.escalations, answer.escalations_left_out, bold, dim)
    if not lines:
        lines.append(bold(f"`{source}` can't become `{target}`") + red(": there is no way"))
        for obstacle in answer.obstacles:
            lines += [
                "",
                f"- {visible(obstacle.text)}",
                *(f"    {line}" for line in _places("", obstacle.evidence, dim)),
            ]
    return "\n".join(lines) + "\n"


def _ways(ways: Iterable[FoundWay], left_out: int, bold: Any, dim: Any) -> Iterator[str]:
    for number, way in enumerate(ways, 1):
        yield from ("", bold(f"{number}. {_chain(way)}") + (" (conditional)" if way.verdict == "conditional" else ""))
        for step in way.steps:
            yield from (f"   {line}" for line in _step(step, dim))
    if left_out:
        yield from ("", f"{left_out} more are left out")


def _chain(way: FoundWay) -> str:
    return visible(" → ".join([way.steps[0].source_name, *(step.target.title for step in way.steps)]))


def _step(step: Step, dim: Any) -> Iterator[str]:
    yield visible(_sentence(step))
    yield from (f"  {line}" for line in _places("binding", step.binding, dim))
    yield from (f"  {line}" for line in _places("trust", step.trust, dim))
    yield from (
        f"  {line}" for line in _places("provider" if step.kind == "deploys-as" else "permission", step.permission, dim)
    )
    yield from (f"  if          {visible(condition)}" for condition in step.conditions)


def _sentence(step: Step) -> str:
    if not step.path:
        return f"{step.source_name} {VERBS.get(step.kind, 'can assume')} {step.target.title}"
    through = f" (through {', '.join(node.partition(':')[2] for node in step.through)})" if step.through else ""
    gets = GETS.get(step.how, "becomes")
    return f"{step.source_name} {step.does}{through} and {gets} {step.target.title} [{step.path}]"


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
