"""`rule`, `profile` and `contract` blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from astralint.config.entries import Argument, Entry
from astralint.config.paths import Paths
from astralint.config.problems import Problems
from astralint.config.schema import CONTRACTS
from astralint.config.settings import ContractArgument, ContractSettings, PathSeverity, RuleException, RuleSettings
from astralint.config.suggest import did_you_mean
from astralint.config.values import Converter, InvalidError
from astralint.source.diagnostic import Label
from astralint.source.span import Span

T = TypeVar("T")


class RuleReader:
    """Reads what the configuration says of rules. Whether they exist is for the rules layer to say."""

    def __init__(self, converter: Converter, paths: Paths, problems: Problems) -> None:
        self._convert = converter
        self._paths = paths
        self._problems = problems

    def _get(self, entry: Entry, name: str, convert: Callable[[Argument], T], default: T) -> T:
        argument = entry.arguments.get(name)
        if argument is None:
            return default
        try:
            return convert(argument)
        except InvalidError:
            return default

    def _unique(self, entries: Iterable[Entry], what: str) -> list[Entry]:
        first: dict[tuple[str, ...], Entry] = {}
        for entry in entries:
            known = first.setdefault(entry.labels, entry)
            if known is not entry:
                label = Label(known.name_span, "the first one is here")
                message = f"{what} `{entry.labels[-1]}` is declared twice"
                self._problems.error(f"duplicate-{what}", message, entry.name_span, labels=(label,))
        return list(first.values())

    def rules(self, entries: Iterable[Entry]) -> tuple[RuleSettings, ...]:
        """Return the settings of rules."""
        return tuple(self._rule(entry) for entry in self._unique(entries, "rule"))

    def profiles(self, entries: Iterable[Entry]) -> dict[str, tuple[RuleSettings, ...]]:
        """Return each profile's settings of rules."""
        return {entry.name: self.rules(entry.of("rule")) for entry in self._unique(entries, "profile")}

    def _rule(self, entry: Entry) -> RuleSettings:
        options: dict[str, object] = {}
        spans: dict[str, Span] = {}
        for name, argument in entry.arguments.items():
            if name == "severity":
                continue
            try:
                options[name] = self._convert.plain(argument)
            except InvalidError:
                continue
            spans[name] = argument.span()
        return RuleSettings(
            name=entry.name,
            span=entry.span,
            severity=self._get(entry, "severity", self._convert.severity, ""),
            options=options,
            exceptions=self._exceptions(entry),
            name_span=entry.name_span,
            option_spans=spans,
            paths=self._severities(entry),
        )

    def _severities(self, entry: Entry) -> tuple[PathSeverity, ...]:
        """Return the severities that are for some paths alone."""
        found: list[PathSeverity] = []
        for inner in self._unique(entry.of("path"), "path"):
            if "severity" not in inner.arguments:
                self._problems.error("missing-argument", f"path `{inner.name}` has no `severity`", inner.span)
                continue
            severity = self._get(inner, "severity", self._convert.severity, "")
            if severity == "off":
                message = "a rule is not switched off for a path"
                help_ = 'say why it does not hold there: `except "the reason" { workspaces = […] }`'
                self._problems.error("invalid-value", message, inner.arguments["severity"].span(), help_)
                continue
            try:
                paths = self._paths.below(inner.name, inner.name_span)
            except InvalidError:
                continue
            if severity:
                found.append(PathSeverity(paths, severity, inner.span))  # type: ignore[arg-type]
        return tuple(found)

    def _exceptions(self, entry: Entry) -> tuple[RuleException, ...]:
        read = (self._exception(inner) for inner in entry.of("except"))
        return tuple(exception for exception in read if exception is not None)

    def _exception(self, entry: Entry) -> RuleException | None:
        strings = self._convert.strings
        reason = entry.name or self._get(entry, "reason", self._convert.string, "")
        if entry.name and "reason" in entry.arguments:
            message = "this exception gives its reason twice"
            label = Label(entry.name_span, "it is the label already")
            self._problems.error("duplicate-argument", message, entry.arguments["reason"].name_span, labels=(label,))
        if not reason.strip():
            help_ = 'say why: `except "the reason" { … }`'
            self._problems.error("missing-argument", "this exception gives no reason", entry.span, help_)
            return None
        selectors = [name for name in ("subjects", "accounts", "workspaces") if name in entry.arguments]
        if not selectors:
            message = "this exception says nothing of what it is for"
            help_ = 'give it `subjects`, `accounts` or `workspaces`; `severity = "off"` switches a rule off'
            self._problems.error("missing-argument", message, entry.span, help_)
            return None
        return RuleException(
            subjects=self._get(entry, "subjects", strings, ()),
            reason=reason,
            span=entry.span,
            until=self._get(entry, "until", self._convert.date, ""),
            accounts=self._get(entry, "accounts", strings, ()),
            workspaces=self._get(entry, "workspaces", strings, ()),
        )

    def contracts(self, entries: Iterable[Entry]) -> tuple[ContractSettings, ...]:
        """Return the contracts whose type is known."""
        known: list[Entry] = []
        for entry in entries:
            if entry.name in CONTRACTS:
                known.append(entry)
                continue
            message = f"unknown contract type `{entry.name}`"
            self._problems.error("unknown-contract", message, entry.name_span, did_you_mean(entry.name, CONTRACTS))
        return tuple(self._contract(entry) for entry in self._unique(known, "contract"))

    def _contract(self, entry: Entry) -> ContractSettings:
        kinds = {**CONTRACTS[entry.name], "reason": ("string", False)}
        arguments: dict[str, ContractArgument] = {}
        for name, argument in entry.arguments.items():
            if name == "severity":
                continue
            if name not in kinds:
                message = f"unknown argument `{name}` in a `{entry.name}` contract"
                help_ = did_you_mean(name, [*kinds, "severity", "except", "path"])
                self._problems.error("unknown-argument", message, argument.name_span, help_)
                continue
            try:
                arguments[name] = self._contract_argument(kinds[name][0], argument)
            except InvalidError:
                continue
        missing = [name for name, (_, required) in kinds.items() if required and name not in entry.arguments]
        for name in missing:
            message = f"contract `{entry.labels[-1]}` has no `{name}`"
            self._problems.error("missing-argument", message, entry.span)
        return ContractSettings(
            type=entry.name,
            title=entry.labels[-1],
            span=entry.span,
            arguments=arguments,
            severity=self._get(entry, "severity", self._convert.severity, ""),
            exceptions=self._exceptions(entry),
            paths=self._severities(entry),
        )

    def _contract_argument(self, kind: str, argument: Argument) -> ContractArgument:
        convert = self._convert
        if kind in ("strings", "regions"):
            words = convert.elements(argument)
            if kind == "regions":
                convert.regions(argument)
            return ContractArgument([text for text, _ in words], argument.span(), tuple(words))
        if kind == "layers":
            return self._layers(argument)
        if kind == "mapping":
            convert.mapping(argument)
            return ContractArgument(convert.plain(argument), argument.span())
        value = convert.boolean(argument) if kind == "bool" else convert.string(argument)
        return ContractArgument(value, argument.span())

    def _layers(self, argument: Argument) -> ContractArgument:
        """Read a list of which each element is a string, or a list of strings that stand side by side."""
        value = self._convert.plain(argument)
        layers = [[layer] if isinstance(layer, str) else layer for layer in value] if isinstance(value, list) else []
        if not layers or not all(isinstance(n, str) for layer in layers for n in (layer or (None,))):
            message = f"`{argument.title}` must be a list of strings and of lists of strings"
            raise self._convert.fail("invalid-type", message, argument.span())
        words = []
        for at, (layer, written) in enumerate(zip(layers, value, strict=True)):
            for inner, name in enumerate(layer):
                words.append((name, argument.span(at) if isinstance(written, str) else argument.span(at, inner)))
        return ContractArgument(layers, argument.span(), tuple(words))
