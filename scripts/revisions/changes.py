"""What differs between two lists of a report: entries that appeared, vanished, or changed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

APPEARED, VANISHED, CHANGED = "appeared", "vanished", "changed"
BECAME_KNOWN, BECAME_UNKNOWN = "became known", "became unknown"
KINDS = (APPEARED, VANISHED, BECAME_KNOWN, BECAME_UNKNOWN, CHANGED)


@dataclass(frozen=True)
class Change:
    """One difference. `of` is what it is of (`findings`), `group` its rule, kind or type, `text` a line for people."""

    of: str
    kind: str
    group: str
    text: str


@dataclass(frozen=True)
class Described:
    """An entry of a list: its group, what makes it the same entry on the other side, best first, and a line of text."""

    group: str
    keys: tuple[Hashable, ...]
    text: str


def canonical(data: Any) -> str:
    """Return JSON that is the same text for the same data."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def compare_lists(
    of: str, old: Iterable[Any], new: Iterable[Any], describe: Callable[[Any], Described]
) -> Iterator[Change]:
    """Yield how the entries of a list differ, in whatever order they stand.

    Entries that are equal as a whole are none. Of the others, those with a common key
    are one entry that changed; the first key that pairs two decides.
    """
    olds, news = list(old), list(new)
    left = Counter(canonical(entry) for entry in olds)
    right = Counter(canonical(entry) for entry in news)
    gone = [(entry, describe(entry)) for entry in _without(olds, right)]
    come = [(entry, describe(entry)) for entry in _without(news, left)]
    longest = max((len(described.keys) for _, described in (*gone, *come)), default=0)
    paired: set[int] = set()
    for number in range(longest):
        waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
        for position, (_, described) in reversed(list(enumerate(come))):
            if position not in paired and number < len(described.keys):
                waiting[described.keys[number]].append(position)
        rest = []
        for pair in gone:
            found = waiting.get(pair[1].keys[number]) if number < len(pair[1].keys) else None
            if found:
                position = found.pop()
                paired.add(position)
                yield _changed(of, pair, come[position])
            else:
                rest.append(pair)
        gone = rest
    yield from (Change(of, VANISHED, described.group, described.text) for _, described in gone)
    for position, (_, described) in enumerate(come):
        if position not in paired:
            yield Change(of, APPEARED, described.group, described.text)


def differing(old: Any, new: Any, path: str = "", limit: int = 5) -> list[str]:
    """Return where two JSON documents differ: the first few places, with both values."""
    found: list[str] = []
    pending = [(path, old, new)]
    while pending and len(found) < limit:
        where, one, two = pending.pop()
        if canonical(one) == canonical(two):
            continue
        if isinstance(one, dict) and isinstance(two, dict):
            names = sorted({*one, *two}, reverse=True)
            pending += [(f"{where}.{name}".lstrip("."), one.get(name), two.get(name)) for name in names]
        elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
            pending += [(f"{where}[{i}]", a, b) for i, (a, b) in reversed(list(enumerate(zip(one, two, strict=True))))]
        else:
            found.append(f"{where or 'the document'}: {from_to(one, two)}")
    return found


def without(entry: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return an object without some of its members."""
    return {name: value for name, value in entry.items() if name not in set(names)}


def from_to(old: Any, new: Any) -> str:
    """Return both values as JSON, from where they differ if that is far on."""
    one, two = canonical(old), canonical(new)
    same = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    begin = same - 30 if same > 60 else 0
    before = "…" if begin else ""
    return " → ".join(f"{before}{_cut(text[begin:])}" for text in (one, two))


def _cut(text: str, limit: int = 100) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _without(entries: list[Any], others: Counter[str]) -> list[Any]:
    """Return the entries that the other side has not, as often as it has not."""
    left = Counter(others)
    kept = []
    for entry in entries:
        text = canonical(entry)
        if left[text]:
            left[text] -= 1
        else:
            kept.append(entry)
    return kept


def _changed(of: str, old: tuple[Any, Described], new: tuple[Any, Described]) -> Change:
    (before, was), (after, now) = old, new
    members = [name for name in sorted({*before, *after}) if canonical(before.get(name)) != canonical(after.get(name))]
    said = ", ".join(f"{name} {from_to(before.get(name), after.get(name))}" for name in members[:4])
    more = f" and {len(members) - 4} more" if len(members) > 4 else ""
    renamed = f" (was {was.group})" if was.group != now.group else ""
    return Change(of, CHANGED, now.group, f"{now.text}{renamed}: {said}{more}")
