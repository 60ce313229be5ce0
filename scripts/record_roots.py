"""Record what terraform makes of the root modules of tests/oracle/roots/cases.

Usage: `python scripts/record_roots.py [--together] [CASE…]` from the project's root, with a terraform that can install the AWS
provider, and moto's server. Writes tests/roots/golden/CASE.json: instances and outputs as planned, or the error that
terraform ends with; for cases that are applied, the values afterwards as well. `--together` plans cases without
settings as modules of one root, which takes as long as a single one.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.roots.terraform_answers import CASES, Terraform, moto_server

GOLDEN = Path(__file__).parents[1] / "tests" / "roots" / "golden"


def text_of(answer: dict[str, Any]) -> str:
    """Return an answer as JSON with one resource or output a line."""
    sections = []
    for section, entries in answer.items():
        if isinstance(entries, dict):
            lines = [f"  {json.dumps(name)}: {_compact(entry)}" for name, entry in entries.items()]
            sections.append(f' "{section}": {{\n' + ",\n".join(lines) + "\n }")
        else:
            sections.append(f' "{section}": {_compact(entries)}')
    return "{\n" + ",\n".join(sections) + "\n}\n"


def _compact(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def main() -> None:
    together = "--together" in sys.argv
    names = [name for name in sys.argv[1:] if name != "--together"] or sorted(case.name for case in CASES.iterdir())
    with moto_server() as server, tempfile.TemporaryDirectory() as scratch:
        terraform = Terraform(server, Path(scratch))
        if together:
            for name, answer in terraform.answers_together([CASES / name for name in names]).items():
                (GOLDEN / f"{name}.json").write_text(text_of(answer), encoding="utf-8")
            return
        for name in names:
            started = time.monotonic()
            answer = terraform.answer(CASES / name)
            (GOLDEN / f"{name}.json").write_text(text_of(answer), encoding="utf-8")
            said = answer.get("error", f"{len(answer.get('resources', ()))} instances")
            print(f"{name}: {said} ({time.monotonic() - started:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
