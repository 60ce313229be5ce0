"""States: read, matched with their workspaces, and what they make known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astralint import ScanOptions, scan
from astralint.terraform.state.addresses import Move, moved, split_module, steps
from astralint.terraform.state.reader import StateError, read_state

CODE = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}

resource "random_id" "suffix" {
  byte_length = 4
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs-${random_id.suffix.hex}"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_iam_access_key" "robot" {
  user = "robot"
}
"""
SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"


def instance(type_: str, name: str, index: str | int | None = None, **attributes: Any) -> dict[str, Any]:
    one = {"attributes": attributes, "sensitive_attributes": []}
    return {
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [one if index is None else {"index_key": index, **one}],
    }


def state(*resources: dict[str, Any], serial: int = 1, lineage: str = "a", **more: Any) -> bytes:
    document = {"version": 4, "serial": serial, "lineage": lineage, "outputs": {}, "resources": resources, **more}
    return json.dumps(document).encode()


KNOWN = (
    instance("random_id", "suffix", hex="0badcafe", byte_length=4),
    instance("aws_vpc", "main", id="vpc-0a1b2c3d4e5f60718", cidr_block="10.0.0.0/16", tags={"by": "hand"}),
    instance("aws_iam_access_key", "robot", id="AKIA1", user="robot", secret=SECRET),
)


def platform(tmp_path: Path, **states: bytes) -> Any:
    (tmp_path / "code").mkdir(exist_ok=True)
    (tmp_path / "code" / "main.tf").write_text(CODE)
    (tmp_path / "states").mkdir(exist_ok=True)
    for name, content in states.items():
        (tmp_path / "states" / f"{name}.tfstate").write_bytes(content)
    options = ScanOptions(boundary=tmp_path, jobs=1, states=(tmp_path / "states",) if states else ())
    return scan([tmp_path / "code"], options)


def test_what_code_leaves_open_is_taken_from_the_state(tmp_path: Path) -> None:
    report = platform(tmp_path, anything=state(*KNOWN, serial=41))
    bucket = report.platform.find("code", "aws_s3_bucket.logs")
    assert bucket["bucket"] == "logs-0badcafe"
    vpc = report.platform.find("code", "aws_vpc.main")
    assert vpc["id"] == "vpc-0a1b2c3d4e5f60718"
    origins = {origin.address for origin in vpc.value("id").origins}
    assert origins == {"the state of `code`, serial 41"}
    assert not report.result.diagnostics


def test_known_values_stay_as_they_are_without_a_state(tmp_path: Path) -> None:
    plain, stated = platform(tmp_path), platform(tmp_path, anything=state(*KNOWN))
    for resource in plain.platform.workspaces["code"].resources:
        other = stated.platform.find("code", resource.address)
        for name, value in resource.instance.values.raw.items():
            after = other.instance.values.raw[name]
            assert value.is_unknown or (value.raw, value.type) == (after.raw, after.type), (resource.address, name)


def test_what_is_sensitive_is_nowhere(tmp_path: Path) -> None:
    report = platform(tmp_path, anything=state(*KNOWN))
    key = report.platform.find("code", "aws_iam_access_key.robot")
    assert key.value("secret").is_unknown
    assert key["id"] == "AKIA1"


def test_nothing_is_told_of_what_may_be_replaced(tmp_path: Path) -> None:
    other = instance("aws_vpc", "main", id="vpc-0a1b2c3d4e5f60718", cidr_block="10.9.0.0/16")
    tainted = {**KNOWN[0], "instances": [{**KNOWN[0]["instances"][0], "status": "tainted"}]}
    report = platform(tmp_path, anything=state(other, tainted))
    assert report.platform.find("code", "aws_vpc.main").value("id").is_unknown
    assert report.platform.find("code", "aws_s3_bucket.logs").value("bucket").is_unknown


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (state(*KNOWN)[:-40], "state-truncated"),
        (b'{"version": 5, "resources": []}', "state-newer"),
        (b'{"version": 3, "modules": []}', "state-older"),
        (
            b'{"serial": 1, "lineage": "x", "meta": {}, "encrypted_data": "eyJ", "encryption_version": "v0"}',
            "state-encrypted",
        ),
        (b'{"some": "thing"}', "state-unreadable"),
        (b"[]", "state-unreadable"),
        (state(instance("aws_lb", "unheard_of")), "state-unmatched"),
    ],
)
def test_each_bad_state_is_one_diagnostic(tmp_path: Path, content: bytes, code: str) -> None:
    report = platform(tmp_path, broken=content)
    assert [d.code for d in report.result.diagnostics] == [code]
    assert report.result.diagnostics[0].broken


