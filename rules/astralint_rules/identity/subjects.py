"""What rules about trust go through."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Violation
from astralint.rules.api.text import PartialText
from astralint.rules.api.trust import Condition, Trust

POSITIVE = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"})


def trusts(platform: Platform) -> Iterator[Trust]:
    """Yield every principal that the trust policies in the code name; of those that AWS writes nobody can change a line."""
    return (trust for trust in platform.trust.trusts if not trust.role.is_implied)


def at_trust(trust: Trust, message: str, label: str, **more: object) -> Violation:
    """Make a violation at the line that names the principal; raises Undecided where the role may not exist."""
    assert trust.role.resource.exists
    workspace = trust.role.resource.workspace
    return workspace.violation(
        message,
        trust.evidence.span,
        label,
        subject=f"{trust.role.resource.address}: {trust.principal.entry.text}",
        **more,
    )


def bounds(trust: Trust, keys: frozenset[str]) -> bool | None:
    """Say whether the statement really requires one of the condition keys; None where that is not known."""
    unknown = bool(trust.principal.statement.unknown)
    for condition in trust.principal.statement.conditions:
        if isinstance(condition.key, PartialText) or condition.unknown:
            unknown = True
        elif condition.key.lower() in keys and requires(condition):
            return True
    return None if unknown else False


def requires(condition: Condition) -> bool:
    """Say whether a condition fails where its key is absent, and is not true of every value."""
    if condition.operator not in POSITIVE or condition.if_exists or condition.quantifier == "ForAllValues":
        return False
    return all(str(value.text).strip("*?") for value in condition.values)
