"""For rules about networks: address ranges, and who shares the route tables of a transit gateway."""

from __future__ import annotations

from astralint.estate.networks import Member, Network, Range, attachment_behind, members, overlapping, parsed, ranges

__all__ = [
    "Member",
    "Network",
    "Range",
    "attachment_behind",
    "members",
    "overlapping",
    "parsed",
    "ranges",
]
