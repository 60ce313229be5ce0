"""Ask `terraform validate` about the configurations of tests/terraform/validation/cases.toml.

Usage: `python scripts/record_validation.py` from the project's root, with terraform 1.11 installed. Writes golden.json
beside them: for each case the errors with their places, empty where terraform takes it.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "tests" / "terraform" / "validation"


def answer(files: dict[str, str]) -> list[dict[str, Any]]:
    """Return terraform's errors: what it calls them, and where they stand."""
    with tempfile.TemporaryDirectory() as scratch:
        for name, content in files.items():
            path = Path(scratch) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        if any(name.startswith("inner/") for name in files):
            _run(scratch, "get")
        said = json.loads(_run(scratch, "validate", "-json"))
    return [
        {
            "summary": each["summary"],
            "file": each.get("range", {}).get("filename", ""),
            "line": each.get("range", {}).get("start", {}).get("line", 0),
        }
        for each in said["diagnostics"]
        if each["severity"] == "error"
    ]


def _run(directory: str, *arguments: str) -> str:
    done = subprocess.run(["terraform", *arguments], cwd=directory, capture_output=True, text=True, check=False)
    return done.stdout


def main() -> None:
    cases: dict[str, dict[str, str]] = tomllib.loads((CASES / "cases.toml").read_text(encoding="utf-8"))
    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(cases, pool.map(answer, cases.values()), strict=True))
    lines = [f" {json.dumps(name)}: {json.dumps(errors)}" for name, errors in answers.items()]
    (CASES / "golden.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(answers)} configurations, {sum(map(bool, answers.values()))} of them refused")


if __name__ == "__main__":
    main()
