"""AL804."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Evidence, Platform, Reason, Undecided, Violation, Workspace, rule
from astralint.rules.api.code import RemoteStateRead
from astralint.rules.api.text import PartialText
from astralint.rules.api.trust import Trust


class Dependency:
    """A read of a state, or a trust: what may lead to a sandbox."""

    def __init__(self, workspace: Workspace, read: RemoteStateRead | None = None, trust: Trust | None = None) -> None:
        self.workspace = workspace
        self.read = read
        self.trust = trust

    def __str__(self) -> str:
        return self.read.address if self.read is not None else str(self.trust.role) if self.trust is not None else ""


def dependencies(platform: Platform) -> Iterator[Dependency]:
    """Yield all reads of states and all trusts."""
    for workspace in platform.workspaces.values():
        for read in workspace.result.remote_state_reads:
            yield Dependency(workspace, read=read)
    for trust in platform.trust.trusts:
        yield Dependency(trust.role.resource.workspace, trust=trust)


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

    The dns account reads the name servers of a sandbox to delegate to it, and the
    security account may look into it.
    """
    if dependency.read is not None:
        yield from _read(dependency.workspace, dependency.read, platform)
    elif dependency.trust is not None:
        yield from _trust(dependency.trust)


def _read(workspace: Workspace, read: RemoteStateRead, platform: Platform) -> Iterator[Violation]:
    producer = platform.workspaces.get(platform.producers.get(read.request, ""))
    if producer is None and _is_open(read):
        reason = f"whose state `{read.address}` reads is not known"
        raise Undecided(Reason("remote-state-not-known", reason, read.span))
    if producer is None or producer is workspace or producer.account.kind != "sandbox":
        return
    if workspace.account.kind in ("sandbox", "dns", "security"):
        return
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
