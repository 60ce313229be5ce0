"""Kinds of accounts, and what names say of them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

KINDS = ("management", "identity", "security", "artifact", "dns", "email", "production", "staging", "sandbox")
"""The kinds of the architecture. Others are free: `log-archive`, `network`, `development`, …"""

ENVIRONMENTS = frozenset({"production", "staging", "sandbox"})
SINGLETONS = frozenset({"management", "identity", "security", "artifact", "dns", "email"})


@cache
def _names() -> dict[str, str]:
    data = tomllib.loads((Path(__file__).parent / "data" / "kinds.toml").read_text("utf-8"))
    return {name: kind for kind, names in data["names"].items() for name in (kind, *names)}


def kind_of_name(name: str) -> str | None:
    """Return the kind that an account's or directory's name stands for; None where it says nothing.

    The whole name counts first, then its words from the last one: `acme-prod` is
    production, `sandbox-karpenter` a sandbox.
    """
    names = _names()
    lowered = name.lower().strip()
    if lowered in names:
        return names[lowered]
    words = [word for word in re.split(r"[^a-z0-9]+", lowered) if word]
    if "sandbox" in words:
        return "sandbox"
    for count in (3, 2):
        for start in range(len(words) - count, -1, -1):
            joined = "-".join(words[start : start + count])
            if joined in names:
                return names[joined]
    kinds = {names[word] for word in words if word in names}
    return kinds.pop() if len(kinds) == 1 else None
