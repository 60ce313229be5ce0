"""Fresh random policy documents against the real provider."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.oracle.aws.policy_document_cases import generated
from tests.oracle.aws.terraform_run import Root, TerraformError, escape

from astralint.aws.policy_document import render

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.oracle
def test_random_documents(tmp_path: Path) -> None:
    if shutil.which("terraform") is None:
        if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
            pytest.fail("terraform is not installed")
        pytest.skip("terraform is not installed")
    cases = {f"c{number}": case for number, case in enumerate(generated(60, seed=2026))}
    expected = {name: render(case) for name, case in cases.items()}
    accepted = {name: case for name, case in cases.items() if expected[name].error is None}
    assert len(accepted) > 50
    root = Root(tmp_path)
    root.write({"data": {"aws_iam_policy_document": {name: escape(case) for name, case in accepted.items()}}})
    try:
        root.init()
    except TerraformError:
        if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
            raise
        pytest.skip("the AWS provider can't be installed")
    plan = root.plan()
    for resource in plan["prior_state"]["values"]["root_module"]["resources"]:
        assert resource["values"]["json"] == expected[resource["name"]].json
