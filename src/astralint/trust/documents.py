"""Policy documents of resources: parsed, and each part of them traced back to its line of code."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from astralint.aws.managed_policies import managed_policy
from astralint.aws.plain import Plain
from astralint.aws.plain import Unknown as PlainUnknown
from astralint.aws.policy import JsonPath, Policy, PolicyKind, Statement
from astralint.aws.policy_document import StatementOrigin, render
from astralint.aws.policy_parser import parse_policy
from astralint.estate.estate import Estate
from astralint.estate.model import Resource
from astralint.estate.plain import to_plain
from astralint.source.evidence import Evidence
from astralint.source.partial import Hole, PartialText, Text
from astralint.source.span import Span
from astralint.terraform.values.value import Origin, Unknown, Value
from astralint.trust.written import written

DOCUMENT = "aws_iam_policy_document"
MAXIMUM_STATEMENTS, MAXIMUM_PRINCIPALS, MAXIMUM_WORK = 1_000, 2_500, 600_000


class Document(msgspec.Struct, frozen=True, eq=False):
    """A policy as it stands in an attribute of a resource.

    `path` leads to the attribute: `("assume_role_policy",)`, `("inline_policy", 0, "policy")`.
    """

    policy: Policy
    estate: Estate
    resource: Resource
    path: tuple[str | int, ...]
    value: Value | None

    def span(self, json_path: JsonPath) -> Span:
        """Return the smallest place in the code that a part of the document comes from."""
        key = id(self.resource), self.path, json_path
        found = self.estate.places.get(key)
        if found is None:
            found = self.estate.places[key] = self._span(json_path)
        return found

    def _span(self, json_path: JsonPath) -> Span:
        placed = written(self.estate, self.resource, self.path, json_path)
        if placed is not None and placed.is_literal:
            return placed.span
        found = self._of_data_source(json_path)
        if found is not None:
            return found
        return placed.span if placed is not None else self.resource.span(*self.path, *json_path)

    def evidence(self, label: str, json_path: JsonPath) -> Evidence:
        """Return a part of the document as evidence."""
        return Evidence(self.span(json_path), label, self.resource.workspace.name)

    def _of_data_source(self, json_path: JsonPath) -> Span | None:
        origin = next(_documents(self.value), None) if self.value is not None else None
        if origin is None:
            return None
        address = origin.address.rpartition(".")[0]
        data = self.estate.find(origin.workspace, address)
        if data is None or len(json_path) < 2 or not isinstance(json_path[1], int):
            return data.header if data is not None else origin.span
        rendered = render(to_plain_object(data))
        if json_path[1] >= len(rendered.statements):
            return data.header
        statement = rendered.statements[json_path[1]]
        return self._within(data, statement, json_path)

    def _within(self, data: Resource, statement: StatementOrigin, json_path: JsonPath) -> Span:
        if statement.kind != "own":
            inner = self._inner_document(data, statement)
            if inner is not None:
                return inner.span(("Statement", statement.statement, *json_path[2:]))
            return data.span(f"{statement.kind}_policy_documents", statement.document)
        base: tuple[str | int, ...] = ("statement", statement.statement)
        part = json_path[2] if len(json_path) > 2 else ""
        if part in ("Principal", "NotPrincipal"):
            return self._principal(data, statement.statement, json_path)
        if part == "Condition" and len(json_path) > 4:
            return data.span(*base, "condition", _condition(data, statement.statement, json_path))
        names = {
            "Action": "actions",
            "NotAction": "not_actions",
            "Resource": "resources",
            "NotResource": "not_resources",
            "Effect": "effect",
            "Sid": "sid",
            "Condition": "condition",
        }
        return data.span(*base, names[str(part)]) if part in names else data.span(*base)

    def _principal(self, data: Resource, index: int, json_path: JsonPath) -> Span:
        kind = json_path[3] if len(json_path) > 3 else "*"
        wanted = json_path[4] if len(json_path) > 4 and isinstance(json_path[4], int) else 0
        name = "principals" if json_path[2] == "Principal" else "not_principals"
        blocks = data.attributes.blocks("statement")[index].blocks(name)
        same = [position for position, block in enumerate(blocks) if block.text("type") in (kind, "*")]
        if not same:
            return data.span("statement", index)
        count = 0
        for position in same:
            identifiers = blocks[position].raw("identifiers")
            size = len(identifiers.raw) if identifiers is not None and isinstance(identifiers.raw, tuple) else 0
            if wanted < count + size or position == same[-1]:
                return data.span("statement", index, name, position, "identifiers")
            count += size
        return data.span("statement", index)

    def _inner_document(self, data: Resource, statement: StatementOrigin) -> Document | None:
        name = f"{statement.kind}_policy_documents"
        documents = data.value(name)
        if documents is None or not isinstance(documents.raw, tuple) or statement.document >= len(documents.raw):
            return None
        return Document(self.policy, self.estate, data, (name, statement.document), documents.raw[statement.document])


def _condition(data: Resource, index: int, json_path: JsonPath) -> int:
    """Return which block of a statement says what stands under an operator and a key."""
    blocks = data.attributes.blocks("statement")[index].blocks("condition")
    wanted = (str(json_path[3]), str(json_path[4]))
    told = [(str(block.text("test")), str(block.text("variable"))) for block in blocks]
    return told.index(wanted) if wanted in told else 0


def to_plain_object(resource: Resource) -> dict[str, Plain]:
    """Return a data source's configuration as `astralint.aws` takes it."""
    plain = to_plain(resource.instance.values)
    return plain if isinstance(plain, dict) else {}


