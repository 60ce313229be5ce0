"""The other commands, and what holds for all of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import networkx as nx
import pytest

from astralint.cli.main import COMMANDS
from tests.cli.conftest import DRIFTED, MODEL, Command, process


def test_help_lists_every_command_as_it_describes_itself(command: Command) -> None:
    listed = command("--help").out
    for name in COMMANDS:
        assert f"  {name} " in listed
        called = command(name, "--help")
        assert called.status == 0
        assert called.out.startswith(f"Usage: astralint {name}")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["check", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom astralint.cli.main import run\n"
        f"run({arguments!r})\n"
        "print([m for m in ('networkx', 'lark', 'yaml', 're2', 'sarif_om', 'gmpy2', 'hcl2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_command_that_does_not_exist(command: Command) -> None:
    called = command("chekc")
    assert called.status == 2
    assert "Did you mean 'check'?" in called.err


def test_rules(command: Command) -> None:
    text = command("rules").out
    rules = json.loads(command("rules", "--format", "json").out)["rules"]
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    assert len(text.splitlines()) == len(rules) > 25
    for line, rule in zip(text.splitlines(), rules, strict=True):
        assert line.split(None, 3) == [rule["id"], rule["name"], rule["severity"], rule["summary"]]


def test_explain_by_name_and_id(command: Command) -> None:
    by_id = command("explain", "AL101")
    assert by_id.status == 0
    assert by_id.out.startswith("# iam-user-outside-identity (AL101)\n")
    assert "## Why" in by_id.out
    assert command("explain", "iam-user-outside-identity").out == by_id.out
    assert command("explain", "suppression-unused").status == 0
    wrong = command("explain", "iam-user-outside-identiy")
    assert wrong.status == 2
    assert "did you mean `iam-user-outside-identity`?" in wrong.err


def test_graph_as_json_is_what_networkx_reads(command: Command) -> None:
    called = command("graph", DRIFTED, "--format", "json", "--level", "role")
    graph = nx.node_link_graph(json.loads(called.out), edges="edges")
    trust = [data for _, _, data in graph.edges(data=True) if data["kind"] == "can-assume"]
    assert trust
    for data in trust:
        assert data["verdict"] in {"allowed", "conditional", "denied"}
        assert all(item["file"] and item["line"] for item in data["evidence"])
    assert any(data["findings"] for data in trust)


def test_graph_between_two_nodes(command: Command, tmp_path: Path) -> None:
    picture = tmp_path / "g.svg"
    assert command("graph", MODEL, "--from", "identity", "--to", "production", "-f", "svg", "-o", picture).status == 0
    assert picture.read_text().startswith("<")
    wrong = command("graph", MODEL, "--from", "identitty")
    assert wrong.status == 2
    assert "did you mean `identity`?" in wrong.err


def test_init_writes_what_reads_back(command: Command, root: Path) -> None:
    written = command("init", root, "--stdout")
    assert not (root / "astralint.hcl").exists()
    called = command("init", root)
    assert "wrote" in called.out
    assert (root / "astralint.hcl").read_text() == written.out
    again = command("init", root)
    assert again.status == 2
    assert "exists already" in again.err
    assert command("init", root, "--force").status == called.status
    assert command("check", root, "--fail-on", "never").status == called.status


def test_init_writes_over_no_link(command: Command, root: Path, tmp_path: Path) -> None:
    (root / "astralint.hcl").symlink_to(tmp_path / "elsewhere")
    assert command("init", root).status == 2
    assert not (tmp_path / "elsewhere").exists()


def test_an_unexpected_error_is_one_line(command: Command, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(session: object) -> None:
        raise ZeroDivisionError("for\nthe test")

    monkeypatch.setattr("astralint.api.check", fail)
    called = command("check", root)
    assert called.status == 3
    [line] = called.err.splitlines()
    assert "internal error at test_commands.py:" in line
    assert "ZeroDivisionError: for the test; please report" in line
    monkeypatch.setenv("ASTRALINT_TRACEBACK", "1")
    assert "Traceback" in command("check", root).err


def test_deep_chains_of_references_are_followed(command: Command, tmp_path: Path) -> None:
    depth = 1_500
    rows = [f'  a{i:05} = "${{local.a{i + 1:05}}}"' for i in range(depth)]
    text = "locals {\n" + "\n".join(rows) + f'\n  a{depth:05} = "end"\n}}\n'
    (tmp_path / "main.tf").write_text(text)
    assert json.loads(command("eval", tmp_path, "local.a00000").out)["value"] == "end"


def test_chains_that_are_too_deep_are_said(command: Command, tmp_path: Path) -> None:
    depth = 3_000
    rows = [
        f'module "a{i:05}" {{\n  source = "./m"\n  x = [for x in [module.a{i + 1:05}.y] : x][0]\n}}'
        for i in range(depth)
    ]
    rows.append(f'module "a{depth:05}" {{\n  source = "./m"\n  x = 1\n}}\n')
    (tmp_path / "main.tf").write_text("\n".join(rows))
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('variable "x" {}\noutput "y" {\n  value = var.x\n}\n')
    called = command("check", tmp_path, "--no-cache")
    assert called.status == 3
    assert "leads through too many others" in called.out


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name == "nt", reason="signals")
def test_interrupted(tmp_path: Path) -> None:
    rows = "\n".join(f'  a{i} = join("", [for x in range(1000) : "${{x}}"])' for i in range(3_000))
    (tmp_path / "main.tf").write_text(f"locals {{\n{rows}\n}}\n")
    called = process("check", tmp_path, "--no-cache")
    time.sleep(1.5)
    called.send_signal(signal.SIGINT)
    _, error = called.communicate(timeout=30)
    assert called.returncode == 130
    assert error.strip() == "astralint: interrupted"
