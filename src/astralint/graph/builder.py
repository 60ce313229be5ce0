"""The platform as one networkx graph; `astralint.graph.model` describes its nodes and edges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import networkx as nx

from astralint.estate.estate import Estate
from astralint.estate.model import Resource, Workspace
from astralint.estate.nodes import account_node, resource_node, workspace_node
from astralint.estate.origins import resource_at
from astralint.source.evidence import Evidence
from astralint.source.span import Span
from astralint.terraform.requests import RemoteStateRequest
from astralint.terraform.values.value import Origin, Value
from astralint.trust.access import Access
from astralint.trust.assumption import Assumption
from astralint.trust.declared import Trust
from astralint.trust.index import TrustIndex


def build_graph(estate: Estate, index: TrustIndex) -> nx.MultiDiGraph[str]:
    """Return the graph of accounts, workspaces, resources and principals, in stable order."""
    builder = _Builder(estate, index)
    builder.structure()
    builder.references()
    builder.trust()
    return builder.graph


class _Builder:
    def __init__(self, estate: Estate, index: TrustIndex) -> None:
        self.index = index
        self.estate = estate
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()

    def _edge(self, source: str, target: str, kind: str, evidence: list[dict[str, Any]], **attributes: Any) -> None:
        number = sum(1 for key in self.graph.get_edge_data(source, target, default={}) if str(key).startswith(kind))
        key = f"{kind}:{number}" if number else kind
        self.graph.add_edge(source, target, key=key, kind=kind, evidence=evidence, **attributes)

    # --- what there is ------------------------------------------------------------------

    def structure(self) -> None:
        for name in sorted(self.estate.accounts):
            account = self.estate.accounts[name]
            self.graph.add_node(
                account_node(name),
                kind="account",
                name=name,
                account_kind=account.kind,
                number=account.number,
                external=account.external,
                workspaces=len(self.estate.workspaces_of(account)),
            )
        for workspace in self.estate.workspaces.values():
            own = workspace.account_or_none
            node = workspace_node(workspace.name)
            self.graph.add_node(
                node, kind="workspace", name=workspace.name, account=own.name if own else "", path=workspace.directory
            )
            if own is not None:
                self._edge(account_node(own.name), node, "contains", [])
            for resource in (*workspace.resources, *workspace.data_sources):
                self._resource(workspace, resource)

    def _resource(self, workspace: Workspace, resource: Resource) -> None:
        node = resource_node(workspace.name, resource.address)
        account = resource.account_or_none
        provider = resource.instance.provider
        region = provider.region.raw if provider is not None and isinstance(provider.region.raw, str) else ""
        self.graph.add_node(
            node,
            kind="resource",
            address=resource.address,
            type=resource.type,
            mode=resource.mode,
            name=_shown_name(resource),
            account=account.name if account else "",
            region=region,
            workspace=workspace.name,
            file=resource.header.file,
            line=resource.header.line,
        )
        self._edge(workspace_node(workspace.name), node, "contains", [evidence_of(resource.evidence(""), "")])

    # --- who takes values from whom -------------------------------------------------------

    def references(self) -> None:
        for workspace in self.estate.workspaces.values():
            for resource in (*workspace.resources, *workspace.data_sources):
                source = resource_node(workspace.name, resource.address)
                for target, origin in sorted(self._targets(resource).items()):
                    evidence = [evidence_of(Evidence(origin.span, "", origin.workspace), "")] if origin.span else []
                    if target != source and target in self.graph:
                        self._edge(source, target, "references", evidence)
            for read in workspace.result.remote_state_reads:
                producer = self._producer(read.request)
                if producer in self.estate.workspaces:
                    evidence = [
                        evidence_of(Evidence(read.span, f"reads the state of `{producer}`", workspace.name), "")
                    ]
                    self._edge(workspace_node(workspace.name), workspace_node(producer), "reads-state", evidence)

    def _producer(self, request: RemoteStateRequest) -> str:
        return self.estate.producers.get(request, "")

    def _targets(self, resource: Resource) -> dict[str, Origin]:
        """Return the nodes of the resources that a resource takes values from, each with the first place it names.

        Origins come in sets: which of several places is met first differs from run to run.
        """
        found: dict[str, Origin] = {}
        seen: set[Origin] = set()
        pending = [origin for value in _values(resource.instance.values) for origin in value.origins]
        while pending:
            origin = pending.pop()
            if origin in seen:
                continue
            seen.add(origin)
            if origin.kind in ("resource", "data"):
                target = resource_at(self.estate, origin)
                if target is not None:
                    node = resource_node(origin.workspace, target.address)
                    if node not in found or _place(origin) < _place(found[node]):
                        found[node] = origin
                    continue
            pending.extend(origin.sources)
        return found

    # --- who may become whom ---------------------------------------------------------------

    def trust(self) -> None:
        index = self.index
        for identity in (*index.identities, *(edge.role for edge in index.bindings)):
            account = identity.account.name if identity.account else ""
            self._principal(identity.node, _kind_of(identity.node), str(identity.name), account)
        for trust in index.trusts:
            self._trusted(trust)
            self._edge(trust.role.node, trust.node, "trusts", [evidence_of(trust.evidence, "trust")])
        for grant in index.grants:
            target = grant.node
            self._principal(target, "role", str(grant.entry.text), "")
            self._edge(grant.identity.node, target, "grants", [evidence_of(grant.evidence, "identity")])
        for deployment in index.deployments:
            target = deployment.node
            account = deployment.account.name if deployment.account else ""
            self._principal(target, _kind_of(target), str(deployment.arn), account)
            evidence = [evidence_of(deployment.evidence, "provider")]
            source = workspace_node(deployment.workspace.name)
            missing = "role" if self.index.is_missing(deployment) else ""
            self._edge(source, target, "deploys-as", evidence, through=deployment.through, missing=missing, findings=[])
        for assumption in index.edges:
            self._assumption(assumption)
        for running in index.runs_as:
            source = resource_node(running.resource.workspace.name, running.resource.address)
            self._edge(source, running.role.node, "runs-as", [evidence_of(running.evidence, "binding")])
        for delegation in index.delegations:
            self._principal(delegation.target, "root", delegation.target.rpartition("/")[2], "")
            evidence = [evidence_of(delegation.evidence, "")]
            source = account_node(delegation.source.name)
            self._edge(source, delegation.target, "delegates-to", evidence, service=delegation.service)
        for guard in index.guardrails.guards():
            source = resource_node(guard.policy.workspace.name, guard.policy.address)
            self._principal(guard.target, _kind_of(guard.target), "the organization's root", "")
            self._edge(source, guard.target, "guards", [evidence_of(guard.evidence, "organization")])
        for provider in index.providers:
            source = resource_node(provider.resource.workspace.name, provider.resource.address)
            self._edge(source, provider.node, "federates", [evidence_of(provider.evidence, "")])
        for access in index.accesses:
            self._access(access)
        for reference in index.references:
            source = resource_node(reference.resource.workspace.name, reference.resource.address)
            self._principal(reference.target, _kind_of(reference.target), reference.name, "")
            self._edge(source, reference.target, "refers-to", [evidence_of(reference.evidence, "resource")])

    def _access(self, access: Access) -> None:
        self._principal(access.principal, _kind_of(access.principal), access.name, "")
        ends = (access.principal, access.node) if access.kind == "can-access" else (access.node, access.principal)
        self._edge(
            *ends,
            access.kind,
            [evidence_of(item, "resource") for item in access.evidence],
            verdict=access.verdict,
            conditions=list(access.conditions),
            actions=list(access.actions),
            all_but=access.all_but,
            findings=[],
        )

    def _trusted(self, trust: Trust) -> None:
        account = trust.account.name if trust.account is not None else ""
        self._principal(trust.node, _kind_of(trust.node), str(trust.principal.entry.text), account)

    def _principal(self, node: str, kind: str, name: str, account: str) -> None:
        if node not in self.graph:
            self.graph.add_node(node, kind="principal", name=name, principal_kind=kind, account=account)

    def _assumption(self, assumption: Assumption) -> None:
        evidence = [evidence_of(binding, "binding") for binding in assumption.bindings]
        evidence += [evidence_of(trust.evidence, "trust") for trust in assumption.trusts]
        evidence += [evidence_of(permission, "identity") for permission in assumption.permissions]
        if assumption.decision.verdict == "denied" and not assumption.missing:
            return
        account = assumption.account.name if assumption.account is not None else ""
        self._principal(assumption.source, _kind_of(assumption.source), assumption.name, account)
        self._edge(
            assumption.source,
            assumption.role.node,
            assumption.kind,
            evidence,
            verdict=assumption.decision.verdict,
            conditions=list(assumption.conditions),
            missing=assumption.missing,
            findings=[],
        )


def _kind_of(node: str) -> str:
    """Return the kind of principal that a node's id begins with; "" for other nodes."""
    kind, _, rest = node.partition(":")
    return rest.partition("/")[0] if kind == "principal" else ""


