"""Whether a platform is meant to have something that is not there."""

from __future__ import annotations

from astralint.rules.api import Platform

DEMANDING = frozenset({"astradot", "landing-zone", "aws-sra"})
"""The profiles that demand the whole of a security account."""


def is_expected(platform: Platform, *types: str) -> bool:
    """Say whether what is not there is missed: a profile demands it, or a workspace uses its service."""
    return platform.settings.profile in DEMANDING or any(True for _ in platform.resources(*types))
