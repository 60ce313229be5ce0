"""Who can make themselves whom, by the paths of the table that are looked for."""

from __future__ import annotations

import pytest

from astralint.graph.escalation import add_escalations
from astralint.platform.platform import Platform
from tests.trust.tiny import role, statement, tiny


def policy(label: str, action: str, resource: str = '"*"') -> str:
    said = statement(action, resource=resource)
    return f'resource "aws_iam_role_policy" "{label}" {{\n  role   = aws_iam_role.{label}.name\n  policy = {said}\n}}\n'


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    own = [
        role("target") + policy("target", "*"),
        role("attacher") + policy("attacher", "iam:AttachRolePolicy"),
        role("other") + policy("other", "iam:AttachRolePolicy", '"arn:aws:iam::*:role/targe"'),
        role("truster") + policy("truster", "iam:UpdateAssumeRolePolicy", "aws_iam_role.target.arn"),
        role("runner") + policy("runner", '["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]'),
        role("passer") + policy("passer", '["iam:PassRole", "lambda:CreateFunction"]'),
        role("reader") + policy("reader", '["iam:Get*", "iam:List*"]'),
    ]
    return tiny(tmp_path_factory.mktemp("escalation"), production="".join(own))


def paths(platform: Platform, name: str) -> set[str]:
    node = f"resource:production/aws_iam_role.{name}"
    return {route.path for edge in platform.escalations.of(node) for route in edge.routes}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attacher", {"iam-attach-role-policy"}),
        ("other", set()),
        ("truster", {"iam-trust"}),
        ("runner", {"lambda-new-invoke"}),
        ("passer", set()),
        ("reader", set()),
        ("target", set()),
    ],
)
def test_paths(platform: Platform, name: str, expected: set[str]) -> None:
    assert paths(platform, name) == expected


def test_edges_of_the_graph(platform: Platform) -> None:
    graph = platform.graph.copy()
    add_escalations(graph, platform.escalations)
    own = {(s, t) for s, t, data in graph.edges(data=True) if data["kind"] == "is-administrator"}
    assert own == {("resource:production/aws_iam_role.target", "principal:administrator/production")}
    edge = graph.edges[
        "resource:production/aws_iam_role.runner", "resource:production/aws_iam_role.target", "can-escalate"
    ]
    assert edge["verdict"] == "allowed"
    assert {line["side"] for line in edge["evidence"]} == {"identity", "trust"}
