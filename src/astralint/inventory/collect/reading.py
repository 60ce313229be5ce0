"""From what AWS answers to what exists, by the table of types."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import jmespath
import msgspec

from astralint.inventory.model import Live
from astralint.inventory.tables import CollectedType, collected_types, skeletons, sources

_PLACE = re.compile(r"\{([a-z]+)(?::([a-z]+))?\}")


class Place(msgspec.Struct, frozen=True):
    """Where something was found."""

    partition: str
    account: str
    region: str


def items_of(row: CollectedType, answer: Mapping[str, Any]) -> list[Any]:
    """Return the items of an answer that are still there."""
    found = [_with_properties(item) for item in _search(row.items, answer) or ()]
    return [item for item in found if not any(text_of(_search(path, item)) == gone for path, gone in row.skip.items())]


def _with_properties(item: Any) -> Any:
    """Return an item of Cloud Control, which writes properties as text, with an object of them."""
    if isinstance(item, dict) and isinstance(item.get("Properties"), str):
        try:
            return {**item, "Properties": json.loads(item["Properties"])}
        except ValueError:
            return {**item, "Properties": {}}
    return item


def arguments_of(given: Mapping[str, str], item: Any) -> dict[str, Any]:
    """Return the arguments of a call that are taken from an item."""
    return {name: _search(path, item) for name, path in given.items()}


def live_of(type_: str, row: CollectedType, item: Any, place: Place, parent: Any = None) -> Live | None:
    """Return what an item is; None for one without an id, which is none of this type."""
    id_ = text_of(_search(row.id, item))
    if not id_:
        return None
    if row.id_after and row.id_after in id_:
        id_ = id_.rpartition(row.id_after)[2]
    name = text_of(_search(row.name, item)) if row.name else ""
    if row.name_after:
        name = id_.rpartition(row.name_after)[2]
    attributes = {key: text for key, path in row.attributes.items() if (text := text_of(_search(path, item)))}
    if row.import_id:
        attributes["import_id"] = name if row.import_id == "$name" else text_of(_search(row.import_id, item))
    parents: list[str] = []
    for path in row.parents:
        found = _search(path, item)
        parents += [text_of(one) for one in (found if isinstance(found, list) else [found]) if one]
    if row.form == "record":
        id_, name, attributes = _record(item, parent)
    arn = _arn(row.arn, item, place, id_, name)
    created = text_of(_search(row.created, item)) if row.created else ""
    tags = _tags(_search(row.tags, item)) if row.tags else {}
    arguments = _arguments(type_, item, parent, {"$id": id_, "$name": name})
    return Live(
        place.account, place.region, type_, id_, arn, name, created, tags, attributes, tuple(parents), arguments
    )


def _arguments(type_: str, item: Any, parent: Any, known: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the arguments that the resource of an item has; None where the item does not tell them all."""
    skeleton = skeletons().get(type_)
    if isinstance(parent, dict) and isinstance(parent.get("Id"), str):
        parent = {**parent, "Id": parent["Id"].rpartition("/")[2]}
    whole = {**item, "Parent": parent} if isinstance(item, dict) else item
    if skeleton is None or (skeleton.unless and _search(skeleton.unless, whole)):
        return None
    found = {}
    for name, path in skeleton.arguments.items():
        value = known[path] if path in known else _search(path, whole)
        if value is not None and value != []:
            found[name] = value
    return found


def _record(item: Mapping[str, Any], zone: Mapping[str, Any]) -> tuple[str, str, dict[str, str]]:
    number = str(zone["Id"]).rpartition("/")[2]
    name = str(item["Name"]).rstrip(".").replace("\\052", "*")
    parts = [number, name, str(item["Type"])]
    if item.get("SetIdentifier"):
        parts.append(str(item["SetIdentifier"]))
    apex = name == str(zone["Name"]).rstrip(".")
    return "_".join(parts), name, {"apex": "true"} if apex else {}


def _arn(template: str, item: Any, place: Place, id_: str, name: str) -> str:
    if not template:
        return ""
    if not template.startswith("arn:"):
        return text_of(_search(template, item))
    values = {**msgspec.structs.asdict(place), "id": id_, "name": name}

    def filled(found: re.Match[str]) -> str:
        text = str(values[found[1]])
        return text.removeprefix("/") if found[2] == "path" else text

    return _PLACE.sub(filled, template)


def _tags(found: Any) -> dict[str, str]:
    if isinstance(found, dict):
        return {str(key): str(value) for key, value in found.items()}
    return {str(tag.get("Key", "")): str(tag.get("Value", "")) for tag in found or () if isinstance(tag, dict)}


def text_of(value: Any) -> str:
    """Return a value of an answer as text: times in UTC, truths as JSON writes them, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


@cache
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)


def _search(expression: str, item: Any) -> Any:
    return _compiled(expression).search(item)


# --- from an ARN alone --------------------------------------------------------------------


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = {name: row.arn for name, row in collected_types().items() if row.arn.startswith("arn:")}
    found = []
    for name, template in {**table, **sources().arns}.items():
        text = ""
        for number, part in enumerate(re.split(r"\{([a-z]+)(?::[a-z]+)?\}", template)):
            if number % 2 == 0:
                text += re.escape(part)
            elif part in ("partition", "region", "account"):
                text += f"(?P<{part}>[^:]*)"
            elif part == "name":
                text += "(?:.*/)?(?P<id>[^/:]+)"
            elif part == "rest":
                text += ".+"
            elif part == "kind":
                text += "(?:app|net|gwy)"
            else:
                text += f"(?P<{part}>[^:/]+)" if name not in _DEEP else f"(?P<{part}>.+)"
        found.append((name, re.compile(text)))
    return tuple(found)


_DEEP = frozenset({"aws_cloudwatch_log_group", "aws_ecr_repository", "aws_kms_alias", "aws_ssm_parameter"})
"""Types whose ids may have slashes."""


def live_of_arn(arn: str, tags: Mapping[str, str], *, global_region: str = "global") -> Live | None:
    """Return what an ARN is the name of; None for one of a type that is not in the table, or of several."""
    fitting = [(name, found) for name, shape in _shapes() if (found := shape.fullmatch(arn)) is not None]
    if len(fitting) != 1:
        return None
    name, found = fitting[0]
    row, parts = collected_types()[name], found.groupdict()
    region = global_region if row.scope == "global" else parts.get("region", "")
    id_ = arn if row.arn == row.id else parts.get("id") or arn
    return Live(parts.get("account", ""), region, name, id_, arn, tags=dict(tags))