def _shown_name(resource: Resource) -> str:
    name = resource.text("name")
    return str(name) if name is not None else resource.name


def evidence_of(evidence: Evidence, side: str) -> dict[str, Any]:
    """Return a place of the code as it stands in the graph."""
    return {
        **evidence.span.data(),
        "text": evidence.text,
        "side": side,
        "workspace": evidence.workspace,
    }


def _values(value: Value) -> list[Value]:
    found: list[Value] = []
    pending = [value]
    while pending:
        current = pending.pop()
        found.append(current)
        if isinstance(current.raw, dict):
            pending.extend(current.raw.values())
        elif isinstance(current.raw, tuple):
            pending.extend(current.raw)
    return found


def mark_nodes(graph: nx.MultiDiGraph[str], found: Iterable[tuple[str, str, str, str]]) -> None:
    """Write onto resources and accounts the rules that found something there.

    `found` are a rule's id, and the workspace, the subject and the account of each finding.
    """
    for rule, workspace, subject, account in found:
        address = subject.partition(": ")[0].partition(" -> ")[0]
        for node in (resource_node(workspace, address), account_node(account)):
            if node in graph:
                data = graph.nodes[node]
                data["findings"] = sorted({*data.get("findings", ()), rule})


def mark_findings(graph: nx.MultiDiGraph[str], found: Iterable[tuple[str, Evidence, str]]) -> list[bool]:
    """Write onto the edges of trust and access the rules that found something at one of their lines.

    Returns of each whether there was such an edge.

    `found` are a rule's id, the primary place and the subject of each finding. A line of a module stands for
    many edges: of those the finding is about the ones between resources that its subject names, if any.
    """
    at: dict[tuple[str, int, str], _Line] = {}
    for source, target, data in graph.edges(data=True):
        if "findings" in data:
            addresses = {graph.nodes[end].get("address") or "" for end in (source, target)} - {""}
            for place in {(item["file"], item["line"], item["workspace"]) for item in data["evidence"]}:
                at.setdefault(place, _Line()).add(addresses, data)
    marked: list[bool] = []
    for rule, primary, subject in found:
        line = at.get((primary.span.file, primary.span.line, primary.workspace))
        if line is not None:
            line.mark(rule, subject)
        marked.append(line is not None)
    return marked


class _Line:
    """The edges that a line of code is evidence of."""

    def __init__(self) -> None:
        self._edges: list[dict[str, Any]] = []
        self._by_address: dict[str, list[dict[str, Any]]] = {}
        self._done: set[tuple[str, tuple[str, ...]]] = set()

    def add(self, addresses: Iterable[str], data: dict[str, Any]) -> None:
        """Take up an edge between resources of these addresses."""
        self._edges.append(data)
        for address in addresses:
            self._by_address.setdefault(address, []).append(data)

    def mark(self, rule: str, subject: str) -> None:
        """Write a rule onto the edges that a finding's subject names; onto all where it names none."""
        named = tuple(address for address in self._by_address if address in subject)
        if (rule, named) in self._done:
            return
        self._done.add((rule, named))
        for data in [edge for address in named for edge in self._by_address[address]] or self._edges:
            if rule not in data["findings"]:
                data["findings"] = sorted((*data["findings"], rule))


def _place(origin: Origin) -> tuple[tuple[Span, ...], str]:
    return ((origin.span,) if origin.span is not None else ()), origin.address
