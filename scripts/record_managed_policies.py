"""Records what the policies that AWS manages say, whole.

    python scripts/record_managed_policies.py

writes `src/astralint/aws/data/managed_policy_texts.xz` from the copy that moto keeps (Apache-2.0), by path and name.
"""

from __future__ import annotations

import json
import lzma
from importlib.metadata import version
from pathlib import Path

DATA = Path(__file__).parents[1] / "src" / "astralint" / "aws" / "data" / "managed_policy_texts.xz"


def main() -> None:
    """Write the file."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    policies = json.loads(aws_managed_policies_data)
    texts = {entry["Path"] + name: _statements(entry["Document"]) for name, entry in sorted(policies.items())}
    table = {"source": f"moto {version('moto')}", "policies": texts}
    text = json.dumps(table, separators=(",", ":"), sort_keys=True)
    DATA.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(texts):,} policies, {DATA.stat().st_size:,} bytes")


def _statements(document: dict[str, object]) -> list[object]:
    statements = document["Statement"]
    return statements if isinstance(statements, list) else [statements]


if __name__ == "__main__":
    main()
