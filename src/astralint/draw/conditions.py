"""Conditions in the few words that a label has room for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from astralint.draw.escape import visible

_TEST = re.compile(r"(?P<key>\S+) (?P<operator>(?:For(?:All|Any)Values?:)?[A-Za-z]+|is) (?P<value>.+)", re.DOTALL)
_OPERATOR = re.compile(
    r"(?:For\w+:)?(?P<sort>String|Numeric|Date|Bool|Binary|IpAddress|NotIpAddress|Arn|Null)(?P<rest>\w*)"
)
_PREFIX = re.compile(r"^[^\s:]+:(?=\S)")
_FIRST = re.compile(r'^\[?"(?P<first>[^"]*)"(?P<more>, )?')
_WORD = re.compile("[:/]")
_LAST = ("aud", "amr")
"""Keys that are the same for everybody, so that they tell the least."""
_DOCUMENT = re.compile(
    "(?:identity|trust|session|service control|resource control) polic(?:y|ies)|permissions boundary|principal"
)
"""What a condition in words is about; the whole sentence is too long for a label."""
_CLOSE = 12
_SEVERAL, _KEYS = 2, 3
_LONGEST = 100
"""No label has room for more characters."""


def telling(conditions: Sequence[str]) -> str:
    """Return the condition that says most of who is meant; "" if there is none."""
    return min(conditions, key=_rank, default="")


def _rank(condition: str) -> int:
    return _rank_of(_key(condition))


def _rank_of(key: str) -> int:
    return 2 if not key or " " in key else 0 if key == "sub" else 3 if key in _LAST else 1


def summary(conditions: Sequence[str], fits: Callable[[str], bool]) -> str:
    """Return what conditions hang on: the most telling one and how many more, or the keys where many tell the same."""
    first = telling(conditions)
    keys: dict[str, int] = {}
    for condition in conditions:
        key = _key(condition)
        keys[key] = keys.get(key, 0) + 1
    if keys.get(_key(first), 0) < _SEVERAL:
        more = f" +{len(conditions) - 1}" if len(conditions) > 1 else ""
        return brief(first, lambda text: fits(text + more)) + more
    named = sorted((key for key in keys if key), key=lambda key: (_rank_of(key), key))
    text = ", ".join([*named[:_KEYS], *(["…"] if len(named) > _KEYS or "" in keys else [])])
    return _beginning(text if named else f"{len(conditions)} conditions", fits)


def _key(condition: str) -> str:
    found = _TEST.fullmatch(visible(condition))
    if found is not None and _sign(found["operator"]):
        return _PREFIX.sub("", found["key"])
    document = _DOCUMENT.search(condition)
    return document[0] if document is not None else ""


def brief(condition: str, fits: Callable[[str], bool]) -> str:
    """Return a condition so short that it fits: without its key's prefix, its operator a sign.

    Of a value the end is kept, because that is what often tells conditions apart.
    """
    text = visible(condition)
    found = _TEST.fullmatch(text)
    sign = _sign(found["operator"]) if found is not None else ""
    if found is None or not sign:
        document = _DOCUMENT.search(text)
        return document[0] if document is not None and not fits(text) else _beginning(text, fits)
    head = f"{_PREFIX.sub('', found['key'])} {sign} "
    value = found["value"]
    first = _FIRST.match(value)
    if first is not None:
        value = first["first"] + (" …" if first["more"] else "")
    if fits(head + value):
        return head + value
    if not fits(f"{head}…{value[-6:]}"):
        return _beginning(head + value, fits)
    low, high = 0, len(value)
    while low < high:
        middle = (low + high) // 2
        if fits(f"{head}…{value[middle:]}"):
            high = middle
        else:
            low = middle + 1
    word = _WORD.search(value[low : low + _CLOSE])
    if word is not None and low + word.end() < len(value):
        low += word.end()
    return f"{head}…{value[low:].lstrip()}"


def _sign(operator: str) -> str:
    if operator == "is":
        return "is"
    found = _OPERATOR.fullmatch(operator)
    if found is None:
        return ""
    rest = found["rest"].removesuffix("IfExists")
    negated = "Not" in rest or found["sort"].startswith("Not")
    if found["sort"] in ("Numeric", "Date") and ("Less" in rest or "Greater" in rest):
        return ("<" if "Less" in rest else ">") + ("=" if rest.endswith("Equals") else "")
    like = "Like" in rest or found["sort"] == "Arn"
    return ("≁" if like else "≠") if negated else ("~" if like else "=")


def _beginning(text: str, fits: Callable[[str], bool]) -> str:
    if fits(text[:_LONGEST]) and len(text) <= _LONGEST:
        return text
    low, high = 0, min(len(text), _LONGEST)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[:middle].rstrip() + "…"):
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"
