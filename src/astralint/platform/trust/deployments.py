"""The roles that workspaces act as: what their provider configurations assume."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from astralint.aws.arn import Arn
from astralint.platform.model import Account, Workspace
from astralint.platform.trust.directory import IdentityDirectory
from astralint.platform.trust.identity import Identity
from astralint.source.evidence import Evidence
from astralint.source.partial import Text
from astralint.terraform.evaluation.builtin import text_of
from astralint.terraform.knowledge import ProviderContext

if TYPE_CHECKING:
    from astralint.platform.platform import Platform


class Deployment(msgspec.Struct, frozen=True, eq=False):
    """A workspace's provider assumes a role; `role` is ours, or None."""

    workspace: Workspace
    provider: ProviderContext
    arn: Text
    role: Identity | None
    account: Account | None
    position: int
    block: str = "assume_role"

    def __str__(self) -> str:
        return f"{self.workspace} -> {self.arn}"

    @property
    def evidence(self) -> Evidence:
        span = self.workspace.provider_span(self.provider, self.block, self.position, "role_arn")
        return Evidence(span, f"workspace `{self.workspace}` deploys as `{self.arn}`", self.workspace.name)


def deployments(platform: Platform, directory: IdentityDirectory) -> Iterator[Deployment]:
    """Yield every role that a provider configuration assumes."""
    for workspace in platform.workspaces.values():
        for provider in workspace.result.providers:
            for block, position, arn in _assumed_by(provider):
                parsed = Arn.parse(arn)
                account = platform.account_of(parsed.account) if parsed is not None else None
                yield Deployment(workspace, provider, arn, directory.find(arn), account, position, block)


def _assumed_by(provider: ProviderContext) -> Iterator[tuple[str, int, Text]]:
    """Yield the roles that a provider configuration assumes: the block's name, its position, the ARN."""
    raw = provider.values.raw
    for name in ("assume_role", "assume_role_with_web_identity"):
        blocks = raw.get(name) if isinstance(raw, dict) else None
        for position, block in enumerate(blocks.raw if blocks is not None and isinstance(blocks.raw, tuple) else ()):
            role = block.raw.get("role_arn") if isinstance(block.raw, dict) else None
            arn = text_of(role) if role is not None else None
            if arn is not None:
                yield name, position, arn
