"""AL014."""

from __future__ import annotations

from collections.abc import Iterator

from astralint.rules.api import Account, Evidence, Platform, Violation, rule
from astralint_rules.flows import Flow, flows

FOUNDATION = ("management", "identity", "security", "artifact", "email")


@rule("AL014", "state-flow-inversion", severity="warning", each=flows, tags=("workspaces",), by_kind=True)
def check(flow: Flow, platform: Platform) -> Iterator[Violation]:
    """Outputs flow from the foundation to the environments, and from these to dns only.

    ## Why

    What reads another workspace's state is built on it: it can't be planned without it, and
    whoever changes the one changes the other. The foundation outlives environments, and an environment
    that is built on another one can't be tested, or thrown away, alone.

    ## Bad

    ```hcl
    # workspaces/production
    data "terraform_remote_state" "staging" {
      backend = "remote"
      config  = { organization = "astradot", workspaces = { name = "staging" } }
    }
    ```

    ## Good

    What both need is made in a foundation account, and both read it from there.

    ## Exceptions

    The dns account reads what it delegates to. Accounts of other kinds (a network, an
    observability account) are not judged, nor are two accounts of one kind. That something reads a sandbox's state is AL804.
    """
    reader, producer = flow.reader.account, flow.source.account
    if not _is_against(reader, producer):
        return
    yield flow.reader.violation(
        f"`{flow.reader}` of `{reader}` reads the state of `{flow.source}` of `{producer}`",
        flow.read.span,
        "is built on an environment",
        subject=flow.read.address,
        evidence=(Evidence(flow.source.anchor, f"the state of `{producer}`", flow.source.name),),
    )


def _is_against(reader: Account, producer: Account) -> bool:
    if producer.kind == "sandbox" and reader.kind != "sandbox":
        return False
    is_twin = reader.kind == producer.kind and reader.kind != "sandbox"
    judged = reader.is_environment or reader.kind in FOUNDATION
    return judged and producer.is_environment and reader is not producer and not is_twin
