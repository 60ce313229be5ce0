"""What each version makes of expressions.

Only Terraform 1.11 can be asked here; what later versions and OpenTofu do is *documented, not asked*: their sources,
changelogs and documentation say so.
"""

from __future__ import annotations

import pytest

from astralint.hcl import parse_expression
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.language.language import Language, parse_language
from astralint.terraform.values.value import EvaluationError, Reason, Unknown, Value, boolean, string, unknown
from tests.terraform.evaluation.roots import evaluate_root
from tests.terraform.expressions.console import Context, Locals

pytestmark = pytest.mark.documented

OLD = ("terraform@1.11", "opentofu@1.9")
NEW = ("terraform@1.12", "terraform@1.15", "opentofu@1.10", "opentofu@1.12")
NAMES = {
    "flag": unknown(Reason("known-after-apply", "it is not known yet"), boolean(True).type, not_null=True),
    "nothing": Value(boolean(True).type, None),
    "secret": string("x").with_marks(1),
    "words": string("%{ if true }${name}%{ endif }"),
}
OPERANDS = {"T": "true", "F": "false", "N": "local.nothing", "U": "local.flag", "E": '(tonumber("x") > 1)'}


def language(name: str) -> Language:
    found = parse_language(name)
    assert found is not None
    return found


def value(expression: str, name: str) -> Value:
    parsed = parse_expression(expression)
    assert parsed.expression is not None
    scope = Locals(NAMES)
    scope.functions = Context(language(name))
    return evaluate(parsed.expression, scope)


def said(expression: str, name: str) -> object:
    try:
        raw = value(expression, name).raw
    except EvaluationError:
        return "error"
    return "unknown" if isinstance(raw, Unknown) else raw


AND = {
    "T": ("TRUE", "F", "F", "U", "E"),
    "F": ("F", "F", "F", "F", "F"),
    "N": ("F", "F", "F", "F", "F"),
    "U": ("U", "F", "F", "U", "U"),
    "E": ("E", "F", "F", "E", "E"),
}
OR = {
    "T": ("TRUE", "TRUE", "TRUE", "TRUE", "TRUE"),
    "F": ("TRUE", "F", "E", "U", "E"),
    "N": ("TRUE", "E", "E", "U", "E"),
    "U": ("TRUE", "U", "U", "U", "U"),
    "E": ("TRUE", "E", "E", "E", "E"),
}
OUTCOMES: dict[str, object] = {"TRUE": True, "F": False, "U": "unknown", "E": "error"}


@pytest.mark.parametrize("name", NEW)
@pytest.mark.parametrize(("sign", "table"), [("&&", AND), ("||", OR)])
def test_one_operand_decides_cell_by_cell(name: str, sign: str, table: dict[str, tuple[str, ...]]) -> None:
    wrong = [
        f"{left} {sign} {right}: {got}"
        for left, row in table.items()
        for right, wanted in zip(OPERANDS, row, strict=True)
        if (got := said(f"{OPERANDS[left]} {sign} {OPERANDS[right]}", name)) != OUTCOMES[wanted]
    ]
    assert not wrong


@pytest.mark.parametrize("name", OLD)
def test_an_error_on_either_side_is_one_before(name: str) -> None:
    for expression in ('false && (tonumber("x") > 1)', "true || local.nothing", "false && local.nothing"):
        assert said(expression, name) == "error"


@pytest.mark.parametrize("name", [*OLD, *NEW])
@pytest.mark.parametrize(
    "expression", ['false && "abc"', "true || [1]", "false && local.missing", "true || nofunction()", "true || upper()"]
)
def test_what_is_wrong_whatever_the_values_are_is_never_passed_over(expression: str, name: str) -> None:
    assert said(expression, name) == "error"


@pytest.mark.parametrize("name", NEW)
def test_guards_hold(name: str) -> None:
    assert said("local.nothing == null || local.nothing.x > 0", name) in (True, "error")
    assert said('length([]) > 0 && [][0] == "a"', name) is False
    assert said("can(length([]) > 0 && [][0] == 1)", name) is True
    assert value('false && (local.secret == "x")', name).is_sensitive
    # Also where the branch is not taken, only its type counts.
    assert said('true ? "a" : tostring(false && (tonumber("x") > 1))', name) == "a"


