from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from astralint.draw import FORMATS, DrawError, DrawOptions, draw, draw_with_notes
from astralint.draw.reduce import collapse, view_of
from tests.draw.platforms import ACCOUNTS, Builder, generated, nine_accounts

if TYPE_CHECKING:
    from astralint.draw.view import View


def edge(view: View, source: str, target: str):
    return next(edge for edge in view.edges if (edge.source, edge.target) == (source, target))


def test_the_account_level_has_one_edge_for_each_ordered_pair() -> None:
    view = view_of(nine_accounts(), DrawOptions())
    pairs = [(edge.source, edge.target) for edge in view.edges]
    assert len(pairs) == len(set(pairs))
    assert all(source != target for source, target in pairs)
    assert {item.name for item in view.containers if item.kind == "account"} == {name for name, _ in ACCOUNTS} | {
        "monitoring-vendor"
    }
    assert edge(view, "account:identity", "account:production").count == 3
    assert edge(view, "account:identity", "account:production").verdict == "allowed"
    artifact = edge(view, "account:artifact", "account:production")
    assert artifact.verdict == "conditional"
    assert artifact.conditions == ("aws:PrincipalTag/release is approved",)
    assert {place.side for place in artifact.evidence} == {"trust", "identity"}


def test_principals_without_an_account_stay_nodes_of_their_own() -> None:
    view = view_of(nine_accounts(), DrawOptions())
    assert {(node.kind, node.name) for node in view.nodes} == {
        ("federated", "app.terraform.io"),
        ("federated", "token.actions.githubusercontent.com"),
        ("service", "backup.amazonaws.com"),
        ("service", "ec2.amazonaws.com"),
        ("service", "eks.amazonaws.com"),
        ("unknown", "var.partner_role_arn"),
    }


def test_half_open_violating_and_unresolved_edges_are_told_apart() -> None:
    view = view_of(nine_accounts(), DrawOptions())
    half_open = edge(view, "account:identity", "account:management")
    assert half_open.half_open
    assert half_open.missing_side == "trusted, but no identity policy of the caller allows it"
    assert edge(view, "account:sandbox-karpenter", "account:staging").findings == ("AL114",)
    assert edge(view, "principal:unknown/var.partner_role_arn", "account:security").unresolved
    counts = view.counts
    assert (counts.styles["half-open"], counts.violations, counts.unresolved) == (2, 2, 1)


def test_figures_are_those_of_the_graph_at_every_level() -> None:
    graph = nine_accounts()
    verdicts = [data["verdict"] for _, _, data in graph.edges(data=True) if data["kind"] == "can-assume"]
    for level in ("account", "role"):
        counts = view_of(graph, DrawOptions(level=level)).counts
        assert counts.styles == {
            "allowed": verdicts.count("allowed"),
            "conditional": verdicts.count("conditional"),
            "half-open": verdicts.count("denied"),
            "deploys": len(ACCOUNTS),
        }


def test_a_violation_inside_of_an_account_is_not_hidden_with_it() -> None:
    b = Builder()
    b.account("production", "production")
    b.assume(b.resource("production", "a"), b.resource("production", "b"), findings=("AL121",))
    (container,) = view_of(b.graph, DrawOptions()).containers
    assert (container.inner, container.inner_findings) == (1, ("AL121",))
    for format_ in ("text", "mermaid", "dot", "svg", "html"):
        assert "AL121" in draw(b.graph, format_, DrawOptions())


def test_a_trust_in_an_unknown_principal_is_drawn_without_a_verdict_too() -> None:
    b = Builder()
    b.account("production", "production")
    role = b.resource("production", "deploy")
    principal = b.principal("unknown", "var.who")
    b.graph.add_edge(role, principal, key="trusts", kind="trusts", evidence=[])
    view = view_of(b.graph, DrawOptions())
    assert [(edge.source, edge.verdict, edge.unresolved) for edge in view.edges] == [(principal, "conditional", True)]


def test_the_role_level_shows_who_takes_part_and_the_resource_level_all() -> None:
    graph = nine_accounts()
    role = view_of(graph, DrawOptions(level="role"))
    kinds = {node.kind for node in role.nodes}
    assert kinds == {"role", "user", "workspace", "permission-set", "service", "federated", "unknown"}
    resource = view_of(graph, DrawOptions(level="resource"))
    assert {"references", "reads-state"} <= {kind for edge in resource.edges for kind in edge.kinds}
    assert len(resource.nodes) == sum(1 for _, data in graph.nodes(data=True) if data["kind"] != "account")


def test_what_belongs_to_no_known_account_is_drawn_in_a_group() -> None:
    b = Builder()
    b.account("production", "production")
    stray = b.resource("", "stray", workspace="somewhere")
    b.assume(stray, b.resource("production", "deploy"))
    view = view_of(b.graph, DrawOptions())
    assert next(node for node in view.nodes if node.id == stray).container == "group:unassigned"
    for format_ in FORMATS:
        draw(b.graph, format_, DrawOptions())


def test_roles_of_one_name_are_told_apart() -> None:
    b = Builder()
    b.account("a", "production")
    roles = [b.resource("a", "x") for _ in range(1)]
    other = b.resource("a", "y")
    b.graph.nodes[other].update(address='module.m["1"].aws_iam_role.x', name="x")
    b.assume(roles[0], other)
    names = [node.name for node in view_of(b.graph, DrawOptions(level="role")).nodes]
    assert sorted(names) == ["aws_iam_role.x", 'module.m["1"].aws_iam_role.x']


