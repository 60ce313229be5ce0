"""Policies: what their JSON says, with what could not be understood kept as unknown.

Nothing of a document is dropped in silence. What has the wrong shape gives a
`PolicyProblem`, and the part that it belongs to is unknown, as is a part that stands in
a hole: whoever evaluates it gets neither a yes nor a no.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from astralint.aws.text import Text

JsonPath = tuple[str | int, ...]
Effect = Literal["Allow", "Deny"]
PolicyKind = Literal["trust", "identity", "boundary", "session", "scp", "rcp", "resource"]
PrincipalKind = Literal["AWS", "Service", "Federated", "CanonicalUser"]
Quantifier = Literal["ForAllValues", "ForAnyValue"]


class PolicyProblem(msgspec.Struct, frozen=True):
    """Something that AWS would refuse, or that is surely not meant, and where it stands in the JSON."""

    message: str
    path: JsonPath = ()


class Unknowable(msgspec.Struct, frozen=True):
    """In a structure that becomes a policy: a value of which nothing is known, and why."""

    reason: str


class Entry(msgspec.Struct, frozen=True):
    """One text of a policy, and where it stands."""

    text: Text
    path: JsonPath


class Element(msgspec.Struct, frozen=True):
    """`Action`, `Resource`, or their `Not…` forms. `unknown` says why there may be more entries."""

    entries: tuple[Entry, ...]
    negated: bool = False
    unknown: tuple[str, ...] = ()


class PrincipalEntry(msgspec.Struct, frozen=True):
    """One principal of a statement. `Principal: "*"` is the kind `AWS` with the text `*`."""

    kind: PrincipalKind
    text: Text
    path: JsonPath


class PrincipalElement(msgspec.Struct, frozen=True):
    """`Principal` or `NotPrincipal`. `unknown` says why there may be more entries."""

    entries: tuple[PrincipalEntry, ...]
    negated: bool = False
    unknown: tuple[str, ...] = ()


class Condition(msgspec.Struct, frozen=True):
    """One key under one operator.

    `operator` is the base in AWS's spelling (`StringEquals`); it is "" where it is none
    that AWS knows, and `written` then says what stands there. `unknown` says what is not known of it.
    """

    operator: str
    key: Text
    values: tuple[Entry, ...]
    path: JsonPath
    quantifier: Quantifier | None = None
    if_exists: bool = False
    written: str = ""
    unknown: tuple[str, ...] = ()


class Statement(msgspec.Struct, frozen=True):
    """One statement. `effect` None: not known. `unknown`: why the whole of it is not known."""

    path: JsonPath
    effect: Effect | None = None
    sid: Text | None = None
    principal: PrincipalElement | None = None
    action: Element | None = None
    resource: Element | None = None
    conditions: tuple[Condition, ...] = ()
    unknown: tuple[str, ...] = ()


class Policy(msgspec.Struct, frozen=True):
    """A policy document.

    `variables` says whether `${…}` is replaced (Version 2012-10-17). `services` limits what
    the policy speaks of: of actions of other services it says nothing, neither yes nor no.
    """

    statements: tuple[Statement, ...]
    problems: tuple[PolicyProblem, ...] = ()
    name: str = ""
    kind: PolicyKind = "identity"
    variables: bool = True
    services: tuple[str, ...] | None = None

    @classmethod
    def unknown(cls, reason: str, *, name: str = "", kind: PolicyKind = "identity") -> Policy:
        """Return a policy of which nothing is known."""
        return cls((Statement((), unknown=(reason,)),), name=name, kind=kind)

    def doubted(self, reason: str) -> Policy:
        """Return the policy as one of which it is not known whether it is there."""
        statements = tuple(
            msgspec.structs.replace(statement, unknown=(*statement.unknown, reason)) for statement in self.statements
        )
        return msgspec.structs.replace(self, statements=statements)
