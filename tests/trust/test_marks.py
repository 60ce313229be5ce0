"""Which edges of the graph a finding is written onto."""

from __future__ import annotations

from pathlib import Path

from astralint.graph.builder import mark_findings, mark_nodes
from tests.trust.tiny import NUMBERS, edges, role, tiny


def test_of_the_edges_of_a_shared_line_those_that_the_finding_is_about(tmp_path: Path) -> None:
    shared = role("it", f'{{ AWS = "arn:aws:iam::{NUMBERS["staging"]}:root" }}', name="var.name")
    (tmp_path / "module").mkdir()
    (tmp_path / "module" / "main.tf").write_text('variable "name" {}\n' + shared, "utf-8")
    calls = "".join(f'module "{name}" {{\n  source = "../module"\n  name = "{name}"\n}}\n' for name in "ab")
    platform = tiny(tmp_path, production=calls, staging="", artifact=calls)
    trust = next(t for t in platform.trust.trusts if t.role.resource.address == "module.a.aws_iam_role.it")
    place, graph = trust.evidence, platform.graph

    def marked() -> set[str]:
        return {target for _, target, data in graph.edges(data=True) if data.get("findings") == ["AL122"]}

    mark_findings(graph, [("AL122", place, f"module.a.aws_iam_role.it: arn:aws:iam::{NUMBERS['staging']}:root")])
    assert marked() == {f"resource:{place.workspace}/module.a.aws_iam_role.it"}
    mark_findings(graph, [("AL122", place, "something else")])
    assert marked() == {f"resource:{place.workspace}/module.{name}.aws_iam_role.it" for name in "ab"}


def test_what_is_no_edge_is_marked_on_its_resource_and_account(tmp_path: Path) -> None:
    platform = tiny(tmp_path, production='resource "aws_iam_user" "ann" {\n  name = "ann"\n}\n')
    user = next(iter(platform.resources("aws_iam_user")))
    found = mark_findings(platform.graph, [("AL101", user.evidence("here"), user.address)])
    assert found == [False]
    mark_nodes(platform.graph, [("AL101", "production", user.address, "production")])
    marked = {node for node, data in platform.graph.nodes(data=True) if data.get("findings") == ["AL101"]}
    assert marked == {"resource:production/aws_iam_user.ann", "account:production"}


def test_a_role_that_nobody_makes_is_missing(tmp_path: Path) -> None:
    def provider(name: str) -> str:
        arn = f"arn:aws:iam::{NUMBERS['artifact']}:role/{name}"
        return f'provider "aws" {{\n  alias = "{name}"\n  assume_role {{\n    role_arn = "{arn}"\n  }}\n}}\n'

    names = ("there", "gone", "OrganizationAccountAccessRole")
    platform = tiny(tmp_path, production="".join(map(provider, names)), artifact=role("there"), management="")
    found = {
        target.rpartition("/")[2]: (data["missing"], data["findings"])
        for _, target, data in platform.graph.edges(data=True)
        if data["kind"] == "deploys-as"
    }
    assert found == {"aws_iam_role.there": ("", []), "gone": ("role", []), names[2]: ("", [])}
    gone = next(d for d in platform.trust.deployments if "gone" in str(d.arn))
    assert mark_findings(platform.graph, [("AL111", gone.evidence, str(gone.arn))]) == [True]


def test_a_role_whose_count_is_not_known_is_the_one_that_is_named(tmp_path: Path) -> None:
    trust = "{ AWS = aws_iam_role.x[0].arn }"
    may = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = aws_iam_role.y.arn }] })'
    content = 'variable "on" {}\n' + role("x", count="var.on ? 1 : 0") + role("y", trust)
    content += f'resource "aws_iam_role_policy" "x" {{\n  count = var.on ? 1 : 0\n  role = aws_iam_role.x[0].name\n  policy = {may}\n}}\n'
    platform = tiny(tmp_path, production=content)
    ends = ("resource:production/aws_iam_role.x", "resource:production/aws_iam_role.y")
    assert edges(platform)[ends] == "conditional"
    assert ends[::-1] in edges(platform, "trusts")
    conditions = str(platform.graph.get_edge_data(*ends)["can-assume"]["conditions"])
    assert "`aws_iam_role.x` exists" in conditions
