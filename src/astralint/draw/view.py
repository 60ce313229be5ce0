"""What a picture shows: containers, nodes and edges, reduced from the platform's graph."""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.draw.escape import counted
from astralint.draw.kinds import ALWAYS_EXPLAINED, ASSUMPTIONS, STYLES, Family, Style, edge_kind
from astralint.draw.options import Level

Lane = Literal[0, 1, 2, 3]

LANES = ("Outside and services", "Identity and pipelines", "Shared accounts", "Environments")

_LANE_OF_KIND: dict[str, Lane] = {
    **dict.fromkeys(("management", "identity", "pipeline", "pipelines", "ci", "cicd", "deployment", "automation"), 1),
    **dict.fromkeys(("production", "staging", "sandbox", "development", "test", "qa", "demo", "preview"), 3),
}

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
    """An account, a group of what belongs to none, or a district: the many `accounts` of one kind.

    `inner` counts the edges that are hidden in it because it is collapsed,
    `inner_findings` are the rules that these violate.
    """

    id: str
    name: str
    lane: Lane
    kind: Literal["account", "group", "district"] = "account"
    account_kind: str = ""
    number: str = ""
    external: bool = False
    workspaces: int = 0
    members: int = 0
    collapsed: bool = False
    inner: int = 0
    inner_findings: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    unmanaged: int = 0

    @property
    def caption(self) -> str:
        """What stands under the name: the account's kind and number, and how much in it no code manages."""
        if self.kind == "group":
            return ""
        kind = self.account_kind if self.account_kind != self.name else ""
        told = f"{self.unmanaged:,} unmanaged" if self.unmanaged else ""
        return " · ".join(part for part in (kind or ("external" if self.external else ""), self.number, told) if part)


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
    `details` say more of it: the actions of an access, the service that is delegated.
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
    details: tuple[str, ...] = ()

    @property
    def half_open(self) -> bool:
        """Denied, because one of both sides is missing."""
        return self.verdict == "denied"

    @property
    def light(self) -> bool:
        """Of the family that gives way to trust."""
        return self.family == "access"

    @property
    def family(self) -> Family:
        """The family of its kinds: edges of different ones are never drawn as one."""
        return edge_kind(self.kinds[0]).family if self.kinds else "trust"

    @property
    def style(self) -> Style:
        """How the line is drawn; red, for findings, comes on top of it."""
        if self.half_open:
            return "half-open"
        if self.light:
            return "access-if" if self.verdict == "conditional" else "access"
        if self.family == "escalation":
            return "escalates-if" if self.verdict == "conditional" else "escalates"
        if self.verdict == "allowed":
            return "allowed"
        if self.verdict == "conditional":
            return "conditional"
        return min((edge_kind(kind).style for kind in self.kinds), key=_RANK.__getitem__, default="other")

    @property
    def missing_side(self) -> str:
        """What a half-open edge lacks; "" for the others."""
        if not self.half_open:
            return ""
        if "deploys-as" in self.kinds:
            return "deploys as a role that no workspace makes"
        sides = {place.side for place in self.evidence}
        if "trust" in sides and "identity" not in sides:
            return "trusted, but no identity policy of the caller allows it"
        if "identity" in sides and "trust" not in sides:
            return "allowed to the caller, but no trust policy lets it in"
        return "one of both sides is missing"

    @property
    def verdict_text(self) -> str:
        """The verdict in words, and what it is about where that is not assuming a role."""
        verdict = "half-open" if self.half_open else self.verdict
        if verdict and ASSUMPTIONS.intersection(self.kinds):
            return verdict
        words = edge_kind(self.kinds[0]).words
        return f"{words}: {verdict}" if verdict and words else words or verdict


_RANK = {style: rank for rank, style in enumerate(STYLES)}


class Counts(msgspec.Struct, frozen=True):
    """The figures of the legend, in edges of the graph's own; `styles` has those that there are."""

    accounts: int = 0
    nodes: int = 0
    styles: dict[Style, int] = {}
    violations: int = 0
    unresolved: int = 0

    @property
    def edges(self) -> int:
        """All edges together."""
        return sum(self.styles.values())

    def legend(self) -> list[tuple[str, str, int]]:
        """Return the lines of the legend: (style, text, count), those that matter always."""
        lines: list[tuple[str, str, int]] = [
            (style, text, self.styles.get(style, 0))
            for style, text in STYLES.items()
            if style in ALWAYS_EXPLAINED or self.styles.get(style)
        ]
        return [
            *lines,
            ("violation", "violates a rule", self.violations),
            ("unresolved", "not resolved", self.unresolved),
        ]


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
