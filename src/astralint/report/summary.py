"""The end of the terminal report: what was analysed, what could not be, and the totals."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from astralint.report.words import counted, listed, sentence, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from astralint.layouts.protocol import LayoutCoverage
    from astralint.report.context import ReportContext
    from astralint.report.files import Files
    from astralint.report.style import Style
    from astralint.rules.finding import CheckResult, Coverage, UndecidedSubject

_MAXIMUM_ITEMS = 10
_MAXIMUM_REMEDIES = 3
_NAMES = re.compile(r"`[^`]*`")

UNKNOWN = {
    "known-after-apply": "known only after apply",
    "data-source": "read from AWS by a data source",
    "variable-without-value": "a variable that has no value",
    "module-not-read": "a module that was not read",
    "remote-state-unmatched": "a remote state that no workspace keeps",
    "remote-state-output-missing": "an output that the remote state does not have",
    "layout-not-understood": "something that a tool lays out in a way that is not read",
    "account-number-not-known": "an account whose number is not in the code",
    "account-not-known": "an account that is not known",
    "organization-not-known": "an organization whose id is not in the configuration",
    "file-not-readable": "a file that is not there",
    "generated": "declared in files that a tool generates",
    "impure-function": "a function whose result depends on time, chance or machine",
    "provider-function": "a function that a provider runs",
    "error": "an expression that is in error",
    "limit": "a limit that was reached",
    "cycle": "values that need each other",
}
"""Why attributes are unknown, in words; other codes are shown as they are."""


def summary(result: CheckResult, context: ReportContext, files: Files, style: Style) -> Iterator[str]:
    """Return the rows behind the findings."""
    remarks = [
        *_not_understood(result.coverage.layouts, style),
        *_discovery(context, files, style),
        *_undecided(result.undecided, context, files, style),
        *_silent(result, style),
        *_suppressed(result, context, style),
        *_languages(result.coverage, style),
        *_blind_spots(result.coverage, files, style),
    ]
    if remarks:
        yield from remarks
        yield ""
    yield from closing(result, context, style)


def closing(result: CheckResult, context: ReportContext, style: Style) -> Iterator[str]:
    """Return the last rows: what was analysed, the totals, and what to do next."""
    for layout in result.coverage.layouts:
        if layout.name != "plain" or len(result.coverage.layouts) > 1:
            yield layout_line(layout)
    yield analysed(result.coverage, context.elapsed)
    yield _total(result, style)
    if result.findings:
        counts = Counter((_ORDER[finding.severity], finding.rule) for finding in result.findings)
        _, rule = min(counts, key=lambda key: (key[0], -counts[key], key[1]))
        yield _help(f"`astralint explain {sentence(rule)}` says why, and what is allowed", style)
    for remedy, number in result.coverage.remedies[:_MAXIMUM_REMEDIES]:
        yield _help(f"{sentence(remedy)} ({counted(number, 'unknown')})", style)


def _head(severity: str, text: str, style: Style) -> str:
    return style(severity, severity) + style("strong", f": {text}")


def _item(text: str, style: Style) -> str:
    return f"  {style('gutter', '=')} {text}"


def _help(text: str, style: Style) -> str:
    return _item(f"{style('help', 'help:')} {text}", style)


def _most(pairs: Sequence[tuple[str, int]], what: str, style: Style) -> Iterator[str]:
    """Return a row for each of the most frequent of (name, count)."""
    ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    for name, number in ordered[:_MAXIMUM_ITEMS]:
        yield _item(f"{number:,} × {sentence(name)}", style)
    if len(ordered) > _MAXIMUM_ITEMS:
        yield _item(f"and {counted(len(ordered) - _MAXIMUM_ITEMS, f'further {what}')}", style)


def _not_understood(layouts: Sequence[LayoutCoverage], style: Style) -> Iterator[str]:
    for layout in layouts:
        if not layout.understood:
            left = layout.units - layout.evaluated
            units = counted(left, f"{layout.unit} of {layout.title} is", f"{layout.unit}s of {layout.title} are")
            yield _head("warning", f"{units} not evaluated", style)
            yield _help(layout.help, style)


def _discovery(context: ReportContext, files: Files, style: Style) -> Iterator[str]:
    if context.discovery is None:
        return
    yield _head("note", f"{counted(len(context.discovery), 'directory', 'directories')} with Terraform files", style)
    for path, kind, reason in context.discovery:
        yield _item(f"{sentence(files.local_path(path))}: {kind}, {sentence(reason)}", style)


def layout_line(layout: LayoutCoverage) -> str:
    """Return how far a layout was understood, in one sentence."""
    line = f"{layout.title}: {counted(layout.units, layout.unit)}, {layout.evaluated:,} evaluated"
    left = layout.units - layout.evaluated
    if left:
        reasons = "; ".join(sentence(reason) for reason, _ in layout.undecided[:_MAXIMUM_ITEMS])
        line += f", {left:,} not" + (f": {reasons}" if reasons else "")
    return line + "."


def _undecided(
    undecided: Sequence[UndecidedSubject], context: ReportContext, files: Files, style: Style
) -> Iterator[str]:
    if not undecided:
        return
    verdicts = counted(len(undecided), "verdict is", "verdicts are")
    remedies = Counter(item.remedy for item in undecided if item.remedy)
    more = "; what would settle them:" if remedies else ""
    yield _head("note", f"{verdicts} undecided, because something is unknown{more}", style)
    if not context.show_undecided:
        told = [*remedies.items(), *_alike(item.reason for item in undecided if not item.remedy)]
        yield from _most(told, "reason", style)
        yield _help("`--show-undecided` lists them", style)
        return
    for remedy in (*sorted(remedies, key=lambda each: (-remedies[each], each)), ""):
        same = [item for item in undecided if item.remedy == remedy]
        if remedy:
            yield _item(f"{remedies[remedy]:,} × {sentence(remedy)}", style)
        yield from _by_reason(same, "    " if remedy else "  ", files, style)


def _alike(reasons: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield reasons with their counts, those together that differ only in the names that they speak of."""
    groups: dict[str, list[str]] = {}
    for reason in reasons:
        groups.setdefault(_NAMES.sub("`…`", reason), []).append(reason)
    for shape, same in groups.items():
        yield (same[0] if len(set(same)) == 1 else shape), len(same)


