"""What flows between workspaces: the outputs that one reads from another's state."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Platform, Reason, Undecided, Workspace
from astralint.rules.api.code import RemoteStateRead
from astralint.rules.api.text import PartialText


class Flow(msgspec.Struct, frozen=True, eq=False):
    """The workspace `reader` reads outputs of a workspace, `found` where it is known which."""

    reader: Workspace
    found: Workspace | None
    read: RemoteStateRead

    def __str__(self) -> str:
        return self.read.address

    @property
    def source(self) -> Workspace:
        """The workspace that is read; raises Undecided where it is not known."""
        if self.found is None:
            reason = f"whose state `{self.read.address}` reads is not known"
            raise Undecided(Reason("remote-state-not-known", reason, self.read.span))
        return self.found


def flows(platform: Platform) -> Iterator[Flow]:
    """Yield the reads of other workspaces' states; not those of a known state that no workspace here keeps."""
    for reader in platform.workspaces.values():
        for read in reader.result.remote_state_reads:
            found = platform.workspaces.get(platform.producers.get(read.request, ""))
            is_open = any(isinstance(value, PartialText) for _, value in read.request.config)
            if found is not reader and (found is not None or is_open):
                yield Flow(reader, found, read)
