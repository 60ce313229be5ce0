"""`astralint who-can`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.answers import Style, answer, place_data, place_lines, style
from astralint.cli.options import scan_options

if TYPE_CHECKING:
    from astralint.trust.who_can import Becoming, Permit, WhoCan

SHOWN = 12
KINDS = {"permission-set": "permission set", "anyone": "", "root": "", "other": "", "account": "", "service": ""}


@click.command()
@click.argument("action")
@click.argument("arguments", nargs=-1, metavar="[RESOURCE] [PATH]...")
@click.option("--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@scan_options
def command(action: str, arguments: tuple[str, ...], format_: str, **given: Any) -> int:
    """List who can do ACTION, on RESOURCE or on anything, and who can become one of them.

    ACTION is an action of AWS (s3:GetObject) or a pattern (s3:Get*). RESOURCE is an ARN, an
    address, or WORKSPACE/ADDRESS; what is the path of a directory is a PATH.
    """
    resource, paths = _split(arguments)
    return answer(
        paths, given, lambda platform: platform.who_can(action, resource), format_, as_json, as_text, "unknown-name"
    )


def _split(arguments: tuple[str, ...]) -> tuple[str | None, tuple[Path, ...]]:
    """Take the first argument as the resource, unless it is a directory."""
    if not arguments or Path(arguments[0]).is_dir():
        return None, tuple(map(Path, arguments))
    return arguments[0], tuple(map(Path, arguments[1:]))


# --- JSON ----------------------------------------------------------------------------------


def as_json(found: WhoCan) -> dict[str, Any]:
    """Return the answer as plain data."""
    return {
        "format_version": "1.0",
        "asked": found.asked,
        "actions": [{"name": str(action), "level": action.level} for action in found.actions],
        "resource": {"name": str(found.target), "arn": str(found.target.arn)} if found.target is not None else None,
        "principals": [_permit(permit) for permit in found.permits],
        "through_others": [_becoming(one) for one in found.becoming],
        "notes": list(found.notes),
    }


def _permit(permit: Permit) -> dict[str, Any]:
    return {
        "node": permit.node,
        "name": permit.name,
        "kind": permit.kind,
        "account": permit.account.name if permit.account is not None else None,
        "verdict": permit.verdict,
        "policies_known": not permit.is_open,
        "actions": list(permit.actions),
        "resources": list(permit.resources),
        "conditions": list(permit.conditions),
        "allowed_by": list(permit.through),
        "evidence": [place_data(item) for item in permit.evidence],
    }


def _becoming(one: Becoming) -> dict[str, Any]:
    return {
        "node": one.node,
        "name": one.name,
        "account": one.account.name if one.account is not None else None,
        "verdict": one.verdict,
        "conditions": list(one.conditions),
        "steps": [
            {
                "kind": step.kind,
                "from": step.source,
                "to": step.role.node,
                "verdict": step.decision.verdict,
                "evidence": [place_data(item) for item in step.evidence],
            }
            for step in one.steps
        ],
        "as": one.permit.node,
    }


# --- text ----------------------------------------------------------------------------------


def as_text(found: WhoCan, color: bool) -> str:
    """Return the answer for people."""
    from astralint.source.visible import visible

    bold, dim = (style(code, on=color) for code in ("1", "2"))
    known = [permit for permit in found.permits if not permit.is_open]
    lines = [bold(visible(_title(found, known)))]
    for permit in known:
        lines += ["", *_lines(permit, found, bold, dim)]
    if found.becoming:
        lines += ["", bold("Who can become one of them:")]
        for one in found.becoming:
            lines += [f"  {line}" for line in _chain(one, dim)]
    unknown = [permit.name for permit in found.permits if permit.is_open]
    if unknown:
        lines += ["", bold("Not known, since policies that they have are not in the code:")]
        lines += [f"  {visible(name)}" for name in unknown]
    lines += ["", *(f"note: {visible(note)}" for note in found.notes)] if found.notes else []
    return "\n".join(lines) + "\n"


def _title(found: WhoCan, known: list[Permit]) -> str:
    what = f"`{found.asked}`" + (f" on `{found.target}`" if found.target is not None else "")
    sure = sum(permit.verdict == "allowed" for permit in known)
    if not known:
        return f"Nobody is known to be able to do {what}"
    others = len(known) - sure
    text = f"{sure} can do {what}" if sure else f"{others} can do {what}, on conditions"
    return text + (f", {others} more on conditions" if sure and others else "")


def _lines(permit: Permit, found: WhoCan, bold: Style, dim: Style) -> Iterator[str]:
    from astralint.source.visible import visible

    kind = KINDS.get(permit.kind, permit.kind)
    title = permit.name + (f", a {kind}" if kind else "")
    yield bold(visible(title)) + (" (conditional)" if permit.verdict != "allowed" else "")
    if len(found.actions) > 1:
        yield from _listed("may", permit.actions)
    yield from _listed("on", permit.resources)
    for line in place_lines(permit.evidence, dim):
        yield f"  {'by':<5}{line}"
    for condition in permit.conditions:
        yield f"  {'if':<5}{visible(condition)}"


def _listed(label: str, items: tuple[str, ...]) -> Iterator[str]:
    from astralint.source.visible import visible

    for item in items[:SHOWN]:
        yield f"  {label:<5}{visible(item)}"
    if len(items) > SHOWN:
        yield f"  {label:<5}{len(items) - SHOWN} more"


def _chain(one: Becoming, dim: Style) -> Iterator[str]:
    from astralint.source.visible import visible

    chain = " → ".join([one.name, *(step.role.title for step in one.steps)])
    yield visible(chain) + (" (conditional)" if one.verdict != "allowed" else "")
    for step in one.steps:
        for line in place_lines(step.evidence, dim):
            yield f"  by   {line}"
