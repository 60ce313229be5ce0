"""Places in the code that show something."""

from __future__ import annotations

import msgspec

from astralint.source.span import Span


class Evidence(msgspec.Struct, frozen=True, order=True):
    """A place in the code and what it shows; `workspace` is the workspace it belongs to."""

    span: Span
    text: str
    workspace: str = ""
