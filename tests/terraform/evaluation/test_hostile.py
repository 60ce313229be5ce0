"""Hostile roots end in bounded time with a diagnostic at its place, and the rest of them is evaluated."""

from __future__ import annotations

from itertools import pairwise

import pytest

from astralint.terraform.results import WorkspaceResult
from tests.terraform.evaluation.roots import evaluate_root


def _codes(result: WorkspaceResult) -> dict[str, int]:
    """Return the lines of the first file by diagnostic code."""
    found: dict[str, int] = {}
    for diagnostic in result.diagnostics:
        assert diagnostic.span is not None
        found.setdefault(diagnostic.code, diagnostic.span.line)
    return found


def _output(result: WorkspaceResult, name: str) -> object:
    return result.outputs[name].value.raw


STANDS = '\noutput "stands" {\n  value = "yes"\n}\n'


def _doubled(first: str, step: str, levels: int) -> str:
    """Return local values, each made of ten of the one before."""
    lines = [f"  a0 = {first}"]
    lines += [f"  a{level + 1} = " + step.replace("@", f"local.a{level}") for level in range(levels)]
    return "locals {\n" + "\n".join(lines) + f'\n}}\noutput "last" {{\n  value = local.a{levels}\n}}\n' + STANDS


@pytest.mark.parametrize(
    ("first", "step", "code"),
    [
        ("[1]", "[@, @, @, @, @, @, @, @, @, @]", "limit"),
        ("{ x = 1 }", "{ a = @, b = @, c = @, d = @ }", "limit"),
        ("[1]", "concat(@, @, @, @, @, @, @, @, @, @)", "limit"),
        ('"xxxxxxxxxx"', '"${@}${@}${@}${@}${@}${@}${@}${@}${@}${@}"', "limit"),
        ('"xxxxxxxxxx"', 'format("%s%s%s%s%s", @, @, @, @, @)', "limit"),
        ('"xxxxxxxxxx"', 'replace(@, "x", @)', "limit"),
        ("{ a = 1 }", '{ for k in ["a", "b", "c", "d"] : k => @ }', "limit"),
    ],
)
def test_values_that_grow_with_each_line(first: str, step: str, code: str) -> None:
    result = evaluate_root(_doubled(first, step, 40))
    assert code in _codes(result)
    assert _output(result, "stands") == "yes"


def test_texts_that_are_not_known_grow_no_further() -> None:
    result = evaluate_root('variable "v" {}\n' + _doubled('"x${var.v}"', '"${@}${@}${@}${@}${@}${@}${@}${@}"', 40))
    assert result.outputs["last"].value.is_unknown
    assert _output(result, "stands") == "yes"


def test_long_chains_are_followed() -> None:
    links = "\n".join(f"  c{i} = local.c{i + 1}" for i in range(3000))
    result = evaluate_root(f'locals {{\n{links}\n  c3000 = "end"\n}}\noutput "o" {{\n  value = local.c0\n}}\n')
    assert result.diagnostics == ()
    assert _output(result, "o") == "end"


def test_long_chains_of_resources_are_followed() -> None:
    links = "\n".join(
        f'resource "aws_sns_topic" "t{i}" {{\n  name = aws_sns_topic.t{i + 1}.name\n}}' for i in range(400)
    )
    result = evaluate_root(f'{links}\nresource "aws_sns_topic" "t400" {{\n  name = "end"\n}}\n')
    assert result.diagnostics == ()
    assert {resource.values.raw["name"].raw for resource in result.resources} == {"end"}


def test_a_cycle_in_a_long_module_is_told_as_one() -> None:
    others = "\n".join(f"  x{i} = {i}" for i in range(300))
    result = evaluate_root(f"locals {{\n  a = local.b\n  b = [local.a]\n{others}\n}}{STANDS}")
    assert _codes(result) == {"cycle": 2}
    assert len(result.diagnostics) == 1
    assert _output(result, "stands") == "yes"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("locals {\n  s = local.s\n}", "cycle"),
        ("locals {\n  t = [local.u]\n  u = local.t[0]\n}", "cycle"),
        ('variable "a" {\n  default = var.a\n}', "cycle"),
        ('resource "aws_sns_topic" "a" {\n  name = aws_sns_topic.a.name\n}', "cycle"),
        ('resource "aws_sns_topic" "a" {\n  count = length(aws_sns_topic.a)\n}', "cycle"),
        ('resource "aws_sns_topic" "a" {\n  for_each = aws_sns_topic.a\n  name = each.key\n}', "cycle"),
        ('module "a" {\n  source = "./"\n}', "cycle"),
        ("locals {\n  r = range(1000000000)\n}", "invalid-expression"),
        ("locals {\n  r = setproduct(range(1000), range(1000), range(1000))\n}", "limit"),
        ("locals {\n  n = [for i in range(1000) : [for j in range(1000) : [for k in range(1000) : i]]]\n}", "limit"),
        ('locals {\n  n = format("%1000000000s", 1)\n}', "limit"),
        ('resource "aws_sns_topic" "t" {\n  count = 1000000\n}', "limit"),
        (
            'resource "aws_sns_topic" "t" {\n  for_each = { for p in setproduct(range(200), range(100)) : join("-", p) => 1 }\n}',
            "limit",
        ),
        ("locals {\n  a = " + "[" * 600 + "]" * 600 + "\n}", "syntax-error"),
    ],
)
def test_what_does_not_end(text: str, code: str) -> None:
    result = evaluate_root({"main.tf": text, "stands.tf": STANDS})
    assert code in _codes(result), result.diagnostics
    assert _codes(result)[code] in (1, 2)
    assert _output(result, "stands") == "yes"