CALLS = [
    ('element(["a", "b", "c"], -1)', "terraform@1.11", "error"),
    ('element(["a", "b", "c"], -1)', "terraform@1.12", "c"),
    ('element(["a", "b", "c"], -4)', "opentofu@1.10", "c"),
    ('element(split("/", "x/y"), -1)', "terraform@1.11", "y"),
    ('element(split("/", "x/y"), -1)', "opentofu@1.9", "error"),
    ('format("%v", null)', "terraform@1.11", "unknown"),
    ('format("%v", null)', "terraform@1.12", "null"),
    ('format("%s", null)', "opentofu@1.10", "error"),
    ('contains(["a"], tostring(null))', "terraform@1.15", "error"),
    ('contains(["a"], tostring(null))', "terraform@1.16", False),
    ('contains(["a", null], tostring(null))', "terraform@1.16", True),
    ('contains(["a"], null)', "terraform@1.16", "unknown"),
    ('jsondecode("{\\"a\\": 1, \\"a\\": true}").a', "terraform@1.11", True),
    ('jsondecode("{\\"a\\": 1, \\"a\\": true}").a', "terraform@1.12", "error"),
    ('jsondecode("{\\"a\\": 1, \\"a\\": 2}").a', "terraform@1.12", 2),
    ('urldecode("a+b%2Fc")', "opentofu@1.7", "a b/c"),
    ('urldecode("100%")', "opentofu@1.7", "error"),
    ('urldecode("a")', "terraform@1.15", "error"),
    ('urldecode("a")', "opentofu@1.6", "error"),
    ('cidrcontains("192.168.0.0/16", "192.168.7.9")', "opentofu@1.9", True),
    ('cidrcontains("192.168.0.0/16", "192.168.7.0/24")', "opentofu@1.9", True),
    ('cidrcontains("192.168.0.0/16", "192.0.0.0/8")', "opentofu@1.9", False),
    ('cidrcontains("192.168.0.0/16", "::1")', "opentofu@1.9", "error"),
    ('cidrcontains("192.168.0.0/16", "nowhere")', "opentofu@1.9", "error"),
    ('base64gunzip("H4sIAAAAAAAA/8tIzcnJBwCGphA2BQAAAA==")', "opentofu@1.9", "hello"),
    ('base64gunzip(base64gzip("some text"))', "opentofu@1.9", "some text"),
    ('base64gunzip("aGVsbG8=")', "opentofu@1.9", "error"),
    ('base64gunzip("!")', "opentofu@1.9", "error"),
    ('convert("1", number)', "terraform@1.15", 1),
    ('convert("1", number)', "terraform@1.14", "error"),
    ('convert("1", number)', "opentofu@1.12", "error"),
    ('convert({ a = "1" }, object({ a = number, b = optional(string, "z") })).b', "terraform@1.15", "z"),
    ("convert(null, string)", "terraform@1.15", None),
    ('convert("x", number)', "terraform@1.15", "error"),
    ("issensitive(sensitive(local.flag))", "terraform@1.15", True),
    ("issensitive(sensitive(local.flag))", "opentofu@1.10", True),
    ("issensitive(sensitive(local.flag))", "opentofu@1.11", "unknown"),
    ('issensitive(true ? "a" : local.secret)', "terraform@1.11", True),
    ('issensitive(true ? "a" : local.secret)', "opentofu@1.9", False),
    ('templatestring("$${name}", { name = "x" })', "terraform@1.15", "error"),
    ('templatestring("$${name}", { name = "x" })', "opentofu@1.9", "x"),
    ('templatestring("$${name}", { name = 5 })', "opentofu@1.9", 5),
    ("issensitive({ a = local.secret } == null)", "terraform@1.15", True),
    ('provider::terraform::encode_expr("x")', "terraform@1.7", "error"),
]


@pytest.mark.parametrize(("expression", "name", "wanted"), CALLS)
def test_functions_are_those_of_the_language(expression: str, name: str, wanted: object) -> None:
    assert said(expression, name) == wanted


def test_a_function_of_another_version_is_told_from_one_that_nobody_has() -> None:
    with pytest.raises(EvaluationError, match=r"needs OpenTofu 1\.7, and this is evaluated as Terraform 1\.15"):
        value('urldecode("a")', "terraform@1.15")
    with pytest.raises(EvaluationError, match=r"needs Terraform 1\.15"):
        value('convert("1", number)', "opentofu@1.12")


CHILD = {
    "main.tf": 'module "child" {\n  source = "./child"\n}\noutput "told" {\n  value = issensitive(module.child.it)\n}\n',
    "child/main.tf": 'output "it" {\n  value     = "x"\n  sensitive = true\n}\n',
}


@pytest.mark.parametrize(
    ("name", "told"),
    [("terraform@1.11", False), ("terraform@1.12", False), ("terraform@1.13", True), ("opentofu@1.7", True)],
)
def test_a_childs_output_is_sensitive_to_its_caller_where_it_is_declared_so(name: str, told: bool) -> None:
    assert evaluate_root(CHILD, language=language(name)).outputs["told"].value.raw is told


def test_a_function_of_a_provider_that_is_not_run_gives_something_unknown() -> None:
    required = 'terraform {\n  required_providers {\n    clock = { source = "hashicorp/time" }\n  }\n}\n'
    known = required + 'output "year" {\n  value = provider::clock::rfc3339_parse("2024-01-02T03:04:05Z").year\n}\n'
    result = evaluate_root(known)
    assert not result.diagnostics
    raw = result.outputs["year"].value.raw
    assert isinstance(raw, Unknown)
    assert raw.reasons[0].code == "provider-function"
    undeclared = evaluate_root('output "year" {\n  value = provider::clock::rfc3339_parse("")\n}\n')
    assert [diagnostic.code for diagnostic in undeclared.diagnostics] == ["unknown-function"]


def test_a_providers_function_goes_by_the_name_that_the_module_gives_it() -> None:
    required = 'terraform {\n  required_providers {\n    cloud = { source = "hashicorp/aws" }\n  }\n}\n'
    output = (
        'output "account" {\n  value = provider::cloud::arn_parse("arn:aws:iam::111122223333:role/x").account_id\n}\n'
    )
    assert evaluate_root(required + output).outputs["account"].value.raw == "111122223333"


def test_no_output_holds_an_infinite_number() -> None:
    result = evaluate_root('output "far" {\n  value = 1 / 0\n}\noutput "near" {\n  value = min(1 / 0, 3)\n}\n')
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["invalid-output-value"]
    assert result.outputs["near"].value.raw == 3


@pytest.mark.parametrize("condition", ["var.token == null ? 0 : 1", "sensitive(1)"])
def test_a_count_may_be_sensitive(condition: str) -> None:
    variable = 'variable "token" {\n  default   = "x"\n  sensitive = true\n}\n'
    result = evaluate_root(variable + f'resource "terraform_data" "it" {{\n  count = {condition}\n}}\n')
    assert not result.diagnostics
    assert [resource.address for resource in result.resources] == ["terraform_data.it[0]"]
