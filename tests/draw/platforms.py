"""Graphs to draw, made by hand and by the dozen."""

from __future__ import annotations

import random
from typing import Any

import networkx as nx

from astralint.estate.nodes import account_node, principal_node, resource_node, workspace_node

Graph = nx.MultiDiGraph


class Builder:
    """Makes a platform's graph in the shape that `astralint.graph.model` describes."""

    def __init__(self) -> None:
        self.graph: Graph = nx.MultiDiGraph()
        self.line = 10

    def account(self, name: str, kind: str = "", number: str = "", *, external: bool = False) -> str:
        node = account_node(name)
        workspaces = 0 if external else 1
        self.graph.add_node(
            node, kind="account", name=name, account_kind=kind, number=number, external=external, workspaces=workspaces
        )
        if not external:
            workspace = workspace_node(name)
            self.graph.add_node(workspace, kind="workspace", name=name, account=name, path=f"workspaces/{name}")
            self.graph.add_edge(node, workspace, key="contains", kind="contains", evidence=[])
        return node

    def resource(self, account: str, name: str, type_: str = "aws_iam_role", workspace: str = "") -> str:
        workspace = workspace or account
        address = f"{type_}.{name}"
        node = resource_node(workspace, address)
        self.line += 7
        self.graph.add_node(
            node,
            kind="resource",
            address=address,
            type=type_,
            mode="managed",
            name=name,
            account=account,
            region="",
            workspace=workspace,
            file=f"workspaces/{workspace}/roles.tf",
            line=self.line,
        )
        if workspace_node(workspace) in self.graph:
            self.graph.add_edge(workspace_node(workspace), node, key="contains", kind="contains", evidence=[])
        return node

    def principal(self, kind: str, name: str, account: str = "") -> str:
        node = principal_node(kind, name)
        self.graph.add_node(node, kind="principal", name=name, principal_kind=kind, account=account)
        return node

    def _evidence(self, node: str, side: str, text: str) -> dict[str, Any]:
        data = self.graph.nodes[node]
        workspace = data.get("workspace") or data.get("account") or data.get("name") or ""
        self.line += 1
        return {
            "file": data.get("file") or f"workspaces/{workspace}/policies.tf",
            "line": data.get("line") or self.line,
            "column": 3,
            "end_line": (data.get("line") or self.line) + 1,
            "end_column": 4,
            "text": text,
            "side": side,
            "workspace": workspace,
        }

    def assume(
        self,
        source: str,
        target: str,
        verdict: str = "allowed",
        conditions: tuple[str, ...] = (),
        findings: tuple[str, ...] = (),
        *,
        sides: tuple[str, ...] = ("trust", "identity"),
    ) -> None:
        evidence = []
        if "trust" in sides:
            evidence.append(self._evidence(target, "trust", "the trust policy names the principal"))
            self.graph.add_edge(target, source, key="trusts", kind="trusts", evidence=evidence[:1])
        if "identity" in sides and self.graph.nodes[source]["kind"] != "principal":
            evidence.append(self._evidence(source, "identity", "the identity policy allows sts:AssumeRole"))
            self.graph.add_edge(source, target, key="grants", kind="grants", evidence=evidence[-1:])
        self.graph.add_edge(
            source,
            target,
            key="can-assume",
            kind="can-assume",
            verdict=verdict,
            conditions=list(conditions),
            findings=list(findings),
            evidence=evidence,
        )

    def deploys(self, workspace: str, role: str) -> None:
        node = workspace_node(workspace)
        self.graph.add_edge(
            node, role, key="deploys-as", kind="deploys-as", evidence=[self._evidence(node, "provider", "assume_role")]
        )

    def reference(self, source: str, target: str) -> None:
        self.graph.add_edge(
            source, target, key="references", kind="references", evidence=[self._evidence(source, "", "value")]
        )


ACCOUNTS = (
    ("management", "management"),
    ("identity", "identity"),
    ("security", "security"),
    ("artifact", "artifact"),
    ("dns", "dns"),
    ("email", "email"),
    ("production", "production"),
    ("staging", "staging"),
    ("sandbox-karpenter", "sandbox"),
)


