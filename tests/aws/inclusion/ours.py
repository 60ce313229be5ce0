"""What we say of generated pairs of policies."""

from __future__ import annotations

from astralint.aws.inclusion.answer import Inclusion, compare_policies
from astralint.aws.policy_parser import parse_policy
from tests.aws.inclusion.generated import OWNER, pair

VERDICTS = {"+": "allows-more", "=": "allows-no-more"}


def ours(seed: int) -> Inclusion:
    """Return what we say of a pair."""
    kind, old, new = pair(seed)
    first, second = (parse_policy(one, kind=kind) for one in (old, new))  # type: ignore[arg-type]
    return compare_policies(first, second, owner=OWNER)
