"""How the reports of each command are compared."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from scripts.revisions.changes import CHANGED, Change, Described, canonical, compare_lists, differing, without
from scripts.revisions.runs import Outcome
from scripts.revisions.values import compare_show

Data = dict[str, Any]

SAME_BYTES, SAME_DATA, DIFFERS, NO_REPORT = "same bytes", "same data", "differs", "no report"


def compare_outcomes(name: str, old: Outcome, new: Outcome) -> tuple[str, list[Change]]:
    """Return a verdict on the outputs of one command, and what differs.

    *Same data* is the same but for the version that a report names and the order of
    names in an object; no report is a difference only where one side has one, or each
    has another problem.
    """
    if old.problem or new.problem:
        if old.problem == new.problem:
            return NO_REPORT, []
        text = f"{old.problem or 'gave a report'} → {new.problem or 'gives a report'}"
        return NO_REPORT, [Change("commands", CHANGED, name, text)]
    changes = []
    if old.status != new.status:
        changes.append(Change("commands", CHANGED, name, f"status {old.status} → {new.status}"))
    if old.text == new.text:
        return (DIFFERS if changes else SAME_BYTES), changes
    try:
        before, after = without_version(old.data()), without_version(new.data())
    except ValueError as error:
        return NO_REPORT, [*changes, Change("commands", CHANGED, name, f"gave what is no JSON: {error}")]
    if canonical(before) == canonical(after):
        return (DIFFERS if changes else SAME_DATA), changes
    try:
        found = list(COMPARISONS[name](before, after))
    except (AttributeError, KeyError, TypeError, IndexError):
        # A report whose form changed is compared as JSON and no more.
        found = []
    if not found:
        found = [Change("anything else", CHANGED, name, text) for text in differing(before, after)]
    return DIFFERS, [*changes, *found]


def without_version(data: Data) -> Data:
    """Return a report without the version of astralint that wrote it."""
    data = copy.deepcopy(data)
    places = [data.get("tool"), data.get("graph"), *(run.get("tool", {}).get("driver") for run in data.get("runs", ()))]
    for place in places:
        if isinstance(place, dict):
            for name in ("version", "semanticVersion"):
                place.pop(name, None)
    return data


def compare_check(old: Data, new: Data) -> Iterator[Change]:
    """Yield the differences of two JSON reports."""
    for of, describe in _LISTS.items():
        yield from compare_lists(of, old.get(of, ()), new.get(of, ()), describe)
    counted = (*_LISTS, "summary")
    rest = differing(without(old, counted), without(new, counted), limit=20)
    yield from (Change("coverage", CHANGED, "check json", text) for text in rest)


def compare_sarif(old: Data, new: Data) -> Iterator[Change]:
    """Yield the differences of two SARIF reports."""
    olds, news = _parts_of_sarif(old), _parts_of_sarif(new)
    yield from compare_lists("SARIF results", olds[0], news[0], _sarif_result)
    yield from compare_lists("SARIF rules", olds[1], news[1], _sarif_rule)
    yield from (Change("anything else", CHANGED, "check sarif", text) for text in differing(olds[2], news[2]))


def compare_graph(level: str) -> Callable[[Data, Data], Iterator[Change]]:
    """Return what yields the differences of two graphs of a level."""

    def compare(old: Data, new: Data) -> Iterator[Change]:
        for of, describe in (("edges", _edge), ("nodes", _node)):
            yield from compare_lists(f"{of} ({level})", old.get(of, ()), new.get(of, ()), describe)
        rest = differing(without(old, ("edges", "nodes")), without(new, ("edges", "nodes")))
        yield from (Change("anything else", CHANGED, f"graph {level}", text) for text in rest)

    return compare


COMPARISONS: dict[str, Callable[[Data, Data], Iterator[Change]]] = {
    "check json": compare_check,
    "check sarif": compare_sarif,
    **{f"graph {level}": compare_graph(level) for level in ("account", "role", "resource")},
    "show": compare_show,
}


def _place(location: Data | None) -> str:
    return f"{location['file']}:{location['line']}" if location else "no place"


def _finding(finding: Data) -> Described:
    place = _place(finding["location"])
    # A rule that is renamed, or another that says the same, is the same finding changed.
    keys = (("fingerprint", finding["fingerprint"]), (place, finding["subject"], finding["message"]))
    return Described(f"{finding['rule']} {finding['name']}", keys, f"{place} {finding['message']}")


def _undecided(entry: Data) -> Described:
    text = f"{_place(entry['location'])} `{entry['subject']}`: {entry['reason']}"
    key = (entry["rule"], entry["subject"], entry["workspace"])
    return Described(f"{entry['rule']} {entry['name']}", (key,), text)


def _diagnostic(entry: Data) -> Described:
    place = _place(entry["location"])
    return Described(entry["code"], ((entry["code"], place),), f"{place} {entry['message']}")


def _silent(entry: Data) -> Described:
    return Described(f"{entry['rule']} {entry['name']}", (entry["rule"],), entry["reason"])


def _suppressed(entry: Data) -> Described:
    return _finding(entry["finding"])


_LISTS: dict[str, Callable[[Data], Described]] = {
    "findings": _finding,
    "undecided": _undecided,
    "diagnostics": _diagnostic,
    "suppressed": _suppressed,
    "silent": _silent,
}


def _parts_of_sarif(data: Data) -> tuple[list[Data], list[Data], Data]:
    """Return a report's results without the numbers of their rules, its rules, and all else."""
    data = copy.deepcopy(data)
    results, rules = [], []
    for run in data["runs"]:
        results += run.pop("results", [])
        rules += run["tool"]["driver"].pop("rules", [])
    for result in results:
        result.pop("ruleIndex", None)
    return results, rules, data


def _sarif_result(result: Data) -> Described:
    physical = result["locations"][0]["physicalLocation"] if result.get("locations") else {}
    place = f"{physical['artifactLocation']['uri']}:{physical['region']['startLine']}" if physical else "no place"
    text = result["message"]["text"]
    keys = (canonical(result.get("partialFingerprints")), (place, text))
    return Described(result["ruleId"], keys, f"{place} {text}")


def _sarif_rule(rule: Data) -> Described:
    return Described(rule["id"], (rule["id"],), str(rule.get("name")))


def _edge(edge: Data) -> Described:
    key = (edge["source"], edge["target"], edge["key"])
    return Described(edge["kind"], (key,), f"{edge['source']} → {edge['target']}")


def _node(node: Data) -> Described:
    return Described(node["kind"], (node["id"],), node["id"])
