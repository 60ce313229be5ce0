"""Three accounts of a local AWS: what people planted there is found, nothing else, and a collection that was ended goes on.

What moto does not serve (Cloud Control, CodeCommit, AWS Config, Resource Explorer) answers a server of ours, whose
answers botocore's own shapes check.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from astralint.inventory.model import Inventory, read_inventory
from astralint.inventory.tables import skeletons
from tests.inventory.moto_accounts import clients_of, plant_global, plant_network, plant_services
from tests.inventory.shaped_server import TARGETS, nothing, shaped_server
from tests.oracle.roots.terraform_answers import moto_server

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

ACCOUNTS = {"production": "111122223333", "staging": "444455556666", "sandbox": "777788889999"}
UNSERVED: frozenset[str] = frozenset()
"""Types that moto does not give back as they were made."""
REGIONS = ("eu-west-1", "us-east-1")
ROOT = """
terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
  }}
}}

provider "aws" {{
  region              = "eu-west-1"
  allowed_account_ids = ["{number}"]

  assume_role {{
    role_arn = "arn:aws:iam::{number}:role/deploy"
  }}
}}

resource "aws_vpc" "main" {{
  cidr_block = "10.0.0.0/16"
}}

resource "aws_subnet" "main" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}}

resource "aws_security_group" "main" {{
  name   = "main"
  vpc_id = aws_vpc.main.id
}}

resource "aws_iam_role" "task" {{
  name               = "task"
  path               = "/service/"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Principal = {{ Service = "ecs-tasks.amazonaws.com" }}, Action = "sts:AssumeRole" }}]
  }})
}}

resource "aws_iam_user" "robot" {{
  name = "robot"
}}

resource "aws_s3_bucket" "data" {{
  bucket = "data-{number}"
}}

resource "aws_sqs_queue" "orders" {{
  name = "orders"
}}

resource "aws_sns_topic" "events" {{
  name = "events"
}}

resource "aws_kms_key" "main" {{}}

resource "aws_kms_alias" "main" {{
  name          = "alias/main"
  target_key_id = aws_kms_key.main.key_id
}}

resource "aws_dynamodb_table" "items" {{
  name         = "items"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {{
    name = "id"
    type = "S"
  }}
}}

resource "aws_cloudwatch_log_group" "main" {{
  name = "/main"
}}

