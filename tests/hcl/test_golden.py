"""What terraform accepts, we accept; what it rejects, we reject; what it makes of templates, we make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from astralint.hcl import parse, parse_expression, parse_template
from tests.hcl.evaluate import evaluate

GOLDEN = Path(__file__).parent / "golden"
SNIPPETS = [json.loads(line) for line in (GOLDEN / "snippets.jsonl").read_text(encoding="utf-8").splitlines()]
TEMPLATES = [json.loads(line) for line in (GOLDEN / "templates.jsonl").read_text(encoding="utf-8").splitlines()]


def test_there_is_enough_of_it() -> None:
    assert len(SNIPPETS) >= 350
    assert 100 < sum(accepted for _, accepted in SNIPPETS) < len(SNIPPETS) - 100


@pytest.mark.parametrize("accepted", [True, False])
def test_accepts_and_rejects_what_terraform_does(accepted: bool) -> None:
    wrong = []
    for text, terraform in SNIPPETS:
        if terraform == accepted:
            parsed = parse(text)
            if (not parsed.errors) != terraform:
                wrong.append((text, parsed.errors))
            if not parsed.errors:
                assert parsed.file is not None
    assert wrong == []


def test_problems_lie_within_the_text_and_say_something() -> None:
    for text, accepted in SNIPPETS:
        for problem in parse(text).errors:
            assert not accepted
            assert 0 <= problem.start <= problem.end <= len(text)
            assert problem.message
            assert not problem.message.endswith(".")
            assert "\n" not in problem.message


@pytest.mark.parametrize(("expression", "value"), TEMPLATES)
def test_templates_mean_what_terraform_makes_of_them(expression: str, value: object) -> None:
    parsed = parse_expression(expression)
    assert parsed.errors == ()
    assert parsed.expression is not None
    assert evaluate(parsed.expression) == value


def test_a_whole_text_is_a_template() -> None:
    parsed = parse_template('a "b" \\n\n  %{ if true ~}\n  c\n  %{ endif ~}\n$${d} ${1}')
    assert parsed.expression is not None
    assert evaluate(parsed.expression) == 'a "b" \\n\n    c\n  ${d} 1'
