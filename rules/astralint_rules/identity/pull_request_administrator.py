"""AL131."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Violation, rule
from astralint.rules.api.text import known
from astralint.rules.api.trust import Assumption, Trust, demands, shortest_ways
from astralint_rules.identity.climbs import require_written
from astralint_rules.identity.federation import claim, issuer_of, takes_tokens
from astralint_rules.identity.subjects import trusts

_ISSUERS = {
    "token.actions.githubusercontent.com": (re.compile(r"repo:([^:]+)"), "repo:{}:pull_request"),
    "gitlab.com": (re.compile(r"project_path:([^:]+)"), "project_path:{}:ref_type:branch:ref:any-branch"),
}
"""How each issuer names what a subject is of, and the subject of a job that a pull request, or any branch, starts."""


@rule(
    "AL131",
    "pull-request-administrator",
    severity="error",
    each=trusts,
    tags=("identity", "trust"),
    security_severity="9.2",
)
def check(trust: Trust, platform: Platform) -> Iterator[Violation]:
    """No pipeline that a pull request starts can become an administrator.

    ## Why

    The code of a pull request runs before anybody has read it. If the role that its job
    takes is an administrator, can make itself one or can become one, so can whoever may
    open a pull request, and reviews protect nothing.

    ## Bad

    ```hcl
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:astradot/platform:*"] # any branch, and pull requests
    }
    ```

    ## Good

    Jobs of pull requests take a role that only reads; the one that applies takes tokens of
    `repo:astradot/platform:ref:refs/heads/main` alone.

    ## Exceptions

    Judged are jobs of GitHub and GitLab. What hangs on a further condition is a warning that shows it.
    """
    issuer = known(issuer_of(trust) or "")
    if issuer not in _ISSUERS or not takes_tokens(trust.principal.statement):
        return
    subject = _open_subject(trust, issuer)
    if subject is None:
        return
    claims = {f"{issuer}:sub": subject, f"{issuer}:aud": "sts.amazonaws.com"}
    decision = platform.trust.decision_of_subject(trust, claims)
    if decision.verdict == "denied":
        return
    standing = platform.escalations.standing
    own = standing.get(trust.role.node)
    steps: tuple[Assumption, ...] = ()
    if own is None or own.verdict != "allowed":
        ways = shortest_ways(platform.trust, [trust.role.node])
        ends = [
            (chain, standing[node])
            for node, chain in ways.items()
            if node in standing and standing[node].verdict == "allowed"
        ]
        if not ends:
            return
        steps, own = min(ends, key=lambda end: (len(end[0]), str(end[0][-1])))
    assert trust.role.resource.exists
    administrator = steps[-1].role if steps else trust.role
    conditions = [*map(str, decision.conditions), *(c for step in steps for c in step.conditions)]
    require_written(conditions)
    condition = f", if {' and '.join(dict.fromkeys(conditions))}" if conditions else ""
    how = f"becomes {administrator.title}, an administrator" if steps else "is an administrator"
    evidence: list[Evidence] = [item for step in steps for item in step.evidence]
    evidence += [proof.evidence for proof in own.proofs]
    yield trust.role.resource.workspace.violation(
        f"a job that a pull request starts can take {trust.role.title}, which {how}{condition}",
        trust.evidence.span,
        f"takes tokens of `{subject}`",
        subject=f"{trust.role.resource.address}: {subject}",
        evidence=tuple(dict.fromkeys(evidence)),
        help="let jobs of pull requests take a role that only reads",
        severity="warning" if conditions else None,
    )


def _open_subject(trust: Trust, issuer: str) -> str | None:
    """Return the subject that a pull request to the repository of a trust has; None where no repository is named."""
    pattern, subject = _ISSUERS[issuer]
    for condition in demands(trust):
        if claim(condition, issuer) != "sub":
            continue
        for value in condition.values:
            text = known(value.text)
            found = pattern.match(text) if text is not None else None
            if found is not None:
                return subject.format(found[1].replace("*", "any").replace("?", "x"))
    return None
