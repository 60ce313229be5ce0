"""No text makes the parser raise, hang, or take more than its share."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.hcl import parse, parse_expression, parse_template
from tests.hcl.strategies import NEAR_FILES

DEEP = {
    "tuples": ("[", "1", "]"),
    "objects": ("{a=", "1", "}"),
    "parentheses": ("(", "1", ")"),
    "calls": ("f(", "1", ")"),
    "strings": ('"${', "1", '}"'),
    "indexes": ("a[", "1", "]"),
    "signs": ("-", "1", ""),
    "negations": ("!", "a", ""),
    "conditionals": ("a?b:", "c", ""),
    "middle conditionals": ("a?", "b", ":c"),
    "for": ("[for x in ", "y", ":x]"),
    "sums": ("1+", "1", ""),
    "names": ("", "a", ".b"),
    "splats": ("", "a", "[*]"),
    "heredocs": ("<<E\n${", "1", "}\nE\n"),
    "directives": ('"%{if a}', "", "%{endif}"),
    "mixed": ('[{a="${f(-(b+', "1", '))}"}]'),
}


@pytest.mark.parametrize("name", sorted(DEEP))
@pytest.mark.parametrize("depth", [600, 20_000])
def test_deep_nesting_is_one_problem(name: str, depth: int) -> None:
    opening, middle, closing = DEEP[name]
    expression = opening * depth + middle + closing * depth
    if name == "directives":
        expression = '"' + "%{if a}" * depth + "%{endif}" * depth + '"'
    if name == "heredocs":
        expression = "<<E\n${" * depth
    parsed = parse(f"a = {expression}\n")
    if name == "heredocs" and depth == 600:
        assert parsed.errors
        return
    assert [problem.message for problem in parsed.errors] == ["the code is nested more than 500 levels deep"]
    assert parsed.file is None


@pytest.mark.parametrize(
    "name", ["tuples", "objects", "parentheses", "calls", "signs", "conditionals", "sums", "names"]
)
def test_what_is_less_deep_is_read(name: str) -> None:
    opening, middle, closing = DEEP[name]
    assert parse_expression(opening * 400 + middle + closing * 400).errors == ()


def test_deep_blocks() -> None:
    assert parse("a {\n" * 400 + "}\n" * 400).errors == ()
    assert "nested" in parse("a {\n" * 502 + "}\n" * 502).errors[0].message


@pytest.mark.parametrize(
    "text",
    [
        "\0" * 1_000_000,
        "\ud800",
        'a = "\ud800"\n',
        "a = \udfff\n",
        "," * 3_000_000,
        "a" * 3_000_000,
        " " * 3_000_000,
        "\n" * 3_000_000,
        "/*" * 1_000_000,
        "/**/" * 100_000,
        "#" * 2_000_000,
        "a = " + '"' * 1_000_000,
        "a = " + '"${' * 500_000,
        "a = " + "<<A\n${" * 300_000,
        "a = <<A\n" + "A x\n" * 300_000,
        "a = <<A\n" + " " * 2_000_000,
        "a = <<A\n" + "$${" * 500_000,
        "a = <<-A\n" + "  b ${c}\n" * 30_000,
        'a = "' + "\\" * 1_000_001,
        "a = " + "1." * 1_000_000,
        "a = " + "{\n" * 100_000,
        "a = {" + "\n" * 1_000_000 + "for",
        "{" * 1_000_000,
        "}" * 1_000_000,
        "a b " * 100_000,
        "a = [" + "1," * 50_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_megabytes_of_garbage(text: str) -> None:
    parse(text)
    parse_template(text)
    parse(text, json=True)


def test_many_lines_of_a_heredoc_take_linear_time() -> None:
    text = "a = <<-E\n" + "  a line of text $${x}\n" * 60_000 + "E\n"
    assert parse(text).errors == ()


@given(st.one_of(NEAR_FILES, st.text(), st.binary().map(lambda content: content.decode("latin-1"))))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(text: str) -> None:
    for parsed in (parse(text), parse(text, json=True), parse(text, json=True, attributes=True)):
        for problem in parsed.errors:
            assert 0 <= problem.start <= problem.end <= len(text)
            assert problem.message
        assert parsed.errors or parsed.file is not None
    for alone in (parse_expression(text), parse_template(text)):
        assert (alone.expression is None) == bool(alone.errors)
