"""`yamlencode` and `yamldecode`, with the rules of Terraform's own YAML reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from astralint.terraform.functions import timestamps
from astralint.terraform.functions.encoding import decoded_base64
from astralint.terraform.functions.registry import implements
from astralint.terraform.functions.support import (
    MAX_DEPTH,
    MAX_ELEMENTS,
    FunctionError,
    big_float,
    is_wholly_known,
    limit,
    text,
    unknown_of,
)
from astralint.terraform.functions.yaml_writer import encode
from astralint.terraform.values.convert import convert
from astralint.terraform.values.numbers import format_number, parse_number
from astralint.terraform.values.types import NUMBER, STRING
from astralint.terraform.values.value import FALSE, NULL, TRUE, Value, number, object_of, tuple_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS: dict[str, Value] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), TRUE),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), FALSE),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), NULL),
}
_HINTS = frozenset(["", *"+-.~0123456789yYnNtTfFoO"])
_INFINITIES = {"": 1, "+": 1, "-": -1}
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_BASED = re.compile(r"0(?:x([0-9a-fA-F]+)|o([0-7]+)|b([01]+))\Z")
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?(Z|[+-][0-9]{2}:[0-9]{2})"
    r"| +([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?)?\Z"
)
# JSON's escape of a slash, which the YAML of Terraform's reader does not have.
_SLASH = re.compile(r'"(?:[^\\]|\\[^/])*\\/', re.DOTALL)
_PREFIX = "tag:yaml.org,2002:"


# --- decoding -----------------------------------------------------------------------------


@implements("yamldecode")
def _yamldecode(arguments: list[Value]) -> Value:
    return decode_yaml(arguments[0].raw)


def decode_yaml(content: str) -> Value:
    """Return the value that a YAML text stands for; raise FunctionError where Terraform refuses it."""
    import yaml

    try:
        return _Reader(yaml).read(content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"on line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise FunctionError(f"{where}{getattr(error, 'problem', None) or 'not valid YAML'}", 0) from None


def _events(yaml: Any, content: str) -> Iterator[Any]:
    # The parser that is written in C is the same that Terraform's is a translation of.
    loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
    yield from yaml.parse(content, Loader=loader)


class _Open:
    """A mapping or a sequence that is being read."""

    __slots__ = ("anchor", "items", "key", "merge")

    def __init__(self, items: list[Value] | dict[str, Value], anchor: str | None) -> None:
        self.items = items
        self.anchor = anchor
        self.key: str | None = None
        self.merge = False


class _Reader:
    """Builds a value from the events of a parser, without recursion and within limits."""

    def __init__(self, yaml: Any) -> None:
        self.yaml = yaml
        self.content = ""
        self.anchors: dict[str, Value] = {}
        self.sizes: dict[int, int] = {}
        self.pending: list[str] = []
        self.elements = 0
        self.open: list[_Open] = []

    def read(self, content: str) -> Value:
        events = self.yaml.events
        self.content = content
        result: Value | None = None
        documents = 0
        for event in _events(self.yaml, content):
            if isinstance(event, events.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise FunctionError(f"{_where(event)}only a single document is allowed", 0)
                if event.version is not None and tuple(event.version) != (1, 1):
                    raise FunctionError(f"{_where(event)}found incompatible YAML document", 0)
            elif isinstance(event, events.NodeEvent | events.CollectionEndEvent):
                done = self.node(event)
                if done is not None:
                    result = done
        if result is None:
            raise FunctionError("missing start of document", 0)
        return result

    def node(self, event: Any) -> Value | None:
        """Take one event of a node; return the value where it completes the document."""
        events = self.yaml.events
        if self.awaits_key() and not isinstance(event, events.MappingEndEvent):
            container = self.open[-1]
            container.key = self.key_of(event)
            container.merge = event.value == "<<" and event.tag is None
            return None
        if isinstance(event, events.CollectionStartEvent):
            self.start(event)
            return None
        if isinstance(event, events.CollectionEndEvent):
            closed = self.open.pop()
            value = object_of(closed.items) if isinstance(closed.items, dict) else tuple_of(closed.items)
            if closed.anchor is not None:
                self.pending.remove(closed.anchor)
                self.anchors[closed.anchor] = value
        elif isinstance(event, events.AliasEvent):
            value = self.alias(event)
        else:
            value = self.scalar(event)
            if event.anchor is not None:
                self.anchors[event.anchor] = value
        self.count(1)
        return self.place(value, event)

    def awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].items, dict) and self.open[-1].key is None

    def start(self, event: Any) -> None:
        mapping = isinstance(event, self.yaml.events.MappingStartEvent)
        kind = "mapping" if mapping else "sequence"
        if event.tag not in {None, _PREFIX + ("map" if mapping else "seq")}:
            raise FunctionError(f"{_where(event)}can't interpret {kind} as {_short(event.tag)}", 0)
        if len(self.open) >= MAX_DEPTH:
            raise limit(f"the YAML text is nested more than {MAX_DEPTH} levels deep")
        if event.anchor is not None:
            self.pending.append(event.anchor)
        self.open.append(_Open({} if mapping else [], event.anchor))

    def place(self, value: Value, event: Any) -> Value | None:
        if not self.open:
            return value
        container = self.open[-1]
        if isinstance(container.items, list):
            container.items.append(value)
            return None
        key, container.key = container.key, None
        if container.merge:
            if not isinstance(value.raw, dict):
                raise FunctionError(f"{_where(event)}cannot merge {_kind(value)} into mapping", 0)
            container.items.update(value.raw)
        elif key is not None:
            container.items[key] = value
        return None

    def key_of(self, event: Any) -> str:
        if not isinstance(event, self.yaml.events.ScalarEvent):
            raise FunctionError(f"{_where(event)}only strings are allowed as mapping keys", 0)
        value = self.scalar(event)
        if value.is_null:
            raise FunctionError(f"{_where(event)}mapping key cannot be null", 0)
        if value.type == NUMBER:
            return format_number(value.raw)
        return str(value.raw) if value.type == STRING else str(value.raw).lower()

    def alias(self, event: Any) -> Value:
        if event.anchor in self.pending:
            raise FunctionError(
                f'{_where(event)}cannot refer to anchor "{event.anchor}" from inside its own definition', 0
            )
        value = self.anchors.get(event.anchor)
        if value is None:
            raise FunctionError(f'{_where(event)}reference to undefined anchor "{event.anchor}"', 0)
        if id(value) not in self.sizes:
            self.sizes[id(value)] = _size(value)
        self.count(self.sizes[id(value)])
        return value

    def count(self, elements: int) -> None:
        self.elements += elements
        if self.elements > MAX_ELEMENTS:
            raise limit(f"the YAML text stands for more than {MAX_ELEMENTS:,} elements")

    def scalar(self, event: Any) -> Value:
        tag = event.tag
        if tag is not None and (tag == "!" or not tag.startswith(_PREFIX)):
            raise FunctionError(f'{_where(event)}unsupported tag "{_short(tag)}"', 0)
        kind = tag.removeprefix(_PREFIX) if tag else ""
        try:
            return self.content_of(event, kind)
        except FunctionError as error:
            raise FunctionError(_where(event) + error.message, 0, code=error.code) from None

    def content_of(self, event: Any, kind: str) -> Value:
        quoted = event.style in {"'", '"'}
        if event.style == '"' and _SLASH.match(self.content, event.start_mark.index, event.end_mark.index):
            raise FunctionError("found unknown escape character")
        if quoted and (not kind or event.value[:1] in _HINTS):
            # Terraform's reader looks at the tag of a quoted text only where its start promises nothing.
            return text(event.value)
        value = resolve(event.value, kind)
        # A text in a block is resolved as if it were plain, and is a string in the end.
        return value if not event.style else convert(value, STRING)


def _size(value: Value) -> int:
    """Count the values in a value: aliases stand for as many again."""
    count = 0
    stack = [value]
    while stack:
        raw = stack.pop().raw
        count += 1
        if count > MAX_ELEMENTS:
            break
        if type(raw) is tuple:
            stack.extend(raw)
        elif isinstance(raw, dict):
            stack.extend(raw.values())
    return count


def _where(event: Any) -> str:
    return f"on line {event.start_mark.line + 1}, column {event.start_mark.column + 1}: "


def _short(tag: str) -> str:
    return "!!" + tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else tag


def _kind(value: Value) -> str:
    return "sequence" if isinstance(value.raw, tuple) else "scalar"


def resolve(content: str, kind: str) -> Value:
    """Return what a plain scalar means; `kind` is the name of its tag, empty where it has none."""
    if kind in {"str", "binary"}:
        if kind == "binary" and decoded_base64(content) is None:
            raise FunctionError(f'cannot parse "{content[:80]}" as !!binary: not valid base64')
        return text(content)
    if kind not in {"", "bool", "int", "float", "null", "timestamp"}:
        raise FunctionError(f'unsupported tag "!!{kind}"')
    value = _implicit(content, kind)
    if value is not None:
        return value
    if kind == "null":
        return NULL
    if kind in {"int", "float"}:
        plain = content.replace("_", "")
        raw = parse_number(plain) if _DECIMAL.match(plain) else None
        value = _based(plain) if raw is None else number(raw)
        if value is not None:
            return value
    if kind:
        raise FunctionError(f'cannot parse "{content[:80]}" as !!{kind}')
    return text(content)


def _implicit(content: str, kind: str) -> Value | None:
    word = _WORDS.get(content)
    if word is not None:
        return word
    sign, point, rest = content.rpartition(".")
    if point and rest in {"inf", "Inf", "INF"} and sign in _INFINITIES:
        return number(big_float(float("inf")) * _INFINITIES[sign])
    if content in {".nan", ".NaN", ".NAN"}:
        raise FunctionError("floating point NaN is not supported")
    if kind in {"", "timestamp"}:
        moment = _timestamp(content)
        if moment is not None:
            return text(moment)
    if _DECIMAL.match(content):
        raw = parse_number(content)
        if raw is not None:
            return number(raw)
    if content.startswith(("0x", "0o")):
        return _based(content)
    return None


def _based(content: str) -> Value | None:
    negative = content.startswith("-")
    match = _BASED.match(content[1:] if negative else content)
    if match is None:
        return None
    magnitude = int(match[1], 16) if match[1] else int(match[2], 8) if match[2] else int(match[3], 2)
    return number(-magnitude if negative else magnitude) if magnitude < 2**64 else None


def _timestamp(content: str) -> str | None:
    if len(content) > 64:
        return None
    match = _TIMESTAMP.match(content)
    if match is None:
        return None
    first = 4 if match[4] else 9
    hour, minute, second = int(match[first] or 0), int(match[first + 1] or 0), int(match[first + 2] or 0)
    offset = 0
    zone = match[8]
    if zone and zone != "Z":
        offset = (int(zone[1:3]) * 3600 + int(zone[4:]) * 60) * (-1 if zone[0] == "-" else 1)
    moment = timestamps.of_civil((int(match[1]), int(match[2]), int(match[3]), hour, minute, second), offset=offset)
    return moment.rfc3339() if moment else None


# --- encoding -----------------------------------------------------------------------------


@implements("yamlencode", unknowns=True)
def _yamlencode(arguments: list[Value]) -> Value:
    value = arguments[0]
    if not is_wholly_known(value):
        return unknown_of(STRING, arguments)
    return text(encode(value))
