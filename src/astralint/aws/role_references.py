"""Which arguments of which resource types name a role that AWS acts as for the resource."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

_DATA = Path(__file__).parent / "data" / "role_references.json"


@cache
def role_references() -> dict[str, tuple[str, ...]]:
    """Return the arguments by resource type; `[]` in one stands for a nested block.

    `scripts/record_role_references.py` reads them from the provider's schema.
    """
    return msgspec.json.decode(_DATA.read_bytes(), type=dict[str, tuple[str, ...]])
