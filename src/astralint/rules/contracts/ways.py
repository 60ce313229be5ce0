"""How a way through trust, or a dependency, that a contract forbids is told."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.estate.model import Violation
from astralint.estate.views import Undecided
from astralint.rules.contracts.dependencies import Dependency
from astralint.rules.contracts.reach import Way
from astralint.rules.contracts.subject import Contract
from astralint.source.partial import Hole, PartialText, Text
from astralint.terraform.values.value import Reason


def forbidden_way(way: Way, contract: Contract, forbids: str) -> Iterator[Violation]:
    """Yield the violation that a way is; raises Undecided where it hangs on something unknown."""
    role = way.last.role
    through = ", ".join(f"`{step.role}`" for step in way.steps[:-1])
    told = f"{way.starts_with} can become {role.title}" + (f" through {through}" if through else "")
    if not way.certain:
        raise Undecided(Reason("trust-not-known", f"whether {told} is not known: {_unknown(way)}"))
    assert role.resource.exists
    condition = f", if {' and '.join(way.conditions)}" if way.conditions else ""
    places = [item for step in way.steps for item in step.evidence]
    own = way.last.evidence
    primary = own[0] if own else role.resource.evidence("can be entered")
    yield role.resource.workspace.violation(
        f"{told}{condition}, which {contract.title} {forbids}",
        primary.span,
        primary.text,
        subject=f"{way.source} -> {role.resource.address}",
        evidence=tuple(item for item in places if item != primary),
        path=tuple(item for step in way.steps for item in reversed(step.evidence)) if len(way.steps) > 1 else (),
        severity="warning" if way.conditions else None,
    )


def _unknown(way: Way) -> str:
    """Return why it is not known whether somebody can go a way."""
    texts = (trust.principal.entry.text for step in way.steps for trust in step.trusts)
    reasons = [reason for text in texts if (reason := why_partial(text)) is not None]
    reasons += [str(part) for step in way.steps for part in step.decision.conditions]
    return reasons[0] if reasons else "its policies are not known"


def why_partial(text: Text) -> str | None:
    """Return why a text is not known, where it is known in part only; None where it is known."""
    holes = [part for part in text.parts if isinstance(part, Hole)] if isinstance(text, PartialText) else []
    return next((hole.reason for hole in holes if hole.reason and str(hole) == "{?}"), None)


def forbidden_dependency(dependency: Dependency, contract: Contract, forbids: str) -> Iterator[Violation]:
    """Yield the violation that a dependency is."""
    primary, *others = dependency.evidence
    condition = f", if {' and '.join(dependency.conditions)}" if dependency.conditions else ""
    yield dependency.workspace.violation(
        f"{dependency.what}{condition}, which {contract.title} {forbids}",
        primary.span,
        primary.text,
        subject=dependency.subject,
        evidence=tuple(others),
        severity="warning" if dependency.conditions else None,
    )
