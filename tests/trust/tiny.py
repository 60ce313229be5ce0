"""Tiny platforms, written as text: a file for each account."""

from __future__ import annotations

import re
from pathlib import Path

from astralint.api import ScanOptions, open_session
from astralint.platform.platform import Platform

NUMBERS = {
    "management": "100000000001",
    "identity": "100000000002",
    "security": "100000000003",
    "artifact": "100000000004",
    "production": "100000000007",
    "staging": "100000000008",
}
_MARK = re.compile(r"#[0-9a-f]{8}$")
NOBODY = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })'


def tiny(directory: Path, extra: str = "", **accounts: str) -> Platform:
    """Return the platform of these accounts, each with its Terraform."""
    configuration = extra
    for name, content in accounts.items():
        number = NUMBERS[name]
        configuration += f'account "{name}" {{\n  kind = "{name}"\n  id = "{number}"\n  workspace "{name}" {{\n    path = "{name}"\n  }}\n}}\n'
        (directory / name).mkdir(parents=True, exist_ok=True)
        provider = f'provider "aws" {{\n  region = "eu-west-1"\n  allowed_account_ids = ["{number}"]\n}}\n'
        (directory / name / "main.tf").write_text(provider + content, "utf-8")
    (directory / "astralint.hcl").write_text(configuration, "utf-8")
    options = ScanOptions(boundary=directory, jobs=1)
    build = open_session([directory], options).build()
    assert not [d for d in build.diagnostics if d.severity == "error"], build.diagnostics
    return build.platform


def role(label: str, trust: str = NOBODY, **arguments: str) -> str:
    """Return a role of that name as Terraform; `trust` is an expression or the principals of one statement."""
    trust = trust if trust.startswith(("jsonencode", "data.")) else statement("sts:AssumeRole", trust)
    given = {"name": f'"{label}"', **arguments}
    lines = "".join(f"  {name} = {value}\n" for name, value in given.items() if value)
    return f'resource "aws_iam_role" "{label}" {{\n{lines}  assume_role_policy = {trust}\n}}\n'


def statement(action: str, principal: str = "", condition: str = "", resource: str = "") -> str:
    """Return a policy of one `Allow` as Terraform."""
    parts = [f'Effect = "Allow", Action = {action if action.startswith("[") else chr(34) + action + chr(34)}']
    parts += [f"Principal = {principal}"] if principal else []
    parts += [f"Resource = {resource}"] if resource else []
    parts += [f"Condition = {condition}"] if condition else []
    return f'jsonencode({{ Version = "2012-10-17", Statement = [{{ {", ".join(parts)} }}] }})'


def edges(platform: Platform, kind: str = "can-assume") -> dict[tuple[str, str], str]:
    """Return the edges of a kind in the graph as pairs of nodes, with their verdicts.

    What tells nodes apart whose names are not known is left out.
    """
    return {
        (_MARK.sub("", source), _MARK.sub("", target)): data.get("verdict", "")
        for source, target, data in platform.graph.edges(data=True)
        if data["kind"] == kind
    }
