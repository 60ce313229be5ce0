"""Living with it: what is gone, who changed what, since when, figures, the picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astralint import ScanOptions, scan
from astralint.cli.main import run
from astralint.inventory.events import EventsError, read_events

NUMBER = "111122223333"
ROOT = f"""
provider "aws" {{
  region              = "eu-west-1"
  allowed_account_ids = ["{NUMBER}"]
}}

resource "aws_sns_topic" "alarms" {{
  name = "alarms"
}}
"""
TOPIC = f"arn:aws:sns:eu-west-1:{NUMBER}:alarms"


def topic(name: str, **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:sns:eu-west-1:{NUMBER}:{name}"
    return {
        "account": NUMBER,
        "region": "eu-west-1",
        "type": "aws_sns_topic",
        "id": arn,
        "arn": arn,
        "name": name,
        **more,
    }


def covered(status: str = "complete") -> dict[str, str]:
    return {"account": NUMBER, "region": "eu-west-1", "type": "aws_sns_topic", "status": status}


def build(tmp_path: Path) -> Path:
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "main.tf").write_text(ROOT)
    workspace = 'workspace "live" {\n    path = "live"\n  }'
    (tmp_path / "astralint.hcl").write_text(
        f'account "production" {{\n  kind = "production"\n  id = "{NUMBER}"\n  {workspace}\n}}\n'
    )
    instance = {"attributes": {"id": TOPIC, "arn": TOPIC, "name": "alarms"}}
    resource = {"mode": "managed", "type": "aws_sns_topic", "name": "alarms", "instances": [instance]}
    (tmp_path / "live.tfstate").write_text(json.dumps({"version": 4, "serial": 1, "resources": [resource]}))
    return tmp_path


def write(path: Path, *live: dict[str, Any], when: str = "2026-11-20T00:00:00Z", coverage: Any = ()) -> Path:
    inventory = {"format": "astralint-inventory", "format_version": "1.0", "collected_at": when}
    path.write_text(json.dumps({**inventory, "coverage": list(coverage), "resources": list(live)}))
    return path


@pytest.mark.parametrize(("status", "found"), [("complete", ["aws_sns_topic.alarms"]), ("denied", []), ("failed", [])])
def test_gone_is_only_said_of_what_was_seen_whole(tmp_path: Path, status: str, found: list[str]) -> None:
    inventory = write(build(tmp_path) / "inventory.json", coverage=[covered(status)])
    options = ScanOptions(
        boundary=tmp_path, jobs=1, select=("AL409",), states=(tmp_path / "live.tfstate",), inventory=inventory
    )
    result = scan([tmp_path], options).result
    assert [finding.subject for finding in result.findings] == found
    assert all("exists no more" in finding.message for finding in result.findings)


def test_what_is_there_is_not_gone(tmp_path: Path) -> None:
    inventory = write(build(tmp_path) / "inventory.json", topic("alarms"), coverage=[covered()])
    options = ScanOptions(
        boundary=tmp_path, jobs=1, select=("AL409",), states=(tmp_path / "live.tfstate",), inventory=inventory
    )
    assert not scan([tmp_path], options).result.findings


def judge(directory: Path, *arguments: str) -> int:
    fixed = ["inventory", "judge", str(directory / "inventory.json"), str(directory), "--boundary", str(directory)]
    return run([*fixed, "--no-cache", "--state", str(directory / "live.tfstate"), *arguments])


def test_figures_and_first_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path)
    write(tmp_path / "inventory.json", topic("alarms"), topic("old"), topic("new"))
    write(tmp_path / "before.json", topic("alarms"), topic("old"), when="2026-11-01T00:00:00Z")
    figures = tmp_path / "figures.json"
    assert judge(tmp_path, "--earlier", str(tmp_path / "before.json"), "--statistics", str(figures)) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "help: seen first 2026-11-01: import it as `arn:aws:sns:eu-west-1:111122223333:old`" in shown
    assert "help: seen first 2026-11-20: import it as `arn:aws:sns:eu-west-1:111122223333:new`" in shown
    assert "2026-11-01T00:00:00Z: 50% managed (1 managed, 1 unmanaged, 0 undecided, 0 left out)" in shown
    told = json.loads(figures.read_text())
    assert told["accounts"]["production"] == {"managed": 1, "unmanaged": 2, "undecided": 0, "left_out": 0}
    assert set(told["over_time"]) == {"2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"}


def test_figures_in_markdown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(build(tmp_path) / "inventory.json", topic("alarms"), topic("old"))
    assert judge(tmp_path, "--format", "markdown") == 1
    assert "| production | 1 | 1 | 0 | 0 | 50% |" in capsys.readouterr().out


def test_the_picture_counts_what_nobody_manages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inventory = write(build(tmp_path) / "inventory.json", topic("alarms"), topic("old"), topic("new"))
    arguments = ["--inventory", str(inventory), "--state", str(tmp_path / "live.tfstate"), "--format", "mermaid"]
    assert run(["graph", str(tmp_path), "--boundary", str(tmp_path), "--no-cache", *arguments]) == 0
    assert "2 unmanaged" in capsys.readouterr().out


EVENT = {
    "eventTime": "2026-11-20T02:10:00Z",
    "eventSource": "ec2.amazonaws.com",
    "eventName": "CreateVpc",
    "awsRegion": "eu-west-1",
    "readOnly": False,
    "recipientAccountId": NUMBER,
    "userIdentity": {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::{NUMBER}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ada@acme.com",
    },
}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"Records": [EVENT]}),
        json.dumps({"Events": [{"CloudTrailEvent": json.dumps(EVENT)}]}),
        json.dumps(EVENT),
        json.dumps(EVENT) + "\n" + json.dumps(EVENT) + "\n",
        json.dumps([EVENT]),
    ],
)
def test_the_forms_of_events(content: str) -> None:
    (write,) = read_events(content.encode(), "events.json")
    assert (write.action, write.who, write.permission_set) == ("ec2:CreateVpc", "ada@acme.com", "Admin")
    assert write.times == content.count("CreateVpc")


@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"a": 1}', b"\xff", b'{"Events": [{"CloudTrailEvent": "{"}]}'])
def test_what_holds_no_events(content: bytes) -> None:
    with pytest.raises(EventsError, match=r"events\.json"):
        read_events(content, "events.json")


@pytest.mark.parametrize(
    ("change", "person"),
    [
        ({"userIdentity": {"type": "Root"}}, "root"),
        ({"userIdentity": {"type": "IAMUser", "userName": "ada"}}, ""),
        ({"userIdentity": {"type": "IAMUser", "userName": "ada"}, "sessionCredentialFromConsole": "true"}, "ada"),
        ({"userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/deploy/run"}}, ""),
        ({"userIdentity": {"type": "AWSService"}}, ""),
        ({"errorCode": "AccessDenied"}, ""),
        ({"readOnly": True}, ""),
    ],
)
def test_who_is_a_person(change: dict[str, Any], person: str) -> None:
    found = read_events(json.dumps({**EVENT, **change}).encode(), "events.json")
    assert [write.who for write in found] == ([person] if person else [])


def test_events_that_can_not_be_read_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(build(tmp_path) / "inventory.json", topic("alarms"))
    (tmp_path / "events.json").write_text("{")
    assert judge(tmp_path, "--events", str(tmp_path / "events.json")) == 3
    assert judge(tmp_path, "--events", str(tmp_path / "absent.json")) == 2
    (tmp_path / "events.json").write_text(json.dumps([EVENT]))
    assert judge(tmp_path, "--events", str(tmp_path / "events.json")) == 1
    assert "`ada@acme.com` by `Admin` called `ec2:CreateVpc` in `production`" in " ".join(
        capsys.readouterr().out.split()
    )


def test_a_baseline_keeps_back_what_is_there_today(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path)
    inventory = write(tmp_path / "inventory.json", topic("alarms"), topic("old"))
    baseline = str(tmp_path / "baseline.json")
    given = ["--boundary", str(tmp_path), "--no-cache", "--state", str(tmp_path / "live.tfstate")]
    assert run(["baseline", "write", str(tmp_path), "--file", baseline, "--inventory", str(inventory), *given]) == 0
    write(tmp_path / "before.json", topic("old"), when="2026-11-01T00:00:00Z")
    # An entry counts whatever else is known of the thing.
    assert judge(tmp_path, "--baseline", baseline, "--earlier", str(tmp_path / "before.json")) == 0
    write(tmp_path / "inventory.json", topic("alarms"), topic("old", created="2026-10-01T00:00:00Z"), topic("new"))
    capsys.readouterr()
    assert judge(tmp_path, "--baseline", baseline, "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [one["subject"].rpartition(":")[2] for one in found] == ["new"]
