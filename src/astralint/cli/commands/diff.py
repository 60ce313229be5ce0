"""`astralint diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import make_options, scan_options
from astralint.cli.session import say
from astralint.cli.status import FINDINGS, SEVERITIES, USAGE, status_of_input
from astralint.cli.terminal import progress, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astralint.api import ScanOptions
    from astralint.compare.comparison import Comparison


@click.command()
@click.argument("base")
@click.argument("arguments", nargs=-1, metavar="[HEAD] [PATH]...")
@click.option(
    "--format", "-f", "format_", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "never"]),
    default="error",
    show_default=True,
    help="Status 1 for new findings of this severity and above.",
)
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Write into a file.")
@click.option("--select", multiple=True, metavar="RULES", help="Only these: names, ids, beginnings of ids (AL1).")
@click.option("--ignore", multiple=True, metavar="RULES", help="All but these.")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day by which suppressions expire."
)
@scan_options
def command(
    base: str,
    arguments: tuple[str, ...],
    format_: str,
    fail_on: str,
    output: Path | None,
    color: str,
    **given: Any,
) -> int:
    """Compare two git revisions: findings and trust that are added and removed, and what is weakened.

    BASE and HEAD are revisions; without HEAD the files as they are now count. Nothing is
    checked out. A name that is both a revision and a path counts as a revision; `--` before
    the paths makes it clear.
    """
    from astralint.api import UsageError
    from astralint.compare.render import render

    options = make_options(given)
    try:
        with progress("comparing"):
            comparison, prefix = _compare(base, arguments, options)
    except UsageError as error:
        say(error.diagnostics, None, color)
        return USAGE
    write(render(comparison, format_, prefix), output)
    if fail_on != "never":
        threshold = SEVERITIES.index(fail_on)
        if any(SEVERITIES.index(finding.severity) >= threshold for finding, _ in comparison.added):
            return FINDINGS
    return status_of_input(comparison.after.result.diagnostics)


def _compare(base: str, arguments: Sequence[str], options: ScanOptions) -> tuple[Comparison, str]:
    from astralint.api import compare_revisions
    from astralint.source.git_tree import GitError, resolve_revision, work_tree_of

    here = Path(arguments[-1]) if arguments and Path(arguments[-1]).is_dir() else Path()
    try:
        top = work_tree_of(options.boundary or here) or work_tree_of(Path())
    except GitError as error:
        raise _usage("not-a-repository", str(error)) from error
    if top is None:
        raise _usage("not-a-repository", f"`{options.boundary or here}` is in no git work tree")
    head: str | None = None
    paths = list(arguments)
    if paths:
        try:
            resolve_revision(top, paths[0])
            head = paths.pop(0)
        except GitError as error:
            if not Path(paths[0]).exists():
                raise _usage("unknown-revision", f"{error}, and no such path") from error
    return compare_revisions(base, head, [Path(path) for path in paths], top, options)


def _usage(code: str, message: str) -> Exception:
    from astralint.api import UsageError
    from astralint.source.diagnostic import Diagnostic

    return UsageError([Diagnostic(code, "error", message, usage=True)])