def nine_accounts() -> Graph:  # noqa: PLR0915 - one organization, told from top to bottom
    """An organization of nine accounts, with one violation of each visible sort."""
    b = Builder()
    for number, (name, kind) in enumerate(ACCOUNTS, 1):
        b.account(name, kind, f"21000000000{number}")
    partner = b.account("monitoring-vendor", "", "464622532012", external=True)
    environments = ("production", "staging", "sandbox-karpenter")
    github = b.principal("federated", "token.actions.githubusercontent.com")
    hcp = b.principal("federated", "app.terraform.io")
    ec2 = b.principal("service", "ec2.amazonaws.com")
    eks = b.principal("service", "eks.amazonaws.com")
    backup = b.principal("service", "backup.amazonaws.com")
    unknown = b.principal("unknown", "var.partner_role_arn")
    build = b.resource("artifact", "ci_build")
    images = b.resource("artifact", "image_builder")
    pull = b.resource("artifact", "artifact_reader")
    b.assume(github, build, "conditional", ("token.actions.githubusercontent.com:sub is repo:astradot/*",))
    b.assume(ec2, images)
    auditor = b.resource("security", "auditor")
    record = b.resource("dns", "record_writer")
    send = b.resource("email", "mailer")
    admin = b.principal("permission-set", "Administrator", "identity")
    engineer = b.principal("permission-set", "Engineer", "identity")
    breakglass = b.resource("identity", "break_glass", "aws_iam_user")
    for name, _ in ACCOUNTS:
        run = b.resource(name, "hcp_run")
        terraform = b.resource(name, "terraform")
        b.assume(hcp, run, "conditional", (f"app.terraform.io:sub is organization:astradot:workspace:{name}",))
        b.assume(run, terraform)
        b.deploys(name, terraform)
        if name != "security":
            audit = b.resource(name, "security_audit")
            b.assume(auditor, audit)
    for name in environments:
        deploy = b.resource(name, "deploy")
        nodes = b.resource(name, "cluster_nodes")
        operator = b.resource(name, "operator")
        external_dns = b.resource(name, "external_dns")
        b.assume(
            build,
            deploy,
            "allowed" if name != "production" else "conditional",
            () if name != "production" else ("aws:PrincipalTag/release is approved",),
        )
        b.assume(ec2, nodes)
        b.assume(eks, b.resource(name, "cluster"))
        b.assume(admin, operator)
        b.assume(nodes, pull)
        b.assume(external_dns, record)
        if name != "sandbox-karpenter":
            b.assume(b.resource(name, "mail"), send)
            b.assume(engineer, operator, "conditional", ("aws:MultiFactorAuthPresent is true",))
    b.assume(backup, b.resource("production", "backup"))
    b.assume(
        breakglass,
        resource_node("production", "aws_iam_role.operator"),
        "conditional",
        ("aws:MultiFactorAuthPresent is true",),
    )
    b.assume(partner, b.resource("production", "vendor_metrics"), "allowed", (), ("AL116",))
    b.assume(
        resource_node("sandbox-karpenter", "aws_iam_role.cluster_nodes"),
        resource_node("staging", "aws_iam_role.deploy"),
        findings=("AL114",),
    )
    b.assume(b.resource("staging", "replication"), b.resource("dns", "zone_reader"), "denied", sides=("identity",))
    b.assume(account_node("identity"), b.resource("management", "organization_reader"), "denied", sides=("trust",))
    b.assume(
        unknown,
        b.resource("security", "findings_export"),
        "conditional",
        ("the principal is not known: variable `partner_role_arn` has no value",),
    )
    b.reference(record, b.resource("dns", "main", "aws_route53_zone"))
    b.graph.add_edge(
        workspace_node("staging"), workspace_node("dns"), key="reads-state", kind="reads-state", evidence=[]
    )
    return b.graph


