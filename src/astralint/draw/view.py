"""What a picture shows: containers, nodes and edges, reduced from the platform's graph."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.draw.escape import counted
from astralint.draw.options import Level

Style = Literal["allowed", "conditional", "half-open", "deploys", "other"]
Lane = Literal[0, 1, 2, 3]

LANES = ("Outside and services", "Identity and pipelines", "Shared accounts", "Environments")

_LANE_OF_KIND: dict[str, Lane] = {
    **dict.fromkeys(("management", "identity", "pipeline", "pipelines", "ci", "cicd", "deployment", "automation"), 1),
    **dict.fromkeys(("production", "staging", "sandbox", "development", "test", "qa", "demo", "preview"), 3),
}

GROUPS = {
    "federated": "Identity providers",
    "service": "AWS services",
    "outside": "Outside",
    "wildcard": "Anyone",
    "unknown": "Not resolved",
    "unassigned": "Account not known",
}
"""Containers of what belongs to no account: the end of their id and their name."""

STRENGTH = {"allowed": 3, "conditional": 2, "denied": 1, "": 0}


class Place(msgspec.Struct, frozen=True, order=True):
    """A line of code that makes an edge true."""

    file: str
    line: int
    column: int = 1
    side: str = ""
    text: str = ""
    workspace: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Container(msgspec.Struct, frozen=True):
    """An account, or a group of what belongs to none.

    `inner` counts the edges that are hidden in it because it is collapsed,
    `inner_findings` are the rules that these violate.
    """

    id: str
    name: str
    lane: Lane
    kind: Literal["account", "group"] = "account"
    account_kind: str = ""
    number: str = ""
    external: bool = False
    workspaces: int = 0
    members: int = 0
    collapsed: bool = False
    inner: int = 0
    inner_findings: tuple[str, ...] = ()

    @property
    def caption(self) -> str:
        """What stands under the name: the account's kind and number."""
        if self.kind == "group":
            return ""
        kind = self.account_kind if self.account_kind != self.name else ""
        return " · ".join(part for part in (kind or ("external" if self.external else ""), self.number) if part)


class Node(msgspec.Struct, frozen=True):
    """Who takes part: a role, user, workspace, resource, or principal.

    `kind` is `role`, `user`, `workspace`, `resource`, or a principal's kind.
    """

    id: str
    name: str
    kind: str
    container: str
    detail: str = ""
    file: str = ""
    line: int = 0


class Edge(msgspec.Struct, frozen=True):
    """From who can become, to whom; the ends are ids of nodes or containers.

    `count` is how many edges of the graph it stands for; `verdict` the strongest of them.
    """

    source: str
    target: str
    kinds: tuple[str, ...]
    verdict: str = ""
    conditions: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    evidence: tuple[Place, ...] = ()
    count: int = 1
    unresolved: bool = False

    @property
    def half_open(self) -> bool:
        """Denied, because one of both sides is missing."""
        return self.verdict == "denied"

    @property
    def style(self) -> Style:
        """How the line is drawn; red, for findings, comes on top of it."""
        if self.verdict == "allowed":
            return "allowed"
        if self.verdict == "conditional":
            return "conditional"
        if self.verdict == "denied":
            return "half-open"
        return "deploys" if "deploys-as" in self.kinds else "other"

    @property
    def missing_side(self) -> str:
        """What a half-open edge lacks; "" for the others."""
        if not self.half_open:
            return ""
        sides = {place.side for place in self.evidence}
        if "trust" in sides and "identity" not in sides:
            return "trusted, but no identity policy of the caller allows it"
        if "identity" in sides and "trust" not in sides:
            return "allowed to the caller, but no trust policy lets it in"
        return "one of both sides is missing"

    @property
    def verdict_text(self) -> str:
        """The verdict in words."""
        return {"half-open": "half-open", "deploys": "deploys as", "other": self.kinds[0].replace("-", " ")}.get(
            self.style, self.verdict
        )


class Counts(msgspec.Struct, frozen=True):
    """The figures of the legend, in edges of the graph's own."""

    accounts: int = 0
    nodes: int = 0
    allowed: int = 0
    conditional: int = 0
    half_open: int = 0
    deploys: int = 0
    other: int = 0
    violations: int = 0
    unresolved: int = 0

    @property
    def edges(self) -> int:
        """All edges together."""
        return self.allowed + self.conditional + self.half_open + self.deploys + self.other

    def legend(self) -> list[tuple[str, str, int]]:
        """Return the lines of the legend: (style, text, count), those that matter always."""
        lines = [
            ("allowed", "allowed", self.allowed),
            ("conditional", "conditional", self.conditional),
            ("half-open", "half-open: one side only", self.half_open),
            ("deploys", "deploys as", self.deploys),
            ("other", "other relations", self.other),
            ("violation", "violates a rule", self.violations),
            ("unresolved", "not resolved", self.unresolved),
        ]
        return [line for line in lines if line[2] or line[0] not in ("deploys", "other")]


class View(msgspec.Struct, frozen=True):
    """What a picture shows, in stable order. `counts` are those of the graph, whatever is collapsed."""

    level: Level
    containers: tuple[Container, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    counts: Counts
    title: str = ""
    version: str = ""
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The title, or what stands for it."""
        return self.title or "Who can become whom"

    @property
    def summary(self) -> str:
        """The figures in a line."""
        counts = self.counts
        parts = [counted(counts.accounts, "account"), counted(counts.edges, "edge")]
        words = {"violation": "against a rule", "half-open": "half-open", "other": "other"}
        parts += [f"{number:,} {words.get(style, text)}" for style, text, number in counts.legend() if number]
        return " · ".join(parts)


def lane_of(account_kind: str, *, external: bool) -> Lane:
    """Return the column that an account stands in."""
    return 0 if external else _LANE_OF_KIND.get(account_kind, 2)
