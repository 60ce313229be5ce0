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
def _table(section: str) -> dict[str, str]:
    data = tomllib.loads((Path(__file__).parent / "data" / "kinds.toml").read_text("utf-8"))
    return {name: kind for kind, names in data[section].items() for name in (kind, *names)}


def kind_of_whole_name(name: str) -> str | None:
    """Return the kind that a name stands for as it is: `prod` is production, `acme-prod` nothing."""
    lowered = name.lower().strip()
    return _table("names").get(lowered) or _table("words").get(lowered)


def kind_of_name(name: str) -> str | None:
    """Return the kind that an account's or directory's name stands for; None where it says nothing.

    The whole name counts first, then its single words, as far as they are telling:
    `acme-prod` is production, `sandbox-karpenter` a sandbox, `rust-lang-org` nothing.
    """
    whole = kind_of_whole_name(name)
    if whole is not None:
        return whole
    lowered = name.lower()
    words = [word for word in re.split(r"[^a-z0-9]+", lowered) if word]
    if "sandbox" in words:
        return "sandbox"
    kinds = {_table("words")[word] for word in words if word in _table("words")}
    return kinds.pop() if len(kinds) == 1 and not {"non", "nonprod", "pre"} & set(words) else None
