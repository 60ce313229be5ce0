"""Figures: what share of all that exists is managed, by account and type and over time, and since when the rest is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from astralint.estate.estate import Estate
from astralint.inventory.judgement import Judge, Judged
from astralint.inventory.model import Inventory, Live

Key = tuple[str, str, str, str]


class Share(msgspec.Struct, frozen=True):
    """How much of something is managed. `left_out` is what nobody is expected to manage, and what belongs to something."""

    managed: int = 0
    unmanaged: int = 0
    undecided: int = 0
    left_out: int = 0

    @property
    def share(self) -> float | None:
        """The managed part of what is managed or not; None where there is nothing of either."""
        judged = self.managed + self.unmanaged
        return self.managed / judged if judged else None

    def __str__(self) -> str:
        share = "nothing to judge" if self.share is None else f"{self.share:.0%} managed"
        return (
            f"{share} ({self.managed:,} managed, {self.unmanaged:,} unmanaged, {self.undecided:,} undecided, "
            f"{self.left_out:,} left out)"
        )


class Statistics(msgspec.Struct, frozen=True):
    """All figures; `over_time` has the earlier inventories, by what states and code say now."""

    format_version: str = "1.0"
    accounts: dict[str, Share] = {}
    types: dict[str, Share] = {}
    over_time: dict[str, Share] = {}


def statistics(existing: Sequence[Judged], estate: Estate, inventories: Iterable[Inventory]) -> Statistics:
    """Return the figures of what exists; `inventories` are this and earlier ones."""
    over_time = {
        one.collected_at or "undated": _share(Judge(estate, one).judged())
        for one in sorted(inventories, key=lambda i: i.collected_at)
    }
    return Statistics(
        accounts=_by(existing, lambda one: one.account.name if one.account is not None else one.live.account),
        types=_by(existing, lambda one: one.live.type),
        over_time=over_time,
    )


def _by(existing: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, Share]:
    groups: dict[str, list[Judged]] = {}
    for one in existing:
        groups.setdefault(key(one), []).append(one)
    return {name: _share(found) for name, found in sorted(groups.items())}


def _share(existing: Iterable[Judged]) -> Share:
    counts = Counter(one.verdict for one in existing)
    return Share(counts["managed"], counts["unmanaged"], counts["undecided"], counts["excluded"] + counts["child"])


def key_of(live: Live) -> Key:
    """Return what something is recognized by in another inventory."""
    return live.account, live.region, live.type, live.id


def first_seen(inventory: Inventory, earlier: Iterable[Inventory]) -> Mapping[Key, str]:
    """Return when each thing was seen first: the time of the earliest inventory that has it."""
    found = {key_of(live): inventory.collected_at for live in inventory.resources}
    for one in earlier:
        for live in one.resources:
            key = key_of(live)
            if key in found and one.collected_at and (not found[key] or one.collected_at < found[key]):
                found[key] = one.collected_at
    return found


def markdown_table(figures: Statistics) -> str:
    """Return the figures as Markdown."""
    lines = ["", "| | managed | unmanaged | undecided | left out | share |", "|---|---:|---:|---:|---:|---:|"]
    for groups in (figures.accounts, figures.types, figures.over_time if len(figures.over_time) > 1 else {}):
        for name, one in groups.items():
            share = "" if one.share is None else f"{one.share:.0%}"
            safe = "".join(c if c.isalnum() or c in " -_./:" else f"&#{ord(c)};" for c in name).replace("_", "\\_")
            lines.append(f"| {safe} | {one.managed} | {one.unmanaged} | {one.undecided} | {one.left_out} | {share} |")
    return "\n".join(lines) + "\n"
