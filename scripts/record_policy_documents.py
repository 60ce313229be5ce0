"""Record how the real AWS provider renders policy documents.

Usage: `python scripts/record_policy_documents.py` from the project's root, with a terraform that can install the
provider. Writes tests/aws_facts/golden/policy_documents.json.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.oracle.aws.policy_document_cases import all_cases
from tests.oracle.aws.terraform_run import Root, TerraformError, escape

GOLDEN = Path(__file__).parents[1] / "tests" / "aws_facts" / "golden" / "policy_documents.json"


CRASH = ("Plugin did not respond", "Request cancelled")


def _answers(root: Root, cases: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what the provider answers.

    Refused cases are found, and left out of the next attempt. Some cases crash the provider, and take down all
    that is asked at the same time: then the halves are asked on their own.
    """
    root.write({"data": {"aws_iam_policy_document": {name: escape(case) for name, case in cases.items()}}})
    try:
        plan = root.plan()
    except TerraformError as error:
        refused = {item["address"].rpartition(".")[2]: item for item in error.diagnostics if item.get("address")}
        crashed = not refused or any(item["summary"].startswith(CRASH) for item in error.diagnostics)
        if crashed and len(cases) == 1:
            return {key: {"error": "the provider crashes"} for key in cases}
        if crashed:
            names = list(cases)
            half = len(names) // 2
            first = _answers(root, {name: cases[name] for name in names[:half]})
            return first | _answers(root, {name: cases[name] for name in names[half:]})
        answers = {name: {"error": f"{item['summary']}: {item.get('detail')}"} for name, item in refused.items()}
        left = {name: case for name, case in cases.items() if name not in refused}
        return answers | (_answers(root, left) if left else {})
    return {
        resource["name"]: {name: resource["values"][name] for name in ("json", "minified_json", "id")}
        for resource in plan["prior_state"]["values"]["root_module"]["resources"]
    }


def main() -> None:
    cases = {f"c{number}": case for number, case in enumerate(all_cases())}
    with tempfile.TemporaryDirectory() as directory:
        answers = _answers(Root(Path(directory)), cases)
    recorded = [{"config": case, **answers[name]} for name, case in cases.items()]
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text("[\n" + ",\n".join(json.dumps(item) for item in recorded) + "\n]\n")
    print(len(recorded), "cases,", sum("error" in item for item in recorded), "of them refused")


if __name__ == "__main__":
    main()
