"""Record what the real terraform gives for calls of functions.

Usage: `python scripts/record_functions.py tests/terraform/functions/golden/*.jsonl`

Each line of such a file is an object with an `expression`; the answer is written
beside it: `value` and `type` as `terraform output -json` shows them, or `error`,
`unknown`, or `infinite` (it has no notation in JSON).
Expressions are evaluated in a copy of `tests/terraform/functions/files`. Every
golden file is rewritten in place, so a new case is a line with an expression alone.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FILES = Path(__file__).parent.parent / "tests" / "terraform" / "functions" / "files"
PROVIDERS = """
terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
    aws       = { source = "hashicorp/aws" }
  }
}
"""
# A line of standard input that is longer is cut by `terraform console`.
LINE = 50_000


def terraform(directory: Path, *arguments: str, lines: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", *arguments], cwd=directory, input=lines, capture_output=True, text=True, check=False
    )


def outcomes(directory: Path, expressions: list[str]) -> dict[str, str]:
    """Say of each expression what becomes of it: `value`, `error`, `unknown` or `infinite`."""
    asked = (f'can({each}) ? (can(jsonencode({each})) ? "value" : "infinite") : "error"' for each in expressions)
    line = "nonsensitive(jsonencode([" + ", ".join(asked) + "]))"
    if len(line) < LINE:
        done = terraform(directory, "console", lines=line + "\n")
        if done.returncode == 0 and done.stdout.startswith('"'):
            return dict(zip(expressions, json.loads(json.loads(done.stdout)), strict=True))
        if len(expressions) == 1:
            # Either not even syntax, or not known before it is applied.
            return {expressions[0]: "error" if done.returncode else "unknown"}
    half = len(expressions) // 2
    return outcomes(directory, expressions[:half]) | outcomes(directory, expressions[half:])


def outputs(directory: Path, expressions: list[str]) -> dict[str, Any]:
    """Return the value and the type of each expression."""
    blocks = [
        f'output "o{index}" {{\n  sensitive = true\n  value = {{ v = {expression} }}\n}}\n'
        for index, expression in enumerate(expressions)
    ]
    (directory / "outputs.tf").write_text("".join(blocks))
    applied = terraform(directory, "apply", "-auto-approve", "-no-color")
    if applied.returncode:
        raise SystemExit(applied.stderr)
    shown = json.loads(terraform(directory, "output", "-json").stdout, parse_float=Number, parse_int=Number)
    return {
        expression: {"value": shown[f"o{index}"]["value"]["v"], "type": shown[f"o{index}"]["type"][1]["v"]}
        for index, expression in enumerate(expressions)
    }


class Number(str):
    """A number in the digits that terraform prints: it does not fit in a float."""

    __slots__ = ()


def tagged(value: Any) -> Any:
    """Write numbers as `{"number": digits}`."""
    if isinstance(value, Number):
        return {"number": str(value)}
    if isinstance(value, list):
        return [tagged(item) for item in value]
    if isinstance(value, dict):
        return {key: tagged(item) for key, item in value.items()}
    return value


def record(path: Path) -> None:
    expressions = [json.loads(line)["expression"] for line in path.read_text().split("\n") if line]
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary) / "root"
        shutil.copytree(FILES, directory)
        if any("provider::" in expression for expression in expressions):
            (directory / "main.tf").write_text(PROVIDERS)
            terraform(directory, "init")
        found = outcomes(directory, expressions)
        answers = outputs(directory, [expression for expression in expressions if found[expression] == "value"])
    lines = []
    for expression in dict.fromkeys(expressions):
        answer = answers.get(expression)
        shown = {"value": tagged(answer["value"]), "type": answer["type"]} if answer else {found[expression]: True}
        lines.append(json.dumps({"expression": expression, **shown}, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n")
    print(path.name, len(lines))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        record(Path(name))
