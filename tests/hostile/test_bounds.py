"""What would take long or much is left out, with a diagnostic; what only looks so is done."""

from __future__ import annotations

import gc
import json
import os
import time
from pathlib import Path

import pytest

from astralint.api import ScanOptions, scan
from astralint.aws.principals import Principal, match_entry, principal_grades
from astralint.session.session import Session
from astralint.source.git_tree import GitError, GitTree, resolve_revision, work_tree_of
from astralint.source.pack import Pack
from astralint.source.redact import redact
from astralint.source.tree import SourceError
from astralint.terraform.expressions.scope import RUN_EXHAUSTED
from astralint.terraform.values.text import normalized
from tests.hostile.platforms import commit, run

TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'


@pytest.mark.parametrize(
    "text",
    ["secret", "secret ", "secret=", "\\", 'name="secret" ', "eyJ-", "sensitive([", '"${secret', "<<A\n", "://a:"],
)
def test_masking_is_linear(text: str) -> None:
    def taken(size: int) -> float:
        whole = text * (size // len(text))
        times = []
        for _ in range(3):
            start = time.process_time()
            redact("x = secret" + whole)
            times.append(time.process_time() - start)
        return min(times)

    assert taken(128_000) < max(taken(16_000), 0.02) * 40


def test_a_chain_of_41_workspaces_is_no_cycle(tmp_path: Path) -> None:
    for number in range(45):
        place = tmp_path / f"w{number:02}"
        place.mkdir()
        before = (
            f'data "terraform_remote_state" "b" {{\n  backend = "s3"\n'
            f'  config = {{ bucket = "b", key = "{number - 1}" }}\n}}\n'
        )
        value = "data.terraform_remote_state.b.outputs.v" if number else '"start"'
        (place / "main.tf").write_text(
            f'terraform {{\n  backend "s3" {{\n    bucket = "b"\n    key = "{number}"\n  }}\n}}\n'
            f'{before if number else ""}{TOPIC}output "v" {{\n  value = {value}\n}}\n'
        )
    report = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1))
    assert not report.result.diagnostics
    assert report.platform.workspaces["w44"].result.outputs["v"].value.raw == "start"


def test_all_workspaces_have_one_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTRALINT_RUN_STEPS", "100000")
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(
            TOPIC + 'output "o" {\n  value = length([for i in range(1000) : [for j in range(100) : i * j]])\n}\n'
        )
    found = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1)).result.diagnostics
    assert {d.message for d in found} == {RUN_EXHAUSTED}
    assert all(d.broken and d.span is not None for d in found)
    assert {d.span.file for d in found if d.span} < {"a/main.tf", "b/main.tf", "c/main.tf"} or len(found) == 3


@pytest.mark.parametrize(
    "expression",
    [
        'jsondecode(file("big.json"))',
        'length(regexall("1", file("big.json")))',
        '[for i in range(1000) : filemd5("big.json")]',
    ],
)
def test_functions_are_charged_by_what_they_read(tmp_path: Path, expression: str) -> None:
    (tmp_path / "big.json").write_text("[" + ",".join(["1"] * 4_000_000) + "]")
    (tmp_path / "main.tf").write_text(TOPIC + f'output "o" {{\n  value = {expression}\n}}\n')
    start = time.process_time()
    found = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1)).result.diagnostics
    assert [d.broken for d in found] == [True]
    assert "more computing than is allowed" in found[0].message
    assert time.process_time() - start < 10


def test_documents_of_documents_end(tmp_path: Path) -> None:
    parts = [
        'data "aws_iam_policy_document" "d0" {\n  statement {\n    actions = ["s3:*"]\n    resources = ["*"]\n  }\n}\n'
    ]
    for level in range(1, 9):
        copies = ", ".join([f"data.aws_iam_policy_document.d{level - 1}.json"] * 5)
        parts.append(f'data "aws_iam_policy_document" "d{level}" {{\n  source_policy_documents = [{copies}]\n}}\n')
    (tmp_path / "main.tf").write_text(
        TOPIC + "".join(parts) + 'output "o" {\n  value = data.aws_iam_policy_document.d8.json\n}\n'
    )
    start = time.process_time()
    report = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1))
    assert time.process_time() - start < 10
    assert report.platform.workspaces


def test_roles_that_trust_each_other(tmp_path: Path) -> None:
    size = 60
    arns = ", ".join(f'"arn:aws:iam::111111111111:role/r{i}"' for i in range(size))
    policy = f'{{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = [{arns}] }} }}] }}'
    (tmp_path / "main.tf").write_text(
        'provider "aws" {\n  region = "us-east-1"\n  allowed_account_ids = ["111111111111"]\n}\n'
        f"locals {{\n  p = jsonencode({policy})\n}}\n"
        + "".join(
            f'resource "aws_iam_role" "r{i}" {{\n  name = "r{i}"\n  assume_role_policy = local.p\n}}\n'
            for i in range(size)
        )
    )
    platform = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1)).platform
    role = platform.trust.roles[0]
    assert role.trust is not None
    element = role.trust.policy.statements[0].principal
    assert element is not None
    for text in ("arn:aws:iam::111111111111:role/r7", "arn:aws:iam::111111111111:role/none", "arn:aws:iam::1:user/r7"):
        principal = Principal("role", text)
        one_by_one = [fit for entry in element.entries if (fit := match_entry(entry, principal)).truth is not False]
        assert list(principal_grades(element, principal)) == one_by_one
    assert len(platform.trust.assumptions) == size * size


