"""The reference names every block and argument there is, and its examples are valid."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from astralint import ScanOptions, scan
from astralint.config.schema import CONTRACTS, ROOT, BlockSchema

from .memory import settings_of

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "configuration.md").read_text("utf-8")
FILES = {
    "attic/main.tf": "",
    "experiments/old/main.tf": "",
    "vendor/modules/network/main.tf": "",
    "inventory.json": "{}",
    "accounts.yaml": "accounts:\n  - {name: production, kind: production, id: '111122223333'}\n",
}


def names(schema: BlockSchema) -> set[str]:
    found = {*schema.arguments, *schema.blocks}
    return found.union(*(names(inner) for inner in schema.blocks.values()))


def test_everything_is_documented() -> None:
    contracts = {name for kind, arguments in CONTRACTS.items() for name in (kind, *arguments)}
    missing = [name for name in names(ROOT) | contracts if not re.search(rf"`{re.escape(name)}[` ]", TEXT)]
    assert missing == []


@pytest.mark.parametrize("example", re.findall(r"```hcl\n(.*?)```", TEXT, re.DOTALL))
def test_examples_are_valid(example: str) -> None:
    if "rule_paths" not in example:
        settings_of(example, files=FILES)


def test_contracts_are_enforced(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_iam_user" "this" {\n  name = "somebody"\n}\n')
    account = 'account "production" {\n  kind = "production"\n  workspace "production" {\n    path = "."\n  }\n}\n'
    contract = 'contract "placement" "Users" {\n  resources = ["aws_iam_user"]\n  kinds     = ["identity"]\n}\n'
    (tmp_path / "astralint.hcl").write_text(account + contract)
    result = scan([tmp_path], ScanOptions(boundary=tmp_path, jobs=1)).result
    assert ("AC01", "Users") in [(finding.rule, finding.contract) for finding in result.findings]