def _by_reason(items: Sequence[UndecidedSubject], indent: str, files: Files, style: Style) -> Iterator[str]:
    groups: dict[str, list[UndecidedSubject]] = {}
    for item in items:
        groups.setdefault(item.reason, []).append(item)
    for reason, same in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        first = same[0].span
        where = f" ({files.local_path(first.file)}:{first.line}:{first.column})" if first else ""
        yield f"{indent}{style('gutter', '=')} {len(same):,} × {sentence(reason)}{where}"
        for (rule, workspace), alike in sorted(_by_rule(same).items()):
            at = f" [{sentence(workspace)}]" if workspace else ""
            subjects = ", ".join(f"`{sentence(item.subject)}`" for item in alike)
            yield f"{indent}    {sentence(rule)} {subjects}{at}"


def _by_rule(items: Sequence[UndecidedSubject]) -> dict[tuple[str, str], list[UndecidedSubject]]:
    found: dict[tuple[str, str], list[UndecidedSubject]] = {}
    for item in items:
        found.setdefault((item.rule, item.workspace), []).append(item)
    return found


def _silent(result: CheckResult, style: Style) -> Iterator[str]:
    if not result.silent:
        return
    reasons: dict[str, list[str]] = {}
    for rule in result.silent:
        reasons.setdefault(rule.reason, []).append(rule.rule)
    yield _head("note", f"{counted(len(result.silent), 'rule is', 'rules are')} silent", style)
    for reason, rules in sorted(reasons.items()):
        yield _item(f"{sentence(reason)}: {', '.join(sentence(rule) for rule in rules)}", style)


def _suppressed(result: CheckResult, context: ReportContext, style: Style) -> Iterator[str]:
    if result.suppressed and not context.show_suppressed:
        number = counted(len(result.suppressed), "finding is", "findings are")
        yield _head("note", f"{number} suppressed", style)
        yield _help("`--show-suppressed` lists them", style)


def _names(names: Sequence[str]) -> str:
    shown = [f"`{sentence(name)}`" for name in names[:_MAXIMUM_ITEMS]]
    if len(names) > _MAXIMUM_ITEMS:
        shown.append(f"{len(names) - _MAXIMUM_ITEMS:,} more")
    return listed(shown)


