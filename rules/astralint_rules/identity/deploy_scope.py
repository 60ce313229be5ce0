"""AL124."""

from __future__ import annotations

import re
from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Reason, Undecided, Violation, rule
from astralint.rules.api.aws import Arn
from astralint.rules.api.text import known
from astralint.rules.api.trust import Deployment, Trust
from astralint_rules.accounts import MADE_BY_AWS, is_bootstrap
from astralint_rules.identity.federation import claim, issuer_of, known_issuer, takes_tokens
from astralint_rules.identity.subjects import at_trust

RUN_PHASE = re.compile(r":run_phase:(?P<phase>[a-z*?]+)\Z")


def pipelines(platform: Platform) -> Iterator[Deployment | Trust]:
    """Yield what workspaces deploy as, and the trusts in identity providers."""
    yield from (deployment for deployment in platform.trust.deployments if deployment.through in ("provider", "run"))
    yield from (trust for trust in platform.trust.trusts if trust.principal.form == "federated")


@rule("AL124", "deploy-scope", severity="error", each=pipelines, tags=("identity", "trust"), security_severity="7.0")
def check(subject: Deployment | Trust, platform: Platform) -> Iterator[Violation]:
    """A pipeline deploys into its own account only, and plans with another role than it applies with.

    ## Why

    Whoever can change the code of a workspace has its pipeline's rights. If the
    pipeline of production may also write into email, two accounts fall together, and
    nothing in email's workspace shows it. A plan runs before anybody has reviewed the
    change: it needs to read only.

    ## Bad

    ```hcl
    # workspaces/production
    provider "aws" {
      alias = "email"
      assume_role {
        role_arn = "arn:aws:iam::210000000006:role/production-alarms"
      }
    }
    ```

    ## Good

    The resource is made by the workspace of the account that it lives in, and its
    outputs are read through the remote state.

    ## Exceptions

    Roles that a backend assumes to reach the state, and the role that AWS gave a new
    account, as long as only the first roles of its pipeline are made with it. One role for both phases of HCP
    Terraform's runs (`run_phase:*`) is a warning.
    """
    if isinstance(subject, Trust):
        yield from _phases(subject)
        return
    workspace, arn = subject.workspace, Arn.parse(subject.arn)
    number = known(arn.account) if arn is not None else None
    target = subject.account
    if target is None and number is None:
        raise Undecided(Reason("account-not-known", f"which account the role `{subject.arn}` is in is not known"))
    own = workspace.account
    if target is own or (target is None and number == own.number):
        return
    if target is None and not own.number:
        raise Undecided(Reason("account-number-not-known", f"{number} may be the number of `{own}`"))
    if not workspace.is_certain:
        reason = f"that the workspace `{workspace}` is for `{own}` is concluded from names only"
        raise Undecided(Reason("account-not-known", reason))
    if _is_only_bootstrap(subject, platform):
        return
    into = f"`{target}`" if target is not None else f"the account {number}"
    provider = subject.evidence
    evidence = []
    if subject.role is not None:
        for assumption in platform.trust.into(subject.role):
            if assumption.account is own:
                evidence += [item for item in assumption.evidence if item not in evidence]
    yield workspace.violation(
        f"the pipeline of `{workspace}` deploys into {into} as `{subject.arn}`",
        provider.span,
        f"leaves the account `{own}`",
        subject=f"{workspace.name} -> {subject.arn}",
        evidence=tuple(evidence),
        help=f"let a workspace of {into} make what this provider makes",
    )


def _is_only_bootstrap(deployment: Deployment, platform: Platform) -> bool:
    """Say whether all that is made through a role is what a new account's pipeline begins with."""
    if deployment.through != "provider" or deployment.account is None or not MADE_BY_AWS.match(str(deployment.arn)):
        return False
    made = [r for r in deployment.workspace.resources if r.account_or_none is deployment.account]
    return bool(made) and deployment.workspace.is_complete and all(is_bootstrap(r, platform) for r in made)


def _phases(trust: Trust) -> Iterator[Violation]:
    issuer = issuer_of(trust)
    told = known_issuer(issuer) if issuer is not None else None
    if issuer is None or told is None or told.name != "HCP Terraform" or not takes_tokens(trust.principal.statement):
        return
    for condition in trust.principal.statement.conditions:
        if claim(condition, issuer) != "sub":
            continue
        found = [RUN_PHASE.search(known(value.text) or "") for value in condition.values]
        phases = {match["phase"] for match in found if match}
        if len(phases) > 1 or any(set(phase) & set("*?") for phase in phases):
            yield at_trust(
                trust,
                f"the role {trust.role.title} is assumed by plans and applies alike",
                "one role for both phases",
                evidence=(_condition(trust, condition.path),),
                severity="warning",
            )
            return


def _condition(trust: Trust, path: tuple[str | int, ...]) -> Evidence:
    assert trust.role.trust is not None
    return trust.role.trust.evidence("every phase of a run", path)
