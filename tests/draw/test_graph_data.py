from __future__ import annotations

import io
import json
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.draw import DrawOptions, draw
from astralint.draw.escape import restored, reversible
from tests.draw.names import names
from tests.draw.platforms import generated, hostile, nine_accounts


def read_json(text: str) -> nx.MultiDiGraph:
    return nx.node_link_graph(json.loads(text), edges="edges")


def read_graphml(text: str) -> nx.MultiDiGraph:
    return nx.read_graphml(io.BytesIO(text.encode("utf-8")), force_multigraph=True)


def test_json_at_the_resource_level_is_the_graph_itself() -> None:
    graph = nine_accounts()
    back = read_json(draw(graph, "json", DrawOptions(level="resource")))
    assert isinstance(back, nx.MultiDiGraph)
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {(u, v, k): d for u, v, k, d in back.edges(keys=True, data=True)} == {
        (u, v, k): d for u, v, k, d in graph.edges(keys=True, data=True)
    }


def test_json_at_the_role_level_keeps_attributes_and_declared_edges() -> None:
    graph = nine_accounts()
    back = read_json(draw(graph, "json", DrawOptions(level="role")))
    kinds = {data["kind"] for _, _, data in back.edges(data=True)}
    assert kinds == {"contains", "deploys-as", "trusts", "grants", "can-assume"}
    for u, v, k, data in back.edges(keys=True, data=True):
        assert graph.edges[u, v, k] == data
    assert "resource:dns/aws_route53_zone.main" not in back


def test_json_at_the_account_level_has_count_verdict_conditions_and_evidence() -> None:
    data = json.loads(draw(nine_accounts(), "json", DrawOptions(title="T", version="1")))
    assert data["graph"] == {"level": "account", "title": "T", "version": "1"}
    (edge,) = [e for e in data["edges"] if (e["source"], e["target"]) == ("account:artifact", "account:production")]
    assert edge["kind"] == "can-assume"
    assert edge["verdict"] == "conditional"
    assert edge["conditions"] == ["aws:PrincipalTag/release is approved"]
    assert edge["count"] == 1
    assert {(place["side"], bool(place["file"]), place["line"] > 0) for place in edge["evidence"]} == {
        ("trust", True, True),
        ("identity", True, True),
    }


@pytest.mark.parametrize("level", ["account", "role", "resource"])
def test_graphml_says_what_json_says(level: str) -> None:
    for graph in (nine_accounts(), generated(40, 6)):
        options = DrawOptions(level=level)
        assert_same(read_json(draw(graph, "json", options)), read_graphml(draw(graph, "graphml", options)))


@given(st.lists(names, min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_names_survive_json_and_graphml(chosen: list[str]) -> None:
    # Two surrogates that belong together are one character, in JSON as elsewhere.
    chosen = [name.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") for name in chosen]
    graph = hostile(chosen)
    options = DrawOptions(level="resource", title=chosen[0], version=chosen[1])
    text = draw(graph, "json", options)
    text.encode("ascii")
    back = read_json(text)
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    assert_same(back, read_graphml(draw(graph, "graphml", options)))


def assert_same(expected: nx.MultiDiGraph, found: nx.MultiDiGraph) -> None:
    assert {restored(node): unflat(data) for node, data in found.nodes(data=True)} == dict(expected.nodes(data=True))
    assert sorted(
        json.dumps([restored(u), restored(v), {**unflat(data), "id": ""}], sort_keys=True)
        for u, v, data in found.edges(data=True)
    ) == sorted(
        json.dumps([u, v, {**data, "id": "", "key": key}], sort_keys=True)
        for u, v, key, data in expected.edges(keys=True, data=True)
    )


def unflat(data: dict[str, Any]) -> dict[str, Any]:
    lists = {"evidence", "conditions", "findings", "kinds", "actions", "details"}
    return {
        name: json.loads(value) if name in lists else restored(value) if isinstance(value, str) else value
        for name, value in data.items()
    }


@given(st.one_of(names, st.text(st.characters(exclude_categories=())), st.text(st.sampled_from("\\u0af\n"))))
def test_reversible_is_reversible(text: str) -> None:
    assert restored(reversible(text)) == text
