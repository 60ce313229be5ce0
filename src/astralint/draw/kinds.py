"""What the kinds of edges and principals are called, and how and where they are drawn.

A kind that is not in these tables is drawn all the same: plainly, at every level, under its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from astralint.draw.escape import cut, visible
from astralint.draw.options import Level

Style = Literal[
    "allowed",
    "conditional",
    "half-open",
    "deploys",
    "delegates",
    "escalates",
    "escalates-if",
    "access",
    "access-if",
    "other",
]
Family = Literal["trust", "escalation", "access"]
STYLES: dict[Style, str] = {
    "allowed": "allowed",
    "conditional": "conditional",
    "half-open": "half-open: one side only",
    "deploys": "deploys as",
    "delegates": "delegates a service",
    "escalates": "escalation",
    "escalates-if": "escalation on conditions",
    "access": "access to resources",
    "access-if": "access on conditions",
    "other": "other relations",
}
"""The looks of lines, the strongest first, and what the legend calls them."""
ALWAYS_EXPLAINED = frozenset({"allowed", "conditional", "half-open"})

_EVERYWHERE: frozenset[Level] = frozenset({"account", "role", "resource"})
_MEMBERS: frozenset[Level] = frozenset({"role", "resource"})
_RESOURCES: frozenset[Level] = frozenset({"resource"})


class EdgeKind(msgspec.Struct, frozen=True):
    """How edges of a kind are drawn.

    `words` say what the one does with the other, `filter` is what the page calls them all.
    Edges of one family run together; those of `access` are light: they give way to trust. Lines that are not
    `labelled` are too many to be written at. `verdict` is assumed where an edge should have one and has none.
    """

    words: str
    filter: str
    style: Style = "other"
    levels: frozenset[Level] = _EVERYWHERE
    family: Family = "trust"
    labelled: bool = True
    verdict: str = ""

    @property
    def light(self) -> bool:
        """Whether it gives way to trust."""
        return self.family == "access"


EDGES: dict[str, EdgeKind] = {
    "can-assume": EdgeKind("", "roles and accounts", "conditional", verdict="conditional"),
    "trusts": EdgeKind("", "roles and accounts", "conditional", verdict="conditional"),
    "can-assume-root": EdgeKind("can assume root", "root access", "conditional", verdict="conditional"),
    "deploys-as": EdgeKind("deploys as", "pipelines", "deploys"),
    "delegates-to": EdgeKind("delegates to", "delegated administration", "delegates"),
    "can-escalate": EdgeKind("can escalate", "escalation", "escalates", family="escalation", verdict="conditional"),
    "is-administrator": EdgeKind("is", "administrators", "escalates", _RESOURCES, family="escalation"),
    "can-access": EdgeKind("may access", "resource access", "access", _RESOURCES, family="access"),
    "shared-with": EdgeKind("is shared with", "shares", "access", _RESOURCES, family="access"),
    "refers-to": EdgeKind("refers to", "references to accounts", "access", _RESOURCES, family="access"),
    "member-of": EdgeKind("is a member of", "group members", levels=_MEMBERS),
    "runs-as": EdgeKind("runs as", "runs as", levels=_RESOURCES),
    "guards": EdgeKind("guards", "organization policies", levels=_RESOURCES, labelled=False),
    "federates": EdgeKind("federates", "identity providers' resources", levels=_RESOURCES, labelled=False),
    "references": EdgeKind("references", "references", levels=_RESOURCES, labelled=False),
    "reads-state": EdgeKind("reads state", "state reads", levels=_RESOURCES, labelled=False),
}
_LONGEST = 40
ASSUMPTIONS = frozenset({"can-assume", "trusts"})
UNDRAWN = frozenset({"contains", "trusts", "grants", ""})
"""Kinds that say where things are, or one side of what `can-assume` decides."""


def edge_kind(kind: str) -> EdgeKind:
    """Return how edges of a kind are drawn, whether it is known or not."""
    known = EDGES.get(kind)
    if known is not None:
        return known
    words = cut(visible(kind.replace("-", " ")), _LONGEST)
    return EdgeKind(words, words)


def drawn(kind: str, level: Level, *, light: bool, gained: bool = False) -> bool:
    """Say whether edges of a kind are drawn at a level; `light` ones wherever they are asked for.

    `gained` says that what one gets by it is a resource, that no other level shows.
    """
    if kind in UNDRAWN:
        return False
    facts = edge_kind(kind)
    if gained and level != "resource":
        return False
    return light if facts.light else level in facts.levels


GROUPS = {
    "federated": "Identity providers",
    "people": "Identity Center",
    "organization": "Organization",
    "service": "AWS services",
    "outside": "Outside",
    "wildcard": "Anyone",
    "unknown": "Not resolved",
    "unassigned": "Account not known",
}
"""Containers of what belongs to no account: the end of their id and their name."""


class PrincipalKind(msgspec.Struct, frozen=True):
    """Where principals of a kind stand: in their account, if `group` is only for those without one."""

    group: str = "outside"
    always: bool = False
    plain: bool = False
    """Its kind goes without saying where its group is said."""


PRINCIPALS: dict[str, PrincipalKind] = {
    "service": PrincipalKind("service", always=True, plain=True),
    "federated": PrincipalKind("federated", always=True, plain=True),
    "wildcard": PrincipalKind("wildcard", always=True, plain=True),
    "unknown": PrincipalKind("unknown", always=True, plain=True),
    "role": PrincipalKind(plain=True),
    "identity-pool": PrincipalKind("federated"),
    "kubernetes": PrincipalKind("federated"),
    "certificate": PrincipalKind("federated"),
    "permission-set": PrincipalKind("people"),
    "sso-group": PrincipalKind("people"),
    "sso-user": PrincipalKind("people"),
    "account-root": PrincipalKind("outside"),
    "managed-node": PrincipalKind("federated"),
    "organization": PrincipalKind("organization"),
    "organizational-unit": PrincipalKind("organization"),
}
_OTHER = PrincipalKind()
_PLAIN_NODES = frozenset({"role", "resource"})


def principal_kind(kind: str) -> PrincipalKind:
    """Return where principals of a kind stand, whether it is known or not."""
    return PRINCIPALS.get(kind, _OTHER)


def kind_text(kind: str) -> str:
    """Return what is written beside a member's name; "" where it goes without saying."""
    if kind in _PLAIN_NODES or principal_kind(kind).plain:
        return ""
    return kind.replace("-", " ").replace("sso ", "SSO ")


def is_gained(kind: str, target: Mapping[str, object]) -> bool:
    """Say whether an edge leads to what somebody gains and is nobody to become: a resource, or an account's limits."""
    return kind == "can-escalate" and (
        target.get("kind") == "account"
        or (target.get("kind") == "resource" and target.get("type") not in ("aws_iam_role", "aws_iam_user"))
    )
