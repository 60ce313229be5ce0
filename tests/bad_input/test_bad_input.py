"""Every bad input gets one clear diagnostic with its place; the rest is analysed; nothing hangs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from astralint.api import Report, ScanOptions, UsageError, scan

GOOD = """\
provider "aws" {
  region = "us-east-1"
}

resource "aws_sns_topic" "alarms" {
  name = "alarms"
}
"""


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def check(root: Path) -> Report:
    return scan(root, ScanOptions(boundary=root, jobs=1))


def codes(report: Report) -> list[str]:
    return [diagnostic.code for diagnostic in report.result.diagnostics]


def addresses(report: Report) -> set[str]:
    return {r.address for w in report.platform.workspaces.values() for r in w.resources}


def command(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the real command; a traceback or a hang fails the test."""
    done = subprocess.run(
        [sys.executable, "-m", "astralint", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def usage_error(root: Path) -> str:
    with pytest.raises(UsageError) as caught:
        scan(root, ScanOptions(boundary=root if root.is_dir() else None))
    (diagnostic,) = caught.value.diagnostics
    return diagnostic.code


def test_missing_path(tmp_path: Path) -> None:
    assert usage_error(tmp_path / "nowhere") == "path-not-found"
    done = command("check", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert "`nowhere` does not exist" in done.stderr


def test_empty_directory(tmp_path: Path) -> None:
    assert usage_error(tmp_path) == "no-terraform"


def test_directory_without_terraform(tmp_path: Path) -> None:
    write(tmp_path, {"README.md": "nothing here", "src/main.py": "print()"})
    assert usage_error(tmp_path) == "no-terraform"
    assert command("check", ".", cwd=tmp_path).returncode == 2


def test_broken_file_in_one_of_nine_workspaces(tmp_path: Path) -> None:
    write(tmp_path, {f"accounts/a{i}/main.tf": GOOD for i in range(9)})
    write(tmp_path, {"accounts/a4/broken.tf": 'resource "aws_sns_topic" "x" {\n  name = \n}\n'})
    report = check(tmp_path)
    (diagnostic,) = report.result.diagnostics
    assert diagnostic.code == "syntax-error"
    assert diagnostic.span is not None
    assert (diagnostic.span.file, diagnostic.span.line) == ("accounts/a4/broken.tf", 2)
    assert sum(len(w.resources) for w in report.platform.workspaces.values()) == 9
    done = command("check", "--no-cache", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert "accounts/a4/broken.tf:2:" in done.stdout + done.stderr
    assert "2 |   name =" in done.stdout + done.stderr


def test_module_that_calls_itself(tmp_path: Path) -> None:
    write(tmp_path, {"root/main.tf": GOOD + 'module "a" {\n  source = "../m"\n}\n'})
    write(
        tmp_path,
        {"m/main.tf": 'module "again" {\n  source = "../m"\n}\nresource "aws_sns_topic" "t" {\n  name = "t"\n}\n'},
    )
    report = check(tmp_path)
    assert codes(report) == ["cycle"]
    assert {"aws_sns_topic.alarms", "module.a.aws_sns_topic.t"} <= addresses(report)


def remote(key: str, other: str) -> str:
    return f"""\
terraform {{
  backend "s3" {{
    bucket = "state"
    key    = "{key}"
  }}
}}
data "terraform_remote_state" "other" {{
  backend = "s3"
  config  = {{ bucket = "state", key = "{other}" }}
}}
output "circle" {{
  value = "${{data.terraform_remote_state.other.outputs.circle}}-{key}"
}}
output "straight" {{
  value = "{key}"
}}
output "theirs" {{
  value = data.terraform_remote_state.other.outputs.straight
}}
"""


def test_cycle_of_remote_states(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": remote("a", "b"), "b/main.tf": remote("b", "a")})
    report = check(tmp_path)
    assert codes(report) == ["cycle", "cycle"]
    outputs = report.platform.workspaces["a"].result.outputs
    assert outputs["theirs"].value.raw == "b"
    assert all(d.span is not None and "circle" in d.message for d in report.result.diagnostics)


def test_configuration_with_a_wrong_type(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GOOD, "astralint.hcl": 'platform {\n  regions = "us-east-1"\n}\n'})
    with pytest.raises(UsageError) as caught:
        check(tmp_path)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.span is not None
    assert (diagnostic.span.line, diagnostic.span.column) == (2, 13)
    done = command("check", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "astralint.hcl:2:13" in done.stderr


def test_fifo_and_directory_in_the_place_of_files(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GOOD})
    os.mkfifo(tmp_path / "x.tf")
    (tmp_path / "d.tf").mkdir()
    found: list[Report] = []
    worker = threading.Thread(target=lambda: found.append(check(tmp_path)), daemon=True)
    worker.start()
    worker.join(30)
    assert found, "a FIFO must not hold the analysis up"
    assert codes(found[0]) == ["not-a-file", "not-a-file"]
    assert addresses(found[0]) == {"aws_sns_topic.alarms"}
    assert command("check", "--no-cache", ".", cwd=tmp_path).returncode == 3


def test_links_that_loop_or_leave(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret.tf": 'locals {\n  secret = "x"\n}\n'})
    root = write(tmp_path / "root", {"main.tf": GOOD})
    (root / "away.tf").symlink_to(outside / "secret.tf")
    (root / "nowhere.tf").symlink_to("gone")
    (root / "self.tf").symlink_to("self.tf")
    (root / "round").symlink_to(root, target_is_directory=True)
    report = check(root)
    assert sorted(codes(report)) == ["not-a-file", "not-a-file", "outside-boundary"]
    assert len(report.platform.workspaces) == 1


def test_functions_do_not_read_outside(tmp_path: Path) -> None:
    root = write(
        tmp_path / "root",
        {
            "main.tf": GOOD
            + 'output "a" {\n  value = file("../secret")\n}\noutput "b" {\n  value = file("/etc/passwd")\n}\noutput "c" {\n  value = 1\n}\n'
        },
    )
    write(tmp_path, {"secret": "hidden"})
    report = check(root)
    assert codes(report) == ["outside-boundary", "outside-boundary"]
    (workspace,) = report.platform.workspaces.values()
    assert workspace.result.outputs["c"].value.raw == 1


def test_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GOOD, "latin.tf": b'locals {\n  a = "caf\xe9"\n}\n'})
    report = check(tmp_path)
    (diagnostic,) = report.result.diagnostics
    assert diagnostic.code == "syntax-error"
    assert diagnostic.span is not None
    assert diagnostic.span.line == 2
    assert addresses(report) == {"aws_sns_topic.alarms"}


def test_byte_order_mark(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": b"\xef\xbb\xbf" + GOOD.encode()})
    report = check(tmp_path)
    assert codes(report) == []
    assert addresses(report) == {"aws_sns_topic.alarms"}


def test_file_over_ten_megabytes_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GOOD})
    with (tmp_path / "large.tf").open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)
    report = check(tmp_path)
    assert codes(report) == ["file-too-large"]
    assert addresses(report) == {"aws_sns_topic.alarms"}


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("(", ")"), ("{a=", "}")])
def test_nesting_deeper_than_500(tmp_path: Path, opening: str, closing: str) -> None:
    deep = opening * 600 + "1" + closing * 600
    write(tmp_path, {"main.tf": GOOD, "deep.tf": f"locals {{\n  a = {deep}\n}}\n"})
    report = check(tmp_path)
    (diagnostic,) = report.result.diagnostics
    assert diagnostic.code == "syntax-error"
    assert "500" in diagnostic.message
    assert addresses(report) == {"aws_sns_topic.alarms"}


def test_module_outside_of_the_boundary(tmp_path: Path) -> None:
    write(tmp_path, {"m/main.tf": "", "root/main.tf": GOOD + 'module "m" {\n  source = "../m"\n}\n'})
    report = check(tmp_path / "root")
    assert codes(report) == ["outside-boundary"]


def test_rule_code_of_a_scanned_tree_is_not_run(tmp_path: Path) -> None:
    write(
        tmp_path, {"main.tf": GOOD, "astralint.hcl": 'rule_paths = ["rules"]\n', "rules/r.py": "raise SystemExit(77)\n"}
    )
    report = check(tmp_path)
    (diagnostic,) = report.result.diagnostics
    assert diagnostic.severity == "warning"
    assert "--allow-rule-code" in f"{diagnostic.message} {diagnostic.help}"
