"""Instances by their keys: numbers and texts that name them."""

from __future__ import annotations

import pytest

from astralint.terraform.values.value import Unknown
from tests.terraform.evaluation.roots import evaluate_root

COUNTED = 'resource "terraform_data" "it" {\n  count = 3\n  input = count.index\n}\n'
NAMED = 'resource "terraform_data" "it" {\n  for_each = toset(["0", "1", "2"])\n  input    = each.key\n}\n'


@pytest.mark.parametrize(
    "key", ["1", '"1"', 'index(["a", "b"], "b")', 'length("a")', 'length(["a"])', "pow(1, 2)", "2 / 2"]
)
@pytest.mark.parametrize("resource", [COUNTED, NAMED], ids=["count", "for_each"])
def test_a_key_may_be_a_number_or_a_text(resource: str, key: str) -> None:
    result = evaluate_root(
        {"main.tf": resource + f'output "it" {{\n  value = tostring(terraform_data.it[{key}].input)\n}}\n'}
    )
    assert not result.diagnostics
    assert not isinstance(result.outputs["it"].value.raw, Unknown)
    assert result.outputs["it"].value.raw == "1"
