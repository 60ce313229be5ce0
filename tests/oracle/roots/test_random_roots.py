"""Random root modules become what terraform plans of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.oracle.roots.random_roots import write_roots
from tests.oracle.roots.terraform_answers import Terraform, moto_server
from tests.roots.comparison import Comparison, evaluated_at

PER_PLAN = 20
ROOTS = int(os.environ.get("ASTRALINT_RANDOM_ROOTS", "40"))


@pytest.mark.oracle
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_random_roots_are_as_planned(tmp_path: Path) -> None:
    """`ASTRALINT_RANDOM_ROOTS=300` makes it thorough; each has three modules, one in the other."""
    if shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ:
        message = "terraform with a provider mirror is not there (TF_CLI_CONFIG_FILE)"
        if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    pytest.importorskip("moto")
    first = int(os.environ.get("ASTRALINT_RANDOM_SEED", "0"))
    compared = 0
    with moto_server() as server:
        for seed in range(first, first + max(1, ROOTS // PER_PLAN)):
            case = tmp_path / f"root{seed}"
            # The provider takes longer than all else: it is in every fourth plan.
            write_roots(case, seed, PER_PLAN, aws=seed % 4 == 0)
            answer = Terraform(server, tmp_path / "scratch").answer(case)
            assert "error" not in answer, (seed, answer)
            comparison = Comparison()
            result = evaluated_at(case)
            comparison.root(result, answer)
            assert comparison.differences == [], (seed, list(map(str, comparison.differences)))
            assert comparison.not_known == [], seed
            assert [d.message for d in result.diagnostics if d.broken] == [], seed
            compared += comparison.compared
    assert compared > 20 * ROOTS
