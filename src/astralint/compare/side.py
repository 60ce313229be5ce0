"""One side of a comparison."""

from __future__ import annotations

import msgspec

from astralint.platform.platform import Platform
from astralint.report.context import SourceTexts
from astralint.rules.finding import CheckResult
from astralint.source.secrets import NO_SECRETS, Secrets


class Side(msgspec.Struct, frozen=True, eq=False):
    """A platform at one revision with what the rules say of it; `name` is what a person calls the revision."""

    name: str
    platform: Platform
    result: CheckResult
    texts: SourceTexts
    secrets: Secrets = NO_SECRETS

    @property
    def files(self) -> tuple[str, ...]:
        """All files that took part, the configuration among them."""
        found = {file for workspace in self.platform.workspaces.values() for file in workspace.result.files}
        if self.platform.settings.path:
            found.add(self.platform.settings.path)
        return tuple(sorted(found))
