"""What differs between two outputs of `show`: instances, and values that became known or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from scripts.revisions.changes import (
    APPEARED,
    BECAME_KNOWN,
    BECAME_UNKNOWN,
    CHANGED,
    VANISHED,
    Change,
    canonical,
    differing,
    from_to,
    without,
)

Data = dict[str, Any]
Leaves = dict[str, Any]
"""The values of an instance by their paths; NOT_KNOWN for what is not known."""
NOT_KNOWN = object()


def compare_show(old: Data, new: Data) -> Iterator[Change]:
    """Yield the differences of two reports of evaluated instances and outputs."""
    olds, news = ({each["name"]: each for each in report["workspaces"]} for report in (old, new))
    yield from _presence("workspaces", {name: ("", name) for name in olds}, {name: ("", name) for name in news})
    for name in (name for name in olds if name in news):
        yield from _instances(name, olds[name], news[name])
        yield from _outputs(name, olds[name]["outputs"], news[name]["outputs"])
        beside = ("resources", "outputs")
        rest = differing(without(olds[name], beside), without(news[name], beside))
        yield from (Change("workspaces", CHANGED, "", f"{name} {text}") for text in rest)


def leaves(values: Any, unknown: list[str]) -> Leaves:
    """Return the values in a value that hold no others, by path."""
    found: Leaves = {}
    pending = [("", values)]
    while pending:
        path, value = pending.pop()
        items = list(_items(value))
        if items:
            pending += [(f"{path}.{name}" if path else str(name), item) for name, item in items]
        elif path:
            found[path] = value
    # A null that stands for what is not known is none.
    found.update(dict.fromkeys(unknown, NOT_KNOWN))
    return found


def compare_leaves(old: Leaves, new: Leaves) -> Iterator[tuple[str, str, str]]:
    """Yield a kind of change, a path, and what to say of it.

    An unknown value in whose place known ones stand became known, as one.
    """
    parts_of_new = _covered(old, new)
    parts_of_old = _covered(new, old)
    for path in sorted({*old, *new}):
        if path in parts_of_new or path in parts_of_old:
            continue
        if path not in new:
            inner = any(other.startswith(f"{path}.") for other in new)
            yield (BECAME_KNOWN, path, "in parts") if old[path] is NOT_KNOWN and inner else (VANISHED, path, "")
        elif path not in old:
            inner = any(other.startswith(f"{path}.") for other in old)
            yield (BECAME_UNKNOWN, path, "as a whole") if new[path] is NOT_KNOWN and inner else (APPEARED, path, "")
        elif old[path] is NOT_KNOWN or new[path] is NOT_KNOWN:
            if new[path] is not NOT_KNOWN:
                yield BECAME_KNOWN, path, f"is {canonical(new[path])[:100]}"
            elif old[path] is not NOT_KNOWN:
                yield BECAME_UNKNOWN, path, f"was {canonical(old[path])[:100]}"
        elif canonical(old[path]) != canonical(new[path]):
            # As JSON, in which true is no 1.
            yield CHANGED, path, from_to(old[path], new[path])


def _items(value: object) -> Iterable[tuple[Any, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


def _covered(wholes: Leaves, parts: Leaves) -> set[str]:
    """Return the paths that lie within what is unknown as a whole on the other side."""
    unknown = [f"{path}." for path, value in wholes.items() if value is NOT_KNOWN and path not in parts]
    return {path for path in parts if path not in wholes and path.startswith(tuple(unknown))} if unknown else set()


def _presence(of: str, old: dict[Any, tuple[str, str]], new: dict[Any, tuple[str, str]]) -> Iterator[Change]:
    yield from (Change(of, VANISHED, *said) for key, said in old.items() if key not in new)
    yield from (Change(of, APPEARED, *said) for key, said in new.items() if key not in old)


def _instances(workspace: str, old: Data, new: Data) -> Iterator[Change]:
    olds, news = ({each["address"]: each for each in side["resources"]} for side in (old, new))
    before, after = (
        {address: (each["type"], f"{workspace} {address}") for address, each in side.items()} for side in (olds, news)
    )
    yield from _presence("instances", before, after)
    for address in (address for address in olds if address in news):
        one, two = olds[address], news[address]
        if canonical(one) == canonical(two):
            continue
        for kind, path, said in compare_leaves(
            leaves(one["values"], one["unknown"]), leaves(two["values"], two["unknown"])
        ):
            yield Change("values", kind, two["type"], f"{workspace} {address}.{path} {said}".rstrip())
        for text in differing(without(one, ("values", "unknown")), without(two, ("values", "unknown"))):
            yield Change("instances", CHANGED, two["type"], f"{workspace} {address} {text}")


def _outputs(workspace: str, old: Data, new: Data) -> Iterator[Change]:
    before, after = ({name: ("", f"{workspace} {name}") for name in side} for side in (old, new))
    yield from _presence("outputs", before, after)
    for name in (name for name in old if name in new and canonical(old[name]) != canonical(new[name])):
        was, now = bool(old[name].get("unknown")), bool(new[name].get("unknown"))
        kind = BECAME_KNOWN if was and not now else BECAME_UNKNOWN if now and not was else CHANGED
        said = "; ".join(differing(old[name], new[name], limit=3))
        yield Change("outputs", kind, "", f"{workspace} {name} {said}")
