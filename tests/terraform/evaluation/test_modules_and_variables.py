"""Where modules are found, and where variables have their values from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from astralint.assembly.workers import LocalWorkers
from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.results import WorkspaceResult
from astralint.terraform.values.value import Value
from astralint.terraform.workspace import WorkspaceSpec
from tests.assembly.workspaces import plain
from tests.config.memory import MemoryTree
from tests.terraform.evaluation.roots import evaluate_root

CALL = 'module "vpc" {\n  source = "acme/vpc/aws"\n}\noutput "x" {\n  value = module.vpc.name\n}\noutput "stands" {\n  value = 1\n}\n'
MADE = 'output "name" {\n  value = "made"\n}\n'


def manifest(**directories: str) -> str:
    entries: list[dict[str, str]] = [{"Key": "", "Source": "", "Dir": "."}]
    entries += [{"Key": key, "Source": "acme/vpc/aws", "Dir": path} for key, path in directories.items()]
    return json.dumps({"Modules": entries})


def x(result: WorkspaceResult) -> Any:
    return plain(result.outputs["x"].value)


def messages(result: WorkspaceResult) -> list[str]:
    return [diagnostic.message for diagnostic in result.diagnostics]


def test_a_module_that_is_not_there_is_the_reason_of_what_it_gives() -> None:
    result = evaluate_root(CALL)
    assert x(result) == "unknown: the module `acme/vpc/aws` is not in the tree"
    assert [(call.address, call.directory) for call in result.module_calls] == [("module.vpc", None)]
    assert [spot.reason.code for spot in result.blind_spots] == ["module-not-read"]
    assert messages(result) == []


def test_vendored_modules_are_read() -> None:
    inner = 'module "inner" {\n  source = "acme/inner/aws"\n}\noutput "name" {\n  value = module.inner.name\n}\n'
    files = {
        "main.tf": CALL,
        ".terraform/modules/modules.json": manifest(
            vpc=".terraform/modules/vpc", **{"vpc.inner": ".terraform/modules/vpc.inner/sub"}
        ),
        ".terraform/modules/vpc/main.tf": inner,
        ".terraform/modules/vpc.inner/sub/main.tf": MADE,
    }
    result = evaluate_root(files)
    assert x(result) == "made"
    assert result.blind_spots == ()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"Modules": 1}',
        '{"Modules": [1, {"Key": 1}, {"Dir": []}]}',
        manifest(vpc="../../outside"),
        manifest(vpc="/etc"),
        manifest(other=".terraform/modules/vpc"),
        "[" * 10_000,
    ],
)
def test_manifests_of_no_use(text: str) -> None:
    files = {"main.tf": CALL, ".terraform/modules/modules.json": text, ".terraform/modules/vpc/main.tf": MADE}
    result = evaluate_root(files)
    assert x(result).startswith("unknown: ")
    assert plain(result.outputs["stands"].value) == 1
    assert result.blind_spots


@pytest.mark.parametrize(
    ("source", "mapped"),
    [
        ("acme/vpc/aws", "acme/vpc/aws"),
        ("git::https://example.com/vpc.git?ref=v1", "git::https://example.com/vpc.git"),
        ("git::https://example.com/vpc.git//nested?ref=v1", "git::https://example.com/vpc.git"),
    ],
)
def test_sources_are_mapped_to_directories(source: str, mapped: str) -> None:
    tree = MemoryTree(
        {
            "root/main.tf": CALL.replace("acme/vpc/aws", source),
            "checkout/main.tf": MADE,
            "checkout/nested/main.tf": MADE,
        }
    )
    workers = LocalWorkers(ModuleLoader(tree, SyntaxStore(None)), Settings(module_sources={mapped: "checkout"}))
    assert x(workers.evaluate([(WorkspaceSpec("root", "root"), {})])[0]) == "made"


# --- variables -----------------------------------------------------------------------

USE = 'output "x" {\n  value = var.v\n}\noutput "stands" {\n  value = 1\n}\n'


def test_nothing_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_v", "of the environment")
    monkeypatch.setenv("TF_CLI_ARGS", "-var=v=of-the-environment")
    monkeypatch.setenv("TF_WORKSPACE", "of-the-environment")
    result = evaluate_root('variable "v" {\n  type = string\n}\noutput "w" {\n  value = terraform.workspace\n}\n' + USE)
    assert x(result) == "unknown: variable `v` has no value"
    assert plain(result.outputs["w"].value) == "default"


@pytest.mark.parametrize(
    ("type_", "given", "message"),
    [
        ("number", '"five"', "inappropriate value for variable `v`: a number is required"),
        ("list(string)", '"a"', "inappropriate value for variable `v`: list of string required"),
        ("object({ a = string })", "{}", "attribute"),
    ],
)
def test_values_of_the_wrong_type(type_: str, given: str, message: str) -> None:
    result = evaluate_root(
        {"main.tf": f'variable "v" {{\n  type = {type_}\n}}\n{USE}', "terraform.tfvars": f"v = {given}\n"}
    )
    (diagnostic,) = result.diagnostics
    assert message in diagnostic.message
    assert diagnostic.span is not None
    assert (diagnostic.span.file, diagnostic.labels[0].span.file) == ("terraform.tfvars", "main.tf")
    assert x(result).startswith("unknown: ")
    assert plain(result.outputs["stands"].value) == 1


def test_values_for_nobody_are_no_error() -> None:
    files = {"main.tf": 'variable "v" {\n  default = 1\n}\n' + USE, "a.auto.tfvars": "other = 2\n"}
    assert messages(evaluate_root(files)) == []


def test_a_validation_that_fails_leaves_the_rest() -> None:
    text = """
variable "v" {
  type = string
  validation {
    condition     = startswith(var.v, "a")
    error_message = "Begin ${var.v} with a."
  }
}
"""
    given: dict[str, Value] = {}
    assert messages(evaluate_root({"main.tf": text + USE}, variables=given)) == []
    result = evaluate_root({"main.tf": text + USE, "terraform.tfvars": 'v = "b"\n'})
    assert messages(result) == ["the value of variable `v` is not valid: Begin b with a."]
    assert plain(result.outputs["stands"].value) == 1
