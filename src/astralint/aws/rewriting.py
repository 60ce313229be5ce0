"""Arguments that the provider plans in another form than they are written: case, protocols, DNS names, JSON, hashes.

`data/rewritten.json` says of which argument of which resource type what is made: `{type: {path: name in REWRITES}}`.
Planned variants of each argument were compared with what is here (`scripts/record_rewritten.py`).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from astralint.source.partial import Hole, PartialText, Text

_DATA = Path(__file__).parent / "data" / "rewritten.json"
_OPEN, _CLOSE = "\ue000", "\ue001"


@cache
def _table() -> dict[str, dict[str, str]]:
    return msgspec.json.decode(_DATA.read_bytes(), type=dict[str, dict[str, str]])


def rewritten(type: str) -> dict[str, str]:
    """Return the arguments of a type that are rewritten, by their path (`alias.name`), each with how."""
    return _table().get(type, {})


def _compact(data: Any) -> str:
    """Return data as Go's `json.Marshal` writes it."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=_Number, parse_constant=_refuse)


def _refuse(_: str) -> None:
    raise ValueError


class _Number(float):
    """A fraction as Go writes it."""

    def __repr__(self) -> str:
        return str(int(self)) if self.is_integer() and abs(self) < 1e21 else float.__repr__(self)


def _json(text: str) -> str:
    try:
        return _compact(_parsed(text))
    except (ValueError, RecursionError):
        return text


def _plain_json(text: str) -> str:
    """Return JSON as it is written without care for HTML."""
    try:
        return json.dumps(_parsed(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _version_first(text: str) -> str:
    """Return a policy with its version first, as identity policies are kept."""
    try:
        data = _parsed(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(data, dict) or "Version" not in data:
        return _compact(data)
    rest = {name: value for name, value in data.items() if name != "Version"}
    inner = _compact(rest)[1:]
    return f'{{"Version":{_compact(data["Version"])}{"," if rest else ""}{inner}'


def _containers(text: str) -> str | None:
    """Return container definitions in the order of their names, and what is in them too; None where that is not clear."""
    try:
        data = _parsed(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        return None
    made = []
    for item in data:
        container = {name[:1].lower() + name[1:]: value for name, value in item.items() if value is not None}
        if container.keys() - _CONTAINER or not all(map(_is_plain, container.values())):
            return None
        for name in ("environment", "secrets"):
            if isinstance(container.get(name), list):
                container[name] = _by_name(container[name])
                if container[name] is None:
                    return None
        made.append(container)
    ordered = _by_name(made)
    return None if ordered is None else _compact(ordered)


def _by_name(entries: list[Any]) -> list[Any] | None:
    """Return entries in the order of their names; None where a name that is not known leaves that open."""
    names = [str(entry.get("name") or "") for entry in entries]
    if len(entries) > 1 and any(_OPEN in name for name in names):
        return None
    return sorted(entries, key=lambda entry: str(entry.get("name") or ""))


def _is_plain(value: Any) -> bool:
    """Say whether the names in a value are written as AWS writes them, and nothing in it is null."""
    if isinstance(value, dict):
        return all(item is not None and name[:1].islower() and _is_plain(item) for name, item in value.items())
    return all(map(_is_plain, value)) if isinstance(value, list) else value is not None


_CONTAINER = frozenset(
    [
        "command",
        "cpu",
        "credentialSpecs",
        "dependsOn",
        "disableNetworking",
        "dnsSearchDomains",
        "dnsServers",
        "dockerLabels",
        "dockerSecurityOptions",
        "entryPoint",
        "environment",
        "environmentFiles",
        "essential",
        "extraHosts",
        "firelensConfiguration",
        "healthCheck",
        "hostname",
        "image",
        "interactive",
        "links",
        "linuxParameters",
        "logConfiguration",
        "memory",
        "memoryReservation",
        "mountPoints",
        "name",
        "portMappings",
        "privileged",
        "pseudoTerminal",
        "readonlyRootFilesystem",
        "repositoryCredentials",
        "resourceRequirements",
        "restartPolicy",
        "secrets",
        "startTimeout",
        "stopTimeout",
        "systemControls",
        "ulimits",
        "user",
        "versionConsistency",
        "volumesFrom",
        "workingDirectory",
    ]
)
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def _dns_name(text: str) -> str:
    """Return a name as DNS keeps it: in small letters, without the dot at its end, other characters by number."""
    characters = (chr(byte) for byte in text.lower().encode("utf-8", "surrogatepass"))
    kept = "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else f"\\{ord(c):03o}" for c in characters)
    return kept.removesuffix(".")


def _user_data(text: str) -> str:
    """Return the hash by which user data is kept: of what base64 encodes, or of the text itself."""
    if not text:
        return text
    content = text.encode("utf-8", "surrogatepass")
    with contextlib.suppress(binascii.Error, ValueError):
        content = base64.b64decode(text.replace("\r", "").replace("\n", ""), validate=True)
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


REWRITES: dict[str, Callable[[str], str | None]] = {
    "lower": str.lower,
    "upper": str.upper,
    "strip": str.strip,
    "trim_dot": lambda text: text.removesuffix("."),
    "lower_trim_dot": lambda text: text.lower().removesuffix("."),
    "dns_name": _dns_name,
    "protocol": lambda text: _PROTOCOLS.get(text.lower(), text.lower()),
    "json": _json,
    "plain_json": _plain_json,
    "version_first": _version_first,
    "containers": _containers,
    "user_data": _user_data,
}
"""What is made of a text; None where it is not clear."""

_OF_PARTS = frozenset({"lower", "upper"})
_OF_JSON = frozenset({"json", "plain_json", "version_first"})
_OF_NAMES = frozenset({"dns_name", "lower_trim_dot", "trim_dot"})


def rewrite(name: str, text: Text) -> Text | None:
    """Return what is planned of a text, as far as that is known; None where nothing is."""
    change = REWRITES[name]
    if isinstance(text, str):
        return change(text)
    if name in _OF_PARTS:
        return PartialText.of(*(part if isinstance(part, Hole) else change(part) or "" for part in text.parts))
    if name in _OF_JSON or name == "containers":
        return _with_holes(change, text, text if name in _OF_JSON else None)
    if name not in _OF_NAMES:
        return None
    parts = [part if isinstance(part, Hole) or name == "trim_dot" else part.lower() for part in text.parts]
    if isinstance(parts[-1], str):
        parts[-1] = parts[-1].removesuffix(".")
    return PartialText.of(*parts)


def _with_holes(
    change: Callable[[str], str | None], text: PartialText, otherwise: PartialText | None
) -> PartialText | None:
    """Rewrite JSON whose strings have holes; `otherwise` is what becomes of what can't be rewritten."""
    holes = [part for part in text.parts if isinstance(part, Hole)]
    numbers = iter(range(len(holes)))
    hidden = "".join(part if isinstance(part, str) else f"{_OPEN}{next(numbers)}{_CLOSE}" for part in text.parts)
    made = change(hidden)
    if made is None:
        return otherwise
    if made == hidden:
        return text
    parts: list[str | Hole] = []
    for piece in made.split(_OPEN):
        number, closed, rest = piece.partition(_CLOSE)
        parts.extend([holes[int(number)], rest] if closed else [piece])
    return PartialText.of(*parts)
