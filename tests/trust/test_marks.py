"""Which edges of the graph a finding is written onto."""

from __future__ import annotations

from pathlib import Path

from astralint.graph.builder import mark_findings
from tests.trust.tiny import NUMBERS, role, tiny


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
