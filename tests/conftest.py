"""For all tests: how many examples hypothesis tries, and what becomes of oracles that are not there.

- `ASTRALINT_HYPOTHESIS=quick` (the default) tries the examples that a test asks for, `thorough` ten times as many.
- A test marked `oracle` skips, with a reason, where its oracle is absent. With
  `ASTRALINT_REQUIRE_ORACLES=1` such a skip is a failure, but for the files and directories that
  `ASTRALINT_WITHOUT_ORACLES` names: their oracles are left out. The summary says what was not compared.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator

PROFILE = os.environ.get("ASTRALINT_HYPOTHESIS", "quick")
REQUIRED = os.environ.get("ASTRALINT_REQUIRE_ORACLES") == "1"
WITHOUT = tuple(os.environ.get("ASTRALINT_WITHOUT_ORACLES", "").split())
TIMES = {"quick": 1, "thorough": 10}

for _name, _times in TIMES.items():
    settings.register_profile(
        _name,
        max_examples=60 * _times,
        deadline=None,
        derandomize=_name == "quick",
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(PROFILE)

skipped_oracles: Counter[str] = Counter()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [i for i in items if WITHOUT and i.nodeid.startswith(WITHOUT) and i.get_closest_marker("oracle")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        skipped_oracles["left out by ASTRALINT_WITHOUT_ORACLES"] += len(left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    times = TIMES[PROFILE]
    seen: set[int] = set()
    for item in items:
        test: Any = getattr(item, "obj", None)
        test = getattr(test, "__func__", test)
        own = getattr(test, "_hypothesis_internal_use_settings", None)
        if times > 1 and own is not None and id(test) not in seen:
            seen.add(id(test))
            test._hypothesis_internal_use_settings = settings(own, max_examples=own.max_examples * times)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("oracle") is not None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if REQUIRED:
            report.outcome = "failed"
            report.longrepr = f"this oracle is required (ASTRALINT_REQUIRE_ORACLES=1), but: {reason}"
        else:
            skipped_oracles[reason] += 1
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if skipped_oracles:
        terminalreporter.section("oracles that were not asked")
        for reason, number in sorted(skipped_oracles.items()):
            terminalreporter.line(f"{number} × {reason}")
