"""Every kind of edge and principal is drawn, also those that are not known."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from astralint.draw import FORMATS, DrawOptions, draw
from astralint.draw.kinds import UNDRAWN, drawn
from astralint.draw.reduce import view_of
from tests.draw.oracles import graphviz
from tests.draw.relations import PRINCIPAL_KINDS, every_relation

if TYPE_CHECKING:
    from astralint.draw.view import View


def kinds_of(view: View) -> set[str]:
    return {kind for edge in view.edges for kind in edge.kinds}


def between(view: View, source: str, target: str) -> list[tuple[str, ...]]:
    names = {item.id: item.name for item in (*view.containers, *view.nodes)}
    return [edge.kinds for edge in view.edges if (names[edge.source], names[edge.target]) == (source, target)]


def test_at_the_resource_level_all_relations_are_drawn() -> None:
    graph = every_relation()
    there = {data["kind"] for _, _, data in graph.edges(data=True)}
    assert there - kinds_of(view_of(graph, DrawOptions(level="resource"))) == UNDRAWN & there


def test_the_role_level_leaves_resources_out() -> None:
    view = view_of(every_relation(), DrawOptions(level="role"))
    assert kinds_of(view) == {
        "can-assume",
        "member-of",
        "delegates-to",
        "can-assume-root",
        "teleports-into",
        "watches-over",
    }
    assert not {node.name for node in view.nodes} & {"aws_s3_bucket.packages", "aws_lambda_function.api"}


def test_the_account_level_draws_access_where_nothing_else_joins_two() -> None:
    view = view_of(every_relation(), DrawOptions())
    assert between(view, "management", "production") == [("can-assume", "can-assume-root")]
    assert between(view, "management", "security") == [("delegates-to",)]
    assert between(view, "security", "artifact") == [("teleports-into",)]
    assert between(view, "production", "artifact") == [("can-access",)]
    assert between(view, "*", "artifact") == [("can-access",)]
    assert between(view, "artifact", "production") == [("shared-with",)]
    assert between(view, "logging.amazonaws.com", "artifact") == []


def test_access_gives_way_to_trust() -> None:
    graph = every_relation()
    graph.add_edge(
        "account:production", "account:artifact", key="delegates-to", kind="delegates-to", service="x", evidence=[]
    )
    view = view_of(graph, DrawOptions())
    assert between(view, "production", "artifact") == [("delegates-to",)]


def test_principals_stand_in_their_account_or_in_a_group_of_their_sort() -> None:
    view = view_of(every_relation(), DrawOptions(level="role"))
    homes = {node.kind: node.container for node in view.nodes if node.kind in {*PRINCIPAL_KINDS, "hologram"}}
    assert homes == {
        "sso-group": "account:management",
        "sso-user": "account:management",
        "kubernetes": "group:federated",
        "certificate": "group:federated",
        "identity-pool": "group:federated",
        "organizational-unit": "group:organization",
        "hologram": "group:outside",
    }


def test_styles_and_words_say_what_a_relation_is() -> None:
    view = view_of(every_relation(), DrawOptions(level="resource"))
    said = {
        edge.kinds[0]: (edge.style, edge.verdict_text, edge.details)
        for edge in view.edges
        if edge.source != "principal:wildcard/*"
    }
    assert said["can-assume-root"] == ("allowed", "can assume root: allowed", ())
    assert said["delegates-to"] == ("delegates", "delegates to", ("guardduty.amazonaws.com",))
    assert said["shared-with"] == ("access", "is shared with", ())
    assert said["runs-as"] == ("other", "runs as", ())
    assert said["teleports-into"] == ("other", "teleports into", ())
    assert said["watches-over"] == ("half-open", "watches over: half-open", ())
    accesses = {edge.source: (edge.style, edge.details) for edge in view.edges if "can-access" in edge.kinds}
    assert accesses["resource:production/aws_iam_role.deploy"] == ("access", ("s3:GetObject", "s3:ListBucket"))
    assert accesses["resource:management/aws_iam_user.eve"] == ("access", ("all actions but", "s3:DeleteBucket"))
    (public,) = [edge for edge in view.edges if edge.source == "principal:wildcard/*"]
    assert public.style == "access-if"


@pytest.mark.parametrize("level", ["account", "role", "resource"])
@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_draws_what_is_not_known(format_: str, level: str) -> None:
    text = draw(every_relation(), format_, DrawOptions(level=level))
    # Mermaid and SVG may say it in a label or a tooltip, machines by the kind itself.
    assert "teleports into" in text or "teleports-into" in text
    assert level == "account" or "doctor" in text


@pytest.mark.parametrize("level", ["account", "role", "resource"])
def test_graphviz_accepts_every_relation(level: str) -> None:
    code = draw(every_relation(), "dot", DrawOptions(level=level))
    done = subprocess.run([graphviz(), "-Tsvg"], input=code.encode(), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_way_may_lead_over_any_relation_that_is_drawn() -> None:
    graph = every_relation()
    view = view_of(graph, DrawOptions(source="account:management", target="account:artifact"))
    assert {edge.kinds for edge in view.edges} == {("delegates-to",), ("teleports-into",)}


def test_machines_get_each_kind_by_its_own_name() -> None:
    graph = every_relation()
    for level in ("role", "resource"):
        edges = json.loads(draw(graph, "json", DrawOptions(level=level)))["edges"]
        assert {edge["kind"] for edge in edges} - {"contains", "trusts", "grants"} == {
            data["kind"]
            for _, _, data in graph.edges(data=True)
            if drawn(data["kind"], level, light=level == "resource")
        }
