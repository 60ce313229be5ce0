"""What pure functions of Go templates give: those of the language, and those of sprig that read nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from astralint.layouts.atmos.template_syntax import TemplateError
from astralint.terraform.values.json_text import to_json
from astralint.terraform.values.numbers import format_number, parse_number
from astralint.terraform.values.types import DYNAMIC
from astralint.terraform.values.value import NULL, Value, boolean, number, object_of, string, tuple_of

MAXIMUM_TEXT = 1_000_000


def printed(value: Value | None) -> str:
    """Return a value as `%v` prints it."""
    raw = value.raw if value is not None else None
    if raw is None:
        return "<no value>" if value is None else "<nil>"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return raw
    if isinstance(raw, tuple):
        return "[" + " ".join(printed(item) for item in raw) + "]"
    if isinstance(raw, dict):
        return "map[" + " ".join(f"{key}:{printed(item)}" for key, item in sorted(raw.items())) + "]"
    return str(format_number(raw))


def is_true(value: Value | None) -> bool:
    """Say whether a value counts as true: it is neither empty nor zero."""
    raw = value.raw if value is not None else None
    return bool(raw) if raw is None or isinstance(raw, bool | str | tuple | dict) else raw != 0


def _whole(value: Value) -> int:
    raw = value.raw
    if isinstance(raw, bool):
        return int(raw)
    if isinstance(raw, str):
        parsed = parse_number(raw)
        return int(parsed) if parsed is not None else 0
    if raw is None or isinstance(raw, tuple | dict):
        return 0
    return int(raw)


def _text(value: Value) -> str:
    return printed(value) if value.raw is not None else ""


def _items(value: Value) -> tuple[Value, ...]:
    raw = value.raw
    if not isinstance(raw, tuple):
        raise TemplateError("a list is needed")
    return raw


def _members(value: Value) -> dict[str, Value]:
    raw = value.raw
    if not isinstance(raw, dict):
        raise TemplateError("a map is needed")
    return raw


def _index(container: Value, *keys: Value) -> Value:
    for key in keys:
        raw = container.raw
        if isinstance(raw, dict):
            container = raw.get(_text(key), NULL)
        elif isinstance(raw, tuple):
            position = _whole(key)
            if not 0 <= position < len(raw):
                raise TemplateError(f"there is no element {position}")
            container = raw[position]
        else:
            raise TemplateError("only lists and maps are indexed")
    return container


_VERB = re.compile(r"%(?:%|[-+# 0]*[0-9]{0,3}(?:\.[0-9]{1,3})?[vsdqtTfgx])")


def _printf(format_: Value, *given: Value) -> Value:
    rest = list(given)

    def verb(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        if not rest:
            return f"%!{match[0][-1]}(MISSING)"
        value = rest.pop(0)
        kind, flags = match[0][-1], match[0][1:-1]
        if kind == "q":
            return json.dumps(_text(value), ensure_ascii=False)
        if kind in "vs" and not flags:
            return printed(value)
        if kind in "vs":
            return f"%{flags}s" % printed(value)
        if kind == "d":
            return f"%{flags}d" % _whole(value)
        if kind == "t":
            return printed(value)
        raise TemplateError(f"`{match[0]}` is not followed")

    text = _VERB.sub(verb, _text(format_))
    return string(_short(text))


def _short(text: str) -> str:
    if len(text) > MAXIMUM_TEXT:
        raise TemplateError("the result is too long")
    return text


def _json(value: Value) -> Value:
    return string(to_json(value))


def _of_json(value: Value) -> Value:
    try:
        return of_plain(json.loads(_text(value)))
    except ValueError:
        raise TemplateError("the text is no JSON") from None


def of_plain(data: Any) -> Value:
    """Return the value of plain data."""
    if data is None:
        return Value(DYNAMIC, None)
    if isinstance(data, bool):
        return boolean(data)
    if isinstance(data, str):
        return string(data)
    if isinstance(data, list | tuple):
        return tuple_of([of_plain(item) for item in data])
    if isinstance(data, dict):
        return object_of({str(key): of_plain(item) for key, item in data.items()})
    raw = parse_number(str(data))
    return number(raw) if raw is not None else string(str(data))


def _compare(test: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    def compared(left: Value, right: Value) -> Value:
        a, b = left.raw, right.raw
        if isinstance(a, str) != isinstance(b, str) or isinstance(a, tuple | dict) or a is None or b is None:
            raise TemplateError("values of different kinds are not compared")
        return boolean(test(a, b))

    return compared


def _equal(left: Value, *others: Value) -> Value:
    return boolean(any(_same(left, other) for other in others))


def _same(left: Value, right: Value) -> bool:
    a, b = left.raw, right.raw
    return (type(a) is type(b) and printed(left) == printed(right)) or (a is None and b is None)


def _required(message: Value, value: Value) -> Value:
    if value.raw in (None, ""):
        raise TemplateError(_text(message))
    return value


def _fail(message: Value) -> Value:
    raise TemplateError(_text(message))


def _ternary(first: Value, second: Value, test: Value) -> Value:
    return first if is_true(test) else second


def _dict(*given: Value) -> Value:
    return object_of({_text(given[i]): given[i + 1] for i in range(0, len(given) - 1, 2)})


def _merge(*maps: Value) -> Value:
    """Merge as sprig does: the first of two wins."""
    found: dict[str, Value] = {}
    for each in reversed(maps):
        found.update(_members(each))
    return object_of(found)


def _indent(width: Value, text: Value) -> Value:
    pad = " " * min(_whole(width), 100)
    return string(_short(pad + _text(text).replace("\n", "\n" + pad)))


def _title(text: Value) -> Value:
    return string(re.sub(r"(^|\s)(\S)", lambda m: m[1] + m[2].upper(), _text(text)))


def _texts(change: Callable[..., str]) -> Callable[..., Value]:
    """Return a function of texts that gives a text."""
    return lambda *given: string(_short(change(*(_text(value) for value in given))))


def _tests(test: Callable[..., bool]) -> Callable[..., Value]:
    return lambda *given: boolean(test(*(_text(value) for value in given)))


def _numbers(change: Callable[..., int]) -> Callable[..., Value]:
    return lambda *given: number(change(*(_whole(value) for value in given)))


def _quoted(*given: Value) -> Value:
    return string(" ".join(json.dumps(_text(v), ensure_ascii=False) for v in given if v.raw is not None))


def _replaced(old: str, new: str, text: str) -> str:
    if len(text) + text.count(old) * len(new) > MAXIMUM_TEXT:
        raise TemplateError("the result is too long")
    return text.replace(old, new)


def _repeated(text: str, count: int) -> str:
    if len(text) * max(count, 0) > MAXIMUM_TEXT:
        raise TemplateError("the result is too long")
    return text * count


def _divided(left: int, right: int) -> int:
    if right == 0:
        raise TemplateError("division by zero")
    return int(left / right)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    # the language's own
    "printf": _printf,
    "print": lambda *given: string("".join(printed(value) for value in given)),
    "println": lambda *given: string(" ".join(printed(value) for value in given) + "\n"),
    "len": lambda value: number(len(value.raw) if isinstance(value.raw, str | tuple | dict) else 0),
    "index": _index,
    "eq": _equal,
    "ne": lambda left, right: boolean(not _same(left, right)),
    "lt": _compare(lambda a, b: a < b),
    "le": _compare(lambda a, b: a <= b),
    "gt": _compare(lambda a, b: a > b),
    "ge": _compare(lambda a, b: a >= b),
    "not": lambda value: boolean(not is_true(value)),
    # sprig
    "default": lambda fallback, value=NULL: value if is_true(value) else fallback,
    "empty": lambda value: boolean(not is_true(value)),
    "coalesce": lambda *given: next((value for value in given if is_true(value)), NULL),
    "ternary": _ternary,
    "required": _required,
    "fail": _fail,
    "quote": _quoted,
    "squote": _texts(lambda *given: " ".join(f"'{text}'" for text in given)),
    "lower": _texts(str.lower),
    "upper": _texts(str.upper),
    "title": _title,
    "trim": _texts(str.strip),
    "trimAll": _texts(lambda characters, text: text.strip(characters)),
    "trimPrefix": _texts(lambda prefix, text: text.removeprefix(prefix)),
    "trimSuffix": _texts(lambda suffix, text: text.removesuffix(suffix)),
    "replace": _texts(_replaced),
    "repeat": lambda count, text: string(_repeated(_text(text), _whole(count))),
    "nospace": _texts(lambda text: re.sub(r"\s", "", text)),
    "trunc": lambda length, text: string(_cut(_text(text), _whole(length))),
    "toString": _texts(lambda text: text),
    "contains": _tests(lambda part, text: part in text),
    "hasPrefix": _tests(lambda prefix, text: text.startswith(prefix)),
    "hasSuffix": _tests(lambda suffix, text: text.endswith(suffix)),
    "splitList": lambda separator, text: tuple_of(
        [string(part) for part in _text(text).split(_text(separator) or None)]
    ),
    "split": lambda separator, text: object_of(
        {f"_{i}": string(part) for i, part in enumerate(_text(text).split(_text(separator) or None))}
    ),
    "join": lambda separator, items: string(_short(_text(separator).join(_text(item) for item in _items(items)))),
    "indent": _indent,
    "nindent": lambda width, text: string("\n" + str(_indent(width, text).raw)),
    "int": _numbers(lambda value: value),
    "int64": _numbers(lambda value: value),
    "add": _numbers(lambda *given: sum(given)),
    "add1": _numbers(lambda value: value + 1),
    "sub": _numbers(lambda left, right: left - right),
    "mul": _numbers(lambda left, right: left * right),
    "div": _numbers(_divided),
    "mod": _numbers(lambda left, right: left - right * _divided(left, right)),
    "max": _numbers(max),
    "min": _numbers(min),
    "list": lambda *given: tuple_of(given),
    "first": lambda items: _items(items)[0] if items.raw else NULL,
    "last": lambda items: _items(items)[-1] if items.raw else NULL,
    "rest": lambda items: tuple_of(_items(items)[1:]),
    "append": lambda items, item: tuple_of((*_items(items), item)),
    "concat": lambda *lists: tuple_of([item for each in lists for item in _items(each)]),
    "has": lambda item, items: boolean(any(_same(item, each) for each in _items(items))),
    "uniq": lambda items: tuple_of(list({printed(item): item for item in _items(items)}.values())),
    "sortAlpha": lambda items: tuple_of([string(text) for text in sorted(_text(item) for item in _items(items))]),
    "dict": _dict,
    "get": lambda members, key: _members(members).get(_text(key), string("")),
    "hasKey": lambda members, key: boolean(_text(key) in _members(members)),
    "keys": lambda members: tuple_of([string(key) for key in sorted(_members(members))]),
    "values": lambda members: tuple_of([item for _, item in sorted(_members(members).items())]),
    "merge": _merge,
    "toJson": _json,
    "toRawJson": _json,
    "fromJson": _of_json,
}
"""By name; what is given to them is known as a whole."""


def _cut(text: str, length: int) -> str:
    return text[:length] if length >= 0 else text[length:]