def test_scans_in_a_loop_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TOPIC)
    alive = []
    for _ in range(12):
        scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1))
        alive.append(sum(isinstance(thing, Session) for thing in gc.get_objects()))
    assert max(alive[4:]) <= 3
    assert not gc.get_freeze_count()


@pytest.mark.parametrize("kind", ["fifo", "device", "directory", "huge"])
def test_a_pack_that_is_no_file_of_ours(tmp_path: Path, kind: str) -> None:
    directory = tmp_path / "cache"
    directory.mkdir(mode=0o700)
    place = directory / "x.pack"
    if kind == "fifo":
        os.mkfifo(place)
    elif kind == "device":
        place.symlink_to("/dev/zero")
    elif kind == "directory":
        place.mkdir()
    else:
        with place.open("wb") as file:
            file.truncate(3 * 512 * 1024 * 1024)
    pack = Pack(directory, "x.pack", b"header")
    assert pack.get(b"key") is None
    pack.add(b"key", b"value")
    pack.save()


def test_revisions_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TOPIC)
    commit(tmp_path, "first")
    with pytest.raises(GitError, match="is no revision"):
        resolve_revision(tmp_path, "x" * 200_000)
    result = run(tmp_path, "diff", "x" * 200_000)
    assert "Traceback" not in result.output
    assert len(result.output) < 5000


def test_a_broken_git_configuration_is_called_one(tmp_path: Path) -> None:
    commit(tmp_path, "first")
    (tmp_path / ".git/config").write_text("[core\n")
    with pytest.raises(GitError, match="config"):
        work_tree_of(tmp_path)
    assert work_tree_of(tmp_path.parent) is None


def test_what_is_absent_at_the_base_is_no_link_that_leaves(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TOPIC)
    (tmp_path / "out").symlink_to("/etc")
    commit(tmp_path, "first")
    tree = GitTree(tmp_path, "HEAD")
    assert tree.real_path("accounts/new") == "accounts/new"
    with pytest.raises(SourceError):
        tree.real_path("out/passwd")


def test_modules_that_are_too_deep_do_not_call_themselves(tmp_path: Path) -> None:
    for level in range(40):
        place = tmp_path / f"m{level}" if level else tmp_path
        place.mkdir(exist_ok=True)
        source = "./m1" if not level else f"../m{level + 1}"
        (place / "main.tf").write_text(f'module "m" {{\n  source = "{source}"\n}}\n' if level < 39 else TOPIC)
    (tmp_path / "topic.tf").write_text(TOPIC)
    found = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1)).result.diagnostics
    assert [d.code for d in found] == ["limit"]
    assert "deep" in found[0].message
    assert json.dumps(found[0].message)


def test_runs_of_combining_characters_are_bounded() -> None:
    start = time.process_time()
    text = normalized("a" + "\u0301\u0316" * 150_000)
    assert time.process_time() - start < 5
    assert len(text) >= 299_000
    assert normalized("e\u0301" * 5000) == "\u00e9" * 5000


@pytest.mark.parametrize(
    "pattern",
    ["(" * 200 + "a" + ")*" * 200, "((a?)(a*))" * 60, "a" * 19_000, "a" * 21_000, "(?:a{1,500}b?){1,20}c", "x.*y|a"],
    ids=lambda pattern: pattern[:12],
)
@pytest.mark.parametrize("function", ["regexall", "regex", "replace"])
def test_patterns_are_charged_by_their_size(tmp_path: Path, pattern: str, function: str) -> None:
    (tmp_path / "text").write_text("a" * 300_000)
    call = (
        f'replace(file("text"), "/{pattern}/", "b")'
        if function == "replace"
        else f'{function}("{pattern}", file("text"))'
    )
    (tmp_path / "main.tf").write_text(f'output "o" {{\n  value = length({call})\n}}\n{TOPIC}')
    start = time.process_time()
    report = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1))
    assert time.process_time() - start < 6
    if pattern.startswith(("(((", "((a")):
        assert [d.code for d in report.result.diagnostics] == ["limit"]


@pytest.mark.parametrize(
    "call",
    [
        'format("%s-%d", "a", i)',
        'yamldecode("a: [1, 2]")',
        'cidrsubnets("10.0.0.0/8", 8, 8)',
        'sensitive("a text ${i}")',
    ],
    ids=lambda call: call.partition("(")[0],
)
def test_dear_calls_take_more_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    monkeypatch.setenv("ASTRALINT_WORKSPACE_STEPS", "15000")
    (tmp_path / "main.tf").write_text(f'output "o" {{\n  value = [for i in range(1000) : {call}]\n}}\n{TOPIC}')
    found = scan(tmp_path, ScanOptions(boundary=tmp_path, jobs=1)).result.diagnostics
    assert [d.code for d in found] == ["limit"]
