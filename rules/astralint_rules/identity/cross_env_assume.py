"""AL114."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.trust import Assumption, Way, ways_from_account


def ways(platform: Platform) -> Iterator[Way]:
    """Yield the shortest way from each environment's principals to each role of another environment."""
    environments = [account for account in platform.environments if platform.workspaces_of(account)]
    for source in environments:
        others = [target for target in environments if target is not source]
        yield from ways_from_account(platform.trust, source, others)


@rule(
    "AL114",
    "cross-env-assume",
    severity="error",
    each=ways,
    tags=("identity", "trust"),
    security_severity="9.1",
    by_kind=True,
)
def check(way: Way, platform: Platform) -> Iterator[Violation]:
    """No principal of one environment can become a role of another.

    ## Why

    Sandbox and staging are there to break things. If one of their roles can become a
    role in production, directly or through a shared account, production is as safe as
    the weakest experiment.

    ## Bad

    ```hcl
    # workspaces/production
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000008:role/etl"] # staging
    }
    ```

    ## Good

    Data is exported to a shared account that both environments write to or read from,
    with no role of one trusted by the other.

    ## Exceptions

    A way that hangs on a condition that can't be decided is a warning that shows it. An
    explicit way of promotion is declared with `except` in the configuration.
    """
    first, last = way.steps[0], way.steps[-1]
    source, role = first.identity, last.role
    through = "" if len(way.steps) == 1 else " through " + ", ".join(f"`{step.role}`" for step in way.steps[:-1])
    conditions = [condition for step in way.steps for condition in step.conditions]
    condition = f", if {' and '.join(conditions)}" if conditions else ""
    if not last.trusts:
        raise Undecided(Reason("policy-not-known", f"whom {role.title} trusts is not known"))
    trust = last.trusts[0].evidence
    evidence = [item for step in way.steps for item in step.evidence if item != trust]
    yield role.resource.workspace.violation(
        f"`{source}` of `{way.source}` can become `{role}` of `{way.target}`{through}{condition}",
        trust.span,
        trust.text,
        subject=f"{way.source}/{source} -> {role.resource.address}",
        evidence=tuple(evidence),
        path=tuple(_steps(way.steps)),
        severity="warning" if way.is_conditional else None,
    )


def _steps(steps: tuple[Assumption, ...]) -> Iterator[object]:
    for step in steps:
        yield from reversed(step.evidence)
