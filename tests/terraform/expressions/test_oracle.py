"""Expressions that hypothesis makes up, evaluated here and by the real terraform."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from .console import GOLDEN, answer
from .strategies import expressions, sensitive_expressions, unknown_expressions

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed"),
]
SCRIPT = Path(__file__).parents[3] / "scripts" / "record_expressions.py"
BATCH = 300


def recorder() -> Callable[..., list[dict[str, Any]]]:
    spec = importlib.util.spec_from_file_location("record_expressions", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    record: Callable[..., list[dict[str, Any]]] = module.record
    return record


def made_up(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    found: dict[str, None] = {}

    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(text: str) -> None:
        found[text] = None

    collect()
    return list(found)


def is_rounded_otherwise(text: str) -> bool:
    # Numbers that count something have 64 bits in Terraform, 512 here: it shows in fractions of them.
    return "length(" in text and ("/" in text or "%" in text)


def is_bare_null(text: str) -> bool:
    # Terraform loses the mark of a null without a type in a set.
    return "sensitive(null)" in text and "toset(" in text


def disagreements(texts: list[str], *, plan: bool = False) -> list[str]:
    wrong = []
    for entry in recorder()(texts, (GOLDEN / "configuration.tf").read_text(), plan=plan):
        text = entry.pop("expression")
        given_ = answer(text)
        if (
            ("error" in entry and "error" in given_)
            or given_ == entry
            or is_rounded_otherwise(text)
            or is_bare_null(text)
        ):
            continue
        if plan and "unknown" in entry:
            # More may be known here, and some errors are certain before Terraform sees them.
            continue
        wrong.append(f"{text}\n  terraform {entry}\n  astralint {given_}")
    return wrong


def test_known_values() -> None:
    wrong = disagreements(made_up(expressions, 3 * BATCH))
    assert not wrong, "\n".join(wrong)


def test_sensitive_values() -> None:
    wrong = disagreements(made_up(sensitive_expressions, 2 * BATCH))
    assert not wrong, "\n".join(wrong)


def test_unknown_values() -> None:
    wrong = disagreements(made_up(unknown_expressions, 2 * BATCH), plan=True)
    assert not wrong, "\n".join(wrong)