def generated(accounts: int, roles: int = 20, seed: int = 7) -> Graph:
    """A large organization: few shared accounts, many environments, services and pipelines everywhere."""
    chance = random.Random(seed)
    b = Builder()
    for number, (name, kind) in enumerate(ACCOUNTS[:6], 1):
        b.account(name, kind, f"2100000{number:05d}")
    for number, name in enumerate(("network", "log-archive", "shared-services", "backup"), 7):
        b.account(name, name, f"2100000{number:05d}")
    teams = [
        f"{word}-{part}"
        for part in ("core", "edge", "data", "web")
        for word in (
            "billing",
            "catalog",
            "checkout",
            "fraud",
            "identity",
            "ledger",
            "mobile",
            "orders",
            "payments",
            "pricing",
            "search",
            "shipping",
            "support",
            "vendor",
        )
    ]
    names: list[str] = []
    while len(names) < accounts - 10:
        index = len(names)
        kind = ("production", "staging", "sandbox")[index % 3]
        team = teams[(index // 3) % len(teams)]
        turn = index // 3 // len(teams)
        name = f"{team}{turn or ''}-{kind}"
        b.account(name, kind, f"3{index:011d}")
        names.append(name)
    github = b.principal("federated", "token.actions.githubusercontent.com")
    hcp = b.principal("federated", "app.terraform.io")
    services = [
        b.principal("service", f"{name}.amazonaws.com")
        for name in (
            "ec2",
            "lambda",
            "ecs-tasks",
            "eks",
            "backup",
            "states",
            "glue",
            "config",
            "cloudtrail",
            "rds",
            "firehose",
            "events",
        )
    ]
    build = b.resource("artifact", "ci_build")
    pull = b.resource("artifact", "artifact_reader")
    auditor = b.resource("security", "auditor")
    record = b.resource("dns", "record_writer")
    admin = b.principal("permission-set", "Administrator", "identity")
    b.assume(github, build, "conditional", ("sub is repo:acme/*",))
    for name in names:
        made = [b.resource(name, f"role_{number:02d}") for number in range(max(roles - 4, 1))]
        deploy, audit, nodes, operator = (b.resource(name, label) for label in ("deploy", "audit", "nodes", "operator"))
        b.assume(
            build,
            deploy,
            "conditional" if name.endswith("production") else "allowed",
            ("tag release is approved",) if name.endswith("production") else (),
        )
        b.assume(auditor, audit)
        b.assume(admin, operator)
        b.assume(nodes, pull)
        b.assume(hcp, deploy, "conditional", (f"sub is organization:acme:workspace:{name}",))
        b.deploys(name, deploy)
        if chance.random() < 0.4:
            b.assume(nodes, record)
        for role in made:
            b.assume(chance.choice(services), role)
        if chance.random() < 0.06:
            other = chance.choice(names)
            if other != name:
                b.assume(
                    nodes,
                    resource_node(other, "aws_iam_role.deploy")
                    if resource_node(other, "aws_iam_role.deploy") in b.graph
                    else record,
                    findings=("AL114",),
                )
        if chance.random() < 0.05:
            b.assume(made[0], pull, "denied", sides=("identity",))
    vendor = b.account("metrics-vendor", "", "464622532012", external=True)
    b.assume(vendor, resource_node(names[0], "aws_iam_role.audit"), "allowed", (), ("AL116",))
    b.assume(
        b.principal("unknown", "var.partner"),
        resource_node(names[1], "aws_iam_role.audit"),
        "conditional",
        ("not known",),
    )
    return b.graph


def hostile(names: list[str]) -> Graph:
    """A graph in which every text is one of the names."""
    b = Builder()
    pick = [names[index % len(names)] for index in range(12)]
    first, second = b.account(pick[0], pick[1], pick[2]), b.account(pick[3] + "2", pick[4], pick[5])
    role, other = b.resource(pick[0], pick[6]), b.resource(pick[3] + "2", pick[7])
    b.assume(role, other, "conditional", (pick[8], pick[9]), (pick[10],))
    b.assume(first, other, "denied", sides=("trust",))
    for kind in ("service", "federated", "unknown", "wildcard", "permission-set", "organization"):
        b.assume(b.principal(kind, pick[11], pick[0] if kind == "permission-set" else ""), role, "allowed")
    b.deploys(pick[0], other)
    # Kinds that are not known: of a principal, of relations, and what is told of these.
    stranger = b.principal(pick[4], pick[5])
    b.graph.add_edge(stranger, role, key="?", kind=f"-{pick[2]}", verdict=pick[3], evidence=[], conditions=[pick[6]])
    b.graph.add_edge(first, second, key="??", kind=f"{pick[7]}-", evidence=[], service=pick[8])
    b.graph.add_edge(role, other, key="access", kind="can-access", verdict="allowed", evidence=[], actions=pick[9:])
    for _, _, data in b.graph.edges(data=True):
        for place in data["evidence"]:
            place.update(file=pick[1], text=pick[8], side=place["side"], workspace=pick[9])
    return b.graph
