"""AL804."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from astralint.rules.api import Account, Evidence, Platform, Reason, Resource, Undecided, Violation, Workspace, rule
from astralint.rules.api.code import RemoteStateRead
from astralint.rules.api.text import PartialText
from astralint.rules.api.trust import Access, Trust


class Dependency(msgspec.Struct, frozen=True, eq=False):
    """A read of a state, a trust, an access or a resource: what may lead to a sandbox."""

    workspace: Workspace
    read: RemoteStateRead | None = None
    trust: Trust | None = None
    access: Access | None = None
    resource: Resource | None = None

    def __str__(self) -> str:
        if self.read is not None:
            return self.read.address
        found = self.access.resource if self.access is not None else self.resource
        return found.address if found is not None else str(self.trust.role) if self.trust is not None else ""


def dependencies(platform: Platform) -> Iterator[Dependency]:
    """Yield all reads of states and all trusts."""
    for workspace in platform.workspaces.values():
        for read in workspace.result.remote_state_reads:
            yield Dependency(workspace, read=read)
    for trust in platform.trust.trusts:
        yield Dependency(trust.role.resource.workspace, trust=trust)
    for access in platform.trust.accesses:
        yield Dependency(access.resource.workspace, access=access)
    for resource in platform.resources("aws_*"):
        account = resource.account_or_none
        if account is not None and account.kind not in FOUNDATION and _named(resource, platform):
            yield Dependency(resource.workspace, resource=resource)


@rule("AL804", "sandbox-dependency", severity="error", each=dependencies, needs="sandbox", tags=("environments",))
def check(dependency: Dependency, platform: Platform) -> Iterator[Violation]:
    """Nothing depends on a sandbox.

    ## Why

    A sandbox is temporary, and anything may be tried in it. What reads its state breaks
    when it goes; what trusts its roles is as safe as the experiment of the day.

    ## Bad

    ```hcl
    # workspaces/staging
    data "terraform_remote_state" "sandbox" {
      backend = "remote"
      config  = { organization = "astradot", workspaces = { name = "sandbox-karpenter" } }
    }
    ```

    ## Good

    The sandbox reads from staging, not the other way round.

    ## Exceptions

    What is there for all accounts may name sandboxes as well: management, identity,
    security, artifact, dns, email, the log archive, the network. The dns account reads the name servers of a sandbox to delegate to it, and the
    security account may look into it.
    """
    if dependency.read is not None:
        yield from _read(dependency.workspace, dependency.read, platform)
    elif dependency.trust is not None:
        yield from _trust(dependency.trust)
    elif dependency.access is not None:
        yield from _access(dependency.access, platform)
    elif dependency.resource is not None:
        yield from _resource(dependency.resource, platform)


FOUNDATION = frozenset(
    {"", "sandbox", "management", "identity", "security", "artifact", "dns", "email", "log-archive", "network"}
)
"""What is there for all accounts, sandboxes too."""

OF_ACCOUNT = re.compile(r"(?<![0-9])([0-9]{12})(?![0-9])")


def _named(resource: Resource, platform: Platform) -> tuple[Account, str | int] | None:
    """Return the sandbox whose things a resource of another account names (by ARN, number or registry), and where."""
    sandboxes = {account.number: account for account in platform.of_kind("sandbox") if account.number}
    for name in sorted(resource.arguments - TRUSTS if sandboxes else ()):
        # Policies of resources are judged as what they let in.
        if "polic" in name and not resource.type.startswith("aws_iam_"):
            continue
        for text in resource.texts(name):
            for number in OF_ACCOUNT.findall(text):
                if number in sandboxes:
                    return sandboxes[number], name
    return None


TRUSTS = frozenset({"assume_role_policy", "tags", "tags_all", "description", "principal", "principals"})
"""Arguments that are judged as trusts, or that say nothing."""


def _resource(resource: Resource, platform: Platform) -> Iterator[Violation]:
    found = _named(resource, platform)
    if found is None:
        return
    sandbox, name = found
    yield resource.finding(
        f"`{resource.address}` of `{resource.account}` depends on the sandbox `{sandbox}`",
        at=(name,),
        label="names something of a sandbox",
    )


def _access(access: Access, platform: Platform) -> Iterator[Violation]:
    """Yield where an environment lets a sandbox at its data."""
    account = access.resource.account_or_none
    identity = platform.trust.by_node.get(access.principal)
    sandbox = identity.account if identity is not None else None
    for one in platform.of_kind("sandbox"):
        if access.principal == f"account:{one.name}" or (one.number and f"::{one.number}:" in access.name):
            sandbox = one
    if sandbox is None or sandbox.kind != "sandbox" or account is None or account.kind in FOUNDATION:
        return
    place = access.evidence[0]
    yield access.resource.workspace.violation(
        f"`{access.resource.address}` of `{account}` lets the sandbox `{sandbox}` in",
        place.span,
        "lets a sandbox in",
        subject=access.resource.address,
    )


def _read(workspace: Workspace, read: RemoteStateRead, platform: Platform) -> Iterator[Violation]:
    producer = platform.workspaces.get(platform.producers.get(read.request, ""))
    if producer is None and _is_open(read):
        reason = f"whose state `{read.address}` reads is not known"
        raise Undecided(Reason("remote-state-not-known", reason, read.span))
    if producer is None or producer is workspace or producer.account.kind != "sandbox":
        return
    if workspace.account.kind in ("sandbox", "dns", "security"):
        return
    if not workspace.account.kind:
        reason = f"the kind of the account `{workspace.account}` is not known"
        raise Undecided(Reason("account-kind-not-known", reason))
    yield workspace.violation(
        f"`{workspace}` reads the state of the sandbox `{producer.account}`",
        read.span,
        "depends on a sandbox",
        subject=read.address,
        evidence=(Evidence(producer.anchor, f"the sandbox's workspace `{producer}`", producer.name),),
    )


def _is_open(read: RemoteStateRead) -> bool:
    """Say whether the arguments that name a state are not all known."""
    return any(isinstance(value, PartialText) for _, value in read.request.config)


def _trust(trust: Trust) -> Iterator[Violation]:
    if trust.account is None or trust.account.kind != "sandbox" or trust.role.resource.kind == "sandbox":
        return
    role = trust.role
    yield role.resource.workspace.violation(
        f"the role `{role}` of `{role.account}` trusts the sandbox `{trust.account}`",
        trust.evidence.span,
        "trusts a sandbox",
        subject=role.resource.address,
    )