def test_ways_keep_only_what_lies_between() -> None:
    graph = nine_accounts()
    view = view_of(graph, DrawOptions(level="role", source="account:sandbox-karpenter", target="account:staging"))
    assert [(edge.source.rpartition(".")[2], edge.target.rpartition(".")[2]) for edge in view.edges] == [
        ("cluster_nodes", "deploy")
    ]
    into = view_of(graph, DrawOptions(level="role", target="resource:production/aws_iam_role.deploy"))
    assert {edge.source.rpartition(".")[2] for edge in into.edges} == {"ci_build", "com"}
    out = view_of(graph, DrawOptions(source="principal:service/ec2.amazonaws.com"))
    assert {edge.target for edge in out.edges if edge.source.startswith("principal")} == {
        "account:artifact",
        "account:production",
        "account:sandbox-karpenter",
        "account:staging",
    }


def test_a_half_open_edge_is_no_way() -> None:
    options = DrawOptions(source="account:identity", target="account:management")
    drawing = draw_with_notes(nine_accounts(), "text", options)
    assert drawing.notes == ("no way leads from `account:identity` to `account:management`",)
    assert "no way leads" in drawing.text


def test_the_edge_of_an_account_carries_the_principals_that_it_is_granted_to() -> None:
    b = Builder()
    home = b.account("identity", "identity")
    b.account("production", "production")
    admin, other = b.resource("identity", "admin"), b.resource("identity", "other")
    role = b.resource("production", "deploy")
    b.assume(home, role, sides=("trust",))
    b.graph.add_edge(admin, role, key="grants", kind="grants", evidence=[])
    assert view_of(b.graph, DrawOptions(level="role", source=admin, target=role)).edges
    assert not view_of(b.graph, DrawOptions(level="role", source=other, target=role)).edges


def test_an_end_that_is_not_there_is_one_clear_error() -> None:
    with pytest.raises(DrawError, match="`account:nowhere` is not in the graph"):
        draw(nine_accounts(), "text", DrawOptions(source="account:nowhere"))
    with pytest.raises(DrawError, match="`png` is not a format"):
        draw(nine_accounts(), "png", DrawOptions())


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("level", ["account", "role", "resource"])
def test_drawings_do_not_depend_on_the_order_of_the_graph(format_: str, level: str) -> None:
    graph = nine_accounts()
    turned: nx.MultiDiGraph = nx.MultiDiGraph()
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    options = DrawOptions(level=level, title="Order")
    assert draw(graph, format_, options) == draw(turned, format_, options)


def _little(name: str) -> nx.MultiDiGraph:
    b = Builder()
    match name:
        case "one account":
            b.account("only", "production")
        case "no account":
            b.graph.add_node("workspace:w", kind="workspace", name="w", account="", path="w")
            b.assume(b.principal("service", "ec2.amazonaws.com"), b.resource("", "role", workspace="w"))
        case "no edges":
            b.account("only", "production")
            b.resource("only", "alone")
            b.account("other", "", external=True)
    return b.graph


@pytest.mark.parametrize("level", ["account", "role", "resource"])
@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", ["nothing", "one account", "no account", "no edges"])
def test_little_is_drawn_too(name: str, format_: str, level: str) -> None:
    text = draw(_little(name), format_, DrawOptions(level=level))
    assert text.endswith("\n")
    if name == "no account":
        assert "ec2.amazonaws.com" in text
    elif name != "nothing":
        assert "only" in text


@pytest.mark.parametrize("format_", ["text", "mermaid", "svg", "html"])
def test_a_picture_of_nothing_says_so(format_: str) -> None:
    for name in ("nothing", "one account"):
        assert "0 edges" in draw(_little(name), format_, DrawOptions())


_EVERYTHING = """
import hashlib
from astralint.draw import FORMATS, DrawOptions, draw
from tests.draw.platforms import generated, nine_accounts
from tests.draw.relations import every_relation
for graph in (nine_accounts(), every_relation(), generated(60, 5)):
    for format_ in FORMATS:
        for level in ("account", "role", "resource"):
            print(format_, level, hashlib.sha256(draw(graph, format_, DrawOptions(level=level)).encode()).hexdigest())
"""


def test_drawings_do_not_depend_on_the_seed_of_hashes() -> None:
    root = Path(__file__).parents[2]
    answers = [
        subprocess.run(
            [sys.executable, "-c", _EVERYTHING],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("0", "1", "4242")
    ]
    assert len(answers[0].splitlines()) == 3 * len(FORMATS) * 3
    assert answers[0] == answers[1] == answers[2]


def test_collapsing_step_by_step_is_collapsing_at_once() -> None:
    view = view_of(generated(30, 6), DrawOptions(level="role"))
    accounts = sorted(item.id for item in view.containers if item.kind == "account")
    at_once = collapse(view, accounts)
    stepwise = collapse(collapse(view, accounts[::2]), accounts)
    assert [(e.source, e.target, e.count, e.verdict) for e in at_once.edges] == [
        (e.source, e.target, e.count, e.verdict) for e in stepwise.edges
    ]
