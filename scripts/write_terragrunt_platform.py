"""Write the model platforms as a Terragrunt team would have them.

`fixtures/platforms/astradot-terragrunt` and its drifted twin are made from `astradot` and `astradot-drifted`: units for
workspaces, stacks for the environments, dependencies for remote state, inputs for variable files, and providers and HCP
workspaces that `root.hcl` generates. Run it after a change of the model platforms.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

PLATFORMS = Path(__file__).parents[1] / "fixtures" / "platforms"
STACKS = ("production", "staging")
"""Accounts whose unit a stack makes, unless they read more than the others."""
STACK_READS = {"artifact", "email", "security"}
_STATE = re.compile(r'data "terraform_remote_state" "(\w+)" \{.*?\n\}\n', re.DOTALL)
_STATE_NAME = re.compile(r'name\s*=\s*"([^"]*)"')
UNIT, STACK_UNIT = "main", "environment"
LEFT = {"SEEDS.md", "TRUST.md", "README.md", "workspaces"}
DESCRIPTIONS = {"platform": "The organization and its accounts, as in accounts.yaml."}

ROOT = """# What all units have in common. Functions that look for files start at the unit, `file` starts here.
locals {
  platform = yamldecode(file("accounts.yaml"))
  account  = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  id       = local.platform.accounts[local.account.name].id
}

generate "cloud" {
  path      = "cloud.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOF
terraform {
  cloud {
    organization = "${local.platform.organization.name}"

    workspaces {
      name = "${local.account.name}"
    }
  }
}
EOF
}

generate "providers" {
  path      = "providers.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOF
provider "aws" {
  region              = "us-east-1"
  allowed_account_ids = ["${local.id}"]

  assume_role {
    role_arn     = "arn:aws:iam::${local.id}:role/astradot-terraform"
    session_name = "hcp-${local.account.name}"
  }

  default_tags {
    tags = local.tags
  }
}
%{for region in local.account.further_regions~}

provider "aws" {
  alias               = "${replace(region, "-", "_")}"
  region              = "${region}"
  allowed_account_ids = ["${local.id}"]

  assume_role {
    role_arn     = "arn:aws:iam::${local.id}:role/astradot-terraform"
    session_name = "hcp-${local.account.name}"
  }

  default_tags {
    tags = local.tags
  }
}
%{endfor~}
EOF
}

inputs = {
  platform = local.platform
}
"""

INCLUDE = """include "root" {
  path = find_in_parent_folders("root.hcl")
}
"""

README = """# The model platform, run by Terragrunt

The organization of `../{origin}` as a team would write it that runs Terragrunt: the same accounts, resources, trust and
findings. `scripts/write_terragrunt_platform.py` makes it from there.

- `root.hcl` generates the provider and the HCP workspace of each unit, and passes `accounts.yaml` on.
- `live/` has a directory for each account, with its `account.hcl`; production and staging are stacks of the unit in
  `units/`.
- `roots/` has the root modules, `modules/` what they share. What was read from other workspaces' states is an input
  that comes from a `dependency`.
