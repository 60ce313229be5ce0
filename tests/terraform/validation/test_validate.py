"""What `terraform validate` refuses is refused here, on the same line; see cases.toml and golden.json."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from astralint.terraform.language.language import Language
from tests.terraform.evaluation.roots import evaluate_root

HERE = Path(__file__).parent
ASKED = Language("terraform", (1, 11, 4))
CASES: dict[str, dict[str, str]] = tomllib.loads((HERE / "cases.toml").read_text("utf-8"))
GOLDEN: dict[str, list[dict[str, Any]]] = json.loads((HERE / "golden.json").read_text("utf-8"))

NOT_REFUSED = {
    "experiment-unknown": "which experiments a version has is not known",
    "ephemeral-resource-unknown": "which ephemeral types a provider has is not known",
}
REFUSED_BY_A_PLAN = {"refers-to-itself": "terraform finds this cycle when it plans"}


def refused_at(files: dict[str, str], language: Language = ASKED) -> set[tuple[str, int]]:
    """Return the places that are called broken."""
    diagnostics = evaluate_root(files, language=language).diagnostics
    return {(each.span.file, each.span.line) for each in diagnostics if each.broken and each.span is not None}


def test_every_case_is_recorded() -> None:
    assert list(CASES) == list(GOLDEN)
    assert sum(map(bool, GOLDEN.values())) - len(NOT_REFUSED) >= 180


@pytest.mark.parametrize("name", CASES)
def test_what_terraform_refuses_is_refused_where_terraform_does(name: str) -> None:
    ours = refused_at(CASES[name])
    theirs = {(error["file"], error["line"]) for error in GOLDEN[name]}
    if name in NOT_REFUSED or name in REFUSED_BY_A_PLAN:
        assert bool(ours) is (name in REFUSED_BY_A_PLAN)
    elif not theirs or any(not file for file, _ in theirs):
        # Some of terraform's errors name no place.
        assert bool(ours) is bool(theirs)
    else:
        assert ours & theirs


LATER = {
    "lifecycle-enabled": "opentofu@1.11",
    "provider-for-each": "opentofu@1.9",
    "encryption": "opentofu@1.7",
    "language-block": "opentofu@1.12",
    "lifecycle-with-variable": "opentofu@1.12",
    "output-unknown-argument": "terraform@1.15",
    "deprecated-before-its-time": "terraform@1.15",
    "convert-before-its-time": "terraform@1.15",
    "module-source-expression": "terraform@1.15",
    "import-in-module": "terraform@1.16",
    "resource-unknown-block": "terraform@1.16",
    "action-before-its-time": "terraform@1.14",
}


@pytest.mark.documented
@pytest.mark.parametrize("name", LATER)
def test_what_a_later_version_knows_is_taken_in_its_language(name: str) -> None:
    from astralint.terraform.language.language import parse_language

    language = parse_language(LATER[name])
    assert language is not None
    assert not refused_at(CASES[name], language)


def test_what_another_version_knows_is_said_with_its_name() -> None:
    result = evaluate_root(CASES["action-before-its-time"], language=ASKED)
    (diagnostic,) = [each for each in result.diagnostics if each.broken]
    assert diagnostic.code == "other-version"
    assert "Terraform 1.14" in diagnostic.message
    assert "Terraform 1.11.4" in diagnostic.message
