"""For rules about the organization: its units, its accounts, and what names say of them."""

from __future__ import annotations

from astralint.estate.kinds import ENVIRONMENTS, kind_of_name
from astralint.trust.implied import member_account

__all__ = [
    "ENVIRONMENTS",
    "kind_of_name",
    "member_account",
]
