"""JSON syntax gives the tree of the native syntax, with places in the JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from astralint.hcl import parse, parse_expression
from astralint.hcl import syntax as s
from tests.hcl.evaluate import evaluate
from tests.hcl.trees import moved, walk

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden" / "json.jsonl").read_text(encoding="utf-8").splitlines()
]


def body_of(text: str, *, attributes: bool = False) -> s.Body:
    parsed = parse(text, json=True, attributes=attributes)
    assert parsed.errors == ()
    assert parsed.file is not None
    return parsed.file.body


def outline(body: s.Body) -> object:
    """Return a body without its places."""
    return (
        {attribute.name: plain(attribute.expression) for attribute in body.attributes},
        [(block.type, block.labels, outline(block.body)) for block in body.blocks],
    )


def plain(node: s.Node) -> object:
    if isinstance(node, s.Literal):
        return repr(node.value)
    if isinstance(node, s.Template):
        return [plain(part) for part in node.parts]
    fields = {name: getattr(node, name) for name in node.__struct_fields__ if name not in {"start", "end", "name_end"}}
    shown = {
        name: plain(value)
        if isinstance(value, s.Node)
        else [plain(item) for item in value]
        if isinstance(value, tuple)
        else value
        for name, value in fields.items()
    }
    return (type(node).__name__, shown)


def test_accepts_and_rejects_what_terraform_does() -> None:
    wrong = [(text, ok) for text, ok in ROWS if (not parse(text, json=True).errors) != ok]
    assert wrong == []
    assert len(ROWS) > 80


NATIVE = """
resource "aws_iam_role" "a" {
  count      = 2
  name       = "x-${var.name}"
  tags       = { "a" = "b", "n" = -1.5, "l" = [true, null] }
  depends_on = [aws_iam_user.u["k"]]
  provider   = aws.east
  lifecycle {
    ignore_changes = [tags, name]
    precondition {
      condition     = "${var.ok}"
      error_message = "no"
    }
  }
  provisioner "local-exec" {
    command = "x"
    when    = destroy
  }
  dynamic "block" {
    for_each = "${var.l}"
    iterator = it
    content {
      value = "${it.value}"
    }
  }
}
module "m" {
  source    = "./m"
  content   = "kept"
  providers = { aws = aws.x, aws.y = aws.z }
}
variable "v" {
  type = object({ a = string })
}
moved {
  from = a.b
  to   = module.m["x"].b
}
terraform {
  backend "s3" {
    bucket = "b"
  }
  required_providers {
    aws = { "source" = "hashicorp/aws", "configuration_aliases" = [aws.x] }
  }
}
"""
IN_JSON = r"""
{"resource": {"aws_iam_role": {"a": {
  "count": 2, "name": "x-${var.name}", "tags": {"a": "b", "n": -1.5, "l": [true, null]},
  "depends_on": ["aws_iam_user.u[\"k\"]"], "provider": "aws.east",
  "lifecycle": {"ignore_changes": ["tags", "name"],
                "precondition": {"condition": "${var.ok}", "error_message": "no"}},
  "provisioner": [{"local-exec": {"command": "x", "when": "destroy"}}],
  "dynamic": {"block": {"for_each": "${var.l}", "iterator": "it", "content": {"value": "${it.value}"}}}}}},
 "module": {"m": {"source": "./m", "content": "kept", "providers": {"aws": "aws.x", "aws.y": "aws.z"}}},
 "variable": {"v": {"type": "object({ a = string })"}},
 "moved": {"from": "a.b", "to": "module.m[\"x\"].b"},
 "terraform": {"backend": {"s3": {"bucket": "b"}},
   "required_providers": {"aws": {"source": "hashicorp/aws", "configuration_aliases": ["aws.x"]}}}}
"""


def test_is_the_tree_of_the_native_syntax() -> None:
    native = parse(NATIVE).file
    assert native is not None
    assert outline(body_of(IN_JSON)) == outline(native.body)


def test_places_are_those_of_the_json() -> None:
    checked = 0
    for node in walk(body_of(IN_JSON)):
        own = IN_JSON[node.start : node.end]
        if isinstance(node, s.Interpolation):
            assert own.startswith("${")
            assert own.endswith("}")
        elif isinstance(node, (s.GetAttr, s.Variable, s.Call)):
            if "\\" in own:
                continue
            again = parse_expression(own).expression
            assert again is not None
            assert moved(again, node.start) == node
            checked += 1
        elif isinstance(node, s.Attribute):
            assert json.loads(IN_JSON[node.start : node.name_end]) == node.name
            assert json.loads("{" + own + "}")
        elif isinstance(node, s.Block):
            for label, (start, end) in zip(node.labels, node.label_spans, strict=True):
                assert json.loads(IN_JSON[start:end]) == label
    assert checked > 10


def test_places_behind_escapes() -> None:
    text = '{"locals": {"a": "\\n\\u00e9\\ud83d\\ude00${ f(\\"x\\") }"}}'
    body = body_of(text).blocks[0].body
    template = body.attributes[0].expression
    assert isinstance(template, s.Template)
    literal, interpolation = template.parts
    assert isinstance(literal, s.Literal)
    assert literal.value == "\né😀"
    assert text[interpolation.start : interpolation.end] == '${ f(\\"x\\") }'
    assert isinstance(interpolation, s.Interpolation)
    call = interpolation.expression
    assert isinstance(call, s.Call)
    assert text[call.start : call.name_end] == "f"
    assert text[template.start : template.end] == '"\\n\\u00e9\\ud83d\\ude00${ f(\\"x\\") }"'


def test_errors_within_strings_have_their_place() -> None:
    text = '{"locals": {"a": "\\t${1 +}"}}'
    (problem,) = parse(text, json=True).errors
    assert text[problem.start : problem.end] == "}"
    assert "expression" in problem.message


def test_values_of_variables_are_no_templates() -> None:
    body = body_of('{"module": {"a": "${x}"}, "//": 1, "b": {"${y}": ["%{"]}}', attributes=True)
    assert not body.blocks
    values = {attribute.name: evaluate(attribute.expression) for attribute in body.attributes}
    assert values == {"module": {"a": "${x}"}, "//": 1, "b": {"${y}": ["%{"]}}


def test_comments_are_kept() -> None:
    parsed = parse('{\n  "//": "why",\n  "locals": {"//": "how", "a": 1}\n}\n', json=True)
    assert parsed.file is not None
    assert [(comment.text, comment.own_line) for comment in parsed.file.comments] == [
        ("// why", True),
        ("// how", False),
    ]


def test_many_blocks_of_one_type() -> None:
    body = body_of('{"locals": [{"a": 1}, {"b": 2}], "provider": {"aws": [{}, {"alias": "x"}]}}')
    assert [(block.type, block.labels) for block in body.blocks] == [
        ("locals", ()),
        ("locals", ()),
        ("provider", ("aws",)),
        ("provider", ("aws",)),
    ]


@pytest.mark.parametrize("text", ['{"a": [' * 100_000, "[" * 100_000, '{"a":' * 600 + "1" + "}" * 600])
def test_deep_nesting_is_a_problem(text: str) -> None:
    assert [problem.message for problem in parse(text, json=True).errors] == [
        "the code is nested more than 500 levels deep"
    ]
