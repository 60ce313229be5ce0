"""Expressions that hypothesis makes up, evaluated here and by the real terraform.

The same ones in everyday runs. With `ASTRALINT_HYPOTHESIS=thorough` they are 10,000, new ones each time; what failed
is made up again with the number that the failure tells: `ASTRALINT_SEED=…`.
"""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from .agreement import COMPLETIONS, Record, proved, same
from .console import GOLDEN, answer
from .strategies import expressions, sensitive_expressions, unknown_expressions

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed"),
]
SCRIPT = Path(__file__).parents[3] / "scripts" / "record_expressions.py"
THOROUGH = os.environ.get("ASTRALINT_HYPOTHESIS") == "thorough"
SEED = int(os.environ.get("ASTRALINT_SEED", random.SystemRandom().randrange(10**6) if THOROUGH else 0))


def recorder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_expressions", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made_up(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    found: dict[str, None] = {}
    turn = 0
    while len(found) < count:
        # Many of them are the same in one turn, hardly any in another.
        @seed(SEED * 1000 + turn)
        @settings(
            max_examples=count // 2, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(strategy)
        def collect(text: str) -> None:
            found[text] = None

        collect()
        turn += 1
    return list(found)[:count]


def compare(strategy: st.SearchStrategy[str], count: int, *, plan: bool = False) -> None:
    """Fail with what is made up and answered differently."""
    texts = made_up(strategy, count)
    configuration = (GOLDEN / "configuration.tf").read_text()
    open_: dict[str, tuple[Record, Record]] = {}
    for theirs in recorder().record(texts, configuration, plan=plan):
        text = theirs.pop("expression")
        ours = answer(text)
        if "crash" not in theirs and not same(ours, theirs):
            open_[text] = ours, theirs
    for entry in recorder().record_completions(list(open_), configuration, COMPLETIONS):
        ours, theirs = open_[entry["expression"]]
        if proved(ours, theirs, entry["completions"]):
            del open_[entry["expression"]]
    wrong = [f"{text}\n  terraform {theirs}\n  astralint {ours}" for text, (ours, theirs) in open_.items()]
    if wrong:
        pytest.fail("\n".join([f"{len(wrong)} of {len(texts)}, ASTRALINT_SEED={SEED}", *wrong]), pytrace=False)


@pytest.mark.timeout(1800)
def test_known_values() -> None:
    compare(expressions, 4_000 if THOROUGH else 900)


@pytest.mark.timeout(1800)
def test_sensitive_values() -> None:
    compare(sensitive_expressions, 3_000 if THOROUGH else 600)


@pytest.mark.timeout(1800)
def test_unknown_values() -> None:
    compare(unknown_expressions, 3_000 if THOROUGH else 600, plan=True)
