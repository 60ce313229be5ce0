"""Record what the real Terraform makes of expressions, as golden data.

    python scripts/record_expressions.py [--configuration MAIN.tf] [--plan] [--completions C.json] [-o G.jsonl] FILE…

Each FILE has one expression a line; empty lines and lines that start with `##`
are left out. A file named `*.jsonl` has one JSON string a line instead, for
expressions of several lines (heredocs), or earlier records, to make them again.
Without `-o`, what comes from `FILE.txt` goes to `FILE.golden.jsonl` beside it.
Each line of the output is one of

    {"expression": E, "value": JSON, "type": T}              JSON is the text that jsonencode gives
    {"expression": E, "value": JSON, "type": T, "sensitive": true}    the value as a whole is sensitive
    {"expression": E, "unknown": true, "type": T}            not wholly known
    {"expression": E, "error": "Summary: detail"}            Terraform refuses it
    {"expression": E, "crash": true}                         Terraform crashes over it

The expressions become locals of one module, so that the module's own files
(`--configuration`, for variables, locals and `terraform_data` resources to refer
to) are in scope. `--plan` evaluates after a plan, so that attributes of
`terraform_data` resources are unknown with their types. `--completions` says what
they may turn out to be, in a list of objects from names of locals to expressions;
then each line is

    {"expression": E, "completions": [RECORD, …]}            one record for each object, without the expression

Terraform must be on the path; no provider is needed. `record` and `record_completions`
do the same for a list in memory.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHUNK = 400
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_MARK = "recorded\u00a7"
_MARKED = re.compile(rf"object\(\{{{_MARK}:number,?\}}\),?")
_LOCATION = re.compile(r"^\s*on e(\d+)\.tf line")


def record(expressions: Sequence[str], configuration: str = "", *, plan: bool = False) -> list[dict[str, Any]]:
    """Return one record for each expression."""
    found: list[dict[str, Any]] = []
    for first in range(0, len(expressions), CHUNK):
        found += _chunk(list(expressions[first : first + CHUNK]), configuration, plan)
    return found


def record_completions(
    expressions: Sequence[str], configuration: str, completions: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    """Return, for each expression, what it gives with each of the completions."""
    found: list[dict[str, Any]] = [{"expression": expression, "completions": []} for expression in expressions]
    for known in completions:
        for entry, given in zip(found, record(expressions, completed(configuration, known)), strict=True):
            del given["expression"]
            entry["completions"].append(given)
    return found


def completed(configuration: str, known: Mapping[str, str]) -> str:
    """Return a configuration with other expressions for some of its locals."""
    for name, expression in known.items():
        line = re.compile(rf"^(\s*{name}\s*= ).*$", re.MULTILINE)
        configuration = line.sub(lambda match, value=expression: match[1] + value, configuration)
    return configuration


def _chunk(expressions: list[str], configuration: str, plan: bool) -> list[dict[str, Any]]:
    refused: dict[int, str] = {}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "main.tf").write_text(configuration)
        for index, expression in enumerate(expressions):
            body = expression if "\n" not in expression else f"(\n{expression}\n)"
            (directory / f"e{index}.tf").write_text(f"locals {{\n  e{index} = {body}\n}}\n")
        while True:  # what does not parse is found first, then what can't be evaluated
            found = _messages(_console(directory, "null", plan)[1])
            if not found:
                break
            if any(index < 0 for index, _ in found):
                raise SystemExit(f"terraform refuses the configuration: {found[0][1]}")
            for index, message in found:
                refused.setdefault(index, message)
                (directory / f"e{index}.tf").unlink(missing_ok=True)
        kept = [index for index in range(len(expressions)) if index not in refused]
        parts = [f"base64encode(nonsensitive(jsonencode(local.e{i}))), issensitive(local.e{i})," for i in kept]
        types = ", ".join(f'local.e{i}, {{ "{_MARK}" = {i} }}' for i in kept)
        recorded = ["locals {", "  recorded = [", *parts, "  ]", f"  recorded_types = [{types}]", "}", ""]
        (directory / "recorded.tf").write_text("\n".join(recorded))
        console = _console(directory, "local.recorded", plan)[0]
        if kept and "[" not in console.split("\n"):
            # Terraform crashes.
            if len(expressions) == 1:
                return [{"expression": expressions[0], "crash": True}]
            half = len(expressions) // 2
            return _chunk(expressions[:half], configuration, plan) + _chunk(expressions[half:], configuration, plan)
        values = _items(console)
        shown = _types(_console(directory, "type(local.recorded_types)", plan)[0])
    records = [{"expression": expression, "error": refused.get(i)} for i, expression in enumerate(expressions)]
    for position, index in enumerate(kept):
        records[index] = entry = {"expression": expressions[index]}
        value, sensitive = values[2 * position], values[2 * position + 1]
        entry |= {"value": base64.b64decode(value[1:-1]).decode()} if value.startswith('"') else {"unknown": True}
        entry["type"] = shown[position]
        if sensitive == "true":
            entry["sensitive"] = True
    return records


def _console(directory: Path, line: str, plan: bool) -> tuple[str, str]:
    command = ["terraform", "console"] + (["-plan"] if plan else [])
    done = subprocess.run(
        command, cwd=directory, input=line + "\n", capture_output=True, text=True, timeout=120, check=False
    )
    return _COLOR.sub("", done.stdout), _COLOR.sub("", done.stderr)


def _items(output: str) -> list[str]:
    """Return the elements of a tuple of texts and bools as the console prints it, one a line."""
    lines = output.split("\n")
    start = lines.index("[") if "[" in lines else len(lines)
    return [
        line.strip().removesuffix(",") for line in itertools.takewhile(lambda line: line != "]", lines[start + 1 :])
    ]


def _types(output: str) -> list[str]:
    """Return the types between the marks, without spaces and line breaks, which names of attributes may hold too."""
    types = _MARKED.split("".join(output.partition("tuple([\n")[2].split()))[:-1]
    return [re.sub(r",(?=[\])}])", "", each).replace(":", ": ").removesuffix(",") for each in types]


def _messages(errors: str) -> list[tuple[int, str]]:
    """Return the expression's number (-1 for the configuration) and the message of each error that Terraform prints."""
    found = []
    for box in errors.split("╷")[1:]:
        lines = [line.removeprefix("│").removeprefix(" ").rstrip() for line in box.split("╵")[0].split("\n")[1:]]
        paragraphs = "\n".join(lines).strip("\n").split("\n\n")
        if not paragraphs[0].startswith("Error: "):
            continue
        where = next(filter(None, (_LOCATION.match(part) for part in paragraphs[1:])), None)
        rest = [part for part in paragraphs[1:] if not re.match(r"\s*on \S+ line ", part)]
        summary = " ".join(paragraphs[0].removeprefix("Error: ").split())
        detail = " ".join(" ".join(rest).split())
        # Some of Go's panics are caught and printed, with addresses that differ each time.
        detail = detail.partition(" panic in function implementation:")[0]
        found.append((int(where[1]) if where else -1, f"{summary}: {detail}" if detail else summary))
    return found


def read_expressions(path: Path) -> list[str]:
    """Return the expressions of a file."""
    lines = path.read_text().splitlines()
    if path.suffix == ".jsonl":
        items = [json.loads(line) for line in lines if line.strip()]
        return [item["expression"] if isinstance(item, dict) else item for item in items]
    return [line for line in lines if line.strip() and not line.startswith("##")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--configuration", type=Path)
    parser.add_argument("--plan", action="store_true")
    parser.add_argument("--completions", type=Path)
    options = parser.parse_args()
    configuration = options.configuration.read_text() if options.configuration else ""
    everything: list[str] = []
    for path in options.files:
        expressions = read_expressions(path)
        if options.completions:
            records = record_completions(expressions, configuration, json.loads(options.completions.read_text()))
        else:
            records = record(expressions, configuration, plan=options.plan)
        lines = [json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n" for entry in records]
        if options.output is None:
            path.with_name(path.stem + ".golden.jsonl").write_text("".join(lines))
        everything += lines
    if options.output is not None:
        options.output.write_text("".join(everything))
    print(f"{len(everything)} expressions recorded", file=sys.stderr)


if __name__ == "__main__":
    main()
