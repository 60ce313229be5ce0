"""What exists against states and code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from astralint import ScanOptions, scan
from astralint.cli.main import run
from astralint.inventory.model import InventoryError, read_inventory, write_inventory
from astralint.inventory.tables import children, collected_types, exclusions

ACCOUNTS = {"production": "111122223333", "staging": "444455556666"}
ROOT = """
provider "aws" {{
  region              = "eu-west-1"
  allowed_account_ids = ["{number}"]
}}

resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}

resource "aws_sqs_queue" "orders" {{
  name = "orders"
}}
"""


def build(tmp_path: Path, states: frozenset[str], live: list[dict[str, Any]], **more: Any) -> ScanOptions:
    text = 'platform {\n  organization_id = "o-abcdefghij"\n}\n'
    for name, number in ACCOUNTS.items():
        text += f'account "{name}" {{\n  kind = "{name}"\n  id = "{number}"\n  workspace "{name}" {{\n    path = "{name}"\n  }}\n}}\n'
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "main.tf").write_text(ROOT.format(number=number))
    (tmp_path / "astralint.hcl").write_text(text)
    paths = []
    for name in sorted(states):
        path = tmp_path / "states" / f"{name}.tfstate"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"version": 4, "serial": 1, "resources": [vpc_state(name)]}))
        paths.append(path)
    inventory = {"format": "astralint-inventory", "format_version": "1.0", "resources": live, **more}
    (tmp_path / "inventory.json").write_text(json.dumps(inventory))
    return ScanOptions(
        boundary=tmp_path, jobs=1, select=("AL410",), states=tuple(paths), inventory=tmp_path / "inventory.json"
    )


def vpc_state(name: str) -> dict[str, Any]:
    attributes = {"id": f"vpc-{name}", "cidr_block": "10.0.0.0/16"}
    return {"mode": "managed", "type": "aws_vpc", "name": "main", "instances": [{"attributes": attributes}]}


def vpc(account: str, id: str) -> dict[str, Any]:
    return {"account": ACCOUNTS[account], "region": "eu-west-1", "type": "aws_vpc", "id": id}


def test_what_no_state_has_is_found_and_nothing_else(tmp_path: Path) -> None:
    live = [vpc(name, f"vpc-{name}") for name in ACCOUNTS] + [vpc("staging", "vpc-by-hand")]
    result = scan([tmp_path], build(tmp_path, frozenset(ACCOUNTS), live)).result
    assert [finding.subject for finding in result.findings] == ["staging/eu-west-1/aws_vpc/vpc-by-hand"]
    assert result.findings[0].account == "staging"
    assert not result.undecided


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.frozensets(st.sampled_from(sorted(ACCOUNTS))), planted=st.sampled_from(sorted(ACCOUNTS)))
def test_unmanaged_is_never_said_where_a_side_is_missing(
    tmp_path_factory: pytest.TempPathFactory, states: frozenset[str], planted: str
) -> None:
    directory = tmp_path_factory.mktemp("platform")
    live = [vpc(name, f"vpc-{name}") for name in ACCOUNTS] + [vpc(planted, "vpc-by-hand")]
    result = scan([directory], build(directory, states, live)).result
    found = {finding.account for finding in result.findings}
    assert found == ({planted} if planted in states else set())
    assert {one.subject.split("/")[0] for one in result.undecided} == set(ACCOUNTS) - states


@pytest.mark.parametrize("status", ["complete", "denied", "failed"])
@pytest.mark.parametrize(
    ("hidden", "more"),
    [
        (
            "aws_lb",
            {
                "type": "aws_network_interface",
                "id": "eni-1",
                "attributes": {"description": "ELB app/web/0123456789abcdef"},
            },
        ),
        ("tags", {"type": "aws_sqs_queue", "id": "https://sqs/1/q", "arn": "arn:aws:sqs:eu-west-1:444455556666:q"}),
        ("cloudformation_stack_resource", {"type": "aws_kms_key", "id": "0123"}),
    ],
)
def test_what_may_be_of_something_hidden_is_open(
    tmp_path: Path, hidden: str, more: dict[str, Any], status: str
) -> None:
    live = {"account": ACCOUNTS["staging"], "region": "eu-west-1", **more}
    coverage = [{"account": ACCOUNTS["staging"], "region": "eu-west-1", "type": hidden, "status": status}]
    result = scan([tmp_path], build(tmp_path, frozenset(ACCOUNTS), [live], coverage=coverage)).result
    assert len(result.findings) == (status == "complete")
    assert len(result.undecided) == (status != "complete")


def test_a_type_of_no_table_may_be_what_code_describes(tmp_path: Path) -> None:
    place = {"account": ACCOUNTS["staging"], "region": "eu-west-1"}
    group = {**place, "type": "aws_vpn_gateway", "id": "vgw-0123"}
    options = build(tmp_path, frozenset(), [group, {**place, "type": "aws_glue_job", "id": "etl"}])
    (tmp_path / "staging" / "group.tf").write_text(
        'resource "aws_vpn_gateway" "this" {\n  amazon_side_asn = "65000"\n}\n'
    )
    result = scan([tmp_path], options).result
    assert [finding.subject for finding in result.findings] == ["staging/eu-west-1/aws_glue_job/etl"]
    assert [one.subject for one in result.undecided] == ["staging/eu-west-1/aws_vpn_gateway/vgw-0123"]


def test_what_is_about_to_be_imported_is_managed(tmp_path: Path) -> None:
    arn = f"arn:aws:sqs:eu-west-1:{ACCOUNTS['staging']}:late"
    queue = {"account": ACCOUNTS["staging"], "region": "eu-west-1", "type": "aws_sqs_queue", "id": "x", "arn": arn}
    options = build(tmp_path, frozenset(ACCOUNTS), [queue])
    file = tmp_path / "staging" / "late.tf"
    file.write_text('resource "aws_sqs_queue" "late" {\n  name = "late"\n}\n')
    # It stands in the code and is not in the state: the next apply would fail, since it is there.
    assert len(scan([tmp_path], options).result.findings) == 1
    file.write_text(file.read_text() + '\nimport {\n  to = aws_sqs_queue.late\n  id = "x"\n}\n')
    assert not scan([tmp_path], options).result.findings


def test_what_a_state_of_no_workspace_has_is_managed(tmp_path: Path) -> None:
    options = build(tmp_path, frozenset(ACCOUNTS), [vpc("staging", "vpc-elsewhere")])
    other = tmp_path / "states" / "unknown.tfstate"
    resource = {**vpc_state("elsewhere"), "name": "elsewhere"}
    other.write_text(json.dumps({"version": 4, "serial": 1, "resources": [resource]}))
    result = scan([tmp_path], msgspec.structs.replace(options, states=(*options.states, other))).result
    assert not result.findings
    assert [d.code for d in result.diagnostics] == ["state-unmatched"]


def test_an_account_that_was_not_seen_is_said(tmp_path: Path) -> None:
    denied = [{"id": ACCOUNTS["staging"], "name": "staging", "status": "denied", "message": "AccessDenied"}]
    result = scan([tmp_path], build(tmp_path, frozenset(ACCOUNTS), [], accounts=denied)).result
    assert [(d.code, d.broken) for d in result.diagnostics] == [("inventory-incomplete", True)]


def test_an_inventory_of_others_is_not_judged(tmp_path: Path) -> None:
    live = [vpc("staging", "vpc-by-hand")]
    result = scan([tmp_path], build(tmp_path, frozenset(ACCOUNTS), live, organization_id="o-zzzzzzzzzz")).result
    assert [d.code for d in result.diagnostics] == ["inventory-of-others"]
    assert not result.findings


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "inventory-unreadable"),
        (b'{"format": "other"}', "inventory-unreadable"),
        (b'{"format_version": "2.0"}', "inventory-newer"),
    ],
)
def test_what_is_no_inventory(content: bytes, code: str) -> None:
    with pytest.raises(InventoryError) as raised:
        read_inventory(content, "x")
    assert raised.value.code == code


def test_the_file_is_the_same_when_it_is_written_again() -> None:
    content = write_inventory(
        read_inventory(b'{"resources": [{"account": "1", "region": "r", "type": "t", "id": "i"}]}', "x")
    )
    assert write_inventory(read_inventory(content, "x")) == content


def test_the_command_counts_by_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path, frozenset(), [vpc("staging", "vpc-x"), {**vpc("staging", "d"), "attributes": {"default": "true"}}])
    arguments = ["inventory", "judge", str(tmp_path / "inventory.json"), str(tmp_path), "--boundary", str(tmp_path)]
    assert run([*arguments, "--no-cache", "--show-excluded"]) == 0
    shown = capsys.readouterr().out
    assert "staging: nothing to judge (0 managed, 0 unmanaged, 1 undecided, 1 left out)" in shown
    assert "left out: staging/eu-west-1/aws_vpc/d (AWS's default networks)" in shown


def test_the_tables_are_readable() -> None:
    assert len(collected_types()) > 60
    assert exclusions()
    assert all(type_ in collected_types() for row in children() for type_ in row.types)
