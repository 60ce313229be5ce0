"""Every node's place is exact: its text alone gives the same node."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import assume, given, settings

from astralint.hcl import parse, parse_expression
from astralint.hcl import syntax as s
from tests.hcl.strategies import FILES
from tests.hcl.trees import children, moved, walk

GOLDEN = Path(__file__).parent / "golden" / "snippets.jsonl"
ACCEPTED = [text for text, accepted in map(json.loads, GOLDEN.read_text(encoding="utf-8").splitlines()) if accepted]
EXPRESSIONS = get_args(s.Expression)


def check(text: str) -> None:
    parsed = parse(text)
    assert parsed.errors == ()
    assert parsed.file is not None
    _check(text, parsed.file, parsed.file)


def _check(text: str, node: s.Node, parent: s.Node) -> None:
    assert 0 <= node.start <= node.end <= len(text)
    if not isinstance(parent, (s.Splat, s.File)):
        assert parent.start <= node.start
        assert node.end <= parent.end
    own = text[node.start : node.end]
    if isinstance(node, s.Attribute):
        assert text[node.start : node.name_end] == node.name
        again = parse(own + "\n")
        assert again.file is not None
        assert moved(again.file.body.attributes[0], node.start) == node
    elif isinstance(node, s.Block):
        assert own.startswith(node.type)
        again = parse(own + "\n")
        assert again.file is not None
        assert moved(again.file.body.blocks[0], node.start) == node
        assert text[node.header_end :].lstrip(" \t").startswith(("{", "/*"))
        for label, (start, end) in zip(node.labels, node.label_spans, strict=True):
            assert text[start:end] == label or text[start] == text[end - 1] == '"'
    elif isinstance(node, EXPRESSIONS) and not _part_of_template(node, parent) and not _bare_key(node, parent):
        # A heredoc's closing marker needs its newline.
        alone = parse_expression(own + "\n")
        assert alone.errors == (), own
        assert alone.expression is not None
        assert moved(alone.expression, node.start) == node
    elif isinstance(node, s.Comment):
        assert own == node.text
    for child in children(node):
        if not (isinstance(node, s.Splat) and child is node.each):
            _check(text, child, node)


def _part_of_template(node: s.Node, parent: s.Node) -> bool:
    return isinstance(parent, (s.Template, s.TemplateFor)) or (
        isinstance(parent, s.TemplateIf) and node is not parent.condition
    )


def _bare_key(node: s.Node, parent: s.Node) -> bool:
    return isinstance(parent, s.ObjectItem) and node is parent.key and isinstance(node, s.Literal)


@pytest.mark.parametrize("part", range(8))
def test_places_of_all_golden_snippets(part: int) -> None:
    for text in ACCEPTED[part::8]:
        check(text)


@given(FILES)
@settings(max_examples=150, deadline=None)
def test_generated_files_parse_with_exact_places(text: str) -> None:
    parsed = parse(text)
    # The pieces do not always make up a file; what is accepted is compared with terraform elsewhere.
    assume(not parsed.errors)
    check(text)


def test_places_count_code_points() -> None:
    parsed = parse('é = "😀${x}" # ü\n')
    assert parsed.file is not None
    attribute = parsed.file.body.attributes[0]
    assert (attribute.start, attribute.name_end, attribute.end) == (0, 1, 11)
    assert isinstance(attribute.expression, s.Template)
    assert [(part.start, part.end) for part in attribute.expression.parts] == [(5, 6), (6, 10)]
    assert parsed.file.comments == (s.Comment(12, 15, "# ü", own_line=False),)


def test_splats_take_what_belongs_to_each_element() -> None:
    full = parse_expression("a[*].b[0].c").expression
    assert isinstance(full, s.Splat)
    assert full.full
    assert isinstance(full.each, s.GetAttr)
    assert (full.start, full.end) == (0, 11)
    legacy = parse_expression("a.*.b.0[0]").expression
    assert isinstance(legacy, s.Index)
    assert isinstance(legacy.target, s.Splat)
    assert not legacy.target.full
    assert (legacy.target.start, legacy.target.end) == (0, 7)
    nested = parse_expression("a[*].b[*].c").expression
    assert isinstance(nested, s.Splat)
    assert isinstance(nested.each, s.Splat)
    assert {type(node) for node in walk(nested.each)} == {s.Splat, s.GetAttr, s.SplatItem}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1+2*3", "(1 + (2 * 3))"),
        ("1*2+3", "((1 * 2) + 3)"),
        ("1-2-3", "((1 - 2) - 3)"),
        ("a||b&&c==d<e+f*g", "(a || (b && (c == (d < (e + (f * g))))))"),
        ("a*b+c<d==e&&f||g", "((((((a * b) + c) < d) == e) && f) || g)"),
        ("!a==b", "(!a == b)"),
        ("-a*b", "(-a * b)"),
        ("--a", "--a"),
        ("a%b/c", "((a % b) / c)"),
    ],
)
def test_operators_bind_as_terraform_binds_them(text: str, shape: str) -> None:
    def shown(node: object) -> str:
        match node:
            case s.Binary():
                return f"({shown(node.left)} {node.operator} {shown(node.right)})"
            case s.Unary():
                return node.operator + shown(node.operand)
            case s.Variable():
                return node.name
            case s.Number():
                return node.text
        raise TypeError(node)

    assert shown(parse_expression(text).expression) == shape


def test_conditionals_nest_to_the_right() -> None:
    tree = parse_expression("a ? b : c ? d : e").expression
    assert isinstance(tree, s.Conditional)
    assert isinstance(tree.otherwise, s.Conditional)


def test_keys_of_objects() -> None:
    tree = parse_expression('{a = 1, "b" : 2, (c) = 3, null = 4, d.e = 5, if = 6, "${f}" = 7}').expression
    assert isinstance(tree, s.ObjectExpression)
    kinds = [type(item.key) for item in tree.items]
    assert kinds == [s.Literal, s.Literal, s.Parentheses, s.Literal, s.GetAttr, s.Literal, s.Template]
    assert [item.key.value for item in tree.items if isinstance(item.key, s.Literal)] == ["a", "b", "null", "if"]


def test_comments_are_kept() -> None:
    text = '# a\nx = 1 // b\r\n  /* c\n */ y = [ # d\n1]\n/* e */ # f\nz = "# no"\n'
    parsed = parse(text)
    assert parsed.file is not None
    found = [(comment.text, comment.own_line) for comment in parsed.file.comments]
    assert found == [
        ("# a", True),
        ("// b", False),
        ("/* c\n */", True),
        ("# d", False),
        ("/* e */", True),
        ("# f", False),
    ]
    assert all(text[comment.start : comment.end] == comment.text for comment in parsed.file.comments)


def test_an_argument_set_twice_keeps_the_first_and_the_rest() -> None:
    parsed = parse("a = 1\na = 2\nb {}\n")
    assert [(problem.start, problem.end) for problem in parsed.errors] == [(6, 7)]
    assert parsed.file is not None
    assert len(parsed.file.body.attributes) == len(parsed.file.body.blocks) == 1


def test_the_namespace_belongs_to_a_functions_name() -> None:
    call = parse_expression("provider :: aws::arn_parse(a, b...)").expression
    assert isinstance(call, s.Call)
    assert (call.name, call.name_end, call.expand_final, len(call.arguments)) == (
        "provider::aws::arn_parse",
        26,
        True,
        2,
    )
