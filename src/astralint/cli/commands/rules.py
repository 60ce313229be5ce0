"""`astralint rules`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import color_option
from astralint.cli.session import require_configuration, session_for
from astralint.cli.terminal import write

if TYPE_CHECKING:
    from astralint.session.session import Session


@click.command()
@click.option(
    "--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", help="How to list them."
)
@click.option("--explain-selection", is_flag=True, help="Say of each rule whether it runs on this platform, and why.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="The configuration whose rules count too."
)
@click.option("--allow-rule-code", is_flag=True, help="Load the rules that a configuration found here brings along.")
@color_option
def command(format_: str, *, explain_selection: bool, **given: Any) -> int:
    """List the rules with their severity and what each demands."""
    with session_for((), given) as session:
        require_configuration(session)
        if explain_selection:
            write(_selection(session, format_))
            return 0
        described = session.descriptions()
    write(_as_json(described) if format_ == "json" else _as_table(described))
    return 0


def _selection(session: Session, format_: str) -> str:
    """Return of each rule whether it runs on the platform here, and why."""
    import json

    from astralint.rules.selection import choices

    loaded = session.rules()
    platform = session.build().platform
    rows: list[tuple[str, str, str, str]] = []
    for choice in choices(loaded.rules, session.settings):
        rule, runs, why = choice.rule, choice.runs, choice.why
        missing = [f"`{kind}`" for kind in rule.needs if not platform.of_kind(kind)]
        if runs and missing:
            runs, why = False, f"the platform has no account of the kind {' and none of '.join(missing)}"
        place = f" ({choice.span.file}:{choice.span.line})" if choice.span is not None else ""
        rows.append((rule.id, rule.name, "runs" if runs else "silent" if missing else "off", why + place))
    if format_ == "json":
        listed = [{"id": a, "name": b, "state": c, "why": d} for a, b, c, d in rows]
        return json.dumps({"format_version": "1", "selection": listed}, indent=2, ensure_ascii=False) + "\n"
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(
        "  ".join((*(row[column].ljust(widths[column]) for column in range(3)), row[3])) + "\n" for row in rows
    )


def _as_json(described: Any) -> str:
    from astralint.source.json_sink import json_text

    rules = [
        {
            "id": rule.id,
            "name": rule.name,
            "severity": rule.severity,
            "summary": rule.summary,
            "tags": list(rule.tags),
            "pack": rule.pack,
        }
        for rule in described
    ]
    return json_text({"format_version": "1", "rules": rules}) + "\n"


def _as_table(described: Any) -> str:
    rows = [(rule.id, rule.name, rule.severity, rule.summary) for rule in described]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(
        "  ".join((*(row[column].ljust(widths[column]) for column in range(3)), row[3])).rstrip() + "\n" for row in rows
    )
