"""What only one dialect has, or only later versions (documented, not asked)."""

from __future__ import annotations

import pytest

from astralint.terraform.language.language import Language, newest, parse_language
from astralint.terraform.values.types import ListType, MapType, ObjectType, TupleType
from astralint.terraform.values.value import Unknown
from tests.terraform.evaluation.roots import evaluate_root

pytestmark = pytest.mark.documented

TOFU = newest("opentofu")
TERRAFORM = newest("terraform")


def local(value: str) -> str:
    return f'locals {{\n  it = "{value}"\n}}\noutput "it" {{\n  value = local.it\n}}\n'


@pytest.mark.parametrize(
    ("language", "files", "wanted"),
    [
        (TOFU, {"main.tf": local("terraform"), "main.tofu": local("tofu")}, "tofu"),
        (TERRAFORM, {"main.tf": local("terraform"), "main.tofu": local("tofu")}, "terraform"),
        (parse_language("opentofu@1.7"), {"main.tf": local("terraform"), "main.tofu": local("tofu")}, "terraform"),
        (TOFU, {"main.tf.json": '{"output": {"it": {"value": "a"}}}', "main.tofu.json": "{}"}, None),
        (TOFU, {"main.tf": local("terraform"), "main_override.tofu": 'locals {\n  it = "over"\n}\n'}, "over"),
    ],
)
def test_tofu_files_stand_in_for_their_twins(language: Language, files: dict[str, str], wanted: str | None) -> None:
    result = evaluate_root(files, language=language)
    assert not result.diagnostics
    assert (result.outputs["it"].value.raw if result.outputs else None) == wanted


def test_a_file_and_one_in_json_are_no_twins() -> None:
    files = {"main.tf": local("a"), "main.tofu.json": '{"output": {"other": {"value": 1}}}'}
    assert set(evaluate_root(files, language=TOFU).outputs) == {"it", "other"}


DISABLED = """
resource "terraform_data" "it" {
  input = "in"
  lifecycle {
    enabled = %s
  }
}
output "tried" {
  value = try(terraform_data.it.input, "none")
}
output "asked" {
  value = terraform_data.it != null ? terraform_data.it.input : "none"
}
output "all" {
  value = terraform_data.it[*].input
}
output "kept" {
  value = length([terraform_data.it])
}
"""


def test_what_is_disabled_is_null() -> None:
    result = evaluate_root(DISABLED % "false", language=TOFU)
    assert not result.diagnostics
    assert not result.resources
    assert {name: output.value.raw for name, output in result.outputs.items()} == {
        "tried": "none",
        "asked": "none",
        "all": (),
        "kept": 1,
    }


def test_what_is_enabled_has_no_key() -> None:
    result = evaluate_root(DISABLED % "true", language=TOFU)
    assert [resource.address for resource in result.resources] == ["terraform_data.it"]
    assert result.outputs["tried"].value.raw == "in"


def test_a_disabled_module_is_null() -> None:
    call = 'module "m" {\n  source = "./m"\n  lifecycle {\n    enabled = false\n  }\n}\n'
    output = 'output "it" {\n  value = try(module.m.it, "none")\n}\n'
    result = evaluate_root({"main.tofu": call + output, "m/main.tofu": local("x")}, language=TOFU)
    assert not result.diagnostics
    assert result.outputs["it"].value.raw == "none"


def test_an_output_has_the_type_that_it_declares() -> None:
    text = """
output "map" {
  type  = map(string)
  value = { a = 1 }
}
output "filled" {
  type  = object({ a = number, b = optional(string, "z") })
  value = { a = "1" }
}
output "wrong" {
  type  = number
  value = "x"
}
"""
    result = evaluate_root(text, language=TERRAFORM)
    assert isinstance(result.outputs["map"].value.type, MapType)
    assert result.outputs["filled"].value.raw["b"].raw == "z"
    assert isinstance(result.outputs["wrong"].value.raw, Unknown)
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["invalid-output-value"]


@pytest.mark.parametrize(
    ("output", "repetition", "kind"),
    [
        ("type = string", "count = 2", ListType),
        ("type = string", 'for_each = toset(["a"])', MapType),
        ("", "count = 2", TupleType),
        ("", 'for_each = toset(["a"])', ObjectType),
    ],
)
def test_instances_of_a_module_with_typed_outputs_are_a_list_or_map(output: str, repetition: str, kind: type) -> None:
    files = {
        "main.tf": f'module "m" {{\n  source = "./m"\n  {repetition}\n}}\noutput "it" {{\n  value = module.m\n}}\n',
        "m/main.tf": f'output "x" {{\n  value = "x"\n  {output}\n}}\n',
    }
    result = evaluate_root(files, language=TERRAFORM)
    assert isinstance(result.outputs["it"].value.type, kind)


def test_a_modules_source_may_be_a_variable() -> None:
    files = {
        "main.tf": 'variable "m" {\n  default = "inner"\n  const   = true\n}\n'
        'module "it" {\n  source = "./${var.m}"\n}\noutput "it" {\n  value = module.it.it\n}\n',
        "inner/main.tf": local("found"),
    }
    assert evaluate_root(files, language=TERRAFORM).outputs["it"].value.raw == "found"
    early = evaluate_root(files, language=Language("terraform", (1, 14, 9)))
    assert {diagnostic.code for diagnostic in early.diagnostics} == {"invalid-configuration", "other-version"}


def test_actions_and_what_triggers_them_are_read() -> None:
    text = """
action "aws_lambda_invoke" "warm" {
  config {
    function_name = terraform_data.it.input
  }
}
resource "terraform_data" "it" {
  input = "in"
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.aws_lambda_invoke.warm]
    }
  }
}
"""
    assert not evaluate_root(text, language=TERRAFORM).diagnostics