def test_of_two_states_of_one_lineage_the_newer_counts(tmp_path: Path) -> None:
    older = instance("aws_vpc", "main", id="vpc-00000000", cidr_block="10.0.0.0/16")
    report = platform(tmp_path, a=state(*KNOWN, serial=9), b=state(older, serial=8))
    assert [(d.code, d.severity) for d in report.result.diagnostics] == [("state-twice", "warning")]
    assert report.platform.find("code", "aws_vpc.main")["id"] == "vpc-0a1b2c3d4e5f60718"


def test_two_states_of_one_workspace_count_for_nothing(tmp_path: Path) -> None:
    report = platform(tmp_path, a=state(*KNOWN), b=state(*KNOWN, lineage="b"))
    assert [(d.code, d.severity) for d in report.result.diagnostics] == [("state-twice", "error")]
    assert report.platform.find("code", "aws_vpc.main").value("id").is_unknown


def test_an_empty_file_is_a_state_without_resources() -> None:
    assert read_state(b" \n", "x").instances == ()


def test_keys_data_and_deposed_instances() -> None:
    resource = instance("aws_subnet", "each", index='a"b')
    resource["module"] = 'module.net["x.y"]'
    resource["instances"] += [{"index_key": 'a"b', "deposed": "00000001", "attributes": {}}]
    data = {**instance("aws_vpc", "found", id="vpc-1"), "mode": "data"}
    read = read_state(state(resource, data), "x")
    assert [one.address for one in read.instances] == [
        'module.net["x.y"].aws_subnet.each["a\\"b"]',
        "data.aws_vpc.found",
    ]
    assert split_module(read.instances[0].address)[0] == 'module.net["x.y"]'
    assert len(steps(read.instances[0].address)) == 4


def test_shown_states_and_plans_say_the_same_as_files() -> None:
    vpc = {"address": "aws_vpc.main", "mode": "managed", "type": "aws_vpc", "name": "main", "values": {"id": "vpc-1"}}
    inner = {"address": "module.a", "resources": [{**vpc, "address": "module.a.aws_vpc.main"}]}
    values = {"root_module": {"resources": [vpc], "child_modules": [inner]}}
    shown = read_state(json.dumps({"format_version": "1.0", "values": values}).encode(), "x")
    plan = read_state(
        json.dumps({"format_version": "1.2", "planned_values": {}, "prior_state": {"values": values}}).encode(), "x"
    )
    assert (
        [i.address for i in shown.instances]
        == [i.address for i in plan.instances]
        == ["aws_vpc.main", "module.a.aws_vpc.main"]
    )
    assert shown.form == "shown state"
    assert plan.form == "plan"


