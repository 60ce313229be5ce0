"""What `terraform validate` says of roots in JSON syntax, recorded from Terraform 1.11.4: refused (with what), or valid."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from astralint.assembly.workers import LocalWorkers
from astralint.config.settings import Settings
from astralint.hcl.store import SyntaxStore
from astralint.terraform.configuration.loader import ModuleLoader
from astralint.terraform.language.language import Language
from astralint.terraform.workspace import WorkspaceSpec
from tests.config.memory import MemoryTree

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "json_syntax.json").read_text("utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_json_is_judged_as_terraform_does(name: str) -> None:
    case = CASES[name]
    tree = MemoryTree({"root/main.tf.json": json.dumps(case["root"], indent=1)})
    spec = WorkspaceSpec("root", "root", language=Language("terraform", (1, 11, 4)))
    result = LocalWorkers(ModuleLoader(tree, SyntaxStore(None)), Settings()).evaluate([(spec, {})])[0]
    errors = [diagnostic.message for diagnostic in result.diagnostics if diagnostic.severity == "error"]
    assert bool(errors) == (case["refused"] is not None), (case["refused"], errors)


def test_actions_are_blocks_in_json() -> None:
    """Documented, not asked: Terraform 1.14 and later."""
    trigger = {"events": ["after_create"], "actions": ["action.aws_lambda_invoke.w[0]"], "condition": True}
    root = {
        "action": {"aws_lambda_invoke": {"w": {"count": 1, "provider": "aws", "config": {"function_name": "f"}}}},
        "resource": {"terraform_data": {"a": {"lifecycle": {"action_trigger": [trigger]}}}},
    }
    tree = MemoryTree({"root/main.tf.json": json.dumps(root)})
    workers = LocalWorkers(ModuleLoader(tree, SyntaxStore(None)), Settings())
    for version, refused in (((1, 14, 0), False), ((1, 11, 4), True)):
        result = workers.evaluate([(WorkspaceSpec("root", "root", language=Language("terraform", version)), {})])[0]
        assert bool([d for d in result.diagnostics if d.severity == "error"]) == refused


def test_encryption_and_language_are_blocks_in_json() -> None:
    """Documented, not asked: OpenTofu 1.12."""
    encryption = {
        "key_provider": {"pbkdf2": {"k": {"passphrase": "correct-horse"}}},
        "method": {"aes_gcm": {"m": {"keys": "${key_provider.pbkdf2.k}"}}},
        "state": {"method": "${method.aes_gcm.m}"},
    }
    root = {
        "language": {"compatible_with": {"opentofu": ">= 1.12"}},
        "terraform": {"encryption": encryption},
        "resource": {"terraform_data": {"a": {"lifecycle": {"enabled": False}}}},
    }
    tree = MemoryTree({"root/main.tofu.json": json.dumps(root)})
    spec = WorkspaceSpec("root", "root", language=Language("opentofu", (1, 12, 6)))
    result = LocalWorkers(ModuleLoader(tree, SyntaxStore(None)), Settings()).evaluate([(spec, {})])[0]
    assert (result.diagnostics, result.resources) == ((), ())
