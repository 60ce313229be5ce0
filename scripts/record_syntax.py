"""Record what terraform accepts as syntax, and what it makes of templates.

    python scripts/record_syntax.py          records anew for all snippets in tests/hcl/golden
    python scripts/record_syntax.py FILE     adds those of a JSON file first: {"snippets": [], "templates": [], "json": []}

`snippets.jsonl` holds `[text, accepted]` a line, judged by `terraform fmt`;
`templates.jsonl` holds `[expression, value]`, as `terraform plan` computes it;
`json.jsonl` holds `[text, accepted]`, judged by `terraform validate`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "tests" / "hcl" / "golden"


def accepted(texts: list[str]) -> list[bool]:
    """Return for each text whether `terraform fmt` takes it, all by one process."""
    with tempfile.TemporaryDirectory() as directory:
        for number, text in enumerate(texts):
            Path(directory, f"snippet{number:05}.tf").write_bytes(text.encode("utf-8", "surrogatepass"))
        command = ["terraform", f"-chdir={directory}", "fmt", "-no-color", "-list=false", "-write=false"]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        # One file at a time says which are wrong: the names stand in the errors.
        rejected = {int(number) for number in re.findall(r"\bon snippet(\d{5})\.tf line", run.stderr + run.stdout)}
    return [number not in rejected for number in range(len(texts))]


def accepted_json(texts: list[str]) -> list[bool]:
    """Return for each text whether `terraform validate` takes it as a file in JSON syntax."""
    verdicts = []
    for text in texts:
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, "main.tf.json").write_bytes(text.encode())
            command = ["terraform", f"-chdir={directory}", "validate", "-json"]
            run = subprocess.run(command, capture_output=True, check=False)
            verdicts.append(bool(json.loads(run.stdout)["valid"]))
    return verdicts


def values(expressions: list[str]) -> list[object]:
    """Return what terraform computes for each expression (None where it fails)."""
    with tempfile.TemporaryDirectory() as directory:
        for number, expression in enumerate(expressions):
            text = f'output "o{number}" {{\n  value = {expression}\n}}\n'
            Path(directory, f"o{number}.tf").write_bytes(text.encode())
        environment = {**os.environ, "TF_IN_AUTOMATION": "1"}
        base = ["terraform", f"-chdir={directory}"]
        subprocess.run([*base, "init", "-no-color"], check=True, capture_output=True, env=environment)
        subprocess.run([*base, "plan", "-no-color", "-out=p"], check=True, stdout=subprocess.DEVNULL, env=environment)
        shown = subprocess.run([*base, "show", "-json", "p"], check=True, capture_output=True, env=environment)
        outputs = json.loads(shown.stdout)["planned_values"]["outputs"]
    return [outputs.get(f"o{number}", {}).get("value") for number in range(len(expressions))]


def read(name: str) -> list[list[object]]:
    """Return the lines of a golden file."""
    path = GOLDEN / name
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def write(name: str, rows: list[list[object]]) -> None:
    """Write a golden file, one row a line."""
    text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    (GOLDEN / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Record all golden data."""
    added = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")) if len(sys.argv) > 1 else {}
    GOLDEN.mkdir(parents=True, exist_ok=True)
    texts = list(dict.fromkeys([str(row[0]) for row in read("snippets.jsonl")] + added.get("snippets", [])))
    write("snippets.jsonl", [list(row) for row in zip(texts, accepted(texts), strict=True)])
    expressions = list(dict.fromkeys([str(row[0]) for row in read("templates.jsonl")] + added.get("templates", [])))
    write("templates.jsonl", [list(row) for row in zip(expressions, values(expressions), strict=True)])
    bodies = list(dict.fromkeys([str(row[0]) for row in read("json.jsonl")] + added.get("json", [])))
    write("json.jsonl", [list(row) for row in zip(bodies, accepted_json(bodies), strict=True)])
    print(f"{len(texts)} snippets, {len(expressions)} templates, {len(bodies)} texts in JSON")


if __name__ == "__main__":
    main()
