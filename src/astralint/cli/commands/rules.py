"""`astralint rules`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from astralint.cli.options import color_option
from astralint.cli.session import require_configuration, session_for
from astralint.cli.terminal import write


@click.command()
@click.option(
    "--format", "-f", "format_", type=click.Choice(["text", "json"]), default="text", help="How to list them."
)
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="The configuration whose rules count too."
)
@click.option("--allow-rule-code", is_flag=True, help="Load the rules that a configuration found here brings along.")
@color_option
def command(format_: str, **given: Any) -> int:
    """List the rules with their severity and what each demands."""
    with session_for((), given) as session:
        require_configuration(session)
        described = session.descriptions()
    write(_as_json(described) if format_ == "json" else _as_table(described))
    return 0


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
