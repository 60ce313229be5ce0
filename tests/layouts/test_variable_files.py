"""Roots, their variable files and backend files, paired by names and by what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layouts.trees import built, evaluated, messages, shown

ROOT = (
    'variable "allowed" {}\nvariable "size" {\n  default = 1\n}\n'
    'provider "aws" {\n  region = "eu-west-1"\n  allowed_account_ids = [var.allowed]\n}\n'
    'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\noutput "size" {\n  value = var.size\n}\n'
)
BACKEND = 'terraform {\n  backend "s3" {\n    key = "k"\n  }\n}\n'
STAGING, PRODUCTION = 'allowed = "222222222222"\n', 'allowed = "111111111111"\n'


@pytest.mark.parametrize("place", ["envs/tfvars", "tfvars", "envs/vars", "env", "environments", "variables"])
def test_files_that_roots_share(tmp_path: Path, place: str) -> None:
    files = {f"{place}/staging.tfvars": STAGING, f"{place}/production.tfvars": PRODUCTION}
    found = evaluated(tmp_path, {"envs/a/main.tf": ROOT, "envs/b/main.tf": ROOT, **files})
    assert {name: workspace["account"] for name, workspace in found.items()} == {
        "envs/a:production": "production",
        "envs/a:staging": "staging",
        "envs/b:production": "production",
        "envs/b:staging": "staging",
    }


def test_a_directory_for_each_environment(tmp_path: Path) -> None:
    files = {
        "roots/a/main.tf": ROOT,
        "variables/staging/a.tfvars": STAGING,
        "variables/staging/other.tfvars": "other = 1\n",
        "variables/production/a.tfvars": PRODUCTION,
    }
    assert set(evaluated(tmp_path, files)) == {"roots/a:production", "roots/a:staging"}


@pytest.mark.parametrize("file", ["account", "terraform", "common", "main", "{}"])
def test_a_directory_for_each_environment_whose_files_say_nothing(tmp_path: Path, file: str) -> None:
    files = {
        f"config/{each}/{file.format(each)}.tfvars": text
        for each, text in (("staging", STAGING), ("production", PRODUCTION))
    }
    found = evaluated(tmp_path, {"roots/a/main.tf": ROOT, "roots/b/main.tf": ROOT, **files})
    assert {name: workspace["account"] for name, workspace in found.items()} == {
        f"roots/{root}:{each}": each for root in "ab" for each in ("production", "staging")
    }


def test_files_of_the_directories_above_outermost_first(tmp_path: Path) -> None:
    files = {
        "common.tfvars": "size = 2\nallowed = 0\n",
        "live/production/account.tfvars": PRODUCTION,
        "live/staging/account.tfvars": STAGING + "size = 3\n",
    }
    files |= {f"live/{each}/a/main.tf": ROOT for each in ("production", "staging")}
    build = built(tmp_path, files)
    found = shown(build)
    assert {name: each["outputs"]["size"]["value"] for name, each in found.items()} == {
        "live/production/a": 2,
        "live/staging/a": 3,
    }
    assert {name: each["account"] for name, each in found.items()} == {
        "live/production/a": "production",
        "live/staging/a": "staging",
    }
    assert messages(build) == []


def test_a_shared_file_may_set_more_than_a_root_declares(tmp_path: Path) -> None:
    files = {f"envs/{each}.tfvars": text + "other = 1\n" for each, text in (("s", STAGING), ("p", PRODUCTION))}
    other = ROOT + 'variable "other" {}\n'
    assert set(evaluated(tmp_path, {"a/main.tf": ROOT, "b/main.tf": other, **files})) == {"a:p", "a:s", "b:p", "b:s"}


def test_a_file_for_each_root_is_no_environment(tmp_path: Path) -> None:
    files = {"vars/a.tfvars": STAGING, "vars/b.tfvars": PRODUCTION, "vars/common.tfvars": "size = 2\n"}
    build = built(tmp_path, {"roots/a/main.tf": ROOT, "roots/b/main.tf": ROOT, **files})
    assert {name: each["outputs"]["size"]["value"] for name, each in shown(build).items()} == {
        "roots/a": 2,
        "roots/b": 2,
    }
    assert len({each["account"] for each in shown(build).values()}) == 2


def test_common_files_go_first(tmp_path: Path) -> None:
    files = {
        "roots/a/main.tf": ROOT,
        "vars/common.tfvars": "size = 2\n",
        "vars/staging.tfvars": STAGING + "size = 3\n",
        "vars/production.tfvars": PRODUCTION,
    }
    found = evaluated(tmp_path, files)
    assert {name: each["outputs"]["size"]["value"] for name, each in found.items()} == {
        "roots/a:production": 2,
        "roots/a:staging": 3,
    }


def test_a_file_that_does_not_fit_is_not_paired_and_said(tmp_path: Path) -> None:
    build = built(tmp_path, {"roots/a/main.tf": ROOT, "vars/staging.tfvars": "size = 1\nunknown = 1\n"})
    assert list(build.platform.workspaces) == ["roots/a"]
    assert messages(build) == ["variable files in `vars` are used by no workspace: `staging.tfvars`"]


@pytest.mark.parametrize(
    "backend",
    ["backend_{}.hcl", "backend-{}.hcl", "backends/{}.backend.hcl", "backend/{}.tfbackend", "{}.state.tfvars"],
)
def test_backend_files_of_environments(tmp_path: Path, backend: str) -> None:
    files = {
        "a/main.tf": BACKEND + ROOT,
        "a/env/staging.tfvars": STAGING,
        "a/env/production.tfvars": PRODUCTION,
        f"a/{backend.format('staging')}": 'bucket = "s"\n',
        f"a/{backend.format('production')}": 'bucket = "p"\n',
    }
    found = evaluated(tmp_path, files)
    assert found["a:staging"]["state"]["bucket"] == "s"
    assert found["a:production"]["state"]["bucket"] == "p"


def test_several_backend_files_without_variable_files_are_said(tmp_path: Path) -> None:
    root = BACKEND + ROOT.replace('variable "allowed" {}', 'variable "allowed" {\n  default = "111111111111"\n}')
    files = {"a/main.tf": root, "a/backend_x.hcl": 'bucket = "x"\n', "a/backend_y.hcl": 'bucket = "y"\n'}
    (said,) = messages(built(tmp_path, files))
    assert said == "`a` has several backend files and no variable files: `backend_x.hcl`, `backend_y.hcl`"
