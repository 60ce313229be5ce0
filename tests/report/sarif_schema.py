"""Walks a SARIF log along the schema: every member known, every required one there, no text empty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA = json.loads((Path(__file__).parent / "golden" / "sarif_schema.json").read_text(encoding="utf-8"))


def problems(value: Any, definition: str = "sarifLog", where: str = "$") -> list[str]:
    """Return what the schema has against a value."""
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in problems(item, definition, f"{where}[{index}]")]
    if definition == "propertyBag":
        return [] if isinstance(value, dict) else [f"{where}: no property bag"]
    if not isinstance(value, dict):
        return [f"{where}: no object"]
    schema = SCHEMA[definition]
    found = [f"{where}: `{name}` is missing" for name in schema["required"] if name not in value]
    for name, member in value.items():
        place = f"{where}.{name}"
        if name not in schema["properties"]:
            found.append(f"{place}: not in the schema")
            continue
        if member == "":
            found.append(f"{place}: empty")
        if name in schema["enums"] and member not in schema["enums"][name]:
            found.append(f"{place}: {member!r} is none of {schema['enums'][name]}")
        if inner := schema["properties"][name]:
            members = member.values() if name in ("originalUriBaseIds", "messageStrings") else [member]
            for item in members:
                found.extend(problems(item, inner, place))
    return found
