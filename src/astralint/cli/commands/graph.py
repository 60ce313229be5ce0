"""`astralint graph`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import FILE, paths_argument, scan_options
from astralint.cli.session import say, session_for
from astralint.cli.status import status_of_input
from astralint.cli.terminal import progress, wants_color, width_of, write
from astralint.draw import FORMATS

if TYPE_CHECKING:
    import networkx as nx

    from astralint.platform.platform import Platform


@click.command()
@paths_argument
@click.option(
    "--format", "-f", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="As what."
)
@click.option(
    "--level",
    type=click.Choice(["account", "role", "resource"]),
    default="account",
    show_default=True,
    help="What the nodes are.",
)
@click.option("--from", "source", metavar="NODE", help="Only ways that begin here: an account, role or node id.")
@click.option("--to", "target", metavar="NODE", help="Only ways that end here.")
@click.option(
    "--escalation/--no-escalation",
    default=True,
    show_default=True,
    help="Draw who can make themselves somebody else by what they may change.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Write into a file.")
@click.option("--inventory", type=FILE, metavar="FILE", help="Say in each account how much of it no code manages.")
@click.option("--profile", metavar="NAME", help="Lay a profile of the configuration over its rules.")
@click.option(
    "--allow-rule-code", is_flag=True, help="Run the rules that a configuration found in the tree brings along."
)
@scan_options
def command(
    paths: tuple[Path, ...],
    format_: str,
    level: str,
    source: str | None,
    target: str | None,
    escalation: bool,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """Draw the accounts, workspaces and roles below PATHS, and who can become whom.

    Whoever can make themselves somebody else by what they may change is drawn apart from who can assume roles.

    Edges that a rule finds fault with are marked.
    """
    from astralint.api import UsageError, check
    from astralint.draw import DrawError, DrawOptions, draw_with_notes
    from astralint.draw.table import MINIMUM_WIDTH
    from astralint.graph.builder import mark_findings, mark_nodes
    from astralint.graph.masking import masked_graph
    from astralint.rules.finding import single
    from astralint.source.diagnostic import Diagnostic
    from astralint.version import __version__

    with session_for(paths, {**given, "color": color}) as session:
        with progress("evaluating"):
            report = check(session)
            graph = report.platform.graph
            if escalation:
                from astralint.graph.escalation import add_escalations

                add_escalations(graph, report.platform.escalations)
        _mark_unmanaged(graph, report.platform)
        found = single(report.result.findings)
        marked = mark_findings(graph, ((one.rule, one.primary, one.subject) for one in found))
        others = (one for one, is_marked in zip(found, marked, strict=True) if not is_marked)
        mark_nodes(graph, ((one.rule, one.workspace, one.subject, one.account) for one in others))
        source, target = _node(graph, source, "--from"), _node(graph, target, "--to")
        graph, names = masked_graph(graph, session.secrets)
        options = DrawOptions(
            level=level,  # type: ignore[arg-type]
            source=names.get(source, source) if source is not None else None,
            target=names.get(target, target) if target is not None else None,
            width=width_of(sys.stdout, least=MINIMUM_WIDTH),
            color=output is None and wants_color(color, sys.stdout),
            version=__version__,
            title=session.settings.platform.organization or session.given[0].resolve().name,
        )
        try:
            drawing = draw_with_notes(graph, format_, options)
        except DrawError as error:
            raise UsageError([Diagnostic("not-drawable", "error", str(error), usage=True)]) from error
        say([Diagnostic("drawing", "note", note) for note in drawing.notes], session, color)
        say([d for d in report.result.diagnostics if d.severity == "error"], session, color)
        write(drawing.text if drawing.text.endswith("\n") else drawing.text + "\n", output)
        return status_of_input(report.result.diagnostics)


def _mark_unmanaged(graph: nx.MultiDiGraph[str], platform: Platform) -> None:
    """Write on each account how much in it no code manages, where an inventory says so."""
    for one in platform.existing:
        node = f"account:{one.account.name}" if one.account is not None else ""
        if one.verdict == "unmanaged" and node in graph:
            graph.nodes[node]["unmanaged"] = graph.nodes[node].get("unmanaged", 0) + 1


def _node(graph: nx.MultiDiGraph[str], given: str | None, option: str) -> str | None:
    """Return the node that a user names: by its id, its name or address, or the end of its id."""
    if given is None or given in graph:
        return given
    from astralint.api import UsageError
    from astralint.config.suggest import did_you_mean
    from astralint.source.diagnostic import Diagnostic

    named: dict[str, list[str]] = {}
    for node, data in graph.nodes(data=True):
        for name in {node.partition(":")[2], str(data.get("name", "")), str(data.get("address", ""))}:
            named.setdefault(name, []).append(node)
    found = named.get(given, [])
    accounts = [node for node in found if node.startswith("account:")]
    if accounts or len(found) == 1:
        return (accounts or found)[0]
    if found:
        message = f"`{given}` of `{option}` is the name of {len(found)} nodes"
        help_ = "name one by its id: " + ", ".join(f"`{node}`" for node in sorted(found)[:8])
    else:
        message = f"there is no account, workspace, resource or principal `{given}` for `{option}`"
        suggestion = did_you_mean(given, named)
        help_ = (
            suggestion
            if suggestion is not None and suggestion.startswith("did")
            else "`astralint graph --format json` lists all nodes"
        )
    raise UsageError([Diagnostic("unknown-node", "error", message, help=help_, usage=True)])
