"""Which directories are root modules, and how they are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from astralint.hcl.store import SyntaxStore
from astralint.source.tree import LocalTree
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.discovery import classify, find_directories, runs_of

BACKEND = 'terraform {\n  backend "s3" {}\n}\n'
PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
RESOURCE = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'


def loader_of(root: Path, files: dict[str, str]) -> ModuleLoader:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return ModuleLoader(LocalTree(root), SyntaxStore(None))


def kinds(root: Path, files: dict[str, str], starts: tuple[str, ...] = (".",)) -> dict[str, str]:
    loader = loader_of(root, files)
    found = classify(loader, find_directories(loader.tree, starts), starts)
    return {directory.path: directory.kind for directory in found}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a/main.tf": BACKEND}, {"a": "root"}),
        ({"a/main.tf": 'terraform {\n  cloud {\n    organization = "o"\n  }\n}\n'}, {"a": "root"}),
        ({"a/main.tf": PROVIDER + RESOURCE}, {"a": "root"}),
        ({"a/main.tf": RESOURCE}, {"a": "root"}),
        ({"a/main.tf": RESOURCE, "a/.terraform.lock.hcl": ""}, {"a": "root"}),
        ({"a/main.tf": RESOURCE + 'variable "x" {}\n'}, {"a": "unused"}),
        ({"a/main.tf": RESOURCE + 'variable "x" {}\n', "a/terraform.tfvars": "x = 1"}, {"a": "root"}),
        ({"a/main.tf": RESOURCE, "a/terragrunt.hcl": ""}, {"a": "root"}),
        ({"modules/m/main.tf": RESOURCE}, {"modules/m": "unused"}),
        (
            {"m/main.tf": RESOURCE, "a/main.tf": PROVIDER + 'module "m" {\n  source = "../m"\n}\n'},
            {"a": "root", "m": "module"},
        ),
        ({"examples/basic/main.tf": PROVIDER + RESOURCE}, {"examples/basic": "example"}),
        ({"tests/unit/main.tf": PROVIDER + RESOURCE}, {"tests/unit": "test"}),
        ({"templates/account/main.tf": PROVIDER + RESOURCE}, {"templates/account": "template"}),
        ({"a/main.tf": "locals {}\n"}, {"a": "unused"}),
        ({"with space/main.tf": BACKEND}, {"with space": "root"}),
        ({"a/main.tf.json": '{"terraform": {"backend": {"s3": {}}}}'}, {"a": "root"}),
        ({"a/main.tofu": BACKEND}, {"a": "root"}),
        ({".hidden/main.tf": BACKEND, "a/.terraform/modules/x/main.tf": RESOURCE}, {}),
        ({"a/main.tf.jinja": BACKEND, "a/.tf": BACKEND}, {}),
    ],
)
def test_kinds(tmp_path: Path, files: dict[str, str], expected: dict[str, str]) -> None:
    assert kinds(tmp_path, files) == expected


def test_what_is_asked_for_by_name_is_no_example(tmp_path: Path) -> None:
    files = {"examples/basic/main.tf": PROVIDER + RESOURCE}
    assert kinds(tmp_path, files, ("examples/basic",)) == {"examples/basic": "root"}


def test_linked_directories_are_walked_once(tmp_path: Path) -> None:
    loader = loader_of(tmp_path, {"a/main.tf": BACKEND})
    (tmp_path / "b").symlink_to("a", target_is_directory=True)
    (tmp_path / "a" / "up").symlink_to("..", target_is_directory=True)
    assert find_directories(loader.tree, ["."]) == ["a"]


def test_one_run_for_each_environment_file(tmp_path: Path) -> None:
    loader = loader_of(
        tmp_path, {"a/main.tf": BACKEND, "a/env/prod.tfvars": "", "a/env/staging.tfvars": "", "a/x.auto.tfvars": ""}
    )
    runs = runs_of(loader, "a")
    assert [(run.name, run.variable_files) for run in runs] == [
        ("a:prod", ("a/env/prod.tfvars",)),
        ("a:staging", ("a/env/staging.tfvars",)),
    ]


@pytest.mark.parametrize(
    ("code", "workspace"),
    [
        (BACKEND, "default"),
        (BACKEND + "locals {\n  x = terraform.workspace\n}\n", None),
        ('terraform {\n  cloud {\n    workspaces {\n      name = "production"\n    }\n  }\n}\n', "production"),
        ('terraform {\n  cloud {\n    workspaces {\n      tags = ["app"]\n    }\n  }\n}\n', None),
    ],
)
def test_the_name_of_the_workspace(tmp_path: Path, code: str, workspace: str | None) -> None:
    (run,) = runs_of(loader_of(tmp_path, {"a/main.tf": code}), "a")
    assert run.terraform_workspace == workspace
