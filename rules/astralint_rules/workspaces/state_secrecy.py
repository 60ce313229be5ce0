"""AL018."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Resource, Unknown, Violation, Workspace, rule, undecided
from astralint.rules.api.paths import values_at
from astralint.rules.api.text import known, match, text_of
from astralint.rules.api.trust import Deployment, Opening, Statement, openings

POLICY, KEY = "aws_s3_bucket_policy", "aws_kms_key"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
SHARED = ("tfe_workspace", "tfe_workspace_settings")
LEVELS = {"sandbox": 0, "staging": 1, "production": 2}
HIGHEST = {"identity": 4, "management": 4, "security": 4}


class State(msgspec.Struct, frozen=True, eq=False):
    """A state in a bucket, and how it can be reached: by the bucket's policy, or as a role."""

    workspace: Workspace
    account: Account
    bucket: str
    key: str
    policy: Resource | None = None
    deployment: Deployment | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.bucket}/{self.key}"

    def __str__(self) -> str:
        return f"the state of {self.workspace}"


def subjects(platform: Platform) -> Iterator[State | Resource]:
    """Yield the states in buckets with each way to reach them, and the workspaces of HCP Terraform that code makes."""
    yield from platform.resources(*SHARED)
    roles = [d for d in platform.trust.deployments if d.through in ("backend", "remote-state") and d.role is not None]
    buckets = {bucket.text("bucket"): bucket for bucket in platform.resources("aws_s3_bucket")}
    for workspace in platform.workspaces.values():
        config, account = workspace.result.state.config, workspace.account_or_none
        named = [text_of(config[name]) for name in ("bucket", "key") if name in config]
        if account is None or workspace.result.state.backend != "s3" or len(named) < 2:
            continue
        bucket, key = (known(one) if one is not None else None for one in named)
        if not bucket or not key:
            continue
        made = buckets.get(bucket)
        for policy in platform.buckets.parts(made, POLICY) if made is not None else ():
            yield State(workspace, account, bucket, key, policy=policy)
        yield from (State(workspace, account, bucket, key, deployment=one) for one in roles)


@rule(
    "AL018",
    "state-secrecy",
    severity="error",
    each=subjects,
    profiles=("astradot", "landing-zone", "aws-sra"),
    tags=("workspaces",),
    security_severity="8.0",
)
def check(subject: State | Resource, platform: Platform) -> Iterator[Violation]:
    """No account reads the state of a higher one.

    ## Why

    A state holds passwords, keys and the whole of an account in plain text. Who reads production's state from a sandbox needs
    no other way into production.

    ## Bad

    ```hcl
    # the policy of the bucket that holds every state
    statement {
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::astradot-state/*"]

      principals {
        type        = "AWS"
        identifiers = ["arn:aws:iam::210000000009:root"] # a sandbox
      }
    }
    ```

    ## Good

    ```hcl
    statement {
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::astradot-state/sandbox-karpenter/*"]

      principals {
        type        = "AWS"
        identifiers = ["arn:aws:iam::210000000009:root"]
      }
    }
    ```

    In HCP Terraform, a workspace names those that read its outputs, and is not open to all (`global_remote_state`).

    ## Exceptions

    Management, identity and security are above the other accounts of the foundation, these above production, staging and
    sandboxes. A bucket whose own key does not let an account decrypt is closed to it.
    """
    if isinstance(subject, Resource):
        if "global_remote_state" in subject.arguments and subject["global_remote_state"] is True:
            yield subject.finding(
                f"every workspace of the organization reads the state of `{subject.text('name') or subject.name}`",
                at=("global_remote_state",),
                label="name those that need its outputs",
            )
    elif subject.policy is not None:
        yield from _by_policy(subject, subject.policy, platform)
    elif subject.deployment is not None:
        yield from _by_role(subject, subject.deployment, platform)


def _level(account: Account) -> int:
    return LEVELS.get(account.kind, HIGHEST.get(account.kind, 3))


def _is_lower(account: Account | None, state: State) -> bool:
    return account is not None and bool(account.kind and state.account.kind) and _level(account) < _level(state.account)


def _by_policy(state: State, policy: Resource, platform: Platform) -> Iterator[Violation]:
    """Yield where the bucket's policy lets a lower account read a state."""
    lower = [account for account in platform.accounts.values() if _is_lower(account, state)]
    seen: set[Evidence] = set()
    for opening in openings(platform, policy, "policy", lower, ("s3:GetObject",)):
        if opening.evidence in seen or not opening.admission.truth or not _covers(opening, state):
            continue
        if not _decrypts(policy, opening, platform):
            continue
        seen.add(opening.evidence)
        yield policy.workspace.violation(
            f"`{opening.account}` reads the state of `{state.workspace}`, which is `{state.account}`'s",
            opening.evidence.span,
            "lets a lower account read",
            subject=f"{policy.address}: {state.workspace}",
            evidence=(Evidence(state.workspace.anchor, "the state", state.workspace.name),),
        )


def _covers(opening: Opening, state: State) -> bool:
    """Say whether a statement is about a state for sure."""
    statement: Statement = opening.principal.statement
    element = statement.resource
    if element is None or element.negated or statement.unknown:
        return False
    return any(match(entry.text, state.arn) for entry in element.entries)


def _decrypts(policy: Resource, opening: Opening, platform: Platform) -> bool:
    """Say whether an account may use the key of a bucket, where that has one of its own."""
    bucket = platform.buckets.behind(policy.value("bucket"))
    parts = list(platform.buckets.parts(bucket, ENCRYPTION)) if bucket is not None else []
    path = "rule[].apply_server_side_encryption_by_default[].kms_master_key_id"
    keys = [platform.resource_behind(value, KEY) for part in parts for _, value in values_at(part, path)]
    own = [key for key in keys if key is not None and key.mode == "managed"]
    for part in platform.resources(ENCRYPTION) if not own else ():
        # Of which bucket it is, or by which key it encrypts, may be what keeps others out.
        if platform.buckets.behind(part.value("bucket")) is None and part.account_or_none in (None, policy.account):
            assert part["bucket"]
    for _, value in (pair for part in parts for pair in values_at(part, path)) if not own else ():
        if isinstance(value.raw, Unknown):
            raise undecided(value.raw)
    if not own:
        return True
    return any(True for key in own for _ in openings(platform, key, "policy", [opening.account], ("kms:Decrypt",)))


def _by_role(state: State, deployment: Deployment, platform: Platform) -> Iterator[Violation]:
    """Yield where a workspace of a lower account becomes a role that reads a state."""
    role, account = deployment.role, deployment.workspace.account_or_none
    if role is None or account is None or not _is_lower(account, state):
        return
    if platform.trust.may(role, "s3:GetObject", state.arn).truth:
        yield deployment.workspace.violation(
            f"`{deployment.workspace}` reads the state of `{state.workspace}` as `{role}`",
            deployment.evidence.span,
            "reads a higher account's state",
            subject=f"{deployment.workspace}: {state.workspace}",
            evidence=(role.resource.evidence("the role"),),
        )
