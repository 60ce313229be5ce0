"""What rules about trust go through."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation
from astralint.rules.api.trust import Admission, Condition, Trust

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


def opens(admission: Admission, what: str) -> bool:
    """Say whether somebody gets in; raises Undecided where the conditions leave that open."""
    if admission.truth is None:
        raise Undecided(Reason("policy-not-known", f"{what} is not known: {admission.reason}"))
    return admission.truth


def requires(condition: Condition, *, always: bool = False) -> bool:
    """Say whether a condition fails where its key is absent, and is not true of every value.

    `always` says that the key is part of every request: then it can't be absent.
    """
    if condition.operator not in POSITIVE:
        return False
    if not always and (condition.if_exists or condition.quantifier == "ForAllValues"):
        return False
    # Only some operators take a wildcard for what it is.
    literal = condition.operator.startswith("StringEquals")
    return literal or all(str(value.text).strip("*?") for value in condition.values)
