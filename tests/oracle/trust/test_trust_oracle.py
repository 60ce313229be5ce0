"""The graph's verdicts, from code alone, against the decision on what a real apply makes of the same code.

ASTRALINT_TRUST_PLATFORMS says how many platforms are generated and applied (each takes some 20 s).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.oracle.aws.terraform_run import Root
from tests.oracle.roots.terraform_answers import moto_server
from tests.oracle.trust.platforms import ACCOUNTS, ORGANIZATION, platform
from tests.oracle.trust.rendered import Rendered, clients, named, read_account, role_key, verdict

from astralint import scan
from astralint.aws.principals import Principal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astralint.platform.platform import Platform

pytestmark = [pytest.mark.oracle, pytest.mark.slow]
SEEDS = range(int(os.environ.get("ASTRALINT_TRUST_PLATFORMS", "1")))
_SERVICES = ("iam", "sts", "s3")


@pytest.fixture
def server() -> Iterator[str]:
    """Run a server for each platform: their names are the same."""
    pytest.importorskip("moto.server", reason="moto is not installed")
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed")
    with moto_server() as address:
        yield address


def _write(directory: Path, seed: int, server: str) -> None:
    for name, text in platform(seed).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    endpoints = "\n".join(f'    {service} = "{server}"' for service in _SERVICES)
    for workspace, number in ACCOUNTS.items():
        (directory / workspace / "providers.tf").write_text(f"""terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
  }}
}}

provider "aws" {{
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "x"
  max_retries                 = 1
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  assume_role {{
    role_arn = "arn:aws:iam::{number}:role/terraform"
  }}

  endpoints {{
{endpoints}
  }}
}}
""")


class _Graph:
    """The verdicts of `can-assume` edges, by the ARNs of both ends."""

    def __init__(self, found: Platform) -> None:
        self.platform = found
        self.identities = {role_key(str(identity.arn)): identity for identity in found.trust.identities}
        keys = {identity.node: role_key(str(identity.arn)) for identity in found.trust.identities}
        self.ours: dict[Any, str] = {}
        self.others: dict[Any, str] = {}
        graph = found.graph
        for source, target, edge in graph.edges(data=True):
            if edge["kind"] != "can-assume":
                continue
            if source in keys:
                self.ours[keys[source], keys[target]] = edge["verdict"]
                continue
            node = graph.nodes[source]
            principal = Principal.parse(node["number"] if node["kind"] == "account" else node["name"])
            assert principal is not None, source
            self.others[str(principal.text), keys[target]] = edge["verdict"]


@pytest.mark.parametrize("seed", SEEDS)
def test_verdicts_are_those_of_the_applied_policies(server: str, tmp_path: Path, seed: int) -> None:
    _write(tmp_path, seed, server)
    report = scan(tmp_path)
    assert [d for d in report.result.diagnostics if d.severity == "error"] == []
    graph = _Graph(report.platform)
    for workspace in ACCOUNTS:
        # One after the other: moto's own threads get in each other's way.
        Root(tmp_path / workspace).apply("-refresh=false", "-parallelism=1")
    rendered = {
        role_key(item.arn): item for number in ACCOUNTS.values() for item in read_account(clients(server, number))
    }
    assert set(rendered) == set(graph.identities), "the same roles and users are there"

    seen: dict[str, int] = {}
    wrong: list[str] = []
    for role_name, role in rendered.items():
        if role.trust is not None:
            for item in rendered.values():
                seen_verdict = _compare_pair(graph, item, role, wrong)
                seen[seen_verdict] = seen.get(seen_verdict, 0) + 1
            _compare_others(graph, rendered, role_name, role, wrong)
    assert not wrong, "\n".join(wrong)
    assert seen["allowed"] >= 5, seen
    assert seen["conditional"] >= 5, seen
    assert len(graph.others) >= 10


def _compare_pair(graph: _Graph, item: Rendered, role: Rendered, wrong: list[str]) -> str:
    """Compare one of the identities with a role; return what the rendered policies say."""
    caller = Principal.parse(item.arn)
    assert caller is not None
    expected = verdict(caller, item, role, ORGANIZATION, ACCOUNTS.values())
    ends = role_key(item.arn), role_key(role.arn)
    decided = graph.platform.trust.decision_between(graph.identities[ends[0]], graph.identities[ends[1]])
    if decided.verdict != expected:
        wrong.append(f"{item.arn} -> {role.arn}: decided {decided.verdict}, rendered {expected}: {decided.explanation}")
    drawn = graph.ours.get(ends)
    if drawn is None and (item is role or graph.others.get(("*", ends[1]), "denied") != "denied"):
        # A role that becomes itself is drawn only where it names itself; who has no policy stands behind `*`.
        return expected
    if (drawn or "denied") != expected:
        wrong.append(f"{item.arn} -> {role.arn}: drawn {drawn}, rendered {expected}")
    return expected


def _compare_others(graph: _Graph, rendered: dict[Any, Rendered], key: Any, role: Rendered, wrong: list[str]) -> None:
    """Compare whoever is none of the identities: services, providers, accounts, outsiders, anybody."""
    assert role.trust is not None
    expected = {
        str(principal.text): verdict(principal, None, role, ORGANIZATION, ACCOUNTS.values())
        for principal in named(role.trust)
        if principal.kind not in ("role", "session", "user") or role_key(str(principal.text)) not in rendered
    }
    drawn = {source: found for (source, target), found in graph.others.items() if target == key}
    if expected != drawn:
        wrong.append(f"{role.arn}: drawn {drawn}, rendered {expected}")