"""


def main() -> int:
    """Write both platforms."""
    for name in ("astradot", "astradot-drifted"):
        suffix = name.removeprefix("astradot")
        write(PLATFORMS / name, PLATFORMS / f"astradot-terragrunt{suffix}")
    return 0


def write(origin: Path, target: Path) -> None:
    """Write one platform."""
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for entry in sorted(origin.iterdir()):
        if entry.name in LEFT:
            continue
        if entry.is_dir():
            shutil.copytree(entry, target / entry.name)
        else:
            shutil.copy(entry, target / entry.name)
    places = {workspace.name: place(workspace) for workspace in sorted((origin / "workspaces").iterdir())}
    configuration = target / "astralint.hcl"
    configuration.write_text(
        re.sub(r'"workspaces/([^"]*)"', lambda match: f'"{places[match[1]]}"', configuration.read_text())
    )
    save(target / "README.md", README.format(origin=origin.name))
    save(target / "root.hcl", ROOT)
    template: dict[str, str] = {}
    for workspace in sorted((origin / "workspaces").iterdir()):
        account(workspace, target, template, places)
    save(target / "units" / STACK_UNIT / "terragrunt.hcl", environment_unit(template, places))


def place(workspace: Path) -> str:
    """Return the directory of the unit that a workspace becomes."""
    names = {match[1] for file in workspace.glob("*.tf") for match in _STATE.finditer(file.read_text())}
    in_stack = workspace.name in STACKS and names <= {"foundation"}
    return f"live/{workspace.name}/" + (f".terragrunt-stack/{STACK_UNIT}" if in_stack else UNIT)


def account(workspace: Path, target: Path, template: dict[str, str], places: dict[str, str]) -> None:
    """Write the root module of an account, and its unit or stack."""
    name = workspace.name
    here = target / "live" / name
    provider = workspace / "providers.tf"
    regions = (
        re.findall(r"alias\s*=.*\n\s*region\s*=\s*(\"[^\"]*\")", provider.read_text()) if provider.exists() else []
    )
    read: dict[str, str] = {}
    inputs = ""
    is_ours = provider.exists()
    for file in sorted(workspace.rglob("*")):
        relative = file.relative_to(workspace)
        if file.is_dir() or relative.name == "providers.tf":
            continue
        text = file.read_text()
        if file.suffix == ".tfvars":
            inputs += ("\n" if inputs else "") + text.strip("\n") + "\n"
            continue
        if file.suffix == ".tf":
            text = as_root(text, read, is_ours=is_ours)
        if text.strip():
            save(target / "roots" / name / relative, text)
    if is_ours:
        declare(target / "roots" / name, ["platform", *sorted(set(read))])
    if not is_ours:
        save(here / UNIT / "terragrunt.hcl", "terraform {\n" + source(f"roots/{name}", above="../../..") + "}\n")
        return
    lines = [f'  name            = "{name}"', f"  further_regions = [{', '.join(regions)}]"]
    save(here / "account.hcl", "locals {\n" + "\n".join(lines) + "\n}\n")
    if STACK_UNIT in places[name]:
        template.update(read)
        values = f'    root = "{name}"\n\n    inputs = {{\n{indented(inputs, 6)}    }}\n'
        save(
            here / "terragrunt.stack.hcl",
            f'unit "{STACK_UNIT}" {{\n  source = "../../units/{STACK_UNIT}"\n  path   = "{STACK_UNIT}"\n\n'
            f"  values = {{\n{values}  }}\n}}\n",
        )
        return
    text = INCLUDE + "\nterraform {\n" + source(f"roots/{name}") + "}\n"
    text += dependencies(read, "../..", places)
    passed = passed_on(read)
    if inputs or passed:
        text += "\ninputs = {\n" + indented(inputs, 2) + ("\n" if inputs and passed else "") + passed + "}\n"
    save(here / UNIT / "terragrunt.hcl", text)


def source(root: str, above: str = "") -> str:
    start = above or '${dirname(find_in_parent_folders("root.hcl"))}'
    return f'  source = "{start}//{root}"\n'


def environment_unit(read: dict[str, str], places: dict[str, str]) -> str:
    """Return the unit that the stacks of environments have."""
    passed = passed_on(read)
    return (
        INCLUDE
        + '\nterraform {\n  source = "${dirname(find_in_parent_folders("root.hcl"))}//roots/${values.root}"\n}\n'
        + dependencies(read, "../../..", places)
        + f"\ninputs = merge(values.inputs, {{\n{passed}}})\n"
    )


def dependencies(read: dict[str, str], up: str, places: dict[str, str]) -> str:
    """Return the `dependency` blocks of what a root module reads."""
    text = ""
    for variable in sorted(read):
        names = read[variable].split()
        for name in names:
            label = variable if len(names) == 1 else name
            target = places[name].removeprefix("live/")
            text += f'\ndependency "{label}" {{\n  config_path = "{up}/{target}"\n}}\n'
    return text


def passed_on(read: dict[str, str]) -> str:
    """Return the inputs that dependencies give, each on its line."""
    text = ""
    plain = [variable for variable in sorted(read) if len(read[variable].split()) == 1]
    width = max(map(len, plain), default=0)
    for variable in plain:
        text += f"  {variable.ljust(width)} = dependency.{variable}.outputs\n"
    for variable in sorted(read):
        names = read[variable].split()
        if len(names) > 1:
            wide = max(map(len, names))
            lines = "".join(f"    {name.ljust(wide)} = dependency.{name}.outputs\n" for name in names)
            text += ("\n" if text else "") + f"  {variable} = {{\n{lines}  }}\n"
    return text


def as_root(text: str, read: dict[str, str], *, is_ours: bool) -> str:
    """Return a file of a workspace as one of a root module; `read` gets the variables that stand for others' outputs."""
    if not is_ours:
        return text
    states = {match[1]: _STATE_NAME.search(match[0]) for match in _STATE.finditer(text)}
    text = without_block(text, r"\n  cloud \{", "\n  }\n")
    while 'data "terraform_remote_state"' in text:
        text = without_block(text, r'\ndata "terraform_remote_state" "\w+" \{', "\n}\n")
    text = re.sub(r"locals \{\n  foundation = toset\(.*\)\n\}\n\n?", "", text)

    def one(match: re.Match[str]) -> str:
        state = states.get(match[1])
        read[match[1]] = state[1] if state is not None else match[1]
        return f"var.{match[1]}"

    def environment(match: re.Match[str]) -> str:
        read["environments"] = ENVIRONMENTS
        return f"var.environments[{match[1]}]"

    text = re.sub(r"data\.terraform_remote_state\.environment\[([^\]]*)\]\.outputs", environment, text)
    text = re.sub(r'data\.terraform_remote_state\.foundation\["(\w+)"\]\.outputs', one, text)
    text = re.sub(r"data\.terraform_remote_state\.(\w+)\.outputs", one, text)
    text = text.replace('yamldecode(file("${path.module}/../../accounts.yaml"))', "var.platform")
    return re.sub(r"\n{3,}", "\n\n", text).lstrip("\n")


ENVIRONMENTS = "production sandbox-karpenter staging"


def without_block(text: str, start: str, end: str) -> str:
    """Return a text without the block that begins at a pattern."""
    found = re.search(start, "\n" + text)
    if found is None:
        return text
    first = found.start()
    last = ("\n" + text).index(end, first) + len(end)
    return ("\n" + text)[1 : first + 1] + ("\n" + text)[last:]


def declare(root: Path, names: list[str]) -> None:
    """Declare the variables that are given by dependencies."""
    blocks = []
    for name in names:
        said = DESCRIPTIONS.get(name, f"What {'each environment' if name == 'environments' else name} puts out.")
        blocks.append(f'variable "{name}" {{\n  description = "{said}"\n  type        = any\n}}\n')
    file = root / "variables.tf"
    there = file.read_text() if file.exists() else ""
    file.write_text("\n".join([*blocks, *([there] if there else [])]))


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line if line.strip() else line for line in text.splitlines(keepends=True))


def save(path: Path, text: str) -> None:
    """Write a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
