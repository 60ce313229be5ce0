"""Root modules become what the real terraform makes of them: its recorded answers, and on demand its answers anew."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.roots.terraform_answers import CASES, Terraform, moto_server
from tests.roots.comparison import GOLDEN, Comparison, evaluated, golden

NAMES = sorted(path.stem for path in GOLDEN.glob("*.json"))
PLANNED = [name for name in NAMES if "error" not in golden(name)]
REFUSED = [name for name in NAMES if "error" in golden(name)]
EXCEPTIONS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "exceptions.json").read_text("utf-8"))
UNCERTAIN = {"unknown_count"}
"""Cases that terraform refuses to plan because of an unknown `count`; what is certain in them is evaluated."""

LIVE = ["count_basic", "module_providers", "remote_state", "validation_fails"]


def _is_excepted(difference: Any) -> bool:
    return any(
        re.search(exception["path"], difference.path)
        and ("ours" not in exception or difference.ours == exception["ours"])
        and re.search(exception.get("theirs", ""), str(difference.theirs))
        and (not exception.get("same_json") or _same_json(difference.ours, difference.theirs))
        for exception in EXCEPTIONS
    )


def _same_json(ours: Any, theirs: Any) -> bool:
    try:
        return bool(json.loads(ours) == json.loads(theirs))
    except (TypeError, ValueError):
        return False


def _differences(comparison: Comparison) -> list[str]:
    return [str(difference) for difference in comparison.differences if not _is_excepted(difference)]


def test_every_case_is_recorded() -> None:
    assert sorted(case.name for case in CASES.iterdir()) == NAMES
    assert len(NAMES) >= 40
    assert len({exception["reason"] for exception in EXCEPTIONS}) <= 10


@pytest.mark.parametrize("name", PLANNED)
def test_root_is_as_planned(name: str) -> None:
    comparison = Comparison()
    result = evaluated(name)
    comparison.root(result, golden(name))
    assert _differences(comparison) == []
    assert [d.message for d in result.diagnostics if d.severity == "error"] == []


@pytest.mark.parametrize("name", [name for name in PLANNED if "applied" in golden(name)])
def test_predictions_come_true(name: str) -> None:
    """What is known before apply is what apply gives."""
    comparison = Comparison()
    planned, applied = golden(name)["resources"], golden(name)["applied"]
    for resource in evaluated(name).resources:
        after_apply = planned[resource.address]["unknown"] or {}
        for attribute in after_apply.keys() & resource.values.raw.keys():
            path = f"{resource.address}.{attribute}"
            comparison.value(path, resource.values.raw[attribute], applied[resource.address].get(attribute))
    assert _differences(comparison) == []
    assert comparison.compared >= 20


@pytest.mark.parametrize("name", REFUSED)
def test_what_terraform_refuses_is_said(name: str) -> None:
    result = evaluated(name)
    if name in UNCERTAIN:
        assert any(resource.uncertain for resource in result.resources)
    else:
        assert [d for d in result.diagnostics if d.severity == "error"]


def test_exceptions_are_needed() -> None:
    found = []
    for name in PLANNED:
        comparison = Comparison()
        comparison.root(evaluated(name), golden(name))
        found += comparison.differences
    unused = [
        e["reason"]
        for e in EXCEPTIONS
        if not e.get("applied") and not any(re.search(e["path"], item.path) for item in found)
    ]
    assert unused == []


def test_what_is_configured_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    total = Comparison()
    for name in PLANNED:
        total.root(evaluated(name), golden(name))
    share = 1 - len(total.not_known) / total.configured
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(PLANNED)} roots: {total.compared} values compared, {len(total.differences)} of them excepted; "
            f"{share:.2%} of {total.configured} configured attributes known\n"
        )
    assert share >= 0.99, total.not_known


@pytest.mark.oracle
@pytest.mark.parametrize("name", LIVE)
def test_recorded_answers_still_hold(name: str, tmp_path: Path) -> None:
    if shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ:
        message = "terraform with a provider mirror is not there (TF_CLI_CONFIG_FILE)"
        if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    pytest.importorskip("moto")
    with moto_server() as server:
        answer = Terraform(server, tmp_path).answer(CASES / name)
    assert json.loads(json.dumps(answer)) == json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
