"""`astralint inventory adopt`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.options import FILE, paths_argument, scan_options
from astralint.cli.session import require_configuration, session_for
from astralint.cli.status import BROKEN, OK
from astralint.cli.terminal import progress, write

if TYPE_CHECKING:
    from astralint.inventory.adoption import Adopted, LeftOver


@click.command()
@click.argument("inventory", type=FILE)
@paths_argument
@click.option("--only", multiple=True, metavar="PATTERN", help="What fits: `account/region/type/id`, with * and ?.")
@click.option("--workspace", "-w", metavar="NAME", help="The workspace that takes it [default: one of its account].")
@click.option("--write", "file", metavar="NAME", help="Write a file of this name into each workspace's directory.")
@scan_options
def adopt(
    inventory: Path,
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    workspace: str | None,
    file: str | None,
    **given: Any,
) -> int:
    """Print `import` blocks and resources for what INVENTORY has and no workspace manages.

    Where the inventory tells the arguments, the resource is written too; for the others `terraform plan
    -generate-config-out=FILE` writes it. Status 3 where something has no place.
    """
    from astralint.inventory.adoption import Adopted, Adoption, LeftOver, by_workspace, chosen

    with session_for(paths, {**given, "inventory": inventory}) as session:
        require_configuration(session)
        with progress("judging"):
            platform = session.build().platform
        if workspace is not None and workspace not in platform.workspaces:
            raise click.ClickException(f"there is no workspace {workspace!r}")
        if file is not None and ("/" in file or not file.endswith(".tf")):
            raise click.ClickException(f"{file!r} is no name of a Terraform file")
        if platform.inventory is None:
            return BROKEN
        adoption = Adoption(platform, workspace or "")
        taken = [adoption.adopt(one) for one in chosen(platform.existing, only)]
        adopted = [one for one in taken if isinstance(one, Adopted)]
        for name, own in by_workspace(adopted).items():
            directory = platform.workspaces[name].directory
            text = "\n".join(one.text for one in own)
            if file is None:
                write(f"# {directory} (workspace {name})\n\n{text}\n")
            else:
                _write_new(session.root / directory / file, text)
    _say(adopted, [one for one in taken if isinstance(one, LeftOver)])
    return BROKEN if any(isinstance(one, LeftOver) for one in taken) else OK


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"{str(path)!r} is there already") from error
    except OSError as error:
        raise click.ClickException(f"{str(path)!r} can't be written: {error.strerror or error}") from error
    click.echo(f"{path} is written", err=True)


def _say(adopted: list[Adopted], left: list[LeftOver]) -> None:
    from astralint.inventory.adoption import GENERATE

    bare = sum(not one.written for one in adopted)
    if not adopted and not left:
        click.echo("nothing is unmanaged", err=True)
    if bare:
        click.echo(f"{bare} of {len(adopted)} have no resource yet: `{GENERATE}` writes them", err=True)
    for one in left:
        click.echo(f"left over: {one.judged}: {one.reason}", err=True)
