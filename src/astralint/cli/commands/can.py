"""`astralint can`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.answers import answer, place_data, place_lines, style
from astralint.cli.options import paths_argument, scan_options

if TYPE_CHECKING:
    from astralint.trust.can import Can, Level, Service

SHOWN = 6
STRONGEST = ("Permissions management", "Write")


@click.command()
@click.argument("principal")
@paths_argument
@click.option("--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@scan_options
def command(principal: str, paths: tuple[Path, ...], format_: str, **given: Any) -> int:
    """Summarize what PRINCIPAL can do, by service and access level.

    PRINCIPAL is a role or user (ARN, address, ACCOUNT/NAME) or a permission set
    (ACCOUNT/NAME). Conditional is what hangs on a condition, or on a policy not in the code.
    """
    return answer(
        paths, given, lambda platform: platform.can(principal), format_, as_json, as_text, "unknown-principal"
    )


# --- JSON ----------------------------------------------------------------------------------


def as_json(found: Can) -> dict[str, Any]:
    """Return the answer as plain data, with each action."""
    identity = found.identity
    return {
        "format_version": "1.0",
        "principal": {
            "node": identity.node,
            "name": str(identity),
            "kind": identity.kind,
            "account": identity.account.name if identity.account is not None else None,
        },
        "catalogue": found.date,
        "services": [
            {
                "service": service.name,
                "levels": [
                    {
                        "level": level.level,
                        "allowed": list(level.allowed),
                        "conditional": list(level.conditional),
                        "of": level.total,
                    }
                    for level in service.levels
                ],
                "resources": list(service.resources),
            }
            for service in found.services
        ],
        "by_resources": [
            {
                "resource": one.resource,
                "allowed": list(one.allowed),
                "conditional": list(one.conditional),
                "evidence": [place_data(item) for item in one.evidence],
            }
            for one in found.granted
        ],
        "can_become": list(found.becomes),
        "unknown_policies": list(found.unknown),
    }


# --- text ----------------------------------------------------------------------------------


def as_text(found: Can, color: bool) -> str:
    """Return the answer for people."""
    from astralint.source.visible import visible

    bold, dim = (style(code, on=color) for code in ("1", "2"))
    sure = sum(len(level.allowed) for service in found.services for level in service.levels)
    open_ = sum(len(level.conditional) for service in found.services for level in service.levels)
    lines = [
        bold(visible(f"{found.identity.title} can do {sure:,} actions of {len(found.services)} services"))
        + (
            f", {open_:,} of them or more on conditions"
            if open_ and not sure
            else f", and {open_:,} more on conditions"
        )
        * bool(open_)
    ]
    width = max((len(service.name) for service in found.services), default=0)
    for service in found.services:
        lines += [f"  {visible(service.name):<{width}}  {line}" for line in _levels(service)]
    for one in found.granted:
        lines += ["", bold(visible(f"The policy of `{one.resource}` lets it:"))]
        lines += [f"  {visible(_few(one.allowed))}"] if one.allowed else []
        lines += [f"  {visible(_few(one.conditional))} (conditional)"] if one.conditional else []
        lines += [f"  by   {line}" for line in place_lines(one.evidence, dim)]
    if found.becomes:
        lines += ["", bold("It can become:"), *(f"  {visible(name)}" for name in found.becomes)]
    if found.unknown:
        lines += ["", bold("Not known is what these policies say:"), *(f"  {visible(name)}" for name in found.unknown)]
    return "\n".join(lines) + "\n"


def _levels(service: Service) -> Iterator[str]:
    strongest = next((level for level in service.levels if level.allowed), service.levels[0])
    counts = ", ".join(_count(level) for level in service.levels)
    names = strongest.allowed or strongest.conditional
    yield f"{counts}: {_few(names)}"


def _count(level: Level) -> str:
    sure, more = len(level.allowed), len(level.conditional)
    if sure == level.total:
        return f"all {sure} {level.level}"
    return f"{sure}{f'+{more}?' if more else ''} of {level.total} {level.level}"


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
