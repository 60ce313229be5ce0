"""The changes of the model platform can be made, and some of them are tried; `scripts/write_mutations.py` tries all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scripts.mutations.mutants import Mutant, apply, mutants
from scripts.mutations.trials import PLATFORM, tried

from astralint.api import open_session

MUTANTS = {mutant.id: mutant for mutant in mutants(PLATFORM)}


def test_there_is_a_change_for_each_sentence_and_it_can_be_made(tmp_path: Path) -> None:
    assert len(MUTANTS) >= 250
    for number, mutant in enumerate(MUTANTS.values()):
        copy = tmp_path / str(number)
        for edit in mutant.edits:
            if (PLATFORM / edit.file).exists():
                (copy / edit.file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(PLATFORM / edit.file, copy / edit.file)
        apply(mutant, copy)


def test_what_is_expected_are_rules() -> None:
    known = {rule.id for rule in open_session([PLATFORM]).rules().rules}
    assert {rule for mutant in MUTANTS.values() for rule in mutant.expect} <= known


@pytest.mark.parametrize("name", ["user in production", "packages of another organization", "no DKIM"])
def test_a_change_is_caught_by_exactly_the_rules_it_breaks(name: str) -> None:
    trial = tried(MUTANTS[name])
    assert trial.is_right, trial


def test_a_change_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("a a")
    mutant = MUTANTS["no DKIM"]
    twice = Mutant("twice", mutant.sentence, (mutant.edits[0].__class__("main.tf", "a", "b"),), ())
    with pytest.raises(ValueError, match="2 times"):
        apply(twice, tmp_path)