def _languages(coverage: Coverage, style: Style) -> Iterator[str]:
    """Return which languages workspaces were evaluated as, where there are several; one is said in the last sentence."""
    if len(coverage.languages) > 1:
        yield _head("note", f"workspaces were evaluated as {len(coverage.languages)} versions", style)
        yield from _most(coverage.languages, "version", style)


def _blind_spots(coverage: Coverage, files: Files, style: Style) -> Iterator[str]:
    if coverage.workspaces_broken:
        number = counted(len(coverage.workspaces_broken), "workspace is", "workspaces are")
        yield _head("warning", f"{number} broken and only read in part: {_names(coverage.workspaces_broken)}", style)
    if coverage.modules_missing:
        calls = counted(sum(number for _, number in coverage.modules_missing), "module call was", "module calls were")
        yield _head("note", f"{calls} not read: their source is not on this machine", style)
        yield from _most(coverage.modules_missing, "source", style)
        yield _help("`terraform get` in the workspace fetches them", style)
    if coverage.unmapped_workspaces:
        number = counted(len(coverage.unmapped_workspaces), "workspace has", "workspaces have")
        yield _head("note", f"{number} no known account: {_names(coverage.unmapped_workspaces)}", style)
        yield _help("`astralint init` writes down which workspace belongs to which account", style)
    missed = coverage.remote_state_reads - coverage.remote_state_resolved
    if missed > 0:
        number = counted(missed, "read of remote state", "reads of remote state")
        yield _head("note", f"{number} fit no workspace of the platform", style)
        unmatched = [place for place in coverage.blind_places if place.kind == "remote-state"]
        for place in unmatched[:_MAXIMUM_ITEMS]:
            at = f" ({files.local_path(place.span.file)}:{place.span.line})" if place.span is not None else ""
            yield _item(f"`{sentence(place.name)}` of `{sentence(place.workspace)}`{at}", style)
        if len(unmatched) > _MAXIMUM_ITEMS:
            yield _item(f"and {counted(len(unmatched) - _MAXIMUM_ITEMS, 'further read')}", style)
    if coverage.unknown_reasons:
        number = counted(sum(number for _, number in coverage.unknown_reasons), "attribute is", "attributes are")
        yield _head("note", f"{number} unknown", style)
        worded = [(UNKNOWN.get(code, code), number) for code, number in coverage.unknown_reasons]
        yield from _most(worded, "reason", style)


def analysed(coverage: Coverage, elapsed: float | None = None) -> str:
    """Return what was analysed, in one sentence; with the seconds it took where they are given."""
    workspaces = counted(coverage.workspaces, "workspace")
    accounts = f" of {counted(len(coverage.accounts), 'account')}" if coverage.accounts else ""
    parts = [
        counted(coverage.files, "file"),
        counted(coverage.resources, "resource"),
        counted(coverage.data_sources, "data source"),
    ]
    if coverage.module_calls:
        parts.append(f"{coverage.modules_read:,} of {counted(coverage.module_calls, 'module call')}")
    if coverage.remote_state_reads:
        reads = counted(coverage.remote_state_reads, "read of remote state", "reads of remote state")
        parts.append(f"{coverage.remote_state_resolved:,} of {reads}")
    rules = counted(coverage.rules_run, "rule")
    time = f" in {elapsed:.1f} s" if elapsed is not None else ""
    language = f" as {coverage.languages[0][0]}" if len(coverage.languages) == 1 else ""
    return f"Analysed {workspaces}{accounts}{language} ({', '.join(parts)}) with {rules}{time}."


def _total(result: CheckResult, style: Style) -> str:
    counts = totals(result.findings)
    worst = min((finding.severity for finding in result.findings), default="help", key=_ORDER.__getitem__)
    remarks = [
        f"{number:,} {name}"
        for number, name in ((len(result.suppressed), "suppressed"), (len(result.undecided), "undecided"))
        if number
    ]
    broken = sum(diagnostic.broken or diagnostic.usage for diagnostic in result.diagnostics)
    if broken:
        remarks.append(counted(broken, "problem with the input", "problems with the input"))
    more = f" ({', '.join(remarks)})" if remarks else ""
    sentence_ = f"Found {counts}" if result.findings else "No findings"
    return style(worst, sentence_) + more + "."


_ORDER = {"error": 0, "warning": 1, "note": 2, "help": 3}