def test_modules_that_call_modules_by_the_dozen() -> None:
    files = {"main.tf": f'module "a" {{\n  source = "./m0"\n  count  = 10\n}}\n{STANDS}'}
    for level in range(8):
        files[f"m{level}/main.tf"] = (
            f'module "a" {{\n  source = "../m{level + 1}"\n  count  = 10\n}}\n'
            'resource "terraform_data" "t" {\n  count = 1000\n}\n'
        )
    files["m8/main.tf"] = "locals {\n}\n"
    result = evaluate_root(files)
    assert "limit" in _codes(result)
    assert len(result.resources) < 30_000
    assert _output(result, "stands") == "yes"
    assert result.blind_spots


def test_modules_that_call_each_other() -> None:
    files = {
        "main.tf": f'module "a" {{\n  source = "./a"\n}}\n{STANDS}',
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\noutput "x" {\n  value = module.b.x\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\noutput "x" {\n  value = module.a.x\n}\n',
    }
    result = evaluate_root(files)
    assert _codes(result) == {"cycle": 1}
    assert _output(result, "stands") == "yes"


@pytest.mark.parametrize("repetition", ["count = 1000000", "for_each = toset([for i in range(1000) : tostring(i)])"])
def test_modules_by_the_thousand(repetition: str) -> None:
    inner = 'resource "terraform_data" "t" {\n  count = 1000\n}\n'
    result = evaluate_root(
        {"main.tf": f'module "m" {{\n  source = "./m"\n  {repetition}\n}}\n{STANDS}', "m/main.tf": inner}
    )
    assert "limit" in _codes(result)
    assert len(result.resources) < 30_000
    assert _output(result, "stands") == "yes"


def test_files_by_the_thousand() -> None:
    files = {f"f{number}.tf": f"locals {{\n  l{number} = {number}\n}}\n" for number in range(3000)}
    result = evaluate_root({**files, "main.tf": 'output "last" {\n  value = local.l2999\n}\n' + STANDS})
    assert result.diagnostics == ()
    assert _output(result, "last") == 2999


def test_dynamic_blocks_in_dynamic_blocks() -> None:
    inner = 'dynamic "rule_label" {\n for_each = range(1000)\n content {\n name = rule_label.value\n }\n }'
    rule = f'dynamic "rule" {{\n for_each = range(1000)\n content {{\n name = rule.value\n priority = 1\n {inner}\n }}\n }}'
    result = evaluate_root(
        f'resource "aws_wafv2_web_acl" "w" {{\n name = "w"\n scope = "REGIONAL"\n {rule}\n}}\n{STANDS}'
    )
    assert "limit" in _codes(result)
    assert _output(result, "stands") == "yes"


def test_files_that_stand_for_more_than_they_hold() -> None:
    letters = "abcdefghijkl"
    anchors = "".join(f"{letter}: &{letter} [{','.join(['*' + before] * 9)}]\n" for before, letter in pairwise(letters))
    files = {
        "main.tf": 'output "y" {\n  value = yamldecode(file("b.yaml"))\n}\n'
        'output "j" {\n  value = jsondecode(file("d.json"))\n}\n'
        'output "t" {\n  value = templatefile("t.tpl", { a = 1 })\n}\n' + STANDS,
        "b.yaml": "a: &a [x,x,x,x,x,x,x,x,x]\n" + anchors,
        "d.json": "[" * 100_000 + "]" * 100_000,
        "t.tpl": '${templatefile("t.tpl", { a = a })}',
    }
    result = evaluate_root(files)
    assert len([d for d in result.diagnostics if d.severity == "error"]) == 3
    assert _output(result, "stands") == "yes"


def test_networks_by_the_million() -> None:
    text = (
        "locals {\n  k = range(1000)\n  m = flatten([for a in local.k : [for b in local.k : 8]])\n}\n"
        'output "c" {\n  value = cidrsubnets("10.0.0.0/8", local.m...)\n}\n'
    )
    result = evaluate_root(text + STANDS)
    assert result.outputs["c"].value.is_unknown
    assert _output(result, "stands") == "yes"
