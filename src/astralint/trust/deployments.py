"""The roles that workspaces act as: those of their providers, their backends, the states that they read, their runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from astralint.aws.arn import Arn
from astralint.estate.estate import Estate
from astralint.estate.model import Account, Workspace
from astralint.estate.nodes import account_node, named_node
from astralint.estate.run_roles import run_roles
from astralint.source.evidence import Evidence
from astralint.source.partial import PartialText, Text
from astralint.source.span import Span
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.knowledge import ProviderContext
from astralint.trust.directory import IdentityDirectory
from astralint.trust.identity import Identity

Through = Literal["provider", "backend", "remote-state", "run", "profile"]
SHOWN = {
    "provider": "deploys as",
    "backend": "keeps its state as",
    "remote-state": "reads state as",
    "run": "runs as",
    "profile": "deploys with the profile",
}
STATE_ROLES = ("role_arn", "assume_role.role_arn", "assume_role_with_web_identity.role_arn")
"""The arguments of the s3 backend that name a role (Terraform's "S3 backend", its deprecated form included)."""


class Deployment(msgspec.Struct, frozen=True, eq=False):
    """A workspace acts as a role; `role` is ours, or None. With a profile it acts as somebody of `account`.

    `through` says who assumes it: a provider, the backend that keeps the workspace's state,
    a remote state that it reads, the runs of HCP Terraform (which a `tfe_variable` gives it), or a
    provider with a `profile`: then `arn` is the profile's name.
    `where` is the workspace in whose code that stands.
    """

    workspace: Workspace
    arn: Text
    role: Identity | None
    account: Account | None
    through: Through
    span: Span
    where: str

    def __str__(self) -> str:
        return f"{self.workspace} -> {self.arn}"

    @property
    def node(self) -> str:
        """The node of the role in the graph."""
        if self.role is not None:
            return self.role.node
        if self.through == "profile" and self.account is not None:
            return account_node(self.account.name)
        is_unknown = isinstance(self.arn, PartialText) and len(self.arn.parts) == 1
        return named_node("unknown" if is_unknown else "role", self.arn, self.workspace.name)

    @property
    def evidence(self) -> Evidence:
        label = f"workspace `{self.workspace}` {SHOWN[self.through]} `{self.arn}`"
        return Evidence(self.span, label, self.where)


def deployments(estate: Estate, directory: IdentityDirectory) -> Iterator[Deployment]:
    """Yield every role that a workspace acts as."""
    found = _Found(estate, directory)
    for workspace in estate.workspaces.values():
        for provider in workspace.result.providers:
            yield from found.of_provider(workspace, provider)
            yield from found.of_profile(workspace, provider)
        yield from found.of_state(workspace)
    yield from found.of_runs()


class _Found:
    def __init__(self, estate: Estate, directory: IdentityDirectory) -> None:
        self._estate = estate
        self._directory = directory

    def _made(
        self, workspace: Workspace, arn: Text, through: Through, span: Span, where: Workspace | None = None
    ) -> Deployment:
        parsed = Arn.parse(arn)
        account = self._estate.account_of(parsed.account) if parsed is not None else None
        place = where if where is not None else workspace
        return Deployment(workspace, arn, self._directory.find(arn), account, through, span, place.name)

    def of_provider(self, workspace: Workspace, provider: ProviderContext) -> Iterator[Deployment]:
        raw = provider.values.raw
        for name in ("assume_role", "assume_role_with_web_identity"):
            blocks = raw.get(name) if isinstance(raw, dict) else None
            for position, block in enumerate(
                blocks.raw if blocks is not None and isinstance(blocks.raw, tuple) else ()
            ):
                role = block.raw.get("role_arn") if isinstance(block.raw, dict) else None
                arn = text_of(role) if role is not None else None
                if arn is not None:
                    span = workspace.provider_span(provider, name, position, "role_arn")
                    yield self._made(workspace, arn, "provider", span)

    def of_state(self, workspace: Workspace) -> Iterator[Deployment]:
        state = workspace.result.state
        if state.backend == "s3" and state.span is not None:
            config = {name: told for name, value in state.config.items() if (told := text_of(value)) is not None}
            for arn in _state_roles(config):
                yield self._made(workspace, arn, "backend", state.span)
        seen: set[Text] = set()
        for read in workspace.result.remote_state_reads:
            for arn in _state_roles(dict(read.request.config)) if read.request.backend == "s3" else ():
                if arn not in seen:
                    seen.add(arn)
                    yield self._made(workspace, arn, "remote-state", read.span)

    def of_runs(self) -> Iterator[Deployment]:
        """Yield the roles that `tfe_variable`s give to the runs of HCP Terraform."""
        for given in run_roles(self._estate):
            span = given.variable.span("value")
            yield self._made(given.workspace, given.arn, "run", span, given.variable.workspace)

    def of_profile(self, workspace: Workspace, provider: ProviderContext) -> Iterator[Deployment]:
        """Yield the account that a provider's profile belongs to: credentials of it are what it acts with."""
        raw = provider.values.raw
        profile = raw.get("profile") if isinstance(raw, dict) else None
        name = profile.raw if profile is not None and isinstance(profile.raw, str) else ""
        account = self._estate.account_of_profile(name) if name and provider.type == "aws" else None
        if account is not None:
            span = workspace.provider_span(provider, "profile")
            yield Deployment(workspace, name, None, account, "profile", span, workspace.name)


def _state_roles(config: Mapping[str, Text]) -> Iterator[Text]:
    for name in STATE_ROLES:
        if name in config:
            yield config[name]
