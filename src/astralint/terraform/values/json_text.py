"""Values as `jsonencode` writes them."""

from __future__ import annotations

from astralint.source.partial import Hole, PartialText
from astralint.terraform.values.numbers import format_number, is_infinite
from astralint.terraform.values.types import STRING
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
    known = to_json_text(value).known
    if known is None:
        raise EvaluationError("a value that is not known can't be written as JSON", code="unknown")
    return known


def to_json_text(value: Value) -> PartialText:
    """Return a value as `jsonencode` writes it, as far as it is known.

    A hole inside of a string stands for what is written between its quotes, one outside for a whole value.
    Raises EvaluationError for infinities.
    """
    parts: list[str | Hole] = []
    _write(value, parts)
    return _joined(parts)


def _joined(parts: list[str | Hole]) -> PartialText:
    pieces: list[str | Hole] = []
    pending: list[str] = []
    for part in parts:
        if isinstance(part, str):
            pending.append(part)
            continue
        if pending:
            pieces.append("".join(pending))
            pending = []
        pieces.append(part)
    if pending:
        pieces.append("".join(pending))
    return PartialText(tuple(pieces))


def _write(value: Value, parts: list[str | Hole]) -> None:
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
    elif isinstance(raw, Unknown):
        _write_unknown(value, raw, parts)
    elif isinstance(raw, OpenAttributes):
        parts.append(Hole(raw.reason.message))
    elif isinstance(raw, dict):
        parts.append("{")
        for position, (key, item) in enumerate(raw.items()):
            parts.append(("," if position else "") + json_string(key) + ":")
            _write(item, parts)
        parts.append("}")
    elif is_infinite(raw):
        raise EvaluationError("cannot serialize infinity as JSON")
    else:
        parts.append(format_number(raw))


def _write_unknown(value: Value, unknown: Unknown, parts: list[str | Hole]) -> None:
    reason = unknown.reasons[0].message if unknown.reasons else "it is not known"
    if value.type != STRING or not (unknown.not_null or unknown.text is not None):
        # It may be null: then there are no quotes.
        parts.append(Hole(reason))
        return
    parts.append('"')
    for part in unknown.text.parts if unknown.text is not None else (Hole(reason),):
        parts.append(part.translate(_TABLE) if isinstance(part, str) else part)
    parts.append('"')
