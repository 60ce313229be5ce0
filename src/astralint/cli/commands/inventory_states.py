"""`astralint inventory states`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from astralint.cli.commands.inventory_collect import require_extra
from astralint.cli.options import FILE, paths_argument, scan_options
from astralint.cli.session import require_configuration, session_for
from astralint.cli.status import BROKEN, OK
from astralint.cli.terminal import progress

if TYPE_CHECKING:
    from astralint.inventory.collect.pulling import Buckets, Organizations, Remote


@click.command()
@paths_argument
@click.option("--output", "-o", type=FILE, default="states", show_default=True, help="The directory of the states.")
@click.option("--workspace", "-w", "workspaces", multiple=True, metavar="NAME", help="Pull its state alone.")
@click.option("--aws-profile", metavar="NAME", help="The profile of AWS's configuration that calls.")
@scan_options
def states(
    paths: tuple[Path, ...], output: Path, workspaces: tuple[str, ...], aws_profile: str | None, **given: Any
) -> int:
    """Pull the states of all workspaces from their backends: files, S3, HCP Terraform.

    `--state DIR` reads them then, without credentials. States hold secrets: the directory is the
    caller's alone. Status 3 where a state could not be had.
    """
    from astralint.inventory.collect.pulling import Puller

    with session_for(paths, given) as session:
        require_configuration(session)
        with progress("evaluating"):
            platform = session.build().platform
        unknown = [name for name in workspaces if name not in platform.workspaces]
        if unknown:
            raise click.ClickException(f"there is no workspace {unknown[0]!r}")
        chosen = [w for w in platform.workspaces.values() if not workspaces or w.name in workspaces]
        try:
            done = Puller(session.tree, output, _Buckets(aws_profile), _Organizations()).pull(chosen)
        except OSError as error:
            raise click.ClickException(f"{str(output)!r} can't be written: {error.strerror or error}") from error
    for one in done:
        if one.message:
            click.echo(f"{'no state' if one.missing else 'not pulled'}: {one.workspace}: {one.message}", err=True)
    pulled = sum(bool(one.file) for one in done)
    click.echo(f"{pulled} states are in {output}", err=True)
    return BROKEN if any(one.message and not one.missing for one in done) else OK


class _Buckets:
    """S3, which is only asked where a state is there."""

    def __init__(self, profile: str | None) -> None:
        self._profile = profile
        self._own: Buckets | None = None

    def read(self, bucket: str, key: str, region: str) -> bytes:
        """See `Buckets.read`."""
        if self._own is None:
            require_extra("boto3", "aws")
            from astralint.inventory.collect.access import own_access
            from astralint.inventory.collect.s3 import S3Buckets

            self._own = S3Buckets(own_access("us-east-1", self._profile, 4))
        return self._own.read(bucket, key, region)


class _Organizations:
    """HCP Terraform, which is only asked where a state is there."""

    def __init__(self) -> None:
        self._own: Organizations | None = None

    def _client(self) -> Organizations:
        if self._own is None:
            require_extra("pytfe", "hcp")
            from astralint.inventory.collect.hcp import HcpOrganizations

            self._own = HcpOrganizations()
        return self._own

    def workspaces(self, hostname: str, organization: str) -> tuple[Remote, ...]:
        """See `Organizations.workspaces`."""
        return self._client().workspaces(hostname, organization)

    def state(self, hostname: str, remote: Remote) -> bytes:
        """See `Organizations.state`."""
        return self._client().state(hostname, remote)
