"""What is not known is the same as itself alone: two unknown accounts are never one because they print alike."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.api import ScanOptions, open_session
from tests.trust.tiny import NOBODY, role, statement

NAMES = ("reader", "caller")
VARIABLES = ("one", "two")
WORKSPACES = ("alpha", "beta", "gamma")
NUMBERS = ("100000000001", "100000000002", "100000000003")
"""The accounts of the workspaces. Each has its own: AWS takes no two roles of one name in one."""

CERTAIN = ("trusts", "grants", "deploys-as", "runs-as")
Edge = tuple[str, str, str]


def edges(directory: Path, files: dict[str, str], *, conditional: bool = False) -> set[Edge]:
    """Return the edges between resources and workspaces: those that are certain, or all."""
    for path, content in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(content, "utf-8")
    graph = open_session([directory], ScanOptions(boundary=directory, jobs=1)).build().platform.graph
    return {
        (data["kind"], source, target)
        for source, target, data in graph.edges(data=True)
        if source.startswith(("resource:", "workspace:")) and target.startswith("resource:")
        if data["kind"] in CERTAIN or (data["kind"] == "can-assume" and (conditional or data["verdict"] == "allowed"))
    }


def workspace(name: str, account: str, content: str) -> str:
    """Return a workspace with a state of its own; `account` is an expression of a role's ARN, a number or nothing."""
    provider = 'provider "aws" {\n  region = "eu-west-1"\n'
    if account.isdigit():
        provider += f'  allowed_account_ids = ["{account}"]\n'
    elif account:
        provider += f"  assume_role {{\n    role_arn = {account}\n  }}\n"
    backend = f'terraform {{\n  backend "s3" {{\n    bucket = "state"\n    key = "{name}"\n  }}\n}}\n'
    variables = "".join(f'variable "{each}" {{\n  type = string\n}}\n' for each in (*VARIABLES, "role_one", "role_two"))
    outputs = "".join(f'output "{each}" {{\n  value = aws_iam_role.{each}.arn\n}}\n' for each in NAMES)
    return provider + "}\n" + backend + variables + content + outputs


def state(of: str) -> str:
    return (
        f'data "terraform_remote_state" "{of}" {{\n  backend = "s3"\n'
        f'  config = {{\n    bucket = "state"\n    key = "{of}"\n    region = "eu-west-1"\n  }}\n}}\n'
    )


@st.composite
def arns(draw: st.DrawFn) -> str:
    """Return an expression of a role's ARN: of an account that is known or not, or an output of another workspace."""
    name = draw(st.sampled_from(NAMES))
    account = draw(st.sampled_from([f"${{var.{each}}}" for each in VARIABLES] + list(NUMBERS[:2])))
    own = f'"arn:aws:iam::{account}:role/{name}"'
    return draw(
        st.sampled_from(
            [
                own,
                *(f"data.terraform_remote_state.{of}.outputs.{name}" for of in WORKSPACES),
                f"aws_iam_role.{name}.arn",
            ]
        )
    )


@st.composite
def platforms(draw: st.DrawFn) -> dict[str, str]:
    """Return workspaces whose accounts are partly unknown, with roles of the same names that refer to each other."""
    files = {}
    for name, number in zip(WORKSPACES, NUMBERS, strict=True):
        account = draw(st.sampled_from(["", number, "var.role_one", "var.role_two"]))
        content = "".join(state(of) for of in WORKSPACES if of != name)
        for each in NAMES:
            trusted = draw(st.one_of(st.none(), arns()))
            trust = NOBODY if trusted is None else statement("sts:AssumeRole", f"{{ AWS = {trusted} }}")
            content += role(each, trust)
            granted = draw(st.one_of(st.none(), st.just('"*"'), arns()))
            if granted is not None:
                policy = statement("sts:AssumeRole", resource=granted)
                holder = draw(st.sampled_from([f"aws_iam_role.{each}.name", f'"{each}"']))
                content += f'resource "aws_iam_role_policy" "{each}" {{\n  role = {holder}\n  policy = {policy}\n}}\n'
        other = draw(st.sampled_from(WORKSPACES))
        if other != name:
            content += f'provider "aws" {{\n  alias = "other"\n  assume_role {{\n    role_arn = data.terraform_remote_state.{other}.outputs.reader\n  }}\n}}\n'
        content = content.replace(f"data.terraform_remote_state.{name}.outputs", "aws_iam_role").replace(
            "aws_iam_role.reader\n", "aws_iam_role.reader.arn\n"
        )
        for each in NAMES:
            content = content.replace(f"aws_iam_role.{each} ", f"aws_iam_role.{each}.arn ")
        files[f"{name}/main.tf"] = workspace(name, account, content)
    return files


@st.composite
def values(draw: st.DrawFn) -> dict[str, str]:
    """Return a variable file for each workspace: what the unknown turns out to be."""
    files = {}
    for name, number in zip(WORKSPACES, NUMBERS, strict=True):
        lines = [f'{each} = "{draw(st.sampled_from(NUMBERS))}"' for each in VARIABLES]
        lines += [f'role_{each} = "arn:aws:iam::{number}:role/deploy"' for each in VARIABLES]
        files[f"{name}/terraform.tfvars"] = "\n".join(lines) + "\n"
    return files


@settings(max_examples=25)
@given(platforms(), values())
def test_what_is_certain_is_so_whatever_the_unknown_turns_out_to_be(
    files: dict[str, str], told: dict[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        before = edges(Path(directory) / "a", files)
        assert before <= edges(Path(directory) / "b", files | told)


@settings(max_examples=25)
@given(platforms(), st.sampled_from(WORKSPACES), st.sampled_from([*VARIABLES, "role_one", "role_two"]))
def test_renaming_an_unknown_never_adds_an_edge(files: dict[str, str], name: str, variable: str) -> None:
    path = f"{name}/main.tf"
    renamed = files[path].replace(f"var.{variable}", "var.fresh") + 'variable "fresh" {\n  type = string\n}\n'
    with tempfile.TemporaryDirectory() as directory:
        before = edges(Path(directory) / "a", files, conditional=True)
        after = edges(Path(directory) / "b", files | {path: renamed}, conditional=True)
        assert after <= before
