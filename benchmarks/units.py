"""Measures a check of Terragrunt units: `python benchmarks/units.py [COUNT] [--beside DIRECTORY]`.

Writes COUNT units (200) in ten accounts: each includes `root.hcl`, reads its account, generates its provider, calls a local
module, and every other one takes an output of the one before. `--beside` measures a real platform in the same run.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from measure import Measure, best, environment, measure
from write_platform import MODULE

ROOT = """locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
}

remote_state {
  backend  = "s3"
  generate = { path = "backend.tf", if_exists = "overwrite_terragrunt" }
  config = {
    bucket = "state-${local.account.account_name}"
    key    = "${path_relative_to_include()}/terraform.tfstate"
    region = "eu-west-1"
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOF
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["${local.account.account_id}"]
}
EOF
}

inputs = {
  account = local.account.account_name
}
"""
UNIT_MODULE = """variable "account" {
  type = string
}

variable "name" {
  type = string
}

variable "before" {
  type    = string
  default = ""
}

module "role" {
  source = "../role"
  name   = "${var.account}-${var.name}"
}

resource "aws_s3_bucket" "this" {
  bucket = "data-${var.account}-${var.name}"
  tags   = { Before = var.before }
}

output "arn" {
  value = module.role.arn
}
"""
UNIT = """include "root" {{
  path = find_in_parent_folders("root.hcl")
}}

terraform {{
  source = "${{dirname(find_in_parent_folders("root.hcl"))}}/../modules//unit"
}}
{dependency}
inputs = {{
  name = "{name}"{before}
}}
"""
DEPENDENCY = """
dependency "before" {{
  config_path = "../{name}"

  mock_outputs = {{
    arn = "arn:aws:iam::000000000000:role/mock"
  }}
}}
"""


def write(top: Path, count: int) -> None:
    """Write the units."""
    files = {"live/root.hcl": ROOT, "modules/role/main.tf": MODULE, "modules/unit/main.tf": UNIT_MODULE}
    for number in range(count):
        account, name = f"account-{number % 10}", f"unit-{number // 10}"
        text = f'locals {{\n  account_name = "{account}"\n  account_id   = "{400000000000 + number % 10}"\n}}\n'
        files[f"live/{account}/account.hcl"] = text
        follows = number // 10 % 2 == 1
        files[f"live/{account}/{name}/terragrunt.hcl"] = UNIT.format(
            name=name,
            dependency=DEPENDENCY.format(name=f"unit-{number // 10 - 1}") if follows else "",
            before="\n  before = dependency.before.outputs.arn" if follows else "",
        )
    for path, text in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text)


def measured(directory: Path, cache: Path, rounds: int) -> tuple[Measure, Measure]:
    """Return what a check takes without a cache, and with one."""
    command = [sys.executable, "-m", "astralint", "check", str(directory), "--boundary", str(directory)]
    command += ["--fail-on", "never"]
    cold: list[Measure] = []
    warm: list[Measure] = []
    for _ in range(rounds):
        shutil.rmtree(cache / "astralint", ignore_errors=True)
        cold.append(measure(command, environment(cache)))
        warm.append(measure(command, environment(cache)))
    return best(cold), best(warm)


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=200)
    parser.add_argument("--beside", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        top, cache = Path(directory) / "platform", Path(directory) / "cache"
        write(top, arguments.count)
        trees = {f"{arguments.count} units": top}
        if arguments.beside is not None:
            trees[arguments.beside.name] = arguments.beside.resolve()
        print("| tree | run | wall s | CPU s | MB | CPU / the last tree's cold |")
        print("| --- | --- | ---: | ---: | ---: | ---: |")
        found = {name: measured(tree, cache, arguments.rounds) for name, tree in trees.items()}
        last = found[list(found)[-1]][0].cpu
        for name, runs in found.items():
            for run, each in zip(("cold", "warm"), runs, strict=True):
                memory = each.memory / 1_000_000
                print(f"| {name} | {run} | {each.wall:.2f} | {each.cpu:.2f} | {memory:.0f} | {each.cpu / last:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
