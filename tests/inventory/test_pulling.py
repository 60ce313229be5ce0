"""States from where backends keep them: what is asked for, what is written, what is said."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from astralint import ScanOptions, scan
from astralint.cli.main import run
from astralint.inventory.collect.pulling import Pulled, Puller, PullError, Remote
from astralint.source.tree import LocalTree

STATE = b'{"version": 4, "serial": 3, "resources": []}'
ROOTS = {
    "network": 'terraform {\n  backend "s3" {\n    bucket = "states"\n    key = "network.tfstate"\n    region = "eu-west-1"\n  }\n}\n',
    "mail": 'terraform {\n  cloud {\n    organization = "acme"\n    workspaces {\n      name = "mail-prod"\n    }\n  }\n}\n',
    "dns": 'terraform {\n  cloud {\n    organization = "acme"\n    workspaces {\n      tags = ["dns"]\n    }\n  }\n}\n',
    "local": 'provider "aws" {\n  region = "eu-west-1"\n}\n',
    "other": 'terraform {\n  backend "gcs" {\n    bucket = "states"\n  }\n}\n',
}


class Fake:
    def __init__(self, remotes: tuple[Remote, ...] = (), fails: str = "") -> None:
        self.remotes = remotes
        self.fails = fails
        self.asked: list[str] = []

    def read(self, bucket: str, key: str, region: str) -> bytes:
        self.asked.append(f"{bucket}/{key}/{region}")
        if self.fails:
            raise PullError(self.fails, fatal=True)
        return STATE

    def workspaces(self, hostname: str, organization: str) -> tuple[Remote, ...]:
        self.asked.append(organization)
        return self.remotes

    def state(self, hostname: str, remote: Remote) -> bytes:
        if remote.name == "empty":
            raise PullError("`empty` has no state: nothing was ever applied", missing=True)
        return STATE if remote.name != "broken" else b'{"version": 4, "reso'


def pull(tmp_path: Path, fake: Fake, *names: str) -> dict[str, Pulled]:
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(ROOTS[name])
    (tmp_path / "local").mkdir(exist_ok=True)
    (tmp_path / "local" / "terraform.tfstate").write_bytes(STATE)
    platform = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1)).platform
    done = Puller(LocalTree(tmp_path), tmp_path / "states", fake, fake).pull(platform.workspaces.values())
    return {one.workspace: one for one in done}


def test_each_backend_is_asked_once(tmp_path: Path) -> None:
    remotes = (
        Remote("acme", "ws-1", "mail-prod"),
        Remote("acme", "ws-2", "dns-prod", working_directory="/dns/"),
        Remote("acme", "ws-3", "clicked"),
        Remote("acme", "ws-4", "empty"),
    )
    fake = Fake(remotes)
    done = pull(tmp_path, fake, *ROOTS)
    assert fake.asked.count("acme") == 1
    assert "states/network.tfstate/eu-west-1" in fake.asked
    assert {name for name, one in done.items() if one.file} == {"network", "mail", "dns", "local", "acme.clicked"}
    assert "`terraform state pull`" in done["other"].message
    assert done["acme.empty"].missing
    file = Path(done["mail"].file)
    assert file.read_bytes() == STATE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    manifest = json.loads((tmp_path / "states" / "workspaces.json").read_text())
    assert [one["name"] for one in manifest["workspaces"]] == [remote.name for remote in remotes]


def test_what_is_pulled_is_what_check_reads(tmp_path: Path) -> None:
    pull(tmp_path, Fake(), "network", "local")
    options = ScanOptions(boundary=tmp_path, jobs=1, states=(tmp_path / "states",))
    assert set(scan([tmp_path], options).platform.contents.states) == {"local", "network"}


def test_credentials_that_fail_are_tried_once(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "main.tf").write_text(ROOTS["network"].replace("network", "second"))
    fake = Fake(fails="the credentials have expired: log in again")
    done = pull(tmp_path, fake, "network")
    assert len(fake.asked) == 1
    assert {one.message for name, one in done.items() if name != "local"} == {fake.fails}


@pytest.mark.parametrize(
    ("remotes", "message"),
    [
        ((), "nor one that runs in `dns`"),
        (
            (
                Remote("acme", "1", "a", working_directory="dns"),
                Remote("acme", "2", "b", working_directory="dns"),
            ),
            "2 workspaces run in `dns`: `a`, `b`",
        ),
        ((Remote("acme", "1", "broken", working_directory="dns"),), "ends in the middle of a state"),
    ],
)
def test_what_can_not_be_told(tmp_path: Path, remotes: tuple[Remote, ...], message: str) -> None:
    assert message in pull(tmp_path, Fake(remotes), "dns")["dns"].message


@pytest.mark.parametrize(("root", "module", "extra"), [("network", "boto3", "aws"), ("mail", "pytfe", "hcp")])
def test_without_an_extra_it_says_what_to_install(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    root: str,
    module: str,
    extra: str,
) -> None:
    (tmp_path / "main.tf").write_text(ROOTS[root])
    monkeypatch.setitem(sys.modules, module, None)
    arguments = [str(tmp_path), "--boundary", str(tmp_path), "-o", str(tmp_path / "states"), "--no-cache"]
    assert run(["inventory", "states", *arguments]) == 2
    assert f"pip install 'astralint-terraform[{extra}]'" in capsys.readouterr().err