@pytest.mark.parametrize(
    ("address", "moves", "after"),
    [
        ("aws_vpc.a", [Move("", "aws_vpc.a", "aws_vpc.b"), Move("", "aws_vpc.b", "module.net.aws_vpc.c")], "module.net.aws_vpc.c"),
        ('module.m["k"].aws_vpc.a', [Move("module.m", "aws_vpc.a", "aws_vpc.b[0]")], 'module.m["k"].aws_vpc.b[0]'),
        ("module.old.aws_vpc.a", [Move("", "module.old", 'module.new["x"]')], 'module.new["x"].aws_vpc.a'),
        ("aws_vpc.a[1]", [Move("", "aws_vpc.a", "aws_vpc.b")], "aws_vpc.b[1]"),
        ("aws_vpc.a", [Move("", "aws_vpc.a", "aws_vpc.b"), Move("", "aws_vpc.b", "aws_vpc.a")], "aws_vpc.a"),
        ("aws_vpc.ab", [Move("", "aws_vpc.a", "aws_vpc.b")], "aws_vpc.ab"),
    ],
)  # fmt: skip
def test_moves(address: str, moves: list[Move], after: str) -> None:
    assert moved(address, moves) == after


def test_no_state_at_the_path(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "main.tf").write_text("")
    report = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1, states=(tmp_path / "empty",)))
    assert [d.code for d in report.result.diagnostics] == ["no-state"]


def test_a_state_error_says_what_to_do() -> None:
    with pytest.raises(StateError) as raised:
        read_state(b'{"encrypted_data": "x"}', "x")
    assert raised.value.help


def evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> int:
    """Return how often the workspace was evaluated, with a state of this name."""
    from astralint.assembly import workers

    times = 0
    whole = workers.Evaluation.result

    def counting(self: Any) -> Any:
        nonlocal times
        times += 1
        return whole(self)

    monkeypatch.setattr(workers.Evaluation, "result", counting)
    (tmp_path / "live").mkdir(exist_ok=True)
    (tmp_path / "live" / "main.tf").write_text(CODE)
    (tmp_path / name).write_bytes(state(*KNOWN))
    found = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1, states=(tmp_path / name,), select=("AL101",)))
    vpc = found.platform.find("live", "aws_vpc.main")
    assert vpc is not None
    assert vpc["id"] == "vpc-0a1b2c3d4e5f60718"
    return times


@pytest.mark.parametrize(("name", "times"), [("live.tfstate", 1), ("whatever.tfstate", 2)])
def test_a_workspace_is_evaluated_once_where_the_name_tells_whose_the_state_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, times: int
) -> None:
    assert evaluated(tmp_path, monkeypatch, name) == times


def test_what_names_alone_said_is_taken_back_where_it_was_moved(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    moves = "\nmoved {\n  from = aws_vpc.old\n  to   = aws_vpc.main\n}\n\nmoved {\n  from = aws_vpc.other\n  to   = aws_vpc.gone\n}\n"
    more = '\nresource "aws_vpc" "other" {\n  cidr_block = "10.0.0.0/16"\n}\n'
    (tmp_path / "live" / "main.tf").write_text(CODE + moves + more)
    old = instance("aws_vpc", "old", id="vpc-1", cidr_block="10.0.0.0/16")
    other = instance("aws_vpc", "other", id="vpc-2", cidr_block="10.0.0.0/16")
    (tmp_path / "live.tfstate").write_bytes(state(old, other))
    options = ScanOptions(boundary=tmp_path, jobs=1, states=(tmp_path / "live.tfstate",), select=("AL101",))
    platform = scan([tmp_path], options).platform
    main, beside = platform.find("live", "aws_vpc.main"), platform.find("live", "aws_vpc.other")
    assert main is not None
    assert beside is not None
    assert main["id"] == "vpc-1"
    # Its instance is elsewhere now: nothing is known of the one that will be made.
    assert not isinstance(beside.text("id"), str)


def test_two_states_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "main.tf").write_text(CODE)
    for name, lineage in (("live.tfstate", "a"), ("live.tfstate.json", "b")):
        (tmp_path / name).write_bytes(state(*KNOWN, lineage=lineage))
    options = ScanOptions(
        boundary=tmp_path, jobs=1, states=(tmp_path / "live.tfstate", tmp_path / "live.tfstate.json"), select=("AL101",)
    )
    vpc = scan([tmp_path], options).platform.find("live", "aws_vpc.main")
    assert vpc is not None
    assert not isinstance(vpc.text("id"), str)
