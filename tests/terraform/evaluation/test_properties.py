"""What holds for every root: evaluation never raises, files and blocks have no order, and knowing more changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.types import SetType
from astralint.terraform.values.value import Unknown, Value, string
from tests.terraform.evaluation.roots import evaluate_root

NAMES = ["a", "b", "c"]
LEAVES = [
    '"x"',
    "7",
    "true",
    "null",
    "var.u",
    "var.v",
    "local.a",
    "local.b",
    "local.c",
    "aws_sns_topic.a.name",
    "aws_sns_topic.b[0].arn",
    'aws_sns_topic.c["x"].tags',
    "aws_sns_topic.b[*].name",
    "module.m.out",
    "data.aws_caller_identity.a.account_id",
    "terraform.workspace",
    "missing.thing",
]
FORMS = [
    '"p-${%s}"',
    "[%s, %s]",
    "{ k = %s, (%s) = 1 }",
    "%s == %s ? %s : %s",
    "[for x in [%s, %s] : x]",
    "{ for x in [%s] : x => %s }",
    "try(%s, %s)",
    "can(%s)",
    'join("-", [%s, %s])',
    "length(%s)",
    "tolist([%s])",
    "toset([%s, %s])",
    "merge({ a = %s }, { b = %s })",
    "jsonencode(%s)",
    "coalesce(%s, %s)",
    "%s + 1",
    "!%s",
    "%s[0]",
    "%s.name",
    "keys(%s)",
]


EXPRESSIONS: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        [st.tuples(*[inner] * form.count("%s")).map(lambda parts, form=form: form % parts) for form in FORMS]
    ),
    max_leaves=6,
)
REPETITIONS = st.one_of(
    st.just(""),
    st.integers(0, 3).map(lambda number: f"  count = {number}\n"),
    st.just('  for_each = toset(["x", "y"])\n'),
    EXPRESSIONS.map(lambda text: f"  for_each = {text}\n"),
    EXPRESSIONS.map(lambda text: f"  count = {text}\n"),
)


@st.composite
def roots(draw: st.DrawFn) -> list[str]:
    """Return the blocks of a root."""
    blocks = [f"locals {{\n  {name} = {draw(EXPRESSIONS)}\n}}\n" for name in NAMES]
    for name in NAMES:
        body = draw(REPETITIONS) + f"  name = {draw(EXPRESSIONS)}\n  tags = {{ t = {draw(EXPRESSIONS)} }}\n"
        blocks.append(f'resource "aws_sns_topic" "{name}" {{\n{body}}}\n')
    dynamic = f'  dynamic "ingress" {{\n    for_each = {draw(EXPRESSIONS)}\n    content {{\n      description = ingress.value\n    }}\n  }}\n'
    blocks.append(f'resource "aws_security_group" "g" {{\n{dynamic}}}\n')
    blocks.append(f'module "m" {{\n  source = "./m"\n  in = {draw(EXPRESSIONS)}\n{draw(REPETITIONS)}}}\n')
    blocks.append('data "aws_caller_identity" "a" {\n}\n')
    blocks.append(f'provider "aws" {{\n  region = {draw(EXPRESSIONS)}\n}}\n')
    blocks.append('variable "u" {\n}\n')
    blocks.append(
        f'variable "v" {{\n  type = {draw(st.sampled_from(["string", "any", "list(string)"]))}\n  default = null\n}}\n'
    )
    blocks += [f'output "{name}" {{\n  value = {draw(EXPRESSIONS)}\n}}\n' for name in NAMES]
    return blocks


MODULE = {
    "m/main.tf": 'variable "in" {}\nresource "terraform_data" "d" {\n  input = var.in\n}\noutput "out" {\n  value = var.in\n}\n'
}


def _plain(value: Value) -> Any:
    raw = value.raw
    if isinstance(raw, Unknown):
        return "unknown"
    if isinstance(raw, dict):
        return {name: _plain(item) for name, item in raw.items()}
    if isinstance(raw, tuple):
        return [_plain(item) for item in raw]
    return raw if raw is None or isinstance(raw, str | bool) else str(raw)


def summary(result: WorkspaceResult) -> Any:
    return (
        {r.address: (_plain(r.values), bool(r.uncertain)) for r in result.resources},
        {name: _plain(output.value) for name, output in result.outputs.items()},
        sorted(d.code for d in result.diagnostics),
    )


def refines(path: str, before: Value, after: Value) -> None:
    """Assert that what was known has stayed as it was."""
    if isinstance(before.raw, Unknown):
        return
    if isinstance(after.raw, Unknown):
        # What Terraform refuses with this value is no value any more.
        assert any(reason.code in ("error", "cycle", "limit") for reason in after.raw.reasons), path
        return
    if isinstance(before.raw, dict) and isinstance(after.raw, dict):
        for name, item in before.raw.items():
            if name in after.raw:
                refines(f"{path}.{name}", item, after.raw[name])
    elif isinstance(before.raw, tuple) and isinstance(after.raw, tuple):
        if not isinstance(before.type, SetType):
            assert len(before.raw) == len(after.raw), path
            for index, item in enumerate(before.raw):
                refines(f"{path}[{index}]", item, after.raw[index])
    else:
        assert _plain(before) == _plain(after), path


@settings(max_examples=120, deadline=None)
@given(blocks=roots(), data=st.data())
def test_files_and_blocks_have_no_order(blocks: list[str], data: st.DataObject) -> None:
    first = evaluate_root({"main.tf": "".join(blocks), **MODULE})
    shuffled = data.draw(st.permutations(blocks))
    cut = data.draw(st.integers(0, len(blocks)))
    second = evaluate_root({"a.tf": "".join(shuffled[:cut]), "z.tf": "".join(shuffled[cut:]), **MODULE})
    assert summary(first) == summary(second)


@settings(max_examples=120, deadline=None)
@given(blocks=roots(), given_value=st.sampled_from(["", "x", "7", "true"]))
def test_knowing_a_variable_changes_nothing_that_was_known(blocks: list[str], given_value: str) -> None:
    files = {"main.tf": "".join(blocks), **MODULE}
    before, after = evaluate_root(files), evaluate_root(files, variables={"u": string(given_value)})
    known = {resource.address: resource for resource in after.resources}
    for resource in before.resources:
        if not resource.uncertain and resource.address not in known:
            # Its number can't be told any more: Terraform refuses it with this value.
            named = [
                r
                for r in after.resources
                if (r.type, r.name, r.module) == (resource.type, resource.name, resource.module)
            ]
            assert any(r.uncertain for r in named) or any(r.uncertain for r in after.resources if resource.module)
        elif not resource.uncertain:
            refines(resource.address, resource.values, known[resource.address].values)
    for name, output in before.outputs.items():
        refines(name, output.value, after.outputs[name].value)
