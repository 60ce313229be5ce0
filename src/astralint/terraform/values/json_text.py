"""Values as `jsonencode` writes them."""

from __future__ import annotations

from astralint.terraform.values.numbers import format_number
from astralint.terraform.values.value import EvaluationError, OpenAttributes, Unknown, Value

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_TABLE = str.maketrans({**{chr(code): f"\\u{code:04x}" for code in range(32)}, **_ESCAPES})


def json_string(text: str) -> str:
    """Quote a string as Go's encoding/json does, HTML escapes included."""
    return f'"{text.translate(_TABLE)}"'


def to_json(value: Value) -> str:
    """Return a value as `jsonencode` writes it; raises EvaluationError where it is not wholly known."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _write(value: Value, parts: list[str]) -> None:
    raw = value.raw
    if raw is None:
        parts.append("null")
    elif isinstance(raw, str):
        parts.append(json_string(raw))
    elif isinstance(raw, bool):
        parts.append("true" if raw else "false")
    elif isinstance(raw, tuple):
        parts.append("[")
        for position, item in enumerate(raw):
            if position:
                parts.append(",")
            _write(item, parts)
        parts.append("]")
    elif isinstance(raw, Unknown | OpenAttributes):
        raise EvaluationError("a value that is not known can't be written as JSON", code="unknown")
    elif isinstance(raw, dict):
        parts.append("{")
        for position, (key, item) in enumerate(raw.items()):
            parts.append(("," if position else "") + json_string(key) + ":")
            _write(item, parts)
        parts.append("}")
    else:
        parts.append(format_number(raw))
