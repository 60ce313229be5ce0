"""`astralint explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from astralint.cli.options import color_option
from astralint.cli.session import require_configuration, session_for
from astralint.cli.terminal import write


@click.command()
@click.argument("rule")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="The configuration whose rules count too."
)
@click.option("--allow-rule-code", is_flag=True, help="Load the rules that a configuration found here brings along.")
@color_option
def command(rule: str, **given: Any) -> int:
    """Explain RULE, by its name or id: what it demands, why, and what is allowed."""
    from astralint.api import UsageError
    from astralint.config.suggest import did_you_mean
    from astralint.source.diagnostic import Diagnostic

    with session_for((), given) as session:
        require_configuration(session)
        described = session.descriptions()
        found = next((known for known in described if rule.lower() in (known.id.lower(), known.name.lower())), None)
        if found is None:
            help_ = did_you_mean(rule, [name for known in described for name in (known.id, known.name)])
            close = help_ if help_ is not None and help_.startswith("did") else "`astralint rules` lists all of them"
            raise UsageError(
                [Diagnostic("unknown-rule", "error", f"no rule is called `{rule}`", help=close, usage=True)]
            )
    tags = f", {', '.join(found.tags)}" if found.tags else ""
    write(f"# {found.name} ({found.id})\n\n*{found.severity}{tags}*\n\n{found.documentation.rstrip()}\n")
    return 0
