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
