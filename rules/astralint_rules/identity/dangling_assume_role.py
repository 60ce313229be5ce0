"""AL111."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Reason, Undecided, Violation, Workspace, rule
from astralint.rules.api.aws import Arn
from astralint.rules.api.text import Text
from astralint.rules.api.trust import Deployment, Identity

MADE_BY_AWS = re.compile(
    r"AWSControlTower|aws-controltower-|AWSReservedSSO_|AWSServiceRoleFor|AWSAFT|OrganizationAccountAccessRole|stacksets-exec-"
)

ASSUMED_BY = {
    "provider": "the provider assumes",
    "backend": "the backend assumes",
    "remote-state": "a remote state is read as",
    "run": "runs of HCP Terraform assume",
}


class Named(msgspec.Struct, frozen=True, eq=False):
    """A place that names a role or user of one of our accounts that no workspace makes.

    `others` are further places of the same cause: providers that assume the same role. `leaves` says that
    the role leads out of the workspace's account, which AL124 reports.
    """

    arn: Text
    account: Account
    workspace: Workspace
    evidence: Evidence
    what: str
    others: tuple[Evidence, ...] = ()
    leaves: bool = False

    def __str__(self) -> str:
        return str(self.arn)


def named(platform: Platform) -> Iterator[Named]:
    """Yield what providers assume, what permissions name and what roles trust, as far as nothing makes it."""
    index = platform.trust
    assumed: dict[str, list[Deployment]] = {}
    for deployment in index.deployments:
        # A profile is credentials of somebody in the account, not a role.
        is_role = deployment.through != "profile" and deployment.account is not None
        if is_role and not _is_certain(deployment.role):
            assumed.setdefault(str(deployment.arn), []).append(deployment)
    for deployments in assumed.values():
        first = deployments[0]
        places = [Evidence(d.span, "is assumed here", d.where) for d in deployments]
        if first.account is not None:
            others = tuple(dict.fromkeys(places[1:]))
            own = first.workspace.account_or_none
            leaves = first.through in ("provider", "run") and own is not None and own is not first.account
            leaves = leaves and first.workspace.is_certain
            yield Named(first.arn, first.account, first.workspace, places[0], ASSUMED_BY[first.through], others, leaves)
    for grant in index.grants:
        arn = Arn.parse(grant.entry.text)
        account = platform.account_of(arn.account) if arn is not None else None
        if not _is_certain(grant.role) and account is not None:
            holder = grant.attached.resource.workspace
            evidence = Evidence(grant.evidence.span, "is named here", holder.name)
            yield Named(grant.entry.text, account, holder, evidence, f"`{grant.identity}` may assume")
    for trust in index.trusts:
        if trust.principal.form not in ("role", "user", "session") or _is_certain(trust.identity):
            continue
        if trust.account is not None:
            holder = trust.role.resource.workspace
            evidence = Evidence(trust.evidence.span, "is trusted here", holder.name)
            yield Named(trust.principal.entry.text, trust.account, holder, evidence, f"`{trust.role}` trusts")


def _is_certain(identity: Identity | None) -> bool:
    return identity is not None and not identity.resource.instance.uncertain


@rule("AL111", "dangling-assume-role", severity="error", each=named, tags=("identity", "trust"))
def check(subject: Named, platform: Platform) -> Iterator[Violation]:
    """Each role that is named exists in the code of its account.

    ## Why

    A role that is gone breaks whoever assumes it. Worse, a trust in a name that nobody
    holds is open to whoever may create a role of that name in that account.

    ## Bad

    ```hcl
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::210000000004:role/jenkins"] # removed last year
    }
    ```

    ## Good

    Remove the trust with the role, or take the ARN from the outputs of the workspace
    that makes the role.

    ## Exceptions

    Roles that AWS makes: those of Control Tower, Identity Center, CloudFormation's
    stack sets, service-linked roles, `OrganizationAccountAccessRole` or what
    `aws_organizations_account` calls it.
    """
    arn = Arn.parse(subject.arn)
    if arn is None or not isinstance(arn.name, str):
        raise Undecided(Reason("name-not-known", f"which role `{subject.arn}` is, is not known"))
    name = arn.session_role_name or arn.name
    if not isinstance(name, str) or MADE_BY_AWS.match(name) or "/aws-service-role/" in str(subject.arn):
        return
    if "*" in name or "?" in name:
        return
    made = platform.trust.find(subject.arn)
    if made is not None:
        raise Undecided(made.resource.instance.uncertain[0])
    if any(account.text("role_name") == name for account in platform.resources("aws_organizations_account")):
        return  # AWS made it together with the account.
    workspaces = platform.workspaces_of(subject.account)
    if not workspaces:
        raise Undecided(
            Reason("account-without-workspace", f"no workspace here is for the account `{subject.account}`")
        )
    if platform.trust.may_exist(subject.arn):
        raise Undecided(Reason("name-not-known", f"a role whose name is not known may be `{subject.arn}`"))
    kind = "aws_iam_user" if str(arn.resource_type) == "user" else "aws_iam_role"
    platform.require_complete(kind, what=f"`{name}`", workspaces=workspaces)
    yield subject.workspace.violation(
        f"{subject.what} `{subject.arn}`, which no workspace of `{subject.account}` makes",
        subject.evidence.span,
        subject.evidence.text,
        subject=str(subject.arn),
        evidence=(
            Evidence(workspaces[0].anchor, f"`{subject.account}` makes no `{name}`", workspaces[0].name),
            *subject.others,
        ),
        severity="note" if subject.leaves else None,
    )
