"""AL210."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec

from astralint.rules.api import Evidence, Platform, Reason, Resource, Undecided, Violation, rule
from astralint.rules.api.trust import Assumption, Opening, openings, policy_of
from astralint_rules.identity.certainty import hangs_on_the_unknown


class Kept(msgspec.Struct, frozen=True):
    """A type of policy, and the actions that change what it is about; see `data/artifact_writes.toml`."""

    type: str
    argument: str
    actions: tuple[str, ...]


@cache
def table() -> tuple[Kept, ...]:
    """Return what the artifact account keeps."""
    text = files("astralint_rules").joinpath("data/artifact_writes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["policy"], tuple[Kept, ...])


class Written(msgspec.Struct, frozen=True, eq=False):
    """A policy of something in the artifact account, or a way of an environment into a role there."""

    resource: Resource
    kept: Kept | None = None
    assumption: Assumption | None = None

    def __str__(self) -> str:
        return self.resource.address


def written(platform: Platform) -> Iterator[Written]:
    """Yield the policies of the artifact account, and who of an environment can become a role there."""
    for kept in table():
        for resource in platform.resources(kept.type):
            account = resource.account_or_none
            if account is not None and account.kind == "artifact" and kept.argument in resource.arguments:
                yield Written(resource, kept)
    for role in platform.trust.roles:
        if role.account is not None and role.account.kind == "artifact":
            for assumption in platform.trust.into(role):
                source = assumption.account
                if source is not None and source.is_environment and assumption.decision.verdict != "denied":
                    yield Written(role.resource, assumption=assumption)


@rule("AL210", "env-writes-artifact", severity="error", each=written, needs="artifact", tags=("artifact",))
def check(subject: Written, platform: Platform) -> Iterator[Violation]:
    """Environments never write artifacts.

    ## Why

    What staging tested is what production runs only if nobody but the build can change
    it. If a compromised workload can push, the next deployment of every environment runs
    what it pushed.

    ## Bad

    ```hcl
    # workspaces/artifact
    data "aws_iam_policy_document" "share" {
      statement {
        actions = ["ecr:BatchGetImage", "ecr:PutImage"]
        principals {
          type        = "AWS"
          identifiers = ["arn:aws:iam::210000000007:root"]
        }
      }
    }
    ```

    ## Good

    The policy lets the organization pull, and only CI's role in the artifact account pushes.

    ## Exceptions

    A statement that lets the whole organization in lets in the environments as well. Roles of the artifact account
    that somebody of an environment can become count as much as policies.
    """
    if subject.assumption is not None:
        yield from _by_role(subject.assumption, platform)
        return
    assert subject.kept is not None
    resource, kept = subject.resource, subject.kept
    document = policy_of(platform, resource, kept.argument)
    found = list(openings(platform, resource, kept.argument, platform.environments, kept.actions))
    certain = [opening for opening in found if opening.admission.truth]
    seen: dict[Evidence, Opening] = {}
    for opening in certain:
        seen.setdefault(opening.evidence, opening)
    for place, opening in seen.items():
        names = dict.fromkeys(f"`{one.account}`" for one in certain if one.evidence == place)
        yield resource.workspace.violation(
            f"`{resource.address}` lets {' and '.join(names)} do `{opening.action}`",
            place.span,
            "lets an environment write",
            subject=resource.address,
        )
    unknown = [reason for s in document.policy.statements for reason in s.unknown] if document is not None else []
    reasons = [*(o.admission.reason for o in found if o.admission.truth is None), *unknown]
    if not certain and reasons:
        raise Undecided(Reason("policy-not-known", f"whom `{resource.address}` lets write is not known: {reasons[0]}"))
    assert resource.exists


PUSHES = {"aws_ecr_repository": "ecr:PutImage", "aws_codeartifact_repository": "codeartifact:PublishPackageVersion"}


def _by_role(assumption: Assumption, platform: Platform) -> Iterator[Violation]:
    """Yield where somebody of an environment can become a role that may push."""
    role = assumption.role
    for type_, action in PUSHES.items():
        for kept in platform.resources(type_):
            arn = kept.text("arn")
            may = kept.account_or_none is role.account and arn is not None and platform.trust.may(role, action, arn)
            if not may or may.truth is False or not assumption.evidence:
                continue
            if may.truth is None or hangs_on_the_unknown(assumption):
                raise Undecided(Reason("policy-not-known", f"whether `{role}` may do `{action}` is not known"))
            place, *others = assumption.evidence
            yield role.resource.workspace.violation(
                f"{assumption} of `{assumption.account}` can become a role that may do `{action}`",
                place.span,
                "lets an environment write",
                subject=f"{assumption}",
                evidence=tuple(others),
            )
            return
