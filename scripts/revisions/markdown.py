"""What came of it, as Markdown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scripts.revisions.changes import KINDS, Change
from scripts.revisions.reports import DIFFERS, NO_REPORT, SAME_BYTES, SAME_DATA
from scripts.revisions.runs import COMMANDS, Outcome
from scripts.revisions.trees import Tree

LISTED = 30
"""How many differences of a section are listed one by one."""
ORDER = ("commands", "findings", "edges", "values", "outputs", "instances", "workspaces", "undecided", "diagnostics")


@dataclass
class Compared:
    """What came of one tree: a verdict and both outcomes for each command, and what differs."""

    tree: Tree
    verdicts: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, tuple[Outcome, Outcome]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


def report(labels: tuple[str, str], compared: Sequence[Compared], left_out: Sequence[str], limit: float) -> str:
    """Return the whole report."""
    lines = ["# What changes", "", f"From {labels[0]} to {labels[1]}.", "", _summary(compared)]
    if left_out:
        lines += ["", f"Not looked at within {limit:.0f} s: {', '.join(left_out)}."]
    both = Counter(
        f"{name}: {old.problem}"
        for each in compared
        for name, (old, new) in each.outcomes.items()
        if old.problem and old.problem == new.problem
    )
    if both:
        lines += ["", "Without a report on either side:", ""]
        lines += [f"- {what} ({_trees(number)})" for what, number in sorted(both.items())]
    lines += _outputs(compared)
    by_section: defaultdict[str, list[tuple[str, Change]]] = defaultdict(list)
    for each in compared:
        for change in each.changes:
            by_section[change.of].append((each.tree.name, change))
    for section in sorted(by_section, key=_rank):
        lines += _section(section, by_section[section])
    lines += _time_and_memory(compared)
    return "\n".join(lines) + "\n"


def _rank(section: str) -> tuple[int, str]:
    first = section.partition(" ")[0]
    return (ORDER.index(first) if first in ORDER else len(ORDER)), section


def _summary(compared: Sequence[Compared]) -> str:
    counts = Counter(verdict for each in compared for verdict in each.verdicts.values())
    said = {
        SAME_BYTES: "the same bytes",
        SAME_DATA: "the same data in other bytes",
        DIFFERS: "different",
        NO_REPORT: "without a report on a side or both",
    }
    parts = ", ".join(f"{counts[verdict]} {text}" for verdict, text in said.items() if counts[verdict])
    return f"{_trees(len(compared))}, {counts.total()} outputs: {parts or 'none'}."


def _trees(number: int) -> str:
    return f"{number} tree" if number == 1 else f"{number} trees"


def _outputs(compared: Sequence[Compared]) -> Iterator[str]:
    rows = [each for each in compared if set(each.verdicts.values()) - {SAME_BYTES}]
    if not rows:
        return
    yield from ("", "## Outputs", "", "Trees whose outputs are not all the same bytes.", "")
    yield from _table(["tree", *COMMANDS], ([each.tree.name, *map(each.verdicts.get, COMMANDS)] for each in rows))


def _section(section: str, found: list[tuple[str, Change]]) -> Iterator[str]:
    kinds = [kind for kind in KINDS if any(change.kind == kind for _, change in found)]
    counts = Counter((change.group, change.kind) for _, change in found)
    yield from ("", f"## {section[0].upper()}{section[1:]}", "")
    groups = sorted({group for group, _ in counts})
    yield from _table(["", *kinds], ([group or "all", *(counts[group, kind] for kind in kinds)] for group in groups))
    yield ""
    places: defaultdict[Change, list[str]] = defaultdict(list)
    for tree, change in found:
        places[change].append(tree)
    listed = sorted(places, key=lambda change: (change.group, KINDS.index(change.kind), places[change], change.text))
    for change in listed[:LISTED]:
        where = ", ".join(places[change][:3])
        more = f" and {len(places[change]) - 3} more" if len(places[change]) > 3 else ""
        what = f"{change.kind}: {change.group}".rstrip(": ")
        yield f"- {what} in {where}{more}: {change.text}".replace("\n", "␤")
    if len(listed) > LISTED:
        yield f"- and {len(listed) - LISTED} more"


def _time_and_memory(compared: Sequence[Compared]) -> Iterator[str]:
    """Compare the processor's time, which other processes disturb least, and the largest process of each tree."""
    by_group: defaultdict[str, list[tuple[Outcome, Outcome]]] = defaultdict(list)
    for each in compared:
        for old, new in each.outcomes.values():
            if not old.problem and not new.problem:
                by_group[each.tree.of].append((old, new))
                by_group["all"].append((old, new))
    if not by_group:
        return
    yield from (
        "",
        "## Time and memory",
        "",
        "Processor time of all commands, and the peak of the largest process.",
        "",
    )
    names = ["all", *(name for name in by_group if name != "all")]
    header = ["trees", "CPU s before", "after", "ratio", "MB before", "after", "ratio"]
    yield from _table(header, ([name, *_figures(by_group[name])] for name in names))


def _figures(pairs: Sequence[tuple[Outcome, Outcome]]) -> Iterator[str]:
    cpu = [sum(pair[side].cpu for pair in pairs) for side in (0, 1)]
    memory = [max(pair[side].memory for pair in pairs) / 2**20 for side in (0, 1)]
    for (old, new), form in ((cpu, ".2f"), (memory, ".0f")):
        yield from (format(old, form), format(new, form), f"{new / old:.2f}" if old else "")


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"| --- |{' ---: |' * (len(header) - 1)}"
    for row in rows:
        yield f"| {' | '.join(str(cell if cell is not None else '').replace('|', chr(92) + '|') for cell in row)} |"
