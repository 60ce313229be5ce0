"""Record the signatures of Terraform's functions.

Usage: `python scripts/record_signatures.py > src/astralint/terraform/functions/signatures.json`

Reads `terraform metadata functions -json`, and, for the functions of providers,
the signatures that their documentation states (they are served by a provider
that has to be installed, which the metadata command does not ask).

Each entry is `[parameters, variadic parameter or null, return type]`; a parameter
is `[name, type, nullable]`; types are written as Terraform writes them in JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

PROVIDER_FUNCTIONS: dict[str, list[Any]] = {
    "provider::aws::arn_parse": [
        [["arn", "string", False]],
        None,
        [
            "object",
            {
                "account_id": "string",
                "partition": "string",
                "region": "string",
                "resource": "string",
                "service": "string",
            },
        ],
    ],
    "provider::aws::arn_build": [
        [[name, "string", False] for name in ("partition", "service", "region", "account_id", "resource")],
        None,
        "string",
    ],
    "provider::aws::trim_iam_role_path": [[["arn", "string", False]], None, "string"],
    "provider::terraform::encode_tfvars": [[["value", "dynamic", True]], None, "string"],
    "provider::terraform::decode_tfvars": [[["src", "string", False]], None, "dynamic"],
    "provider::terraform::encode_expr": [[["expr", "dynamic", True]], None, "string"],
}


def parameter(declared: dict[str, Any]) -> list[Any]:
    return [declared["name"], declared["type"], bool(declared.get("is_nullable"))]


def main() -> None:
    metadata = json.loads(
        subprocess.run(["terraform", "metadata", "functions", "-json"], check=True, capture_output=True).stdout
    )
    signatures = dict(PROVIDER_FUNCTIONS)
    for name, declared in metadata["function_signatures"].items():
        if name.startswith("core::"):
            continue
        variadic = declared.get("variadic_parameter")
        signatures[name] = [
            [parameter(each) for each in declared.get("parameters", [])],
            parameter(variadic) if variadic else None,
            declared["return_type"],
        ]
    lines = [f"  {json.dumps(name)}: {json.dumps(signatures[name])}" for name in sorted(signatures)]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
