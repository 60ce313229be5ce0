"""Whatever the rule: of which less is known has no finding that the whole has not. Every fixture in every variant."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from astralint.hcl.store import SyntaxStore
from astralint.rules.finding import CheckResult, Finding
from astralint.rules.harness import find_fixtures
from astralint.rules.loader import load_rules

from .mutants import Files, Mutant, files_of, fresh, judged, mutants

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"
SEED = 20261129
EVERYDAY = 16
ABOUT_NOT_KNOWING = frozenset({"AL001", "AL002", "AL902", "AL951", "AL952", "AL953", "AL954", "AL955"})
"""Rules about not knowing, and about how suppressions are written."""
WHATEVER_THE_KIND = frozenset({"AL005", "AL006"})
"""What they say of accounts holds without the kind of another account."""
SAME_PROVIDER = frozenset({"AL012"})
"""Of two credentials of a provider, it names the first that is written down."""

RULES = load_rules()
STORE = SyntaxStore(None)


def cases() -> list[Path]:
    return [directory for _, _, directory in find_fixtures(FIXTURES)]


def whole(directory: Path) -> tuple[Files, CheckResult]:
    files = files_of(directory)
    before = judged(files, RULES, STORE)
    assert isinstance(before, CheckResult), before
    return files, before


def alarms(before: CheckResult, mutant: Mutant) -> Iterator[Finding]:
    after = judged(mutant.files, RULES, STORE)
    if not isinstance(after, CheckResult):
        return  # The configuration is wrong without it, and says so.
    for finding in fresh(before, after):
        is_kind = finding.rule in WHATEVER_THE_KIND and "kind is not given" in mutant.title
        if finding.rule not in ABOUT_NOT_KNOWING | SAME_PROVIDER and not is_kind:
            yield finding


def told(directory: Path, mutant: Mutant, found: list[Finding]) -> str:
    where = directory.relative_to(FIXTURES).as_posix()
    return "\n".join(f"{where}: {mutant.title}: {f.rule} {f.primary.span}: {f.message}" for f in found)


def test_less_known_is_no_violation() -> None:
    """A few variants of many fixtures, always the same ones."""
    chance = random.Random(SEED)
    failures = []
    for directory in chance.sample(cases(), EVERYDAY):
        files, before = whole(directory)
        every = list(mutants(files))
        for mutant in chance.sample(every, min(5, len(every))):
            found = list(alarms(before, mutant))
            failures += [told(directory, mutant, found)] if found else []
    assert failures == []


@pytest.mark.slow
def test_less_known_is_no_violation_in_any_variant() -> None:
    """One in sixteen variants, of each fixture others; all of them with ASTRALINT_HYPOTHESIS=thorough."""
    step = 1 if os.environ.get("ASTRALINT_HYPOTHESIS") == "thorough" else 16
    failures = []
    for number, directory in enumerate(cases()):
        files, before = whole(directory)
        for mutant in list(mutants(files))[number % step :: step]:
            found = list(alarms(before, mutant))
            failures += [told(directory, mutant, found)] if found else []
    assert failures == []


@pytest.mark.parametrize(
    "title", ["is unknown", "its count is unknown", "is not in the tree", "id is not given", "hidden"]
)
def test_there_are_variants_of_every_kind(title: str) -> None:
    assert any(title in mutant.title for directory in cases() for mutant in mutants(files_of(directory)))
