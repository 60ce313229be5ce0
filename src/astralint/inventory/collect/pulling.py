"""Pulls the states of the platform's workspaces from where their backends keep them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec

from astralint.estate.model import Workspace
from astralint.inventory.collect.parts import write_whole
from astralint.source.partial import Text
from astralint.source.tree import SourceError, SourceTree
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.remote_state import Location, location
from astralint.terraform.state.reader import StateError, read_state

MANIFEST = "workspaces.json"


class PullError(Exception):
    """A state that can't be had; `missing`: none was ever written. `fatal`: the others of this backend can't either."""

    def __init__(self, message: str, *, missing: bool = False, fatal: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.missing = missing
        self.fatal = fatal


class Remote(msgspec.Struct, frozen=True):
    """A workspace of HCP Terraform; of its variables those that are not sensitive."""

    organization: str
    id: str
    name: str
    project: str = ""
    tags: tuple[str, ...] = ()
    working_directory: str = ""
    terraform_version: str = ""
    variables: dict[str, str] = {}


class Buckets(Protocol):
    """Reads objects of S3."""

    def read(self, bucket: str, key: str, region: str) -> bytes:
        """Return an object; raises PullError."""
        ...


class Organizations(Protocol):
    """Reads workspaces and states of HCP Terraform, or of Terraform Enterprise."""

    def workspaces(self, hostname: str, organization: str) -> tuple[Remote, ...]:
        """Return the workspaces of an organization; raises PullError."""
        ...

    def state(self, hostname: str, remote: Remote) -> bytes:
        """Return the current state of a workspace; raises PullError."""
        ...


class Pulled(msgspec.Struct, frozen=True):
    """What became of a workspace's state: a file, or a message that says why there is none."""

    workspace: str
    backend: str
    file: str = ""
    message: str = ""
    missing: bool = False


class Puller:
    """Pulls states into a directory, a file for each workspace, named as `--state` looks for it."""

    def __init__(self, tree: SourceTree, output: Path, buckets: Buckets, organizations: Organizations) -> None:
        self._tree = tree
        self._output = output
        self._buckets = buckets
        self._organizations = organizations
        self._remotes: dict[tuple[str, str], tuple[Remote, ...]] = {}
        self._taken: set[tuple[str, str, str]] = set()
        self._failed: dict[str, str] = {}

    def pull(self, workspaces: Iterable[Workspace]) -> list[Pulled]:
        """Pull all that can be had; raises OSError where a file can't be written."""
        self._output.mkdir(mode=0o700, parents=True, exist_ok=True)
        done = [self._one(workspace) for workspace in workspaces]
        done += self._rest()
        self._write_manifest()
        return done

    def _one(self, workspace: Workspace) -> Pulled:
        identity = workspace.result.state
        config: dict[str, Text] = {
            name: text for name, value in identity.config.items() if (text := text_of(value)) is not None
        }
        backend = "remote" if identity.backend == "cloud" else identity.backend
        try:
            place = location(backend, config, workspace.spec.terraform_workspace or "default", workspace.directory)
            content = self._content(workspace, place, config)
            read_state(content, workspace.name)
        except (PullError, StateError) as error:
            return Pulled(workspace.name, backend, message=error.message, missing=getattr(error, "missing", False))
        return Pulled(workspace.name, backend, self._write(workspace.name, content))

    def _content(self, workspace: Workspace, place: Location, config: dict[str, Text]) -> bytes:
        if place.backend in self._failed:
            raise PullError(self._failed[place.backend])
        if place.backend == "local":
            (path,) = place.parts
            name = _known(path, "path")
            if self._tree.kind(name) is None:
                raise PullError(f"`{name}` does not exist: nothing was applied here", missing=True)
            try:
                return self._tree.read(name)
            except SourceError as error:
                raise PullError(error.message) from error
        try:
            if place.backend == "s3":
                bucket, key = (_known(part, name) for part, name in zip(place.parts, ("bucket", "key"), strict=True))
                region = config.get("region")
                return self._buckets.read(bucket, key, region if isinstance(region, str) else "")
            if place.backend == "remote":
                return self._of_hcp(workspace, place, config)
        except PullError as error:
            if error.fatal:
                self._failed[place.backend] = error.message
            raise
        raise PullError(f"states of the backend `{place.backend}` are not read: `terraform state pull` writes it")

    # --- HCP Terraform -------------------------------------------------------------------

    def _of_hcp(self, workspace: Workspace, place: Location, config: dict[str, Text]) -> bytes:
        organization = _known(place.parts[0], "organization")
        hostname = config.get("hostname")
        host = hostname if isinstance(hostname, str) else ""
        remote = self._find(self._all(host, organization), place.parts[1], workspace)
        self._taken.add((host, organization, remote.id))
        return self._organizations.state(host, remote)

    def _all(self, host: str, organization: str) -> tuple[Remote, ...]:
        if (host, organization) not in self._remotes:
            self._remotes[host, organization] = self._organizations.workspaces(host, organization)
        return self._remotes[host, organization]

    @staticmethod
    def _find(remotes: Iterable[Remote], name: Text, workspace: Workspace) -> Remote:
        """Return the workspace of a name, else the only one that runs in the directory."""
        found = [remote for remote in remotes if remote.name == name]
        if not found:
            found = [remote for remote in remotes if remote.working_directory.strip("/") == workspace.directory]
        if not found:
            raise PullError(f"the organization has no workspace `{name}`, nor one that runs in `{workspace.directory}`")
        if len(found) > 1:
            names = ", ".join(f"`{remote.name}`" for remote in found[:3])
            raise PullError(f"{len(found)} workspaces run in `{workspace.directory}`: {names}")
        return found[0]

    def _rest(self) -> list[Pulled]:
        """Pull what the organizations have beside: it manages something too."""
        done = []
        for (host, organization), remotes in self._remotes.items():
            for remote in remotes:
                if (host, organization, remote.id) in self._taken:
                    continue
                name = f"{organization}.{remote.name}"
                try:
                    content = self._organizations.state(host, remote)
                    read_state(content, name)
                except (PullError, StateError) as error:
                    done.append(Pulled(name, "remote", message=error.message, missing=getattr(error, "missing", False)))
                    continue
                done.append(Pulled(name, "remote", self._write(name, content)))
        return done

    # --- files ---------------------------------------------------------------------------

    def _write(self, name: str, content: bytes) -> str:
        parts = [re.sub(r"[^\w.@+-]", "_", part) for part in name.split("/") if part not in ("", ".", "..")]
        path = self._output.joinpath(*(parts or ["root"]))
        path = path.with_name(f"{path.name}.tfstate")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, content, mode=0o600)
        return str(path)

    def _write_manifest(self) -> None:
        remotes = [msgspec.structs.asdict(remote) for found in self._remotes.values() for remote in found]
        if remotes:
            content = json.dumps({"format_version": "1.0", "workspaces": remotes}, indent=2) + "\n"
            write_whole(self._output / MANIFEST, content.encode(), mode=0o600)


def _known(part: Text, name: str) -> str:
    if not isinstance(part, str):
        raise PullError(f"the backend's `{name}` is not known from the code")
    return part
