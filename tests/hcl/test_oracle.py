"""Generated texts, judged by the real terraform at once."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from astralint.hcl import parse
from tests.hcl.strategies import FILES, NEAR_FILES

SCRIPT = Path(__file__).parents[2] / "scripts" / "record_syntax.py"


@pytest.fixture(scope="module")
def recorder() -> ModuleType:
    if shutil.which("terraform") is None:
        if os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1":
            pytest.fail("terraform is not installed")
        pytest.skip("terraform is not installed")
    specification = importlib.util.spec_from_file_location("record_syntax", SCRIPT)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.oracle
@given(st.lists(st.one_of(FILES, NEAR_FILES), min_size=60, max_size=120))
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_terraform_judges_generated_texts_alike(recorder: ModuleType, texts: list[str]) -> None:
    verdicts = recorder.accepted(texts)
    wrong = [
        (text, terraform, parse(text).errors)
        for text, terraform in zip(texts, verdicts, strict=True)
        if (not parse(text).errors) != terraform
    ]
    assert wrong == []


@pytest.mark.oracle
def test_golden_verdicts_are_still_terraforms(recorder: ModuleType) -> None:
    rows = recorder.read("snippets.jsonl")
    assert recorder.accepted([row[0] for row in rows]) == [row[1] for row in rows]
