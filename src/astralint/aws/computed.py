"""Attributes that are known only after apply, and yet predictable: ARNs, identifiers that are names, URLs.

`data/computed.json` says for each resource type how its attributes are made up of others. A template is text with
places in braces:

- `{partition}`, `{region}`, `{account}`, `{dns_suffix}`: where the resource lives;
- `{name}`: the resource's attribute, or one that the table answered before it;
- `{path|/}`: with what counts where the attribute is null or empty;
- `{url:without_scheme}`: changed by a filter (see `FILTERS`), before the default counts;
- `{region:table=NAME}`: looked up in a table of `data/lookup.json`;
- `{?reason}`: text that can't be predicted, a hole.

A template of which a place has no value answers nothing. A list of templates stands for its first that answers.
Where `name` is null and `name_prefix` is set, the name is known to begin with the prefix.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from astralint.aws.partitions import dns_suffix
from astralint.aws.plain import Plain, Text, Unknown, as_text, simplify
from astralint.aws.schema import resource_schema
from astralint.aws.text_filters import FILTERS, look_up
from astralint.source.partial import Hole, PartialText

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA = Path(__file__).parent / "data"
_PLACE = re.compile(r"\{([^{}]+)\}")
_GENERATED = "a unique suffix that the provider generates"

_Template: TypeAlias = str | list[str]


@cache
def _table() -> dict[str, dict[str, _Template]]:
    return msgspec.json.decode((_DATA / "computed.json").read_bytes(), type=dict[str, dict[str, _Template]])


def predictable_types() -> tuple[str, ...]:
    """Return the resource types of which attributes can be predicted, sorted."""
    return tuple(_table())


def predictable_attributes(type: str) -> tuple[str, ...]:
    """Return the attributes of a type that the table knows, `tags_all` apart."""
    return tuple(_table().get(type, ()))


def computed(
    type: str,
    attributes: Mapping[str, Plain],
    account: Text,
    region: Text,
    partition: Text = "aws",
    *,
    default_tags: Mapping[str, Plain] | None = None,
    identity: str = "",
) -> dict[str, Plain]:
    """Return the attributes that are predictable, of those that the configuration does not give.

    `attributes` holds what is configured or planned; what is only known after apply may be absent or Unknown.
    What is unknown becomes holes of the answers, which keep their symbols. What AWS or the provider makes up is a
    hole too: with `identity`, a name that only this resource has, it is the same text wherever it comes to stand.
    Attributes that can't be predicted are absent from the result.
    """
    context: dict[str, Text] = {"account": account, "region": region, "partition": partition}
    context["dns_suffix"] = dns_suffix(partition)
    answers: dict[str, Plain] = {}
    for name, template in _table().get(type, {}).items():
        if attributes.get(name) is not None and not isinstance(attributes[name], Unknown):
            continue
        for text in [template] if isinstance(template, str) else template:
            answer = _fill(text, name, attributes, answers, context, identity)
            if answer is not None:
                answers[name] = answer
                break
    block = resource_schema("managed", type)
    if block is not None and "tags_all" in block.attributes:
        answers["tags_all"] = merged_tags(attributes.get("tags"), default_tags)
    return answers


def merged_tags(tags: Plain, default_tags: Mapping[str, Plain] | None) -> Plain:
    """Return `tags_all`: the provider's default tags, and the resource's own, which win."""
    if isinstance(tags, Unknown):
        return tags
    own = tags if isinstance(tags, dict) else {}
    merged = {**(default_tags or {}), **own}
    return {key: value for key, value in sorted(merged.items()) if value is not None}


def _fill(
    template: str,
    target: str,
    attributes: Mapping[str, Plain],
    answers: Mapping[str, Plain],
    context: Mapping[str, Text],
    identity: str,
) -> Text | None:
    parts: list[str | Hole | PartialText] = []
    position = 0
    for number, match in enumerate(_PLACE.finditer(template)):
        parts.append(template[position : match.start()])
        position = match.end()
        place = match[1]
        if place.startswith("?"):
            parts.append(_made_up(place[1:], identity, f"{target}#{number}"))
            continue
        value = _value(place, target, attributes, answers, context, identity)
        if value is None:
            return None
        parts.append(value)
    parts.append(template[position:])
    return simplify(_identified(PartialText.of(*parts), identity, target))


def _identified(text: PartialText, identity: str, target: str) -> PartialText:
    """Return a text that is the same wherever it comes to stand, however little of it is known."""
    if not identity:
        return text
    return PartialText(
        tuple(
            Hole(part.reason, f"generated:{identity}.{target}/{number}")
            if isinstance(part, Hole) and part.symbol is None
            else part
            for number, part in enumerate(text.parts)
        )
    )


def _value(
    place: str,
    target: str,
    attributes: Mapping[str, Plain],
    answers: Mapping[str, Plain],
    context: Mapping[str, Text],
    identity: str,
) -> Text | None:
    expression, bar, default = place.partition("|")
    name, _, filter_name = expression.partition(":")
    value: Text | None
    if name in context:
        value = context[name]
    elif name in answers and name != target:
        value = as_text(answers[name])
    else:
        value = _attribute(name, target, attributes, identity)
    if value is not None and value and filter_name:
        value = _filtered(value, filter_name)
    if not value and bar:
        return default
    return value or None


def _attribute(name: str, target: str, attributes: Mapping[str, Plain], identity: str) -> Text | None:
    """Return an attribute's text.

    An attribute that is not configured has no value here, although the plan calls it unknown: unless it is itself
    asked for, it is then known to begin with its prefix, if there is one.
    """
    value = attributes.get(name)
    prefix = attributes.get(f"{name}_prefix")
    if value is None or (isinstance(value, Unknown) and prefix is not None) or name == target:
        start = as_text(prefix) if prefix is not None else None
        return PartialText.of(start, _made_up(_GENERATED, identity, name)) if start else None
    return as_text(value)


def _made_up(reason: str, identity: str, what: str) -> Hole:
    return Hole(reason, f"generated:{identity}.{what}" if identity else None)


def _filtered(value: Text, filter_name: str) -> Text | None:
    name, _, argument = filter_name.partition("=")
    if name == "table":
        return look_up(argument, value)
    return FILTERS[name](value, argument)