def _documents(value: Value) -> Iterator[Origin]:
    """Yield the policy documents that a value came from, the nearest first."""
    seen: set[Origin] = set()
    pending = sorted(value.origins, key=lambda o: (o.workspace, o.address))
    while pending:
        following: list[Origin] = []
        for origin in pending:
            if origin in seen:
                continue
            seen.add(origin)
            if origin.kind == "data" and f"data.{DOCUMENT}." in origin.address:
                yield origin
            else:
                following.extend(sorted(origin.sources, key=lambda o: (o.workspace, o.address)))
        pending = following


def _looked_up(estate: Estate, value: Value) -> Policy | None:
    """Return the policy of AWS that a value was looked up from (`data.aws_iam_policy`), where it is known."""
    for origin in value.origins:
        if origin.kind != "data" or "data.aws_iam_policy." not in origin.address:
            continue
        data = estate.find(origin.workspace, origin.address.rpartition(".")[0])
        arn = data.text("arn") if data is not None else None
        policy = managed_policy(arn) if isinstance(arn, str) else None
        if policy is not None:
            return policy
    return None


def bounded(policy: Policy) -> Policy:
    """Return a policy, or an unknown one where it is larger by far than any that AWS takes.

    AWS's own limits are on characters; 32,768 is the highest of those on policies with many principals.
    """
    size = len(policy.statements)
    names = sum(len(s.principal.entries) for s in policy.statements if s.principal is not None)
    # Each principal of a trust policy is decided over the whole of it.
    work = names * (size + names) if policy.kind == "trust" else 0
    if size <= MAXIMUM_STATEMENTS and names <= MAXIMUM_PRINCIPALS and work <= MAXIMUM_WORK:
        return policy
    reason = f"a policy of {size:,} statements and {names:,} principals is more than AWS takes"
    return Policy.unknown(reason, name=policy.name, kind=policy.kind)


def _identified(policy: Policy, resource: Resource) -> Policy:
    """Return a policy of which each principal that is known in part is the same as itself, wherever it is compared."""
    statements = tuple(_with_known_principals(statement, resource) for statement in policy.statements)
    return msgspec.structs.replace(policy, statements=statements)


def _with_known_principals(statement: Statement, resource: Resource) -> Statement:
    element = statement.principal
    if element is None or all(isinstance(entry.text, str) for entry in element.entries):
        return statement
    entries = tuple(
        msgspec.structs.replace(
            entry,
            text=_with_symbols(entry.text, f"{resource.workspace}/{resource.address}/{'.'.join(map(str, entry.path))}"),
        )
        for entry in element.entries
    )
    return msgspec.structs.replace(statement, principal=msgspec.structs.replace(element, entries=entries))


def _with_symbols(text: Text, identity: str) -> Text:
    if isinstance(text, str):
        return text
    named = (
        Hole(part.reason, part.symbol or f"generated:{identity}#{number}") if isinstance(part, Hole) else part
        for number, part in enumerate(text.parts)
    )
    return PartialText(tuple(named))


def document(
    estate: Estate,
    resource: Resource,
    value: Value | None,
    path: tuple[str | int, ...],
    kind: PolicyKind,
    name: str = "",
) -> Document | None:
    """Return the policy that an attribute holds; None where it is null or empty."""
    if value is None or value.raw is None or value.raw == "":
        return None
    plain = to_plain(value)
    shown = name or resource.address
    managed = _looked_up(estate, value) if isinstance(value.raw, Unknown) else None
    if managed is not None:
        return Document(managed, estate, resource, path, value)
    if isinstance(plain, PlainUnknown):
        policy = Policy.unknown(plain.reason, name=shown, kind=kind)
    else:
        policy = _identified(bounded(parse_policy(plain, kind=kind, name=shown)), resource)
    return Document(policy, estate, resource, path, value)
