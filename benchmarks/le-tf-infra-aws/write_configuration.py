"""Writes the configuration that github.com/binbashar/le-tf-infra-aws is run with: `… DIRECTORY -o FILE`.

The repository keeps the values that all of its root modules share out of the tree;
`config/common.tfvars.example` shows their form. Each account's directory has its
variable files and the backend's arguments in `config/`. Account numbers are invented.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

ACCOUNTS = {
    "management": ("management", "111111111111"),
    "security": ("security", "222222222222"),
    "shared": ("shared-services", "333333333333"),
    "network": ("network", "444444444444"),
    "apps-devstg": ("staging", "555555555555"),
    "apps-prd": ("production", "666666666666"),
    "data-science": ("data", "777777777777"),
}
VARIABLES = {
    "project": "bb",
    "project_long": "binbash",
    "region_primary": "us-east-1",
    "region_secondary": "us-east-2",
    "regions_allowed": ["us-east-1", "us-east-2", "us-west-2"],
    "accounts": {name: {"email": f"{name}@example.com", "id": number} for name, (_, number) in ACCOUNTS.items()},
    "external_accounts": {
        "drata": {"aws_account_id": "", "aws_external_id": ""},
        "scale": {"aws_account_id": "", "aws_external_id": ""},
        "north_cloud": {"aws_account_id": ""},
    },
    "sso_enabled": True,
    "sso_start_url": "https://example.awsapps.com/start",
    "sso_region": "us-east-1",
}


def roots_of(directory: Path) -> list[str]:
    """Return the root modules of the directory."""
    from astralint.api import ScanOptions, open_session
    from astralint.assembly.build import discover

    session = open_session([directory], ScanOptions(boundary=directory))
    found = discover(session.loader, session.settings, session.starts)
    return sorted({spec.directory for spec in found.specs})


def configuration(directory: Path, beside: Path) -> str:
    """Return the configuration's text, with paths relative to the directory `beside`."""
    way = os.path.relpath(directory.resolve(), beside.resolve())
    lines = ["platform {", f"  organization = {json.dumps(VARIABLES['project_long'])}", "}", ""]
    lines += ["locals {", f"  variables = {json.dumps(VARIABLES)}", "}", ""]
    roots = roots_of(directory)
    for account, (kind, number) in ACCOUNTS.items():
        lines += [f'account "{account}" {{', f'  kind = "{kind}"', f'  id   = "{number}"', ""]
        config = f"{way}/{account}/config"
        for root in roots:
            if root.partition("/")[0] != account:
                continue
            lines += [
                f"  workspace {json.dumps(root)} {{",
                f"    path          = {json.dumps(f'{way}/{root}')}",
                f"    var_files     = {json.dumps([f'{config}/account.tfvars', f'{config}/backend.tfvars'])}",
                f"    backend_files = {json.dumps([f'{config}/backend.tfvars'])}",
                "    variables     = local.variables",
                "  }",
            ]
        lines += ["}", ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="default: standard output, with paths for this directory")
    given = parser.parse_args()
    text = configuration(given.directory, given.output.parent if given.output else Path())
    if given.output:
        given.output.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