resource "aws_route53_zone" "main" {{
  name = "{name}.internal.example.com"
}}
"""


def write(directory: Path) -> None:
    text = 'platform {\n  organization_id = "o-abcdefghij"\n}\n\ninventory {\n  role = "reader"\n}\n'
    for name, number in ACCOUNTS.items():
        text += f'account "{name}" {{\n  kind = "{name}"\n  id = "{number}"\n  workspace "{name}" {{\n    path = "{name}"\n  }}\n}}\n'
        (directory / name).mkdir(parents=True)
        empty = f'provider "aws" {{\n  region              = "eu-west-1"\n  allowed_account_ids = ["{number}"]\n}}\n'
        (directory / name / "main.tf").write_text(empty if name == "sandbox" else ROOT.format(number=number, name=name))
    (directory / "astralint.hcl").write_text(text)
    (directory / "sandbox" / "terraform.tfstate").write_text('{"version": 4, "serial": 1, "resources": []}')


def terraform(directory: Path, server: str, *arguments: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_VAR_"))},
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
    }
    done = subprocess.run(
        ["terraform", *arguments], cwd=directory, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.returncode in ((0, 2) if "-detailed-exitcode" in arguments else (0,)), done.stdout + done.stderr
    return done.stdout


def require_provider(directory: Path, server: str) -> None:
    """Initialize a root; skips where no provider can be had."""
    try:
        terraform(directory, server, "init", "-input=false")
    except AssertionError as error:
        if "registry.terraform.io" not in str(error):
            raise
        pytest.skip("terraform finds no AWS provider")


class Ground:
    """A platform that is applied, and what people did beside it."""

    def __init__(self, directory: Path, server: str, beside: str) -> None:
        self.directory = directory
        self.server = server
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": server,
            "AWS_ENDPOINT_URL_CLOUDCONTROL": beside,
            "AWS_ENDPOINT_URL_CODECOMMIT": beside,
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.planted: set[tuple[str, str, str]] = set()

    def command(self, *arguments: str) -> list[str]:
        code = "from astralint.cli.main import main; main()"
        fixed = ["--boundary", str(self.directory), "--no-cache"]
        return [sys.executable, "-c", code, "inventory", *arguments, *fixed]

    def collect(self, *more: str) -> list[str]:
        regions = [part for region in REGIONS for part in ("--region", region)]
        return self.command(
            "collect", str(self.directory), "-o", str(self.directory / "inventory.json"), *regions, *more
        )

    def run(self, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments, cwd=self.directory, env=self.environment, capture_output=True, text=True, timeout=300
        )

    def inventory(self) -> Inventory:
        return read_inventory((self.directory / "inventory.json").read_bytes(), "inventory.json")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    pytest.importorskip("moto.server", reason="moto is not installed")
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not installed")
    directory = tmp_path_factory.mktemp("platform").resolve()
    write(directory)
    images = directory / "images.json"
    images.write_text("[]")
    os.environ["MOTO_AMIS_PATH"] = str(images)
    try:
        with moto_server() as server, shaped_server(nothing, TARGETS) as beside:
            ground = Ground(directory, server, beside)
            for name, number in ACCOUNTS.items():
                clients = clients_of(server, number)
                if name != "sandbox":
                    require_provider(directory / name, server)
                    terraform(directory / name, server, "apply", "-auto-approve", "-input=false")
                word = f"hand-{name}"
                found = plant_global(clients, word)
                for region in REGIONS if name == "production" else REGIONS[:1]:
                    found |= plant_network(clients, region, word) | plant_services(clients, region, word, number)
                ground.planted |= {(number, *one) for one in found}
            topic = f"arn:aws:sns:eu-west-1:{ACCOUNTS['staging']}:events"
            clients_of(server, ACCOUNTS["staging"])("sns", "eu-west-1").delete_topic(TopicArn=topic)
            yield ground
    finally:
        del os.environ["MOTO_AMIS_PATH"]


def test_what_was_planted_is_found_and_nothing_else(ground: Ground) -> None:
    assert len({type_ for _, type_, _ in ground.planted}) >= 25
    # Killed in the middle: what is there is kept, and taken up.
    killed = subprocess.Popen(ground.collect("--parallel", "2"), cwd=ground.directory, env=ground.environment)
    parts = ground.directory / "inventory.json.parts"
    for _ in range(600):
        if len(list(parts.glob("[0-9]*.json"))) >= 2:
            break
        time.sleep(0.1)
    killed.kill()
    killed.wait()
    assert not (ground.directory / "inventory.json").exists()
    kept = len(list(parts.glob("[0-9]*.json")))
    done = ground.run(ground.collect("--parallel", "2"))
    assert done.returncode == 0, done.stderr
    assert f"{kept} accounts' regions are from the run before" in done.stderr
    assert not parts.exists()

    states = [part for name in ACCOUNTS for part in ("--state", str(ground.directory / name / "terraform.tfstate"))]
    judged = ground.run(
        ground.command(
            "judge", "inventory.json", str(ground.directory), "--format", "json", "--fail-on", "never", *states
        )
    )
    assert judged.returncode == 0, judged.stderr
    report: dict[str, Any] = json.loads(judged.stdout)
    by_rule: dict[str, list[str]] = {}
    for finding in report["findings"]:
        by_rule.setdefault(finding["rule"], []).append(finding["subject"])
    assert sorted(by_rule) == ["AL409", "AL410", "AL414"]
    assert by_rule["AL409"] == ["aws_sns_topic.events"]
    assert sorted(by_rule["AL414"]) == sorted(ACCOUNTS)
    found = {(ACCOUNTS[a], t, i) for a, _, t, i in (subject.split("/", 3) for subject in by_rule["AL410"])}
    # The ids of access keys are masked, as everything that looks like a credential.
    planted = {(a, t, "*" * len(i) if t == "aws_iam_access_key" else i) for a, t, i in ground.planted}
    assert found == planted, (found - planted, planted - found)
    assert not report["undecided"]
    types = sorted({type_ for _, type_, _ in found})
    sys.stdout.write(f"{len(found)} planted things of {len(types)} types found: {', '.join(types)}\n")


def test_what_is_adopted_plans_without_changes(ground: Ground) -> None:
    if not (ground.directory / "inventory.json").exists():
        pytest.skip("nothing was collected")
    types = [name for name in skeletons() if name not in UNSERVED]
    only = [
        part
        for name in types
        for place in ("eu-west-1", "global")
        for part in ("--only", f"production/{place}/{name}/*")
    ]
    state = ["--state", str(ground.directory / "production" / "terraform.tfstate")]
    done = ground.run(
        ground.command("adopt", "inventory.json", str(ground.directory), *only, *state, "--write", "adopted.tf")
    )
    assert done.returncode == 0, done.stderr
    root = ground.directory / "production"
    terraform(root, ground.server, "fmt", "-check", "adopted.tf")
    terraform(root, ground.server, "plan", "-input=false", "-out=plan.bin")
    plan = json.loads(terraform(root, ground.server, "show", "-json", "plan.bin"))
    changes = {
        change["address"]: change["change"]
        for change in plan["resource_changes"]
        if "importing" in change["change"] or change["change"]["actions"] != ["no-op"]
    }
    differing = {
        address: (change["actions"], change["before"], change["after"])
        for address, change in changes.items()
        if change["actions"] != ["no-op"]
    }
    assert not differing
    imported = {address.partition(".")[0] for address in changes}
    assert len(imported) >= 15
    sys.stdout.write(f"{len(changes)} resources of {len(imported)} types imported: {', '.join(sorted(imported))}\n")
