"""What is sensitive stands in no output and in no cache, wherever it was said and whatever became of it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.hostile.platforms import COMMANDS, commit, formats_of, run

SENTINEL = "Zq7-S3nt1nel-xK9"
GIVEN = {
    "default": ('variable "secret" {{\n  sensitive = true\n  default   = "{0}"\n}}\n', ""),
    "variable-file": ('variable "secret" {{\n  sensitive = true\n}}\n', 'secret = "{0}"\n'),
    "wrong-type": ('variable "secret" {{\n  sensitive = true\n  type = list(number)\n}}\n', 'secret = "{0}"\n'),
    "object": (
        (
            'variable "all" {{\n  sensitive = true\n}}\nvariable "secret" {{\n  default = "x"\n}}\nlocals {{\n'
            "  all = var.all\n}}\n"
        ),
        'all = {{ inner = ["{0}"] }}\nsecret = "x"\n',
    ),
    "function": ('variable "secret" {{\n  default = null\n}}\nlocals {{\n  a = sensitive("{0}")\n}}\n', ""),
    "configuration": ('variable "secret" {{\n  sensitive = true\n}}\n', None),
}
VALUE = {"object": "var.all.inner[0]", "function": "local.a"}
USES = (
    'resource "aws_iam_user" "u" {{\n  name = "u-${{{v}}}"\n}}\n',
    (
        'resource "aws_iam_role" "r" {{\n  name = {v}\n  description = "d ${{{v}}}"\n  assume_role_policy = jsonencode({{\n'
        '    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = "*" }},\n'
        '      Condition = {{ StringEquals = {{ "sts:ExternalId" = {v} }} }} }}]\n  }})\n  tags = {{ a = {v} }}\n}}\n'
    ),
    (
        'resource "aws_iam_role" "p" {{\n  name = "p"\n  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow",\n'
        '    Action = "sts:AssumeRole", Principal = {{ AWS = "arn:aws:iam::123456789012:role/x-${{{v}}}" }} }}] }})\n}}\n'
    ),
    'output "o1" {{\n  value = file({v})\n}}\n',
    'output "o2" {{\n  value = {{ for x in [{v}] : x => x }}\n}}\n',
    'output "o3" {{\n  value = tonumber({v})\n}}\n',
    'output "o4" {{\n  value     = lower("x/${{{v}}}")\n  sensitive = true\n}}\n',
    (
        'data "aws_iam_policy_document" "d" {{\n  statement {{\n    actions = ["s3:*"]\n    resources = [{v}]\n  }}\n}}\n'
        'output "o5" {{\n  value = data.aws_iam_policy_document.d.json\n}}\n'
    ),
    'resource "aws_s3_bucket" "b" {{\n  bucket = "b-${{lower({v})}}"\n}}\noutput "o6" {{\n  value = aws_s3_bucket.b.arn\n}}\n',
    'provider "aws" {{\n  region = "us-east-1"\n  default_tags {{\n    tags = {{ s = {v} }}\n  }}\n}}\n',
    'module "m" {{\n  source = "./m"\n  given = {v}\n}}\noutput "o7" {{\n  value = module.m.made\n}}\n',
    'resource "null_resource" "n" {{\n  for_each = toset([{v}])\n}}\n',
    'check "c" {{\n  assert {{\n    condition     = {v} == "y"\n    error_message = "it is ${{{v}}}"\n  }}\n}}\n',
    'terraform {{\n  backend "s3" {{\n    bucket = "b"\n    key = "k"\n  }}\n}}\nlocals {{\n  l = {v}\n}}\n',
    'data "aws_iam_role" "look" {{\n  name = "n-${{{v}}}"\n}}\noutput "o8" {{\n  value = data.aws_iam_role.look.arn\n}}\n',
    'resource "aws_iam_user_policy" "up" {{\n  user = "u"\n  name = "{{"\n  policy = "{{not json ${{{v}}}"\n}}\n',
    "locals {{\n  bad = {v}.nothing\n  worse = [{v}][{v}]\n  map = {{ a = 1 }}[{v}]\n}}\n",
)
MODULE = (
    'variable "given" {\n  sensitive = true\n}\nresource "aws_sqs_queue" "q" {\n  name = "q-${var.given}"\n}\n'
    'output "made" {\n  value = aws_sqs_queue.q.arn\n}\n'
)


def write(root: Path, given: str, uses: list[str], secret: str = SENTINEL) -> Path:
    declared, values = GIVEN[given]
    place = root / "accounts/one"
    (place / "m").mkdir(parents=True)
    (place / "m/main.tf").write_text(MODULE)
    value = VALUE.get(given, "var.secret")
    (place / "main.tf").write_text(declared.format(secret) + "".join(use.format(v=value) for use in uses))
    if values:
        (place / "terraform.tfvars").write_text(values.format(secret))
    if values is None:
        (root / "astralint.hcl").write_text(
            'account "one" {\n  kind = "production"\n  workspace "w" {\n    path = "accounts/one"\n'
            f'    variables = {{ secret = "{secret}" }}\n  }}\n}}\n'
        )
    (root / "accounts/two").mkdir()
    (root / "accounts/two/main.tf").write_text(
        'data "terraform_remote_state" "one" {\n  backend = "s3"\n  config = { bucket = "b", key = "k" }\n}\n'
        'resource "aws_iam_user" "t" {\n  for_each = toset(["o1", "o2", "o5", "o6", "o7"])\n'
        '  name = "${each.key}-${try(jsonencode(data.terraform_remote_state.one.outputs[each.key]), "none")}"\n}\n'
    )
    return root


def every_call() -> list[list[str]]:
    calls = [call for name in COMMANDS for call in formats_of(name)]
    calls += [["why", "p", "r", "-f", name] for name in ("text", "json")]
    calls += [["diff", "HEAD", "-f", name] for name in ("text", "json", "markdown")]
    calls += [["init", "--stdout"]]
    return calls


def assert_hidden(root: Path, cache: Path, calls: list[list[str]], secret: str = SENTINEL) -> None:
    for call in calls:
        result = run(root, *call, cache=True)
        for output in (result.stdout, result.stderr):
            at = output.lower().find(secret.lower())
            assert at < 0, (call, output[max(at - 300, 0) : at + 100])
    for expression in ("var.secret", "file(var.secret)", "aws_iam_user.u.arn", "tonumber(var.secret)"):
        result = run(root, "eval", "accounts/one", expression, cache=True)
        assert secret not in result.stdout.replace(expression, "")
    for top, _, names in os.walk(cache):
        for name in names:
            assert secret.encode() not in (Path(top) / name).read_bytes(), name


@pytest.mark.parametrize("given", GIVEN)
def test_every_use_and_command(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "platform"
    (root / "accounts").mkdir(parents=True)
    (root / "accounts/first.tf").write_text('resource "aws_sns_topic" "t" {\n  name = "t"\n}\n')
    commit(root, "first")
    write(root, given, list(USES))
    assert_hidden(root, tmp_path / "cache", every_call())


def one_of_many(number: int, tmp_path: Path) -> None:
    drawn = random.Random(number)
    root = tmp_path / f"platform{number}"
    root.mkdir()
    secret = "".join(drawn.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJK23456789-_", k=drawn.randint(10, 30))) + "Z9"
    uses = drawn.sample(USES, drawn.randint(1, 6))
    write(root, drawn.choice(list(GIVEN)), uses, secret)
    calls = [call for call in every_call() if call[0] != "diff"]
    assert_hidden(root, tmp_path / "cache", drawn.sample(calls, 3), secret)


def test_random_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for number in range(12):
        one_of_many(number, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.skipif(
    os.environ.get("ASTRALINT_HYPOTHESIS") != "thorough", reason="only in thorough runs: it takes an hour"
)
def test_two_thousand_random_platforms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for number in range(1000, 3000):
        one_of_many(number, tmp_path)


def test_what_is_shaped_like_a_credential_is_masked_by_show(tmp_path: Path) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEA7\\n-----END RSA PRIVATE KEY-----"
    token = "ghp_" + "a1B2c3D4" * 5
    (tmp_path / "main.tf").write_text(
        f'resource "aws_sns_topic" "t" {{\n  name = "t"\n  policy = "{key}"\n  tags = {{ t = "x {token}" }}\n}}\n'
        f'output "k" {{\n  value = ["{key}", "{token}"]\n}}\n'
    )
    for call in (["show"], ["show", "-f", "json"]):
        output = run(tmp_path, *call).stdout
        assert "MIIEow" not in output
        assert token not in output
