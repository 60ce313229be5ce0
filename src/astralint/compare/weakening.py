"""What a change weakens: what is kept back, switched off or allowed that was not before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from astralint.compare.side import Side
from astralint.source.span import Span

if TYPE_CHECKING:
    from astralint.config.settings import RuleException, Settings
    from astralint.rules.finding import SuppressedFinding

WeakeningKind = Literal[
    "suppression", "exception", "baseline", "severity", "rule-off", "options", "vendor", "excluded", "contract"
]
SEVERITIES = ("off", "note", "warning", "error")


class Weakening(msgspec.Struct, frozen=True, order=True):
    """Something that a change weakens, as a sentence without a full stop; `span` is its place after the change."""

    kind: WeakeningKind
    text: str
    span: Span | None = None


def weakenings(before: Side, after: Side) -> tuple[Weakening, ...]:
    """Return what the change weakens, in stable order."""
    old, new = before.platform.settings, after.platform.settings
    found = [
        *_suppressions(before, after),
        *_exceptions(old, new),
        *_kept_back(before, after),
        *_severities(before, after),
        *_options(old, new),
        *_contracts(old, new),
        *_scope(old, new),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda item: (item.kind, item.text, str(item.span))))


def _suppressions(before: Side, after: Side) -> Iterator[Weakening]:
    known = {(file, rules, reason) for file, rules, reason, _ in _comments(before)}
    for file, rules, reason, span in _comments(after):
        if (file, rules, reason) not in known:
            names = ", ".join(f"`{rule}`" for rule in rules)
            yield Weakening("suppression", f"a new comment silences {names}: {reason}", span)


def _comments(side: Side) -> Iterator[tuple[str, tuple[str, ...], str, Span]]:
    from astralint.rules.suppressions import read_suppressions

    for file in side.files:
        source = side.platform.source(file)
        for suppression in read_suppressions(source) if source is not None and source.file.comments else ():
            if not suppression.problem:
                yield file, suppression.rules, suppression.reason, suppression.span


def _exceptions(old: Settings, new: Settings) -> Iterator[Weakening]:
    known = {(name, _content(exception)) for name, exception in _all_exceptions(old)}
    for name, exception in _all_exceptions(new):
        if (name, _content(exception)) not in known:
            yield Weakening("exception", f"a new exception from `{name}`: {exception.reason}", exception.span)


def _all_exceptions(settings: Settings) -> Iterator[tuple[str, RuleException]]:
    for rule in settings.rules:
        yield from ((rule.name, exception) for exception in rule.exceptions)
    for contract in settings.contracts:
        yield from ((f"{contract.type} {contract.title}", exception) for exception in contract.exceptions)


def _content(exception: RuleException) -> tuple[object, ...]:
    return exception.subjects, exception.accounts, exception.workspaces, exception.until


def _kept_back(before: Side, after: Side) -> Iterator[Weakening]:
    known = {_identity(item) for item in before.result.suppressed if item.by == "baseline"}
    for item in after.result.suppressed:
        if item.by == "baseline" and _identity(item) not in known:
            finding = item.finding
            text = f"a new entry of the baseline keeps `{finding.rule} {finding.name}` back: {finding.message}"
            yield Weakening("baseline", text, item.span or finding.primary.span)


def _identity(item: SuppressedFinding) -> tuple[str, str, str]:
    return item.finding.rule, item.finding.workspace, item.finding.subject


def _severities(before: Side, after: Side) -> Iterator[Weakening]:
    spans = {rule.name: rule.span for rule in after.platform.settings.rules}
    now = {rule.id: rule.severity for rule in after.result.rules}
    for rule in before.result.rules:
        span = spans.get(rule.id) or spans.get(rule.name)
        severity = now.get(rule.id)
        if severity is None:
            yield Weakening("rule-off", f"`{rule.id} {rule.name}` does not run any more", span)
        elif SEVERITIES.index(severity) < SEVERITIES.index(rule.severity):
            text = f"`{rule.id} {rule.name}` is of severity {severity}, it was of {rule.severity}"
            yield Weakening("severity", text, span)


def _options(old: Settings, new: Settings) -> Iterator[Weakening]:
    known = {rule.name: rule.options for rule in old.rules}
    now = {rule.name: rule for rule in new.rules}
    for name in sorted({*known, *now}):
        before, after = known.get(name, {}), now[name].options if name in now else {}
        for option in sorted({*before, *after}):
            if before.get(option) != after.get(option):
                span = now[name].option_spans.get(option, now[name].span) if name in now else None
                yield Weakening("options", f"the option `{option}` of `{name}` is another", span)


def _contracts(old: Settings, new: Settings) -> Iterator[Weakening]:
    now = {(contract.type, contract.title): contract for contract in new.contracts}
    for contract in old.contracts:
        called = f"the contract `{contract.title}`"
        after = now.get((contract.type, contract.title))
        if after is None:
            yield Weakening("contract", f"{called} is gone")
            continue
        was, is_ = contract.severity or "error", after.severity or "error"
        if is_ in SEVERITIES and was in SEVERITIES and SEVERITIES.index(is_) < SEVERITIES.index(was):
            yield Weakening("contract", f"{called} is of severity {is_}, it was of {was}", after.span)
        before_arguments = {name: argument.value for name, argument in contract.arguments.items()}
        if before_arguments != {name: argument.value for name, argument in after.arguments.items()}:
            yield Weakening("contract", f"{called} says something else", after.span)


def _scope(old: Settings, new: Settings) -> Iterator[Weakening]:
    for number in _new(old.vendor_accounts, new.vendor_accounts):
        yield Weakening("vendor", f"{number} ({new.vendor_accounts[number]}) counts as a vendor")
    for path in _new(old.excluded, new.excluded):
        yield Weakening("excluded", f"`{path}` is not looked at any more")
    for region in _new(old.platform.regions, new.platform.regions) if old.platform.regions else ():
        yield Weakening("options", f"the region {region} is allowed", new.platform.span)


def _new(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return sorted(set(new) - set(old))
